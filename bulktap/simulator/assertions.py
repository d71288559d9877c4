"""Client assertions: proof, signed with a certificate's key, of being the application (RFC 7523)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def read_assertion(assertion: str, certificates: Sequence[str]) -> dict[str, Any] | None:
    """Return the claims of an assertion that one of the certificates (PEM texts) signed; None if none of them did."""
    from cryptography.exceptions import InvalidSignature

    try:
        head, payload, signature = assertion.split(".")
        header, claims, signed = _load(head), _load(payload), _decode(signature)
    except (ValueError, binascii.Error):
        return None
    certificate = _find_certificate(header, certificates)
    if certificate is None:
        return None
    try:
        _verify(certificate.public_key(), str(header.get("alg")), signed, f"{head}.{payload}".encode())
    except (InvalidSignature, ValueError):
        return None
    return claims


def issuer_of(assertion: str) -> str:
    """Return who an assertion says has made it, unverified; empty where it does not say."""
    try:
        claims = _load(assertion.split(".")[1])
    except (ValueError, IndexError, binascii.Error):
        return ""
    return str(claims.get("iss", ""))


def read_signed(token: str, public_key: str) -> dict[str, Any] | None:
    """Return the claims of a token that the key (PEM) signed; None if it did not."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        head, payload, signature = token.split(".")
        header, claims, signed = _load(head), _load(payload), _decode(signature)
        key = load_pem_public_key(public_key.encode())
        _verify(key, str(header.get("alg")), signed, f"{head}.{payload}".encode())
    except (InvalidSignature, ValueError, binascii.Error):
        return None
    return claims


def encode_segment(value: dict[str, Any]) -> str:
    """Return an object as one segment of a JSON web token."""
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=").decode()


def _find_certificate(header: dict[str, Any], certificates: Sequence[str]) -> Any:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    for pem in certificates:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        der = certificate.public_bytes(Encoding.DER)
        # SHA-1 is how the older form of the header names a certificate; nothing rests on its strength.
        for name, digest in (("x5t#S256", hashlib.sha256(der)), ("x5t", hashlib.sha1(der, usedforsecurity=False))):
            told = header.get(name)
            if isinstance(told, str) and hmac.compare_digest(_decode_or_nothing(told), digest.digest()):
                return certificate
    return None


def _verify(key: Any, algorithm: str, signature: bytes, signed: bytes) -> None:
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("only RSA certificates can sign an assertion")
    if algorithm == "RS256":
        key.verify(signature, signed, padding.PKCS1v15(), SHA256())
    elif algorithm == "PS256":
        key.verify(signature, signed, padding.PSS(padding.MGF1(SHA256()), padding.PSS.DIGEST_LENGTH), SHA256())
    else:
        raise ValueError(f"unknown algorithm: {algorithm}")


def _load(segment: str) -> dict[str, Any]:
    value = json.loads(_decode(segment))
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _decode(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def _decode_or_nothing(segment: str) -> bytes:
    try:
        return _decode(segment)
    except (ValueError, binascii.Error):
        return b""
