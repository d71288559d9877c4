"""How every workbook we write looks: typed cells, real dates, widths, styles; in memory only.

`layout` holds the words in which `results` describes a workbook, `cells` decides what a value becomes in a cell,
`measures` how wide and high cells are; `late_rows` makes the rows of a table as they are written. `writing` is the only
module that imports XlsxWriter, which writes all but the rows of tables; `bulk_rows` writes those as XML, `filling` puts
them into the sheets, and `rows_ahead` makes the first of them before the rest is known. `charts` says what is drawn.
"""

from bulktap.results.sheets.cells import cell_text, sheet_name
from bulktap.results.sheets.late_rows import LateRows
from bulktap.results.sheets.layout import Cell, ChartKind, Column, ColumnKind, FactSheet, Section, TableSheet, Tone
from bulktap.results.sheets.rows_ahead import RowsAhead
from bulktap.results.sheets.writing import workbook_bytes

__all__ = [
    "Cell",
    "ChartKind",
    "Column",
    "ColumnKind",
    "FactSheet",
    "LateRows",
    "RowsAhead",
    "Section",
    "TableSheet",
    "Tone",
    "cell_text",
    "sheet_name",
    "workbook_bytes",
]
