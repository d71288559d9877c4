"""Open documents (.ods): what is too much of them, and the marks of their sheets, in one pass over content.xml.

A cell or a row can say there that it stands for thousands (OpenDocument 1.3, part 3, 9.1).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat

from bulktap.model.errors import RosterError
from bulktap.roster.cell_values import excel_error, parse_yes_no
from bulktap.roster.files.size_limits import (
    MAX_AREA,
    MAX_COLUMNS,
    MAX_ROWS,
    refuse_beyond,
    refuse_far,
    refuse_shared,
    within_sheet,
)
from bulktap.roster.formats.sheet_marks import SheetMarks, column_bits, columns_of
from bulktap.roster.model import Area

if TYPE_CHECKING:
    from collections.abc import Mapping

_CELLS = frozenset({"table-cell", "covered-table-cell"})
_OWN_KIND = "calcext:value-type"
"""Where LibreOffice says that a cell is an error; for readers that do not know it, the cell is an empty text."""
_HIDDEN = frozenset({"collapse", "filter"})
_MOST_MARKS = 1_000_000
_MOST_COUNTED = 1 << 64
_MOST_LIKE_ROWS = 100_000
"""Rows of equal content in a row, none of them empty; LibreOffice writes them as one that is repeated."""
_CONTENT = ("formula", "string-value", "date-value", "time-value")
"""Attributes that calamine keeps a copy of for each of the cells that a cell stands for."""
_TRUTHS = {
    **dict.fromkeys(("true", "wahr", "vrai", "verdadero", "waar", "verdadeiro", "vero"), True),
    **dict.fromkeys(("false", "falsch", "faux", "falso", "onwaar"), False),
}
"""What spreadsheet programs show for the numbers 1 and 0 in a cell with the format of truths."""
_MOST_SHEETS = 10_000  # of LibreOffice


def measure_ods(xml: bytes, name: str) -> list[SheetMarks]:
    """Refuse content that would unfold to more than any memory holds; return the marks of its sheets in their order.

    Raises:
        RosterError: it would, or it is damaged or has entities.
    """
    return _Content(name).read(xml)


class _Content:
    """The content of an open document while it is read."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._sheets: list[_OpenSheet] = []
        self._characters = self._last = self._width = self._filled = 0
        self._filled_in_all = self._kept_in_all = 0
        self._cell_repeats = self._cells_in_row = self._kept_in_row = 0
        self._row_repeats = 1
        self._row_filled = self._row_hidden = False
        self._remark = 0
        self._cell: Mapping[str, str] = {}
        self._shown: list[str] = []

    def read(self, xml: bytes) -> list[SheetMarks]:
        """Return the marks of the sheets."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse_entities
        try:
            parser.Parse(xml, True)
        except (expat.ExpatError, LookupError, ValueError) as error:  # also encodings that do not exist
            hint = "Copy or download it again."
            raise RosterError(f"{self._name} is not a complete workbook.", hint=hint) from error
        return [sheet.marks() for sheet in self._sheets]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local in _CELLS:
            self._start_cell(attributes)
        elif local == "table-row":
            self._row_repeats = _repeats(attributes, "rows")
            self._cells_in_row = self._kept_in_row = 0
            self._row_filled, self._row_hidden = False, _visibility(attributes) in _HIDDEN
            if _visibility(attributes) == "filter" and self._sheets:
                self._sheets[-1].filtered = True
        elif local == "table-column" and self._sheets:
            self._sheets[-1].add_columns(_repeats(attributes, "columns"), hidden=_visibility(attributes) in _HIDDEN)
        elif local == "table":
            self._start_sheet()
        elif local == "annotation":
            self._remark += 1
        elif local == "s":
            self._count_characters(_number(attributes.get("text:c", "1")))

    def _start_sheet(self) -> None:
        if len(self._sheets) == _MOST_SHEETS:
            message = f"{self._name} has more than {_MOST_SHEETS:,} sheets, which no program writes."
            raise RosterError(message, hint="Do not trust this file.")
        self._sheets.append(_OpenSheet())
        self._last = self._width = self._filled = 0

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        plain = {_local(key): value for key, value in attributes.items()}
        if (kind := attributes.get(_OWN_KIND)) is not None:
            plain["value-type"] = kind
        self._cell_repeats = _repeats(attributes, "columns")
        self._cell, self._shown = plain, []
        self._kept_in_row = self._cells_in_row  # calamine keeps blank cells too where another one follows
        self._cells_in_row += self._cell_repeats
        if "value-type" in plain:
            self._count_cell()
        if not plain.keys().isdisjoint(_CONTENT):
            self._count_characters(sum(len(plain.get(key, "")) for key in _CONTENT))

    def _count_cell(self) -> None:
        self._row_filled = True
        self._filled += self._cell_repeats * self._row_repeats
        self._filled_in_all += self._cell_repeats
        self._width = max(self._width, self._cells_in_row)

    def _text(self, text: str) -> None:
        self._count_characters(len(text))
        if self._cell_repeats and not self._remark:
            self._shown.append(text)

    def _count_characters(self, count: int) -> None:
        self._characters += count * max(self._cell_repeats, 1) * max(self._row_repeats, 1)
        refuse_shared(self._characters, self._name)

    def _end(self, name: str) -> None:
        local = _local(name)
        if local in _CELLS:
            self._end_cell()
        elif local == "annotation":
            self._remark -= 1
        elif local == "table-row":
            self._kept_in_all += min(self._kept_in_row, MAX_COLUMNS)
            if self._kept_in_all > max(MAX_AREA, 8 * self._filled_in_all):
                refuse_far(self._name, self._last + 1, self._kept_in_row - 1)
            if self._row_filled:
                self._end_filled_row(self._last + self._row_repeats)
            self._last += self._row_repeats

    def _end_cell(self) -> None:
        if self._sheets and (len(self._cell) > 1 or self._shown):
            row, column = self._last + 1, self._cells_in_row - self._cell_repeats
            repeats = (self._row_repeats, self._cell_repeats)
            marked = self._sheets[-1].add_cell(self._cell, "".join(self._shown).strip(), row, column, repeats)
            if marked and "value-type" not in self._cell:
                self._count_cell()
        self._cell_repeats = 0

    def _end_filled_row(self, last: int) -> None:
        if not within_sheet(last, self._width - 1):
            refuse_beyond(self._name, f"row {last:,}" if last > MAX_ROWS else f"column {self._width:,}")
        if self._row_repeats > _MOST_LIKE_ROWS:
            message = f"{self._name}: row {self._last + 1} is repeated {self._row_repeats:,} times down the sheet."
            raise RosterError(message, hint="Delete the rows below the people, save the file and run again.")
        area = last * self._width
        if self._filled > 4 * MAX_AREA or area > max(MAX_AREA, 8 * self._filled):
            refuse_far(self._name, last, self._width - 1)
        if self._row_hidden and self._sheets:
            self._sheets[-1].hidden_rows.update(range(self._last + 1, last + 1))

    def _refuse_entities(self, *_: object) -> NoReturn:
        message = f"{self._name} contains XML entities, which workbooks never need."
        raise RosterError(message, hint="Do not trust this file.")


class _OpenSheet:
    """Gathers the marks of one sheet."""

    def __init__(self) -> None:
        self.hidden_rows: set[int] = set()
        self.filtered = False
        self._texts: dict[tuple[int, int], str | bool] = {}
        self._hidden_columns = 0
        self._columns = 0
        self._merged: list[Area] = []

    def add_columns(self, count: int, *, hidden: bool) -> None:
        """Take the next columns in."""
        if hidden:
            self._hidden_columns |= column_bits(self._columns, self._columns + count - 1)
        self._columns += count

    def add_cell(self, cell: Mapping[str, str], text: str, row: int, column: int, repeats: tuple[int, int]) -> bool:
        """Take a cell in, and return whether it shows more than calamine sees.

        Takes its attributes without prefixes, what it shows, its place, and how often it is repeated.
        """
        rows, columns = (_number(cell.get(f"number-{what}-spanned", "1")) for what in ("rows", "columns"))
        if rows > 1 or columns > 1:
            self._merged.append(Area(row, column, row + rows - 1, column + columns - 1))
        shown: str | bool | None = _truth(cell, text)
        error = cell.get("value-type") != "string" and excel_error(text) is not None
        if shown is None and (error or _has_leading_zeros(cell, text)):
            shown = text
        if shown is None:
            return False
        if len(self._texts) + repeats[0] * repeats[1] <= _MOST_MARKS:
            places = [(row + down, column + right) for down in range(repeats[0]) for right in range(repeats[1])]
            self._texts.update(dict.fromkeys(places, shown))
        return True

    def marks(self) -> SheetMarks:
        """Return what was gathered."""
        rows, columns = frozenset(self.hidden_rows), columns_of(self._hidden_columns)
        return SheetMarks(self._texts, rows, columns, self.filtered, self._merged)


def _truth(cell: Mapping[str, str], text: str) -> bool | None:
    """Return the truth of a cell in which calamine sees a number, or the wrong one; None for any other cell.

    It takes the first value that a cell has, knows `true` and `TRUE` alone, and no word that a number is shown as.
    """
    told = cell.get("boolean-value", "")
    if cell.get("value-type") == "boolean" or told:
        if told in {"true", "TRUE", "false", "FALSE"} and cell.keys().isdisjoint({"value", *_CONTENT[1:]}):
            return None
        answer = parse_yes_no(told or cell.get("value") or text)
        return answer if isinstance(answer, bool) else None
    if cell.get("value-type") == "float" and cell.get("value") in {"0", "1"}:
        return _TRUTHS.get(text.casefold())
    return None


def _has_leading_zeros(cell: Mapping[str, str], text: str) -> bool:
    if len(text) < 2 or not text.startswith("0") or cell.get("value-type") != "float":
        return False
    return cell.get("value") == (text.lstrip("0") or "0")


@lru_cache(maxsize=256)
def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _visibility(attributes: Mapping[str, str]) -> str:
    return next((value for key, value in attributes.items() if key.endswith(":visibility")), "")


def _repeats(attributes: Mapping[str, str], what: str) -> int:
    return _number(attributes.get(f"table:number-{what}-repeated", "1"))  # calamine knows no other prefix


def _number(told: str) -> int:
    """Return a count as calamine reads it, with a plus or zeros before it; it refuses what is no number at all."""
    digits = told.removeprefix("+").lstrip("0")
    if not (digits.isascii() and digits.isdecimal()):
        return 1
    return int(digits) if len(digits) < 20 else _MOST_COUNTED
