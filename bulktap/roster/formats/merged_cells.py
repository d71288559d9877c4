"""Merged cells: a value that stands for several rows, such as one class name beside three pupils. Pure."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.plan import CellValue
    from bulktap.roster.columns.header_row import GridRow
    from bulktap.roster.formats.sheet_marks import Area

_MOST_FILLED = 2_000_000


def repeat_merged(
    rows: list[GridRow], areas: Sequence[Area], place: str
) -> tuple[list[GridRow], frozenset[tuple[int, int]]]:
    """Return the rows with the values of merged cells repeated, and which cells (row, column) were filled so.

    Rows that hold nothing else stay empty. In a row of several merged columns the first one is filled.

    Raises:
        RosterError: the merged cells cover each other, so that they would fill millions.
    """
    numbers = [number for number, _ in rows]
    changed: dict[int, list[CellValue]] = {}
    filled: set[tuple[int, int]] = set()
    budget = _MOST_FILLED
    for area in areas:
        first = bisect_right(numbers, area.top)
        last = bisect_right(numbers, area.bottom)
        if first in {0, last} or numbers[first - 1] != area.top:
            continue
        origin = rows[first - 1][1]
        value = origin[area.left] if area.left < len(origin) else None
        budget -= last - first
        if budget < 0:
            message = f"{place}: its merged cells lie on top of each other."
            raise RosterError(message, hint="Do not trust this file; if it is your own, unmerge its cells in Excel.")
        for index in range(first, last) if value is not None else ():
            cells = changed.setdefault(index, list(rows[index][1]))
            if area.left < len(cells) and cells[area.left] is None:
                cells[area.left] = value
                filled.add((numbers[index], area.left))
    result = list(rows)
    for index, cells in changed.items():
        result[index] = (numbers[index], tuple(cells))
    return result, frozenset(filled)
