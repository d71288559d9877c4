"""Whether a pass works at a time at which somebody is likely to use it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bulktap.planning.working_hours import outside_working_hours


def outside(start: str, hours: float, zone: str = "Europe/Berlin") -> bool:
    """Return the verdict about a pass with this start by the zone's clocks."""
    begin = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
    return outside_working_hours(begin, begin + timedelta(hours=hours), ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "hours"),
    [
        ("2035-09-03 20:00", 8),  # a Monday
        ("2035-09-03 18:00", 13),
        ("2035-09-04 00:00", 7),
        ("2035-09-04 04:30", 1),
        ("2035-09-01 08:00", 8),  # a Saturday
        ("2035-09-02 08:00", 8),  # a Sunday
        ("2035-08-31 18:00", 24 + 37),  # Friday evening to Monday 7:00
        ("2035-03-24 18:00", 36),  # across the change to summer time, which takes an hour: until Monday 7:00
    ],
)
def test_nights_and_weekends_are_outside(start: str, hours: float) -> None:
    """Nobody is there from the first to the last minute."""
    assert outside(start, hours)


@pytest.mark.parametrize(
    ("start", "hours"),
    [
        ("2035-09-03 08:00", 8),
        ("2035-09-03 17:59", 12),
        ("2035-09-03 18:00", 13.1),
        ("2035-09-04 00:00", 8),
        ("2035-08-31 18:00", 24 + 37.1),
        ("2035-03-24 18:00", 36.1),
        ("2035-09-01 08:00", 7 * 24),
        ("2035-09-03 12:00", 1 / 6),
    ],
)
def test_a_minute_of_a_working_day_is_enough(start: str, hours: float) -> None:
    """A pass that works in the morning as well as in the night before is nothing to warn about."""
    assert not outside(start, hours)


@pytest.mark.parametrize("zone", ["Asia/Riyadh", "Africa/Cairo", "Asia/Kuwait", "Asia/Baghdad", "Asia/Amman"])
def test_where_the_weekend_is_on_friday_sunday_is_a_working_day(zone: str) -> None:
    """School begins on Sunday there, and nobody comes on Friday."""
    assert not outside("2035-09-02 08:00", 6, zone)
    assert outside("2035-08-31 08:00", 6, zone)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Europe/Berlin", False), ("America/Los_Angeles", True), ("Asia/Tokyo", False), ("Pacific/Auckland", True)],
)
def test_the_zone_decides(zone: str, expected: bool) -> None:
    """Seven to eight in the morning of a Monday in UTC is night elsewhere."""
    begin = datetime(2035, 9, 3, 7, tzinfo=ZoneInfo("UTC"))

    assert outside_working_hours(begin, begin + timedelta(hours=1), ZoneInfo(zone)) is expected
