"""Decisions: checked rows, the tenant's findings and its policy become a Plan; pure.

Here it is decided who gets a pass, whose pass is replaced, who is left alone and who is refused. The rules are those of
the row in hand first (its own faults), then of the rows together (several rows of one user), then of the tenant (policy
and passes that exist). Whatever is decided is in the plan with its reason; nothing is decided later.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache, partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.model.plan import Action, Field, Plan, PlanRow, UserFinding
from bulktap.model.row_error_catalogue import about_earlier_runs, about_passes, about_users
from bulktap.model.setting_names import Setting
from bulktap.planning.common_causes import notes_about_all
from bulktap.planning.covered_rows import Selection, cut_to_limit
from bulktap.planning.forecast import Sending, forecast
from bulktap.planning.guards import UserGuard, UserNames
from bulktap.planning.name_checks import names_notes, with_name_checks
from bulktap.planning.policy import decide_by_policy
from bulktap.planning.policy_defaults import stated
from bulktap.planning.same_user import merge_rows_of_one_user, refused
from bulktap.planning.shared_accounts import notes_on_shared
from bulktap.planning.usability import look_ups_ended, with_faults_of_times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from bulktap.model.pass_terms import PassTerms
    from bulktap.model.passes import UserRef
    from bulktap.model.plan import PlanSettings, RosterColumns, TenantFindings, TenantInfo
    from bulktap.model.row_errors import RowError
    from bulktap.roster.model import CheckedRoster, CheckedRow


_NOTHING_FOUND = UserFinding()


class ExistingRule(StrEnum):
    """What a live pass means for its user: the setting `existing`."""

    SKIP = "skip"
    REPLACE = "replace"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class PlanFrame:
    """What surrounds the rows of a plan."""

    run: str
    created_at: datetime
    valid_for: timedelta
    tenant: TenantInfo
    settings: PlanSettings
    selection: Selection
    sending: Sending = field(default_factory=Sending)
    guard: UserGuard = field(default_factory=UserGuard)


def make_plan(checked: CheckedRoster, findings: TenantFindings, frame: PlanFrame) -> Plan:
    """Decide about every row of the roster.

    Args:
        checked: the rows with what is wrong with them.
        findings: what the tenant says; users missing from it were not asked about.
        frame: run, tenant, settings and selection.
    """
    numbered = list(enumerate(checked.rows, 1))
    left_out_by = frame.selection.leaves_out(checked.columns)
    left_out = {number: setting for number, row in numbered if (setting := left_out_by(row)) is not None}
    covered = {number for number, _ in numbered} - left_out.keys()
    rows = decide_rows(checked, findings, covered, frame.guard, left_out)
    existing, zone = ExistingRule(frame.settings.existing), ZoneInfo(frame.settings.timezone)
    rows = [
        _decide_by_existing(row, source.user, findings, existing, zone)
        for row, source in zip(rows, checked.rows, strict=True)
    ]
    cut_to_limit(rows, frame.selection.limit)
    _release_merged_rows(rows)
    rows = with_name_checks(rows, checked, findings)
    creating = [row for row in rows if row.action.creates]
    users = {row.user.folded for number, row in numbered if row.user is not None and number in covered}
    look_ups = min(len(users), frame.selection.first_portion or len(users))
    foreseen = forecast(len(creating), look_ups, frame.sending, looked_up=not frame.settings.offline)
    finished = look_ups_ended(rows, frame.created_at) + timedelta(seconds=foreseen.seconds_high)
    default = findings.policy.default_lifetime_minutes if findings.policy else None
    rows = with_faults_of_times(rows, default, finished, zone, checked.columns)
    return Plan(
        run=frame.run,
        created_at=frame.created_at,
        expires_at=frame.created_at + frame.valid_for,
        tenant=frame.tenant,
        roster=checked.info,
        columns=checked.columns,
        settings=frame.settings,
        rows=tuple(rows),
        policy=findings.policy,
        forecast=foreseen,
        notes=findings.notes
        + notes_about_all(rows, findings)
        + notes_on_shared(rows, checked)
        + names_notes(checked, findings, offline=frame.settings.offline),
    )


def decide_rows(
    checked: CheckedRoster,
    findings: TenantFindings,
    covered: AbstractSet[int],
    guard: UserGuard | None = None,
    left_out: Mapping[int, Setting] | None = None,
) -> list[PlanRow]:
    """Decide about every row as far as roster, directory and policy settle it: all but the passes that exist.

    Args:
        checked: the rows with what is wrong with them.
        findings: what the tenant says.
        covered: the plan numbers of the rows that are to get a pass; the others are left out.
        guard: says who gets none in any case.
        left_out: the settings that leave rows out, by plan number.
    """
    guard, left_out = guard or UserGuard(), left_out or {}
    rows = [
        _first_decision(
            number,
            row,
            checked.columns,
            findings,
            guard if number in covered else left_out.get(number, Setting.ONLY),
        )
        for number, row in enumerate(checked.rows, 1)
    ]
    merge_rows_of_one_user(rows, checked.rows, findings.policy, checked.columns)
    decided = [
        decide_by_policy(row, row.request.terms if row.request else source.asked, findings.policy, checked.columns)
        for row, source in zip(rows, checked.rows, strict=True)
    ]
    stating = lru_cache(partial(stated, policy=findings.policy))  # rows ask for few different terms
    return [_with_stated_terms(row, stating) for row in decided]


def _with_stated_terms(row: PlanRow, stating: Callable[[PassTerms], PassTerms]) -> PlanRow:
    if row.request is None or not (row.action is Action.ISSUE or row.action is Action.MERGE):
        return row
    terms = stating(row.request.terms)
    if terms == row.request.terms:
        return row
    return replace(row, request=replace(row.request, terms=terms))


def _first_decision(
    number: int, row: CheckedRow, columns: RosterColumns, findings: TenantFindings, guard: UserGuard | Setting
) -> PlanRow:
    """Judge the row by itself: its own faults, the setting that leaves it out, and what the tenant says of its user."""
    folded = row.user.folded if row.user else ""
    finding = findings.users.get(folded, _NOTHING_FOUND) if row.user else _NOTHING_FOUND
    problems = row.problems
    if row.left_out:
        action = Action.SKIP
    elif isinstance(guard, UserGuard):
        problems += tuple(_finding_problems(finding, columns))
        # Who was not looked up is beyond what the plan covers, and nothing about them is unclear.
        clear = finding.error is not None or (row.user is not None and folded not in findings.users)
        problems += tuple(_guard_problems(row, finding, guard, columns, if_unclear=not clear))
        action = Action.REFUSE if any(problem.refuses for problem in problems) else Action.ISSUE
    else:
        problems += (
            about_passes.not_selected(
                f"{guard} names this row." if guard is Setting.EXCEPT else f"{guard} does not name this row."
            ),
        )
        action = Action.SKIP
    upn, object_id = finding.upn, finding.object_id
    if row.user is not None:
        by_id = row.user.is_object_id
        object_id = object_id or (folded if by_id else None)
        upn = upn or (None if by_id else row.user.text)
    return PlanRow(
        number=number,
        source=row.source,
        action=action,
        request=row.request,
        object_id=object_id,
        upn=upn,
        display_name=finding.display_name or row.display_name,
        group=row.group,
        listed_at=finding.listed_at,
        problems=problems,
    )


def _finding_problems(finding: UserFinding, columns: RosterColumns) -> list[RowError]:
    heading = columns.heading(Field.USER)
    problems = []
    if finding.error is not None:
        problems.append(replace(finding.error, column=heading))
    if finding.external_guest:
        problems.append(replace(about_users.external_guest(), column=heading))
    elif finding.guest:
        problems.append(replace(about_users.user_guest(), column=heading))
    if finding.enabled is False:
        problems.append(replace(about_users.user_disabled(), column=heading))
    if finding.in_scope is False:
        problems.append(replace(about_passes.not_in_scope(), column=heading))
    return problems


def _guard_problems(
    row: CheckedRow, finding: UserFinding, guard: UserGuard, columns: RosterColumns, *, if_unclear: bool
) -> Iterator[RowError]:
    if row.user is not None:
        names = UserNames(row.user.text, finding.upn, finding.object_id)
        error = guard.fault(names, if_unclear=if_unclear)
        if error is not None:
            yield replace(error, column=columns.heading(Field.USER))


def _decide_by_existing(
    row: PlanRow, user: UserRef | None, findings: TenantFindings, rule: ExistingRule, zone: ZoneInfo
) -> PlanRow:
    """Skip, replace or refuse where the user holds a live pass; add it to the faults of a row that is refused."""
    if user is None or not (row.action is Action.ISSUE or (row.action is Action.REFUSE and rule is ExistingRule.FAIL)):
        return row
    finding = findings.users.get(user.folded, _NOTHING_FOUND)
    live, doubt = finding.live_pass, finding.doubt
    if live is None:
        return row if doubt is None else _told(row, about_earlier_runs.may_be_lost_by_earlier_run(doubt.run))
    found = replace(row, existing_pass_id=live.pass_id)
    if doubt is not None and doubt.has_made:
        # Whatever the rule says of passes that people hold: this one nobody can use.
        found = _told(found, about_earlier_runs.lost_by_earlier_run(doubt.run, live, zone))
        return replace(found, action=Action.REPLACE) if row.action is Action.ISSUE else found
    if doubt is not None:
        found = _told(found, about_earlier_runs.not_lost_by_earlier_run(doubt.run))
    if rule is ExistingRule.REPLACE:
        return replace(found, action=Action.REPLACE)
    if rule is ExistingRule.FAIL:
        return refused(found, about_passes.has_live_pass(live, zone, refused=True))
    problem = about_passes.has_live_pass(live, zone, refused=False)
    return replace(found, action=Action.SKIP, problems=(*found.problems, problem))


def _told(row: PlanRow, problem: RowError) -> PlanRow:
    return replace(row, problems=(*row.problems, problem))


def _release_merged_rows(rows: list[PlanRow]) -> None:
    """Let a merged row share the fate of the row that it was merged into, with the same reason."""
    for index, row in enumerate(rows):
        if row.merged_into is None:
            continue
        target = rows[row.merged_into - 1]
        if not target.action.creates:
            rows[index] = replace(
                row, action=target.action, merged_into=None, problems=(*row.problems, *target.problems)
            )
            rows[target.number - 1] = replace(target, merged_rows=())
