"""Binary workbooks (.xlsb): what is too much of them, and the marks of their sheets.

A part is a row of records ([MS-XLSB] 2.1.4): a kind and a size of one to four bytes each, then the content.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.roster.files.size_limits import MAX_AREA, refuse_far, refuse_shared, within_sheet
from bulktap.roster.formats.sheet_marks import (
    ERRORS,
    SheetMarks,
    column_bits,
    columns_of,
    padded,
    shown_zeros,
    unpacked_number,
)
from bulktap.roster.model import Area

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bulktap.roster.formats.workbook_copy import WorkbookCopy

_ROW, _BLANK, _PACKED, _ERROR, _REAL, _SHARED_CELL, _FORMULA_NUMBER, _FORMULA_ERROR = 0, 1, 2, 3, 5, 7, 9, 11
_LAST_CELL, _SHARED_TEXT, _FORMAT, _STYLE, _COLUMNS, _SHEET = 11, 19, 44, 47, 60, 156
_FILTER, _MERGED, _STYLES_BEGIN, _STYLES_END = 161, 176, 617, 618
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x10, 0x01
_SHORTEST = {_ROW: 4, _PACKED: 12, _REAL: 16, _SHARED_CELL: 12, _FORMULA_NUMBER: 16}
_NO_TEXT = 0xFFFFFFFF


def measure_xlsb(copy: WorkbookCopy, name: str) -> list[SheetMarks]:
    """Refuse a binary workbook that no memory holds; return the marks of its sheets in the order of their tabs.

    Raises:
        RosterError: it is too large; the message says what is too much, and where.
    """
    sizes = [len(text) for kind, text in _records(copy.read("xl/sharedstrings.bin")) if kind == _SHARED_TEXT]
    zero_styles = _zero_styles(copy.read("xl/styles.bin"))
    found: dict[str, SheetMarks] = {}
    for part in copy.names:
        if part.endswith(".bin"):  # calamine reads whatever part a tab names
            sheet = _BinarySheet(sizes, zero_styles)
            sheet.read(copy.read(part), name)
            found[part] = sheet.marks()
    return [found.get(part, SheetMarks()) for part in _parts_of_sheets(copy)]


def _parts_of_sheets(copy: WorkbookCopy) -> Iterator[str]:
    links = copy.links("xl/workbook.bin")
    for kind, content in _records(copy.read("xl/workbook.bin")):
        if kind == _SHEET:
            length = int.from_bytes(content[8:12], "little")
            if length != _NO_TEXT:  # a sheet without a part of its own is none for calamine either
                link = links.get(content[12 : 12 + 2 * length].decode("utf-16-le", "replace"))
                yield link.target if link is not None else ""


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    return ((kind, content) for kind, content, _ in records_of(data))


def records_of(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Return the kind, content and end of each record of a part; stops where it is damaged."""
    position, end = 0, len(data)
    while position + 2 <= end:
        kind, position = data[position], position + 1
        if kind & 0x80:
            kind, position = (kind & 0x7F) | ((data[position] & 0x7F) << 7), position + 1
        size = shift = 0
        while position < end and shift < 28:
            byte, position = data[position], position + 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        content = data[position : position + size]
        position += size
        yield kind, content, position


def _zero_styles(data: bytes) -> dict[int, int]:
    """Return the cell styles that show leading zeros → how many digits they show at least."""
    digits: dict[int, int] = {}
    styles: dict[int, int] = {}
    count = -1  # of cell styles; below 0 outside of their list
    for kind, content in _records(data):
        if kind == _FORMAT and (shown := shown_zeros(content[6:].decode("utf-16-le", "replace"))) is not None:
            digits[int.from_bytes(content[:2], "little")] = shown
        elif kind == _STYLES_BEGIN:
            count = 0
        elif kind == _STYLES_END:
            break
        elif kind == _STYLE and count >= 0:
            if (shown := digits.get(int.from_bytes(content[2:4], "little"))) is not None:
                styles[count] = shown
            count += 1
    return styles


class _BinarySheet:
    """The records of one sheet."""

    def __init__(self, lengths: list[int], zero_styles: Mapping[int, int]) -> None:
        self._lengths = lengths
        self._zero_styles = zero_styles
        self._texts: dict[tuple[int, int], str] = {}
        self._hidden_rows: set[int] = set()
        self._hidden_columns = 0
        self._merged: list[Area] = []
        self._filtered = False

    def read(self, data: bytes, name: str) -> None:
        """Measure the sheet and gather its marks; what a damaged record should have said is not gathered."""
        row = bottom = right = count = characters = 0
        top = 1 << 21
        for kind, content in _records(data):
            if kind <= _LAST_CELL and len(content) < _SHORTEST.get(kind, 8):
                # calamine would take what is missing from the record before
                raise RosterError(f"{name} is a damaged workbook.", hint="Copy or download it again.")
            if kind == _ROW:
                row = int.from_bytes(content[:4], "little")
                if content[11:12] and content[11] & _ROW_HIDDEN:
                    self._hidden_rows.add(row + 1)
            elif kind <= _LAST_CELL and kind != _BLANK:
                count += 1
                top, bottom = min(top, row), max(bottom, row)
                right = max(right, int.from_bytes(content[:4], "little"))
                if kind == _SHARED_CELL:
                    index = int.from_bytes(content[8:12], "little")
                    characters += self._lengths[index] // 2 if index < len(self._lengths) else 0
                else:
                    self._cell(kind, row + 1, content)
            elif kind in {_COLUMNS, _MERGED, _FILTER}:
                self._frame(kind, content)
        far = not within_sheet(bottom + 1, right) or (bottom - top + 1) * (right + 1) > max(MAX_AREA, 8 * count)
        if count and far:
            refuse_far(name, bottom + 1, right)
        refuse_shared(characters, name)

    def _cell(self, kind: int, row: int, content: bytes) -> None:
        column = int.from_bytes(content[:4], "little")
        if kind in {_ERROR, _FORMULA_ERROR} and len(content) > 8:
            self._texts[row, column] = ERRORS.get(content[8], "#N/A")
        elif kind in {_PACKED, _REAL, _FORMULA_NUMBER} and self._zero_styles:
            digits = self._zero_styles.get(int.from_bytes(content[4:7], "little"))
            size = 12 if kind == _PACKED else 16
            if digits is not None and len(content) >= size:
                number = (
                    unpacked_number(int.from_bytes(content[8:12], "little"))
                    if kind == _PACKED
                    else struct.unpack_from("<d", content, 8)[0]
                )
                if (text := padded(number, digits)) is not None:
                    self._texts[row, column] = text

    def _frame(self, kind: int, content: bytes) -> None:
        if kind == _FILTER:
            self._filtered = True
        elif kind == _MERGED and len(content) >= 16:
            top, bottom, left, right = struct.unpack_from("<4I", content)
            self._merged.append(Area(top + 1, left, bottom + 1, right))
        elif kind == _COLUMNS and len(content) >= 18:
            first, last, width, _, flags = struct.unpack_from("<4IH", content)
            if flags & _COLUMN_HIDDEN or not width:
                self._hidden_columns |= column_bits(first, last)

    def marks(self) -> SheetMarks:
        """Return what was gathered."""
        rows, columns = frozenset(self._hidden_rows), columns_of(self._hidden_columns)
        return SheetMarks(self._texts, rows, columns, self._filtered, self._merged)
