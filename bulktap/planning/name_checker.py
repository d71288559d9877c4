"""NameChecker: compares the name of each row with that of its account, knowing all of them; pure.

What two names alone leave open, the rest of the roster settles: Anna Schmidt whose account is now Anna Vogel's has
married, unless another row's account is Anna Schmidt's.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bulktap.model.plan import NameCheck, UserFinding
from bulktap.planning.name_words import letters_of, words_of
from bulktap.planning.person_names import Likeness, likeness, names_in_directory
from bulktap.planning.tenant_names import tenant_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bulktap.model.person_name import PersonName
    from bulktap.model.plan import TenantFindings
    from bulktap.planning.name_words import NameWords
    from bulktap.roster.model import CheckedRoster, CheckedRow

_FEWEST = 3
"""Accounts that one name is given to, from which on it was filled down a column."""


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


def _is_login(finding: UserFinding, names: Sequence[NameWords]) -> bool:
    """Whether the directory shows no more than the sign-in name, in one word that nobody can read a name in."""
    local = (finding.upn or "").partition("@")[0].casefold()
    shown = (finding.display_name or "").casefold()
    return (
        bool(local) and shown in {local, (finding.upn or "").casefold()} and all(len(one.needed) < 2 for one in names)
    )
