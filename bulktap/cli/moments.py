"""Moments as people say them: today 14:05, yesterday 09:30, Monday 08:00, 20 Aug 2034."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

_NEAR: Final = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_A_WEEK: Final = 7
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def in_words(moment: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """Return a moment as it is said now; with a weekday where it is less than a week away, before or ahead.

    Args:
        moment: aware.
        now: aware.
        zone: whose days and hours; this computer's if left out.
    """
    there, here = moment.astimezone(zone), now.astimezone(zone)
    away = (there.date() - here.date()).days
    clock = f"{there:%H:%M}"
    if away in _NEAR:
        return f"{_NEAR[away]} {clock}"
    if abs(away) < _A_WEEK:
        return f"{_DAYS[there.weekday()]} {clock}"
    date = f"{there.day} {_MONTHS[there.month - 1]}"
    return f"{date} {clock}" if there.year == here.year else f"{date} {there.year}"
