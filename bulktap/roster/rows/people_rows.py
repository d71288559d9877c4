"""The table below the headings: which columns are kept, and which rows are people.

Pure. Here columns of passwords, birth dates and the like leave the program for good.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.model.row_error_catalogue import about_cells
from bulktap.roster.columns.header_row import Header, is_user
from bulktap.roster.columns.headings import added_by_report, is_dropped, meanings_of, names_user
from bulktap.roster.model import column_letter
from bulktap.roster.rows.cell_secrets import columns_with_passwords
from bulktap.roster.rows.furniture import IN_A_NOTE, divided, strangers_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bulktap.model.plan import CellValue
    from bulktap.model.row_errors import RowError
    from bulktap.roster.model import GridRow


_MOST_NOTED = 4
_LOOKED_AT = 200  # rows
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True, slots=True)
class PeopleTable:
    """Headings and rows of equal width."""

    headings: tuple[str, ...]
    """Of the columns that are kept."""
    rows: list[GridRow]
    """One cell for each heading."""
    notes: tuple[str, ...]
    """What was left out, one sentence each."""
    positions: tuple[int, ...] = ()
    """Where each of them stands in the sheet; 0 is column A."""
    faults: dict[int, RowError] = field(default_factory=dict)
    """Row number → what is wrong with the row as a whole."""
    dropped: tuple[str, ...] = ()
    """Headings of the columns that were never read."""
    left_out: tuple[tuple[GridRow, str], ...] = ()
    """Rows below the headings that are no people, with the reason; as wide as the others."""

    def fitted(self, row: GridRow) -> GridRow:
        """Return a row of the sheet as far as its columns are kept."""
        return row[0], _pick(row[1], self.positions)


def cut_table(rows: Sequence[GridRow], header: Header, place: str, fields: int | None) -> PeopleTable:
    """Return the people's rows and the columns that may be read.

    In delimited text, where the heading row has so many `fields`, a row with more of them is a fault, because an
    unquoted comma has shifted its cells. In a workbook (None) it is a remark beside the table.

    Raises:
        RosterError: there is no row below the headings.
    """
    notes: list[str] = []
    if header.number and header.index > 1:
        notes.append(f"The headings were found in row {header.number}.")
    below = rows[header.index :]
    people, skipped = divided(below, header)
    second, strangers = strangers_in(skipped, people)
    if strangers:
        moved = {number for number, _ in strangers}
        skipped = [one for one in skipped if one[0][0] not in moved]
        people = sorted([*people, *strangers], key=lambda row: row[0])
    notes.extend(_in_notes(skipped))
    if not people:
        raise _nobody(header, place)
    _refuse_unsplit(header, people, place)
    _refuse_lying(header, people, place)
    columns = _kept_columns(header, people, fields)
    secret = columns_with_passwords(people, columns)
    columns = tuple([column for column in columns if column not in secret])
    if added_by_report(header.headings):
        notes.append("The columns that an error report added were left out.")
    dropped = [heading for heading in header.headings if heading and is_dropped(heading)]
    if dropped:
        notes.append(f"Never read: {', '.join(dropped)}.")
    if secret:
        named = [header.headings[column] or f"Column {column_letter(column)}" for column in secret]
        notes.append(f"Not read, because their cells tell passwords: {', '.join(named)}.")
        dropped += named
    if not header.number:
        notes.append("There is no row of headings; only columns of users were read.")
    width = 1 + max((*columns, _last_heading(header)))
    never = [i for i, heading in enumerate(header.headings) if heading and is_dropped(heading)]
    trusted = min((*never, *secret), default=width)
    faults: dict[int, RowError] = {row[0]: about_cells.of_second_table(second) for row in strangers}
    table: list[GridRow] = []
    for row in people:
        number, cells = row
        kept = cells
        if fields is not None and len(cells) > width and (fault := _shifted(cells, width)) is not None:
            faults.setdefault(number, fault)
            kept = cells[:trusted]  # behind a column that is never read its values may stand now
        picked = _pick(kept, columns)
        table.append(row if picked is cells else (number, picked))
    headings = tuple(header.headings[column] for column in columns)
    left_out = tuple([((number, _pick(cells, columns)), reason) for (number, cells), reason in skipped])
    return PeopleTable(headings, table, tuple(notes), columns, faults, tuple(dropped), left_out)


def _in_notes(skipped: Sequence[tuple[GridRow, str]]) -> Iterator[str]:
    """Yield a sentence for each row that is skipped, or one for those of a kind where they are many."""
    for reason, what in IN_A_NOTE.items():
        numbers = [number for (number, _), why in skipped if why == reason]
        if len(numbers) > _MOST_NOTED:
            yield f"{len(numbers)} rows were skipped, each of which {what}; the first is row {numbers[0]}."
        else:
            yield from (f"Row {number} {what} and was skipped." for number in numbers)


def _nobody(header: Header, place: str) -> RosterError:
    if any(names_user(heading) for heading in header.headings):
        hint = "Add a row for each person and run again."
        return RosterError(f"{place} has a row of headings but no people.", hint=hint)
    hint = 'Give a file with a heading such as "User principal name" and a row for each person.'
    return RosterError(f"{place} has no people, and no heading that names the user.", hint=hint)


def _kept_columns(header: Header, people: Sequence[GridRow], fields: int | None) -> tuple[int, ...]:
    """Return the columns that have a heading or hold something, without those that are never read."""
    if not header.number:
        # Without headings a column of passwords could not be distinguished from others.
        return tuple(column for column in range(len(header.headings)) if _holds_users(column, people))
    last = _last_heading(header)
    report = added_by_report(header.headings)
    return tuple(
        column
        for column, heading in enumerate(header.headings[:fields])
        if (heading and not is_dropped(heading) and heading.casefold() not in report)
        or (not heading and _worth_keeping(column, people, column > last))
    )


def _refuse_unsplit(header: Header, people: Sequence[GridRow], place: str) -> None:
    """Ask when whole rows of delimited text stand in single cells, pasted into a sheet or quoted as a whole.

    Raises:
        RosterError: they do.
    """
    filled = {column for _, cells in people[:200] for column, cell in enumerate(cells) if cell is not None}
    if len(filled) != 1:
        return
    column = filled.pop()
    heading = header.headings[column] if column < len(header.headings) else ""
    for delimiter, name in _SEPARATORS.items():
        parts = heading.split(delimiter)
        texts = [str(cells[column]) for _, cells in people[:200]]
        # Two people in one cell are another mistake: there, all parts are addresses.
        split = [
            text
            for text in texts
            if any("@" in part for part in text.split(delimiter)) and not _all_users(text, delimiter)
        ]
        told = len(parts) > 1 and any(names_user(part) for part in parts)
        fields = sum(map(bool, header.headings))
        whole = fields > 1 and sum(len(text.split(delimiter)) == fields for text in texts) > 0.8 * len(texts)
        if whole or told or (not names_user(heading) and len(split) > 0.8 * len(texts)):
            message = f"{place}: column {column_letter(column)} holds whole rows with {name} between the values."
            hint = "In Excel choose Data, Text to Columns, and save; or give the CSV file that this was copied from."
            raise RosterError(message, hint=hint)


def _refuse_lying(header: Header, people: Sequence[GridRow], place: str) -> None:
    """Refuse a table that lies on its side: people stand beside the heading for the user, and headings below it.

    Raises:
        RosterError: it does.
    """
    named = [column for column, heading in enumerate(header.headings) if names_user(heading)]
    beside = [heading for heading in header.headings if is_user(heading)]
    if len(named) != 1 or not beside:
        return
    below = [
        cell for _, cells in people[:_LOOKED_AT] if named[0] < len(cells) and isinstance(cell := cells[named[0]], str)
    ]
    if any(map(meanings_of, below)) and not any(map(is_user, below)):
        message = f"{place}: {beside[0]} stands beside the heading {header.headings[named[0]]}, not below it."
        hint = "Write the headings into one row and each person into a row below: in Excel copy the table and choose"
        raise RosterError(message, hint=f"{hint} Paste Special, Transpose.")


def _all_users(text: str, delimiter: str) -> bool:
    return all("@" in part for part in text.split(delimiter) if part.strip())


def _last_heading(header: Header) -> int:
    return max((column for column, heading in enumerate(header.headings) if heading), default=-1)


def _worth_keeping(column: int, people: Sequence[GridRow], beyond: bool) -> bool:
    """Return true if a column without a heading is kept: behind the last heading only if most rows fill it."""
    texts = [str(cells[column]) for _, cells in people if column < len(cells) and cells[column] is not None]
    counted = texts in ([str(n) for n in range(len(texts))], [str(n) for n in range(1, len(texts) + 1)])
    return bool(texts) and not counted and not (beyond and len(texts) * 2 <= len(people))


def _holds_users(column: int, people: Sequence[GridRow]) -> bool:
    texts = [cells[column] for _, cells in people if column < len(cells) and cells[column] is not None]
    return bool(texts) and sum(isinstance(text, str) and ("@" in text or is_user(text)) for text in texts) * 2 > len(
        texts
    )


def _shifted(cells: Sequence[CellValue], width: int) -> RowError | None:
    if not any(cells[width:]):
        return None
    fields = max(index for index, cell in enumerate(cells, 1) if cell is not None)
    return about_cells.row_too_wide(fields, width)


def nul_faults(rows: Iterable[GridRow]) -> dict[int, RowError]:
    """Return the faults of rows that hold the picture of a NUL character, which stands for the character itself."""
    fault = about_cells.nul_character()
    return {number: fault for number, cells in rows if any("\u2400" in str(cell) for cell in cells)}


def _pick(cells: Sequence[CellValue], columns: Sequence[int]) -> tuple[CellValue, ...]:
    if len(cells) == len(columns) == columns[-1] + 1:
        return tuple(cells)
    try:
        return tuple([cells[column] for column in columns])
    except IndexError:
        return tuple([cells[column] if column < len(cells) else None for column in columns])
