"""Sender: one batch on the wire with a token that is good for minutes, and refreshed once when it is rejected.

It also writes the line about each batch into the log; `batch_log` says what stands in it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bulktap.dispatch.batch_log import batch_replied
from bulktap.graph.client import Answered, Doubtful, NotSent, Unauthorized
from bulktap.graph.sign_in import SignInUnreachable
from bulktap.model.errors import SignInFailed
from bulktap.model.log_events import SignInUnanswered, TokenRefreshed
from bulktap.model.setting_names import Command

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from bulktap.dispatch.observer import Observer
    from bulktap.dispatch.service_clock import ServiceClock
    from bulktap.graph.batch import BatchStep
    from bulktap.graph.client import BatchReply
    from bulktap.model.secret import Secret


_TOKEN_SECONDS = 60.0
"""How long a token is used without asking for it again; MSAL hands out none that ends within five minutes."""


class Poster(Protocol):
    """Posts one batch and never repeats it; `graph.client.GraphClient` is one."""

    async def post_batch(
        self, steps: Sequence[BatchStep], token: Secret, request_id: str, *, creates: bool
    ) -> BatchReply:
        """Post the batch and say how it went."""


class Tokens(Protocol):
    """Gives access tokens; `graph.sign_in.TokenSource` is one. Both calls block."""

    def token(self) -> Secret:
        """Return a token that is good for some minutes yet."""

    def refreshed(self, claims: str | None) -> Secret:
        """Return a new token, with the claims that the service demands."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is sent."""

    steps: Sequence[BatchStep]
    request_id: str
    creates: bool
    rows: Mapping[str, int]


class Sender:
    """Sends batches; a 401 proves that nothing was done, so the same batch goes out once more."""

    def __init__(
        self,
        poster: Poster,
        tokens: Tokens,
        service_clock: ServiceClock,
        observer: Observer,
        new_request_id: Callable[[], str],
    ) -> None:
        self._poster = poster
        self._tokens = tokens
        self._service_clock = service_clock
        self._observer = observer
        self.new_request_id = new_request_id
        self._refreshing = asyncio.Lock()
        self._held: tuple[Secret, float] | None = None
        """The token in use, and until when."""
        self._replaced: Secret | None = None
        """The last token that was turned down and has been replaced."""
        self._suspect: Secret | None = None
        """A token with which a single step was turned down."""

    async def send(
        self,
        steps: Sequence[BatchStep],
        request_id: str,
        *,
        creates: bool,
        wanted: Callable[[], bool] = lambda: True,
        rows: Mapping[str, int] | None = None,
    ) -> BatchReply:
        """Send one batch; without an answer from the sign-in service it is as if the line were dead.

        Args:
            steps: one to twenty.
            request_id: goes out with the batch.
            creates: whether a step creates something.
            wanted: asked whenever the batch is about to leave, which a token may have kept waiting; if it is not
                wanted any more, it counts as not sent.
            rows: the number of the row that each step is about, by step id, for the log.

        Raises:
            SignInFailed: the sign-in service refuses a token, or a fresh one was turned down too.
        """
        try:
            return await self._send(
                lambda token: self._post(_Batch(steps, request_id, creates, rows or {}), token, wanted)
            )
        except SignInUnreachable as dead_line:
            self._observer.log(SignInUnanswered(dead_line.message, dead_line.permanent))
            return NotSent(dead_line.message, permanent=dead_line.permanent, hint=dead_line.hint)

    async def _send(self, post: Callable[[Secret], Awaitable[BatchReply]]) -> BatchReply:
        token = await self._token()
        if token == self._suspect:
            token, _ = await self._fresh_token(token, None)
        reply = await post(token)
        if isinstance(reply, Answered) and any(step.status == 401 for step in reply.answer.responses.values()):
            self._suspect = token  # refreshed before the next batch: this reply may hold passcodes and must not wait
        if not isinstance(reply, Unauthorized):
            return reply
        for _ in range(2):  # a token that another batch had asked for may have ended too, or lack what this one is told
            token, is_new = await self._fresh_token(token, reply.claims)
            reply = await post(token)
            if not isinstance(reply, Unauthorized):
                return reply
            if is_new:
                break
        raise SignInFailed(
            "Microsoft Graph turned down a fresh access token.",
            hint=f"Check that the app registration still exists in this tenant, then run {Command.RESUME}.",
        )

    async def _token(self) -> Secret:
        """Return the token in use; a minute's old one is asked for anew."""
        now = self._service_clock.monotonic()
        if self._held is None or now >= self._held[1]:
            self._held = (await asyncio.to_thread(self._tokens.token), now + _TOKEN_SECONDS)
        return self._held[0]

    async def _fresh_token(self, turned_down: Secret, claims: str | None) -> tuple[Secret, bool]:
        """Refresh once for all batches that hold the same token; say whether it was this one that had it made."""
        async with self._refreshing:
            if self._held is not None and self._held[0] == turned_down:
                self._held = None
            if turned_down == self._replaced:
                return await self._token(), False
            fresh = await asyncio.to_thread(self._tokens.refreshed, claims)
            self._replaced = turned_down
            self._observer.log(TokenRefreshed(claims=claims is not None))
            return fresh, True

    async def _post(self, batch: _Batch, token: Secret, wanted: Callable[[], bool]) -> BatchReply:
        if not wanted():
            return NotSent("it was taken back")
        sent = self._service_clock.stamp()
        reply = await self._poster.post_batch(batch.steps, token, batch.request_id, creates=batch.creates)
        if not (isinstance(reply, Doubtful) and reply.foreign):
            self._service_clock.observe(reply.service_date, sent)
        replied = batch_replied(
            reply,
            [step.step_id for step in batch.steps],
            batch.rows,
            client_request_id=batch.request_id,
            creates=batch.creates,
            seconds=round(self._service_clock.monotonic() - sent.monotonic, 3),
        )
        self._observer.log(replied)
        return reply
