"""Values that look damaged: noted where they are only carried along, refused where they are to name a user. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bulktap.model.errors import QuestionOpen
from bulktap.model.late_patterns import LatePattern
from bulktap.model.plain_text import in_number
from bulktap.model.plan import Field
from bulktap.roster.cell_values import as_text, is_shortened_number, quoted
from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.column_choice import name_parts
from bulktap.roster.columns.headings import meanings_of
from bulktap.roster.files.text_encoding import encoding_question
from bulktap.roster.rows.dates import month_number
from bulktap.roster.rows.user_faults import MOJIBAKE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bulktap.model.plan import CellValue, RosterColumns, RosterRow
    from bulktap.roster.model import Roster

_FRACTION = LatePattern(r"\d+\.0\Z")
_EXACT_DIGITS = 15
_NUMBERED = frozenset({Meaning.PERSON_NUMBER, Meaning.DEVICE})
_DAY_AND_MONTH = LatePattern(r"(?:\d{1,2}[-. ]{1,2}([^\W\d_]{3,4})\.?|\d{4}-\d\d-\d\d(?: 00:00:00)?)\Z")
"""How spreadsheets save a day and a month as text: `01-Jul`, `1. Jul`."""


def doubtful_values(roster: Roster, columns: RosterColumns) -> tuple[str, ...]:
    """Return a sentence for each column whose values look damaged, with the first such row."""
    notes: list[str] = []
    names = {*columns.fields.get(Field.DISPLAY_NAME, ()), *name_parts(roster).values()}
    for column, heading in enumerate(columns.headings):
        if column in names:
            notes.extend(_damaged_names(roster, column, heading))
        elif column < len(roster.headings):
            meanings = meanings_of(roster.headings[column])
            if Meaning.PERSON_NUMBER in meanings:
                notes.extend(_damaged_numbers(roster, column, heading))
            if not meanings.isdisjoint(_NUMBERED):
                notes.extend(_shortened_numbers(roster, column, heading))
        if column == columns.index(Field.GROUP):
            notes.extend(_dates_for_groups(roster, column, heading))
    return tuple(notes)


def _rows_with(roster: Roster, column: int, is_doubtful: Callable[[CellValue], bool]) -> list[RosterRow]:
    """Return the rows with a doubtful value; each value is looked at once, since most are those of many rows."""
    doubtful = {cell for cell in {row.cells[column] for row in roster.rows} if is_doubtful(cell)}
    return [row for row in roster.rows if row.cells[column] in doubtful] if doubtful else []


def _damaged_names(roster: Roster, column: int, heading: str) -> Iterator[str]:
    damaged = _rows_with(roster, column, lambda cell: isinstance(cell, str) and MOJIBAKE.search(cell) is not None)
    if damaged:
        first = f"{quoted(str(damaged[0].cells[column]))} in row {damaged[0].number}"
        count = in_number(len(damaged), "name was", "names were")
        yield f"Column {heading}: {count} damaged by an earlier conversion, the first is {first}."


def _shortened_numbers(roster: Roster, column: int, heading: str) -> Iterator[str]:
    """Yield a note of numbers that a spreadsheet has saved with an exponent: their last digits are gone."""
    found = _rows_with(roster, column, lambda cell: isinstance(cell, str) and is_shortened_number(cell))
    if found:
        first = f"{quoted(str(found[0].cells[column]))} in row {found[0].number}"
        count = in_number(len(found), "number", "numbers")
        yield (
            f"Column {heading}: Excel has shortened {count}, the first is {first}; format the column as "
            "text in the original workbook and save it again."
        )


def _dates_for_groups(roster: Roster, column: int, heading: str) -> Iterator[str]:
    """Yield a note of groups that a spreadsheet has made dates of, as it does with a class such as 7-1."""
    found = _rows_with(roster, column, _is_date)
    if found:
        first = f"{as_text(found[0].cells[column])} in row {found[0].number}"
        count = in_number(len(found), "group is a date", "groups are dates")
        yield (
            f"Column {heading}: {count}, the first is {first}; a spreadsheet may have made "
            "them of names such as 7-1. Format the column as text and write the names again."
        )


def _is_date(cell: CellValue) -> bool:
    if not isinstance(cell, str):
        return isinstance(cell, date)
    found = _DAY_AND_MONTH.match(cell.strip())
    return found is not None and (found[1] is None or month_number(found[1]) is not None)


def _damaged_numbers(roster: Roster, column: int, heading: str) -> Iterator[str]:
    cells = [(row.number, row.cells[column]) for row in roster.rows if row.cells[column] is not None]
    padded = {len(cell) for _, cell in cells if isinstance(cell, str) and cell.startswith("0") and cell.isdecimal()}
    numbers = [(row, cell) for row, cell in cells if isinstance(cell, (int, float)) and not isinstance(cell, bool)]
    short = [(row, cell) for row, cell in numbers if len(str(cell)) < max(padded, default=0)]
    if short:
        row, cell = short[0]
        yield f"Column {heading}, row {row}: {cell} is a number among texts such as 001; leading zeros may be lost."
    long = [(row, cell) for row, cell in numbers if abs(cell) >= 10**_EXACT_DIGITS]
    if long:
        row, cell = long[0]
        yield f"Column {heading}, row {row}: {cell} has more than 15 digits, and Excel keeps no more than 15."
    fractions = [(row, cell) for row, cell in cells if isinstance(cell, str) and _FRACTION.match(cell)]
    if fractions:
        row, text = fractions[0]
        whole = text.removesuffix(".0")
        yield f"Column {heading}, row {row}: {text} stands for {whole}; a program took the number for a fraction."


def refuse_uncertain_users(roster: Roster, user: int, heading: str) -> None:
    """Stop when a user name depends on a guess about the file's encoding.

    Raises:
        RosterError: it does; naming the encoding settles it.
    """
    if roster.guessed_encoding is None:
        return
    for row in roster.rows:
        text = as_text(row.cells[user])
        if not text.isascii():
            odd = next(char for char in text if not char.isascii())
            octets = " ".join(f"0x{byte:02X}" for byte in odd.encode(roster.guessed_encoding, "replace"))
            told = f"{roster.file}, row {row.number}, {heading}: {quoted(text)} was read from byte {octets}, and the"
            data = text.encode(roster.guessed_encoding, "replace")
            told = f"{told} encoding of the file is not certain."
            raise QuestionOpen([encoding_question(told, data, roster.guessed_encoding, shows=True)])
