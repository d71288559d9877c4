"""Working hours: whether a pass works at any time at which somebody is likely to use it; pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_BEGIN, _END = time(7), time(18)
_SATURDAY_SUNDAY: Final = frozenset({5, 6})
_FRIDAY_SATURDAY: Final = frozenset({4, 5})
_ZONES_OF_FRIDAY_SATURDAY: Final = frozenset(
    {
        "Africa/Algiers", "Africa/Cairo", "Africa/Khartoum", "Africa/Tripoli", "Asia/Aden", "Asia/Amman",
        "Asia/Baghdad", "Asia/Bahrain", "Asia/Damascus", "Asia/Jerusalem", "Asia/Kuwait", "Asia/Muscat", "Asia/Qatar",
        "Asia/Riyadh",
    }
)  # fmt: skip
"""Where CLDR's weekendData has the weekend on Friday and Saturday."""
_WHOLE_WEEK = timedelta(days=7)


def outside_working_hours(start: datetime, end: datetime, zone: ZoneInfo) -> bool:
    """Return true if no time from start to end lies between 7:00 and 18:00 of a working day in that zone."""
    if end - start >= _WHOLE_WEEK:
        return False
    weekend = _weekend(zone)
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        # In UTC, since two times of one zone are compared by their clocks, whatever their offsets.
        begin, until = (datetime.combine(day, hour, zone).astimezone(UTC) for hour in (_BEGIN, _END))
        if day.weekday() not in weekend and start < until and end > begin:
            return False
        day += timedelta(days=1)
    return True


def starts_outside_working_hours(start: datetime, end: datetime, zone: ZoneInfo) -> bool:
    """Return true if it begins to work before 7:00, from 18:00 on, or on a weekend, and works for less than a week."""
    local = start.astimezone(zone)
    at_work = local.weekday() not in _weekend(zone) and _BEGIN <= local.time() < _END
    return not at_work and end - start < _WHOLE_WEEK


def _weekend(zone: ZoneInfo) -> frozenset[int]:
    return _FRIDAY_SATURDAY if zone.key in _ZONES_OF_FRIDAY_SATURDAY else _SATURDAY_SUNDAY
