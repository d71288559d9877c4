"""How people are put together for handing out: by any columns, in the order in which people count."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bulktap.model.plain_text import in_print, without_accents
from bulktap.model.plan import Field
from bulktap.model.row_ranges import row_ranges
from bulktap.model.setting_names import Setting
from bulktap.planning.patterns import folded
from bulktap.planning.roster_column import named_column
from bulktap.planning.selection import counting
from bulktap.results.handout.cover_words import ROW
from bulktap.results.handout.reasons import NoSlip
from bulktap.results.handout.sheets_model import GroupName, Unserved
from bulktap.results.roster_columns import roster_rows, shown_value
from bulktap.storage.file_names import LONGEST, file_stems

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.row_ranges import RowPlace
    from bulktap.operations.handout_people import Person

_Key = tuple[str, ...]
_MOST_NAMED = 3
_MOST_RANGES, _MOST_OF_ROWS = 2, 30
"""Ranges of rows in the name of a file, and characters of them."""
ENGLISH_ROW: Final = f"Row {ROW}"
RESERVED: Final = ("covers", "passphrases")
"""Stems of files that are no group's."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """By what people are put together, who hands out, and in which order they stand."""

    parts: Callable[[PlanRow], tuple[str, ...]]
    """What a row's group is called, a text for each column; an empty one where the row says nothing."""
    headings: tuple[str, ...]
    """What the columns are called, one for each part."""
    to: int | None
    """The column that names who hands out."""
    sort: int | None
    """The column by which the people of a group stand; None for the roster's order."""


@dataclass(slots=True)
class Group:
    """People whose slips go out together."""

    name: str
    """As the sheets call it."""
    has_name: bool
    """False if it is that of the people of whom the roster names no group."""
    parts: tuple[tuple[str, str], ...] = ()
    """What the name is made of: what the rows say, or nothing, and under which heading."""
    stem: str = ""
    """What its file is called, without the ending: the same in every hand-out of the run by these columns."""
    people: list[Person] = field(default_factory=list)
    """Who was asked for, in the order in which they stand."""
    elsewhere: list[tuple[Person, GroupName]] = field(default_factory=list)
    """Who has a row in this group and the slip in another, and in which."""
    whole: int = 0
    """How many people belong to it."""
    handed_to: tuple[str, ...] = ()
    """Who hands out, as the column names them; more than one where the rows differ."""

    @property
    def served(self) -> list[Person]:
        """Whoever gets a slip."""
        return [person for person in self.people if person.held is not None]

    def unserved(self, row: str = ENGLISH_ROW) -> list[Unserved]:
        """Return whoever does not, and why; `row` as in `naming`."""
        called = self.naming(row)
        return [Unserved(called(one), one.why, one.reason) for one in self.people if one.held is None]

    def with_others(self, row: str = ENGLISH_ROW) -> list[Unserved]:
        """Return whoever has the slip in another group, and in which; `row` as in `naming`."""
        called = self.naming(row)
        return [
            Unserved(called(person), NoSlip.ELSEWHERE, f"The slip is with {group.name}", group)
            for person, group in self.elsewhere
        ]

    def naming(self, row: str = ENGLISH_ROW) -> Callable[[Person], str]:
        """Return what gives a person's name, with more where somebody else of the group has the same one.

        Args:
            row: what a roster's row is called, in the language of whoever reads the names.
        """
        names = Counter(_compared(person.name) for person in [*self.people, *(one for one, _ in self.elsewhere)])

        def called(person: Person) -> str:
            at = row.replace(ROW, row_label(person))
            name = person.known_as or at
            return name if names[_compared(person.name)] < 2 else f"{name} ({person.sign_in_name or at})"

        return called

    @property
    def to_whom(self) -> str:
        """Who hands out, on one line."""
        more = " …" if len(self.handed_to) > _MOST_NAMED else ""
        return ", ".join(self.handed_to[:_MOST_NAMED]) + more


def arrangement(plan: Plan, by: Sequence[str], to: str | None, sort: str | None) -> Arrangement:
    """Return how people are put together; without columns, by the roster's own group, if it has one.

    Raises:
        UsageError: there is no such column; the hint lists those that there are.
    """
    columns = plan.columns
    to_at = None if to is None else named_column(Setting.TO, to, columns)
    sort_at = None if sort is None else named_column(Setting.SORT, sort, columns)
    if by:
        places = tuple(dict.fromkeys(named_column(Setting.BY, name, columns) for name in by))
        headings = tuple(columns.headings[at] for at in places)
        return Arrangement(lambda row: tuple(_shown(row, at) for at in places), headings, to_at, sort_at)
    if any(row.group for row in plan.rows):
        heading = columns.heading(Field.GROUP) or "group"
        return Arrangement(lambda row: (in_print(row.group or ""),), (heading,), to_at, sort_at)
    return Arrangement(lambda _: (), (), to_at, sort_at)


def groups_of(people: Collection[Person], chosen: set[int], how: Arrangement, everybody: str) -> list[Group]:
    """Return the groups of the people that were asked for, in natural order; those without a name come last.

    Args:
        people: all people of the run.
        chosen: plan numbers; a person was asked for if any of their rows is among them.
        how: by what they are put together.
        everybody: the name of the one group, where they are put together by nothing.
    """
    groups: dict[_Key, Group] = {}
    spellings: dict[_Key, Counter[tuple[str, ...]]] = {}
    hands: dict[_Key, dict[str, str]] = {}
    for person in people:
        keys = []
        for row in person.rows:
            parts = how.parts(row)
            key = tuple(map(folded, parts))
            keys.append(key)
            spellings.setdefault(key, Counter())[parts] += 1
            if how.to is not None and (hand := _shown(row, how.to)):
                hands.setdefault(key, {}).setdefault(folded(hand), hand)
        asked = not chosen.isdisjoint(row.number for row in person.rows)
        for key in dict.fromkeys(keys):
            group = groups.setdefault(key, Group("", any(key) or not key))
            if key == keys[0]:
                group.whole += 1
                group.people += [person] if asked else []
            elif asked and person.held is not None:
                group.elsewhere.append((person, GroupName("")))
    for key, group in groups.items():
        group.parts = tuple(zip(spellings[key].most_common(1)[0][0], how.headings, strict=True))
        group.name = _name(group.parts) or everybody
        group.handed_to = tuple(hands.get(key, {}).values())
    _name_elsewhere(groups, how)
    for group in groups.values():
        group.people.sort(key=lambda person: _place(person, how.sort))
    items = sorted(
        groups.items(), key=lambda item: [(not part, counting(without_accents(part)), part) for part in item[0]]
    )
    ordered = [group for _, group in items]
    _name_files(ordered, {row.source.key[0] for person in people for row in person.rows})
    return [group for group in ordered if group.people]


def _part_name(group: Group, among: Collection[RowPlace]) -> str:
    """Return what a part of a group is called: by its rows, and where these are many, by a mark of its own."""
    keys = [person.first.source.key for person in group.people]
    rows = row_ranges(keys, _MOST_RANGES, among)
    if len(rows) > _MOST_OF_ROWS or "more" in rows:
        rows = sha256(repr(sorted(map(str, keys))).encode()).hexdigest()[:4]
    part = f" ({len(group.people)} of {group.whole}, {rows})"
    return group.name[: LONGEST - len(part)].rstrip() + part


def _name_files(groups: Sequence[Group], among: Collection[RowPlace]) -> None:
    """Name the file of each group, served or not, asked for or not, so that none ever takes the place of another's.

    That of a part of a group must not take the place of the whole one's either, nor of another part's.
    """
    parts = [group for group in groups if group.people and len(group.people) < group.whole]
    stems = file_stems([*(group.name for group in groups), *(_part_name(group, among) for group in parts)], RESERVED)
    for group, stem in zip([*groups, *parts], stems, strict=True):
        group.stem = stem


def row_label(person: Person) -> str:
    """Return the roster's rows of a person, as the sheet numbers them."""
    return str(roster_rows(person.rows))


def _name_elsewhere(groups: dict[_Key, Group], how: Arrangement) -> None:
    for group in groups.values():
        others = [(person, groups[tuple(map(folded, how.parts(person.first)))]) for person, _ in group.elsewhere]
        group.elsewhere = [(person, GroupName(other.name, other.parts)) for person, other in others]


def _name(parts: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(part or f"no {heading}" for part, heading in parts)


def _place(person: Person, column: int | None) -> tuple[bool, list[tuple[int, int, str]], str]:
    """Return what people are sorted by; equal for all where the roster's order is to stay."""
    text = "" if column is None else folded(_shown(person.first, column))
    # Without accents, so that Ö stands beside O.
    return not text and column is not None, counting(without_accents(text)), text


def _shown(row: PlanRow, column: int) -> str:
    return in_print("" if row.source.cells[column] is None else shown_value(row.source.cells[column]))


def _compared(name: str) -> str:
    return in_print(folded(name))
