"""ConnectionPool: the connections that batches travel on; with `client` the only module that imports aiohttp's client.

Each batch in flight has a connection of its own, in a session of its own. A connection that has been idle for long may
have been dropped by the other side without our knowing, and the batch sent into it would be in doubt for nothing:
creates take only connections that were idle briefly. One that answered 503 is closed, because Microsoft asks for a new
connection after one. Neither rule can be had from aiohttp's shared pool, which takes a connection back before its
reply has been judged.

Imports aiohttp as it is loaded: import this module where it is used.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    import ssl
    from asyncio.trsock import TransportSocket
    from collections.abc import Callable
    from types import SimpleNamespace

    from aiohttp.tracing import Trace

IDLE_BEFORE_CREATES = 12.0
"""Seconds that a connection may have been idle and still carry creates; the rule is 15, and the way takes time too.

The other side may have dropped one that rested for longer, and a create sent into it would be in doubt for nothing.
"""
IDLE_BEFORE_READS = 60.0
"""Seconds that a connection may have been idle and still carry look-ups, which are simply asked again."""
_ROUNDS_TO_CLOSE = 5
"""Rounds of the event loop in which connections whose handshake failed close themselves."""


class _SingleConnector(aiohttp.TCPConnector):
    """A connector that remembers its one connection, so that it can be cut."""

    transport: asyncio.Transport | None = None
    ends: TransportSocket | None = None

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - the method is aiohttp's, whose client passes `timeout=` by name and keeps to it
    ) -> aiohttp.connector.Connection:
        """Connect, and remember the connection."""
        connection = await super().connect(req, traces, timeout)
        self.transport = connection.transport
        self.ends = self.transport.get_extra_info("socket") if self.transport is not None else None
        return connection

    def cut(self) -> None:
        """End the connection; a TLS goodbye to a peer that may be gone would keep it open for half a minute."""
        if self.transport is not None:
            self.transport.abort()
        if self.ends is not None:
            with contextlib.suppress(OSError):
                # asyncio's TLS transport ignores the abort when it was closed twice before, as aiohttp does after
                # an answer that is not HTTP.
                self.ends.shutdown(socket.SHUT_RDWR)


@dataclass(slots=True)
class Connection:
    """One session with one connection."""

    session: aiohttp.ClientSession
    connector: _SingleConnector
    idle_since: float


@dataclass(slots=True)
class RequestTrace:
    """What is known about one request while it is under way; handed over as aiohttp's `trace_request_ctx`."""

    may_have_left: bool = False
    """True if its first byte may have left this computer."""


class ConnectionPool:
    """The idle connections, and new ones when there is none."""

    def __init__(self, context: ssl.SSLContext, connect_timeout: float, monotonic: Callable[[], float]) -> None:
        self._context = context
        self._connect_timeout = connect_timeout
        self._monotonic = monotonic
        self._idle: list[Connection] = []
        self._ended: list[Connection] = []

    async def take(self, *, creates: bool) -> Connection:
        """Return a connection that may be used."""
        await self._tidy()
        now = self._monotonic()
        longest_idle = IDLE_BEFORE_CREATES if creates else IDLE_BEFORE_READS
        taken: Connection | None = None
        while self._idle and taken is None:
            connection = self._idle.pop()  # the one that was idle for the shortest time
            if now - connection.idle_since <= longest_idle:
                taken = connection
            else:
                self.give_back(connection, keep=False)
        return taken or self._new_connection(now)

    def give_back(self, connection: Connection, *, keep: bool) -> None:
        """Keep a connection, or end it; never waits, because the caller holds a reply that must not be lost."""
        if keep:
            connection.idle_since = self._monotonic()
            self._idle.append(connection)
        else:
            connection.connector.cut()
            self._ended.append(connection)

    async def close(self) -> None:
        """End all idle connections."""
        self._ended += self._idle
        self._idle.clear()
        await self._tidy()
        for _ in range(_ROUNDS_TO_CLOSE):
            await asyncio.sleep(0)

    async def _tidy(self) -> None:
        while self._ended:
            connection = self._ended.pop()
            connection.connector.cut()
            await connection.session.close()

    def _new_connection(self, now: float) -> Connection:
        connector = _SingleConnector(limit=1, ssl=self._context, keepalive_timeout=IDLE_BEFORE_READS)
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_note_departure)
        session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(
                total=None, connect=self._connect_timeout, sock_connect=self._connect_timeout
            ),
            trace_configs=[trace],
            # The environment's proxy is read once by `trust`; aiohttp would read it, and .netrc, for every batch.
            trust_env=False,
        )
        return Connection(session, connector, now)


async def _note_departure(
    _session: aiohttp.ClientSession, context: SimpleNamespace, _sent: aiohttp.TraceRequestHeadersSentParams
) -> None:
    trace: RequestTrace = context.trace_request_ctx
    trace.may_have_left = True
