"""RowsAhead: the first rows of a workbook's first table, made before it is known what else there is in the workbook."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bulktap.results.sheets.filling import KeptPart, KeptRows, Stencils
from bulktap.results.sheets.writing import MAX_ROWS, column_widths, table_filling, without_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.results.sheets.layout import Cell, TableSheet

MOST_ROWS: Final = MAX_ROWS - 1
"""How many rows can be made ahead: those of one sheet."""
_ANY_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)


class RowsAhead:
    """Makes rows, and keeps them for the workbook."""

    def __init__(self, tables: Sequence[TableSheet]) -> None:
        """Take the workbook's tables, in their order.

        Of the first one the rows must be there by which columns are measured; of the others only the headings count.
        """
        self.kept = KeptRows()
        """For a workbook of the same tables, whose first one begins with the rows that were made."""
        skeleton, fillings = without_rows(tables, "", _ANY_MOMENT, MAX_ROWS)
        with zipfile.ZipFile(io.BytesIO(skeleton)) as workbook:
            stencils = Stencils.of(workbook, fillings)
        self._table, self._widths = tables[0], column_widths(tables[0])
        self._texts = self.kept.texts_behind(stencils.own, {}, {})
        part, filling = next(iter(fillings.items()))
        self._part = self.kept.parts[part] = KeptPart(filling.form, stencils.styles[part])

    @property
    def made(self) -> int:
        """How many rows have been made."""
        return self._part.rows

    def make(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Make those that are missing of a table's first rows, of which there are a multiple of `ROWS_TOGETHER`."""
        for _ in self._part.made(table_filling(self._table, rows, self._widths), self._texts):
            pass
