"""How much a sheet may unfold to, and the refusals of what is more, whatever kind of workbook it stands in."""

from __future__ import annotations

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
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
"""Of a sheet, in Excel ("Excel specifications and limits") and in LibreOffice."""
ADDED_COLUMNS = 64
"""Columns of a sheet that are kept free for those that the results stand in, beside the roster's own."""


def refuse_shared(characters: int, place: str) -> None:
    """Refuse cells that hold too many characters in all.

    Raises:
        RosterError: they do.
    """
    if characters > MAX_SHARED:
        message = f"{place}: its cells hold {characters:,} characters in all, which no roster needs."
        raise RosterError(message, hint="Do not trust this file; if it is your own, delete the long texts and save it.")


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
