"""Issue passes: a plan and its journal are carried out to the end, and what the journal says is handed back.

What `apply` and `resume` share: the one begins with an empty journal, the other with that of an earlier process.
"""

from __future__ import annotations

import asyncio
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bulktap.dispatch.dependencies import IssueTools
from bulktap.dispatch.doubt_times import DoubtTimes
from bulktap.dispatch.issuance import Issuance, IssuanceReport
from bulktap.dispatch.recorder import Recorder
from bulktap.dispatch.run_guards import RunGuards
from bulktap.model.errors import AccessError, DiskRefuses, GaveUp, Interrupted, PlanRefused
from bulktap.model.log_events import WorkEnded
from bulktap.model.setting_names import Command, Setting
from bulktap.operations.first_results import FirstResults
from bulktap.operations.hand_back import Ending, hand_back
from bulktap.operations.loading_ahead import FOR_RESULTS, load_ahead
from bulktap.operations.results_ahead import ResultsAhead
from bulktap.operations.run_journal import record_beginning, require_room, state_at_the_end
from bulktap.operations.saved_plan import without_listings
from bulktap.operations.sealed_tenant import require_same_tenant, sealed_in_journal
from bulktap.operations.spelled_events import SpellingStore
from bulktap.operations.tenant_access import jitter, make_sender, nothing_to_stop, pacing_limits
from bulktap.operations.throttle_watch import ThrottleWatch
from bulktap.results.comparison import to_compare
from bulktap.results.wording import counted
from bulktap.storage.office_encryption import WorkbookKey

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bulktap.dispatch.observer import Observer
    from bulktap.dispatch.recorder import EventStore
    from bulktap.journal import Journal
    from bulktap.model.clock import Clock
    from bulktap.model.errors import BulktapError
    from bulktap.model.exit_codes import ExitCode
    from bulktap.model.passes import AccessPass
    from bulktap.model.plan import Plan
    from bulktap.model.run_state import RunState
    from bulktap.model.secret import Secret
    from bulktap.model.setting_names import Spelling
    from bulktap.operations.context import OperationContext
    from bulktap.operations.hand_back import HandedBack
    from bulktap.operations.planned_run import OpenPlan
    from bulktap.operations.run_log import RunLog
    from bulktap.operations.run_settings import SendingSettings
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.storage.run_folder import RunFolder


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run ended, and what was written."""

    folder: RunFolder
    plan: Plan
    state: RunState
    """What the journal says."""
    handed_back: HandedBack
    throttled_steps: int
    failure: BulktapError | None
    """What stopped it, if something did; results were written all the same."""

    def logged(self, log: RunLog) -> RunEnd:
        """Log the end, and return it."""
        log.log(WorkEnded(self.handed_back.exit_code, self.throttled_steps))
        return self


def issue_passes(
    run: OpenPlan, journal: Journal, passphrase: Secret, at: OperationContext, log: RunLog, *, resumed: bool
) -> RunEnd:
    """Issue what the plan wants and hand back what there is, whatever stopped it.

    Args:
        run: what to do, and what is open for it.
        journal: what has been done.
        passphrase: for the workbook.
        at: what the operation works with.
        log: hears how it goes.
        resumed: whether an earlier process has worked on the run.

    Raises:
        PlanRefused: the journal is another tenant's.
        DiskRefuses: there is no room to go on; nothing was asked.
    """
    if run.access is None:
        raise PlanRefused("This plan was made offline.", hint=f"Make a plan without {Setting.OFFLINE}.")
    with at.front.issuing():
        recent = _issued_a_moment_ago(run, run.access)
        require_same_tenant(sealed_in_journal(journal.header), run.access)
        watch = ThrottleWatch(log, at.clock)
        guards = RunGuards(run.barred, run.guards.stop_after_failures)
        means = Means(run.access, run.sending, at.clock, watch, at.front.stoppable, at.front.spell, recent, guards)
        before = _begin(run, journal, means, resumed=resumed)
        key = WorkbookKey(passphrase).made_ahead()  # while the first replies are awaited
        load_ahead(FOR_RESULTS)
        so_far = partial(_ending, means, watch, at.clock.now())
        plan = run.plan if run.just_planned else without_listings(run.plan)
        early = partial(so_far, comparing=True)
        closed = before.closed
        ahead = None if resumed else ResultsAhead(run.folder, run.plan, journal, lambda: early(watch.throttled))
        first = FirstResults(run.folder, run.plan, journal, key, watch, at.front.say, ahead)
        with ahead or nullcontext(journal) as store:
            report = issue(
                plan,
                journal,
                before,
                means,
                resumed=resumed,
                store=store,
                when_settled=lambda: first.hand_back(early(watch.throttled)),
            )
        read = first.state or (None if ahead is None else ahead.so_far)
        state = before if closed else state_at_the_end(journal, at.clock, report, read)
        failure = _interruption(run.folder, report, state) if report.interrupted else report.failure
        log.phase("writing results", 0)
        ending = so_far(report.throttled_steps, failure_code=failure.exit_code if failure else None)
        end = _handed_back(run, state, key, first.brought_up_to(state, ending), failure)
    return end.logged(log)


def _issued_a_moment_ago(run: OpenPlan, access: TenantAccess) -> Mapping[str, AccessPass]:
    """Note that the run is about to issue, and return the passes of other runs that lists may not show yet."""
    if run.locks is None:
        return {}
    run.locks.begin()
    return run.locks.recent(access.service_clock.now())


def _begin(run: OpenPlan, journal: Journal, means: Means, *, resumed: bool) -> RunState:
    """Record that this process works on the run, if there is room for it, and return what was done before."""
    before = journal.state()
    if resumed:
        left = sum(not row.phase.settled for row in before.rows.values())
        require_room(run.folder, left, resumed=True)
    if not before.closed:
        with suppress(AccessError, GaveUp):  # the run meets it again, with patience, and says how to go on
            means.access.require_own_token()
        doing = run.command or ("resume" if resumed else "apply")
        record_beginning(run.folder, journal, means.clock, doing)
    return before


def _ending(
    means: Means,
    watch: ThrottleWatch,
    started_at: datetime,
    throttled_steps: int,
    *,
    failure_code: ExitCode | None = None,
    comparing: bool = False,
) -> Ending:
    sending = means.sending
    return Ending(
        started_at,
        means.clock.now(),
        throttled_steps,
        failure_code,
        watch.throttling,
        window=timedelta(seconds=sending.reply_timeout + sending.settle_wait),
        comparing=comparing,
    )


def _interruption(folder: RunFolder, report: IssuanceReport, state: RunState) -> Interrupted:
    if not report.settled:
        hint = f"To finish: {Command.RESUME.of(folder.path)}"
        return Interrupted("Stopped; everything issued so far is safe.", hint=hint)
    passes = counted(len(to_compare(state)), "pass was", "passes were")
    return Interrupted(
        f"Stopped after everything had been issued; {folder.workbook.name} has it all, and {passes} not compared yet.",
        hint=f"To compare them: {Command.RESUME.of(folder.path)}",
    )


def _handed_back(
    run: OpenPlan, state: RunState, key: WorkbookKey, ending: Ending, failure: BulktapError | None
) -> RunEnd:
    """Write the results; where the disk refuses the workbook, the end says what the journal holds all the same."""
    done = hand_back(run.folder, run.plan, state, key, ending)
    if done.lost_workbook is not None:
        finish = (Command.RESULTS if state.closed else Command.RESUME).of(run.folder.path)
        failure = _lost(done.lost_workbook, finish)
    return RunEnd(run.folder, run.plan, state, done, ending.throttled_steps, failure)


def _lost(refusal: DiskRefuses, finish: str) -> DiskRefuses:
    hint = f"{refusal.hint} Everything issued so far is safe in the journal; to write it: {finish}"
    return DiskRefuses(refusal.message, hint=hint)


@dataclass(frozen=True, slots=True)
class Means:
    """With what a plan is carried out."""

    access: TenantAccess
    """The way into the tenant."""
    sending: SendingSettings
    """Timeouts and ceilings."""
    clock: Clock
    observer: Observer
    """Hears how it goes."""
    stoppable: Callable[[Callable[[], object]], None]
    """Is handed a function, safe to call from a signal handler, that makes the run stop tidily."""
    spelling: Spelling
    """Says what settings are called in what is recorded."""
    recent: Mapping[str, AccessPass] = field(default_factory=dict)
    """Passes that other runs of ours issued lately, by folded object id and folded user."""
    guards: RunGuards = field(default_factory=RunGuards)
    """What the operator wants while passes are issued."""


def issue(
    plan: Plan,
    journal: Journal,
    before: RunState,
    means: Means,
    *,
    resumed: bool,
    store: EventStore | None = None,
    when_settled: Callable[[], None] | None = None,
) -> IssuanceReport:
    """Carry out the plan until every row has an outcome and is compared, or something stops it.

    Args:
        plan: what to do, and no more.
        journal: what has been done; it is written as the run goes.
        before: what was read of it; it goes on from there.
        means: with what.
        resumed: whether an earlier process has worked on this run.
        store: what stands in front of the journal, where something does.
        when_settled: called once, on another thread, when every row has its outcome and before the passes are compared
            with the tenant; until it returns nothing else uses the journal.
    """
    try:
        return asyncio.run(
            _issue(plan, journal.catch_up(before), store or journal, means, resumed=resumed, when_settled=when_settled)
        )
    finally:
        # From here on there is nothing to stop: a Ctrl-C while results are written lets them be written.
        means.stoppable(nothing_to_stop)


async def _issue(
    plan: Plan,
    before: RunState,
    store: EventStore,
    means: Means,
    *,
    resumed: bool,
    when_settled: Callable[[], None] | None,
) -> IssuanceReport:
    async def hand_back_first() -> None:
        if when_settled is not None:
            await asyncio.to_thread(when_settled)

    clock, observer, sending = means.clock, means.observer, means.sending
    service_clock = means.access.service_clock
    spelling = SpellingStore(store, means.spelling)
    async with means.access.client(sending) as client, Recorder(spelling, clock, observer) as recorder:
        tools = IssueTools(
            sender=make_sender(means.access, client, service_clock, observer),
            recorder=recorder,
            clock=clock,
            service_clock=service_clock,
            observer=observer,
            times=DoubtTimes(sending.reply_timeout, sending.settle_wait),
            limits=pacing_limits(sending),
            random=jitter,
        )
        issuing = Issuance(
            plan,
            before,
            tools,
            resumed=resumed,
            recent=means.recent,
            guards=means.guards,
            when_settled=hand_back_first,
        )
        loop = asyncio.get_running_loop()
        means.stoppable(partial(loop.call_soon_threadsafe, issuing.request_stop))
        return await issuing.run()
