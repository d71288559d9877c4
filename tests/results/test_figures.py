"""The numbers behind the pictures."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulktap.model.row_errors import RowError, RowErrorCode, Severity
from bulktap.results.figures import (
    MOST_BARS,
    MOST_LISTED,
    Mark,
    group_figure,
    lifetime_figure,
    problems_figure,
    starts_figure,
)

if TYPE_CHECKING:
    from bulktap.results.figures import Figure

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2035, 9, 3, 6, 0, tzinfo=UTC)


def told(figure: Figure) -> list[tuple[str, int]]:
    """Return the bars as label and count."""
    return [(bar.label, bar.count) for bar in figure.bars]


def test_a_few_starts_are_told_apart() -> None:
    """Waves are named to the minute by the clocks of the zone, and those at once come first."""
    figure = starts_figure([START, START + timedelta(minutes=20), None, START + timedelta(seconds=5)], BERLIN)

    assert told(figure) == [("At once", 1), ("2035-09-03 08:00", 2), ("2035-09-03 08:20", 1)]
    assert not figure.over_time


@pytest.mark.parametrize(
    ("step", "words", "first", "columns"),
    [
        (timedelta(minutes=20), "by quarter of an hour", "2035-09-03 08:00", 13),
        (timedelta(hours=2), "by hour", "2035-09-03 08:00", 19),
        (timedelta(days=2), "by day", "2035-09-03", 19),
        (timedelta(days=9), "by week", "2035-09-03", 12),
        (timedelta(days=60), "by month", "2035-09", 18),
    ],
)
def test_many_starts_are_gathered(step: timedelta, words: str, first: str, columns: int) -> None:
    """The stretch of time is the smallest that keeps the picture legible, and empty stretches stay in it."""
    figure = starts_figure([START + number * step for number in range(10)], BERLIN)

    assert figure.title.endswith(words)
    assert figure.over_time
    assert figure.bars[0].label == first
    assert len(figure.bars) == columns
    assert sum(bar.count for bar in figure.bars) == 10


@given(st.lists(st.none() | st.datetimes(datetime(2000, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC))))  # noqa: DTZ001 - hypothesis adds the zone
def test_no_start_is_lost(starts: list[datetime | None]) -> None:
    """Whatever the starts, the bars add up to the passes and are few enough to be read."""
    figure = starts_figure(starts, BERLIN)

    assert told_rows(figure) == len(starts)
    assert len(figure.bars) <= 25


def told_rows(figure: Figure) -> int:
    """Return how many rows a figure tells of, those without a bar included."""
    rest = re.search(r"with ([\d,]+)", figure.rest)
    return sum(bar.count for bar in figure.bars) + (int(rest[1].replace(",", "")) if rest else 0)


@pytest.mark.parametrize(
    ("groups", "ordered"),
    [
        (["10a", "5b", "5a"], ["5a", "5b", "10a"]),
        (["Class 10", "Class 9", "class 1"], ["class 1", "Class 9", "Class 10"]),
        (["Q2", "11", "EF", "7"], ["7", "11", "EF", "Q2"]),
        (["Haus 2 Raum 10", "Haus 2 Raum 9", "Haus 11"], ["Haus 2 Raum 9", "Haus 2 Raum 10", "Haus 11"]),
        (["10.2", "10.11", "9.1"], ["9.1", "10.2", "10.11"]),
        ([None, "zz", "١٢"], ["zz", "١٢", "(none)"]),
    ],
)
def test_groups_stand_as_people_count(groups: list[str | None], ordered: list[str]) -> None:
    """Numbers in names by their value, and those without a group last."""
    assert [bar.label for bar in group_figure([*groups, groups[0]], "Class").bars] == ordered


def test_every_group_is_named_up_to_a_number() -> None:
    """No bar stands for many small groups, where it would be the longest; what is not named is counted in words."""
    groups = [f"class {number}" for number in range(MOST_LISTED + 40) for _ in range(2)]
    figure = group_figure([*groups, None], "Class")

    assert len(figure.bars) == MOST_LISTED
    assert max(bar.count for bar in figure.bars) == 2
    assert figure.rest == "41 others with 81 together"
    assert told_rows(figure) == len(groups) + 1


def test_lifetimes_stand_in_order_of_length() -> None:
    """A lifetime that is left to the tenant counts as its default where that is known."""
    assert told(lifetime_figure([480, 60, None, 60], 60)) == [("1 h", 3), ("8 h", 1)]
    assert told(lifetime_figure([480, None], None)) == [("8 h", 1), ("Tenant's default", 1)]
    many = lifetime_figure([*range(10, 40), 10, None], None)
    assert told(many)[0] == ("10 min", 2)
    assert len(many.bars) == MOST_BARS
    assert many.rest == "21 others with 21 together"


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        (["5a"] * 9, "5a: all 9"),
        (["5a"], "5a"),
        (["5a", "5b", "5b", "5a"], "2 in each of 2: 5a, 5b"),
        ([f"{number}a" for number in range(1, 161)] * 3, "3 in each of 160: 1a to 160a"),
        (["5a", "5a", "5b"], ""),
        ([], ""),
    ],
)
def test_what_a_picture_would_not_show_is_a_sentence(groups: list[str], sentence: str) -> None:
    """Bars of one length say nothing; any difference is worth a picture."""
    assert group_figure(groups, "Class").sentence == sentence


def test_errors_come_before_notes() -> None:
    """What keeps rows from a pass stands out from what is only worth knowing."""
    note = RowError(RowErrorCode.NOTE, "", "", severity=Severity.WARNING)
    error = RowError(RowErrorCode.USER_NOT_FOUND, "", "")
    figure = problems_figure([note, note, error])

    assert [(bar.label, bar.count, bar.mark) for bar in figure.bars] == [
        ("User not found", 1, Mark.FAULT),
        ("Note", 2, Mark.SKIP),
    ]
    assert figure.words == "Problems by kind. User not found: 1; Note: 2."
