"""The references of an .xlsx sheet, written plainly before anything reads them.

A cell says where it stands: `<c r="B7">`. calamine takes that at its word, adds up the digits of any number of them
without a limit, and asks for the rectangle up to there at once; where the memory is not to be had, the process ends.
So a sheet whose references are all written as programs write them is passed on as it is. In any other, each reference
is rewritten in that form, with the grammar of XML; one that names no cell is left out, so that the cell's place is
counted, and one beyond every sheet is refused.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from html import unescape
from typing import NamedTuple, NoReturn
from xml.parsers import expat

from bulktap.roster.model import column_number


class Reach(Enum):
    """What the references of a sheet say about how far its cells lie apart."""

    NEAR = auto()
    """Each row and cell says where it stands, and none beyond Z199999."""
    TOLD = auto()
    """Each row and cell says where it stands."""
    COUNTED = auto()
    """Some do not, so that their places must be counted."""


class BeyondSheetError(ValueError):
    """A row or cell lies outside of any sheet; the text names it."""


class DamagedSheetError(ValueError):
    """A part is no XML, or has a document type."""


class PlainSheet(NamedTuple):
    """A sheet whose references are written plainly."""

    xml: bytes
    reach: Reach


_REST = rb"(?: (?!r=)[\w:.-]+=\"[^\"<>&]*\")* ?/?>"
_CELL_REST = rb"(?: (?:[st]|cm|vm|ph)=\"[^\"<>&]*\")* ?/?>"
_NOT_NEAR = re.compile(rb"<c(?! r=\"[A-Z](?:1\d{5}|[1-9]\d{0,4})\"" + _CELL_REST + rb")")
_NOT_TOLD = re.compile(rb"<c(?! r=\"[A-Z]{1,3}[1-9]\d{0,6}\"" + _CELL_REST + rb")")
_ROW_NOT_NEAR = re.compile(rb"<row(?! r=\"(?:1\d{5}|[1-9]\d{0,4})\"" + _REST + rb")")
_ROW_NOT_TOLD = re.compile(rb"<row(?! r=\"[1-9]\d{0,6}\"" + _REST + rb")")
_PREFIXED = re.compile(rb":(?:c|row)[\s/>]")
_NAME = rb"[^\s<>/\"'=]"
_OTHER_FORM = re.compile(
    rb"<(?:" + _NAME + rb"+:)?(?:c(?=[\s/>])(?! r=\"[A-Z]{1,3}[1-9]\d{0,6}\"" + _REST + rb")"
    rb"|row(?=[\s/>])(?! r=\"[1-9]\d{0,6}\"" + _REST + rb"))"
)  # fmt: skip
_ODD_FORM = re.compile(
    rb"<(?:" + _NAME + rb"+:)?(?:c(?=[\s/>])(?!(?: r=\"[A-Z]{1,3}[1-9]\d{0,6}\")?" + _REST + rb")"
    rb"|row(?=[\s/>])(?!(?: r=\"[1-9]\d{0,6}\")?" + _REST + rb"))"
)  # fmt: skip
_OPENING = re.compile(rb"<(?:" + _NAME + rb"+:)?(?:c|row)(?=[\s/>])")
_VALUE = rb"(?:\"[^\"<]*\"|'[^'<]*')"
_ATTRIBUTES = rb"(?:\s+" + _NAME + rb"+\s*=\s*" + _VALUE + rb")*"
_TAG = re.compile(rb"(<(?:" + _NAME + rb"+:)?(c|row))(" + _ATTRIBUTES + rb")\s*(/?>)")
_OWN = re.compile(rb"\s+r\s*=\s*(" + _VALUE + rb")")
_CELL = re.compile(r"\$?([A-Za-z]+)\$?0*([1-9][0-9]*)\Z")
_ROW = re.compile(r"\$?([A-Za-z]*)\$?0*([1-9][0-9]*)\Z")
_PLAIN_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})\Z")
_VALUES = frozenset({"v", "is"})
_LONGEST_LETTERS, _LONGEST_DIGITS = 3, 7
_LONGEST_SHOWN = 20
_PIECE = 8 << 20

_DIMENSION = re.compile(rb"(<(?:" + _NAME + rb"+:)?dimension)(" + _ATTRIBUTES + rb")\s*(/?>)")
_MERGED = re.compile(rb"(<(?:" + _NAME + rb"+:)?mergeCell)(" + _ATTRIBUTES + rb")\s*(/?>)")
_AREA = re.compile(rb"\s+ref\s*=\s*[\"'][A-Z]{1,3}[1-9]\d{0,6}(?::[A-Z]{1,3}[1-9]\d{0,6})?[\"']\Z")
_TABLE_OF_TEXTS = re.compile(
    rb"\A((?:\xef\xbb\xbf)?(?:\s|<\?[^<>]*\?>|<!--[^<>]*-->)*<(?:" + _NAME + rb"+:)?sst)(" + _ATTRIBUTES + rb")"
)
_CLAIM = re.compile(rb"\s+(?:uniqueCount|count)\s*=\s*" + _VALUE)


def plain_sheet(xml: bytes) -> PlainSheet:
    """Return a sheet with its references written plainly; a part that is no sheet comes back as it is.

    Raises:
        BeyondSheetError: a reference lies outside of any sheet.
        DamagedSheetError: the sheet is not read by ordinary means, and is no XML either.
    """
    start, end = xml.find(b"sheetData"), xml.rfind(b"sheetData")
    if start < 0:
        return PlainSheet(xml, Reach.NEAR)
    head, tail = _DIMENSION.sub(_plain_area, xml[:start]), xml[end:]
    if b"mergeCell" in tail:
        tail = _MERGED.sub(_plain_area, tail)
    reach = _reach(xml, start, end)
    if reach is not None:
        same = head == xml[:start] and tail == xml[end:]
        return PlainSheet(xml if same else b"".join((head, memoryview(xml)[start:end], tail)), reach)
    _refuse_damaged(xml)
    body, reach = xml[start:end], Reach.TOLD
    if _OTHER_FORM.search(body) is not None:
        body, reach = (_plain_body(body) if _ODD_FORM.search(body) else body), Reach.COUNTED
    return PlainSheet(b"".join((head, body, tail)), reach)


def _plain_body(body: bytes) -> bytes:
    """Return the cells with their references written plainly, piece by piece: all at once takes ten times the room."""
    pieces: list[bytes] = []
    start = 0
    while start < len(body):
        end = start + _PIECE
        cut = body.rfind(b"<", start + 1, end) if end < len(body) else len(body)  # no tag goes on over one
        piece = body[start : cut if cut > 0 else len(body)]
        count = sum(1 for _ in _OPENING.finditer(piece))
        plain, found = _TAG.subn(_plain_tag, piece)
        if found != count:
            raise DamagedSheetError
        pieces.append(plain)
        start += len(piece)
    return b"".join(pieces)


def plain_texts(xml: bytes) -> bytes:
    """Return the table of shared texts without the number of texts that it claims, for which calamine makes room.

    Raises:
        DamagedSheetError: it does not begin as such a table does, so that what it claims cannot be determined.
    """
    if b"uniqueCount" not in xml:
        return xml
    if (table := _TABLE_OF_TEXTS.match(xml)) is None:
        raise DamagedSheetError
    return table[1] + _CLAIM.sub(b"", table[2]) + xml[table.end() :]


def _reach(xml: bytes, start: int, end: int) -> Reach | None:
    """Return how far the references reach, where all are written as most programs write them; None otherwise.

    What follows `<c` decides it, wherever that stands: a cell cannot begin with anything else.
    """
    if _PREFIXED.search(xml, start, end):
        return None
    cell, row = _NOT_NEAR.search(xml, start, end), _ROW_NOT_NEAR.search(xml, start, end)
    if cell is None and row is None:
        return Reach.NEAR
    # What was passed over is plain already.
    if cell is not None and _NOT_TOLD.search(xml, cell.start(), end) is not None:
        return None
    if row is not None and _ROW_NOT_TOLD.search(xml, row.start(), end) is not None:
        return None
    return Reach.TOLD


def _plain_tag(tag: re.Match[bytes]) -> bytes:
    opening, name, attributes, closing = tag.groups()
    own = _OWN.search(attributes)
    if own is None:
        return opening + attributes + closing
    reference = _plain_reference(own[1][1:-1], is_row=name == b"row")
    told = b' r="%b"' % reference if reference else b""
    return opening + told + attributes[: own.start()] + attributes[own.end() :] + closing


def _plain_reference(raw: bytes, *, is_row: bool) -> bytes:
    """Return a reference as programs write it; empty if it names no cell."""
    text = unescape(raw.decode("utf-8", "replace")).strip()
    found = (_ROW if is_row else _CELL).match(text)
    if found is None:
        return b""
    letters, digits = found[1].upper(), found[2]
    if len(letters) > _LONGEST_LETTERS or len(digits) > _LONGEST_DIGITS:
        shown = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
        raise BeyondSheetError(f"row {shown}" if is_row else f"cell {shown}")
    return digits.encode() if is_row else (letters + digits).encode()


def _plain_area(tag: re.Match[bytes]) -> bytes:
    """Return an element as it is, or with the area A1 where its own cannot be read."""
    if _AREA.match(tag[2]):
        return tag[0]
    return tag[1] + b' ref="A1"' + tag[3]


def _refuse_damaged(xml: bytes) -> None:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # also encodings that do not exist
        raise DamagedSheetError from error


def _refuse_document_type(*_: object) -> NoReturn:
    raise DamagedSheetError


class Extent(NamedTuple):
    """The rectangle around the cells that hold something; rows count from 1, columns from 0."""

    filled: int
    top: int
    left: int
    bottom: int
    right: int

    @property
    def area(self) -> int:
        """How many cells the rectangle has, the empty ones included."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


def extent_of(xml: bytes) -> Extent | None:
    """Return how far the cells of a sheet reach; None if none holds anything.

    The sheet is well-formed, and its references are written plainly. Cells that do not say where they stand are counted
    as calamine counts them: a row follows the one before, a cell the one to its left. A parser does it, because what
    looks like a row in a text or a comment must not be counted.
    """
    counter = _CellCounter()
    parser = expat.ParserCreate()
    parser.StartElementHandler = counter.start
    parser.Parse(xml, True)
    return counter.extent()


class _CellCounter:
    """Counts rows and cells as they begin."""

    def __init__(self) -> None:
        self._row, self._column = 0, -1
        self._place = (0, 0)
        self._count = self._bottom = self._right = 0
        self._top = self._left = 1 << 32

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element in."""
        local = name.rpartition(":")[2]
        if local == "c":
            told = _PLAIN_CELL.match(attributes.get("r", ""))
            self._column = column_number(told[1]) if told else self._column + 1
            self._place = (int(told[2]) if told else self._row, self._column)
        elif local in _VALUES:
            row, column = self._place
            self._count += 1
            self._top, self._bottom = min(self._top, row), max(self._bottom, row)
            self._left, self._right = min(self._left, column), max(self._right, column)
        elif local == "row":
            told_row = attributes.get("r", "")
            self._row = int(told_row) if told_row.isdecimal() and len(told_row) < 8 else self._row + 1
            self._column = -1

    def extent(self) -> Extent | None:
        """Return what was counted."""
        if not self._count:
            return None
        return Extent(self._count, self._top, self._left, self._bottom, self._right)
