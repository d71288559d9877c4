"""How wide a column and how high a row must be for what stands in them.

Excel would find the heights out by itself when it opens a workbook; LibreOffice does not for a workbook that names a
default height, as XlsxWriter's do.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from bulktap.model.plain_text import width_of
from bulktap.results.sheets.cells import storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.results.sheets.layout import Cell, Column

LINE_HEIGHT = 15.0
"""Points of a line in the default font."""
MAX_HEIGHT = 409.0
"""Points of the highest row (Excel specifications and limits)."""
MEASURED_ROWS = 500
"""How many rows decide how wide a column is."""

_MEASURED_LETTERS = 200
_NARROWEST = 8.0
_WIDEST = 42.0


def column_width(column: Column, cells: Sequence[Cell]) -> float:
    """Return the width in characters: the one that was asked for, or what the heading and these cells need."""
    if column.width is not None:
        return column.width
    heading = min(width_of(column.heading) + 4, 24)  # room for the filter's button
    widest = max((_cell_width(cell) for cell in cells), default=0)
    return min(max(_NARROWEST, heading, widest + 2), _WIDEST)


def row_height(cells: Sequence[Cell], columns: Sequence[tuple[int, float]]) -> float | None:
    """Return the height in points that the wrapping columns (position, width) need; None for a single line."""
    lines = 1
    for position, width in columns:
        cell = cells[position]
        if isinstance(cell, str) and (len(cell) > width or "\n" in cell or not cell.isascii()):
            lines = max(lines, _line_count(cell, width))
    return None if lines <= 1 else min(lines * LINE_HEIGHT, MAX_HEIGHT)


def _line_count(cell: str, width: float) -> int:
    return sum(max(1, math.ceil(width_of(line) / width)) for line in cell.split("\n"))


def _cell_width(cell: Cell) -> int:
    value = storable(cell)
    if isinstance(value, datetime):
        return len("2035-09-03 08:00")
    return 0 if value is None else max(width_of(line[:_MEASURED_LETTERS]) for line in str(value).split("\n"))
