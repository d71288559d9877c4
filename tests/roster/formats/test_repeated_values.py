"""One copy of each value that repeats, and every value as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulktap.roster.formats.repeated_values import RECORDS_AT_ONCE, RepeatedValues

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.roster.formats.repeated_values import Record

MANY = 9 * RECORDS_AT_ONCE + 7


def text(number: int) -> str:
    """Return a text that is an object of its own, as those of the csv module are."""
    return f"value {number}"


def shared(records: Sequence[Sequence[str]]) -> list[Record]:
    """Return what becomes of records that come as many at a time as they are read."""
    values = RepeatedValues()
    return [
        record
        for first in range(0, len(records), RECORDS_AT_ONCE)
        for record in values.shared(records[first : first + RECORDS_AT_ONCE])
    ]


ROWS = {
    "none": [],
    "one": [["a", ""]],
    "empty fields alone": [["", ""]] * 3,
    "a name and a class": [[text(number), text(number % 12)] for number in range(MANY)],
    "names of which some are missing": [[text(number) if number % 3 else "", "x"] for number in range(MANY)],
    "widths that differ": [["a", text(number % 5), ""][: 1 + number % 3] for number in range(MANY)],
    "a column that begins late": [["a"] if number < MANY // 2 else ["a", text(number)] for number in range(MANY)],
    "values that change their column": [[text(number % 7), text((number + 1) % 7)] for number in range(MANY)],
    "more values than are kept": [[text(number % 70_000)] for number in range(75_000)],
}


@pytest.mark.parametrize("records", ROWS.values(), ids=ROWS)
def test_every_value_is_what_it_was(records: Sequence[Sequence[str]]) -> None:
    """Only an empty field becomes none."""
    assert shared(records) == [tuple(field or None for field in fields) for fields in records]


@pytest.mark.parametrize(("different", "copies"), [(1, 1), (12, 12), (500, 500), (5_000, 5_000), (MANY, MANY)])
def test_there_is_one_copy_of_a_value_that_repeats(different: int, copies: int) -> None:
    """Beside a column of names, whose values come once each."""
    records = shared([[text(-number), text(number % different)] for number in range(MANY)])

    assert len({id(cell) for _, cell in records}) == copies
