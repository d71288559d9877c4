"""What reissuing would do: who of a run gets a new pass in the place of theirs, who does not, and why; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.dispatch.pass_states import PassState
from bulktap.model.plan import Action
from bulktap.model.row_phases import RowPhase
from bulktap.model.setting_names import Command, Setting
from bulktap.model.zone_words import zoned_moment
from bulktap.planning.one_person import person_of
from bulktap.planning.policy import allowed_range
from bulktap.planning.run_selection import chosen_rows
from bulktap.roster.model import CheckedRoster, CheckedRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bulktap.dispatch.pass_states import Finding
    from bulktap.model.pass_terms import PassTerms
    from bulktap.model.passes import AccessPass, PassPolicy
    from bulktap.model.plan import Plan, PlanRow, TenantFindings
    from bulktap.model.row_errors import RowError
    from bulktap.model.run_state import RowState, RunState
    from bulktap.planning.one_person import Person

_SOON = timedelta(seconds=60)
"""A start closer than this may be past when the request arrives."""
_IN_PLACE_OF_LIVE = {PassState.LIVE, PassState.NOT_YET_VALID}
_LEFT_ALONE = {
    PassState.REPLACED: "Ask who issued the other pass: they have its passcode.",
    PassState.DISABLED: "A new pass would not work either: include this person, or a group of theirs, in the policy.",
    PassState.UNREADABLE: "Nobody can tell whose pass a new one would replace. Run the command again in a while.",
}


@dataclass(frozen=True, slots=True)
class Reissued:
    """Somebody who gets a new pass."""

    person: Person
    state: PassState
    """How the pass stands that it is in place of."""
    old: AccessPass
    terms: PassTerms
    """What the new one is asked to be."""


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """Somebody who was chosen and gets no new pass."""

    person: Person
    state: PassState | None
    """How their pass stands; None if they have none, or nobody asked."""
    why: str
    hint: str = ""

    @property
    def is_dead(self) -> bool:
        """Whether the passcode in the workbook is known not to work because somebody else issued another."""
        return self.state is PassState.REPLACED


@dataclass(frozen=True, slots=True)
class ReissuePreview:
    """What a yes agrees to."""

    plan: Plan
    """The rows that get a new pass, as a plan of their own: in place of which pass, and on which terms."""
    reissued: tuple[Reissued, ...]
    left_alone: tuple[LeftAlone, ...]
    now: datetime
    """When that was found out, by the service's clock."""
    notes: tuple[str, ...] = ()
    """What could not be found out, one sentence each."""


def serving_rows(plan: Plan, only: Sequence[str], exclude: Sequence[str]) -> tuple[PlanRow, ...]:
    """Return the rows that the words choose; of several rows that share a pass, the one that the journal knows.

    Raises:
        RosterError: a word names nobody.
    """
    chosen = chosen_rows(plan, only, exclude)
    rows = {row.number: row for row in plan.rows}
    found: dict[int, PlanRow] = {}
    for row in plan.rows:
        if row.number in chosen:
            serving = rows.get(row.merged_into or 0, row) if row.action is Action.MERGE else row
            found.setdefault(serving.number, serving)
    return tuple(found.values())


def as_checked(plan: Plan, row: PlanRow) -> CheckedRow:
    """Return a row of the plan as the roster's check had it."""
    request, person = row.request, person_of(plan, row)
    user = request.user if request is not None else None
    return CheckedRow(row.source, user, request, person.name, row.group, None, row.problems)


def as_roster(plan: Plan, rows: Sequence[PlanRow]) -> CheckedRoster:
    """Return rows of the plan as a roster."""
    return CheckedRoster(plan.roster, plan.columns, tuple(as_checked(plan, row) for row in rows))


def held_passes(rows: Sequence[PlanRow], state: RunState) -> dict[int, AccessPass]:
    """Return, by plan number, the passes of ours in whose place new ones can be issued."""
    found = {}
    for row in rows:
        sent = state.rows.get(row.number)
        if sent is not None and sent.phase is RowPhase.ISSUED and sent.issued is not None:
            found[row.number] = sent.issued.access_pass
    return found


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides besides the plan and the journal."""

    findings: Mapping[int, Finding]
    """How the passes stand, by plan number."""
    tenant: TenantFindings
    """What the directory says of the users, and the policy."""
    barred: Mapping[int, RowError]
    """Whom a guard keeps out."""
    wished: PassTerms
    """What this command asks of the new passes, where it is to be other than before."""
    now: datetime
    """The service's time."""


def preview(plan: Plan, chosen: Sequence[PlanRow], state: RunState, seen: Circumstances) -> ReissuePreview:
    """Decide about everybody who was chosen."""
    reissued: list[Reissued] = []
    left: list[LeftAlone] = []
    for row in chosen:
        decided = _decided(plan, row, state.rows.get(row.number), seen)
        if isinstance(decided, Reissued):
            reissued.append(decided)
        else:
            left.append(decided)
    rows = tuple(_planned(one) for one in reissued)
    policy = seen.tenant.policy or plan.policy
    return ReissuePreview(
        replace(plan, rows=rows, policy=policy), tuple(reissued), tuple(left), seen.now, seen.tenant.notes
    )


def _planned(one: Reissued) -> PlanRow:
    row = one.person.row
    action = Action.REPLACE if one.state in _IN_PLACE_OF_LIVE else Action.ISSUE
    request = replace(row.request, terms=one.terms) if row.request is not None else None
    return replace(row, action=action, request=request, existing_pass_id=one.old.pass_id, merged_rows=())


def _decided(plan: Plan, row: PlanRow, sent: RowState | None, seen: Circumstances) -> Reissued | LeftAlone:
    person = person_of(plan, row)
    if sent is None or sent.phase is not RowPhase.ISSUED or sent.issued is None or row.request is None:
        return _never_issued(person, sent)
    finding = seen.findings[row.number]
    state = finding.state
    if state in _LEFT_ALONE or finding.in_the_way is not None:
        kept = PassState.REPLACED if finding.in_the_way is not None else state
        zone = ZoneInfo(plan.settings.timezone)
        why = finding.told(zone) or _other(finding.in_the_way, zone)
        return LeftAlone(person, kept, f"{why[:1].upper()}{why[1:]}.", _LEFT_ALONE[kept])
    refusal = seen.barred.get(row.number) or _unknown_now(row, seen)
    if refusal is not None:
        return LeftAlone(person, state, refusal.message, refusal.hint)
    terms = _terms(row.request.terms, seen)
    if against := _against_policy(terms, seen.tenant.policy):
        return LeftAlone(person, state, *against)
    return Reissued(person, state, sent.issued.access_pass, terms)


def _other(other: AccessPass | None, zone: ZoneInfo) -> str:
    created = other.created_at if other is not None else None
    of_when = f" of {zoned_moment(created, zone)}" if created else ""
    return f"somebody else issued another pass{of_when}"


def _never_issued(person: Person, sent: RowState | None) -> LeftAlone:
    """Return why a row has nothing in whose place a new pass could be issued, and what to do instead."""
    row = person.row
    if sent is not None and sent.error is not None:
        return LeftAlone(person, None, sent.error.message, sent.error.hint)
    refusing = next((problem for problem in row.problems if problem.refuses), None)
    if refusing is not None:
        return LeftAlone(person, None, refusing.message, refusing.hint)
    skipped = next(iter(row.problems), None)
    why = skipped.message if skipped is not None else "This run issued no pass to this person."
    hint = f"To issue one: {Command.APPLY} with the roster and {Setting.ONLY.to(person.row_word)}."
    return LeftAlone(person, None, why, hint)


def _unknown_now(row: PlanRow, seen: Circumstances) -> RowError | None:
    user = row.request.user if row.request is not None else None
    found = seen.tenant.users.get(user.folded) if user is not None else None
    return found.error if found is not None else None


def _terms(before: PassTerms, seen: Circumstances) -> PassTerms:
    """Return the row's own terms with what this command wishes; a start that is over, or nearly so, is now."""
    wished = seen.wished
    starts_at = wished.starts_at or before.starts_at
    if starts_at is not None and starts_at - seen.now < _SOON:
        starts_at = None
    return replace(before, starts_at=starts_at, lifetime_minutes=wished.lifetime_minutes or before.lifetime_minutes)


def _against_policy(terms: PassTerms, policy: PassPolicy | None) -> tuple[str, str] | None:
    """Return what the policy of today no longer allows, and what to do about it."""
    if policy is None:
        return None
    minutes = terms.lifetime_minutes
    if minutes is not None and not policy.minimum_lifetime_minutes <= minutes <= policy.maximum_lifetime_minutes:
        return (
            f"The tenant allows {allowed_range(policy)} now, and the pass would be for {minutes:,} minutes.",
            f"Choose another lifetime with {Setting.LIFETIME}.",
        )
    if terms.usable_once is False and policy.forces_one_time:
        return (
            "The tenant allows one-time passes only now, and this pass worked as often as needed.",
            f"Issue a new one with {Command.APPLY}, as one-time.",
        )
    return None
