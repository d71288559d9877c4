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
from bulktap.model.row_error_catalogue import about_users
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.setting_names import Setting
from bulktap.planning.name_words import letters_of, words_of
from bulktap.planning.person_names import Likeness, likeness, names_in_directory

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bulktap.model.person_name import PersonName
    from bulktap.model.plan import Plan, PlanRow, TenantFindings
    from bulktap.planning.name_words import NameWords
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


class NameChecker:
    """Compares the two names of any row, knowing all of them."""

    def __init__(self, checked: CheckedRoster, findings: TenantFindings) -> None:
        self._findings = findings
        self._settled: set[str] = set()
        """Accounts whose own row bears their name: they are nobody else's."""
        self._open: dict[int, tuple[NameWords, tuple[NameWords, ...], Likeness]] = {}
        """Rows whose two names are not plainly one: both of them, and how much they are one person's."""
        self._owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
        """Which of their accounts bear a name, in the directory."""
        self._named: dict[tuple[str, ...], set[str]] = defaultdict(set)
        """To which of their accounts the roster gives a name."""
        self._filled: dict[PersonName, set[str]] = defaultdict(set)
        """To which accounts the roster gives the very same words."""
        open_rows = []
        for row in checked.rows:
            finding = self._finding(row) if row.name else None
            if finding is None or not tenant_name(finding):
                continue
            owner = _owner(row, finding)
            self._filled[row.name].add(owner)
            if _plainly_one(row.name, finding):
                self._settled.add(owner)
            else:
                open_rows.append((row, finding, owner))
        for row, finding, owner in open_rows:
            self._learn(row, finding, owner)

    def _finding(self, row: CheckedRow) -> UserFinding | None:
        return self._findings.users.get(row.user.folded) if row.user else None

    def _learn(self, row: CheckedRow, finding: UserFinding, owner: str) -> None:
        words = words_of(row.name)
        theirs = names_in_directory(finding.display_name, finding.given_name, finding.surname)
        found = likeness(words, theirs)
        self._open[id(row)] = words, theirs, found
        if found is Likeness.SAME or any(_transcribes(one, words) for one in theirs):
            self._settled.add(owner)
            return
        for mark in _marks((words,)):
            self._named[mark].add(owner)
        for mark in _marks(theirs):
            self._owners[mark].add(owner)

    def check(self, row: CheckedRow) -> NameCheck | None:
        """Return how the two names of a row compare; None where one of them is missing."""
        finding = self._finding(row) if row.name else None
        if finding is None or not tenant_name(finding):
            return None
        words, theirs, found = self._open.get(id(row), (None, (), Likeness.SAME))
        if words is None or found is Likeness.SAME:
            return NameCheck.AGREES
        if self._is_somebody_elses(row.name, words, theirs, _owner(row, finding)):
            return NameCheck.DIFFERS
        if found is Likeness.UNKNOWN or (found < Likeness.CLOSE and _is_login(finding, theirs)):
            return NameCheck.UNKNOWN
        return NameCheck.DIFFERS if found is Likeness.OTHER else NameCheck.AGREES

    def _is_somebody_elses(self, name: PersonName, words: NameWords, theirs: Sequence[NameWords], owner: str) -> bool:
        """Whether another account bears the very name of the row, or another row the very name of the account.

        Of two people with one name, one of whom goes by a pet name, the other has an account that is settled. And where
        many accounts are given to one name, they are its whose name it is.
        """
        filled = self._filled[name]
        if words.needed and len(filled) >= _FEWEST and filled & self._settled and owner not in self._settled:
            return True
        ours, of_account = _marks((words,)), _marks(theirs)
        others: set[str] = set()
        for mark in ours - of_account:
            others |= self._owners.get(mark, set())
        for mark in of_account - ours:
            named = self._named.get(mark, set())
            others |= named if owner not in named else set()
        return bool(others - self._settled - {owner})


def _marks(names: Iterable[NameWords]) -> set[tuple[str, ...]]:
    """Return what names are found again by: their letters, and how they sound, for whole names only."""
    return {mark for one in names for mark in (one.key, one.sounds) if len(mark) > 1 and one.sounds}


def _transcribes(one: NameWords, other: NameWords) -> bool:
    """Whether one name is the other in another script."""
    scripts = [{word.letters.script for word in name.needed} for name in (one, other)]
    return bool(one.sounds) and one.sounds == other.sounds and not scripts[0] & scripts[1]


def _owner(row: CheckedRow, finding: UserFinding) -> str:
    return finding.object_id or (row.user.folded if row.user else "")


def _plainly_one(name: PersonName, finding: UserFinding) -> bool:
    """Whether both names have the same words, in any order: by far the most have."""
    text = name.text
    if text == finding.display_name and text.replace(",", " ").strip():
        return True
    words = _plain_words(text)
    told = [finding.display_name or ""]
    if finding.given_name and finding.surname:
        told.append(f"{finding.given_name} {finding.surname}")
    return bool(words) and any(words == _plain_words(one) for one in told)


def _plain_words(text: str) -> list[str]:
    return sorted([letters_of(word).key for word in text.casefold().replace(",", " ").split()])


def tenant_name(finding: UserFinding) -> str:
    """Return what the directory calls a user; empty where it says nothing."""
    parts = " ".join([part for part in (finding.given_name, finding.surname) if part])
    return finding.display_name or parts


def _is_login(finding: UserFinding, names: Sequence[NameWords]) -> bool:
    """Whether the directory shows no more than the sign-in name, in one word that nobody can read a name in."""
    local = (finding.upn or "").partition("@")[0].casefold()
    shown = (finding.display_name or "").casefold()
    return (
        bool(local) and shown in {local, (finding.upn or "").casefold()} and all(len(one.needed) < 2 for one in names)
    )


def with_name_checks(rows: Sequence[PlanRow], checked: CheckedRoster, findings: TenantFindings) -> list[PlanRow]:
    """Return the rows with how their names compare, where a pass is at stake, and a warning where they differ."""
    if checked.own_list:
        return list(rows)
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
