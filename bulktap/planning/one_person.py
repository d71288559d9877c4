"""Finding one person of a run by what somebody types in a hurry; pure.

    7   7A!7            the row as the sheet numbers it
    ann@contoso.com     the sign-in name, or the user as the roster has it
    Anna Arendt         the name, in any order
    arendt   ann@       any parts of these, as long as only one person has them all

Case and accents are the same. What names somebody in full is stronger than parts that others have too.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.plan import Action, Field
from bulktap.model.row_ranges import place_names
from bulktap.planning.name_scripts import plain
from bulktap.planning.selection import RowNumbers, as_shown, is_of, read_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.model.plan import Plan, PlanRow


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a run: every row that one pass serves."""

    row: PlanRow
    """The row that the journal knows."""
    user: str
    """As the roster has it."""
    told: str
    """The name in the roster, if it has one."""
    row_word: str
    """What chooses the row by `only`: its number, with the sheet where several have that number."""

    @property
    def name(self) -> str:
        """How people call them."""
        return self.told or self.row.display_name or self.user

    @property
    def label(self) -> str:
        """Name, sign-in name, group and row, as far as they are known and differ."""
        names = dict.fromkeys(text for text in (self.name, self.row.upn or self.user) if text)
        group = [self.row.group] if self.row.group else []
        return ", ".join([*names, *group, f"row {self.row_word}"])


def people_named(plan: Plan, text: str) -> tuple[Person, ...]:
    """Return whom of a run the text names, in the order of the roster; none if nobody."""
    rows = {row.number: row for row in plan.rows}
    for find in (_by_full_name, _by_parts):
        found: dict[int, Person] = {}
        for row in find(plan, text):
            served = rows.get(row.merged_into or 0, row) if row.action is Action.MERGE else row
            found.setdefault(served.number, person_of(plan, served))
        if found:
            return tuple(found.values())
    return ()


def person_of(plan: Plan, row: PlanRow) -> Person:
    """Return the person of a row."""
    source = row.source
    others = place_names(one.source.place for one in plan.rows if one.source.number == source.number)
    # As Excel names a row of a sheet; in single quotes for the shell, to which the mark means something.
    word = f"'{others[source.place]}!{source.number}'" if len(others) > 1 else str(source.number)
    return Person(row, plan.user_text(row), _told(plan, row), word)


def _by_full_name(plan: Plan, text: str) -> Iterator[PlanRow]:
    wanted, meant = _bare(text), read_word(text, plan.columns)
    for row in plan.rows:
        names = [_bare(name) for name in _names(plan, row)]
        if (
            (isinstance(meant, RowNumbers) and _is_row(row, meant))
            or wanted in names
            or _sorted(wanted) in map(_sorted, names)
        ):
            yield row


def _is_row(row: PlanRow, meant: RowNumbers) -> bool:
    source = row.source
    return meant.first == meant.last == source.number and is_of(meant, source.place)


def _by_parts(plan: Plan, text: str) -> Iterator[PlanRow]:
    parts = _bare(text).split()
    for row in plan.rows:
        # A part of an object id is nothing that anybody types: a number that is no row's would be found in somebody's.
        names = "\n".join(_bare(name) for name in _names(plan, row) if name != row.object_id)
        if parts and all(part in names for part in parts):
            yield row


def _names(plan: Plan, row: PlanRow) -> list[str]:
    """Return all that names the person: what roster and directory have."""
    names = [plan.user_text(row), row.upn or "", row.object_id or "", row.display_name or "", _told(plan, row)]
    return [name for name in names if name.strip()]


def _told(plan: Plan, row: PlanRow) -> str:
    cells, column = row.source.cells, plan.columns.index(Field.DISPLAY_NAME)
    return as_shown(cells[column]).strip() if column is not None and column < len(cells) else ""


def _bare(text: str) -> str:
    """Return text without case, accents and national forms of letters."""
    return plain(unicodedata.normalize("NFKC", text).casefold()).replace(",", " ").strip()


def _sorted(name: str) -> str:
    return " ".join(sorted(name.split()))
