"""The key that a cloud signs its tokens with: one for all its tenants, as the real platform's, new in each process."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from bulktap.simulator.web_tokens import WebToken, encode_bytes, encode_segment

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key with the certificate that names it."""

    key: RSAPrivateKey = field(repr=False)
    certificate: Certificate
    key_id: str
    """SHA-1 of the certificate: the header's `kid` and `x5t`."""

    def sign(self, claims: dict[str, Any]) -> str:
        """Return a token with these claims."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        header = {"typ": "JWT", "alg": "RS256", "x5t": self.key_id, "kid": self.key_id}
        signed = f"{encode_segment(header)}.{encode_segment(claims)}"
        return f"{signed}.{encode_bytes(self.key.sign(signed.encode(), PKCS1v15(), SHA256()))}"

    def names(self, token: WebToken) -> bool:
        """Tell whether a token says that this key signed it."""
        return token.header.get("kid") == self.key_id or token.header.get("x5t") == self.key_id

    def signed(self, token: WebToken) -> bool:
        """Tell whether this key did sign a token."""
        return token.is_signed_by(self.key.public_key())

    def document(self) -> dict[str, Any]:
        """Return what the keys' address tells (RFC 7517)."""
        from cryptography.hazmat.primitives.serialization import Encoding

        numbers = self.key.public_key().public_numbers()
        one = {
            "kty": "RSA",
            "use": "sig",
            "kid": self.key_id,
            "x5t": self.key_id,
            "n": encode_bytes(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
            "e": encode_bytes(numbers.e.to_bytes(3, "big")),
            "x5c": [base64.b64encode(self.certificate.public_bytes(Encoding.DER)).decode()],
        }
        return {"keys": [one]}


@cache
def signing_key() -> SigningKey:
    """Return this process's key; it is made when the first token is."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509.oid import NameOID

    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "accounts.accesscontrol.windows.net")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=5 * 365))
        .sign(key, SHA256())
    )
    # SHA-1 is how the header names a certificate; nothing rests on its strength.
    thumbprint = hashlib.sha1(certificate.public_bytes(Encoding.DER), usedforsecurity=False).digest()
    return SigningKey(key, certificate, encode_bytes(thumbprint))
