"""Workbooks of XML (.xlsx): what is too much of them, and the marks of a sheet.

openpyxl tells all of it, but takes 17 s for 100,000 rows of 20 cells. Here the bytes are searched for the few tags
that matter, each in one pass of some hundredths of a second; what is found is looked at more closely. Rows count
from 1, columns from 0. Every search is bounded by the next tag, or by the length of the longest cell, so that damaged
or hostile bytes cost no more than honest ones.
"""

from __future__ import annotations

import posixpath
import re
from array import array
from bisect import bisect_right
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING, NoReturn

from bulktap.model.errors import RosterError
from bulktap.roster.files.size_limits import (
    MAX_AREA,
    MAX_SHARED,
    MAX_SHEETS,
    refuse_far,
    refuse_many,
    refuse_shared,
    within_sheet,
)
from bulktap.roster.formats.sheet_marks import SheetMarks, column_bits, columns_of
from bulktap.roster.formats.xlsx_references import Extent, Reach, extent_of
from bulktap.roster.model import Area, column_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bulktap.roster.formats.workbook_copy import WorkbookCopy

MAX_CHARACTERS = 32_767
"""Of one cell, in every version of Excel ("Excel specifications and limits")."""
_LONGEST_CELL = 1 << 18
"""Bytes after the start of a cell within which its end is looked for; text has at most 32,767 characters."""
_PREFIX = rb"(?:[^\s<>/\"'=]+:)?"
_COUNTED = re.compile(rb"<" + _PREFIX + rb"(?:(row)|c)(?![\w:.-])([^<>]*)>")
_FILLED = re.compile(rb"<" + _PREFIX + rb"c(?=[\s>])(?:[^<>\"'/]|\"[^\"<]*\"|'[^'<]*')*>")
_REFERENCE = re.compile(rb"(?<![\w:])r\s*=\s*[\"']\$?([A-Z]{0,3})\$?(\d{0,7})[\"']")
_FAR_ROW = re.compile(rb"\"[A-Z]+(\d{6,7})\"")
_FAR_COLUMN = re.compile(rb"\"([A-Z]{2,3})\d")
_TOLD_CELL = re.compile(rb"c r=\"")
_TOLD_ROW = re.compile(rb"row r=\"(\d+)\"")
_ROW_START = re.compile(rb"<" + _PREFIX + rb"row(?=[\s/>])")
_CELL_OPENING = re.compile(rb"c[\s/>]")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)')")
_HIDDEN_ROW = re.compile(
    rb"<(?:\w+:)?row\s[^<>]*?(?<![\w:])(?:hidden\s*=\s*[\"'](?:1|true)|ht\s*=\s*[\"']0(?:\.0*)?)[\"'][^<>]*>"
)
_ERROR_CELL = re.compile(rb"t\s*=\s*[\"']e[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v(?![\w:])[^<>]*>([^<]+)</")
_FORMULA_TEXT = re.compile(rb"<(?:\w+:)?f(?![\w:])[^<>]*>([^<]*)</")
_NO_RESULT = re.compile(
    rb"(?:</(?:\w+:)?f\s*>|<(?:\w+:)?f(?:\s[^<>]*)?/>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v\s*>\s*</(?:\w+:)?v\s*>)?\s*</(?:\w+:)?c\s*>"
)
_TEXT_RESULT = re.compile(rb"(?<![\w:])t\s*=\s*[\"'](?:str|e)[\"']")
_NOT_NUMBER = re.compile(rb"(?<![\w:])t\s*=\s*[\"'](?!n[\"'])")
_LEADING_ZERO = re.compile(rb">(0\d+)</(?:\w+:)?v\s*>")
_CELL_BORDER = re.compile(rb"</(?:\w+:)?c\s*>|<(?:\w+:)?c\s")
_TEXT_RUN = re.compile(rb"<(?:\w+:)?t(?:\s[^<>]*)?>([^<]*)")
_STRING_END = re.compile(rb"</(?:\w+:)?si\s*>")
_SHARED_INDEX = re.compile(rb"(?<![\w:])t\s*=\s*[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v[^<>]*>(\d{1,9})<")
_CELL_START = re.compile(rb"<(?:\w+:)?c(?![\w:])[^<>]*\Z")


class SheetXml:
    """The bytes of one sheet."""

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        start, end = xml.find(b"sheetData"), xml.rfind(b"sheetData")
        self._above, self._below = xml[: max(start, 0)], xml[max(end, 0) :]

    def hidden_rows(self) -> frozenset[int]:
        """Return the numbers of the rows that are not shown."""
        if b"hidden" not in self._xml and b' ht="0' not in self._xml:
            return frozenset()
        hidden = set()
        for tag in _HIDDEN_ROW.finditer(self._xml):
            number = _attributes(tag.group()).get("r", "")
            hidden.add(int(number) if _is_count(number) else self._counted(tag.start())[0])
        return frozenset(hidden)

    def hidden_columns(self) -> frozenset[int]:
        """Return the columns that are hidden or have no width."""
        hidden = 0
        for tag in _tags(rb"col", self._above):
            known = _attributes(tag)
            if known.get("hidden") in {"1", "true"} or known.get("width") in {"0", "0.0"}:
                first, last = (known.get(edge, "") for edge in ("min", "max"))
                if _is_count(first) and _is_count(last):
                    hidden |= column_bits(int(first) - 1, int(last) - 1)
        return columns_of(hidden)

    def marks(self, zero_styles: Mapping[int, int]) -> SheetMarks:
        """Return what the sheet says beside the values of its cells."""
        filtered = b"autoFilter" in self._below
        return SheetMarks(self.texts(zero_styles), self.hidden_rows(), self.hidden_columns(), filtered)

    def links(self) -> Iterator[tuple[Area, str]]:
        """Return the cells that are hyperlinks, with the ids of their targets."""
        for tag in _tags(rb"hyperlink", self._below):
            known = _attributes(tag)
            link = next((value for key, value in known.items() if key.endswith(":id")), None)
            if link is not None and (area := area_of(known.get("ref", ""))) is not None:
                yield area, link

    def table_ids(self) -> list[str]:
        """Return the ids of the Excel tables on the sheet."""
        found = (_attributes(tag) for tag in _tags(rb"tablePart", self._below))
        return [value for known in found for key, value in known.items() if key.endswith(":id")]

    def texts(self, zero_styles: Mapping[int, int]) -> dict[tuple[int, int], str | bool]:
        """Return what cells show where calamine sees less.

        Errors such as #N/A, formulas that have no result yet, and numbers that are shown with leading zeros.
        """
        return dict([*self._errors(), *self._open_formulas(), *self._zeros(), *self._padded(zero_styles)])

    def cells_outside(self, limit: int, reach: Reach) -> tuple[int, int] | None:
        """Return the farthest row and column when the cells span a larger area than `limit`, or leave the sheet."""
        if reach is Reach.NEAR:
            return None
        rows, columns = self._counted_bounds() if reach is Reach.COUNTED else self._told_bounds()
        if rows * (columns + 1) <= limit and within_sheet(rows, columns):
            return None
        extent = extent_of(self._xml) if reach is Reach.COUNTED else self._told_extent()
        if extent is None:
            return None
        within = extent.area <= max(limit, 8 * extent.filled) and within_sheet(extent.bottom, extent.right)
        return None if within else (extent.bottom, extent.right)

    def _told_bounds(self) -> tuple[int, int]:
        """Return a row and a column that no cell lies beyond, in a pass for each; where they are far, look closer."""
        rows = max(map(int, set(_FAR_ROW.findall(self._xml))), default=99_999)
        return rows, max(
            (column_number(letters.decode()) for letters in set(_FAR_COLUMN.findall(self._xml))), default=25
        )

    def _counted_bounds(self) -> tuple[int, int]:
        """Return the same where cells are counted, unless a text or a comment could seem to begin a row."""
        if b"<!" in self._xml:
            return 1 << 32, 1 << 32
        rows, columns = self._told_bounds() if _TOLD_CELL.search(self._xml) else (1, -1)
        rows = max([rows, *map(int, _TOLD_ROW.findall(self._xml))])
        lines = _ROW_START.split(self._xml)
        return rows + len(lines), columns + max(len(_CELL_OPENING.findall(line)) for line in lines)

    def _told_extent(self) -> Extent | None:
        count, top, left, bottom, right = 0, 1 << 32, 1 << 32, 0, 0
        for match in _FILLED.finditer(self._xml):
            row, column = self._place(match.start())
            count, top, left = count + 1, min(top, row), min(left, column)
            bottom, right = max(bottom, row), max(right, column)
        return Extent(count, top, left, bottom, right) if count else None

    def _errors(self) -> Iterator[tuple[tuple[int, int], str]]:
        if b'"e"' not in self._xml and b"'e'" not in self._xml:
            return
        for hit in _ERROR_CELL.finditer(self._xml):
            start = self._xml.rfind(b"<", 0, hit.start())
            if (value := _VALUE.search(self._cell(start))) is not None:
                yield self._place(start), _text(value.group(1))

    def _open_formulas(self) -> Iterator[tuple[tuple[int, int], str]]:
        if b"<f" not in self._xml and b":f" not in self._xml:
            return
        for hit in _NO_RESULT.finditer(self._xml):
            start = self._start_of_cell(hit.start())
            if start is not None and not _TEXT_RESULT.search(self._xml, start, self._xml.find(b">", start)):
                formula = _FORMULA_TEXT.search(self._cell(start))
                yield self._place(start), "=" + (_text(formula.group(1)) if formula else "…")

    def _zeros(self) -> Iterator[tuple[tuple[int, int], str]]:
        """Find `<v>0001</v>`, as Google's sheets write a code; a number never has leading zeros."""
        for hit in _LEADING_ZERO.finditer(self._xml):
            start = self._start_of_cell(hit.start())
            if start is not None and not _NOT_NUMBER.search(self._xml, start, self._xml.find(b">", start)):
                yield self._place(start), _text(hit.group(1))

    def _padded(self, zero_styles: Mapping[int, int]) -> Iterator[tuple[tuple[int, int], str]]:
        if not zero_styles:
            return
        styles = b"|".join(str(style).encode() for style in zero_styles)
        pattern = rb"<(?:\w+:)?c\s[^<>]*?(?<![\w:])s\s*=\s*[\"'](" + styles + rb")[\"'][^<>]*[^/]>"
        for hit in re.finditer(pattern, self._xml):
            value = _VALUE.search(self._cell(hit.start()))
            number = _text(value.group(1)).removesuffix(".0") if value else ""
            if number.isdecimal() and not _NOT_NUMBER.search(hit.group()):
                yield self._place(hit.start()), number.zfill(zero_styles[int(hit.group(1))])

    def _cell(self, start: int) -> bytes:
        end = start + _LONGEST_CELL
        border = _CELL_BORDER.search(self._xml, start + 1, end)
        return self._xml[start : border.start() if border else end]

    def _start_of_cell(self, inside: int) -> int | None:
        """Return where the cell begins that this position lies in."""
        position = inside
        for _ in range(8):
            position = self._xml.rfind(b"<", 0, position)
            if position < 0:
                return None
            if _CELL_START.match(self._xml, position, self._xml.find(b">", position)):
                return position
        return None

    def _place(self, start: int) -> tuple[int, int]:
        reference = _REFERENCE.search(self._xml, start, self._xml.find(b">", start) + 1)
        if reference is not None and reference.group(1) and reference.group(2):
            return int(reference.group(2)), column_number(reference.group(1).decode())
        return self._counted(start)

    def _counted(self, start: int) -> tuple[int, int]:
        """Return the place of a row or cell that does not say it, by counting, as readers of such files do."""
        offsets, rows, columns = self._places
        index = max(bisect_right(offsets, start) - 1, 0)
        return (rows[index], columns[index]) if offsets else (1, 0)

    @cached_property
    def _places(self) -> tuple[array[int], array[int], array[int]]:
        offsets, rows, columns = array("Q"), array("Q"), array("q")
        row, column = 0, -1
        for tag in _COUNTED.finditer(self._xml):
            told = _REFERENCE.search(tag.group(2))
            if tag.group(1):
                row = int(told.group(2)) if told is not None and told.group(2) else row + 1
                column = -1
            else:
                column = column_number(told.group(1).decode()) if told is not None and told.group(1) else column + 1
            offsets.append(tag.start())
            rows.append(row)
            columns.append(column)
        return offsets, rows, columns


def measure_xlsx(copy: WorkbookCopy, name: str) -> None:
    """Refuse an .xlsx file that no memory holds; the marks of its sheets are gathered from the one that is read.

    Raises:
        RosterError: it is too large; the message says what is too much, and where.
    """
    _refuse_shared_parts(copy, name)
    strings = copy.read("xl/sharedstrings.xml")
    longest = _longest_text(strings)
    lengths: list[int] | None = None
    tabs = {part: sheet for sheet, part in copy.sheets.items()}
    for part, reach in copy.reaches.items():
        xml = copy.read(part)
        place = f"{name}, sheet {tabs.get(part, posixpath.basename(part))}"
        if (far := SheetXml(xml).cells_outside(MAX_AREA, reach)) is not None:
            refuse_far(place, *far)
        if longest > MAX_CHARACTERS or longest * xml.count(b"</") // 2 > MAX_SHARED:
            lengths = _text_lengths(strings, name) if lengths is None else lengths
            refuse_shared(sum([lengths[int(i)] for i in _SHARED_INDEX.findall(xml) if int(i) < len(lengths)]), place)


def _refuse_shared_parts(copy: WorkbookCopy, name: str) -> None:
    """Refuse tabs that name one part of the file: a small one would be read a thousand times."""
    if len(copy.tabs) > MAX_SHEETS:
        refuse_many(name, f"{len(copy.tabs):,} sheets")
    first: dict[str, str] = {}
    for tab, part in copy.tabs:
        if part in first:
            message = f"{name}: the sheets {first[part]} and {tab} are one part of the file, as no program writes it."
            raise RosterError(
                message, hint="Open the file in Excel, copy the people into a new workbook and give that."
            )
        first[part] = tab


def _longest_text(strings: bytes) -> int:
    """Return how long the longest shared text is at most, its markup counted in."""
    end = b"</si>" if b"</si>" in strings else b"si>"
    first = strings.find(b"si", strings.find(b"sst") + 3)  # behind the declarations, which are no text
    return max(map(len, strings[max(first, 0) :].split(end)))


def _text_lengths(strings: bytes, name: str) -> list[int]:
    """Return the lengths of the shared texts by their index; bytes, so at most three times the characters."""
    lengths: list[int] = []
    start = 0
    for end in _STRING_END.finditer(strings):
        lengths.append(sum(map(len, _TEXT_RUN.findall(strings, start, end.start()))))
        if lengths[-1] > 6 * MAX_CHARACTERS:
            _refuse_long(name, lengths[-1])
        start = end.end()
    return lengths


def _refuse_long(place: str, length: int) -> NoReturn:
    message = (
        f"{place}: a cell holds {length:,} characters; no program that writes spreadsheets allows more than 32,767."
    )
    raise RosterError(message, hint="Do not trust this file; if it is your own, delete the text and save it again.")


def area_of(reference: str) -> Area | None:
    """Return the area of a reference such as `B2:C5`; None if it is none."""
    found = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?", reference)
    if found is None:
        return None
    left, top = column_number(found[1]), int(found[2])
    right, bottom = (column_number(found[3]), int(found[4])) if found[3] else (left, top)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def _tags(name: bytes, xml: bytes) -> Iterator[bytes]:
    for hit in re.finditer(rb"<(?:\w+:)?" + name + rb"\s[^<>]*>", xml):
        yield hit.group()


def _attributes(tag: bytes) -> dict[str, str]:
    return {key.decode("ascii", "replace"): _text(one or two) for key, one, two in _ATTRIBUTE.findall(tag)}


def _is_count(text: str) -> bool:
    """Return true if a text is a number of rows or columns; Python refuses to read numbers of thousands of digits."""
    return text.isdecimal() and len(text) < 10


def _text(raw: bytes) -> str:
    return unescape(raw.decode("utf-8", "replace"))
