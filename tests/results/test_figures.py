"""The numbers behind the pictures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulktap.model.row_errors import RowError, RowErrorCode, Severity
from bulktap.results.figures import MOST_BARS, Mark, group_figure, lifetime_figure, problems_figure, starts_figure

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

    assert sum(bar.count for bar in figure.bars) == len(starts)
    assert len(figure.bars) <= 25


def test_small_groups_go_together() -> None:
    """The largest groups are named, the rest is one bar, and rows without a group are not left out."""
    groups = [f"class {number}" for number in range(40) for _ in range(number + 1)]
    figure = group_figure([*groups, None], "Class")

    assert len(figure.bars) == MOST_BARS
    assert told(figure)[0] == ("class 39", 40)
    assert told(figure)[-1][0] == "32 others"
    assert sum(bar.count for bar in figure.bars) == len(groups) + 1
    assert told(group_figure([None, "5a", "5a"], "Class")) == [("5a", 2), ("(none)", 1)]


def test_lifetimes_stand_in_order_of_length() -> None:
    """A lifetime that is left to the tenant counts as its default where that is known."""
    assert told(lifetime_figure([480, 60, None, 60], 60)) == [("1 h", 3), ("8 h", 1)]
    assert told(lifetime_figure([480, None], None)) == [("8 h", 1), ("Tenant's default", 1)]
    many = lifetime_figure([*range(10, 40), 10], None)
    assert told(many)[0] == ("10 min", 2)
    assert told(many)[-1] == ("21 others", 21)


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
