"""Certificates to sign in with: read from PEM or PFX, checked before anything is sent.

Microsoft's page on certificate credentials: the assertion is signed with the certificate's RSA key, and names the
certificate by its thumbprint, or carries it with its chain (`x5c`) where the app trusts subject name and issuer.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bulktap.graph.sign_in.token_cache import unprotected
from bulktap.model.errors import UsageError
from bulktap.model.plain_text import marked_encoding
from bulktap.model.secret import Secret
from bulktap.model.setting_names import Setting
from bulktap.storage.named_files import PIPE_PATIENCE, start_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

_MOST_BYTES = 1_000_000
_BEGIN = b"-----BEGIN "
PROTECTED = ".dpapi"
"""How the names of files end that Windows encrypts for one user."""


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """A certificate with its private key."""

    private_key: Secret
    """PEM, PKCS #8, not encrypted."""
    chain: tuple[str, ...]
    """PEM texts: the certificate, then whoever vouches for it, as far as the file holds them."""
    thumbprint: str
    """SHA-1 in capital hexadecimal, as the app registration's page shows it."""
    subject: str
    expires_at: datetime


def read_certificate(
    path: Path, password: Secret | None, now: datetime, patience: float = PIPE_PATIENCE
) -> ClientCertificate:
    """Return the certificate and the key in a file.

    Args:
        path: a PEM file that holds both, or a PFX (PKCS #12) file.
        password: opens the file, where it is protected.
        now: the time, which has to lie within the certificate's.
        patience: seconds that a pipe is waited for.

    Raises:
        UsageError: it cannot be read or opened, something is missing in it, or it is not valid now.
    """
    try:
        data = start_of(path, _MOST_BYTES + 1, patience)
    except OSError as error:
        raise UsageError(
            f"The certificate {path} cannot be read: {error.strerror or error}.",
            hint=f"Check {Setting.CERTIFICATE}: a PEM or PFX file with certificate and private key.",
        ) from None
    if len(data) > _MOST_BYTES:
        raise UsageError(f"The certificate {path} is larger than a certificate.", hint="Name a PEM or PFX file.")
    if (encoding := marked_encoding(data)) != "utf-8":
        data = data.decode(encoding, "replace").encode()
    if path.suffix == PROTECTED:
        data = unprotected(path, data).reveal().encode()
    key, certificates = (_from_pem if _BEGIN in data else _from_pfx)(path, data, password)
    return _checked(path, key, certificates, now)


def _from_pem(path: Path, data: bytes, password: Secret | None) -> tuple[Any, Sequence[Any]]:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if b"PRIVATE KEY-----" not in data:
        raise _without_key(path)
    if b"-----BEGIN CERTIFICATE-----" not in data:
        raise UsageError(
            f"The file {path} holds a private key, but not its certificate.",
            hint="Append the PEM text of the certificate (-----BEGIN CERTIFICATE-----) to the file.",
        )
    part = _key_part(path, data)
    is_locked = b"ENCRYPTED" in part[: part.find(b"-----END ")]
    key = _opened(path, password, lambda secret: load_pem_private_key(part, secret), is_locked=is_locked)
    try:
        return key, x509.load_pem_x509_certificates(data)
    except ValueError:
        raise _unreadable(path) from None


def _from_pfx(path: Path, data: bytes, password: Secret | None) -> tuple[Any, Sequence[Any]]:
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

    if _is_certificate(data):
        raise _without_key(path)
    key, certificate, others = _opened(path, password, lambda secret: load_key_and_certificates(data, secret))
    if key is None or certificate is None:
        what = "no private key" if key is None else "no certificate for its private key"
        raise UsageError(
            f"The certificate {path} has {what} in it.",
            hint='Export it again as PFX, with "Yes, export the private key".',
        )
    return key, [certificate, *others]


def _is_certificate(data: bytes) -> bool:
    """Whether this is a certificate in DER: the public half, as it was uploaded for the app."""
    from cryptography.x509 import load_der_x509_certificate

    try:
        load_der_x509_certificate(data)
    except ValueError:
        return False
    return True


def _without_key(path: Path) -> UsageError:
    return UsageError(
        f"The certificate {path} has no private key in it, so that nobody can sign with it.",
        hint="Append the PEM text of the key to the file, or export the certificate as PFX with its private key.",
    )


def _key_part(path: Path, data: bytes) -> bytes:
    """Return the private key's lines: what stands before them may be of any kind.

    Raises:
        UsageError: their beginning is cut off.
    """
    begin = data.find(_BEGIN, max(0, data.rfind(b"\n", 0, data.index(b"PRIVATE KEY-----")) - 1))
    if begin < 0:
        raise _unreadable(path)
    return data[begin:]


def _opened(path: Path, password: Secret | None, opening: Any, *, is_locked: bool = False) -> Any:
    wrong = "The password does not open" if password else "There is a password on"
    hint = f"Set {Setting.CERTIFICATE_PASSWORD} to the file's password."
    try:
        return opening(password.reveal().encode() if password else None)
    except TypeError:
        if password is None:
            raise UsageError(f"{wrong} the certificate {path}.", hint=hint) from None
        # A password was given for a key that has none: it is not needed.
        return _opened(path, None, opening)
    except ValueError as error:
        # OpenSSL's "Invalid password or PKCS12 data", and "bad decrypt" for PEM; but of a few hundred wrong passwords
        # one makes of a PEM's key something that could be a key, until it is read.
        if (password is not None and is_locked) or any(
            word in str(error).casefold() for word in ("password", "decrypt", "mac")
        ):
            if password is not None:
                with suppress(ValueError, TypeError):  # perhaps there is none on it, as above
                    return opening(None)
            raise UsageError(f"{wrong} the certificate {path}.", hint=hint) from None
        raise _unreadable(path) from None
    except Exception as error:
        if type(error).__name__ in {"UnsupportedAlgorithm", "InternalError"}:
            raise _unreadable(path) from None
        raise


def _unreadable(path: Path) -> UsageError:
    return UsageError(
        f"The file {path} is neither a PEM nor a PFX certificate that can be read.",
        hint="Export it again: PEM with -----BEGIN CERTIFICATE----- and -----BEGIN PRIVATE KEY-----, or PFX.",
    )


def _checked(path: Path, key: Any, certificates: Sequence[Any], now: datetime) -> ClientCertificate:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    if not isinstance(key, RSAPrivateKey):
        raise UsageError(
            f"The key of the certificate {path} is not an RSA key; Microsoft Entra takes no other.",
            hint="Make a certificate with an RSA key of 2048 bits or more.",
        )
    own = key.public_key().public_numbers()
    mine = next((one for one in certificates if _numbers(one) == own), None)
    if mine is None:
        raise UsageError(
            f"The private key in {path} does not belong to the certificate in it.",
            hint="Put the certificate and its own key into the file.",
        )
    _require_valid_now(path, mine, now)
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
    chain = tuple(one.public_bytes(Encoding.PEM).decode("ascii") for one in [mine, *_others(certificates, mine)])
    # SHA-1 is how the platform's older header names a certificate; nothing rests on its strength.
    thumbprint = hashlib.sha1(mine.public_bytes(Encoding.DER), usedforsecurity=False).hexdigest().upper()
    return ClientCertificate(Secret(text), chain, thumbprint, mine.subject.rfc4514_string(), mine.not_valid_after_utc)


def _others(certificates: Sequence[Any], mine: Any) -> list[Any]:
    return [one for one in certificates if one is not mine]


def _numbers(certificate: Any) -> Any:
    key = certificate.public_key()
    numbers = getattr(key, "public_numbers", None)
    return numbers() if numbers else None


def _require_valid_now(path: Path, certificate: Any, now: datetime) -> None:
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now > end:
        raise UsageError(
            f"The certificate {path} expired on {end:%Y-%m-%d}.",
            hint="Make a new certificate, upload it to the app registration, and name the new file.",
        )
    if now < begin:
        raise UsageError(
            f"The certificate {path} is not valid before {begin:%Y-%m-%d %H:%M} UTC.",
            hint="Check the clock of this computer, or wait until then.",
        )
