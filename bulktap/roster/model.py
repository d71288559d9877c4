"""The values that pass between the rooms: rows of a sheet, the roster that was read, the roster that was checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.pass_terms import PassTerms
from bulktap.model.person_name import PersonName

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bulktap.model.passes import PassRequest, UserRef
    from bulktap.model.plan import CellValue, RosterColumns, RosterInfo, RosterRow
    from bulktap.model.row_errors import RowError
    from bulktap.model.row_ranges import RowPlace
    from bulktap.roster.reading_options import ReadingOptions

GridRow = tuple[int, tuple["CellValue", ...]]
"""A row that holds something: its number as the sheet shows it, and its cells."""
RowKey = tuple["RowPlace", int]
"""A row's place and number: what tells rows of several sheets and files apart."""


class Area(NamedTuple):
    """A rectangle of cells, its edges included; rows count from 1, columns from 0."""

    top: int
    left: int
    bottom: int
    right: int


class LeftOutRow(NamedTuple):
    """A row that asks for no pass, whatever else is in it."""

    row: RosterRow
    reason: str
    """In words, as it goes on from a count: `hidden`."""
    hint: str


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
    added: frozenset[int] = frozenset()
    """Columns that were in no file: they name a row's file, or what other files say of it."""
    own_width: int | None = None
    """How many columns are the roster's own, where those of another file were joined behind them."""
    dropped: tuple[str, ...] = ()
    """Headings of the columns that were never read."""
    left_out: tuple[LeftOutRow, ...] = ()
    """Rows below the headings that are no people, or were not to be read."""

    @property
    def place(self) -> str:
        """The file, and the sheet if there is one, as messages begin."""
        return self.file if self.sheet is None else f"{self.file}, sheet {self.sheet}"

    def letter(self, column: int) -> str:
        """Return the letters by which a spreadsheet names a column."""
        return column_letter(self.positions[column] if column < len(self.positions) else column)


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What checking depends on beside the roster."""

    reading: ReadingOptions
    """What the operator said about the file."""
    timezone: ZoneInfo
    """Zone of the roster's times."""
    now: datetime
    """Aware, in UTC."""
    defaults: PassTerms


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One row, judged."""

    source: RosterRow
    """As the spreadsheet has it."""
    user: UserRef | None
    """Whom the row names; None when that cannot be read."""
    request: PassRequest | None
    """The pass that is asked for; None exactly when a problem refuses the row."""
    display_name: str | None
    """Full name, from one column or its parts."""
    group: str | None
    """Class, department or site."""
    device: str | None
    """What names the row's device: its name, with its serial number in brackets."""
    problems: tuple[RowError, ...]
    """All that is wrong or worth knowing."""
    asked: PassTerms = field(default_factory=PassTerms)
    """What could be read of the pass that is asked for."""
    name: PersonName = field(default_factory=PersonName)
    """Whom the row names, in one piece and in parts, as far as its columns tell."""
    left_out: bool = False
    """True if the row was left out while reading; then its one problem says why, and it names no user."""


@dataclass(frozen=True, slots=True)
class CheckedRoster:
    """A roster whose every row was judged."""

    info: RosterInfo
    columns: RosterColumns
    rows: tuple[CheckedRow, ...]
    """In the roster's order; rows that are nobody's (shared devices, totals) are left out, each with the reason."""
    local_times: int = 0
    """Starts that name no offset from UTC, so that they were read in the zone of the options."""
    own_list: bool = False
    """True if the list is the tenant's own, so that its names are no second opinion."""


def column_number(letters: str) -> int:
    """Return the column that letters name; A is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letter(column: int) -> str:
    """Return the letters by which a spreadsheet names a column; 0 is A."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
