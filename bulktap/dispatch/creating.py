"""Creating: one batch of creates from the lane onto the wire and its verdicts into the journal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from bulktap.dispatch.handling import BatchOutcome, Lane, Move, verdicts_of
from bulktap.errors import BulktapError, NotPermitted, PolicyForbids, SignInFailed
from bulktap.graph.access_passes import create_step
from bulktap.graph.pacing import Pacer
from bulktap.passes import PassRequest, Refused
from bulktap.row_errors import RowError, RowErrorCode
from bulktap.run_state import Event, Noted, Released, Sent, Settled

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from datetime import datetime

    from bulktap.dispatch.tools import IssueTools
    from bulktap.dispatch.work import Lanes, Work
    from bulktap.plan import Plan

SOONEST_START = timedelta(seconds=60)
"""A start closer than this may be past when the request arrives, and the service refuses a start in the past."""
REFUSALS_THAT_STOP = 20
"""So many refusals of one systematic kind, and nothing accepted: it is the tenant, not the rows."""
_SLOWEST_RECONNECT = 30.0

STARTS_NOW_NOTE = "The start was less than a minute ahead when the request left, so the pass starts at once."


class Commit(Protocol):
    """Commits events and takes them into account."""

    async def __call__(self, events: list[Event], *, keep: bool) -> None:
        """Commit; see `recording.Recorder.record`."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One row of a batch and what is asked for it."""

    work: Work
    request: PassRequest


class Creating:
    """Sees batches of creates through; keeps the pace and the refusals that may turn out to be systematic."""

    def __init__(self, plan: Plan, tools: IssueTools, lanes: Lanes, commit: Commit) -> None:
        self._plan = plan
        self._tools = tools
        self._lanes = lanes
        self._commit = commit
        self._pacer = Pacer(tools.limits, tools.clock.monotonic(), tools.random)
        self._accepted = False
        self._withheld: list[tuple[Work, RowError]] = []
        self._reconnects = 0
        self._paused_until = 0.0
        self._asked_until = 0.0
        self.last_accepted = tools.clock.monotonic()
        """When a step was last accepted, by the monotonic clock."""
        self.asked_to_wait = 0.0
        """Seconds since then that the service asked us to wait."""
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
    def rate(self) -> float | None:
        """Steps a second at present, where known."""
        return self._pacer.rate(self._tools.clock.monotonic())

    @property
    def unreachable(self) -> bool:
        """Whether the last attempt did not even find a connection."""
        return self._reconnects > 0

    def allowance(self, now: float) -> int:
        """Return how many steps may leave now in one batch."""
        return self._pacer.allowance(now)

    def next_at(self, now: float) -> float | None:
        """Return when it is worth asking again; None when only a reply can change the answer."""
        return self._pacer.next_at(now)

    def start(self, works: Sequence[Work]) -> Coroutine[None, None, None]:
        """Reserve room for one batch of creates, and return the coroutine that sees it through.

        The coroutine raises:
            DiskRefuses: the journal took nothing, and nothing was sent.
            SignInFailed: no token; nothing was done.
            NotPermitted, PolicyForbids, ServiceContradiction: going on would refuse every row alike.
        """
        self._pacer.sent(len(works), self._tools.clock.monotonic())
        self.steps_in_flight += len(works)
        return self._create(works)

    async def _create(self, works: Sequence[Work]) -> None:
        now = self._tools.service_clock.now()
        asked, events = self._prepare(works, now)
        outcome = BatchOutcome()
        try:
            request_id = self._tools.sender.new_request_id()
            sent = [_sent(one, now, request_id) for one in asked.values()]
            await self._commit([*events, *sent], keep=False)
            if asked:
                outcome = await self._exchange(asked, request_id)
        finally:
            self.steps_in_flight -= len(works)
            self._pacer.answered(
                accepted=outcome.accepted,
                throttled=outcome.throttled,
                retry_after=outcome.retry_after,
                now=self._tools.clock.monotonic(),
            )
            self._note_progress(outcome)
        if outcome.failure is not None:
            raise outcome.failure

    async def settle_refusals(self) -> None:
        """Settle refusals that were withheld: there were too few of them to call them systematic."""
        withheld, self._withheld = self._withheld, []
        await self._commit([Settled(work.row.number, Refused(error)) for work, error in withheld], keep=True)

    def _prepare(self, works: Sequence[Work], now: datetime) -> tuple[dict[str, _Asked], list[Event]]:
        """Say what is asked for each row; a start that is over or nearly so is dealt with here."""
        asked: dict[str, _Asked] = {}
        events: list[Event] = []
        for work in works:
            request = work.row.request
            assert request is not None, "a row that creates has a request"  # noqa: S101  planning's invariant
            if request.starts_at is not None and request.starts_at - now < SOONEST_START:
                if self._is_over(request, now):
                    events.append(Settled(work.row.number, Refused(_over(request))))
                    continue
                events.append(Noted(work.row.number, STARTS_NOW_NOTE))
                request = replace(request, starts_at=None)
            asked[str(len(asked) + 1)] = _Asked(work, request)
        return asked, events

    def _is_over(self, request: PassRequest, now: datetime) -> bool:
        policy = self._plan.policy
        lifetime = request.lifetime_minutes or (policy.default_lifetime_minutes if policy else None)
        if request.starts_at is None or lifetime is None:
            return False
        return request.starts_at + timedelta(minutes=lifetime) <= now

    async def _exchange(self, asked: dict[str, _Asked], request_id: str) -> BatchOutcome:
        steps = [create_step(step_id, one.work.target, one.request) for step_id, one in asked.items()]
        try:
            reply = await self._tools.sender.send(steps, request_id, creates=True)
        except SignInFailed:
            # Turned down twice, or no token at all: proof that nothing was done.
            await self._commit(
                [Released(one.work.row.number, 401, perhaps_done=False) for one in asked.values()], keep=True
            )
            raise
        verdicts = verdicts_of(
            reply, {step_id: one.request for step_id, one in asked.items()}, self._tools.service_clock.now()
        )
        outcome = BatchOutcome()
        for step_id, one in asked.items():
            outcome.take_in(one.work, verdicts[step_id])
        await self._commit([*outcome.events, *self._settle_or_withhold(outcome)], keep=True)
        self._move(outcome.moves)
        return outcome

    def _settle_or_withhold(self, outcome: BatchOutcome) -> list[Event]:
        """Settle refusals, but withhold those that would hit every row alike until something has been accepted.

        A permission that is missing, or a policy that is off, refuses four thousand rows just as it refuses the first
        twenty; those twenty are then to be sent again once it is mended, so they are released, not settled.
        """
        self._accepted = self._accepted or outcome.accepted > 0
        events: list[Event] = []
        for work, error in outcome.refusals:
            if self._accepted or error.code not in _SYSTEMATIC:
                events.append(Settled(work.row.number, Refused(error)))
            else:
                events.append(Released(work.row.number, 403, perhaps_done=False))
                self._withheld.append((work, error))
        if self._accepted and self._withheld:
            events += [Settled(work.row.number, Refused(error)) for work, error in self._withheld]
            self._withheld = []
        if len(self._withheld) >= REFUSALS_THAT_STOP:
            outcome.failure = _stopped_by(self._withheld[0][1])
        return events

    def _move(self, moves: Sequence[Move]) -> None:
        due = self._tools.clock.monotonic() + self._tools.times.settle_wait
        for move in moves:
            if move.to is Lane.COMPARE:
                self._lanes.queue_list(move.work)
            elif move.to is Lane.DOUBT:
                self._lanes.queue_list_at(move.work, due)
        self._lanes.queue_creates([move.work for move in moves if move.to is Lane.AGAIN], first=True)

    def _note_progress(self, outcome: BatchOutcome) -> None:
        now = self._tools.clock.monotonic()
        if outcome.accepted or outcome.answered_otherwise:
            self.last_accepted, self.asked_to_wait, self._reconnects = now, 0.0, 0
        if outcome.retry_after is not None:
            # Holds overlap when several batches are turned away at once; only what is new counts.
            until = now + outcome.retry_after
            self.asked_to_wait += max(0.0, until - max(now, self._asked_until))
            self._asked_until = max(self._asked_until, until)
        if outcome.never_sent is not None:
            self._reconnects += 1
            pause = min(_SLOWEST_RECONNECT, 2.0 ** min(self._reconnects, 6) / 2)
            self._paused_until = max(self._paused_until, now + pause * (0.5 + self._tools.random() / 2))
            if self._reconnects == 1:
                self._tools.observer.warn("No connection to Microsoft Graph; nothing was sent, trying again.")
            self._tools.observer.log("not-sent", cause=outcome.never_sent)


_SYSTEMATIC = {RowErrorCode.REFUSED_NOT_PERMITTED, RowErrorCode.REFUSED_BY_POLICY}


def _sent(one: _Asked, now: datetime, request_id: str) -> Sent:
    request = one.request
    return Sent(one.work.row.number, now, request.starts_at, request.lifetime_minutes, request.usable_once, request_id)


def _over(request: PassRequest) -> RowError:
    return RowError(
        RowErrorCode.START_IN_PAST,
        f"The pass would have started at {request.starts_at:%Y-%m-%d %H:%M} UTC and be over by now.",
        "Give the row a later start, or none to start at once.",
    )


def _stopped_by(error: RowError) -> BulktapError:
    if error.code is RowErrorCode.REFUSED_BY_POLICY:
        return PolicyForbids(
            f"Stopped: the tenant's policy refused every pass so far. {error.message}",
            hint=f"{error.hint} Then run `bulktap resume`.",
        )
    return NotPermitted(
        f"Stopped: the service refused every pass so far for lack of permission. {error.message}",
        hint="Grant the app UserAuthMethod-TAP.ReadWrite.All with admin consent, then run `bulktap resume`.",
    )
