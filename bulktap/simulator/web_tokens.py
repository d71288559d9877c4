"""JSON web tokens: put together, taken apart, and their signatures made and verified (RFC 7515, RFC 7519)."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes


@dataclass(frozen=True, slots=True)
class WebToken:
    """A token that was taken apart; nothing is verified by that."""

    header: dict[str, Any]
    claims: dict[str, Any]
    signed: bytes = field(repr=False)
    """What the signature covers."""
    signature: bytes = field(repr=False)

    def text_of(self, claim: str) -> str:
        """Return a claim that is a text; empty where it is not told, or is none."""
        told = self.claims.get(claim)
        return told if isinstance(told, str) else ""

    def is_signed_by(self, key: PublicKeyTypes) -> bool:
        """Tell whether this key's owner signed the token: RSA with SHA-256, in either padding."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import padding, rsa
        from cryptography.hazmat.primitives.hashes import SHA256

        pss = padding.PSS(padding.MGF1(SHA256()), padding.PSS.DIGEST_LENGTH)
        scheme = {"RS256": padding.PKCS1v15(), "PS256": pss}.get(str(self.header.get("alg")))
        if scheme is None or not isinstance(key, rsa.RSAPublicKey):
            return False
        try:
            key.verify(self.signature, self.signed, scheme, SHA256())
        except InvalidSignature:
            return False
        return True


def read_web_token(text: str) -> WebToken | None:
    """Take a token apart; None if it is none."""
    try:
        head, payload, signature = text.split(".")
        return WebToken(_load(head), _load(payload), f"{head}.{payload}".encode(), decode_segment(signature))
    except (ValueError, RecursionError):
        return None


def encode_segment(value: dict[str, Any]) -> str:
    """Return an object as one segment of a token."""
    return encode_bytes(json.dumps(value, separators=(",", ":")).encode())


def encode_bytes(value: bytes) -> str:
    """Return bytes in the alphabet that is fit for addresses, without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decode_segment(segment: str) -> bytes:
    """Return the bytes of a segment.

    Raises:
        ValueError: it is none.
    """
    try:
        return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except binascii.Error as error:
        raise ValueError("not a segment of a token") from error


def _load(segment: str) -> dict[str, Any]:
    value = json.loads(decode_segment(segment))
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value
