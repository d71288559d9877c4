"""Rows put into the sheets of a workbook that has none yet; in memory only.

XlsxWriter makes the workbook: styles, headings, widths, charts. A sheet that is to be filled has one row of empty cells
under its headings, its stencil, from which the numbers of the styles are read before it is replaced by the rows.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bulktap.results.sheets.bulk_rows import ROWS_TOGETHER, SharedTexts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

STENCIL_ROW: Final = 1
"""The row of the stencil, from 0."""

_SHEETS: Final = "xl/worksheets/sheet"
_SHARED: Final = "xl/sharedStrings.xml"
_COUNTS: Final = re.compile(rb'(?<=")( count| uniqueCount)="\d+"')
_STENCIL: Final = re.compile(rb'(<row r="2"[^>]*>.*?</row>)', re.DOTALL)
_STYLE: Final = re.compile(rb' s="(\d+)"')
_TEXT: Final = re.compile(rb'(?<= t="s"><v>)\d+')
_TEXT_ENDS: Final = re.compile(rb"(?<=</si>)")
_QUICKLY: Final = 1
"""How hard rows are compressed that only wait in memory."""
_WELL: Final = 5
"""Half the time of the usual 6, and files a fiftieth larger."""
_DIMENSION: Final = re.compile(rb'<dimension ref="[^"]*"/>')
_BYTES_OF_A_CELL: Final = 120
"""Generously."""
_LARGEST_PLAIN_PART: Final = 2**31 - 1
"""Bytes; a part that may grow beyond has to be announced as such (zip application note, 4.3.9.2)."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What is put into a sheet."""

    rows: Callable[[Sequence[int], SharedTexts, int], Iterable[bytes]]
    """Is given the stencil's styles, cell by cell, the workbook's texts, and how many rows have been made before;
    returns the XML of the others, so many rows at a time as `bulk_rows` writes together."""
    form: object
    """What the rows look like apart from what they say: equal for rows that can follow one another."""
    reach: str
    """The last cell, `X120`."""
    count: int
    """How many rows there are."""
    cells: int
    """How many cells there are at most."""


@dataclass(slots=True)
class KeptPart:
    """The first rows of a part as they were written."""

    form: object
    styles: Sequence[int]
    """Of the part's stencil."""
    rows: int = 0
    """How many there are."""
    pieces: list[bytes] = field(default_factory=list)
    """Their XML, compressed."""

    def begins(self, filling: Filling, styles: Sequence[int]) -> bool:
        """Return True if rows that look like these can be the first ones of a part."""
        whole = self.rows == filling.count or (self.rows < filling.count and self.rows % ROWS_TOGETHER == 0)
        return whole and self.form == filling.form and self.styles == styles

    def made(self, filling: Filling, texts: SharedTexts) -> Iterator[bytes]:
        """Make the rows that are missing, keep them, and yield them."""
        for piece in filling.rows(self.styles, texts, self.rows):
            self.pieces.append(zlib.compress(piece, _QUICKLY))
            self.rows = min(self.rows + ROWS_TOGETHER, filling.count)
            yield piece


@dataclass(slots=True)
class KeptRows:
    """The rows of a workbook as they were written, for one that has the same rows beside other facts.

    They may be the first ones only: those that are missing are made.
    """

    texts: SharedTexts | None = None
    """What their cells say; None before there are any."""
    parts: dict[str, KeptPart] = field(default_factory=dict)
    """By the name of a part, in the order of the workbook."""

    def texts_behind(
        self, own: int, fillings: Mapping[str, Filling], styles: Mapping[str, Sequence[int]]
    ) -> SharedTexts:
        """Return the texts if they and the rows go with so many before them and with these parts; else none at all."""
        known = list(self.parts)
        fits = known == list(fillings)[: len(known)] and all(
            part.begins(fillings[name], styles[name]) and (name == known[-1] or part.rows == fillings[name].count)
            for name, part in self.parts.items()
        )
        if self.texts is None or self.texts.first != own or not fits:
            self.parts.clear()
            self.texts = SharedTexts(own)
        return self.texts

    def rows(self, name: str, filling: Filling, styles: Sequence[int], texts: SharedTexts) -> Iterator[bytes]:
        """Yield the rows of a part; those that are not there are made."""
        part = self.parts.setdefault(name, KeptPart(filling.form, styles))
        yield from map(zlib.decompress, list(part.pieces))
        yield from part.made(filling, texts)


@dataclass(frozen=True, slots=True)
class Stencils:
    """What a workbook without rows says about those that it will have."""

    own: int
    """How many texts stand before theirs: those of the headings."""
    styles: Mapping[str, Sequence[int]]
    """The numbers of the styles of their cells, by the name of the part."""

    @staticmethod
    def of(workbook: zipfile.ZipFile, names: Iterable[str]) -> Stencils:
        """Read them from the parts that will have rows."""
        sheets = {name: workbook.read(name) for name in names}
        # The rows' texts stand right behind those of the headings, so that other facts do not renumber them.
        own = 1 + max((int(number) for sheet in sheets.values() for number in _TEXT.findall(sheet)), default=-1)
        return Stencils(own, {name: _styles(sheet) for name, sheet in sheets.items()})


def _styles(sheet: bytes) -> list[int]:
    _, stencil, _ = _STENCIL.split(sheet)
    return [int(style) for style in _STYLE.findall(stencil)]


def filled(workbook: bytes, fillings: Mapping[str, Filling], kept: KeptRows | None = None) -> bytes:
    """Return the workbook with rows in the sheets that are named, by the name of their part.

    Args:
        workbook: without rows; the sheets that are to be filled come before those that use texts which these do not.
        fillings: what is put into it.
        kept: is given the rows; those that it has are not made again.
    """
    if not fillings:
        return workbook
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_WELL) as written,
    ):
        stencils = Stencils.of(source, fillings)
        own, styles = stencils.own, stencils.styles
        texts = SharedTexts(own) if kept is None else kept.texts_behind(own, fillings, styles)
        # XlsxWriter puts the shared strings after the sheets, so that all are known when it is their turn.
        for part in source.infolist():
            content, name = source.read(part), part.filename
            filling = fillings.get(name)
            if filling is not None:
                rows = (
                    filling.rows(styles[name], texts, 0)
                    if kept is None
                    else kept.rows(name, filling, styles[name], texts)
                )
                _write(written, name, _with_rows(content, filling, rows), filling.cells)
            elif name == _SHARED:
                _write(written, name, _with_texts(content, texts, own), len(texts))
            elif name.startswith(_SHEETS):
                _write(written, name, [_renumbered(content, own, len(texts) - own)])
            else:
                _write(written, name, [content])
    return target.getvalue()


def _write(workbook: zipfile.ZipFile, name: str, pieces: Iterable[bytes], cells: int = 0) -> None:
    # A part that is opened by its name is dated 1980, as those of XlsxWriter are: the same rows are the same bytes.
    with workbook.open(name, "w", force_zip64=cells * _BYTES_OF_A_CELL > _LARGEST_PLAIN_PART) as part:
        for piece in pieces:
            part.write(piece)


def _with_rows(sheet: bytes, filling: Filling, rows: Iterable[bytes]) -> Iterator[bytes]:
    sheet = _DIMENSION.sub(f'<dimension ref="A1:{filling.reach}"/>'.encode(), sheet)
    before, _, after = _STENCIL.split(sheet)
    yield before
    yield from rows
    yield after


def _with_texts(shared: bytes, texts: SharedTexts, own: int) -> Iterator[bytes]:
    # The counts are optional (ECMA-376, part 1, 18.4.9), and how often each text is used was not counted.
    parts = _TEXT_ENDS.split(_COUNTS.sub(b"", shared, count=2))
    yield b"".join(parts[:own])
    yield from texts.xml()
    yield b"".join(parts[own:])


def _renumbered(sheet: bytes, own: int, more: int) -> bytes:
    """Return a sheet without rows of ours whose texts stand behind theirs now."""
    return _TEXT.sub(lambda found: b"%d" % (number + more if (number := int(found[0])) >= own else number), sheet)
