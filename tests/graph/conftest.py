"""A real HTTPS service on loopback that behaves as a test tells it, and a proxy that tunnels to it."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import json
import socketserver
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PROXY_VARIABLES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")


@dataclass(frozen=True)
class Certificate:
    """A certificate that is its own authority."""

    bundle: Path
    """PEM: what a client has to trust."""
    key: Path
    """PEM: the private key."""


@dataclass(frozen=True)
class SeenRequest:
    """A request as it arrived."""

    connection: int
    """Which connection it came over, counted from 1."""
    method: str
    target: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = field(repr=False)

    def json(self) -> object:
        """Return the decoded body."""
        return json.loads(self.body)


Behaviour = Callable[[SeenRequest, asyncio.StreamWriter], Awaitable[None]]


class Service:
    """Runs in a thread of its own; each request takes the next behaviour, the last one stays."""

    def __init__(self, certificate: Certificate | None) -> None:
        self.requests: list[SeenRequest] = []
        self.behaviours: list[Behaviour] = [self.reply(200, {"responses": []})]
        self.tunnel_to: int | None = None
        self._connections = 0
        self._certificate = certificate
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self._ready.wait(60)

    @property
    def url(self) -> str:
        """Root of the service."""
        return f"https://localhost:{self.port}"

    def behave(self, *behaviours: Behaviour) -> None:
        """Set what the coming requests meet with."""
        self.behaviours = list(behaviours)

    def reply(
        self, status: int, body: object, headers: Mapping[str, str] | None = None, *, length: int | None = None
    ) -> Behaviour:
        """Answer like a server; `length` claims another length than the body has, and then hangs up."""
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = [f"HTTP/1.1 {status} Told so", f"Content-Length: {length if length is not None else len(payload)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]

        async def behave(_request: SeenRequest, writer: asyncio.StreamWriter) -> None:
            writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + payload)
            if length is not None:
                await writer.drain()
                writer.close()

        return behave

    def answer_batch(self, status: int = 201, body: object = None, **headers: str) -> Behaviour:
        """Answer every step of a batch alike."""

        async def behave(request: SeenRequest, writer: asyncio.StreamWriter) -> None:
            document = json.loads(request.body)
            items = [{"id": step["id"], "status": status, "headers": {}, "body": body} for step in document["requests"]]
            await self.reply(200, {"responses": items}, headers)(request, writer)

        return behave

    def reset(self) -> Behaviour:
        """Cut the connection without a word."""

        async def behave(_request: SeenRequest, writer: asyncio.StreamWriter) -> None:
            writer.transport.abort()

        return behave

    def other_protocol(self) -> Behaviour:
        """Greet as a program that speaks something else than HTTP."""

        async def behave(_request: SeenRequest, writer: asyncio.StreamWriter) -> None:
            writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
            await writer.drain()
            writer.close()

        return behave

    def silence(self) -> Behaviour:
        """Never answer."""

        async def behave(_request: SeenRequest, _writer: asyncio.StreamWriter) -> None:
            return None

        return behave

    def close(self) -> None:
        """Stop serving."""
        if self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        context = None
        if self._certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificate.bundle, self._certificate.key)
        server = self._loop.run_until_complete(asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=context))
        self.port: int = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(_end_all())
        self._loop.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        connection = self._connections
        try:
            while (request := await self._read(reader, connection)) is not None:
                self.requests.append(request)
                if request.method == "CONNECT" and self.tunnel_to is not None:
                    await self._tunnel(reader, writer)
                    return
                behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
                await behaviour(request, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # cancelled when the service ends
        finally:
            writer.transport.abort()

    async def _read(self, reader: asyncio.StreamReader, connection: int) -> SeenRequest | None:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").strip().split("\r\n")
        method, target, _version = first.split(" ", 2)
        headers = {
            name.strip().lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        return SeenRequest(connection, method, target, headers, body)

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.tunnel_to)
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))


async def _end_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for _ in range(5):  # transports close themselves in the loop's next rounds
        await asyncio.sleep(0)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.transport.abort()


def make_certificate(
    folder: Path,
    hosts: tuple[str, ...] = ("localhost", "graph.contoso.com", "login.contoso.com"),
    begins: dt.timedelta = -dt.timedelta(days=1),
    ends: dt.timedelta = dt.timedelta(days=1),
) -> Certificate:
    """Write a fresh certificate for these hosts, by default localhost and two pretend ones, valid now."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName(host) for host in hosts]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
        .add_extension(
            x509.SubjectAlternativeName(
                [*names, *([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))] if "localhost" in hosts else [])]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    bundle, key_file = folder / "bundle.pem", folder / "key.pem"
    bundle.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return Certificate(bundle, key_file)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """What the service shows."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="session")
def other_certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """An authority that has nothing to do with the service."""
    return make_certificate(tmp_path_factory.mktemp("other"))


@contextmanager
def plain_http_server() -> Iterator[int]:
    """Serve, on the port that comes out, something that answers a TLS handshake in plain HTTP."""

    class Answer(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            self.request.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with socketserver.TCPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join(10)


class Wrong(NamedTuple):
    """A way to Microsoft that does not work."""

    url: str
    """Where it is asked for."""
    bundle: Path | None
    """What the client trusts; None leaves it to the environment."""


@pytest.fixture
def wrong_way(
    request: pytest.FixtureRequest,
    certificate: Certificate,
    other_certificate: Certificate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Wrong]:
    """The way that the test's parameter names, set up for real on loopback."""
    kind: str = request.param
    shown: Certificate | None = certificate
    if kind == "expired":
        shown = make_certificate(tmp_path, begins=-dt.timedelta(days=9), ends=-dt.timedelta(days=2))
    elif kind == "not valid yet":
        shown = make_certificate(tmp_path, begins=dt.timedelta(days=2), ends=dt.timedelta(days=9))
    elif kind == "other host":
        shown = make_certificate(tmp_path, hosts=("mail.fabrikam.com",))
    elif kind.startswith("proxy "):
        shown = None
    service = Service(shown)
    url, bundle = service.url, other_certificate.bundle if kind == "untrusted" else (shown or certificate).bundle
    pages = {
        "login page": service.reply(200, b"<html>Sign in to the guest network</html>", {"Content-Type": "text/html"}),
        "blocked": service.reply(403, b"<html>Blocked by policy</html>", {"Content-Type": "text/html"}),
        "redirect": service.reply(302, b"", {"Location": "https://login.fabrikam.com/"}),
        "proxy wants a password": service.reply(407, {}),
        "proxy forbids": service.reply(403, {}),
        "cut": service.reset(),
        "proxy breaks down": service.reply(502, {}),
        "proxy that is none": service.other_protocol(),
        "proxy cuts": service.reset(),
        "broken": service.reply(500, {}),
    }
    service.behave(pages.get(kind, service.reply(200, {})))
    port = service.port
    if kind in {"closed port", "proxy closed"}:
        service.close()
    if kind.startswith("proxy "):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        url = "https://graph.contoso.com"
    if kind == "no such name":
        url = "https://graph.contoso.invalid"
    with plain_http_server() if kind == "no TLS" else nullcontext(port) as port:
        yield Wrong(url if kind != "no TLS" else f"https://localhost:{port}", bundle)
    service.close()


@pytest.fixture
def service(certificate: Certificate) -> Iterator[Service]:
    """A service over TLS."""
    service = Service(certificate)
    yield service
    service.close()


@pytest.fixture
def proxy(service: Service) -> Iterator[Service]:
    """A plain HTTP proxy that tunnels everything to the service."""
    proxy = Service(None)
    proxy.tunnel_to = service.port
    yield proxy
    proxy.close()


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin every test without proxies and bundles from the machine that runs it."""
    for name in (*PROXY_VARIABLES, "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSLKEYLOGFILE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
