"""A saved plan, carried out once: what was signed off is exactly what is done, or it is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.model.errors import BulktapError, PlanRefused, UsageError
from bulktap.model.outcomes import Refused
from bulktap.model.plan import Field, RosterRow
from bulktap.model.run_events import Noted, Settled
from bulktap.model.setting_names import Command, Setting
from bulktap.model.zone_words import zoned_moment
from bulktap.operations.checked_roster import read_again
from bulktap.operations.common_causes import require_no_common_cause
from bulktap.operations.guards import carried_out, require_passes_allowed
from bulktap.operations.names_settled import require_names_settled
from bulktap.operations.signed_still import SignedStill
from bulktap.planning.guards import barred_now
from bulktap.planning.still_as_signed import changed_by_policy, disagreement, not_shown, now_blocked, to_resolve
from bulktap.results.plan_file.plan_json import check_plan_json, require_current
from bulktap.results.plan_file.plan_parser import plan_from_json, plan_head
from bulktap.roster.reading_options import from_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from bulktap.dispatch.observer import Observer
    from bulktap.model.plan import Plan, PlanSettings
    from bulktap.model.run_events import Event
    from bulktap.operations.context import OperationContext
    from bulktap.operations.run_settings import ReadingSettings, RunSettings, SendingSettings
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.planning.guards import UserGuard
    from bulktap.roster.model import CheckedRoster
    from bulktap.storage.run_folder import RunFolder

_PLAN_AGAIN = f"Make a new plan with {Command.PLAN}, and have it signed off again."


_CUTS = frozenset({"limit", "only", "except_", "board", "print_rows"})
"""Settings that choose rows, or what the page that is signed says, once and for all when the plan is made."""
_SETTLED: Mapping[str, Callable[[PlanSettings], object]] = {
    "lifetime": lambda kept: kept.terms.lifetime_minutes,
    "start": lambda kept: kept.terms.starts_at,
    "one_time": lambda kept: kept.terms.usable_once,
    "existing": lambda kept: kept.existing,
    "ticket": lambda kept: kept.ticket,
    "reason": lambda kept: kept.reason,
    "names": lambda kept: kept.names,
    "name": lambda kept: kept.name,
    "forget_after": lambda kept: kept.forget_after_minutes,
}
"""Settings that a plan keeps, and where."""
_GUARDS: Mapping[str, str] = {
    "max_rows": "max_rows",
    "stop_after_failures": "stop_after_failures",
    "type_from_rows": "type_from_rows",
    "type_from_lifetime": "type_from_lifetime",
    "type_from_replacements": "type_from_replacements",
    "confirm_by": "typed_by_person",
}
"""Guards of which the stricter one holds, and where they are kept; one that is looser has no effect."""
SETTLING = _CUTS | _SETTLED.keys() | _GUARDS.keys()
"""Settings that only a new plan obeys; guards, as far as they would loosen it."""


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan that was saved, and its roster as it was read again."""

    plan: Plan
    checked: CheckedRoster


def require_no_other_wish(plan: Plan, settings: RunSettings, wished: PlanSettings) -> None:
    """Make sure that what this very command asks for is what the saved plan does; what a variable says is for new ones.

    Args:
        plan: what was saved.
        settings: those of this command.
        wished: what a plan would keep of them.

    Raises:
        UsageError: one of them asks for something else.
    """
    asked = settings.asked
    others = asked.keys() & _CUTS
    if len(list(plan.creating())) <= (settings.care.limit or 0):
        others -= {"limit"}
    others |= {
        name for name, settled in _SETTLED.items() if name in asked and settled(wished) != settled(plan.settings)
    }
    _refuse(plan, settings, others | _looser(plan, settings))


def require_no_looser_guard(plan: Plan, settings: RunSettings) -> None:
    """Make sure that this very command does not ask for less than the guards that a plan keeps.

    Raises:
        UsageError: it does.
    """
    _refuse(plan, settings, _looser(plan, settings))


def _refuse(plan: Plan, settings: RunSettings, others: Collection[str]) -> None:
    if others:
        asked = settings.asked
        raise UsageError(
            f"{', '.join(asked[name] for name in asked if name in others)} cannot be obeyed: "
            f"the plan of {plan.run} is settled.",
            hint=f"Leave it out, or make a new plan with it: {Command.PLAN}.",
        )


def _looser(plan: Plan, settings: RunSettings) -> set[str]:
    """Return the guards that this very command asks for and that want less than the plan's."""
    kept, wanted = plan.settings.guards, settings.care.guards
    looser = set(wanted.looser_than(kept))
    if kept.typed_by_person and not wanted.typed_by_person:
        looser.add("typed_by_person")
    return {name for name, place in _GUARDS.items() if name in settings.asked and place in looser}


def load_with_roster(folder: RunFolder, reading: ReadingSettings) -> SavedPlan:
    """Return the plan that was saved in a run's folder, and its roster, checked again as it was when it was made.

    Raises:
        PlanRefused: it was edited, its roster has changed or is gone, or an earlier version of bulktap made it.
    """
    data = _bytes_of(folder)
    head = plan_head(data)
    require_current(data)
    if head.run != folder.run:
        raise PlanRefused(
            f"The plan in the folder {folder.run} is that of the run {head.run}.",
            hint=f"If the folder was renamed, rename it to {head.run}; else put this run's own plan back.",
        )
    return _with_roster(data, head, reading)


def _bytes_of(folder: RunFolder) -> bytes:
    try:
        return folder.read_plan()
    except OSError as error:
        raise PlanRefused(f"The plan of {folder.run} cannot be read: {error.strerror}.", hint=_PLAN_AGAIN) from None


def _with_roster(data: bytes, head: Plan, reading: ReadingSettings) -> SavedPlan:
    try:
        from_texts(head.settings.reading)
    except ValueError as wrong:
        raise PlanRefused(f"How the roster of this plan was read is not told: {wrong}.", hint=_PLAN_AGAIN) from None
    try:
        checked = read_again(head, reading)
    except BulktapError as trouble:
        raise PlanRefused(
            f"The roster {head.roster.file} that this plan was made from cannot be read any more: {trouble.message}",
            hint=_PLAN_AGAIN,
        ) from trouble
    if checked.info.sha256 != head.roster.sha256:
        raise PlanRefused(
            f"The roster {head.roster.file} has changed since this plan was made.",
            hint=_PLAN_AGAIN,
        )
    plan = plan_from_json(data, [row.source for row in checked.rows])
    read = replace(plan.roster, dropped=checked.info.dropped)
    return SavedPlan(replace(plan, roster=read), checked)


def load_for_rescue(folder: RunFolder, digest: str, reading: ReadingSettings) -> Plan | None:
    """Return the plan in plan.json, if it is the one of this digest; without the roster, its other columns are empty.

    Args:
        folder: the run's folder, whose journal has lost the plan.
        digest: of the plan that the journal was made for.
        reading: how the roster is to be read again, if it is still there.
    """
    try:
        data = folder.read_plan()
        if check_plan_json(data) != digest:
            return None
    except (OSError, PlanRefused):
        return None
    try:
        return _with_roster(data, plan_head(data), reading).plan
    except BulktapError:
        return plan_from_json(data, _sources_without_roster(data))


def _sources_without_roster(data: bytes) -> list[RosterRow]:
    """Return the rows of the roster as far as a sound plan.json tells them: the user and the group."""
    columns = plan_head(data).columns
    told = {columns.index(Field.GROUP): "group", columns.index(Field.USER): "user"}
    places = [told.get(number) for number in range(len(columns.headings))]
    return [
        RosterRow(row["file"], row["sheet"], row["row"], tuple(row[place] if place else None for place in places))
        for row in json.loads(data)["rows"]
    ]


def without_listings(plan: Plan) -> Plan:
    """Return the plan as if nobody's passes had been listed, so that all are listed again before a create.

    However short ago the plan was made: in between somebody may have handed out a pass, and the plan's digest, by
    which it was signed off, is not that of a moment.
    """
    return replace(plan, rows=tuple(replace(row, listed_at=None) for row in plan.rows))


def require_fresh(plan: Plan, folder: RunFolder, now: datetime) -> None:
    """Make sure that the plan may still be carried out.

    Raises:
        PlanRefused: it has expired, was made offline, has been carried out, lies in a folder of another name, or leaves
            open whether its names are right.
    """
    if plan.run != folder.run:
        raise PlanRefused(
            f"The plan in the folder {folder.run} is that of the run {plan.run}.",
            hint=f"If the folder was renamed, rename it to {plan.run}; a copy of a plan is not carried out.",
        )
    if folder.journal.exists() or folder.workbook.exists():
        raise carried_out(folder)
    if plan.settings.offline:
        raise PlanRefused(
            "This plan was made offline: the tenant was not asked whose passes it would replace.",
            hint=f"Make a plan without {Setting.OFFLINE}.",
        )
    require_names_settled(plan)
    if now >= plan.expires_at:
        moment = zoned_moment(plan.expires_at, ZoneInfo(plan.settings.timezone))
        raise PlanRefused(f"This plan expired on {moment}.", hint=_PLAN_AGAIN)


def events_of(still: SignedStill) -> list[Event]:
    """Return what the journal records of it from the beginning, so that no later process sends what is left out."""
    settled: list[Event] = [Settled(number, Refused(error)) for number, error in still.left_out.items()]
    return settled + [Noted(number, note) for number, note in still.blocked.items() if number not in still.left_out]


def require_as_signed(
    saved: SavedPlan,
    access: TenantAccess,
    sending: SendingSettings,
    at: OperationContext,
    observer: Observer,
    guard: UserGuard,
    *,
    strict: bool,
    accepted: Collection[str] = (),
) -> SignedStill:
    """Ask for policy and users once more, and make sure that both still are what the plan was made from.

    Args:
        saved: the plan and its roster.
        access: the way into its tenant.
        sending: timeouts and ceilings.
        at: what the operation works with.
        observer: hears how it goes.
        guard: says who gets no pass in any case; a list of theirs may have changed since.
        strict: whether one row that gets no pass keeps everything from being sent.
        accepted: codes of what is gone on with although it concerns every row.

    Raises:
        PlanRefused: the policy no longer allows what was signed off or would change it, or a row of the plan is not
            what its roster and the directory say.
        PolicyForbids: the tenant allows no passes at all, or none to any of these users.
        AccessError, GaveUp: the tenant cannot be asked.
    """
    from bulktap.dispatch.look_ups import resolve
    from bulktap.operations.tenant_questions import ask

    plan, checked = saved.plan, saved.checked
    findings = ask(resolve, to_resolve(plan, checked), access, sending, at.clock, observer, at.front.stoppable)
    require_passes_allowed(findings.policy)
    require_no_common_cause(plan, findings, accepted)
    strict = strict or plan.settings.strict
    barred = barred_now(plan, checked, findings, guard)
    if strict and barred:
        raise PlanRefused(next(iter(barred.values())).message, hint=_PLAN_AGAIN)
    left_out = dict(barred) if strict else {**not_shown(plan, checked, findings), **barred}
    changed = changed_by_policy(plan, findings.policy) or disagreement(plan, checked, findings, left_out)
    if changed is not None:
        raise PlanRefused(changed, hint=_PLAN_AGAIN)
    notes = tuple(note for note in findings.notes if note not in plan.notes)
    return SignedStill(notes, left_out, now_blocked(plan, checked, findings), findings.domains)
