"""Whether a roster hands each pass to the person whose account it is, as far as two names can tell; pure.

A column that was sorted or moved by itself passes every other check. What two names alone leave open, the rest of the
roster settles: Anna Schmidt whose account is now Anna Vogel's has married, unless another row's account is Anna
Schmidt's.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.model.plan import Action, Field, NameCheck, UserFinding
from bulktap.model.questions import REFUSE, Choice, Question
from bulktap.model.row_error_catalogue import about_passes
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.setting_names import Setting
from bulktap.planning.name_words import words_of
from bulktap.planning.person_names import Likeness, likeness, names_in_directory

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bulktap.model.plan import Plan, PlanRow, TenantFindings
    from bulktap.planning.name_words import NameWords
    from bulktap.roster.model import CheckedRoster, CheckedRow

ACCEPT = "accept"
"""What the setting `names` says where names that differ are right."""
_FEWEST = 3
_LARGEST_SHARE = 0.05
_SAMPLES = 3
NO_NAMES_IN_ROSTER = "The roster names nobody, so it was not checked whose accounts these are."
NO_NAMES_IN_TENANT = (
    "The tenant's names could not be read, so it was not checked that each row names the account's owner."
)


class NameChecker:
    """Compares the two names of any row, knowing all of them."""

    def __init__(self, checked: CheckedRoster, findings: TenantFindings) -> None:
        self._findings = findings
        self._tenants: dict[str, tuple[NameWords, ...]] = {}
        self._rosters: dict[int, NameWords] = {}
        self._owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
        """Whose accounts bear a name, in the directory."""
        self._named: dict[tuple[str, ...], set[str]] = defaultdict(set)
        """To whose rows the roster gives a name."""
        for row in checked.rows:
            if row.user is not None and row.user.folded in findings.users:
                self._learn(row, row.user.folded)

    def _learn(self, row: CheckedRow, user: str) -> None:
        finding = self._finding(row)
        owner = finding.object_id or user
        if owner not in self._tenants:
            names = names_in_directory(finding.display_name, finding.given_name, finding.surname)
            self._tenants[owner] = names
            for name in names:
                self._owners[name.key].add(owner)
        if row.name:
            words = words_of(row.name)
            self._rosters[id(row)] = words
            self._named[words.key].add(owner)

    def _finding(self, row: CheckedRow) -> UserFinding:
        return self._findings.users.get(row.user.folded, UserFinding()) if row.user else UserFinding()

    def check(self, row: CheckedRow) -> NameCheck | None:
        """Return how the two names of a row compare; None where one of them is missing."""
        finding = self._finding(row)
        words = self._rosters.get(id(row))
        if words is None or not tenant_name(finding):
            return None
        owner = finding.object_id or (row.user.folded if row.user else "")
        theirs = self._tenants[owner]
        found = likeness(words, theirs)
        if found is Likeness.SAME:
            return NameCheck.AGREES
        if found is Likeness.UNKNOWN or (found < Likeness.CLOSE and _is_made_of_login(finding, theirs)):
            return NameCheck.UNKNOWN
        elsewhere = found is Likeness.OTHER or self._is_somebody_elses(words, theirs, owner)
        return NameCheck.DIFFERS if elsewhere else NameCheck.AGREES

    def _is_somebody_elses(self, words: NameWords, theirs: Iterable[NameWords], owner: str) -> bool:
        """Whether another account bears the very name of the row, or another row the very name of the account."""
        if len(words.needed) < 2:
            return False
        owners = self._owners.get(words.key, set())
        named = [self._named.get(name.key, set()) for name in theirs if len(name.needed) > 1]
        return bool(owners - {owner}) or any(rows and owner not in rows for rows in named)


def tenant_name(finding: UserFinding) -> str:
    """Return what the directory calls a user; empty where it says nothing."""
    parts = " ".join([part for part in (finding.given_name, finding.surname) if part])
    return finding.display_name or parts


def _is_made_of_login(finding: UserFinding, names: Sequence[NameWords]) -> bool:
    """Whether the directory shows no more than the sign-in name, in one word that nobody can read a name in."""
    local = (finding.upn or "").partition("@")[0].casefold()
    shown = (finding.display_name or "").casefold()
    return (
        bool(local) and shown in {local, (finding.upn or "").casefold()} and all(len(one.needed) < 2 for one in names)
    )


def with_name_checks(rows: Sequence[PlanRow], checked: CheckedRoster, findings: TenantFindings) -> list[PlanRow]:
    """Return the rows with how their names compare, where a pass is at stake, and a warning where they differ."""
    checker = NameChecker(checked, findings)
    columns = checked.columns
    heading = columns.heading(Field.DISPLAY_NAME) or columns.heading(Field.USER)
    found = []
    for row, source in zip(rows, checked.rows, strict=True):
        check = checker.check(source) if _at_stake(row) else None
        problems = row.problems
        if check is NameCheck.DIFFERS:
            tenant = tenant_name(findings.users[source.user.folded]) if source.user else ""
            problems += (about_passes.name_differs(source.name.text, tenant, heading),)
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
    if not any(row.name for row in checked.rows):
        return (NO_NAMES_IN_ROSTER,)
    told = any(tenant_name(finding) for finding in findings.users.values())
    known = any(finding.object_id is not None for finding in findings.users.values())
    return () if told or known else (NO_NAMES_IN_TENANT,)


def names_question(plan: Plan, checked: CheckedRoster) -> Question | None:
    """Return the question whether a list was shifted, where too many names differ and nobody has answered it yet."""
    if plan.settings.names == ACCEPT or not too_many_differ(plan):
        return None
    differing = [
        (row, source)
        for row, source in zip(plan.rows, checked.rows, strict=True)
        if row.name_check is NameCheck.DIFFERS
    ]
    compared = sum(row.name_check is not None for row in plan.rows)
    samples = tuple([_sample(row, source) for row, source in differing[:_SAMPLES]])
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
    checks = [row.name_check for row in plan.rows]
    agree, differ = checks.count(NameCheck.AGREES), checks.count(NameCheck.DIFFERS)
    return bool(differ) and (not agree or (differ >= _FEWEST and differ > _LARGEST_SHARE * (agree + differ)))


def _sample(row: PlanRow, source: CheckedRow) -> str:
    sheet = f"{row.source.sheet}, row" if row.source.sheet else "Row"
    return f"{sheet} {row.source.number}: roster {source.name.text}, tenant {row.display_name}"
