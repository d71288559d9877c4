"""Whether a roster hands each pass to the person whose account it is: what is said of it, row by row and in all; pure.

A column that was sorted or moved by itself passes every other check. `name_checker` compares the names; it is loaded
where a tenant has told some.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.model.plan import Action, Field, NameCheck
from bulktap.model.questions import REFUSE, Choice, Question
from bulktap.model.row_error_catalogue import about_users
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.setting_names import Setting
from bulktap.planning.tenant_names import tenant_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.plan import Plan, PlanRow, TenantFindings
    from bulktap.roster.model import CheckedRoster, CheckedRow

ACCEPT = "accept"
"""What the setting `names` says where names that differ are right."""
_FEWEST = 3
_LARGEST_SHARE = 0.05
_SAMPLES = 3
NO_NAMES_IN_ROSTER = "The roster names nobody, so it was not checked whose accounts these are."
OWN_NAMES = "The list is the tenant's own, so that there are no other names to compare its names with."
NO_NAMES_IN_TENANT = (
    "The tenant's names could not be read, so it was not checked that each row names the account's owner."
)


def with_name_checks(rows: Sequence[PlanRow], checked: CheckedRoster, findings: TenantFindings) -> list[PlanRow]:
    """Return the rows with how their names compare, where a pass is at stake, and a warning where they differ."""
    if checked.own_list or not findings.users:
        return list(rows)
    from bulktap.planning.name_checker import NameChecker

    checker = NameChecker(checked, findings)
    columns = checked.columns
    heading = columns.heading(Field.DISPLAY_NAME) or columns.heading(Field.USER)
    found = []
    for row, source in zip(rows, checked.rows, strict=True):
        check = checker.check(source) if _at_stake(row) else None
        problems = row.problems
        if check is NameCheck.DIFFERS:
            tenant = tenant_name(findings.users[source.user.folded]) if source.user else ""
            problems += (about_users.name_differs(source.name.text, tenant, heading),)
        found.append(row if check is None else replace(row, name_check=check, problems=problems))
    return found


def _at_stake(row: PlanRow) -> bool:
    """Whether somebody would get a pass by this row, or would if others did not name the same user."""
    meant = row.action.creates or row.action is Action.MERGE
    return meant or any(problem.code is RowErrorCode.DIFFERENT_PEOPLE for problem in row.problems)


def names_notes(checked: CheckedRoster, findings: TenantFindings, *, offline: bool) -> tuple[str, ...]:
    """Return, in a sentence, why names were not compared at all; nothing where they were, or nobody was asked."""
    if offline or not findings.users:
        return ()
    if checked.own_list:
        return (OWN_NAMES,)
    if not any(row.name for row in checked.rows):
        return (NO_NAMES_IN_ROSTER,)
    told = any(tenant_name(finding) for finding in findings.users.values())
    there = [finding for finding in findings.users.values() if finding.error is None]
    known = any(finding.object_id is not None for finding in there)
    return () if told or known or not there else (NO_NAMES_IN_TENANT,)


def names_question(plan: Plan, checked: CheckedRoster) -> Question | None:
    """Return the question whether a list was shifted, where too many names differ and nobody has answered it yet."""
    if plan.settings.names == ACCEPT or not too_many_differ(plan):
        return None
    differing = [(row, source) for row, source in zip(plan.rows, checked.rows, strict=True) if _is_wrong(row)]
    compared = sum(row.name_check is not None for row in plan.rows)
    several = len({row.source.file for row, _ in differing}) > 1
    samples = tuple([_sample(row, source, several=several) for row, source in differing[:_SAMPLES]])
    these = "names" if len(differing) == 1 else "name"
    text = (
        f"{len(differing):,} of {compared:,} rows {these} somebody else than the tenant does; was the list sorted? "
        f"{samples[0]}."
    )
    choices = (
        Choice(REFUSE, "stop: the list has to be looked at"),
        Choice(ACCEPT, "go on: these are the right people"),
    )
    return Question(Setting.NAMES, "names-differ", text, samples, choices)


def too_many_differ(plan: Plan) -> bool:
    """Whether so many names differ that the list itself may be wrong: over 5 %, at least three, or all."""
    agree = sum(row.name_check is NameCheck.AGREES for row in plan.rows)
    wrong = sum(_is_wrong(row) for row in plan.rows)
    return bool(wrong) and (not agree or (wrong >= _FEWEST and wrong > _LARGEST_SHARE * (agree + wrong)))


def _is_wrong(row: PlanRow) -> bool:
    """Whether a row's names differ, or cannot be compared while other people's rows name the same account."""
    if row.name_check is NameCheck.UNKNOWN:
        return any(problem.code is RowErrorCode.DIFFERENT_PEOPLE for problem in row.problems)
    return row.name_check is NameCheck.DIFFERS


def _sample(row: PlanRow, source: CheckedRow, *, several: bool) -> str:
    place = ", ".join([part for part in (row.source.file if several else None, row.source.sheet) if part])
    row_word = f"{place}, row" if place else "Row"
    return f"{row_word} {row.source.number}: roster {source.name.text}, tenant {row.display_name}"
