"""Sealing: a passphrase becomes a key (Argon2id) that wraps a random data key; the data key seals and opens records.

Only this module imports `cryptography`. What belongs to a record besides its secret comes in as *associated data*: it
is not hidden, but a record opens only together with exactly the same.

A sealed text is nonce, ciphertext, tag.
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulktap.model.errors import JournalDamaged, WrongPassphrase
from bulktap.storage.passphrase_cost import STANDARD

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from bulktap.model.secret import Secret
    from bulktap.storage.passphrase_cost import KdfCost

KEY_BYTES: Final = 32  # AES-256
# Random nonces of 96 bits: one key may seal 2^32 records before two of them might meet (NIST SP 800-38D, section 8.3).
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16  # the longest that GCM has
SALT_BYTES: Final = 16  # RFC 9106, section 3.1


@dataclass(frozen=True, slots=True)
class KeySlot:
    """All that is needed, besides the passphrase, to get at the data key."""

    cost: KdfCost
    salt: bytes
    """Random, so that equal passphrases make different keys."""
    wrapped: bytes
    """The data key, sealed with the passphrase's key."""


class DataKey:
    """The key of one journal; it is random, lives in memory only, and seals every record."""

    __slots__ = ("_cipher", "_random_bytes")

    def __init__(self, cipher: AESGCM, random_bytes: Callable[[int], bytes]) -> None:
        self._cipher = cipher
        self._random_bytes = random_bytes

    def seal(self, secret: bytes, associated: bytes) -> bytes:
        """Encrypt and authenticate under a fresh nonce; `associated` is authenticated along with it."""
        nonce = self._random_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, associated)

    def open(self, sealed: bytes, associated: bytes) -> bytes | None:
        """Return what was sealed, or None if one byte of it or of `associated` is not as it was."""
        return _open(self._cipher, sealed, associated)


class PassphraseKey:
    """The key that the passphrase of a new journal becomes; made when it is first needed, or ahead.

    It depends on passphrase, salt and cost alone, and takes a third of a second, which can pass beside other work.
    """

    __slots__ = ("_future", "_passphrase", "cost", "salt")

    def __init__(
        self, passphrase: Secret, *, cost: KdfCost = STANDARD, random_bytes: Callable[[int], bytes] = os.urandom
    ) -> None:
        """Take the passphrase, what a guess at it is to cost, and what makes the salt.

        Raises:
            ValueError: the passphrase is empty.
        """
        if not passphrase:
            raise ValueError("an empty passphrase")
        self._passphrase = passphrase
        self._future: Future[bytes] | None = None
        self.cost = cost
        self.salt = random_bytes(SALT_BYTES)

    def made_ahead(self) -> PassphraseKey:
        """Begin to make it on another thread, and return it; whoever needs it first waits for it."""
        from concurrent.futures import ThreadPoolExecutor

        pool = ThreadPoolExecutor(1)
        self._future = pool.submit(_derived, self._passphrase, self.cost, self.salt)
        pool.shutdown(wait=False)
        return self

    def get(self) -> bytes:
        """Return it, waiting until it is made."""
        if self._future is not None:
            return self._future.result()
        return _derived(self._passphrase, self.cost, self.salt)


def new_data_key(
    passphrase: PassphraseKey, bound_to: bytes, random_bytes: Callable[[int], bytes]
) -> tuple[DataKey, bytes]:
    """Return a new random data key, and the same wrapped; `bound_to` must be given again to unwrap it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    key = random_bytes(KEY_BYTES)
    nonce = random_bytes(NONCE_BYTES)
    wrapping = AESGCM(passphrase.get())
    return DataKey(AESGCM(key), random_bytes), nonce + wrapping.encrypt(nonce, key, bound_to)


def unwrap_data_key(
    passphrase: Secret, slot: KeySlot, bound_to: bytes, random_bytes: Callable[[int], bytes]
) -> DataKey:
    """Return the data key.

    Raises:
        WrongPassphrase: this passphrase did not wrap it, or not together with `bound_to`.
        JournalDamaged: the cost is beyond what any bulktap would have written.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return DataKey(AESGCM(_key_in(slot, passphrase, bound_to)), random_bytes)


def rewrap_data_key(
    passphrase: Secret,
    slot: KeySlot,
    bound_to: bytes,
    new: Secret,
    new_slot: KeySlot,
    new_bound_to: bytes,
    random_bytes: Callable[[int], bytes],
) -> bytes:
    """Return the same data key, wrapped by another passphrase, at the cost and with the salt of the new slot.

    Raises:
        WrongPassphrase, JournalDamaged: see `unwrap_data_key`.
        ValueError: the new passphrase is empty.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not new:
        raise ValueError("an empty passphrase")
    key, nonce = _key_in(slot, passphrase, bound_to), random_bytes(NONCE_BYTES)
    return nonce + AESGCM(_derived(new, new_slot.cost, new_slot.salt)).encrypt(nonce, key, new_bound_to)


def _key_in(slot: KeySlot, passphrase: Secret, bound_to: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not slot.cost.is_acceptable:
        raise JournalDamaged(
            f"The journal's header asks for {slot.cost.memory_kib} KiB, {slot.cost.iterations} passes and "
            f"{slot.cost.lanes} lanes to check the passphrase, which bulktap never writes.",
            hint="Put the run folder back from a backup.",
        )
    key = _open(AESGCM(_derived(passphrase, slot.cost, slot.salt)), slot.wrapped, bound_to)
    if key is None or len(key) != KEY_BYTES:
        raise WrongPassphrase(
            "The passphrase does not open this run.",
            hint="Give the passphrase that the run was started with; capitals and spaces count.",
        )
    return key


def _open(cipher: AESGCM, sealed: bytes, associated: bytes) -> bytes | None:
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        return None
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], associated)
    except _invalid_tag():  # looked for only where something was raised: millions of records are opened
        return None


def _invalid_tag() -> type[Exception]:
    from cryptography.exceptions import InvalidTag

    return InvalidTag


def _derived(passphrase: Secret, cost: KdfCost, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    # The same word typed on a Mac and on Windows may arrive composed differently (Unicode annex 15).
    text = unicodedata.normalize("NFC", passphrase.reveal()).encode("utf-8", "surrogatepass")
    kdf = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    return kdf.derive(text)
