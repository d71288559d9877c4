"""A proxy on loopback that leads the names of Microsoft's services to the simulator, and everything else nowhere.

It knows `CONNECT` alone: what travels through it is the client's own TLS with the simulator, which has a certificate
for these names. So that a rehearsal cannot reach the cloud by a typo, no other host is connected to.
"""

from __future__ import annotations

import asyncio
import contextlib

GRAPH_HOSTS = frozenset({"graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us"})
SIGN_IN_HOSTS = frozenset({"login.microsoftonline.com", "login.microsoftonline.us", "login.windows.net"})
AZURE_HOSTS = frozenset({"management.azure.com"})
"""Azure itself, which azure-cli asks for subscriptions when it signs in."""
HOSTS = GRAPH_HOSTS | SIGN_IN_HOSTS | AZURE_HOSTS
"""The names that lead to the simulator."""
_HTTPS_PORT = 443
_LONGEST_HEAD = 16_384
_PIECE = 65_536
_PATIENCE = 30.0
"""Seconds within which a client must have said where it wants to go."""


class ConnectProxy:
    """One listener in front of one simulator."""

    def __init__(self, served_port: int) -> None:
        """Take the port of 127.0.0.1 at which the simulator serves."""
        self.url = ""
        self._served_port = served_port
        self._server: asyncio.Server | None = None
        self._tunnels: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one.

        Raises:
            OSError: the port is taken.
        """
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port, limit=_LONGEST_HEAD)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        """Stop listening, and end every tunnel."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for tunnel in list(self._tunnels):
            tunnel.cancel()
        await asyncio.gather(*self._tunnels, return_exceptions=True)
        for _ in range(3):
            await asyncio.sleep(0)  # an event loop that ends before it has closed a socket leaves it open

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tunnel = asyncio.current_task()
        if tunnel is not None:
            self._tunnels.add(tunnel)
            tunnel.add_done_callback(self._tunnels.discard)
        try:
            async with asyncio.timeout(_PATIENCE):
                head = await reader.readuntil(b"\r\n\r\n")
            refusal = self._refusal(head)
            if refusal is None:
                await self._tunnel(reader, writer)
            else:
                writer.write(refusal)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            pass  # whoever asked is gone, or never said what they want
        except asyncio.CancelledError:
            writer.transport.abort()  # what is still to be written need not be waited for
            raise
        finally:
            writer.close()

    def _refusal(self, head: bytes) -> bytes | None:
        """Return what is answered to a request that is not led to the simulator."""
        method, _blank, rest = head.decode("latin-1").partition("\r\n")[0].partition(" ")
        host, _colon, port = rest.partition(" ")[0].lower().rpartition(":")
        if method != "CONNECT":
            return _answer(
                "405 Method Not Allowed", "This proxy tunnels HTTPS: CONNECT is all that it knows.", "CONNECT"
            )
        if host in HOSTS and port == str(_HTTPS_PORT):
            return None
        if host in {"127.0.0.1", "localhost"} and port == str(self._served_port):
            return None
        return _answer("403 Forbidden", f"This proxy leads to a simulated tenant: {', '.join(sorted(HOSTS))}.")

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, onward = await asyncio.open_connection("127.0.0.1", self._served_port)
        try:
            writer.write(b"HTTP/1.1 200 Connection Established\r\n\r\n")
            async with asyncio.TaskGroup() as both:
                both.create_task(_pass_on(reader, onward))
                both.create_task(_pass_on(there, writer))
        except asyncio.CancelledError:
            onward.transport.abort()
            raise
        finally:
            onward.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hand on what comes, until one side has nothing more to say."""
    with contextlib.suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


def _answer(status: str, words: str, allowed: str = "") -> bytes:
    body = f"{words}\n".encode()
    allow = f"Allow: {allowed}\r\n" if allowed else ""
    about = f"Content-Type: text/plain\r\nContent-Length: {len(body)}\r\n{allow}Connection: close\r\n"
    return f"HTTP/1.1 {status}\r\n{about}\r\n".encode() + body
