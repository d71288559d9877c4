"""The table below the headings: which columns are kept, and which rows are people.

Pure. Here columns of passwords, birth dates and the like leave the program for good.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.errors import RosterError
from bulktap.roster.header import Header, is_example, repeats_header
from bulktap.roster.headings import is_dropped
from bulktap.row_errors import RowError, RowErrorCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.plan import CellValue
    from bulktap.roster.header import GridRow


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows of equal width."""

    headings: tuple[str, ...]
    """Of the columns that are kept."""
    rows: list[GridRow]
    """One cell for each heading."""
    notes: tuple[str, ...]
    """What was left out, one sentence each."""
    faults: dict[int, RowError] = field(default_factory=dict)
    """Row number → what is wrong with the row as a whole."""


def cut_table(rows: Sequence[GridRow], header: Header, place: str, *, fields_may_shift: bool) -> Table:
    """Return the people's rows and the columns that may be read.

    In delimited text a row with more fields than headings is a fault, because an unquoted comma has shifted its
    cells; in a workbook it is a remark beside the table.

    Raises:
        RosterError: there is no row below the headings.
    """
    notes: list[str] = []
    if header.number and header.index > 1:
        notes.append(f"The headings were found in row {header.number}.")
    below = rows[header.index :]
    people, skipped = _people(below, header)
    notes.extend(skipped)
    if not people:
        raise RosterError(
            f"{place} has a row of headings but no people.", hint="Add a row for each person and run again."
        )
    columns = _kept_columns(header, people)
    dropped = [heading for heading in header.headings if heading and is_dropped(heading)]
    if dropped:
        notes.append(f"Never read: {', '.join(dropped)}.")
    if not header.number:
        notes.append("There is no row of headings; only the column of user names was read.")
    width = 1 + max((column for column, heading in enumerate(header.headings) if heading), default=len(header.headings))
    trusted = min((i for i, heading in enumerate(header.headings) if heading and is_dropped(heading)), default=width)
    faults: dict[int, RowError] = {}
    table: list[GridRow] = []
    for number, cells in people:
        kept = cells
        if fields_may_shift and (fault := _shifted(cells, width)) is not None:
            faults[number] = fault
            kept = cells[:trusted]  # behind a column that is never read its values may stand now
        elif (fault := _nul(cells)) is not None:
            faults[number] = fault
        table.append((number, _pick(kept, columns)))
    return Table(tuple(header.headings[column] for column in columns), table, tuple(notes), faults)


def _people(rows: Sequence[GridRow], header: Header) -> tuple[list[GridRow], list[str]]:
    people: list[GridRow] = []
    notes: list[str] = []
    for row in rows:
        if is_example(row[1]):
            notes.append(f"Row {row[0]} is Microsoft's example and was skipped.")
        elif repeats_header(header, row[1]):
            notes.append(f"Row {row[0]} repeats the headings and was skipped.")
        else:
            people.append(row)
    return people, notes


def _kept_columns(header: Header, people: Sequence[GridRow]) -> tuple[int, ...]:
    """Return the columns that have a heading or hold something, without those that are never read."""
    if not header.number:
        # Without headings a column of passwords could not be told from others.
        return tuple(column for column in range(len(header.headings)) if _holds_users(column, people))
    last = max((column for column, heading in enumerate(header.headings) if heading), default=-1)
    return tuple(
        column
        for column, heading in enumerate(header.headings)
        if (heading and not is_dropped(heading)) or (not heading and _worth_keeping(column, people, column > last))
    )


def _worth_keeping(column: int, people: Sequence[GridRow], beyond: bool) -> bool:
    """Whether a column without a heading belongs to the table."""
    texts = [str(cells[column]) for _, cells in people if column < len(cells) and cells[column] is not None]
    counted = texts in ([str(n) for n in range(len(texts))], [str(n) for n in range(1, len(texts) + 1)])
    return bool(texts) and not counted and not (beyond and len(texts) * 2 < len(people))


def _holds_users(column: int, people: Sequence[GridRow]) -> bool:
    texts = [cells[column] for _, cells in people if column < len(cells) and cells[column] is not None]
    return bool(texts) and sum(isinstance(text, str) and "@" in text for text in texts) * 2 > len(texts)


def _shifted(cells: Sequence[CellValue], width: int) -> RowError | None:
    if all(cell is None for cell in cells[width:]):
        return None
    fields = max(index for index, cell in enumerate(cells, 1) if cell is not None)
    message = f"The row has {fields} fields, but there are {width} headings."
    return RowError(RowErrorCode.ROW_MALFORMED, message, "A value with a comma in it may need quotes around it.")


def _nul(cells: Sequence[CellValue]) -> RowError | None:
    if not any(isinstance(cell, str) and ("\0" in cell or "\u2400" in cell) for cell in cells):
        return None
    message = "The row contains a NUL character (U+0000)."
    return RowError(RowErrorCode.ROW_MALFORMED, message, "Type the row again, or export the file anew.")


def _pick(cells: Sequence[CellValue], columns: Sequence[int]) -> tuple[CellValue, ...]:
    return tuple(cells[column] if column < len(cells) else None for column in columns)
