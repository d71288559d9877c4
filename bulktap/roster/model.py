"""What reading a roster depends on beside the file, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bulktap.model.plan import RosterRow
    from bulktap.model.row_errors import RowError
    from bulktap.model.secret import Secret

RowKey = tuple[str | None, int]
"""A row's sheet and number: what tells rows of several sheets apart."""


class HiddenRows(StrEnum):
    """What to do about rows that the spreadsheet program does not show."""

    INCLUDE = "include"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the operator said about reading the file."""

    sheets: tuple[str, ...] = ()
    """Names of sheets or Excel tables; empty finds the one that holds a roster, several are read as one."""
    encoding: str | None = None
    """Encoding of a text file; None finds out."""
    header_row: int | None = None
    """Number of the row of headings; None finds it."""
    hidden_rows: HiddenRows | None = None
    """What to do about hidden rows; None stops at them."""
    password: Secret | None = None
    """What opens a protected workbook."""
    ask_password: Callable[[str], Secret | None] | None = None
    """Asks for the password of the file of this name, where none was given; None from it gives up."""
    notes: tuple[str, ...] = ()
    """What is to be said first about how the file is read, such as where these options come from."""


@dataclass(frozen=True, slots=True)
class Roster:
    """A spreadsheet of people, not yet judged."""

    file: str
    """Name of the file, without its folder; a file in an archive has the archive's name before it."""
    sheet: str | None
    """The sheet that was read, several with commas between; None for text files."""
    headings: tuple[str, ...]
    """As written; empty where a column has none. Columns that must not be read are gone."""
    rows: tuple[RosterRow, ...]
    """Rows below the headings that hold something."""
    sha256: str
    """Digest of the file's bytes, hexadecimal."""
    header_row: int
    """Number of the row of headings; 0 when there is none."""
    notes: tuple[str, ...]
    """How the file was understood, one sentence each."""
    faults: Mapping[RowKey, RowError] = field(default_factory=dict)
    """What is wrong with a row as a whole."""
    guessed_encoding: str | None = None
    """The encoding that was guessed, so that non-ASCII characters may be wrong; None when it is certain."""
    positions: tuple[int, ...] = ()
    """Where each column stands in the sheet; 0 is column A."""
    merged: frozenset[tuple[RowKey, int]] = frozenset()
    """Row and column of cells that have their value from the first row of a merged cell."""
    links: Mapping[tuple[RowKey, int], str] = field(default_factory=dict)
    """Row and column → the address that a cell's `mailto:` link goes to."""
    hidden_columns: frozenset[int] = frozenset()
    """Columns that the spreadsheet program does not show."""
    sheet_column: int | None = None
    """The column that names the sheet, where several were read as one; it was not in the file."""

    @property
    def place(self) -> str:
        """The file, and the sheet if there is one, as messages begin."""
        return self.file if self.sheet is None else f"{self.file}, sheet {self.sheet}"

    def letter(self, column: int) -> str:
        """Return the letters by which a spreadsheet names a column."""
        return column_letter(self.positions[column] if column < len(self.positions) else column)


def column_letter(column: int) -> str:
    """Return the letters by which a spreadsheet names a column; 0 is A."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
