"""What is too much of a workbook, found before calamine reads it.

calamine keeps a sheet as a full rectangle of cells, each with its own copy of its text. A few kilobytes of file can ask
for terabytes that way: two cells in opposite corners, or one long text that many cells share. So the rectangle and the
texts are measured, for each kind of workbook in its own way: XML here, the others in `binary_workbooks`,
`open_documents` and, for .xls, `old_workbooks`.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NoReturn

from bulktap.model.errors import RosterError
from bulktap.roster.files.size_limits import MAX_AREA, MAX_SHARED, refuse_far, refuse_shared
from bulktap.roster.formats.ods import measure_open_document
from bulktap.roster.formats.xlsb import measure_binary
from bulktap.roster.formats.xlsx import SheetXml

if TYPE_CHECKING:
    from bulktap.roster.formats.sheet_marks import SheetMarks
    from bulktap.roster.formats.workbook_copy import WorkbookCopy

MAX_CHARACTERS = 32_767
"""Of one cell, in every version of Excel ("Excel specifications and limits")."""

_TEXT_RUN = re.compile(rb"<(?:\w+:)?t(?:\s[^<>]*)?>([^<]*)")
_STRING_END = re.compile(rb"</(?:\w+:)?si\s*>")
_SHARED_INDEX = re.compile(rb"(?<![\w:])t\s*=\s*[\"']s[\"'][^<>]*>\s*<(?:\w+:)?v[^<>]*>(\d{1,9})<")


def measure(copy: WorkbookCopy, name: str) -> list[SheetMarks]:
    """Refuse a workbook that no honest program writes and no memory holds.

    Return the marks of its sheets in the order of their tabs, where measuring came by them; those of an .xlsx file are
    gathered from the sheet that is read.

    Raises:
        RosterError: it is one; the message says what is too much, and where.
    """
    if "content.xml" in copy.names:
        return measure_open_document(copy.read("content.xml"), name)
    if "xl/workbook.bin" in copy.names:
        return measure_binary(copy, name)
    _measure_xml(copy, name)
    return []


def _measure_xml(copy: WorkbookCopy, name: str) -> None:
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
