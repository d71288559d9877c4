"""From a described workbook to its bytes, by XlsxWriter, which only this module and `empty_table` import.

It writes all but the rows of tables, which `bulk_rows` writes and `filling` puts where they belong.

`in_memory` keeps XlsxWriter from writing the parts of a workbook through temporary files, so that a passcode meets
the disk only after the whole workbook has been encrypted. Text is written as text whatever it looks like: no
formula, link or number is guessed from it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, Any

from bulktap.results.sheets.bulk_rows import CellStyles, ColumnStyles, SharedTexts, rows_xml
from bulktap.results.sheets.cells import cell_text, date_format, storable
from bulktap.results.sheets.charts import add_charts
from bulktap.results.sheets.filling import STENCIL_ROW, Filling, filled
from bulktap.results.sheets.layout import Cell, Column, ColumnKind, FactSheet, TableSheet, Tone
from bulktap.results.sheets.measures import LINE_HEIGHT, MEASURED_ROWS, column_width, row_height

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bulktap.results.sheets.filling import KeptRows

MAX_ROWS = 1_048_576
"""Rows of a sheet, heading included (Excel specifications and limits)."""

_OPTIONS = {
    "in_memory": True,
    "use_zip64": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_A4 = 9
_PRINTED_WIDTH = 170  # characters on a page across that can still be read without a glass
_LABEL_WIDTH = 34.0
_MAX_COLUMNS = 16_384
_FOLDED_AWAY = {"level": 1, "hidden": True}

_Look = Mapping[str, object]
_PLAIN: _Look = {"valign": "top"}
_QUOTED: _Look = {"quote_prefix": True}
_FAULTY: _Look = {"bg_color": "#FBD9D3", "border": 1, "border_color": "#D98E84"}
_FIXED_WIDTH: _Look = {"font_name": "Consolas", "font_family": 3, "num_format": "@"}
_DATES: Mapping[str, _Look] = {
    shape: {"num_format": shape, "align": "left"} for shape in ("yyyy-mm-dd hh:mm", "yyyy-mm-dd", "hh:mm", "hh:mm:ss")
}
_LOOKS: Mapping[ColumnKind, Sequence[_Look]] = {
    ColumnKind.TEXT: (),
    ColumnKind.PASSCODE: (_FIXED_WIDTH,),
    ColumnKind.DATE_TIME: (),
    ColumnKind.INTEGER: ({"num_format": "0", "align": "left"},),
    ColumnKind.YES_NO: (),
    ColumnKind.AS_TYPED: (),
}
_WRAPPED: Mapping[bool, Sequence[_Look]] = {False: (), True: ({"text_wrap": True},)}
_CellKind = tuple[ColumnKind, bool, bool]
"""Of a column, whether it wraps, whether the cell is at fault."""
_VARIANTS: Sequence[Sequence[_Look]] = ((), (_QUOTED,), *((look,) for look in _DATES.values()))
_HEADING: _Look = {"bold": True, "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"}
_TITLE: _Look = {"bold": True, "font_size": 18, "font_color": Tone.OURS.value}
_BANNER: _Look = {"bold": True, "font_size": 13, "bg_color": "#FFC000", "valign": "vcenter"}
_SECTION: _Look = {"bold": True, "font_size": 12, "font_color": Tone.OURS.value, "bottom": 1}
_LABEL: _Look = {"font_color": "#5B6B7F", "valign": "top", "align": "left", "text_wrap": True}
_VALUE: _Look = {"text_wrap": True, "valign": "top", "align": "left"}
_GROUPED: _Look = {"num_format": "#,##0"}


def workbook_bytes(
    sheets: Sequence[TableSheet | FactSheet],
    *,
    title: str,
    created: datetime,
    rows_per_sheet: int = MAX_ROWS,
    kept: KeptRows | None = None,
) -> bytes:
    """Return an Excel workbook of these sheets; the same arguments give the same bytes.

    A table with more rows than a sheet can hold goes on in sheets named `… (2)`, `… (3)`.

    Args:
        sheets: in the order in which they stand; no facts between tables.
        title: of the workbook.
        created: when it is made.
        rows_per_sheet: the most that a sheet may have, with its heading.
        kept: is given the tables' rows as they are written; if it has them already, the tables are the same.

    Raises:
        ValueError: a table has more columns than a sheet can hold (16,384), or a sheet's name is not allowed.
    """
    skeleton, fillings = without_rows(sheets, title, created, rows_per_sheet)
    return filled(skeleton, fillings, kept)


def without_rows(
    sheets: Sequence[TableSheet | FactSheet], title: str, created: datetime, rows_per_sheet: int
) -> tuple[bytes, dict[str, Filling]]:
    """Return a workbook without the rows of its tables; and these, by the name of the part that they belong into.

    Raises:
        ValueError: as for `workbook_bytes`.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxWriterException

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, dict(_OPTIONS))
    book.set_properties({"title": title, "author": "bulktap", "created": created.astimezone(UTC)})
    styles = _Styles(book)
    fillings: dict[str, Filling] = {}
    try:
        for sheet in sheets:
            if isinstance(sheet, FactSheet):
                _write_facts(book, sheet, styles)
            else:
                fillings |= _write_table(book, sheet, styles, rows_per_sheet - 1)
    except XlsxWriterException as fault:
        raise ValueError(str(fault)) from None
    book.close()
    return target.getvalue(), fillings


class _Styles:
    """The cell styles of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}
        self._found: dict[tuple[int, ...], tuple[Any, tuple[_Look, ...]]] = {}

    def get(self, *looks: _Look) -> Any:
        """Return the style of these looks; a later one overrides an earlier one."""
        # Asked for each cell, so that it goes by the identity of the looks; they are kept, lest an identity be reused.
        identities = tuple(map(id, looks))
        if identities not in self._found:
            properties: dict[str, object] = {}
            for look in looks:
                properties |= look
            key = tuple(properties.items())
            if key not in self._made:
                self._made[key] = self._book.add_format(properties)
            self._found[identities] = (self._made[key], looks)
        return self._found[identities][0]


class _CellWriter:
    """Writes the cells of one sheet, each in the style that its value asks for."""

    def __init__(self, worksheet: Any, styles: _Styles) -> None:
        self._worksheet = worksheet
        self._styles = styles

    def write(self, row: int, column: int, value: Cell, *looks: _Look) -> None:
        """Write a value by its type."""
        sheet, styles = self._worksheet, self._styles
        match storable(value):
            case None:
                done = sheet.write_blank(row, column, None, styles.get(*looks))
            case str() as text:
                done = self._write_text(row, column, cell_text(text), looks)
            case bool() as truth:
                done = sheet.write_boolean(row, column, truth, styles.get(*looks))
            case int() | float() as number:
                done = sheet.write_number(row, column, number, styles.get(*looks))
            case moment:
                done = sheet.write_datetime(row, column, moment, styles.get(*looks, _DATES[date_format(moment)]))
        if done != 0:
            raise ValueError("more columns than a sheet can hold")

    def _write_text(self, row: int, column: int, text: str, looks: Sequence[_Look]) -> int:
        if text.startswith(("=", "+", "-", "@", "'")):
            looks = (*looks, _QUOTED)  # so that editing the cell does not make a formula of it
        style = self._styles.get(*looks)
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter would take it for rich text of its own and write it unescaped; in pieces it stays text.
            pieces = (style, text[0], style, text[1], style, text[2:], style)
            return int(self._worksheet.write_rich_string(row, column, *pieces))
        return int(self._worksheet.write_string(row, column, text, style))


def _write_table(book: Any, table: TableSheet, styles: _Styles, rows_per_sheet: int) -> dict[str, Filling]:
    """Write a table but for its rows; return these by the name of the part that they belong into."""
    fillings: dict[str, Filling] = {}
    widths = column_widths(table)
    for number, first in enumerate(range(0, max(len(table.rows), 1), rows_per_sheet), start=1):
        worksheet = book.add_worksheet(table.name if number == 1 else f"{table.name} ({number})")
        _write_headings(worksheet, _CellWriter(worksheet, styles), table.columns, widths)
        _write_stencil(worksheet, table, styles)
        rows = table.rows[first : first + rows_per_sheet]
        _dress(worksheet, table, len(rows), widths)
        fillings[f"xl/worksheets/sheet{len(book.worksheets())}.xml"] = table_filling(table, rows, widths, first)
    return fillings


def column_widths(table: TableSheet) -> list[float]:
    """Return the widths of a table's columns, in characters, by its first rows."""
    measured = list(table.rows[:MEASURED_ROWS])
    return [column_width(column, [row[position] for row in measured]) for position, column in enumerate(table.columns)]


def table_filling(
    table: TableSheet, rows: Sequence[Sequence[Cell]], widths: Sequence[float], first: int = 0
) -> Filling:
    """Return what a sheet with some of a table's rows is filled with.

    Args:
        table: what the rows are of.
        rows: that stand on the sheet.
        widths: of the columns, in characters.
        first: the position of the first of them among the table's.
    """
    return Filling(
        partial(_table_rows, table, rows, first, widths),
        (tuple(table.columns), tuple(widths)),
        f"{_letters(len(table.columns) - 1)}{len(rows) + 1}",
        len(rows),
        len(rows) * len(table.columns),
    )


def _write_headings(worksheet: Any, writer: _CellWriter, columns: Sequence[Column], widths: Sequence[float]) -> None:
    worksheet.set_row(0, 2 * LINE_HEIGHT + 2)
    if columns[-1].technical and len(columns) < _MAX_COLUMNS:
        worksheet.set_column(len(columns), len(columns), None, None, {"collapsed": True})  # it bears the outline's sign
    for position, (column, width) in enumerate(zip(columns, widths, strict=True)):
        writer.write(0, position, column.heading, _HEADING, {"bg_color": column.tone.value})
        worksheet.set_column(position, position, width, None, _FOLDED_AWAY if column.technical else {})
        if column.note:
            worksheet.write_comment(0, position, column.note, {"author": "bulktap", "x_scale": 2})


def _write_stencil(worksheet: Any, table: TableSheet, styles: _Styles) -> None:
    """Write an empty cell of each style that the cells of a table may have.

    Each kind has so many cells: one for what is plain, one for what is quoted, one for each number format of dates.
    """
    for number, (kind, wrap, faulty) in enumerate(_cell_kinds(table)):
        looks = (_PLAIN, *_LOOKS[kind], *_WRAPPED[wrap], *((_FAULTY,) if faulty else ()))
        for variant, more in enumerate(_VARIANTS):
            worksheet.write_blank(STENCIL_ROW, number * len(_VARIANTS) + variant, None, styles.get(*looks, *more))


def _cell_kinds(table: TableSheet) -> Sequence[_CellKind]:
    """Return the kinds of cells that a table may have, in the order of its stencil."""
    kinds = list(dict.fromkeys((column.kind, column.wrap, False) for column in table.columns))
    return [*kinds, *((kind, wrap, True) for kind, wrap, _ in kinds)] if table.faults else kinds


def _table_rows(
    table: TableSheet,
    rows: Sequence[Sequence[Cell]],
    first: int,
    widths: Sequence[float],
    stencil: Sequence[int],
    texts: SharedTexts,
    made: int,
) -> Iterator[bytes]:
    """Yield the rows of a sheet, the first of which is that row of the table, in the styles of its stencil.

    As many as were made before are left out.
    """
    by_kind = {
        kind: CellStyles(plain, quoted, dict(zip(_DATES, dates, strict=True)))
        for number, kind in enumerate(_cell_kinds(table))
        for plain, quoted, *dates in [stencil[number * len(_VARIANTS) : (number + 1) * len(_VARIANTS)]]
    }
    columns = [
        (column, _letters(position), ColumnStyles(by_kind[usual], by_kind.get((*usual[:2], True), by_kind[usual])))
        for position, column in enumerate(table.columns)
        for usual in [(column.kind, column.wrap, False)]
    ]
    return rows_xml(
        rows,
        columns,
        texts,
        widths=widths,
        faults=lambda position: table.faults.get(first + position, ()),
        made=made,
    )


def _letters(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))


def _dress(worksheet: Any, table: TableSheet, row_count: int, widths: Sequence[float]) -> None:
    worksheet.freeze_panes(1, table.frozen_columns)
    worksheet.autofilter(0, 0, row_count, len(table.columns) - 1)
    worksheet.ignore_errors({"number_stored_as_text": f"A1:XFD{row_count + 1}"})
    worksheet.hide_gridlines(0)
    worksheet.set_landscape()
    worksheet.repeat_rows(0)
    if table.printed_columns:
        worksheet.print_area(0, 0, row_count, table.printed_columns - 1)
        _prepare_print(worksheet, 1)
        return
    if table.frozen_columns:
        worksheet.repeat_columns(0, table.frozen_columns - 1)
    in_sight = sum(width for width, column in zip(widths, table.columns, strict=True) if not column.technical)
    _prepare_print(worksheet, max(1, round(in_sight / _PRINTED_WIDTH)))


def _prepare_print(worksheet: Any, pages_wide: int) -> None:
    worksheet.set_paper(_A4)
    worksheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    worksheet.fit_to_pages(pages_wide, 0)
    worksheet.set_footer("&L&A&R&P / &N")


def _write_facts(book: Any, sheet: FactSheet, styles: _Styles) -> None:
    worksheet = book.add_worksheet(sheet.name)
    worksheet.hide_gridlines(2)
    worksheet.set_column(0, 0, _LABEL_WIDTH)
    worksheet.set_column(1, 1, sheet.value_width)
    writer = _CellWriter(worksheet, styles)
    writer.write(0, 0, sheet.title, _TITLE)
    worksheet.set_row(0, 30)
    row = 1
    if sheet.banner:
        writer.write(1, 0, sheet.banner, _BANNER)
        writer.write(1, 1, None, _BANNER)
        worksheet.set_row(1, 26)
        row = 2
    places: dict[int, int] = {}
    for number, section in enumerate(sheet.sections):
        row += 1
        writer.write(row, 0, section.heading, _SECTION)
        writer.write(row, 1, None, _SECTION)
        places[number] = row + 1
        for label, value in section.facts:
            row += 1
            _write_fact(worksheet, writer, row, label, value, sheet.value_width)
        row += 1
    if add_charts(book, worksheet, sheet, places):
        worksheet.set_landscape()
    _prepare_print(worksheet, 1)


def _write_fact(worksheet: Any, writer: _CellWriter, row: int, label: str, value: Cell, width: float) -> None:
    writer.write(row, 0, label, _LABEL)
    writer.write(row, 1, value, _VALUE, *((_GROUPED,) if type(value) is int else ()))
    height = row_height([label, value], [(0, _LABEL_WIDTH), (1, width)])
    if height is not None:
        worksheet.set_row(row, height)
