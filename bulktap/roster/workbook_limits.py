"""What is too much of a workbook, found before calamine reads it.

calamine keeps a sheet as a full rectangle of cells, each with its own copy of its text. A few kilobytes of file can ask
for terabytes that way: two cells in opposite corners, or one long text that many cells share. So the rectangle and the
texts are measured here, for each kind of workbook in its own way; old workbooks (.xls) in `old_workbooks`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

from bulktap.errors import RosterError
from bulktap.roster.contents import column_letter
from bulktap.roster.sheet_xml import SheetXml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.roster.workbook_parts import WorkbookCopy

MAX_AREA = 6_000_000
"""Cells of the rectangle around a table that is mostly empty: 300,000 rows of 20 columns."""
MAX_CHARACTERS = 32_767
"""Of one cell, in every version of Excel ("Excel specifications and limits")."""
MAX_SHARED = 300_000_000
"""Characters of all cells that share texts."""

_TEXT_RUN = re.compile(rb"<(?:\w+:)?t(?:\s[^<>]*)?>([^<]*)")
_STRING_END = re.compile(rb"</(?:\w+:)?si\s*>")
_SHARED_INDEX = re.compile(rb"(?<![\w:])t\s*=\s*[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v[^<>]*>(\d{1,9})<")
_RECORD_ROW, _RECORD_SHARED_CELL, _LAST_CELL_RECORD, _RECORD_SHARED_TEXT = 0, 7, 11, 19


def refuse_oversize(copy: WorkbookCopy, name: str) -> None:
    """Refuse a workbook that no honest program writes and no memory holds.

    Raises:
        RosterError: it is one; the message says what is too much, and where.
    """
    if "content.xml" in copy.names:
        _OpenDocumentSize(name).measure(copy.read("content.xml"))
        return
    if "xl/workbook.bin" in copy.names:
        sizes = [len(text) for kind, text in _records(copy.read("xl/sharedstrings.bin")) if kind == _RECORD_SHARED_TEXT]
        for part in copy.names:
            if part.startswith("xl/worksheets/") and part.endswith(".bin"):
                _measure_binary(copy.read(part), sizes, name)
        return
    strings = copy.read("xl/sharedstrings.xml")
    longest = _longest_text(strings)
    lengths: list[int] | None = None
    for sheet, part in copy.sheets.items():
        xml = copy.read(part)
        place = f"{name}, sheet {sheet}"
        if (far := SheetXml(xml).cells_outside(MAX_AREA)) is not None:
            _refuse_far(place, *far)
        if longest > MAX_CHARACTERS or longest * xml.count(b"</") // 2 > MAX_SHARED:
            lengths = _text_lengths(strings, name) if lengths is None else lengths
            _refuse_shared(sum([lengths[int(i)] for i in _SHARED_INDEX.findall(xml) if int(i) < len(lengths)]), place)


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


def _refuse_shared(characters: int, place: str) -> None:
    if characters > MAX_SHARED:
        message = f"{place}: its cells hold {characters:,} characters in all, which no roster needs."
        raise RosterError(message, hint="Do not trust this file; if it is your own, delete the long texts and save it.")


def _refuse_far(place: str, row: int, column: int) -> NoReturn:
    message = f"{place}: the cells with something in them reach to {column_letter(column)}{row}, far from the others."
    hint = "Delete what stands there (in Excel, Ctrl+End goes to it), save the file and run again."
    raise RosterError(message, hint=hint)


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Return the kind and content of each record of a binary part ([MS-XLSB] 2.1.4); stops where it is damaged."""
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
        yield kind, data[position : position + size]
        position += size


def _measure_binary(data: bytes, lengths: list[int], name: str) -> None:
    row = bottom = right = count = characters = 0
    top = 1 << 21
    for kind, content in _records(data):
        if kind == _RECORD_ROW:
            row = int.from_bytes(content[:4], "little")
        elif kind <= _LAST_CELL_RECORD and kind != 1:
            count += 1
            top, bottom = min(top, row), max(bottom, row)
            right = max(right, int.from_bytes(content[:4], "little"))
            if kind == _RECORD_SHARED_CELL:
                index = int.from_bytes(content[8:12], "little")
                characters += lengths[index] // 2 if index < len(lengths) else 0
    if count and (bottom - top + 1) * (right + 1) > max(MAX_AREA, 8 * count):
        _refuse_far(name, bottom + 1, right)
    _refuse_shared(characters, name)


class _OpenDocumentSize:
    """Measures content.xml, where a cell or a row can say that it stands for thousands."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rows = self._row_repeats = self._columns = self._cells = self._characters = 0
        self._row = self._cell_repeats = self._last = 0
        self._row_filled = False

    def measure(self, xml: bytes) -> None:
        """Refuse content that would unfold to more than any memory holds."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse_entities
        try:
            parser.Parse(xml, True)
        except (expat.ExpatError, LookupError, ValueError) as error:  # also encodings that do not exist
            hint = "Copy or download it again."
            raise RosterError(f"{self._name} is not a complete workbook.", hint=hint) from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "table":
            self._rows = self._last = self._columns = self._cells = 0
        elif local == "table-row":
            self._row_repeats = _repeats(attributes, "rows")
            self._row = 0
            self._row_filled = False
        elif local in {"table-cell", "covered-table-cell"}:
            self._cell_repeats = _repeats(attributes, "columns")
            self._row += self._cell_repeats
            if any(key.endswith(":value-type") for key in attributes):
                self._row_filled = True
                self._cells += self._cell_repeats * self._row_repeats
                self._columns = max(self._columns, self._row)

    def _text(self, text: str) -> None:
        self._characters += len(text) * max(self._cell_repeats, 1) * max(self._row_repeats, 1)
        _refuse_shared(self._characters, self._name)

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local in {"table-cell", "covered-table-cell"}:
            self._cell_repeats = 0
        elif local == "table-row":
            self._rows += self._row_repeats
            if self._row_filled:
                self._last = self._rows
                area = self._last * self._columns
                if self._cells > 4 * MAX_AREA or area > max(MAX_AREA, 8 * self._cells):
                    _refuse_far(self._name, self._last, self._columns - 1)

    def _refuse_entities(self, *_: object) -> NoReturn:
        message = f"{self._name} contains XML entities, which workbooks never need."
        raise RosterError(message, hint="Do not trust this file.")


def _repeats(attributes: dict[str, str], what: str) -> int:
    told = next((value for key, value in attributes.items() if key.endswith(f":number-{what}-repeated")), "1")
    return min(int(told), 1 << 24) if told.isdecimal() else 1
