"""Rows that are made as they are written say what rows say that were there before, and are never all in memory."""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bulktap.results.sheets import Column, ColumnKind, LateRows, TableSheet, workbook_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.results.sheets import Cell

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
COLUMNS = (Column("Sheet row", ColumnKind.INTEGER), Column("User"), Column("Note", wrap=True))


def cells(number: int) -> list[Cell]:
    """Return a row."""
    return [number, f"user{number}@contoso.com", "one line\nand another" if number % 7 == 0 else None]


@pytest.mark.parametrize("count", [0, 1, 2, 30, 1_200])
@pytest.mark.parametrize("per_sheet", [11, 1_048_576])
def test_the_workbook_is_the_same(count: int, per_sheet: int) -> None:
    """Byte by byte, also where a table goes on in another sheet."""
    made, there = (
        workbook_bytes([TableSheet("Passes", COLUMNS, rows)], title="t", created=NOW, rows_per_sheet=per_sheet)
        for rows in (LateRows(range(count), cells), [cells(number) for number in range(count)])
    )
    assert made == there


@pytest.mark.parametrize("place", [0, 4, -1, slice(2, 4), slice(None, None, -2), slice(3, 100)])
def test_it_is_a_sequence(place: int | slice) -> None:
    """Asked for a place, for some, for all, and for their number."""
    late, rows = LateRows(range(6), cells), [cells(number) for number in range(6)]
    found = late[place]
    assert (found if isinstance(place, int) else list(found)) == rows[place]
    assert list(late) == rows
    assert len(late) == 6
    assert rows[3] in late


class Counted(list["Cell"]):
    """A row that is counted as long as it is in memory."""

    there = 0
    most = 0

    def __init__(self, values: Sequence[Cell]) -> None:
        super().__init__(values)
        Counted.there += 1
        Counted.most = max(Counted.most, Counted.there)

    def __del__(self) -> None:
        Counted.there -= 1


def test_rows_are_not_kept() -> None:
    """Of ten thousand, no more are in memory at any moment than two of the parts in which they are written have."""
    rows = LateRows(range(10_000), lambda number: Counted(cells(number)))
    workbook_bytes([TableSheet("Passes", COLUMNS, rows)], title="t", created=NOW)
    gc.collect()
    assert Counted.most <= 1_100
    assert Counted.there == 0
