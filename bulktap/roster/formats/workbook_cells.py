"""The values of a workbook's sheets; the only module that imports python-calamine."""

from __future__ import annotations

import math
import os
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from bulktap.model.errors import RosterError
from bulktap.roster.cell_values import Duration
from bulktap.roster.files.size_limits import MAX_CELLS, MAX_SHEETS, refuse_many
from bulktap.roster.formats.sheet_marks import SheetMarks
from bulktap.roster.model import Area

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import python_calamine as calamine

    from bulktap.model.plan import CellValue
    from bulktap.roster.model import GridRow

_SAVE_AS = "Open it in Excel, save it as .xlsx and give that file."


@dataclass(frozen=True, slots=True)
class SheetCells:
    """One worksheet."""

    name: str
    """As its tab shows it."""
    visible: bool
    """True if it has a tab; hidden sheets are not read."""
    rows: list[GridRow]
    """Rows that hold something."""
    merged: list[Area] = field(default_factory=list)
    """Merged cells that span several rows or columns."""
    marks: SheetMarks = field(default_factory=SheetMarks)
    """What else it says of its cells, where measuring the workbook came by it."""


def read_sheets(
    file: BinaryIO, name: str, marks: Sequence[SheetMarks] = (), plainer: Callable[[], BinaryIO] | None = None
) -> list[SheetCells]:
    """Return every worksheet, the hidden ones without their cells; `marks` has one entry for each tab, or none.

    `plainer` makes a copy without dates that are none, for when calamine stumbles over one.

    Raises:
        RosterError: the workbook is damaged or protected.
    """
    import python_calamine as calamine

    try:
        return _sheets(file, name, marks)
    except calamine.PasswordError:
        hint = "Save a copy without a password, or as .xlsx with one, and give that file."
        raise RosterError(f"{name} is protected with a password.", hint=hint) from None
    except (calamine.CalamineError, OSError) as error:
        raise _unreadable(name, error) from None
    except (ValueError, OverflowError) as error:
        refusal = _unreadable(name, error)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what a bug in a library written in Rust raises
            raise
        refusal = RosterError(f"{name} is a damaged workbook.", hint=_SAVE_AS)
    if plainer is None:
        raise refusal
    return read_sheets(plainer(), name, marks)


def only_macros(name: str) -> RosterError:
    """Return what is said of a workbook that has Excel 4 macro sheets and no other."""
    hint = "Give the workbook with the people, saved as .xlsx. Do not open this one unless you know who made it."
    return RosterError(f"{name} holds Excel 4 macros alone, and no sheet with people.", hint=hint)


def _unreadable(name: str, error: Exception) -> RosterError:
    what = " ".join(str(error).split())[:120]
    return RosterError(f"{name} is not a workbook that can be read ({what}).", hint=_SAVE_AS)


def _sheets(file: BinaryIO, name: str, marks: Sequence[SheetMarks]) -> list[SheetCells]:
    import python_calamine as calamine

    file.seek(0)
    found: list[SheetCells] = []
    cells = 0
    with _silent_errors():
        book = calamine.load_workbook(file)
        tabs = book.sheets_metadata
        if tabs and all(tab.typ == calamine.SheetTypeEnum.MacroSheet for tab in tabs):
            raise only_macros(name)
        if len(tabs) > MAX_SHEETS:
            refuse_many(name, f"{len(tabs):,} sheets")
        for index, tab in enumerate(tabs):
            if tab.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = _sheet(book, index, tab.name, visible=tab.visible == calamine.SheetVisibleEnum.Visible)
            # Several tabs may name one part of the file, so that its size says nothing about their sum.
            cells += sum(len(row) for _, row in sheet.rows)
            if cells > MAX_CELLS:
                refuse_many(name, f"more than {MAX_CELLS:,} cells in its first {len(found) + 1:,} sheets")
            found.append(replace(sheet, marks=marks[index] if index < len(marks) else SheetMarks()))
    return found


@contextmanager
def _silent_errors() -> Iterator[None]:
    """Keep what is written to standard error below Python to itself.

    A library written in Rust prints a backtrace when it stumbles over a damaged file, before Python hears of it.
    """
    try:
        kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # there is no standard error
        yield
        return
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _sheet(book: calamine.CalamineWorkbook, index: int, name: str, *, visible: bool) -> SheetCells:
    if not visible:
        return SheetCells(name, visible, [])
    sheet = book.get_sheet_by_index(index)
    merged = [Area(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]
    return SheetCells(name, visible, _rows(sheet), merged)


def _rows(sheet: calamine.CalamineSheet) -> list[GridRow]:
    """Return the rows that hold something, numbered as the sheet shows them, with one copy of repeated texts."""
    if sheet.start is None:
        return []
    first, left = sheet.start
    before: tuple[CellValue, ...] = (None,) * left
    texts: dict[str, str] = {}
    kept: list[GridRow] = []
    # Row by row, blank ones above the first included: `to_python` would hold all cells once more meanwhile.
    for number, row in enumerate(islice(sheet.iter_rows(), first, None), first + 1):
        cells = tuple([texts.setdefault(v, v) if v.__class__ is str and v else _cell_value(v) for v in row])
        if cells.count(None) < len(cells) and (not _is_blank(cells[0]) or not all(map(_is_blank, cells))):
            kept.append((number, before + cells if left else cells))
    return kept


def _is_blank(cell: CellValue) -> bool:
    """Return true if a cell holds nothing that can be seen."""
    return cell is None or (isinstance(cell, str) and cell.isspace())


def _cell_value(value: object) -> CellValue:
    """Return a value as the roster keeps it: None for an empty cell, whole numbers whole, moments of whole seconds."""
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, str):
        return value or None
    if isinstance(value, datetime):
        return _whole_second(value)
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return Duration(f"{minutes // 60}:{minutes % 60:02}:{seconds:02}")
    if isinstance(value, (bool, int, date, time)) or value is None:
        return value
    return str(value)


def _number(value: float) -> int | float | str:
    if not math.isfinite(value):
        return str(value)  # neither JSON nor a cell of ours can hold it
    return int(value) if value.is_integer() and abs(value) < 1e21 else value


def _whole_second(moment: datetime) -> datetime:
    """Return the second that a fraction of a day stands for; floating point misses it by a few milliseconds."""
    if not moment.microsecond:
        return moment
    rounded = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    return rounded if abs(rounded - moment) < timedelta(milliseconds=20) else moment
