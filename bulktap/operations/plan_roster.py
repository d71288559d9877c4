"""Plan a roster: read it, look its people up, decide about every row, and write down what would happen; nothing else.

    read        the file becomes checked rows, with whatever is wrong with each
    reach       the way into the tenant, a pretend one for a rehearsal; none at all offline
    look up     the tenant says who is there, who has a pass that works, and what its policy allows
    decide      every row gets its action; `limit` cuts, the forecast counts
    ask         what keeps (nearly) every row from a pass for one reason is a question, before any plan is shown
    write       the plan for programs, the planning report for people, the error report where a row is refused
    show        whoever started it sees what would be done

A plan ends here. `apply_plan` goes the same way, holding the tenant from the moment it is reached.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bulktap.model.errors import BulktapError, InUse
from bulktap.model.guards import Guards
from bulktap.model.plan import PlanSettings, TenantFindings, TenantInfo
from bulktap.operations.checked_roster import check, check_options, with_saved_mapping, worth_saving
from bulktap.operations.common_causes import answered
from bulktap.operations.garbage_collection import seldom_collected
from bulktap.operations.guards import require_not_too_many, require_nothing_forbids
from bulktap.operations.hand_back import code_for, existing_files
from bulktap.operations.kept_answers import KeptAnswers
from bulktap.operations.names_settled import require_names_settled, with_names_settled
from bulktap.operations.never_lists import folders_of_lists, never_list, note_of
from bulktap.operations.reading_questions import read_with_answers
from bulktap.operations.recent_passes import with_recent
from bulktap.operations.run_locks import run_locks
from bulktap.operations.saved_plan import SETTLING, SignedStill, load_with_roster, named_run, require_no_other_wish
from bulktap.operations.side_work import SideWork
from bulktap.operations.sign_off import sign_off_view
from bulktap.planning.decisions import PlanFrame, make_plan
from bulktap.planning.forecast import Sending
from bulktap.planning.guards import UserGuard, barred_rows
from bulktap.planning.name_checks import ACCEPT
from bulktap.planning.plan_review import review
from bulktap.planning.selection import Selection
from bulktap.results.output_registry import PLAN_OUTPUTS, RUN_OUTPUTS
from bulktap.results.row_results import checked_counts, run_counts
from bulktap.roster.files.input_bytes import STANDARD_INPUT, RosterInput
from bulktap.roster.reading_options import to_texts
from bulktap.storage import write_file
from bulktap.storage.output_files import OutputFiles
from bulktap.storage.run_folder import new_run_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from bulktap.model.exit_codes import ExitCode
    from bulktap.model.plan import Plan
    from bulktap.model.plan_review import PlanReview
    from bulktap.model.row_errors import RowError
    from bulktap.operations.context import OperationContext
    from bulktap.operations.run_locks import RunLocks
    from bulktap.operations.run_log import RunLog
    from bulktap.operations.run_settings import RunSettings, SendingSettings
    from bulktap.operations.saved_plan import SavedPlan
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.planning.never_list import NeverList
    from bulktap.results.sign_off_view import SignOffView
    from bulktap.roster.model import CheckedRoster
    from bulktap.storage.run_folder import RunFolder

OFFLINE_TENANT = TenantInfo("", None, "", simulated=False)
"""Stands in an offline plan, which cannot be carried out."""


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A plan, and where it was written."""

    plan: Plan
    folder: RunFolder
    counts: Mapping[str, int]
    """The contract's counts."""
    files: tuple[Path, ...]
    """The files of the run that exist now."""
    review: PlanReview
    """What a yes to the plan would agree to: warnings by kind, times, who is replaced."""

    @property
    def exit_code(self) -> ExitCode:
        """What a dry run exits with."""
        return code_for(dict(self.counts) | {"not_sent": 0})

    @property
    def can_be_carried_out(self) -> bool:
        """True if there is something to issue, and nothing was issued yet."""
        creates = any(row.action.creates for row in self.plan.rows)
        return creates and not self.plan.settings.offline and not self.folder.journal.exists()


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """A plan that is about to be shown or carried out, and all that is open meanwhile."""

    plan: Plan
    folder: RunFolder
    access: TenantAccess | None
    """None for a plan that was made offline."""
    locks: RunLocks | None
    """What keeps other commands off; None for a plan that was made offline."""
    sending: SendingSettings
    just_planned: bool
    """True if this very process asked the tenant about the plan's users."""
    guards: Guards = field(default_factory=Guards)
    """What the run keeps to: the plan's own, and those of this command."""
    domains: tuple[str, ...] = ()
    """The tenant's verified domains, where this very process read them."""
    barred: Mapping[int, RowError] = field(default_factory=dict)
    """Rows of an earlier plan for which nothing is sent any more, by plan number."""
    still: SignedStill = field(default_factory=SignedStill)
    """What holding a saved plan against the tenant once more has shown."""
    writing: SideWork | None = None
    """What writes a new plan down meanwhile."""

    def require_written(self) -> None:
        """Wait until the plan and its reports are written.

        Raises:
            DiskRefuses: they cannot be.
        """
        if self.writing is not None:
            self.writing.finish()


@seldom_collected()
def plan_roster(roster: Path, settings: RunSettings, at: OperationContext) -> PlannedRun:
    """Say what would happen with a roster, or with the saved plan of a run; nothing is issued.

    Raises:
        RosterError: the roster cannot be used as it is.
        PlanRefused: the saved plan is not what it was.
        AccessError, GaveUp: the tenant cannot be asked.
        PolicyForbids, StrictRefusal: carrying the plan out would stop here.
    """
    with ExitStack() as stack, at.log() as log:
        folder = named_run(roster, settings.reports)
        if folder is not None:
            plan, still = _saved_still(folder, settings, at)
        else:
            opened = new_plan(roster, settings, at, log, stack, issuing=False)
            plan, folder, still = opened.plan, opened.folder, opened.still
            opened.require_written()
        reviewed = review(plan, still, now=at.clock.now())
        at.front.show(plan, still, reviewed)
        require_names_settled(plan)
        require_nothing_forbids(plan, strict=settings.care.strict or plan.settings.strict)
        require_not_too_many(plan, settings.care.guards.with_also(plan.settings.guards), still.left_out)
        return PlannedRun(plan, folder, run_counts(plan, None), existing_files(folder), reviewed)


def _saved_still(folder: RunFolder, settings: RunSettings, at: OperationContext) -> tuple[Plan, SignedStill]:
    """Load a saved plan, and say which of its rows the kept lists and guards of today leave out."""
    plan = saved_as_it_is(folder, settings, at).plan
    never = never_list(folders_of_lists(plan.roster.path, settings.reports, folder.path.parent, at.user_lists))
    guards = settings.care.guards.with_also(plan.settings.guards)
    return plan, SignedStill(left_out=barred_rows(plan, UserGuard(guards, never, asked=not plan.settings.offline)))


def saved_as_it_is(folder: RunFolder, settings: RunSettings, at: OperationContext) -> SavedPlan:
    """Load the plan that was saved in a run's folder, and its roster.

    Raises:
        PlanRefused: it was edited, or its roster has changed or is gone.
        UsageError: something else was asked for than what it does.
    """
    at.front.run_is(folder)
    at.front.say(f"Loading the plan of {folder.run} ...")
    saved = load_with_roster(folder, settings.reading)
    plan = saved.plan
    at.front.tenant_is(plan.tenant)
    at.front.stands(run_counts(plan, None), existing_files(folder))
    if settings.asked.keys() & SETTLING:
        require_no_other_wish(plan, settings, plan_settings(settings, at.clock.now()))
    return saved


def new_plan(
    roster: Path, settings: RunSettings, at: OperationContext, log: RunLog, stack: ExitStack, *, issuing: bool
) -> OpenPlan:
    """Make a plan of a roster, and write it down.

    Args:
        roster: the file.
        settings: what shapes the plan.
        at: what the operation works with.
        log: hears how it goes.
        stack: what is open until the operation ends.
        issuing: whether the plan will be carried out at once; then tenant and run are held before anybody is asked.

    Raises:
        RosterError: the roster cannot be used as it is, or names other people than the tenant and nobody can be asked.
        NotConfirmed: it names other people than the tenant, and the answer is to stop.
        AccessError, GaveUp, PolicyForbids: see `look_up_and_decide`.
        InUse: another command issues for the tenant.
    """
    settings = with_saved_mapping(roster, settings)
    offline, front = settings.care.offline, at.front
    never = never_list(folders_of_lists(str(roster), settings.reports, at.user_lists))
    if not offline and (roster == STANDARD_INPUT or roster.exists()):
        at.ways.require_settings()
    if issuing and not at.ways.simulated:
        settings = replace(settings, reading=replace(settings.reading, zone_must_be_named=True))
    front.say(f"Reading {roster.name or roster} ...")
    now = at.clock.now()
    asked = settings
    source = RosterInput(roster)
    checked, settings = read_with_answers(source, settings, now, front)
    folder = new_run_folder(settings.reports, roster.name, now, at.random_bytes)
    front.run_is(folder)
    front.stands(checked_counts(len(checked.rows), sum(row.request is None for row in checked.rows)), ())
    log.write_to(folder.event_log(settings.log_file))

    access = None if offline else stack.enter_context(at.ways.to_new(checked, folder))
    locks = None if access is None else run_locks(folder, settings.reports, access, at.user_place)
    if issuing and locks is not None:
        _hold_new_run(locks, at, log, stack)
    sending = settings.sending.to(rehearsal=at.ways.rehearses)
    new = _NewRun(source, checked, folder, now, access, locks, sending, never)
    plan, checked, found = look_up_and_decide(new, settings, at, log)
    plan = plan.spelled(front.spell)
    advice = worth_saving(roster, asked)
    try:
        plan = with_names_settled(plan, checked, settings.care.names, front, folder.plan_page)
    except BulktapError:
        # The plan says which rows it is about.
        _write_down(sign_off_view(plan, folder, access, settings), folder, advice, at, stack)
        front.show(plan, SignedStill(), review(plan, now=now))
        raise
    writing = _write_down(sign_off_view(plan, folder, access, settings), folder, advice, at, stack)
    guards, domains = plan.settings.guards, found.domains
    return OpenPlan(
        plan, folder, access, locks, sending, just_planned=True, guards=guards, domains=domains, writing=writing
    )


def _write_down(
    view: SignOffView, folder: RunFolder, advice: Sequence[str], at: OperationContext, stack: ExitStack
) -> SideWork:
    """Begin to write the plan and its reports, and say what is worth keeping for next time.

    They are written while the plan is read and agreed to, and are there, each in full, before anything is sent.
    """
    at.front.tenant_is(view.plan.tenant)
    for line in (*advice, "Writing the planning report ..."):
        at.front.say(line)
    counts = run_counts(view.plan, None)
    return stack.enter_context(
        SideWork(partial(write_plan, folder, view), lambda: at.front.stands(counts, existing_files(folder)))
    )


@dataclass(frozen=True, slots=True)
class _NewRun:
    """A run that has its roster, and no plan yet."""

    source: RosterInput
    checked: CheckedRoster
    folder: RunFolder
    now: datetime
    """When the roster was checked; a saved plan is checked against it again as of then."""
    access: TenantAccess | None
    locks: RunLocks | None
    sending: SendingSettings
    never: NeverList


def _hold_new_run(locks: RunLocks, at: OperationContext, log: RunLog, stack: ExitStack) -> None:
    """Hold tenant and run; where another command holds the tenant, nothing of the new run is left."""
    try:
        locks.hold_tenant(stack, at.front.say)
        stack.enter_context(locks.folder.lock())
    except InUse:
        at.front.run_is(None)
        log.end()
        shutil.rmtree(locks.folder.path)
        raise


def look_up_and_decide(
    run: _NewRun, settings: RunSettings, at: OperationContext, log: RunLog
) -> tuple[Plan, CheckedRoster, TenantFindings]:
    """Ask the tenant about the users, unless there is no access, and decide about every row.

    Returns:
        the plan, and what it was made of: the rows, checked with what was answered meanwhile, and what the tenant says.

    Raises:
        AccessError: sign-in failed, or the app may not list passes.
        GaveUp: the service gave no answers.
        QuestionOpen, NotInScope, NotConfirmed: see `common_causes.answered`.
    """
    if run.access is not None:
        run.access.sign_in(log.warn)
    found = _look_up(run, settings, at, log)
    while True:
        plan = _decide(run, settings, found)
        at.front.tenant_is(plan.tenant)
        better = answered(plan, run.checked, found, settings, at.front)
        if better is None:
            return plan, run.checked, found
        # The answer stands where the setting would: rows are checked with it, and users that it names are looked up.
        before = {row.user for row in run.checked.rows}
        run, settings = replace(run, checked=check(run.source, better, run.now)), better
        if {row.user for row in run.checked.rows} != before or not _suffices(run, settings, found):
            found = _look_up(run, settings, at, log)


def _look_up(run: _NewRun, settings: RunSettings, at: OperationContext, log: RunLog) -> TenantFindings:
    """Ask the tenant about the users of the rows that are to get a pass; nobody if there is no access."""
    if run.access is None:
        return TenantFindings(users={})
    from bulktap.dispatch.look_ups import Earlier, Portions, look_up
    from bulktap.operations.tenant_questions import ask

    selection = Selection(settings.care.limit, settings.care.only, settings.care.exclude)
    covered = list(filter(selection.test(run.checked.columns), run.checked.rows))
    first = selection.first_portion
    portions = None if first is None else Portions(first, partial(_suffices, run, settings))
    kept = KeptAnswers(at.user_place, run.access)
    earlier = Earlier(kept.load(), kept.keep)
    if known := sum(row.user is not None and row.user.folded in earlier.known for row in covered):
        at.front.say(f"Of {known:,} rows the users were looked up a moment ago, before planning was stopped.")
    question = partial(look_up, portions=portions, earlier=earlier)
    findings = ask(question, covered, run.access, run.sending, at.clock, log, at.front.stoppable)
    kept.drop()
    return _with_recent(run, findings)


def _with_recent(run: _NewRun, findings: TenantFindings) -> TenantFindings:
    if run.locks is None or run.access is None:
        return findings
    return with_recent(findings, run.locks.recent(run.access.service_clock.now()))


def _suffices(run: _NewRun, settings: RunSettings, findings: TenantFindings) -> bool:
    """Return whether everybody was looked up for whom the plan would create a pass: `limit` needs no others."""
    if run.access is None:
        return True
    plan = _decide(run, settings, _with_recent(run, findings))
    return all(row.request is None or row.request.user.folded in findings.users for row in plan.creating())


def _decide(run: _NewRun, settings: RunSettings, findings: TenantFindings) -> Plan:
    sending = run.sending
    frame = PlanFrame(
        run.folder.run,
        run.now,
        timedelta(seconds=settings.care.plan_valid_for),
        OFFLINE_TENANT if run.access is None else run.access.info(findings.tenant_name),
        plan_settings(settings, run.now),
        Selection(settings.care.limit, settings.care.only, settings.care.exclude),
        Sending(sending.assume, sending.concurrency, sending.max_rate),
        UserGuard(settings.care.guards, run.never, asked=run.access is not None),
    )
    findings = replace(findings, notes=(*findings.notes, *note_of(run.never)))
    return make_plan(run.checked, findings, frame)


def plan_settings(settings: RunSettings, now: datetime) -> PlanSettings:
    """Return the settings as the plan keeps them."""
    options = check_options(settings, now)
    return PlanSettings(
        timezone=options.timezone.key,
        existing=settings.passes.existing,
        terms=options.defaults,
        strict=settings.care.strict,
        offline=settings.care.offline,
        ticket=settings.care.ticket,
        reason=settings.care.reason,
        names=ACCEPT if settings.care.names == ACCEPT else None,
        reading=to_texts(settings.reading.options),
        guards=settings.care.guards,
    )


def write_plan(folder: RunFolder, view: SignOffView) -> None:
    """Write the plan for programs and for people, and the error report where a row is refused."""
    written_again = {output.name for output in RUN_OUTPUTS}
    for output in PLAN_OUTPUTS:
        content = output.render(view)
        if content is None:
            continue
        if output.name in written_again:
            # Remembered as ours, so that corrections made in it before the run begins are not written over.
            files = OutputFiles(folder.path)
            files.write(output.name, content, set_aside=lambda _: False, now=view.plan.created_at)
        else:
            write_file(folder.path / output.name, content)
