"""Moments for people: by the clocks of a zone, with the weekday and what people call the zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulktap.model.repeated_hours import which_of_two

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

_UTC_NAMES: Final = frozenset({"UTC", "UCT", "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich", "Universal", "Zulu"})
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""English whatever the locale of the computer, as `%a` is not."""


def is_utc(zone: ZoneInfo) -> bool:
    """Return true if the zone is UTC by one of its names, and no place on earth."""
    return zone.key.removeprefix("Etc/") in _UTC_NAMES


def zone_in_words(zone: ZoneInfo) -> str:
    """Return how people name a zone: its city, or UTC with an offset."""
    if is_utc(zone):
        return "UTC"
    name = zone.key.rpartition("/")[2]
    if zone.key.startswith("Etc/GMT"):
        # IANA counts these the other way round: Etc/GMT-5 is five hours ahead of UTC.
        return "UTC" + name.removeprefix("GMT").translate({ord("-"): "+", ord("+"): "-"})
    return name.replace("_", " ")


def moment_in_words(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment to the minute with its weekday, as the zone's clocks show it: `Mon 2027-01-11 08:00`."""
    local = moment.astimezone(zone)
    return f"{_DAYS[local.weekday()]} {local:%Y-%m-%d %H:%M}{which_of_two(moment, zone)}"


def zoned_moment(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment with what people call the zone: `Mon 2027-01-11 08:00 Berlin`."""
    return f"{moment_in_words(moment, zone)} {zone_in_words(zone)}"
