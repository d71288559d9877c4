"""GraphClient: post one batch, and say what became of it; only this module and `connections` import aiohttp's client.

It never repeats anything. aiohttp would repeat only idempotent methods on a connection that turns out to be dead,
and a batch is a POST; redirects are not followed.

**Not sent or in doubt.** aiohttp reports the moment before a request's first byte is handed to an open connection.
A failure before that moment (name, connection, proxy, TLS) is `NotSent`; every failure after it is `Doubtful`,
whatever its type. So is a reply that cannot be read.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from bulktap.graph.batch import encode_batch
from bulktap.graph.connection_failures import ConnectionFailure, explain_failure, network_hint, proxy_refused
from bulktap.graph.replies import (
    Answered,
    BatchReply,
    Doubtful,
    EnvelopeRefused,
    NotSent,
    RawReply,
    Throttled,
    Unauthorized,
    Unavailable,
    read_reply,
)
from bulktap.graph.trust import proxy_for, require_https, tls_context
from bulktap.model.errors import UsageError
from bulktap.model.setting_names import Setting
from bulktap.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from bulktap.graph.batch import BatchStep
    from bulktap.graph.connections import Connection, RequestTrace
    from bulktap.graph.trust import Network
    from bulktap.model.secret import Secret

__all__ = [
    "Answered",
    "BatchReply",
    "Doubtful",
    "EnvelopeRefused",
    "GraphClient",
    "NotSent",
    "Throttled",
    "Unauthorized",
    "Unavailable",
]


_ADDRESS_SETTING = str(Setting.GRAPH_URL)


class GraphClient:
    """Posts batches to one Microsoft Graph root over connections of its own; an async context manager."""

    def __init__(
        self,
        graph_url: str,
        *,
        network: Network,
        reply_timeout: float,
        connect_timeout: float = 15.0,
        user_agent: str = f"bulktap/{__version__}",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Check the address and prepare trust and proxy.

        Args:
            graph_url: root of Microsoft Graph, with or without `/v1.0`; https, also on this computer.
            network: how it is reached, and whom to trust.
            reply_timeout: seconds from handing a batch over to the last byte of its reply, connecting included.
            connect_timeout: seconds for connecting alone, within the former.
            user_agent: how we call ourselves.
            monotonic: seconds that never run backwards, to tell how long a connection rested.

        Raises:
            UsageError: the address is not https, or bundle or proxy cannot be used.
        """
        from bulktap.graph.connections import ConnectionPool

        parts = require_https(graph_url, "address of Microsoft Graph")
        if reply_timeout <= 0 or connect_timeout <= 0:
            raise UsageError("A timeout is not a positive number of seconds.")
        self._host = f"{parts.hostname}:{parts.port or 443}"
        root = graph_url.rstrip("/").removesuffix("/v1.0")
        self._url = f"{root}/v1.0/$batch"
        self._proxy = proxy_for(graph_url, network)
        self._trusted_alone = network.trusted_alone
        self._reply_timeout = reply_timeout
        self._connect_timeout = min(connect_timeout, reply_timeout)
        self._user_agent = user_agent
        self._monotonic = monotonic
        self._connections = ConnectionPool(tls_context(network), self._connect_timeout, monotonic)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all idle connections; one that is in use closes when its batch ends."""
        await self._connections.close()

    async def post_batch(
        self, steps: Sequence[BatchStep], token: Secret, request_id: str, *, creates: bool
    ) -> BatchReply:
        """Post one batch, once, and say what became of it.

        Args:
            steps: one to twenty.
            token: access token, asked for just now.
            request_id: a fresh GUID, sent as `client-request-id`.
            creates: True if a step creates something, so that the connection must not have been idle for long.

        Raises:
            ValueError: the steps do not make a batch.
        """
        from bulktap.graph.connections import RequestTrace

        body = encode_batch(steps)
        began, trace = self._monotonic(), RequestTrace()
        connection = await self._connections.take(creates=creates)
        keep = False
        try:
            raw = await self._exchange(connection, body, self._headers(token, request_id), trace)
            if not isinstance(raw, RawReply):
                return raw
            reply = read_reply(raw, {step.step_id for step in steps}, self._monotonic() - began)
            if isinstance(reply, Doubtful) and reply.foreign:
                reply = replace(reply, cause=f"{self._host} answered {reply.cause}")
            keep = not _asks_for_new_connection(reply, creates=creates)
            return reply
        finally:
            self._connections.give_back(connection, keep=keep)

    def _headers(self, token: Secret, request_id: str) -> dict[str, str]:
        return {
            "Accept": "application/json",
            # A reply is some ten kilobytes: not worth the time of compressing, on either side.
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "User-Agent": self._user_agent,
            "Authorization": f"Bearer {token.reveal()}",
            # Graph echoes it, and Microsoft's support asks for it (Microsoft Graph best practices). It is for tracing
            # only: nothing documents that it would make a POST idempotent.
            "client-request-id": request_id,
        }

    async def _exchange(
        self, connection: Connection, body: bytes, headers: dict[str, str], trace: RequestTrace
    ) -> RawReply | Doubtful | NotSent:
        """Return the reply, or why there is none; no exception of aiohttp leaves, for it holds the token."""
        import aiohttp

        proxy = self._proxy
        proxy_headers = {"Proxy-Authorization": proxy.authorization.reveal()} if proxy and proxy.authorization else None
        try:
            async with (
                asyncio.timeout(self._reply_timeout),
                connection.session.post(
                    self._url,
                    data=body,
                    headers=headers,
                    allow_redirects=False,
                    proxy=proxy.url if proxy else None,
                    proxy_headers=proxy_headers,
                    trace_request_ctx=trace,
                ) as response,
            ):
                return RawReply(response.status, response.headers, await response.read())
        except (aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError
            return Doubtful(self._lost(error)) if trace.may_have_left else self._not_connected(error)

    def _lost(self, error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return f"no answer within {self._reply_timeout:g} s"
        return f"connection lost before the reply was complete ({type(error).__name__})"

    def _not_connected(self, error: Exception) -> NotSent:
        import aiohttp

        match error:
            case aiohttp.ClientHttpProxyError():
                failure = proxy_refused(error.status)
            case TimeoutError():
                hint = network_hint(_ADDRESS_SETTING)
                failure = ConnectionFailure(f"nothing within {self._connect_timeout:g} s", permanent=False, hint=hint)
            case _:
                proxy = isinstance(error, aiohttp.ClientProxyConnectionError)
                failure = explain_failure(error, _ADDRESS_SETTING, proxy=proxy, trusted_alone=self._trusted_alone)
        return NotSent(
            f"no connection to {self._host}: {failure.words}", permanent=failure.permanent, hint=failure.hint
        )


def _asks_for_new_connection(reply: BatchReply, *, creates: bool) -> bool:
    match reply:
        # After a 503 the retry belongs on a new connection (Microsoft Graph best practices).
        case Answered():
            return creates and any(response.status == 503 for response in reply.answer.responses.values())
        case Unavailable() | Doubtful():
            return True
        case _:
            return False
