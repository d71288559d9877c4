"""Old workbooks (.xls): a copy that is safe to read, with what is too much found before calamine reads it.

The stream of such a workbook is a row of records ([MS-XLS]): those of the whole workbook, then those of each sheet.
calamine believes what records claim: it makes room for as many cells as a sheet says it has, gives each cell its own
copy of a shared text, keeps a sheet as a full rectangle, and writes every formula out as text. So the records are
walked here once and what they would unfold to is counted, all sheets together; claims and formulas, which nobody
needs, are taken out. The copy holds that stream alone, so that what calamine reads is what was measured. What the
records say beside the values is gathered on the way.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.roster.files.compound_files import WORKBOOK_STREAMS, DamagedFileError, plain_file, read_stream
from bulktap.roster.formats.calendar_bounds import in_calendar
from bulktap.roster.formats.sheet_marks import (
    ERRORS,
    SheetMarks,
    column_bits,
    columns_of,
    padded,
    shown_zeros,
    unpacked_number,
)
from bulktap.roster.model import column_letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_AREA = 3_000_000
"""Cells of the rectangles around tables that are mostly empty: all rows of such a workbook, 45 columns wide."""
MAX_CHARACTERS = 60_000_000
"""Characters of all cells: 900 in each of the 65,536 rows that such a workbook can have."""

_FORMULA, _END, _SHEET, _TEXTS, _CONTINUE, _BEGIN = 0x0006, 0x000A, 0x0085, 0x00FC, 0x003C, 0x0809
_NAME, _OTHER_SHEETS, _DRAWINGS, _DIMENSIONS = 0x0018, 0x0017, 0x00EB, 0x0200
_YES_OR_ERROR, _NUMBER, _PACKED = 0x0205, 0x0203, 0x027E
_ROW, _COLUMNS, _FILTER, _FORMAT, _STYLE = 0x0208, 0x007D, 0x009D, 0x041E, 0x00E0
_MANY_PACKED, _SHARED_TEXT, _LABEL, _RICH_LABEL, _RESULT = 0x00BD, 0x00FD, 0x0204, 0x00D6, 0x0207
_CELLS = frozenset({_FORMULA, _MANY_PACKED, _SHARED_TEXT, _LABEL, _RICH_LABEL, _NUMBER, _YES_OR_ERROR, _PACKED})
_MARKING = frozenset({_FORMULA, _YES_OR_ERROR, _NUMBER, _PACKED, _MANY_PACKED, _ROW, _COLUMNS, _FILTER})
_FORMATTING = frozenset({_FORMAT, _STYLE, _BEGIN})
_NEVER_NEEDED = frozenset({_NAME, _OTHER_SHEETS, _DRAWINGS})
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x20, 0x01
_EXCEL_97 = 0x0600
_MOST_PIECES = 20_000  # records that one table of texts goes on over; 8,224 bytes each
_RICH, _EXTENDED, _WIDE = 0x08, 0x04, 0x01  # flags of a text


_Record = tuple[int, int, int]
"""Kind, start and end of a record's content; the kind itself stands four bytes before it."""


def copy_xls(data: bytes, name: str) -> tuple[bytes, list[SheetMarks]]:
    """Return a copy of an old workbook that holds nothing but the records of its sheets, and the marks of each sheet.

    Raises:
        RosterError: the file is damaged, or would unfold to more than any memory holds.
    """
    try:
        stream = read_stream(data, WORKBOOK_STREAMS)
        if stream is not None:
            workbook = _XlsWorkbook(bytearray(stream), name)
            marks = workbook.measure()
            return plain_file(WORKBOOK_STREAMS[0], bytes(workbook.stream)), marks
    except (DamagedFileError, struct.error, IndexError, ValueError):
        pass
    raise RosterError(f"{name} is not a workbook that can be read.", hint="Copy or download it again.")


class _XlsWorkbook:
    """The records of a workbook, measured and cleared of claims and formulas in place."""

    def __init__(self, stream: bytearray, name: str) -> None:
        self.stream = stream
        self._name = name
        self._lengths: list[int] = []
        self._count = self._area = self._characters = 0

    def measure(self) -> list[SheetMarks]:
        """Refuse what would unfold to too much; take out what nobody needs; return the marks of the sheets."""
        sheets: list[int] = []
        formats = _ZeroFormats()
        end = 0
        for kind, content, end in self._records(0):
            if kind == _SHEET:
                sheets.append(struct.unpack_from("<I", self.stream, content)[0])
            elif kind == _TEXTS:
                self._lengths = _text_lengths(self._pieces(content, end))
            elif kind in _NEVER_NEEDED:
                self._clear(content)
            elif kind in _FORMATTING:
                with suppress(struct.error, IndexError):
                    formats.take(kind, bytes(self.stream[content:end]))
            elif kind == _END:
                break
        marks = {start: _XlsMarks(formats.zero_styles()) for start in sheets}
        for start in sorted(sheets):
            if start < end:  # what is cleared in one place must not be read as something else in another
                message = f"{self._name}: its sheets lie on top of each other."
                raise RosterError(message, hint="Do not trust this file; if it is your own, save it again in Excel.")
            end = self._measure_sheet(start, marks[start])
        return [marks[start].marks() for start in sheets]

    def _records(self, position: int) -> Iterator[_Record]:
        stream, last = self.stream, len(self.stream) - 4
        while position <= last:
            kind, size = struct.unpack_from("<HH", stream, position)
            start = position + 4
            position = start + size
            if position > len(stream):
                raise DamagedFileError
            yield kind, start, position

    def _clear(self, content: int) -> None:
        """Make a record one of no known kind, which is passed over."""
        self.stream[content - 4 : content - 2] = b"\0\0"

    def _pieces(self, content: int, end: int) -> list[bytes]:
        pieces = [bytes(self.stream[content:end])]
        for kind, start, stop in self._records(end):
            if kind != _CONTINUE:
                break
            pieces.append(bytes(self.stream[start:stop]))
            if len(pieces) > _MOST_PIECES:
                raise DamagedFileError
        return pieces

    def _measure_sheet(self, start: int, marks: _XlsMarks) -> int:
        """Count what the records of a sheet unfold to, and gather its marks; return where they end."""
        cells, formulas = _Rectangle(), _Rectangle()
        depth = 0
        end = start
        for record in self._records(start):
            kind, content, end = record
            if kind in _MARKING and depth == 1:
                with suppress(struct.error, IndexError):  # a record that is too short says nothing
                    marks.take(kind, bytes(self.stream[content:end]))
            if kind in _CELLS:
                self._measure_cell(record, cells, formulas)
            elif kind == _RESULT:
                self._characters += struct.unpack_from("<H", self.stream, content)[0]
            elif kind == _DIMENSIONS:
                self._clear(content)
            elif kind == _BEGIN:
                depth += 1
            elif kind == _END:
                depth -= 1
                if depth <= 0:
                    break
        self._count += cells.count
        self._area += cells.area + formulas.area
        if self._area > max(MAX_AREA, 4 * self._count):
            place = f"{column_letter(cells.right)}{cells.bottom + 1}"
            message = f"{self._name}: the cells with something in them reach to {place}, far from the others."
            hint = "Delete what stands there (in Excel, Ctrl+End goes to it), save the file and run again."
            raise RosterError(message, hint=hint)
        self._refuse_characters()
        return end

    def _measure_cell(self, record: _Record, cells: _Rectangle, formulas: _Rectangle) -> None:
        kind, start, end = record
        row, column = struct.unpack_from("<HH", self.stream, start)
        if kind == _MANY_PACKED:
            for further in range(column, column + (end - start - 6) // 6):
                cells.add(row, further)
                self._plain_number(_PACKED, start + 6 * (further - column), end)
            return
        cells.add(row, column)
        self._plain_number(kind, start, end)
        if kind == _SHARED_TEXT:
            index = struct.unpack_from("<I", self.stream, start + 6)[0]
            self._characters += self._lengths[index] if index < len(self._lengths) else 0
        elif kind in {_LABEL, _RICH_LABEL}:
            self._characters += struct.unpack_from("<H", self.stream, start + 6)[0]
        elif kind == _FORMULA:
            formulas.add(row, column)
            self.stream[start + 20 : min(start + 22, end)] = bytes(max(min(2, end - start - 20), 0))

    def _plain_number(self, kind: int, start: int, end: int) -> None:
        """Take the style from a number that no calendar has as a day, and that calamine fails to read as one."""
        if kind == _PACKED and end >= start + 10:
            number = unpacked_number(struct.unpack_from("<I", self.stream, start + 6)[0])
        elif kind in {_NUMBER, _FORMULA} and end >= start + 14:
            number = struct.unpack_from("<d", self.stream, start + 6)[0]
        else:
            return
        if not in_calendar(number):
            self.stream[start + 4 : start + 6] = b"\0\0"

    def _refuse_characters(self) -> None:
        if self._characters > MAX_CHARACTERS:
            message = f"{self._name}: its cells hold {self._characters:,} characters in all, which no roster needs."
            hint = "Do not trust this file; if it is your own, delete the long texts and save it."
            raise RosterError(message, hint=hint)


class _Rectangle:
    """The rectangle around cells, from the sheet's first column on, as rows are kept."""

    def __init__(self) -> None:
        self.count = self.bottom = self.right = 0
        self._top = 1 << 16

    def add(self, row: int, column: int) -> None:
        """Take one more cell in."""
        self.count += 1
        if not (self._top <= row <= self.bottom and column <= self.right):  # few cells of a sheet make it larger
            self._top = min(self._top, row)
            self.bottom = max(self.bottom, row)
            self.right = max(self.right, column)

    @property
    def area(self) -> int:
        """How many cells it has, the empty ones included."""
        return (self.bottom - self._top + 1) * (self.right + 1) if self.count else 0


class _ZeroFormats:
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


class _XlsMarks:
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


def _text_lengths(pieces: list[bytes]) -> list[int]:
    """Return the lengths of the shared texts by their index ([MS-XLS] 2.4.265, 2.5.293).

    A text may go on in the next piece, which then begins with a byte that says anew how wide its characters are.
    """
    lengths: list[int] = []
    place, position = 0, 8
    piece = pieces[0]
    while place < len(pieces) - 1 or position < len(piece):
        if position >= len(piece):
            place, piece, position = place + 1, pieces[place + 1], 0
        if position >= len(piece):
            lengths.append(0)
            continue
        left, flags = struct.unpack_from("<HB", piece, position)
        lengths.append(left)
        position += 3
        skip = 0
        if flags & _RICH:
            skip += 4 * struct.unpack_from("<H", piece, position)[0]
            position += 2
        if flags & _EXTENDED:
            skip += struct.unpack_from("<I", piece, position)[0]
            position += 4
        while left:
            width = 2 if flags & _WIDE else 1
            taken = min(left, (len(piece) - position) // width)
            left, position = left - taken, position + taken * width
            if left:
                place, piece, position = place + 1, pieces[place + 1], 1
                flags = piece[0]
        while skip > len(piece) - position:
            skip -= len(piece) - position
            place, piece, position = place + 1, pieces[place + 1], 0
        position += skip
    return lengths
