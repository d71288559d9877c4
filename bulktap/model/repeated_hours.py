"""The hour that clocks show twice, in the night in which they are put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo


def which_of_two(moment: datetime, zone: ZoneInfo) -> str:
    """Return the offset from UTC, behind a blank, where the zone's clocks show this time twice; else nothing."""
    local = moment.astimezone(zone)
    offset = local.utcoffset()
    if offset is None or local.replace(fold=1 - local.fold).utcoffset() == offset:
        return ""
    hours, minutes = divmod(int(abs(offset).total_seconds()) // 60, 60)
    sign = "-" if offset.days < 0 else "+"
    return f" (UTC{sign}{hours}{f':{minutes:02}' if minutes else ''})"
