"""Columns whose every value stands in the same wrapping: quotes that are typographic, doubled or single, and signs.

Programs put them there so that a spreadsheet keeps zeros and does not compute: `="00120"`, `'00120`, `#00120`. A single
value may need its sign (`'t Hart`, `#N/A`); where a whole column has it, it is none of the values'. Pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.late_patterns import LatePattern
from bulktap.roster.cell_values import excel_error
from bulktap.roster.model import column_letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.plan import CellValue
    from bulktap.roster.model import GridRow


class _Wrapping(NamedTuple):
    shown: str
    form: LatePattern
    """Matches a whole value in its wrapping; its group is the value."""


_WRAPPINGS = (
    _Wrapping('="…"', LatePattern(r"\s*=\s*(?:\"([^\"]*)\"|\"\"([^\"]*)\"\")\s*\Z", re.DOTALL)),
    _Wrapping(
        "=HYPERLINK(…)",
        LatePattern(
            r"\s*=\s*(?:HYPERLINK|LIEN_HYPERTEXTE|HIPERV[IÍ]NCULO|COLLEG\.IPERTESTUALE|HIPERLIGAÇÃO|HIPERLINK|T)\s*\("
            r"\s*(?:\"[^\"]*\"\s*[;,]\s*)?\"(?:mailto:)?([^\"]*)\"\s*\)\s*\Z",
            re.DOTALL | re.IGNORECASE,
        ),
    ),
    _Wrapping("“…”", LatePattern(r"\s*[“”„‟«»‹›]([^“”„‟«»‹›]*)[“”„‟«»‹›]\s*\Z", re.DOTALL)),
    _Wrapping('"…"', LatePattern(r"\s*(?:\"++([^\"]+)\"++|\"{2,}+)\s*\Z", re.DOTALL)),
    _Wrapping("'…'", LatePattern(r"\s*['‘’‚‛`´](.*)['‘’‚‛`´]\s*\Z", re.DOTALL)),
    _Wrapping(
        "[…]", LatePattern(r"\s*[\[({【「『〈《]([^\[\](){}【】「」『』〈〉《》]+)[\])}】」』〉》]\s*\Z", re.DOTALL)
    ),
    _Wrapping("'…", LatePattern(r"\s*['‘’`´](?![a-z]\s)(.+)\Z", re.DOTALL)),
    _Wrapping("#…", LatePattern(r"\s*#(?![#\s])(.+)\Z", re.DOTALL)),
    _Wrapping('\\"…\\"', LatePattern(r"\s*\\\"(.*?)\\\"\s*\Z", re.DOTALL)),
    # How SharePoint writes a user, and Windows one of Entra.
    _Wrapping(
        "i:0#.f|membership|…",
        LatePattern(
            r"\s*(?:[a-z]:0[^\s|]{1,4}\|(?:[\w.-]+\|)?|(?:AzureAD|AAD)\\)([^\s|\\@]+@[^\s|\\@]+)\s*\Z", re.IGNORECASE
        ),
    ),
    # Marks of a list stand before addresses only: a number may have its sign. A sign-in name may begin with - ^ or ~.
    _Wrapping(
        "marks of a list",
        LatePattern(r"\s*(?:[–—•·◦▪‣*>|]\s*|[-^~]\s+|\d{1,4}[.)]\s+)([^\s@|*]+@[^\s@|*]+?)[*~|^]?\s*\Z"),
    ),
    _Wrapping("marks of a list", LatePattern(r"\s*(?:~([^\s@]+@[^\s@]+)~|\^([^\s@]+@[^\s@]+)\^)\s*\Z")),
    _Wrapping("control characters", LatePattern(r"[\x01-\x08\x0e-\x1f]+(.*?)[\x01-\x08\x0e-\x1f]*\Z", re.DOTALL)),
    _Wrapping("control characters", LatePattern(r"([^\x01-\x08\x0e-\x1f]+)[\x01-\x08\x0e-\x1f]+\Z", re.DOTALL)),
)
_SIGNS = LatePattern(
    r"\s*[-–—•·◦▪‣*>^~|\\=\[({【「『〈《“”„‟«»‹›\"'‘’‚‛`´#\x01-\x08\x0e-\x1f]"
    r"|\s*(?:[A-Za-z]:0|[Aa]zure[Aa][Dd]\\|AAD\\|\d{1,4}[.)]\s)|.*[\x01-\x08\x0e-\x1f]\Z",
    re.DOTALL,
)
_LOOKED_AT = 60  # rows; a column is looked through to its end if most of these are wrapped
_ABOVE = 3  # rows at the top that may be titles and headings, which are often not wrapped
_FEWEST, _MOST = 2, 0.9  # values; and their part of all


def unwrapped_rows(rows: list[GridRow]) -> tuple[list[GridRow], tuple[str, ...]]:
    """Return the rows with the values of wrapped columns taken out of their wrapping, and a note if there are any."""
    found = {
        column: wrapping
        for column in sorted(_perhaps_wrapped(rows))
        if (wrapping := _wrapping_of(rows, column)) is not None
    }
    if not found:
        return rows, ()
    unwrapped = [(number, _unwrapped(cells, found)) for number, cells in rows]
    signs = ", ".join(dict.fromkeys(wrapping.shown for wrapping in found.values()))
    letters = ", ".join(column_letter(column) for column in list(found)[:8]) + (", …" if len(found) > 8 else "")
    which = "column" if len(found) == 1 else "columns"
    note = f"The values of {which} {letters} stand in {signs}, which was taken off."
    return unwrapped, (note,)


def _perhaps_wrapped(rows: Sequence[GridRow]) -> set[int]:
    """Return the columns that have a wrapped value near the top, which in most rosters is none."""
    return {
        column
        for _, cells in rows[:_LOOKED_AT]
        for column, cell in enumerate(cells)
        if isinstance(cell, str) and _SIGNS.match(cell)
    }


def _wrapping_of(rows: Sequence[GridRow], column: int) -> _Wrapping | None:
    """Return the wrapping of a column: that of its values at the top, if so many of all have it."""
    for wrapping in _WRAPPINGS:
        if _is_wrapped(rows[:_LOOKED_AT], column, wrapping) and _is_wrapped(rows, column, wrapping):
            return wrapping
    return None


def _is_wrapped(rows: Sequence[GridRow], column: int, wrapping: _Wrapping) -> bool:
    inside = outside = 0
    for place, (_, cells) in enumerate(rows):
        cell = cells[column] if column < len(cells) else None
        if cell is None:
            continue
        if _value_in(cell, wrapping) is not None:
            inside += place > 0
        elif place >= _ABOVE or (inside and place > 0):
            outside += 1
    return inside >= _FEWEST and inside >= _MOST * (inside + outside)


def _value_in(cell: CellValue, wrapping: _Wrapping) -> str | None:
    """Return the value in its wrapping; None if the cell has none, or is an error of a spreadsheet."""
    if not isinstance(cell, str) or (found := wrapping.form.match(cell)) is None:
        return None
    value = next((group for group in found.groups() if group is not None), "")
    return None if wrapping.shown == "#…" and excel_error(cell) is not None else value


def _unwrapped(cells: tuple[CellValue, ...], found: dict[int, _Wrapping]) -> tuple[CellValue, ...]:
    changed = list(cells)
    for column, wrapping in found.items():
        if column < len(changed) and (value := _value_in(changed[column], wrapping)) is not None:
            changed[column] = value.strip() or None
    return tuple(changed)
