"""How far the cells of an .xlsx sheet reach where some do not say where they stand, so that they must be counted.

Counted as calamine does: a row follows the one before, a cell the one to its left. A parser does it, because what looks
like a row in a text or a comment must not be counted.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.parsers import expat

_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})\Z")
_VALUES = frozenset({"v", "is"})


class Extent(NamedTuple):
    """The rectangle around the cells that hold something; rows count from 1, columns from 0."""

    filled: int
    top: int
    left: int
    bottom: int
    right: int

    @property
    def area(self) -> int:
        """How many cells the rectangle has, the empty ones included."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


def extent_of(xml: bytes) -> Extent | None:
    """Return how far the cells of a sheet reach; None if none holds anything.

    The sheet is well-formed, and its references are written plainly.
    """
    counter = _Counter()
    parser = expat.ParserCreate()
    parser.StartElementHandler = counter.start
    parser.Parse(xml, True)
    return counter.extent()


class _Counter:
    """Counts rows and cells as they begin."""

    def __init__(self) -> None:
        self._row, self._column = 0, -1
        self._place = (0, 0)
        self._count = self._bottom = self._right = 0
        self._top = self._left = 1 << 32

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element in."""
        local = name.rpartition(":")[2]
        if local == "c":
            told = _CELL.match(attributes.get("r", ""))
            self._column = column_number(told[1]) if told else self._column + 1
            self._place = (int(told[2]) if told else self._row, self._column)
        elif local in _VALUES:
            row, column = self._place
            self._count += 1
            self._top, self._bottom = min(self._top, row), max(self._bottom, row)
            self._left, self._right = min(self._left, column), max(self._right, column)
        elif local == "row":
            told_row = attributes.get("r", "")
            self._row = int(told_row) if told_row.isdecimal() and len(told_row) < 8 else self._row + 1
            self._column = -1

    def extent(self) -> Extent | None:
        """Return what was counted."""
        if not self._count:
            return None
        return Extent(self._count, self._top, self._left, self._bottom, self._right)


def column_number(letters: str) -> int:
    """Return the column that letters name; A is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
