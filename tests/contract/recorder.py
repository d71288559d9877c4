"""What stands between a client and the pretend tenant, and remembers every request to Microsoft Graph.

It answers over HTTPS with a certificate of its own and passes on whatever it gets, as it came. The pretend tenant is
told to write its links to next pages with the recorder's address, so that clients come back here.
"""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar, Self

import urllib3
from contract.exchange import Exchange, body_of, by_lower_name

from bulktap.simulator.certificate import make_certificate

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from bulktap.simulator.embedded import EmbeddedSimulator

_ROOT = "/v1.0"
_OF_ONE_CONNECTION = frozenset({"connection", "transfer-encoding", "content-length", "host", "keep-alive"})


class Recorder:
    """A reverse proxy in a thread of its own, as a context manager."""

    def __init__(self, simulator: EmbeddedSimulator) -> None:
        """Stand in front of a running simulator."""
        certificate = make_certificate()
        self.ca_pem = certificate.ca_pem
        self.exchanges: list[Exchange] = []
        """Requests on their own, and batches with each of their steps behind them, in the order of their replies."""
        self.rewrite: Callable[[bytes], bytes] = lambda raw: raw
        """What is done to a reply's body on its way to the client; nothing, unless a test wants it spoilt."""
        self._upstream = urllib3.PoolManager(ca_certs=str(simulator.ca_file), maxsize=8, retries=False)
        self._upstream_url = simulator.url
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"recorder": self}))
        # The handshake belongs to the connection's own thread.
        self._server.socket = certificate.context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.url = f"https://127.0.0.1:{self._server.server_address[1]}"
        tenant, links = simulator.tenant, f"{self.url}{_ROOT}/"
        simulator.ask(lambda: setattr(tenant, "graph_root", links))

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._upstream.clear()

    def of(self, operation: str) -> list[Exchange]:
        """Return what was recorded of one operation."""
        return [one for one in self.exchanges if one.operation == operation]

    def pass_on(
        self, method: str, path: str, headers: dict[str, str], raw: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """Ask the pretend tenant, remember what was said, and return status, headers and body."""
        passed = {name: text for name, text in headers.items() if name.lower() not in _OF_ONE_CONNECTION}
        passed["Accept-Encoding"] = "identity"
        reply = self._upstream.request(
            method, f"{self._upstream_url}{path}", body=raw or None, headers=passed, redirect=False
        )
        if path.startswith(f"{_ROOT}/"):
            exchange = Exchange(
                method,
                path.removeprefix(_ROOT),
                reply.status,
                by_lower_name(headers.items()),
                body_of(raw),
                by_lower_name(reply.headers.items()),
                body_of(reply.data),
                any(name.lower() == "authorization" and text.startswith("Bearer ") for name, text in headers.items()),
            )
            self.exchanges += [exchange, *exchange.steps()]
        return reply.status, list(reply.headers.items()), self.rewrite(reply.data)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # clients keep their connections open

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that hangs up."""


class _Handler(BaseHTTPRequestHandler):
    recorder: ClassVar[Recorder]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Pass it on, and the answer back."""
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        status, headers, body = self.recorder.pass_on(self.command, self.path, dict(self.headers.items()), raw)
        self.send_response_only(status)
        for name, text in headers:
            if name.lower() not in _OF_ONE_CONNECTION:
                self.send_header(name, text)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """The same."""
        self.do_GET()

    def do_PATCH(self) -> None:
        """The same."""
        self.do_GET()

    def do_PUT(self) -> None:
        """The same."""
        self.do_GET()

    def do_DELETE(self) -> None:
        """The same."""
        self.do_GET()

    def log_message(self, *_args: object) -> None:
        """Keep the terminal clean."""
