"""Certificates, tokens and machines that tests sign in with."""

from __future__ import annotations

import base64
import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from bulktap.graph.clouds import default_scope
from bulktap.graph.sign_in import SignInEndpoint, TokenSource
from bulktap.graph.trust import Network
from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import seed_tenant

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping

    from bulktap.graph.sign_in import Credentials
    from bulktap.simulator.registration import FederatedCredential

NOW = datetime.now(UTC)
OPERATOR = "admin@contoso.com"


class Keypair:
    """A key with its certificate, issued by itself or by another."""

    def __init__(
        self,
        name: str = "bulktap",
        issuer: Keypair | None = None,
        *,
        begins: timedelta = timedelta(days=-1),
        ends: timedelta = timedelta(days=30),
        elliptic: bool = False,
    ) -> None:
        self.key: Any = ec.generate_private_key(ec.SECP256R1()) if elliptic else rsa.generate_private_key(65537, 2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW + begins)
            .not_valid_after(NOW + ends)
            .sign(issuer.key if issuer else self.key, hashes.SHA256())
        )

    @property
    def public(self) -> str:
        """The certificate, PEM."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def public_key(self) -> str:
        """The public key, PEM."""
        key = self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return str(key.decode())

    def private(self, password: str = "", form: PrivateFormat = PrivateFormat.PKCS8) -> str:
        """The private key, PEM."""
        lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        return str(self.key.private_bytes(Encoding.PEM, form, lock).decode())

    def pfx(self, password: str = "", *others: Keypair) -> bytes:
        """Key and certificates, PKCS #12."""
        lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        chain = [one.certificate for one in others]
        return pkcs12.serialize_key_and_certificates(b"bulktap", self.key, self.certificate, chain, lock)

    @property
    def thumbprint(self) -> str:
        """How the header of what it signs names the certificate, in the newer form."""
        digest = self.certificate.fingerprint(hashes.SHA256())
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def token(self, claims: Mapping[str, object], **header: str) -> str:
        """A token with these claims, signed."""
        parts = [
            base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
            for part in ({"alg": "RS256", "typ": "JWT", **header}, claims)
        ]
        signature = self.key.sign(".".join(parts).encode(), padding.PKCS1v15(), hashes.SHA256())
        return ".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=").decode()])


@contextmanager
def tenant_with(
    *, certificates: tuple[str, ...] = (), federated: tuple[FederatedCredential, ...] = (), operator: str | None = None
) -> Iterator[EmbeddedSimulator]:
    """Serve a tenant whose app may sign in so."""
    from bulktap.simulator.tenant_file import SeedUser

    tenant = seed_tenant([SeedUser(OPERATOR), SeedUser("student01@contoso.com")])
    tenant.registration = replace(
        tenant.registration, certificates=certificates, federated=federated, operator=operator
    )
    with EmbeddedSimulator(tenant, SimulatorOptions(device_interval=0)) as running:
        yield running


def tokens_of(credentials: Credentials, service: EmbeddedSimulator) -> TokenSource:
    """Return what asks that tenant for tokens."""
    scope = default_scope(service.graph_url)
    endpoint = SignInEndpoint(service.authority_url, scope, Network(service.ca_file))
    return TokenSource(credentials, endpoint, sleep=lambda _seconds: None)


@contextmanager
def listening(answer: Any) -> Iterator[str]:
    """Serve plain HTTP on this machine; `answer` gets path, query and headers and returns a status and an object."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            status, body = answer(parts.path, parse_qs(parts.query), self.headers)
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with serving(Handler) as root:
        yield root


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Answer plain HTTP on this machine, or HTTPS by this context, and yield the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http{'' if tls is None else 's'}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
