"""What the records of an old workbook (.xls) say about cells beside their values: errors, formats, what is hidden.

Pure. The records are those of [MS-XLS]; `old_workbooks` walks them and hands over those whose kind is asked for here.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from bulktap.roster.formats.sheet_marks import (
    ERRORS,
    SheetMarks,
    column_bits,
    columns_of,
    padded,
    shown_zeros,
    unpacked_number,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_FORMULA, _YES_OR_ERROR, _NUMBER, _PACKED, _MANY_PACKED = 0x0006, 0x0205, 0x0203, 0x027E, 0x00BD
_ROW, _COLUMNS, _FILTER = 0x0208, 0x007D, 0x009D
_FORMAT, _STYLE, _BEGIN = 0x041E, 0x00E0, 0x0809
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x20, 0x01
_EXCEL_97 = 0x0600

OF_THE_SHEET = frozenset({_FORMULA, _YES_OR_ERROR, _NUMBER, _PACKED, _MANY_PACKED, _ROW, _COLUMNS, _FILTER})
"""The kinds of records that `OldMarks` takes."""
OF_THE_WORKBOOK = frozenset({_FORMAT, _STYLE, _BEGIN})
"""The kinds of records that `OldFormats` takes."""


class OldFormats:
    """The number formats of a workbook that are nothing but zeros."""

    def __init__(self) -> None:
        self._digits: dict[int, int] = {}
        self._styles: list[int] = []
        self._wide = True

    def take(self, kind: int, content: bytes) -> None:
        """Take one record of the whole workbook in."""
        if kind == _BEGIN:
            self._wide = struct.unpack_from("<H", content)[0] >= _EXCEL_97
        elif kind == _STYLE:
            self._styles.append(struct.unpack_from("<H", content, 2)[0])
        elif (digits := shown_zeros(self._text(content))) is not None:
            self._digits[struct.unpack_from("<H", content)[0]] = digits

    def _text(self, content: bytes) -> str:
        if not self._wide:
            return content[3:].decode("latin-1")
        return content[5:].decode("utf-16-le" if content[4] & 1 else "latin-1", "replace")

    def zero_styles(self) -> dict[int, int]:
        """Return the cell styles that show leading zeros → how many digits they show at least."""
        return {place: self._digits[used] for place, used in enumerate(self._styles) if used in self._digits}


class OldMarks:
    """Gathers the marks of one sheet, record by record."""

    def __init__(self, zero_styles: Mapping[int, int]) -> None:
        self._zero_styles = zero_styles
        self._texts: dict[tuple[int, int], str] = {}
        self._hidden_rows: set[int] = set()
        self._hidden_columns = 0
        self._filtered = False

    def take(self, kind: int, content: bytes) -> None:
        """Take one record of the sheet in."""
        if kind == _ROW:
            if content[12] & _ROW_HIDDEN:
                self._hidden_rows.add(1 + struct.unpack_from("<H", content)[0])
        elif kind == _COLUMNS:
            first, last, width, _, flags = struct.unpack_from("<HHHHH", content)
            if flags & _COLUMN_HIDDEN or not width:
                self._hidden_columns |= column_bits(first, min(last, 255))
        elif kind == _FILTER:
            self._filtered = True
        elif kind == _MANY_PACKED:
            row, column = struct.unpack_from("<HH", content)
            for place in range((len(content) - 6) // 6 if self._zero_styles else 0):
                style, number = struct.unpack_from("<HI", content, 4 + 6 * place)
                self._number(row, column + place, style, unpacked_number(number))
        else:
            self._cell(kind, content)

    def _cell(self, kind: int, content: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", content)
        if kind == _YES_OR_ERROR:
            code, is_error = content[6], content[7]
        elif kind == _FORMULA:
            code, is_error = content[8], content[6] == 2 and content[12:14] == b"\xff\xff"
        else:
            code, is_error = 0, False
        if is_error:
            self._texts[row + 1, column] = ERRORS.get(code, "#N/A")
        elif kind == _PACKED:
            self._number(row, column, style, unpacked_number(struct.unpack_from("<I", content, 6)[0]))
        elif kind == _NUMBER or (kind == _FORMULA and content[12:14] != b"\xff\xff"):
            self._number(row, column, style, struct.unpack_from("<d", content, 6)[0])

    def _number(self, row: int, column: int, style: int, number: float) -> None:
        digits = self._zero_styles.get(style)
        if digits is not None and (text := padded(number, digits)) is not None:
            self._texts[row + 1, column] = text

    def marks(self) -> SheetMarks:
        """Return what was gathered."""
        rows, columns = frozenset(self._hidden_rows), columns_of(self._hidden_columns)
        return SheetMarks(self._texts, rows, columns, self._filtered)
