"""The rows of a table as the XML of a worksheet, streamed: nothing is kept of a row once it is written.

Some hundred rows at a time, column by column, since the cells of a column have a kind, a style and often a text in
common.

A workbook of 10,000 rows holds some 200,000 cells, and a library that keeps each as an object costs several times what
the text itself does. The order of elements and attributes is that of ECMA-376, part 1, 18.3.1.4 (`c`), 18.3.1.73
(`row`). Text stands in the workbook's table of shared strings, as Excel itself writes it: openpyxl takes `_x005F_` in
a cell (`inlineStr`) for what was meant, and words that come again in each row cost less.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from bulktap.results.sheets.cells import EXACT_BELOW, cell_text, date_format, storable
from bulktap.results.sheets.layout import Cell, ColumnKind
from bulktap.results.sheets.measures import row_height

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from bulktap.results.sheets.layout import Column

ROWS_TOGETHER: Final = 500
"""How many rows are written at a time."""
_FLUSHED_TEXTS: Final = 5_000
_FORMULA_MARKS: Final = ("=", "+", "-", "@", "'")
_DAY_ZERO: Final = date(1899, 12, 30)  # the serial 0 of a cell (ECMA-376 18.17.4), which knows no zone
_MIDNIGHT_ZERO: Final = datetime.combine(_DAY_ZERO, time.min)
_MARKUP: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_TO_ESCAPE: Final = re.compile("[&<>]")
_LOOKS_ESCAPED: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# Text without any of these, and without a blank at its ends, is written as it is.
_TO_LOOK_INTO: Final = re.compile(
    "[&<>_\x00-\x1f\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ud800-\udfff\ufffe\uffff]"
)
_SURELY_FITS: Final = 16_383


class CellStyles(NamedTuple):
    """The numbers of the workbook's styles that the cells of a column may have."""

    plain: int
    quoted: int
    """Of text that would become a formula if somebody edited it."""
    dates: Mapping[str, int]
    """By number format."""


class ColumnStyles(NamedTuple):
    """The styles of a column's cells."""

    usual: CellStyles
    faulty: CellStyles


class SharedTexts:
    """The workbook's table of shared strings, as it grows."""

    def __init__(self, first: int) -> None:
        """Begin after the strings that the workbook has already."""
        self.plain: dict[str, str] = {}
        """By text, its number and the end of its cell."""
        self.quoted: dict[str, str] = {}
        """The same of texts that would become a formula if somebody edited them."""
        self.first = first
        """How many strings there were before."""
        self._texts: list[str] = []

    def __len__(self) -> int:
        return self.first + len(self._texts)

    def add(self, text: str) -> str | None:
        """Take in a text that is not among the plain ones; return the end of its cell, None if it is to be quoted."""
        known = self.quoted if (quoted := text.startswith(_FORMULA_MARKS)) else self.plain
        if (end := known.get(text)) is None:
            end = known[text] = f"{self.first + len(self._texts)}</v></c>"
            self._texts.append(text)
        return None if quoted else end

    def xml(self) -> Iterator[bytes]:
        """Yield what was taken in, in UTF-8, many at a time."""
        for first in range(0, len(self._texts), _FLUSHED_TEXTS):
            yield "".join(map(_shared, self._texts[first : first + _FLUSHED_TEXTS])).encode()


def _shared(text: str) -> str:
    if text and len(text) <= _SURELY_FITS and text[0] != " " and text[-1] != " " and _TO_LOOK_INTO.search(text) is None:
        return f"<si><t>{text}</t></si>"
    text = cell_text(text)
    # ECMA-376, part 1, 22.9.2.19: readers take _x0041_ for the letter A, unless its first underscore is written so.
    escaped = _TO_ESCAPE.sub(lambda found: _MARKUP[found[0]], _LOOKS_ESCAPED.sub("_x005F_", text))
    return f'<si><t xml:space="preserve">{escaped}</t></si>'


def rows_xml(
    rows: Sequence[Sequence[Cell]],
    columns: Sequence[tuple[Column, str, ColumnStyles]],
    texts: SharedTexts,
    *,
    widths: Sequence[float],
    faults: Callable[[int], Collection[int]],
    made: int = 0,
) -> Iterator[bytes]:
    """Yield `row` elements in UTF-8, from the second row of the sheet on, many at a time.

    Args:
        rows: one value for each column.
        columns: with the letters and the styles of each.
        texts: is given what the cells say.
        widths: of the columns, in characters.
        faults: returns the positions of the cells to colour in a row, by its position.
        made: how many rows were written before, which are left out.
    """
    writers = [_ColumnWriter(letters, column.kind, styles, texts) for column, letters, styles in columns]
    wrapping = [(position, widths[position]) for position, (column, _, _) in enumerate(columns) if column.wrap]
    for first in range(made, len(rows), ROWS_TOGETHER):
        together = list(rows[first : first + ROWS_TOGETHER])
        numbers = [str(first + 2 + at) for at in range(len(together))]
        cells = [
            writer.column(numbers, values)
            for writer, values in zip(writers, zip(*together, strict=True), strict=True)
        ]  # fmt: skip
        for at, row in enumerate(together):
            for column in faults(first + at):
                cells[column][at] = writers[column].xml(numbers[at], row[column], faulty=True)
        starts = [_row_start(number, row, wrapping) for number, row in zip(numbers, together, strict=True)]
        ends = ["</row>"] * len(together)
        yield "".join(chain.from_iterable(zip(starts, *cells, ends, strict=True))).encode()


def _row_start(number: str, cells: Sequence[Cell], wrapping: Sequence[tuple[int, float]]) -> str:
    height = row_height(cells, wrapping) if wrapping else None
    return f'<row r="{number}">' if height is None else f'<row r="{number}" ht="{height:g}" customHeight="1">'


class _ColumnWriter:
    """Writes the cells of one column."""

    def __init__(self, letters: str, kind: ColumnKind, styles: ColumnStyles, texts: SharedTexts) -> None:
        self._start = f'<c r="{letters}'
        self._yes_no = kind is ColumnKind.YES_NO
        self._texts = texts
        self._usual = _Openings(styles.usual)
        self._faulty = _Openings(styles.faulty)

    def column(self, rows: Sequence[str], values: Sequence[Cell]) -> list[str]:
        """Return cells in the styles that their values ask for, as `xml` does."""
        start, opening, known, add, xml = self._start, self._usual.text, self._texts.plain, self._texts.add, self.xml
        return [
            ""
            if value is None
            else f"{start}{row}{opening}{end}"
            if type(value) is str and (end := known.get(value) or add(value)) is not None
            else xml(row, value)
            for row, value in zip(rows, values, strict=True)
        ]

    def xml(self, row: str, value: Cell, *, faulty: bool = False) -> str:
        """Return the cell in the style that its value asks for; nothing for an empty one that need not be seen."""
        openings = self._faulty if faulty else self._usual
        if type(value) is int and abs(value) < EXACT_BELOW:
            return f"{self._start}{row}{openings.number}{value}</v></c>"
        if type(value) is not str:
            if self._yes_no and isinstance(value, bool):
                value = "Yes" if value else "No"
            if type(value) is datetime:
                # By what a clock shows: moments that are equal in two zones look different.
                value = value.replace(tzinfo=None, microsecond=0, fold=0)
                if (end := openings.moments.get(value)) is not None:
                    return self._start + row + end
            stored = storable(value)
            if not isinstance(stored, str):
                return self._start + row + _other_xml(stored, openings) if stored is not None or faulty else ""
            value = stored
        texts = self._texts
        end = texts.plain.get(value) or texts.add(value)
        if end is None:
            return f"{self._start}{row}{openings.quoted}{texts.quoted[value]}"
        return f"{self._start}{row}{openings.text}{end}"


class _Openings:
    """What stands between a cell's row and its value, by what the value is."""

    def __init__(self, styles: CellStyles) -> None:
        self.text = f'" s="{styles.plain}" t="s"><v>'
        self.quoted = f'" s="{styles.quoted}" t="s"><v>'
        self.truth = f'" s="{styles.plain}" t="b"><v>'
        self.number = f'" s="{styles.plain}"><v>'
        self.blank = f'" s="{styles.plain}"/>'
        self.dates = {shape: f'" s="{style}"><v>' for shape, style in styles.dates.items()}
        self.moments: dict[datetime, str] = {}


def _other_xml(value: float | datetime | date | time | None, openings: _Openings) -> str:
    match value:
        case None:
            return openings.blank
        case bool():
            return f"{openings.truth}{int(value)}</v></c>"
        case int() | float():
            return f"{openings.number}{value}</v></c>"
        case moment:
            end = f"{openings.dates[date_format(moment)]}{_serial(moment)!r}</v></c>"
            if type(moment) is datetime:
                openings.moments[moment] = end
            return end


def _serial(moment: datetime | date | time) -> float:
    """Return the moment as a sheet counts it: days since the last but one of 1899."""
    match moment:
        case datetime():
            return (moment - _MIDNIGHT_ZERO) / timedelta(days=1)
        case date():
            return float((moment - _DAY_ZERO).days)
        case time():
            return (moment.hour * 3600 + moment.minute * 60 + moment.second) / 86_400
