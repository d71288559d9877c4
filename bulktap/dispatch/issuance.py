"""Issuance: a plan is carried out, batch after batch, until every row has an outcome or somebody says stop.

Then whoever waits for results is told that they are there, and every pass that was issued is compared with the tenant.
One loop decides what leaves and when; a task each sees a batch through. The order of things within a task is the
promise of the whole program: *sent* is committed before the batch leaves, and what came back is committed before
anything is shown. A row is in one place at a time (a queue or a batch), so there is never a second attempt in flight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.dispatch.batch_loop import BatchLoop
from bulktap.dispatch.closing_comparison import ClosingComparison
from bulktap.dispatch.control_questions import MOST_ASKED
from bulktap.dispatch.create_requests import CreateTerms
from bulktap.dispatch.creates import Creates
from bulktap.dispatch.giving_up import Patience
from bulktap.dispatch.listings import Listings, RunCircumstances
from bulktap.dispatch.observer import Standing
from bulktap.dispatch.reissuing import as_asked
from bulktap.dispatch.row_queues import RowQueues, RowWork
from bulktap.dispatch.run_guards import FailureWatch, RunGuards
from bulktap.dispatch.run_start import doubts_left_behind, queue_where_they_stand
from bulktap.dispatch.systematic_refusals import REFUSALS_THAT_STOP
from bulktap.dispatch.tally import Tally
from bulktap.graph.batch_size import MAX_STEPS
from bulktap.model.errors import BulktapError
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Closed, Confirmed
from bulktap.model.setting_names import Command

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping

    from bulktap.dispatch.dependencies import IssueTools
    from bulktap.model.passes import AccessPass
    from bulktap.model.plan import Plan
    from bulktap.model.run_events import Event
    from bulktap.model.run_state import RunState

_SECOND_LOOK = 1.0
"""Seconds until rows are looked at again when nothing says when that is worth it."""
_BLOCKED_WAIT = 1.0
"""Seconds between two looks at a journal that takes nothing."""
COMPARING_TAKES_LONG = (
    "The tenant answers so slowly that comparing every pass would take more than ten minutes: only those that an "
    f"earlier request may still replace are compared. {Command.VERIFY} compares all of them at any time."
)


@dataclass(frozen=True, slots=True)
class IssuanceReport:
    """How carrying out the plan ended; what became of the rows is in the journal."""

    throttled_steps: int
    """Steps that the service turned away."""
    failure: BulktapError | None
    """What stopped the run, if something did."""
    interrupted: bool
    """Whether the operator stopped it."""
    complete: bool
    """Whether every row has an outcome and the closing comparison is done."""
    settled: bool = False
    """Whether every row has an outcome."""
    left_out: int = 0
    """Passes that were not compared, because that would have taken too long."""
    changed: bool = False
    """Whether the comparison changed what the results say."""


class Issuance:
    """Carries out one plan."""

    def __init__(
        self,
        plan: Plan,
        state: RunState,
        tools: IssueTools,
        *,
        resumed: bool,
        recent: Mapping[str, AccessPass] | None = None,
        guards: RunGuards | None = None,
        when_settled: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Take a plan and what the journal says of it.

        Args:
            plan: what to do.
            state: what the journal says; it is kept up to date.
            tools: the dependencies.
            resumed: whether an earlier process has worked on it.
            recent: passes that other runs of ours issued lately, by folded object id and folded user.
            guards: what the operator wants while it is under way.
            when_settled: called once, when every row has its outcome and before the passes are compared.
        """
        self._state = state
        self._tools = tools
        self._when_settled = when_settled
        self._queues = RowQueues()
        self._works = _works(plan, state, resumed=resumed)
        self._loop = BatchLoop(tools.clock, [self])
        self._interrupted = False
        self._failure: BulktapError | None = None
        self._tally = Tally(state)
        self._comparing = self._changed = self._sampled = False
        self._patience = Patience(tools.clock)
        guards = guards or RunGuards()
        asked_anew = sum(row.reissue is not None for row in state.rows.values())
        self._failures = FailureWatch(guards, asked_anew or len(self._works))
        self._creating = Creates(
            CreateTerms(plan.policy, guards.barred),
            tools,
            self._queues,
            self._commit,
            self._patience,
            self._loop.wake,
            self._served,
        )
        works = self._works.values()
        begun = plan.created_at if resumed else None
        default = plan.policy.default_lifetime_minutes if plan.policy else None
        run = RunCircumstances(begun, default, recent or {}, self._creating.outage)
        self._listing = Listings(tools, self._queues, self._commit, self._patience, works, run)
        self._closing = ClosingComparison(works, self._queues, tools)

    def request_stop(self) -> None:
        """Send no create any more, wait for what is in flight, and return."""
        self._interrupted = True
        self._tools.recorder.stop()
        self._loop.stop()

    async def run(self) -> IssuanceReport:
        """RowWork until every row has an outcome and is compared, or until there is a reason to stop.

        A run that is finished is left alone. An error that stops the run is in the report, so that results can be
        written first; only a fault of the program itself is raised.
        """
        if self._state.closed:
            return IssuanceReport(0, None, interrupted=False, complete=True, settled=True)
        self._tools.observer.phase("issuing", len(self._works))
        complete = settled = False
        try:
            await self._commit(doubts_left_behind(self._works.values()), keep=False)
            queue_where_they_stand(self._works.values(), self._queues, self._tools)
            self._show()
            if settled := await self._settle_rows():
                complete = await self._compare_passes()
        except BulktapError as error:  # the journal refused what remained to be said, or refusals hit everybody
            self._failure = self._failure or error
        refused = self._creating.last_withheld or self._listing.last_withheld
        self._failure = self._failure or self._failures.failure(self._state.rows.values(), refused)
        return IssuanceReport(
            self._creating.throttled_steps,
            self._failure,
            self._interrupted,
            complete,
            settled,
            left_out=self._closing.left_out if settled else 0,
            changed=self._changed,
        )

    async def _settle_rows(self) -> bool:
        """RowWork until there is nothing left to do; say whether every row has an outcome."""
        while True:
            await self._drain()
            if self._loop.stopping:
                return False
            await self._settle_refusals()
            if not len(self._queues):
                break
        return self._tally.all_settled

    async def _settle_refusals(self) -> None:
        """Settle refusals of both kinds; where one kind is everybody's, none of the other is settled either."""
        creating, listing = self._creating, self._listing
        suspicious = creating.withheld + listing.withheld >= REFUSALS_THAT_STOP
        creates = await creating.judge_refusals(suspicious=suspicious)
        lists = await listing.judge_refusals(suspicious=suspicious)
        await creating.take_refusals(own=creates)
        await listing.take_refusals(own=lists)

    async def _compare_passes(self) -> bool:
        """Hand back what there is, compare every pass, and record that the run is finished; say whether it is."""
        due = self._closing.due()
        if due and self._when_settled is not None:
            await self._when_settled()
        if due and not self._loop.stopping:
            self._tools.observer.phase("comparing", len(due))
            self._comparing = True
        while not self._loop.stopping and self._closing.enqueue(self._listing.listed):
            self._show()
            if not await self._settle_rows():
                return False
        if self._loop.stopping:
            return False
        await self._commit([Closed()], keep=True)
        return True

    def _served(self) -> list[str]:
        """Return a few users who hold a pass of this run, those first whose passes were listed."""
        works = [work for work in self._works.values() if work.state.phase is RowPhase.ISSUED]
        works.sort(key=lambda work: (not work.state.confirmed, work.listed_at is None))
        return [work.target for work in works[:MOST_ASKED]]

    async def _drain(self) -> None:
        try:
            await self._loop.run(lambda: self._loop.is_idle and not len(self._queues), self._each_round)
        finally:
            # Nothing is under way, unless this very coroutine was cancelled: then what is in flight is in doubt.
            await self._loop.close()
        error = self._loop.error
        if isinstance(error, BulktapError):
            self._failure = self._failure or error
        elif error is not None:
            raise error

    def _each_round(self) -> None:
        self._check_patience()
        self._check_failures()
        if self._comparing and self._closing.spare_time(self._listing.listed):
            self._tools.observer.warn(COMPARING_TAKES_LONG)
        self._show()

    def next_batch(self, now: float) -> Coroutine[None, None, None] | None:
        """See `batch_loop.StepKind`: lists come before creates, which wait for them."""
        service_now = self._tools.service_clock.now()
        self._queues.wake(now)
        ahead = self._listing.steps_in_flight + self._queues.lists_waiting()
        # Also while nothing may leave: what is due next is said by the queue in which a row waits.
        if not self._listing.suspicious:
            self._sampled = False
        elif not self._sampled:
            self._sampled = True
            self._queues.send_sample_to_lists(MAX_STEPS)
        self._queues.send_stale_to_lists(service_now, self._tools.limits.concurrency * MAX_STEPS - ahead)
        if self._tools.recorder.blocked or now < max(self._creating.hold_until, self._listing.hold_until):
            return None
        if works := self._queues.take_lists(self._listing.allowance(now)):
            return self._listing.start(works)
        if works := self._creating.take(now, service_now):
            return self._creating.start(works, lambda: self._loop.stopping)
        return None

    def next_at(self, now: float) -> float | None:
        """See `batch_loop.StepKind`."""
        moments = [moment for moment in self._moments(now) if moment is not None]
        if not moments and self._loop.is_idle:
            moments = [now + _SECOND_LOOK]  # a row grew stale since it was looked at
        self._excuse(now, moments)
        return min(moments, default=None)

    def _moments(self, now: float) -> list[float | None]:
        if self._tools.recorder.blocked:
            return [now + _BLOCKED_WAIT]
        hold = max(self._creating.hold_until, self._listing.hold_until)
        moments = [self._queues.next_due()]
        if self._queues.lists_waiting():
            moments.append(self._listing.next_at(now))
        if self._queues.create_is_ready(self._tools.service_clock.now()):
            moments.append(self._creating.next_at(now))
        return [None if moment is None else max(moment, hold) for moment in moments]

    def _excuse(self, now: float, moments: list[float]) -> None:
        """Excuse waits that are not the service's doing: for the disk, and for doubts to settle."""
        idle = self._loop.is_idle and self._queues.only_later() and not self._queues.waits_for_service()
        if moments and (idle or self._tools.recorder.blocked):
            self._patience.excuse(max(now, min(moments)))

    def _check_patience(self) -> None:
        """Give up when nothing has been accepted for too long."""
        if not self._loop.stopping and self._patience.exhausted:
            self._failure = self._patience.failure()
            self._loop.stop()

    def _check_failures(self) -> None:
        """Stop where the operator wants that, as long as there is something that is not sent then."""
        done = self._comparing or self._loop.stopping or self._tally.all_settled
        if not done and self._failures.trips(self._creating.withheld + self._listing.withheld):
            self._loop.stop()

    async def _commit(self, events: list[Event], *, keep: bool, hurry: bool = True) -> None:
        """Commit events, then take them into account."""
        await self._tools.recorder.record(events, keep=keep, hurry=hurry)
        self._changed = self._changed or (self._comparing and any(_shows(event) for event in events))
        self._tally.fold(events)
        self._failures.hear(events)
        self._check_failures()

    def _show(self) -> None:
        now = self._tools.clock.monotonic()
        hold = max(self._creating.hold_until, self._listing.hold_until)
        self._tools.observer.standing(
            Standing(
                done=self._tally.compared if self._comparing else self._tally.settled,
                total=self._tally.issued if self._comparing else len(self._works),
                in_flight=self._creating.steps_in_flight,
                held_seconds=max(0.0, hold - now),
                rate=self._creating.rate,
                throttled=self._creating.throttled_steps,
                in_doubt=self._queues.in_doubt(),
            )
        )


def _works(plan: Plan, state: RunState, *, resumed: bool) -> dict[int, RowWork]:
    rows, zone = {row.number: row for row in plan.creating()}, ZoneInfo(plan.settings.timezone)
    return {
        number: RowWork(as_asked(rows[number], row_state), row_state, None if resumed else rows[number].listed_at, zone)
        for number, row_state in state.rows.items()
    }


def _shows(event: Event) -> bool:
    """Return True if the results say something else after this event."""
    return not isinstance(event, Closed | Confirmed)
