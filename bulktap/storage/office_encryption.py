"""Workbook bytes into a password-protected Office file, and back; in memory only.

The only module that imports msoffcrypto. What it writes is ECMA-376 agile encryption ([MS-OFFCRYPTO] 2.3.4.10 to
2.3.4.15): AES-256 in CBC mode by segments of 4,096 bytes, a key that SHA-512 draws from the passphrase, and an HMAC
over the whole. Excel and LibreOffice open it by asking for the password. Of the 256 bits of the file's own key the
library draws 128 at random and pads the rest, so it is as hard to guess as a 128-bit key.
"""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from hashlib import sha512
from typing import TYPE_CHECKING, Any, Final

from bulktap.model.errors import Locked, UsageError, WrongPassphrase
from bulktap.model.setting_names import Command
from bulktap.storage.passphrase_cost import SPIN_COUNT
from bulktap.storage.passphrase_rules import typed
from bulktap.storage.password_hash import SALT_BYTES, PasswordHash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.model.secret import Secret

_KEY_BYTES: Final = 32
_VERIFIER_INPUT: Final = bytes.fromhex("fea7d2763b4b9e79")
_VERIFIER_VALUE: Final = bytes.fromhex("d7aa0f6d3061344e")
_KEY_VALUE: Final = bytes.fromhex("146e0be7abacd0d6")
_SMALLEST = 4_096  # up to here msoffcrypto 6 puts the package where readers do not look for it


class WorkbookKey:
    """A passphrase that workbooks are encrypted with: its hash is made once for all of them."""

    __slots__ = ("_hash", "passphrase")

    def __init__(self, passphrase: Secret, *, spin_count: int = SPIN_COUNT) -> None:
        """Take the passphrase; what cannot protect a workbook is refused when one is encrypted."""
        self.passphrase = passphrase
        self._hash = PasswordHash(lambda: typed(passphrase), spin_count)

    def made_ahead(self) -> WorkbookKey:
        """Begin to make the hash on another thread, and return the key; whoever needs it first waits for it."""
        self._hash.make_ahead()
        return self

    def encrypt(self, data: bytes) -> bytes:
        """Return the workbook as an encrypted Office file that the passphrase opens, typed as it is.

        A passphrase that can be written in two ways (é as one character or as two) counts as the composed one, NFC,
        which is what keyboards produce.

        Raises:
            UsageError: the passphrase is empty, longer than Excel accepts, or holds what cannot be typed.
            ValueError: the data is smaller than any workbook is.
        """
        from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted
        from msoffcrypto.method.ecma376_agile import ECMA376Agile

        hashed = self._hash.get()
        if len(data) <= _SMALLEST:
            raise ValueError("too small to be a workbook")
        # A password that nobody knows and no rounds: what the library draws from these is replaced by `_lock`.
        info, key = ECMA376Agile.generate_encryption_parameters(os.urandom(32).hex(), self._hash.salt, 0)
        _lock(info, key, hashed)
        info.spinCount = self._hash.rounds
        content = ECMA376Agile.encrypt_payload(io.BytesIO(data), info.encryptedKey, key, info.keyData.saltValue)
        header = ECMA376Agile.get_encryption_information(info, content, key)
        target = io.BytesIO()
        ECMA376Encrypted(content, header).write_to(target)
        return target.getvalue()


def _lock(info: Any, key: bytes, hashed: bytes) -> None:
    """Put the content's key into the header, and what tells a right password from a wrong one (2.3.4.13)."""
    verifier, salt = os.urandom(SALT_BYTES), info.encryptedKey.saltValue
    info.encryptedVerifierHashInput = _sealed(verifier, hashed + _VERIFIER_INPUT, salt)
    info.encryptedVerifierHashValue = _sealed(sha512(verifier).digest(), hashed + _VERIFIER_VALUE, salt)
    info.encryptedKeyValue = _sealed(key, hashed + _KEY_VALUE, salt)


def _sealed(plain: bytes, source: bytes, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    encryptor = Cipher(algorithms.AES(sha512(source).digest()[:_KEY_BYTES]), modes.CBC(salt)).encryptor()
    return encryptor.update(plain) + encryptor.finalize()


def decrypt_workbook(data: bytes, passphrase: Secret) -> bytes:
    """Return the workbook inside an encrypted Office file, its integrity checked.

    Raises:
        WrongPassphrase: the passphrase does not open it, or cannot be one.
        Locked: the data is no encrypted workbook, or was changed after it was written.
    """
    from msoffcrypto.exceptions import InvalidKeyError
    from msoffcrypto.format.ooxml import OOXMLFile

    try:
        password = typed(passphrase)
    except UsageError:
        raise WrongPassphrase("the passphrase does not open this workbook") from None
    workbook = io.BytesIO()
    with _damage_is_said():
        file = OOXMLFile(io.BytesIO(data))
        if not file.is_encrypted():
            raise Locked("the file is not an encrypted workbook")
        try:
            file.load_key(password=password, verify_password=True)
        except InvalidKeyError:
            raise WrongPassphrase("the passphrase does not open this workbook") from None
        file.decrypt(workbook, verify_integrity=True)
    return workbook.getvalue()


@contextmanager
def _damage_is_said() -> Iterator[None]:
    """Say of everything that msoffcrypto stumbles over that the file is damaged."""
    try:
        yield
    except Locked:
        raise
    # None of them may travel on, for they can hold what was decrypted so far.
    except Exception:  # noqa: BLE001 - msoffcrypto names no errors for damage: olefile, expat, struct, base64 and cryptography each raise their own, by which byte is wrong
        raise _damaged() from None


def _damaged() -> Locked:
    return Locked("the file is no encrypted workbook, or was damaged after it was written",
                  hint=f"Write it again from the journal with {Command.RESULTS}.")  # fmt: skip
