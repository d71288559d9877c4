"""Which sheet of a workbook holds the roster, and what of it the spreadsheet program shows.

Pure but for the structure of the chosen sheet, which is searched in the file's bytes. Where a guess could take the
wrong people, it asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bulktap.errors import RosterError
from bulktap.roster.header import GridRow, find_header
from bulktap.roster.headings import names_user
from bulktap.roster.workbook_structure import read_structure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bulktap.plan import CellValue


@dataclass(frozen=True, slots=True)
class SheetCells:
    """One worksheet."""

    name: str
    """As its tab shows it."""
    visible: bool
    """Whether it has a tab; hidden sheets are not read."""
    rows: list[GridRow]
    """Rows that hold something."""


@dataclass(frozen=True, slots=True)
class ChosenSheet:
    """The sheet that holds the roster."""

    sheet: SheetCells
    notes: tuple[str, ...]
    """Why this one, where there was a choice."""


def filled(rows: Iterable[Sequence[object]]) -> list[GridRow]:
    """Return the rows that hold something, numbered from 1, with values as the roster keeps them."""
    kept: list[GridRow] = []
    for number, row in enumerate(rows, 1):
        cells = tuple(_cell(value) for value in row)
        if any(cell is not None and not (isinstance(cell, str) and cell.isspace()) for cell in cells):
            kept.append((number, cells))
    return kept


def _cell(value: object) -> CellValue:
    match value:
        case "" | None:
            return None
        case float():
            return int(value) if value.is_integer() and abs(value) < 1e15 else value
        case datetime():
            return _whole_second(value)
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case str() | bool() | int() | date() | time():
            return value
        case _:
            return str(value)


def _whole_second(moment: datetime) -> datetime:
    """Return the second that a fraction of a day stands for; floating point misses it by a few milliseconds."""
    if not moment.microsecond:
        return moment
    rounded = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    return rounded if abs(rounded - moment) < timedelta(milliseconds=20) else moment


def choose(sheets: Sequence[SheetCells], wanted: Sequence[str], file: str) -> ChosenSheet:
    """Return the one sheet that holds the roster.

    Raises:
        RosterError: none does, several do, or the sheet that was asked for does not exist.
    """
    if wanted:
        return ChosenSheet(_named(sheets, wanted, file), ())
    shown = [sheet for sheet in sheets if sheet.visible and sheet.rows]
    if not shown:
        raise RosterError(
            f"{file} has no data.", hint="Give a workbook with a row of headings and one for each person."
        )
    rosters = [sheet for sheet in shown if _names_users(sheet)] if len(shown) > 1 else shown
    if len(rosters) > 1 or not rosters:
        listed = ", ".join(f"{sheet.name} ({len(sheet.rows) - 1} rows)" for sheet in rosters or shown)
        what = "Several sheets look like a roster" if rosters else "No sheet has a heading for the user"
        raise RosterError(f"{file}: {what}: {listed}.", hint=f'Say which one, for example --sheet "{shown[0].name}".')
    notes = []
    if len(sheets) > 1:
        hidden = sum(not sheet.visible for sheet in sheets)
        others = f" {hidden} hidden sheet(s) were not read." if hidden else ""
        notes.append(f"The sheet {rosters[0].name} was used.{others}")
    return ChosenSheet(rosters[0], tuple(notes))


def _named(sheets: Sequence[SheetCells], wanted: Sequence[str], file: str) -> SheetCells:
    if len(wanted) > 1:
        raise RosterError(
            "Several sheets were named.", hint="Name one with --sheet; make a run for each of the others."
        )
    for sheet in sheets:
        if sheet.name.strip().casefold() == wanted[0].strip().casefold():
            if not sheet.visible:
                raise RosterError(f"{file}: the sheet {sheet.name} is hidden.", hint="Unhide it in Excel and save.")
            if not sheet.rows:
                raise RosterError(f"{file}: the sheet {sheet.name} has no data.", hint="Name another with --sheet.")
            return sheet
    known = ", ".join(sheet.name for sheet in sheets if sheet.visible)
    raise RosterError(f"{file} has no sheet {wanted[0]}.", hint=f"Its sheets are: {known}.")


def _names_users(sheet: SheetCells) -> bool:
    header = find_header(sheet.rows, None, sheet.name)
    if any(names_user(heading) for heading in header.headings):
        return True
    return any("@" in cell for _, cells in sheet.rows[:50] for cell in cells if isinstance(cell, str))


def settle_hidden_rows(
    data: bytes, sheet: SheetCells, place: str, wanted: str | None
) -> tuple[list[GridRow], str | None]:
    """Return the rows to read, with error cells as the sheet shows them, and a note about hidden ones.

    Raises:
        RosterError: rows are hidden and nobody said what to do about them.
    """
    if not data.startswith(b"PK"):
        return sheet.rows, None
    structure = read_structure(data, sheet.name)
    rows = _with_texts(sheet.rows, structure.texts)
    hidden = [number for number, _ in rows if number in structure.hidden_rows]
    if not hidden or wanted == "include":
        return rows, f"{len(hidden)} hidden row(s) were included." if hidden else None
    if wanted == "skip":
        return [
            row for row in rows if row[0] not in structure.hidden_rows
        ], f"{len(hidden)} hidden row(s) were skipped."
    why = "a filter" if structure.filtered else "hand"
    message = f"{place}: {len(hidden)} row(s) are hidden by {why}, the first is row {hidden[0]}."
    raise RosterError(message, hint="Say --hidden-rows include or skip, or unhide them in Excel and save.")


def _with_texts(rows: list[GridRow], texts: dict[tuple[int, int], str]) -> list[GridRow]:
    if not texts:
        return rows
    by_number = dict(rows)
    changed: dict[int, list[CellValue]] = {}
    for (number, column), text in texts.items():
        cells = changed.setdefault(number, list(by_number.get(number, ())))
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = text
    by_number.update((number, tuple(cells)) for number, cells in changed.items())
    return sorted(by_number.items())
