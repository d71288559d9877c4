"""A workbook of any format → its sheets.

calamine keeps a sheet as a full rectangle of cells, each with its own copy of its text. A few kilobytes of file can ask
for terabytes that way: two cells in opposite corners, or one long text that many cells share. So both are measured
first, for each format in its own way, and calamine reads a copy of what was measured.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bulktap.roster.formats.calendar_bounds import with_plain_numbers
from bulktap.roster.formats.excel_tables import tables_on
from bulktap.roster.formats.ods import measure_ods
from bulktap.roster.formats.workbook_cells import only_macros, read_sheets
from bulktap.roster.formats.workbook_copy import copy_parts
from bulktap.roster.formats.xls import copy_xls
from bulktap.roster.formats.xlsb import measure_xlsb
from bulktap.roster.formats.xlsx import measure_xlsx

if TYPE_CHECKING:
    from bulktap.roster.formats.sheet_marks import SheetMarks
    from bulktap.roster.formats.workbook_cells import SheetCells
    from bulktap.roster.formats.workbook_copy import WorkbookCopy


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that was measured and read."""

    sheets: list[SheetCells]
    copy: WorkbookCopy | None
    """Its parts; None for .xls, which has none."""

    def tables(self) -> dict[str, str]:
        """Return on which visible sheet each Excel table is, by its name in small letters."""
        if self.copy is None:
            return {}
        shown = [sheet.name for sheet in self.sheets if sheet.visible]
        return {table.name.casefold(): sheet for sheet in shown for table in tables_on(self.copy, sheet)}


def read_workbook(data: bytes, name: str) -> Workbook:
    """Return the sheets of a workbook.

    Raises:
        RosterError: it is damaged, or would unfold to more than any memory holds.
    """
    if data.startswith(b"PK"):
        copy = copy_parts(data, name)
        if _has(copy, "xl/macrosheets/") and not _has(copy, "xl/worksheets/"):
            raise only_macros(name)
        return Workbook(read_sheets(copy.file, name, _measure(copy, name), partial(with_plain_numbers, copy)), copy)
    plain, marks = copy_xls(data, name)
    return Workbook(read_sheets(io.BytesIO(plain), name, marks), None)


def _has(copy: WorkbookCopy, folder: str) -> bool:
    return any(part.casefold().startswith(folder) for part in copy.names)


def _measure(copy: WorkbookCopy, name: str) -> list[SheetMarks]:
    """Refuse what is too much; return the marks of the sheets by tab, where measuring came by them."""
    if "content.xml" in copy.names:
        return measure_ods(copy.read("content.xml"), name)
    if "xl/workbook.bin" in copy.names:
        return measure_xlsb(copy, name)
    measure_xlsx(copy, name)
    return []
