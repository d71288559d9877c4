"""Lanes: the connections that batches travel on; the other half of `client`, and like it a door of aiohttp's client.

Each batch in flight has a lane: one session with one connection. A lane whose connection has been idle for long may
have been dropped by the other side without our knowing, and the batch sent into it would be in doubt for nothing:
creates take only lanes that rested briefly. A lane that answered 503 is closed, because Microsoft asks for a new
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

REST_BEFORE_CREATES = 12.0
"""Seconds that a connection may have been idle and still carry creates; the rule is 15, and the way takes time too."""
REST_BEFORE_READS = 60.0
"""Seconds that a connection may have been idle and still carry look-ups, which are simply asked again."""


_ROUNDS_TO_CLOSE = 5
"""Rounds of the event loop in which connections whose handshake failed close themselves."""


class _LaneConnector(aiohttp.TCPConnector):
    """A connector that remembers its one connection, so that it can be cut."""

    transport: asyncio.Transport | None = None
    ends: TransportSocket | None = None

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - overrides a method that aiohttp calls with `timeout=`
    ) -> aiohttp.connector.Connection:
        """Connect as ever."""
        connection = await super().connect(req, traces, timeout)
        self.transport = connection.transport
        self.ends = self.transport.get_extra_info("socket") if self.transport is not None else None
        return connection

    def cut(self) -> None:
        """End the connection; a goodbye to a peer that may be gone would keep it open for half a minute."""
        if self.transport is not None:
            self.transport.abort()
        if self.ends is not None:
            with contextlib.suppress(OSError):
                # asyncio's TLS transport ignores the abort when it was closed twice before, as aiohttp does after
                # an answer that is not HTTP.
                self.ends.shutdown(socket.SHUT_RDWR)


@dataclass(slots=True)
class Lane:
    """One session with one connection."""

    session: aiohttp.ClientSession
    connector: _LaneConnector
    rested_since: float


@dataclass(slots=True)
class Attempt:
    """What is known about one request while it is under way; handed over as aiohttp's `trace_request_ctx`."""

    leaving: bool = False
    """Whether its first byte may have left this computer."""


class Lanes:
    """The lanes that rest, and new ones when none does."""

    def __init__(self, context: ssl.SSLContext, connect_timeout: float, monotonic: Callable[[], float]) -> None:
        self._context = context
        self._connect_timeout = connect_timeout
        self._monotonic = monotonic
        self._resting: list[Lane] = []
        self._ended: list[Lane] = []

    async def take(self, *, creates: bool) -> Lane:
        """Return a lane that may be used."""
        await self._tidy()
        now = self._monotonic()
        limit = REST_BEFORE_CREATES if creates else REST_BEFORE_READS
        taken: Lane | None = None
        while self._resting and taken is None:
            lane = self._resting.pop()  # the one that rested least
            if now - lane.rested_since <= limit:
                taken = lane
            else:
                self.give_back(lane, keep=False)
        return taken or self._new_lane(now)

    def give_back(self, lane: Lane, *, keep: bool) -> None:
        """Let a lane rest, or end it; never waits, because a reply is in the caller's hands that must not be lost."""
        if keep:
            lane.rested_since = self._monotonic()
            self._resting.append(lane)
        else:
            lane.connector.cut()
            self._ended.append(lane)

    async def close(self) -> None:
        """End all lanes that rest."""
        self._ended += self._resting
        self._resting.clear()
        await self._tidy()
        for _ in range(_ROUNDS_TO_CLOSE):
            await asyncio.sleep(0)

    async def _tidy(self) -> None:
        while self._ended:
            lane = self._ended.pop()
            lane.connector.cut()
            await lane.session.close()

    def _new_lane(self, now: float) -> Lane:
        connector = _LaneConnector(limit=1, ssl=self._context, keepalive_timeout=REST_BEFORE_READS)
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_note_leaving)
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
        return Lane(session, connector, now)


async def _note_leaving(
    _session: aiohttp.ClientSession, context: SimpleNamespace, _sent: aiohttp.TraceRequestHeadersSentParams
) -> None:
    attempt: Attempt = context.trace_request_ctx
    attempt.leaving = True
