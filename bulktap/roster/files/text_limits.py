"""How much a text file may unfold to, found before it is parsed: lines without an end, rows and fields without number.

pandas makes a full rectangle of a text, so that a hundred megabytes of commas would need many times as much.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.roster.files.size_limits import MAX_AREA, MAX_COLUMNS, MAX_ROWS

if TYPE_CHECKING:
    from bulktap.roster.formats.delimited import DelimitedText

_LONGEST_LINE = 1 << 20
"""Characters of a line without a break: all columns of a sheet, each with 64 of them."""
_LINES_OF_A_ROW = 8  # at most, on average, where line breaks may stand in quotes
_BREAK = re.compile(r"\r\n|\r|\n")


def refuse_long_lines(text: str, name: str) -> None:
    """Refuse a text with a line that no table has.

    Raises:
        RosterError: a line goes on for more than two million characters.
    """
    for start in range(0, len(text) - _LONGEST_LINE, _LONGEST_LINE):
        end = start + _LONGEST_LINE
        if text.find("\n", start, end) < 0 and text.find("\r", start, end) < 0:
            row = 1 + sum(1 for _ in _BREAK.finditer(text, 0, start))
            message = f"{name}, row {row:,}: the line has more than {_LONGEST_LINE:,} characters, which no table has."
            raise RosterError(message, hint="Look for missing line breaks, or export the people anew.")


def refuse_large_table(table: DelimitedText, width: int, name: str) -> None:
    """Refuse a text of more rows than a sheet has, or of many more fields than it has characters in them.

    `width` is the number of fields in the widest row.

    Raises:
        RosterError: it is one.
    """
    text = table.text
    breaks = text.count("\n") or text.count("\r")
    quoted = _LINES_OF_A_ROW if '"' in text else 1
    if breaks > MAX_ROWS * quoted:
        refuse_rows(name, breaks)
    area = (breaks + 1) * width
    if area > MAX_AREA and (len(text) - breaks - text.count(table.delimiter)) * 8 < area and quoted == 1:
        message = f"{name}: its {breaks + 1:,} rows of {width:,} fields are almost all empty."
        raise RosterError(message, hint="Delete the empty rows and columns beside the people, and export it anew.")


def refuse_fields(name: str, row: int, fields: int) -> None:
    """Refuse a row with more fields than a sheet has columns.

    Raises:
        RosterError: it has.
    """
    if fields > MAX_COLUMNS:
        message = f"{name}, row {row:,} has {fields:,} fields; a sheet has {MAX_COLUMNS:,} columns at the most."
        raise RosterError(message, hint="Keep the columns that are needed, and delete the others, the empty ones too.")


def refuse_rows(name: str, rows: int) -> None:
    """Refuse a roster with more rows than a sheet has.

    Raises:
        RosterError: it has.
    """
    if rows > MAX_ROWS:
        message = f"{name} has {rows:,} rows; the most that are issued in one go are {MAX_ROWS:,}."
        raise RosterError(message, hint="Split it into several files and give one after the other.")
