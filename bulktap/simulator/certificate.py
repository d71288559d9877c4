"""A throw-away certificate for loopback.

The certificate is signed by an authority that exists for one moment: its key is forgotten as soon as it has signed, and
its certificate is what clients are given to trust. The server's own key is in memory, and for as long as `ssl` needs to
load it in a private temporary file: the standard library reads keys from files only.
"""

from __future__ import annotations

import os
import ssl
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from bulktap.simulator.held_files import once_let_go

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class LoopbackCertificate:
    """What a server needs to speak HTTPS on loopback, and what a client needs to believe it."""

    context: ssl.SSLContext = field(repr=False)
    """For the server."""
    ca_pem: str
    """For the client: the certificate to trust."""


def make_certificate(names: Sequence[str] = ()) -> LoopbackCertificate:
    """Make a certificate for `localhost`, `127.0.0.1` and `::1`, valid for thirty days by this machine's clock.

    Args:
        names: of other hosts that it is to be good for too.
    """
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _sign("Simulated tenant authority", authority_key, None, authority_key)
    server = _sign("localhost", server_key, authority, authority_key, ("localhost", *names))
    key_pem = server_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _load(context, key_pem + server.public_bytes(Encoding.PEM))
    return LoopbackCertificate(context, authority.public_bytes(Encoding.PEM).decode())


def _load(context: ssl.SSLContext, pem: bytes) -> None:
    descriptor, name = tempfile.mkstemp(suffix=".pem")  # private to the user from the start
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        context.load_cert_chain(name)
    finally:
        once_let_go(Path(name).unlink)


def _sign(
    name: str,
    key: EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: EllipticCurvePrivateKey,
    hosts: Sequence[str] = (),
) -> x509.Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    is_authority = issuer is None
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=0 if is_authority else None), critical=True)
        .add_extension(_key_usage(is_authority=is_authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if not is_authority:
        names = [*map(x509.DNSName, hosts), *(x509.IPAddress(ip_address(ip)) for ip in ("127.0.0.1", "::1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(issuer_key, SHA256())


def _key_usage(*, is_authority: bool) -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
