"""A certificate to sign in with, made on this computer: nobody else ever has its private key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from datetime import datetime

_BITS = 3072
"""NIST SP 800-57, part 1: good beyond 2030; Microsoft Entra takes RSA of 2048 bits and more."""
_EXPONENT = 65_537
_LIFETIME = timedelta(days=365)
_CLOCK_SKEW = timedelta(minutes=5)
"""By so much the sign-in service's clock may be behind this computer's."""


@dataclass(frozen=True, slots=True)
class NewCertificate:
    """A certificate with its key, as texts."""

    private: Secret
    """PEM: the key, then the certificate."""
    public: str
    """PEM: the certificate alone, which is uploaded."""


def make_certificate(name: str, now: datetime) -> NewCertificate:
    """Return a certificate for a year, issued by itself, with a key that was not there before.

    Args:
        name: its common name, at most 64 characters (RFC 5280, upper bounds).
        now: when its year begins.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    key = generate_private_key(_EXPONENT, _BITS)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    begins = now.replace(microsecond=0) - _CLOCK_SKEW
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + _LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    public = certificate.public_bytes(Encoding.PEM).decode("ascii")
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
    return NewCertificate(Secret(private + public), public)
