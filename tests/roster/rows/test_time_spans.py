"""A span of time beside a day: the pass begins with it, and ends with it where it is the column of ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulktap.roster.rows.day_and_time import is_span, time_of_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckedRoster


@pytest.mark.parametrize(
    ("cell", "begins", "ends"),
    [
        ("08:00-09:00", "08:00", "09:00"), ("Slot 08:00 – 09:00", "08:00", "09:00"), ("8:00 to 9:00", "8:00", "9:00"),
        ("Slot 3: 08:00–09:00", "08:00", "09:00"), ("von 8:00 bis 9:00 Uhr", "8:00", "9:00 Uhr"),
        ("8-9 Uhr", "8:00", "9:00"), ("de 8h à 9h", "8:00", "9:00"), ("8h30-9h", "8h30", "9:00"),
        ("8–9 am", "8:00 am", "9:00 am"), ("11:00 - 1:00 pm", "11:00 am", "1:00 pm"),
        ("8:00 AM-1:00 PM", "8:00 AM", "1:00 pm"),
        ("9時から10時", "9:00", "10:00"), ("09:00~10:00", "09:00", "10:00"), ("22:00 - 06:00", "22:00", "06:00"),
        ("08:00-09:00 UTC+2", "08:00 UTC+2", "09:00 UTC+2"),
    ],
)  # fmt: skip
def test_a_span_has_a_beginning_and_an_end(cell: str, begins: str, ends: str) -> None:
    """In many spellings; half of a day and zone behind the end are those of the beginning too."""
    assert is_span(cell)
    assert (time_of_day(cell), time_of_day(cell, last=True)) == (begins, ends)


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        ("08:00-03:00", "08:00-03:00"), ("08:00+02:00", "08:00+02:00"), ("08:30", "08:30"), ("8 Uhr", "8:00"),
        ("8-9", None), ("10-12", None), ("2035-09-10", None), ("Slot 3", None), ("030-1234", None), ("", None),
    ],
)  # fmt: skip
def test_what_is_no_span(cell: str, clock: str | None) -> None:
    """A time with an offset that ends before it begins, numbers, dates."""
    assert not is_span(cell)
    assert time_of_day(cell) == clock


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Time", ["08:00-09:00", "9:30 – 10:00"]),
        ("Time slot", ["Slot 1: 08:00-09:00", "Slot 2: 9:30-10:00"]),
        ("Uhrzeit", ["8 - 9 Uhr", "9:30 bis 10:00 Uhr"]),
        ("Créneau", ["8h à 9h", "9h30 à 10h"]),
        ("Horario", ["8:00 a 9:00", "9:30 a 10:00"]),
    ],
)
def test_a_pass_begins_with_the_span_beside_its_day(
    heading: str, cells: list[str], check: Callable[..., CheckedRoster]
) -> None:
    """And a note says so, because the file says more than that."""
    rows = [f"anna@x.org;2035-09-10;{cells[0]}", f"ben@x.org;2035-09-10;{cells[1]}"]
    found = check("\n".join([f"User name;Start date;{heading}", *rows]), zone="UTC")
    starts = [row.request.terms.starts_at for row in found.rows if row.request is not None]
    assert [f"{one:%d.%m. %H:%M}" for one in starts if one] == ["10.09. 08:00", "10.09. 09:30"]
    assert f"Column {heading} holds 2 spans of time; their passes begin with the span." in found.info.notes


def test_the_end_of_a_span_is_that_of_the_column_of_ends(check: Callable[..., CheckedRoster]) -> None:
    """Where its heading speaks of the end, the span's end is meant."""
    text = "User name;Start date;Start time;End time\nanna@x.org;2035-09-10;08:00;08:00-09:00\n"
    found = check(text, zone="UTC")
    assert [row.request.terms.lifetime_minutes for row in found.rows if row.request is not None] == [60]


def test_a_span_in_one_cell_with_its_day_is_asked_about(check: Callable[..., CheckedRoster]) -> None:
    """There it cannot be told from an offset."""
    found = check("User name;Start\nanna@x.org;2035-09-10 08:00-09:00\n")
    assert "could be a span of time" in found.rows[0].problems[0].message
