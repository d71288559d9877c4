"""One sheet as the spreadsheet program shows it: hidden rows settled, error cells named, merged values repeated."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from bulktap.model.errors import QuestionOpen, RosterError
from bulktap.model.plain_text import in_number
from bulktap.model.questions import Choice, Question
from bulktap.model.setting_names import Setting
from bulktap.roster.columns.header_row import rows_sample
from bulktap.roster.files.size_limits import within_sheet
from bulktap.roster.formats.excel_tables import only_table, table_with_people, tables_on
from bulktap.roster.formats.xlsx import SheetXml
from bulktap.roster.reading_words import HiddenRows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulktap.model.plan import CellValue
    from bulktap.roster.formats.sheet_marks import SheetMarks
    from bulktap.roster.formats.workbook_cells import SheetCells
    from bulktap.roster.formats.workbook_copy import WorkbookCopy
    from bulktap.roster.model import Area, GridRow
    from bulktap.roster.reading_options import ReadingOptions

_MAILTO = re.compile(r"mailto:([^?;,\s]+@[^?;,\s]+)(?:\?.*)?\Z", re.IGNORECASE)
_MOST_LINKED = 1_000_000
_MOST_FILLED = 2_000_000
_MOST_SHOWN = 3
"""Hidden rows of which a question shows something."""
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class SheetGrid:
    """The rows of a sheet, and what else it says about its cells; rows count from 1, columns from 0."""

    name: str
    rows: list[GridRow]
    header_row: int | None = None
    """Where an Excel table has its headings; None if there is no table."""
    merged: Sequence[Area] = ()
    """Merged cells."""
    repeated: frozenset[tuple[int, int]] = frozenset()
    """Cells that have their value from the first row of a merged cell."""
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Cell → the address that its `mailto:` link goes to."""
    hidden_columns: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
    hidden: tuple[GridRow, ...] = ()
    """Hidden rows that were skipped."""


def shown_grid(
    sheet: SheetCells, copy: WorkbookCopy | None, table: str | None, options: ReadingOptions, place: str
) -> SheetGrid:
    """Return a sheet as the spreadsheet program shows it.

    Raises:
        RosterError: rows are hidden and nobody said what to do about them, or several tables could be meant.
    """
    notes: list[str] = []
    marks, links, header_row = sheet.marks, {}, None
    if copy is not None and sheet.name in copy.sheets:
        raw = copy.read(copy.sheets[sheet.name])
        xml = SheetXml(raw)
        marks, links = xml.marks(copy.zero_styles), _mail_links(xml, copy, sheet.name)
        if b"_x" in raw or b"_x" in copy.read("xl/sharedstrings.xml"):
            sheet = replace(sheet, rows=[_unescaped(row) for row in sheet.rows])
    sheet = replace(sheet, rows=_with_texts(sheet.rows, marks.texts))
    if copy is not None and options.header_row is None and (tables := tables_on(copy, sheet.name)):
        people = table_with_people(sheet, tables, table, place)
        if people is not None:
            sheet, note = only_table(sheet, people, [other for other in tables if other is not people])
            header_row = people.area.top
            notes += [note] if note else []
    merged = [area for area in (*sheet.merged, *marks.merged) if within_sheet(area.bottom, area.right)]
    rows, repeated = _repeat_merged(sheet.rows, merged, place)
    kept, note = _settle_hidden_rows(rows, marks, place, options.hidden_rows)
    notes += [note] if note else []
    shown = {number for number, _ in kept} if len(kept) < len(rows) else None
    hidden = () if shown is None else tuple([row for row in rows if row[0] not in shown])
    return SheetGrid(sheet.name, kept, header_row, merged, repeated, links, marks.hidden_columns, tuple(notes), hidden)


def _repeat_merged(
    rows: list[GridRow], areas: Sequence[Area], place: str
) -> tuple[list[GridRow], frozenset[tuple[int, int]]]:
    """Return the rows with the values of merged cells repeated, and which cells (row, column) were filled so.

    A value may stand for several rows, such as one class name beside three pupils. Rows that hold nothing else stay
    empty. In a row of several merged columns the first one is filled.

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


def _settle_hidden_rows(
    rows: list[GridRow], marks: SheetMarks, place: str, wanted: HiddenRows | None
) -> tuple[list[GridRow], str | None]:
    hidden = [number for number, _ in rows if number in marks.hidden_rows]
    if not hidden:
        return rows, None
    if wanted is HiddenRows.INCLUDE:
        return rows, f"{in_number(len(hidden), 'hidden row was', 'hidden rows were')} included."
    if wanted is HiddenRows.SKIP:
        kept = [row for row in rows if row[0] not in marks.hidden_rows]
        return kept, f"{in_number(len(hidden), 'hidden row was', 'hidden rows were')} skipped."
    why = "a filter" if marks.filtered else "hand"
    first = [row for row in rows if row[0] in marks.hidden_rows][:_MOST_SHOWN]
    question = Question(
        Setting.HIDDEN_ROWS,
        "hidden-rows",
        f"{place}: {in_number(len(hidden), 'row is', 'rows are')} hidden by {why}, the first is row {hidden[0]}.",
        rows_sample(rows, first),
        (
            Choice(HiddenRows.SKIP.value, "skip: leave them out"),
            Choice(HiddenRows.INCLUDE.value, "include: these people get passes too"),
        ),
        remedy="They can be unhidden in Excel, too.",
    )
    raise QuestionOpen([question])


def _with_texts(rows: list[GridRow], texts: Mapping[tuple[int, int], str | bool]) -> list[GridRow]:
    """Return the rows with texts put into cells that calamine sees as empty, or as a bare number."""
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


def _unescaped(row: GridRow) -> GridRow:
    """Return the row with `_x000D_` and the like as the characters that they stand for (ECMA-376, ST_Xstring)."""
    number, cells = row
    return number, tuple(
        _ESCAPE.sub(_character, cell) if isinstance(cell, str) and "_x" in cell else cell for cell in cells
    )


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)


def _mail_links(xml: SheetXml, copy: WorkbookCopy, sheet: str) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    targets = None
    for area, link in xml.links():
        if targets is None:
            targets = copy.links(copy.sheets[sheet])
        target = targets.get(link)
        address = _MAILTO.match(unquote(target.target)) if target is not None and target.outside else None
        size = (area.bottom - area.top + 1) * (area.right - area.left + 1)
        if address is None or len(found) + size > _MOST_LINKED:
            continue
        for number in range(area.top, area.bottom + 1):
            found.update({(number, column): address[1] for column in range(area.left, area.right + 1)})
    return found
