"""The roster's own columns in the results workbook."""

# ruff: noqa: DTZ001 - the moments in cells have no zone
from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from bulktap.results.roster_columns import carried_columns, carried_values, free_headings, roster_rows
from bulktap.results.sheets import Column

if TYPE_CHECKING:
    from types import ModuleType

    from bulktap.model.plan import CellValue


@pytest.mark.parametrize(
    ("headings", "free"),
    [
        (["Class"], ["Class"]),
        (["Note"], ["Note (roster)"]),
        (["NOTE", "Class"], ["NOTE (roster)", "Class"]),
        (["Note", "Note (roster)"], ["Note (roster 2)", "Note (roster)"]),
        (["Note (roster)", "Note"], ["Note (roster)", "Note (roster 2)"]),
        (["Class", "class"], ["Class", "class (roster)"]),
    ],
)
def test_headings_that_collide_are_told_apart(headings: list[str], free: list[str]) -> None:
    """The roster's heading gives way, without taking one that the roster has already."""
    assert free_headings(headings, ["Note"]) == free


def test_columns_that_the_workbook_shows_itself_are_not_carried(build: ModuleType) -> None:
    """User and start have columns of their own; the rest goes along in the roster's order."""
    plan = build.make_plan()

    assert [column.heading for column in carried_columns(plan, [Column("Note")])] == [
        "Class",
        "Joined",
        "Note (roster)",
    ]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("5a", "5b", "5a, 5b"),
        ("5a", "5a", "5a"),
        (None, "5b", "5b"),
        ("", None, None),
        (date(2034, 8, 1), date(2034, 8, 1), date(2034, 8, 1)),
        (datetime(2034, 8, 1, 7, 5), date(2034, 8, 2), "2034-08-01 07:05, 2034-08-02"),
        (7, 7.0, 7),
        (True, 2.5, "Yes, 2.5"),
    ],
)
def test_rows_that_share_a_pass_share_its_line(
    build: ModuleType, first: CellValue, second: CellValue, joined: CellValue
) -> None:
    """Different values are joined, equal ones are said once, and a single value keeps its type."""
    plan = build.make_plan()
    rows = [build.roster_row(number, "a@contoso.com", value) for number, value in ((4, first), (9, second))]

    value = carried_values(plan.columns.carried, rows)[0]
    assert (value, type(value)) == (joined, type(joined))


def test_the_rows_of_a_pass_are_named_in_order(build: ModuleType) -> None:
    """One row is a number, several are a list as people write it."""
    first = build.plan_row(8, "ann")
    second = replace(build.plan_row(3, "ann"), merged_into=8)

    assert (roster_rows([first]), roster_rows([first, second])) == (9, "4, 9")
