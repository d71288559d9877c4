"""The tables of one or several sheets → one `Roster`. Pure.

Several sheets become one roster only when their headings mean the same: the column of users must be the same
everywhere; a column that a sheet lacks stays empty there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.errors import RosterError
from bulktap.plan import RosterRow
from bulktap.roster.contents import Roster
from bulktap.roster.headings import names_user, squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.plan import CellValue
    from bulktap.roster.contents import RowKey
    from bulktap.roster.sheet_grid import SheetGrid
    from bulktap.roster.table import Table
    from bulktap.row_errors import RowError

SHEET_HEADING = "Sheet"
"""The column that names the sheet of a row, where several were read as one."""


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet and the table that was found on it."""

    grid: SheetGrid
    table: Table
    header_row: int


def roster_of_sheet(sheet: SheetTable, file: str, sha256: str, notes: Sequence[str]) -> Roster:
    """Return the roster on one sheet."""
    grid, table = sheet.grid, sheet.table
    columns = {position: column for column, position in enumerate(table.positions)}
    return Roster(
        file=file,
        sheet=grid.name,
        headings=table.headings,
        rows=tuple(RosterRow(file, grid.name, number, cells) for number, cells in table.rows),
        sha256=sha256,
        header_row=sheet.header_row,
        notes=(*notes, *table.notes),
        faults={(grid.name, number): fault for number, fault in table.faults.items()},
        positions=table.positions,
        merged=frozenset(
            ((grid.name, row), columns[position]) for row, position in grid.repeated if position in columns
        ),
        links={
            ((grid.name, row), columns[position]): address
            for (row, position), address in grid.links.items()
            if position in columns
        },
        hidden_columns=frozenset(columns[position] for position in grid.hidden_columns if position in columns),
    )


def union(rosters: Sequence[Roster]) -> Roster:
    """Return several sheets as one roster, with a column that names the sheet.

    Raises:
        RosterError: their headings do not mean the same.
    """
    first = rosters[0]
    known = {key: column for column, key in enumerate(_keys(first.headings))}
    headings = list(first.headings)
    places: list[list[int]] = []
    for roster in rosters:
        _refuse_other_users(first, roster)
        keys = _keys(roster.headings)
        for key, heading in zip(keys, roster.headings, strict=True):
            if key not in known:
                known[key] = len(headings)
                headings.append(heading)
        places.append([known[key] for key in keys])
    rows: list[RosterRow] = []
    faults: dict[RowKey, RowError] = {}
    merged: set[tuple[RowKey, int]] = set()
    links: dict[tuple[RowKey, int], str] = {}
    for roster, columns in zip(rosters, places, strict=True):
        for row in roster.rows:
            cells: list[CellValue] = [None] * (len(headings) + 1)
            for column, cell in zip(columns, row.cells, strict=True):
                cells[column] = cell
            cells[-1] = roster.sheet
            rows.append(RosterRow(row.file, row.sheet, row.number, tuple(cells)))
        faults.update(roster.faults)
        merged.update((key, columns[column]) for key, column in roster.merged)
        links.update({(key, columns[column]): address for (key, column), address in roster.links.items()})
    names = ", ".join(roster.sheet or "" for roster in rosters)
    return Roster(
        file=first.file,
        sheet=names,
        headings=(*headings, SHEET_HEADING),
        rows=tuple(rows),
        sha256=first.sha256,
        header_row=first.header_row,
        notes=(
            f"The sheets {names} were read as one roster.",
            *(f"Sheet {roster.sheet}: {note}" for roster in rosters for note in roster.notes),
        ),
        faults=faults,
        positions=(*first.positions, *range(len(first.positions), len(headings) + 1)),
        merged=frozenset(merged),
        links=links,
        hidden_columns=first.hidden_columns,
        sheet_column=len(headings),
    )  # fmt: skip


def _keys(headings: Sequence[str]) -> list[tuple[str, int]]:
    """Return what headings are compared by: their words, and the how-manieth of these words each one is."""
    seen: dict[str, int] = {}
    keys = []
    for heading in headings:
        words = squeeze(heading)
        seen[words] = seen.get(words, 0) + 1
        keys.append((words, seen[words]))
    return keys


def _refuse_other_users(first: Roster, other: Roster) -> None:
    users, theirs = ([heading for heading in roster.headings if names_user(heading)] for roster in (first, other))
    if {squeeze(heading) for heading in users} != {squeeze(heading) for heading in theirs}:
        message = (
            f"{first.file}: the sheets {first.sheet} and {other.sheet} have different headings for the user"
            f" ({', '.join(users) or 'none'}; {', '.join(theirs) or 'none'})."
        )
        raise RosterError(message, hint="Give the columns the same headings, or make a run for each sheet.")
