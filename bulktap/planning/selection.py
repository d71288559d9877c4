"""The words by which `only` and `except` choose rows; pure.

    7   4-17                  rows as the sheet numbers them
    7A!7   '7A!4-17'          rows of a sheet, as Excel names them
    Class=5a   Class=5*       rows with that value in a column; `*` stands for any text, `?` for one letter
    anna@contoso.com          a user as the roster writes them
    *@students.contoso.com    users of a pattern
    Anna Arendt               a person's name as the roster writes it, in any order

Case, and the width and composition of letters, are the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.planning.patterns import folded, is_wild, matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bulktap.model.plan import CellValue, RosterColumns
    from bulktap.model.row_ranges import RowPlace
    from bulktap.roster.model import CheckedRow

FORMS = (
    "Give a row number as the sheet shows it (7, 4-17), a user or a name as the roster writes it, or COLUMN=VALUE; "
    "* and ? stand for letters."
)
"""The forms above, for whoever gave none of them."""
_ROWS = re.compile(r"\s*(\d{1,18})\s*(?:[-\u2013]\s*(\d{1,18})\s*)?\Z", re.ASCII)
"""Python refuses to read a number of thousands of digits."""


@dataclass(frozen=True, slots=True)
class RowNumbers:
    """Rows from the first to the last number, of one sheet or of whichever."""

    first: int
    last: int
    sheet: str | None = None
    """Folded."""


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """Rows with a value in a column; the column is None where there is none of that name."""

    column: int | None
    named: str
    """The column, as the word has it."""
    value: str
    """The value, as the word has it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Rows of a user or of a person's name."""

    text: str


def is_of(rows: RowNumbers, place: RowPlace) -> bool:
    """Return whether a place is the one that a word names, by its sheet or its file."""
    return rows.sheet is None or any(folded(name) == rows.sheet for name in place.names)


RowWord = RowNumbers | ColumnValue | Person


def read_word(word: str, columns: RosterColumns) -> RowWord:
    """Return what a word means; every word means something, though perhaps nothing that the roster has."""
    if rows := _row_numbers(word):
        return RowNumbers(*rows)
    if (value := _column_value(word, columns)).column is not None:
        return value
    sheet, mark, numbers = word.strip().rpartition("!")
    # The Windows prompt hands single quotes on.
    numbers = numbers.removesuffix("'") if sheet.startswith("'") else numbers
    if mark and (rows := _row_numbers(numbers)):
        return RowNumbers(*rows, folded(sheet.strip().removeprefix("'").removesuffix("'")))
    return value if "=" in word else Person(word.strip())


def _row_numbers(text: str) -> tuple[int, int] | None:
    found = _ROWS.match(text)
    return None if found is None else (int(found[1]), int(found[2] or found[1]))


def _column_value(word: str, columns: RosterColumns) -> ColumnValue:
    """Split at the sign that leaves a heading before it; a heading may hold such signs itself."""
    headings = [folded(heading) for heading in columns.headings]
    parts = word.split("=")
    for count in range(len(parts) - 1, 0, -1):
        named = folded("=".join(parts[:count]))
        if named in headings:
            return ColumnValue(headings.index(named), "=".join(parts[:count]).strip(), "=".join(parts[count:]).strip())
    return ColumnValue(None, parts[0].strip(), "=".join(parts[1:]).strip())


class RowWords:
    """Several words, by what they name, so that a row is looked up instead of compared with each."""

    def __init__(self, words: Iterable[str], columns: RosterColumns) -> None:
        self._numbers: dict[int, list[str]] = {}
        self._ranges: list[tuple[RowNumbers, str]] = []
        self._values: dict[int, _Texts] = {}
        """By column."""
        self._people = _Texts()
        self._sorted: dict[str, list[str]] = {}
        """People by the words of their name, in the order of the alphabet."""
        for word in dict.fromkeys(words):
            self._add(word, read_word(word, columns))

    def _add(self, word: str, meant: RowWord) -> None:
        match meant:
            case RowNumbers(first, last, None) if first == last:
                self._numbers.setdefault(first, []).append(word)
            case RowNumbers():
                self._ranges.append((meant, word))
            case ColumnValue(column, _, value):
                if column is not None:
                    self._values.setdefault(column, _Texts()).add(value, word)
            case Person(text):
                self._people.add(text, word)
                if not is_wild(text):
                    self._sorted.setdefault(_in_order(folded(text)), []).append(word)

    def of(self, row: CheckedRow) -> Iterator[str]:
        """Yield the words that name the row."""
        source = row.source
        yield from self._numbers.get(source.number, ())
        for rows, word in self._ranges:
            if rows.first <= source.number <= rows.last and is_of(rows, source.place):
                yield word
        for column, values in self._values.items():
            yield from values.of(folded(as_shown(source.cells[column])))
        if row.user is not None:
            yield from self._people.of(folded(row.user.text))
        if row.display_name:
            name = folded(row.display_name)
            yield from self._people.of(name)
            if self._sorted:
                yield from self._sorted.get(_in_order(name), ())


class _Texts:
    """Words by the text that they name: looked up, or compared where it is a pattern."""

    def __init__(self) -> None:
        self._plain: dict[str, list[str]] = {}
        self._wild: list[tuple[str, str]] = []

    def add(self, text: str, word: str) -> None:
        """Take a word for a text."""
        if is_wild(text):
            self._wild.append((folded(text), word))
        else:
            self._plain.setdefault(folded(text), []).append(word)

    def of(self, text: str) -> Iterator[str]:
        """Yield the words for a folded text."""
        yield from self._plain.get(text, ())
        for pattern, word in self._wild:
            if matches(pattern, text):
                yield word


def _in_order(name: str) -> str:
    return " ".join(sorted(name.replace(",", " ").split()))


def as_shown(cell: CellValue) -> str:
    """Return a cell as people type it: whole numbers without a point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def values_of(rows: Sequence[CheckedRow], column: int) -> list[str]:
    """Return the values of a column, each once, in the order in which people count: 5a, 9b, 10a."""
    shown = {folded(text): text for text in (as_shown(row.source.cells[column]).strip() for row in rows) if text}
    return [shown[key] for key in sorted(shown, key=counting)]


def counting(text: str) -> list[tuple[int, int, str]]:
    """Return what folded texts are sorted by in the order in which people count: 5a, 9b, 10a."""
    parts = re.split(r"([0-9]{1,18})", text)
    return [(0, int(part), "") if part.isascii() and part.isdecimal() else (1, 0, part) for part in parts if part]
