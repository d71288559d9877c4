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

import json
import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING

from bulktap.model.errors import BulktapError, InUse
from bulktap.operations.garbage_collection import seldom_collected
from bulktap.operations.given_roster import one_roster, read_file, read_list
from bulktap.operations.guards import require_not_too_many, require_nothing_forbids
from bulktap.operations.handed_back import existing_files
from bulktap.operations.loading_ahead import FOR_PLANNING, load_ahead
from bulktap.operations.look_up_and_decide import NewRun, look_up_and_decide, plan_settings
from bulktap.operations.names_settled import require_names_settled, with_names_settled
from bulktap.operations.never_lists import folders_of_lists, never_list
from bulktap.operations.plan_files import begin_to_write
from bulktap.operations.planned_run import OpenPlan, PlannedRun
from bulktap.operations.run_meant import run_among
from bulktap.operations.run_settings import ListWish
from bulktap.operations.served_before import served_before
from bulktap.operations.sign_off import sign_off_view
from bulktap.operations.signed_still import SignedStill
from bulktap.planning.guards import UserGuard, barred_rows
from bulktap.planning.plan_review import review
from bulktap.results.row_results import checked_counts, run_counts
from bulktap.storage.files import patiently
from bulktap.storage.run_folder import places_to_guard
from bulktap.storage.run_names import require_new_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bulktap.model.plan import Plan
    from bulktap.operations.context import OperationContext
    from bulktap.operations.given_roster import GivenRoster
    from bulktap.operations.run_locks import RunLocks
    from bulktap.operations.run_log import RunLog
    from bulktap.operations.run_settings import RunSettings
    from bulktap.operations.saved_plan import SavedPlan
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.roster.files.input_bytes import RosterInput
    from bulktap.roster.model import CheckedRoster
    from bulktap.storage.run_folder import RunFolder


@seldom_collected()
def plan_roster(roster: Path | Sequence[Path], settings: RunSettings, at: OperationContext) -> PlannedRun:
    """Say what would happen with a roster, of one file or several, or with the saved plan of a run; nothing is issued.

    Without a roster the settings name a list of the tenant.

    Raises:
        RosterError: the roster cannot be used as it is.
        PlanRefused: the saved plan is not what it was.
        AccessError, GaveUp: the tenant cannot be asked.
        PolicyForbids, StrictRefusal: carrying the plan out would stop here.
    """
    source = one_roster(roster, settings)
    with ExitStack() as stack, at.log() as log:
        folder = None if source is None else run_among(source, settings.reports)
        if folder is not None:
            plan, still = _saved_still(folder, settings, at)
        else:
            opened = new_plan(source, settings, at, log, stack, issuing=False)
            plan, folder, still = opened.plan, opened.folder, opened.still
            opened.require_written()
        earlier = served_before(plan, folder, places_to_guard(folder, settings.reports))
        reviewed = review(plan, still, now=at.clock.now(), earlier=earlier)
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
    from bulktap.operations.saved_plan import SETTLING, load_with_roster, require_no_other_wish

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
    source: RosterInput | None,
    settings: RunSettings,
    at: OperationContext,
    log: RunLog,
    stack: ExitStack,
    *,
    issuing: bool,
) -> OpenPlan:
    """Make a plan of a roster, and write it down.

    Args:
        source: the file, or several; None where the settings name a list of the tenant.
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
        UsageError: another run has the name that this one is to have.
    """
    if settings.name is not None:
        require_new_name(settings.reports, settings.name)
    front, now = at.front, at.clock.now()
    beside = "" if source is None else source.told or str(source.path)
    never = never_list(folders_of_lists(beside, settings.reports, at.user_lists))
    if source is not None:
        given = read_file(source, settings, now, at)
    else:
        given = read_list(settings.source or ListWish(), settings, now, at, log, stack)
    checked, settings, folder, advice = given.checked, given.settings, given.folder, given.advice
    front.run_is(folder)
    front.stands(_checked_counts(checked), ())
    log.write_to(folder.event_log(settings.log_file))

    access = None if settings.care.offline else given.access or _entered(given, at, stack)
    if access is not None:
        load_ahead(FOR_PLANNING)
    locks = None if access is None else _locks(folder, settings, access, at)
    if issuing and locks is not None:
        _hold_new_run(locks, at, log, stack)
    sending = settings.sending.to(rehearsal=at.ways.rehearses)
    signed_in = given.access is not None
    new = NewRun(given.source, checked, folder, now, access, locks, sending, never, signed_in)
    plan, checked, found = look_up_and_decide(new, settings, at, log)
    plan = plan.spelled(front.spell)
    try:
        plan = with_names_settled(plan, checked, settings.care.names, front, folder.plan_page)
    except BulktapError:
        # The plan says which rows it is about.
        begin_to_write(sign_off_view(plan, folder, access, settings), folder, advice, at, stack)
        front.show(plan, SignedStill(), review(plan, now=now))
        raise
    writing = begin_to_write(sign_off_view(plan, folder, access, settings), folder, advice, at, stack)
    guards, domains = plan.settings.guards, found.domains
    return OpenPlan(
        plan, folder, access, locks, sending, just_planned=True, guards=guards, domains=domains, writing=writing
    )


def _entered(given: GivenRoster, at: OperationContext, stack: ExitStack) -> TenantAccess:
    """Open the way into the tenant; rehearsals of one list of a tenant share what became of it."""
    source = given.settings.source
    list_name = "" if source is None else f"list {json.dumps(source.kept, sort_keys=True)}"
    return stack.enter_context(at.ways.to_new(given.checked, given.folder, list_name))


def _locks(folder: RunFolder, settings: RunSettings, access: TenantAccess, at: OperationContext) -> RunLocks:
    from bulktap.operations.run_locks import run_locks  # looks at earlier runs, which a plan without a tenant does not

    return run_locks(folder, settings.reports, access, at.user_place)


def _checked_counts(checked: CheckedRoster) -> dict[str, int]:
    left_out = sum(row.left_out for row in checked.rows)
    return checked_counts(len(checked.rows), sum(row.request is None for row in checked.rows) - left_out, left_out)


def _hold_new_run(locks: RunLocks, at: OperationContext, log: RunLog, stack: ExitStack) -> None:
    """Hold tenant and run; where another command holds the tenant, nothing of the new run is left."""
    try:
        locks.hold_tenant(stack, at.front.say)
        stack.enter_context(locks.folder.lock())
    except InUse:
        at.front.run_is(None)
        log.end()
        patiently(lambda: shutil.rmtree(locks.folder.path))
        raise
