"""How much a file may unfold to, and the refusals of what is more, whatever its format.

calamine makes a full rectangle of what it reads, and rows of text are made equally wide, so that two cells in opposite
corners, or a hundred megabytes of commas, would need many times as much. It is measured before that.
"""

from __future__ import annotations

import re
from typing import NoReturn

from bulktap.model.errors import RosterError
from bulktap.roster.model import column_letter

MAX_BYTES = 256 << 20
"""Bytes of a file, and of one part of an archive after unpacking: the sheet of 100,000 rows and 20 columns has 50 to 90
million."""
MAX_AREA = 6_000_000
"""Cells of the rectangle around a table that is mostly empty: 300,000 rows of 20 columns."""
MAX_SHARED = 300_000_000
"""Characters of all cells that share texts."""
MAX_SHEETS = 1_000
"""Of a workbook: each is read to see whether it is the roster, and an open document takes 20 ms to open one."""
MAX_CELLS = 20_000_000
"""Of all sheets of a workbook together, as they are in memory: a million rows of 20 columns."""
MAX_TAGS = 1_000_000
"""Of the parts that say how cells look and which sheets there are: Excel allows 65,490 cell formats."""
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
"""Of a sheet, in Excel ("Excel specifications and limits") and in LibreOffice."""
ADDED_COLUMNS = 64
"""Columns of a sheet that are kept free for those that the results stand in, beside the roster's own."""
_LONGEST_LINE = 1 << 20
"""Characters of a line without a break: all columns of a sheet, each with 64 of them."""
_LINES_OF_A_ROW = 8  # at most, on average, where line breaks may stand in quotes
LINE_BREAK = re.compile(r"\r\n|\r|\n")


def refuse_shared(characters: int, place: str) -> None:
    """Refuse cells that hold too many characters in all.

    Raises:
        RosterError: they do.
    """
    if characters > MAX_SHARED:
        message = f"{place}: its cells hold {characters:,} characters in all, which no roster needs."
        raise RosterError(message, hint="Do not trust this file; if it is your own, delete the long texts and save it.")


def refuse_many(place: str, what: str) -> NoReturn:
    """Refuse a workbook that holds too many of something.

    Raises:
        RosterError: always.
    """
    message = f"{place} holds {what}, which no roster needs."
    raise RosterError(message, hint="Copy the people into a new workbook, or save them as a CSV file, and give that.")


def refuse_far(place: str, row: int, column: int) -> NoReturn:
    """Refuse a sheet whose cells lie far apart, or outside of any sheet, the farthest in this row and column.

    Raises:
        RosterError: always.
    """
    if not within_sheet(row, column):
        refuse_beyond(place, f"cell {column_letter(column)}{row}")
    message = f"{place}: the cells with something in them reach to {column_letter(column)}{row}, far from the others."
    hint = "Delete what stands there (in Excel, Ctrl+End goes to it), save the file and run again."
    raise RosterError(message, hint=hint)


def refuse_beyond(place: str, what: str) -> NoReturn:
    """Refuse a sheet with a row or cell outside of any sheet.

    Raises:
        RosterError: always.
    """
    message = f"{place}: the {what} lies outside of any sheet, which ends at XFD1048576."
    raise RosterError(message, hint="Open the file in Excel, copy the people into a new workbook and give that.")


def refuse_wide(place: str, columns: int) -> None:
    """Refuse a roster with so many columns that those of the results have no place beside them.

    Raises:
        RosterError: it has.
    """
    if columns > MAX_COLUMNS - ADDED_COLUMNS:
        message = (
            f"{place} has {columns:,} columns; {MAX_COLUMNS - ADDED_COLUMNS:,} are the most, "
            f"because the results stand beside them in a sheet that ends after {MAX_COLUMNS:,}."
        )
        raise RosterError(message, hint="Keep the columns that are needed, and delete the others.")


def within_sheet(row: int, column: int) -> bool:
    """Return whether there is such a cell; rows count from 1, columns from 0."""
    return 0 < row <= MAX_ROWS and 0 <= column < MAX_COLUMNS


def refuse_long_lines(text: str, name: str) -> None:
    """Refuse a text with a line that no table has.

    Raises:
        RosterError: a line goes on for more than two million characters.
    """
    for start in range(0, len(text) - _LONGEST_LINE, _LONGEST_LINE):
        end = start + _LONGEST_LINE
        if text.find("\n", start, end) < 0 and text.find("\r", start, end) < 0:
            row = 1 + sum(1 for _ in LINE_BREAK.finditer(text, 0, start))
            message = f"{name}, row {row:,}: the line has more than {_LONGEST_LINE:,} characters, which no table has."
            raise RosterError(message, hint="Look for missing line breaks, or export the people anew.")


def refuse_many_lines(text: str, name: str) -> None:
    """Refuse a text of more lines than the rows of a sheet can take up, before anything looks at each of them.

    Raises:
        RosterError: it is one.
    """
    breaks = text.count("\n") or text.count("\r")
    if breaks > MAX_ROWS * (_LINES_OF_A_ROW if '"' in text else 1):
        refuse_rows(name, breaks)


def refuse_large_text(text: str, delimiter: str, width: int, name: str) -> None:
    """Refuse a text of more rows than a sheet has, or of many more fields than it has characters in them.

    `width` is the number of fields in the widest row.

    Raises:
        RosterError: it is one.
    """
    breaks = text.count("\n") or text.count("\r")
    quoted = _LINES_OF_A_ROW if '"' in text else 1
    if breaks > MAX_ROWS * quoted:
        refuse_rows(name, breaks)
    area = (breaks + 1) * width
    if area > MAX_AREA and (len(text) - breaks - text.count(delimiter)) * 8 < area and quoted == 1:
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
