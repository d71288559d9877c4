"""Several sheets → one roster. Pure.

They become one only when their headings mean the same: the column of users must be the same everywhere; a column that
a sheet lacks stays empty there.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.model.plan import RosterRow
from bulktap.roster.columns.headings import names_user, squeeze
from bulktap.roster.model import Roster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.plan import CellValue

SHEET_HEADING = "Sheet"
"""The column that names the sheet of a row, where several were read as one."""


def union(rosters: Sequence[Roster]) -> Roster:
    """Return several sheets as one roster, with a column that names the sheet.

    Raises:
        RosterError: their headings do not mean the same.
    """
    first = rosters[0]
    for roster in rosters:
        _refuse_other_users(first, roster)
    headings, places = _common_headings(rosters)
    moved = [_moved(roster, columns, len(headings)) for roster, columns in zip(rosters, places, strict=True)]
    names = ", ".join(roster.sheet or "" for roster in rosters)
    notes = (f"Sheet {roster.sheet}: {note}" for roster in rosters for note in roster.notes)
    return Roster(
        file=first.file,
        sheet=names,
        headings=(*headings, SHEET_HEADING),
        rows=tuple(chain.from_iterable(roster.rows for roster in moved)),
        sha256=first.sha256,
        header_row=first.header_row,
        notes=(f"The sheets {names} were read as one roster.", *notes),
        faults={key: fault for roster in moved for key, fault in roster.faults.items()},
        positions=(*first.positions, *range(len(first.positions), len(headings) + 1)),
        merged=frozenset(chain.from_iterable(roster.merged for roster in moved)),
        links={cell: address for roster in moved for cell, address in roster.links.items()},
        hidden_columns=frozenset(chain.from_iterable(roster.hidden_columns for roster in moved)),
        sheet_column=len(headings),
        dropped=tuple(dict.fromkeys(chain.from_iterable(roster.dropped for roster in rosters))),
        left_out=tuple(chain.from_iterable(roster.left_out for roster in moved)),
    )


def _common_headings(rosters: Sequence[Roster]) -> tuple[list[str], list[list[int]]]:
    """Return the headings of all sheets, and for each sheet where its columns stand among them."""
    known: dict[tuple[str, int], int] = {}
    headings: list[str] = []
    places: list[list[int]] = []
    for roster in rosters:
        keys = _keys(roster.headings)
        for key, heading in zip(keys, roster.headings, strict=True):
            if key not in known:
                known[key] = len(headings)
                headings.append(heading)
        places.append([known[key] for key in keys])
    return headings, places


def _moved(roster: Roster, columns: Sequence[int], width: int) -> Roster:
    """Return a sheet with its columns in these places among so many, and its name in one more."""

    def moved(row: RosterRow) -> RosterRow:
        cells: list[CellValue] = [None] * (width + 1)
        for column, cell in zip(columns, row.cells, strict=True):
            cells[column] = cell
        cells[-1] = roster.sheet
        return RosterRow(row.file, row.sheet, row.number, tuple(cells))

    return replace(
        roster,
        rows=tuple(map(moved, roster.rows)),
        left_out=tuple([one._replace(row=moved(one.row)) for one in roster.left_out]),
        merged=frozenset((key, columns[column]) for key, column in roster.merged),
        links={(key, columns[column]): address for (key, column), address in roster.links.items()},
        hidden_columns=frozenset(columns[column] for column in roster.hidden_columns),
    )


def _keys(headings: Sequence[str]) -> list[tuple[str, int]]:
    """Return what headings are compared by: their words, and which occurrence of these words each one is."""
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
