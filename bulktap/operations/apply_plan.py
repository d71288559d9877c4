"""Apply: issue the passes of a roster, or of a plan that was signed off.

    read        the roster, or the saved plan and the roster that it was made from (`plan_roster`, `saved_plan`)
    hold        the tenant and the run, so that no other command issues at the same time (`run_locks`)
    look up     who is there, who has a pass; of a saved plan, whether all that was signed off still holds
    plan        what will be done with every row, and the planning report
    show, ask   and nothing is sent unless the answer is yes
    journal     sealed with the passphrase; from here on the run can be resumed
    issue       in concurrent batches, every request recorded before it leaves, every pass before it is shown
    hand back   the encrypted workbook, the error report and the page, from the journal (`issue_passes`, `hand_back`)

Whoever starts it brings the answer, the passphrase and the way into the tenant (`context`).
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.journal import PassphraseKey
from bulktap.model.errors import NotConfirmed
from bulktap.model.run_state import RunState
from bulktap.model.setting_names import Command
from bulktap.operations.earlier_doubts import requests_taken_over
from bulktap.operations.garbage_collection import seldom_collected
from bulktap.operations.given_roster import one_roster, require_same_list
from bulktap.operations.guards import (
    require_no_unfinished_run,
    require_not_too_many,
    require_nothing_forbids,
    require_somebody_left,
)
from bulktap.operations.hand_back import Ending, hand_back
from bulktap.operations.issue_passes import RunEnd, issue_passes
from bulktap.operations.never_lists import folders_of_lists, never_list
from bulktap.operations.plan_roster import new_plan, saved_as_it_is
from bulktap.operations.planned_run import OpenPlan
from bulktap.operations.run_journal import open_journal
from bulktap.operations.run_locks import run_locks
from bulktap.operations.run_meant import run_among
from bulktap.operations.saved_plan import events_of, require_as_signed, require_fresh
from bulktap.operations.sealed_tenant import reach_again, require_same_tenant, sealed_in_plan
from bulktap.operations.served_before import served_before
from bulktap.operations.spelled_events import spelled_events
from bulktap.planning.guards import UserGuard, typed_confirmation
from bulktap.planning.plan_review import review
from bulktap.storage.run_folder import places_to_guard

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bulktap.model.plan import Plan
    from bulktap.model.run_events import Event
    from bulktap.operations.context import OperationContext
    from bulktap.operations.run_log import RunLog
    from bulktap.operations.run_settings import RunSettings
    from bulktap.planning.guards import TypedConfirmation
    from bulktap.storage.run_folder import RunFolder


@seldom_collected()
def apply_plan(what: Path | Sequence[Path], settings: RunSettings, at: OperationContext) -> RunEnd:
    """Issue the passes of a roster, after asking; or carry out the saved plan of a run.

    Args:
        what: the roster's file or files, or a run's folder or id; nothing where the settings name a list of the tenant.
        settings: what shapes the run.
        at: what the operation works with.

    Returns:
        how the run ended, and what was written; also where something stopped it once passes were being issued.

    Raises:
        BulktapError: what keeps the run from beginning; nothing was sent.
    """
    source = one_roster(what, settings)
    folder = None if source is None else run_among(source, settings.reports)
    rehearsed = folder is not None and folder.simulated_tenant.exists()
    at.passphrases.require_usable(simulated=rehearsed or at.ways.simulated)
    with ExitStack() as stack, at.log() as log:
        # Read the roster, hold its tenant, look its people up and plan; or load what was signed off, and look again.
        if folder is None:
            run = new_plan(source, settings, at, log, stack, issuing=True)
        else:
            run = _signed_plan(folder, settings, at, log, stack)
        plan = run.plan

        # Show what would be done, stop where policy, strictness or an earlier run forbid it, and ask.
        earlier = served_before(plan, run.folder, places_to_guard(run.folder, settings.reports))
        at.front.show(plan, run.still, review(plan, run.still, now=at.clock.now(), earlier=earlier))
        require_nothing_forbids(plan, strict=settings.care.strict or plan.settings.strict)
        require_not_too_many(plan, run.guards, run.still.left_out)
        if run.locks is not None:
            require_no_unfinished_run(plan, run.folder, run.locks.places)
        if not any(row.action.creates for row in plan.rows):
            run.require_written()
            return _nothing_to_issue(run, at, log)
        require_somebody_left(plan, run.still.left_out)
        if not at.front.agrees(plan, _what_is_typed(run)):
            raise _not_confirmed(plan, run.folder)

        # Open the journal, issue the passes, hand back what the journal says.
        passphrase = at.passphrases.new()
        key = PassphraseKey(passphrase).made_ahead()  # while the plan is being written and packed
        run.require_written()
        known = spelled_events([*_taken_over(run), *events_of(run.still)], at.front.spell)
        with open_journal(plan, run.folder, key, at.clock.now(), known) as journal:
            return issue_passes(run, journal, passphrase, at, log, resumed=False)


def _signed_plan(
    folder: RunFolder, settings: RunSettings, at: OperationContext, log: RunLog, stack: ExitStack
) -> OpenPlan:
    """Load the plan that was signed off, hold its tenant, and make sure that it still holds.

    Raises:
        PlanRefused: it was edited, has expired, was carried out, or is not what tenant and roster say now.
        InUse: another command issues for the tenant.
        AccessError, GaveUp, PolicyForbids: see `saved_plan.require_as_signed`.
    """
    saved = saved_as_it_is(folder, settings, at)
    plan = saved.plan
    folder.require_private()
    require_fresh(plan, folder, at.clock.now())
    never = never_list(folders_of_lists(plan.roster.path, settings.reports, folder.path.parent, at.user_lists))
    sealed = sealed_in_plan(plan)
    access = stack.enter_context(reach_again(sealed, folder, at.ways))
    require_same_tenant(sealed, access)
    locks = run_locks(folder, settings.reports, access, at.user_place)
    locks.hold_tenant(stack, at.front.say)
    stack.enter_context(folder.lock())
    log.write_to(folder.event_log(settings.log_file))
    access.sign_in(log.warn, at.front.say)
    sending = settings.sending.to(rehearsal=plan.tenant.rehearsal)
    care = settings.care
    guards = care.guards.with_also(plan.settings.guards)
    guard = UserGuard(guards, never)
    still = require_as_signed(saved, access, sending, at, log, guard, strict=care.strict, accepted=care.accept)
    still = require_same_list(saved, still, access, sending, at, log)
    return OpenPlan(plan, folder, access, locks, sending, just_planned=False, guards=guards, still=still)


def _taken_over(run: OpenPlan) -> list[Event]:
    """Return the requests of earlier runs that this one settles."""
    if run.locks is None or run.access is None:
        return []
    return requests_taken_over(run.plan, run.locks.doubts(run.access.service_clock.now()))


def _what_is_typed(run: OpenPlan) -> TypedConfirmation | None:
    return typed_confirmation(run.plan, run.guards, run.still.left_out, run.domains or run.still.domains)


def _not_confirmed(plan: Plan, folder: RunFolder) -> NotConfirmed:
    """Return what is said where somebody does not agree: the plan is kept, as far as it can be carried out later."""
    if not plan.roster.path:
        return NotConfirmed("Nothing was issued.", hint="To plan again, hand the roster over once more.")
    until = plan.expires_at.astimezone(ZoneInfo(plan.settings.timezone))
    return NotConfirmed(
        f"Nothing was issued. The plan is kept, and valid until {until:%Y-%m-%d %H:%M} ({plan.settings.timezone}).",
        hint=f"To carry it out as it is: {Command.APPLY.of(folder.path)}",
    )


def _nothing_to_issue(run: OpenPlan, at: OperationContext, log: RunLog) -> RunEnd:
    """Hand back the reports of a plan that creates no pass; there is no journal and no workbook."""
    at.front.say("There is no pass to issue.")
    plan, now = run.plan, at.clock.now()
    state = RunState(plan.run, plan.tenant.tenant_id, {}, closed=True)
    done = hand_back(run.folder, plan, state, None, Ending(now, now, 0, None))
    return RunEnd(run.folder, plan, state, done, throttled_steps=0, failure=None).logged(log)
