"""Lanes: the connections that batches travel on; the other half of `client`, and like it a door of aiohttp's client.

Each batch in flight has a lane: one session with one connection. A lane whose connection has been idle for long may
have been dropped by the other side without our knowing, and the batch sent into it would be in doubt for nothing:
creates take only lanes that rested briefly. A lane that answered 503 is closed, because Microsoft asks for a new
connection after one. Neither rule can be had from aiohttp's shared pool, which takes a connection back before its
reply has been judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from types import SimpleNamespace

    import aiohttp

REST_BEFORE_CREATES = 12.0
"""Seconds that a connection may have been idle and still carry creates; the rule is 15, and the way takes time too."""
REST_BEFORE_READS = 60.0
"""Seconds that a connection may have been idle and still carry look-ups, which are simply asked again."""


@dataclass(slots=True)
class Lane:
    """One session with one connection."""

    session: aiohttp.ClientSession
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

    async def take(self, *, creates: bool) -> Lane:
        """Return a lane that may be used."""
        now = self._monotonic()
        limit = REST_BEFORE_CREATES if creates else REST_BEFORE_READS
        while self._resting:
            lane = self._resting.pop()  # the one that rested least
            if now - lane.rested_since <= limit:
                return lane
            await lane.session.close()
        return Lane(self._new_session(), now)

    async def give_back(self, lane: Lane, *, keep: bool) -> None:
        """Let a lane rest, or close it."""
        if keep:
            lane.rested_since = self._monotonic()
            self._resting.append(lane)
        else:
            await lane.session.close()

    async def close(self) -> None:
        """Close all lanes that rest."""
        while self._resting:
            await self._resting.pop().session.close()

    def _new_session(self) -> aiohttp.ClientSession:
        import aiohttp

        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_note_leaving)
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=1, ssl=self._context, keepalive_timeout=REST_BEFORE_READS),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(
                total=None, connect=self._connect_timeout, sock_connect=self._connect_timeout
            ),
            trace_configs=[trace],
            # The environment's proxy is read once by `trust`; aiohttp would read it, and .netrc, for every batch.
            trust_env=False,
        )


async def _note_leaving(
    _session: aiohttp.ClientSession, context: SimpleNamespace, _sent: aiohttp.TraceRequestHeadersSentParams
) -> None:
    attempt: Attempt = context.trace_request_ctx
    attempt.leaving = True
