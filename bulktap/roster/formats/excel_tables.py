"""Excel tables on a sheet, which say exactly where the headings are and which columns belong together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulktap.model.errors import QuestionOpen
from bulktap.model.questions import Choice, Question
from bulktap.model.setting_names import Setting
from bulktap.roster.columns.header_row import text_of
from bulktap.roster.columns.headings import names_user
from bulktap.roster.formats.workbook_copy import elements_of
from bulktap.roster.formats.xlsx import SheetXml, area_of
from bulktap.roster.model import column_letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.roster.formats.workbook_cells import SheetCells
    from bulktap.roster.formats.workbook_copy import WorkbookCopy
    from bulktap.roster.model import Area


@dataclass(frozen=True, slots=True)
class ExcelTable:
    """One table on a sheet."""

    name: str
    """As Excel shows it under Table Design."""
    area: Area
    """With its row of headings."""
    has_totals: bool
    """True if its last row is sums and counts."""

    def __str__(self) -> str:
        """Return the name and place for a message."""
        left, right = column_letter(self.area.left), column_letter(self.area.right)
        return f"{self.name} ({left}{self.area.top}:{right}{self.area.bottom})"


def tables_on(copy: WorkbookCopy, sheet: str) -> list[ExcelTable]:
    """Return the tables on a sheet of an .xlsx file that have a row of headings."""
    part = copy.sheets.get(sheet, "")
    links = copy.links(part) if part else {}
    found = []
    for link in SheetXml(copy.read(part)).table_ids() if links else ():
        for element in elements_of(copy.read(links[link].target)) if link in links else ():
            told = element.attributes
            area = area_of(told.get("ref", ""))
            if element.name == "table" and area is not None and told.get("headerRowCount", "1") != "0":
                name = told.get("displayName") or told.get("name", "")
                found.append(ExcelTable(name, area, told.get("totalsRowCount", "0") not in {"", "0"}))
    return found


def table_with_people(
    sheet: SheetCells, tables: Sequence[ExcelTable], wanted: str | None, place: str
) -> ExcelTable | None:
    """Return the table that has a heading for the user; None if the sheet is to be read as a whole.

    Raises:
        RosterError: several have one.
    """
    if wanted is not None:
        return next(table for table in tables if table.name.casefold() == wanted.casefold())
    rows = dict(sheet.rows)
    naming = [
        table
        for table in tables
        if any(
            names_user(text_of(cell)) for cell in rows.get(table.area.top, ())[table.area.left : table.area.right + 1]
        )
    ]
    if len(naming) > 1:
        listed = ", ".join(map(str, naming))
        choices = tuple([Choice(table.name, f"{table} ({_people_in(sheet, table)} rows)") for table in naming])
        text = f"{place}: several tables could hold the people: {listed}."
        raise QuestionOpen([Question(Setting.SHEET, "which-table", text, choices=choices)])
    return naming[0] if naming else None


def _people_in(sheet: SheetCells, table: ExcelTable) -> int:
    return sum(table.area.top < number <= table.area.bottom for number, _ in sheet.rows)


def only_table(sheet: SheetCells, table: ExcelTable, others: Sequence[ExcelTable]) -> tuple[SheetCells, str | None]:
    """Return the sheet with nothing left but a table, and a note if there was more beside it.

    Rows that were typed below the table belong to it, down to the next table; a row of totals does not.
    """
    top, left, bottom, right = table.area
    below = [other.area.top for other in others if other.area.top > bottom and _overlap(other.area, table.area)]
    last = min(below, default=1 << 30) - 1
    rows = []
    lost = False
    for number, cells in sheet.rows:
        inside = cells[left : right + 1]
        within = top <= number <= last and not (table.has_totals and number == bottom)
        if within and any(cell is not None for cell in inside):
            rows.append((number, (None,) * left + inside))
        lost = lost or any(cell is not None for cell in (*cells[:left], *cells[right + 1 :]))
    note = f"The table {table} was used; what stands beside it was not read." if lost else None
    return replace(sheet, rows=rows), note


def _overlap(one: Area, other: Area) -> bool:
    return one.left <= other.right and other.left <= one.right
