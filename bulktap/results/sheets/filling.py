"""Rows put into the sheets of a workbook that has none yet; in memory only.

XlsxWriter makes the workbook: styles, headings, widths, charts. A sheet that is to be filled has one row of empty cells
under its headings, its stencil, from which the numbers of the styles are read before it is replaced by the rows.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulktap.results.sheets.bulk_rows import SharedTexts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

STENCIL_ROW: Final = 1
"""The row of the stencil, from 0."""

_SHARED: Final = "xl/sharedStrings.xml"
_SHARED_END: Final = b"</sst>"
_COUNTS: Final = re.compile(rb'(?<=")( count| uniqueCount)="\d+"')
_STENCIL: Final = re.compile(rb'(<row r="2"[^>]*>.*?</row>)', re.DOTALL)
_STYLE: Final = re.compile(rb' s="(\d+)"')
_DIMENSION: Final = re.compile(rb'<dimension ref="[^"]*"/>')
_BYTES_OF_A_CELL: Final = 120
"""Generously; a part that may grow beyond 2 GiB has to be announced as one."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What is put into a sheet."""

    rows: Callable[[Sequence[int], SharedTexts], Iterable[bytes]]
    """Is given the stencil's styles, cell by cell, and the workbook's texts; returns the XML of the rows."""
    reach: str
    """The last cell, `X120`."""
    cells: int
    """How many there are at most."""


def filled(workbook: bytes, fillings: Mapping[str, Filling]) -> bytes:
    """Return the workbook with rows in the sheets that are named, by the name of their part."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        shared = source.read(_SHARED)
        texts = SharedTexts(shared.count(b"</si>"))
        # XlsxWriter puts the shared strings after the sheets, so that all are known when it is their turn.
        for part in source.infolist():
            content, filling = source.read(part), fillings.get(part.filename)
            info = zipfile.ZipInfo(part.filename, part.date_time)
            info.compress_type, info.external_attr = part.compress_type, part.external_attr
            if filling is not None:
                _write(written, info, _with_rows(content, filling, texts), filling.cells)
            elif part.filename == _SHARED:
                _write(written, info, _with_texts(content, texts), len(texts))
            else:
                written.writestr(info, content)
    return target.getvalue()


def _write(workbook: zipfile.ZipFile, info: zipfile.ZipInfo, pieces: Iterable[bytes], cells: int) -> None:
    info.file_size = cells * _BYTES_OF_A_CELL  # decides whether ZIP64 is used, and is counted again
    with workbook.open(info, "w") as part:
        for piece in pieces:
            part.write(piece)


def _with_rows(sheet: bytes, filling: Filling, texts: SharedTexts) -> Iterator[bytes]:
    sheet = _DIMENSION.sub(f'<dimension ref="A1:{filling.reach}"/>'.encode(), sheet)
    before, stencil, after = _STENCIL.split(sheet)
    yield before
    yield from filling.rows([int(style) for style in _STYLE.findall(stencil)], texts)
    yield after


def _with_texts(shared: bytes, texts: SharedTexts) -> Iterator[bytes]:
    # The counts are optional (ECMA-376, part 1, 18.4.9), and how often each text is used was not counted.
    yield _COUNTS.sub(b"", shared, count=2).removesuffix(_SHARED_END)
    yield from texts.xml()
    yield _SHARED_END
