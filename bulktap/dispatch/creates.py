"""Creates: one batch of creates from the queue onto the wire and its verdicts into the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bulktap.dispatch.control_questions import MOST_ASKED, is_still_switched_on, may_still_list
from bulktap.dispatch.create_outcomes import BatchOutcome, Move, NeverSent, NextStep, used_share, verdicts_of
from bulktap.dispatch.create_requests import what_is_asked
from bulktap.dispatch.outage import Outage
from bulktap.dispatch.systematic_refusals import WithheldRefusals, settled
from bulktap.graph.access_passes import create_step
from bulktap.graph.pacing import Pacer
from bulktap.model.errors import SignInFailed
from bulktap.model.log_events import CreatesNotSent
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.run_events import Event, Released

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence
    from datetime import datetime

    from bulktap.dispatch.create_requests import Asked, CreateTerms
    from bulktap.dispatch.dependencies import IssueTools
    from bulktap.dispatch.giving_up import Patience
    from bulktap.dispatch.row_queues import RowQueues, RowWork
    from bulktap.graph.client import BatchReply
    from bulktap.model.row_errors import RowError

_SLOWEST_RECONNECT = 30.0


class Commit(Protocol):
    """Commits events and takes them into account."""

    async def __call__(self, events: list[Event], *, keep: bool, hurry: bool = True) -> None:
        """Commit; see `recorder.Recorder.record`."""


class Creates:
    """Sees batches of creates through; keeps the pace and the refusals that may turn out to be systematic."""

    def __init__(
        self,
        terms: CreateTerms,
        tools: IssueTools,
        queues: RowQueues,
        commit: Commit,
        patience: Patience,
        wake: Callable[[], None],
        served: Callable[[], Sequence[str]],
    ) -> None:
        """Take the run's parts.

        `wake` is called as soon as another batch may be allowed to leave; `served` names a few users to whom this
        run has issued a pass, if there are any.
        """
        self._served = served
        self._terms = terms
        self._tools = tools
        self._queues = queues
        self._commit = commit
        self._patience = patience
        self._wake = wake
        self._pacer = Pacer(tools.limits, tools.clock.monotonic(), tools.random)
        self._withheld = WithheldRefusals()
        self.outage = Outage()
        self._batches = 0
        self._reconnects = 0
        self._paused_until = 0.0
        self.steps_in_flight = 0

    @property
    def hold_until(self) -> float:
        """No batch leaves before this moment."""
        return max(self._pacer.hold_until, self._paused_until)

    @property
    def throttled_steps(self) -> int:
        """Steps that the service turned away so far."""
        return self._pacer.throttled_steps

    @property
    def suspicious(self) -> bool:
        """Whether so many rows were refused that a sample has to show whether everybody is."""
        return self._withheld.suspicious

    def take(self, now: float, service_now: datetime) -> list[RowWork]:
        """Take the rows of the next batch off the queues; while refusals are suspicious, a sample, one at a time."""
        room = self.allowance(now)
        if not self.suspicious:
            return self._queues.take_creates(room, service_now)
        if self.steps_in_flight or not room:
            return []
        return self._queues.take_spread(room, service_now) or self._queues.take_creates(room, service_now)

    @property
    def rate(self) -> float | None:
        """Steps a second at present, where known."""
        return self._pacer.rate(self._tools.clock.monotonic())

    def allowance(self, now: float) -> int:
        """Return how many steps may leave now in one batch."""
        return 0 if now < self.outage.hold_until else self._pacer.allowance(now)

    def next_at(self, now: float) -> float | None:
        """Return when it is worth asking again; None when only a reply can change the answer."""
        if self.suspicious and self.steps_in_flight:
            return None  # the sample goes out a batch at a time
        moment = self._pacer.next_at(now)
        return None if moment is None else max(moment, self.outage.hold_until)

    def start(self, works: Sequence[RowWork], stopping: Callable[[], bool]) -> Coroutine[None, None, None]:
        """Reserve room for one batch of creates, and return the coroutine that sees it through.

        Args:
            works: its rows.
            stopping: says, at any time, whether nothing may be sent any more.

        The coroutine raises:
            DiskRefuses: the journal took nothing, and nothing was sent.
            SignInFailed: no token; nothing was done.
            NotPermitted, PolicyForbids, ServiceContradiction: going on would refuse every row alike.
        """
        self._pacer.sent(len(works), self._tools.clock.monotonic())
        self.steps_in_flight += len(works)
        return self._create(works, stopping)

    async def _create(self, works: Sequence[RowWork], stopping: Callable[[], bool]) -> None:
        self._batches += 1
        outcome = BatchOutcome(self._batches)
        try:
            await self._record_and_send(works, stopping, outcome)
            if self._withheld.convincing and not stopping():
                await self.settle_refusals()
        finally:
            self._pace(len(works), outcome)
            self._note_progress(outcome)
        if outcome.failure is not None:
            raise outcome.failure

    def _pace(self, steps: int, outcome: BatchOutcome) -> None:
        """Tell the pacer, once, what became of a batch."""
        if outcome.paced:
            return
        outcome.paced = True
        self.steps_in_flight -= steps
        self._pacer.answered(
            accepted=outcome.accepted + outcome.answered_otherwise,
            throttled=outcome.throttled,
            retry_after=outcome.retry_after,
            now=self._tools.clock.monotonic(),
            percentage=outcome.percentage,
        )
        self._wake()

    async def _record_and_send(
        self, works: Sequence[RowWork], stopping: Callable[[], bool], outcome: BatchOutcome
    ) -> None:
        now = self._tools.service_clock.now()
        asked, events = what_is_asked(works, self._terms, now)
        request_id = self._tools.sender.new_request_id()
        sent = [one.sent(now, request_id) for one in asked.values()]
        ahead = self._tools.service_clock.ahead
        for one in asked.values():
            one.work.ahead_at[request_id] = ahead
        await self._commit([*events, *sent], keep=False)
        if not asked:
            return

        def may_leave() -> bool:
            delay, departed = self._tools.service_clock.now() - now, self._tools.clock.monotonic()
            for one in asked.values():
                one.work.departed[request_id] = departed
            return not stopping() and delay <= self._tools.times.departure

        await self._exchange(asked, request_id, len(works), outcome, may_leave)

    @property
    def withheld(self) -> int:
        """How many refusals are withheld."""
        return len(self._withheld)

    @property
    def last_withheld(self) -> RowError | None:
        """The last of them."""
        return self._withheld.last if len(self._withheld) else None

    async def settle_refusals(self) -> None:
        """Judge, and then settle, the refusals that were withheld.

        Raises:
            NotPermitted, PolicyForbids, ServiceContradiction: as for `judge_refusals`.
        """
        await self.take_refusals(own=await self.judge_refusals(suspicious=self._withheld.suspicious))

    async def judge_refusals(self, *, suspicious: bool) -> bool | None:
        """Return whether the refusals that were withheld are the rows' own; None if nothing tells, and they are few.

        Args:
            suspicious: whether so much was refused in a row that it is everybody's unless something says otherwise.

        Raises:
            NotPermitted, PolicyForbids, ServiceContradiction: it is everybody's; no row is settled for it.
            SignInFailed: no token any more.
        """
        own = await self._are_their_own() if self.withheld else True
        if own is False or (own is None and suspicious):
            raise self._withheld.stopped()
        return own

    async def take_refusals(self, *, own: bool | None) -> None:
        """Settle refusals that were judged to be the rows' own."""
        refused, again = self._withheld.told_apart(asked=own is True)
        await self._commit(settled(refused), keep=True)
        self._try_once_more(again)

    def _try_once_more(self, withheld: Sequence[RowWork]) -> None:
        # They have waited for long, and others may have given their users a pass meanwhile.
        for work in withheld:
            self._queues.queue_list(work)

    async def _are_their_own(self) -> bool | None:
        """Return whether what refused the last rows in a row still allows others a pass; None if nothing tells."""
        served, kinds = self._served(), self._withheld.kinds
        if not served:
            return None
        if len(served) < MOST_ASKED and not self._withheld.suspicious:
            # The few who were served may be odd themselves; who may be listed is not everybody's refusal either.
            served = [*served, *self._withheld.targets][:MOST_ASKED]
        found: list[bool | None] = [True]
        if RowErrorCode.REFUSED_NOT_PERMITTED in kinds:
            found.append(await may_still_list(served, self._tools))
        if RowErrorCode.REFUSED_BY_POLICY in kinds:
            found.append(await is_still_switched_on(self._tools))
        return False if False in found else None if None in found else True

    async def _exchange(
        self,
        asked: Mapping[str, Asked],
        request_id: str,
        steps_sent: int,
        outcome: BatchOutcome,
        may_leave: Callable[[], bool],
    ) -> None:
        steps = [create_step(step_id, one.work.target, one.request) for step_id, one in asked.items()]
        kept_back = False

        def wanted() -> bool:
            nonlocal kept_back
            kept_back = not may_leave()
            return not kept_back

        try:
            reply = await self._tools.sender.send(steps, request_id, creates=True, wanted=wanted, rows=_rows(asked))
        except SignInFailed:
            # Turned down twice, or no token at all: proof that nothing was done.
            await self._take_back(asked, 401, keep=True)
            raise
        if kept_back:
            await self._take_back(asked, 0, keep=False)
            self._queues.queue_creates([one.work for one in asked.values()], first=True)
            return
        self._patience.note(reply)
        self._judge(reply, asked, outcome)
        if outcome.accepted == len(asked):
            # The next batch's sending shares this commit: it is asked for later, thus never leaves before it. Any other
            # outcome may be a reason to wait or to stop, which only shows behind the commit.
            self._pace(steps_sent, outcome)
        refusals, again = self._withheld.take_in(outcome)
        await self._commit([*outcome.events, *refusals], keep=True)
        self._move(outcome.moves)
        self._try_once_more(again)

    def _judge(self, reply: BatchReply, asked: Mapping[str, Asked], outcome: BatchOutcome) -> None:
        requests = {step_id: one.request for step_id, one in asked.items()}
        verdicts = verdicts_of(reply, requests, self._tools.service_clock.now())
        outcome.percentage = used_share(reply)
        for step_id, one in asked.items():
            outcome.take_in(one.work, verdicts[step_id])

    async def _take_back(self, asked: Mapping[str, Asked], status: int, *, keep: bool) -> None:
        """Record that nothing of the batch was done."""
        await self._commit(
            [Released(one.work.row.number, status, perhaps_done=False) for one in asked.values()], keep=keep
        )

    def _move(self, moves: Sequence[Move]) -> None:
        now = self._tools.clock.monotonic()
        for move in moves:
            if move.to is NextStep.DOUBT:
                self._queues.queue_list_at(move.work, now + max(move.wait, self._tools.times.settle_wait))
            elif move.to is NextStep.NOT_READY:
                self._queues.queue_list_at(move.work, now + move.wait)
        self._queues.queue_creates([move.work for move in moves if move.to is NextStep.AGAIN], first=True)

    def _note_progress(self, outcome: BatchOutcome) -> None:
        now = self._tools.clock.monotonic()
        if outcome.accepted or outcome.answered_otherwise:
            self._patience.accepted()
            self.outage.worked()
        elif outcome.unproven:
            began = not self.outage.is_general
            self.outage.failed(outcome.unproven, now)
            if began and self.outage.is_general:
                self._tools.observer.warn(
                    f"Microsoft Graph carries nothing out at present ({outcome.unproven_cause}). Nothing is lost: what "
                    "may have been done is looked into before it is repeated."
                )
        if outcome.accepted or outcome.answered_otherwise or outcome.throttled:
            self._reconnects = 0
        if outcome.retry_after is not None:
            self._patience.excuse(now + outcome.retry_after)
        if outcome.unavailable_for:
            self._patience.excuse(now + outcome.unavailable_for)
            self._paused_until = max(self._paused_until, now + outcome.unavailable_for)
        if outcome.never_sent is not None:
            self._reconnects += 1
            pause = min(_SLOWEST_RECONNECT, 2.0 ** min(self._reconnects, 6) / 2)
            self._paused_until = max(self._paused_until, now + pause * (0.5 + self._tools.random() / 2))
            if self._reconnects == 1:
                self._tools.observer.warn(_not_connected(outcome.never_sent))
            self._tools.observer.log(CreatesNotSent(outcome.never_sent.cause))


def _not_connected(never_sent: NeverSent) -> str:
    cause = never_sent.cause
    said = f"{cause[:1].upper()}{cause[1:]}. Nothing was sent; trying again."
    return f"{said} {never_sent.hint}".rstrip()


def _rows(asked: Mapping[str, Asked]) -> dict[str, int]:
    return {step_id: one.work.row.source.number for step_id, one in asked.items()}
