"""Look up and decide: the tenant is asked about a roster's users, and every row gets its action.

What keeps (nearly) every row from a pass for one reason is asked, and decided anew with the answer. Where planning was
stopped a moment ago, it goes on where it was (`kept_answers`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bulktap.model.plan import PlanSettings, TenantFindings, TenantInfo
from bulktap.model.row_error_catalogue import about_users
from bulktap.operations.checked_roster import check, check_options
from bulktap.operations.common_causes import answered
from bulktap.operations.never_lists import note_of
from bulktap.planning.covered_rows import Selection
from bulktap.planning.decisions import PlanFrame, make_plan
from bulktap.planning.forecast import Sending
from bulktap.planning.guards import UserGuard
from bulktap.planning.name_checks import ACCEPT
from bulktap.results.wording import counted
from bulktap.roster.reading_options import to_texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bulktap.model.earlier_doubts import EarlierDoubt
    from bulktap.model.plan import Plan
    from bulktap.operations.context import OperationContext
    from bulktap.operations.run_locks import RunLocks
    from bulktap.operations.run_log import RunLog
    from bulktap.operations.run_settings import RunSettings, SendingSettings
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.planning.never_list import NeverList
    from bulktap.roster.files.input_bytes import RosterInput
    from bulktap.roster.model import CheckedRoster
    from bulktap.storage.run_folder import RunFolder

OFFLINE_TENANT = TenantInfo("", None, "", simulated=False)
"""Stands in an offline plan, which cannot be carried out."""


@dataclass(frozen=True, slots=True)
class NewRun:
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
    signed_in: bool = False
    """Whether one has signed in already."""
    doubts: Mapping[str, EarlierDoubt] = field(default_factory=dict)
    """Whom earlier runs have left in doubt."""


def look_up_and_decide(
    run: NewRun, settings: RunSettings, at: OperationContext, log: RunLog
) -> tuple[Plan, CheckedRoster, TenantFindings]:
    """Ask the tenant about the users, unless there is no access, and decide about every row.

    Returns:
        the plan, and what it was made of: the rows, checked with what was answered meanwhile, and what the tenant says.

    Raises:
        AccessError: sign-in failed, or the app may not list passes.
        GaveUp: the service gave no answers.
        QuestionOpen, NotInScope, NotConfirmed: see `common_causes.answered`.
    """
    if run.access is not None and not run.signed_in:
        run.access.sign_in(log.warn, at.front.say)
    if run.access is not None and run.locks is not None:
        run = replace(run, doubts=run.locks.doubts(run.access.service_clock.now()))
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


def _look_up(run: NewRun, settings: RunSettings, at: OperationContext, log: RunLog) -> TenantFindings:
    """Ask the tenant about the users of the rows that are to get a pass; nobody if there is no access."""
    if run.access is None:
        return TenantFindings(users={})
    from bulktap.dispatch.look_ups import Earlier, Portions, look_up
    from bulktap.operations.kept_answers import KeptAnswers
    from bulktap.operations.tenant_questions import ask

    selection = Selection(settings.care.limit, settings.care.only, settings.care.exclude)
    covered = [row for row in filter(selection.test(run.checked.columns), run.checked.rows) if not row.left_out]
    first = selection.first_portion
    portions = None if first is None else Portions(first, partial(_suffices, run, settings))
    kept = KeptAnswers(at.user_place, run.access)
    earlier = Earlier(kept.load(), kept.keep)
    if known := sum(row.user is not None and row.user.folded in earlier.known for row in covered):
        at.front.say(f"Of {known:,} rows the users were looked up a moment ago, before planning was stopped.")
    question = partial(look_up, portions=portions, earlier=earlier)
    findings = ask(question, covered, run.access, run.sending, at.clock, log, at.front.stoppable)
    kept.drop()
    listed = with_own_account(findings, run.access.own_account)
    found = _with_earlier_runs(run, listed)
    if unlisted := sum(found.users[one].live_pass is not there.live_pass for one, there in listed.users.items()):
        passes = f"{counted(unlisted, 'pass', 'passes')} that earlier runs issued within the last quarter of an hour"
        at.front.say(f"Counted as there, though not listed yet: {passes}.")
    return found


def with_own_account(findings: TenantFindings, object_id: str) -> TenantFindings:
    """Return the findings with a fault for whoever has signed in: nobody can create a pass for themselves."""
    if not object_id:
        return findings
    own = {
        folded: replace(one, error=one.error or about_users.user_self(one.upn or folded))
        for folded, one in findings.users.items()
        if object_id in {one.object_id, folded}
    }
    return replace(findings, users={**findings.users, **own}) if own else findings


def _with_earlier_runs(run: NewRun, findings: TenantFindings) -> TenantFindings:
    """Return the findings with what earlier runs know better than the lists."""
    if run.locks is None or run.access is None:
        return findings
    from bulktap.dispatch.doubt_times import DoubtTimes
    from bulktap.operations.earlier_doubts import with_doubts
    from bulktap.operations.recent_passes import with_recent

    findings = with_recent(findings, run.locks.recent(run.access.service_clock.now()))
    return with_doubts(findings, run.doubts, DoubtTimes(run.sending.reply_timeout, run.sending.settle_wait))


def _suffices(run: NewRun, settings: RunSettings, findings: TenantFindings) -> bool:
    """Return whether everybody was looked up for whom the plan would create a pass: `limit` needs no others."""
    if run.access is None:
        return True
    plan = _decide(run, settings, _with_earlier_runs(run, findings))
    return all(row.request is None or row.request.user.folded in findings.users for row in plan.creating())


def _decide(run: NewRun, settings: RunSettings, findings: TenantFindings) -> Plan:
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
        name=settings.name,
        names=ACCEPT if settings.care.names == ACCEPT else None,
        reading=to_texts(settings.reading.options),
        source={} if settings.source is None else settings.source.kept,
        guards=settings.care.guards,
        forget_after_minutes=settings.forget_after_minutes,
    )
