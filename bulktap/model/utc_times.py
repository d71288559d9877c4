"""Moments in UTC, and as the JSON of plans and journals writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


def as_utc(moment: datetime) -> datetime:
    """Return an aware moment in UTC; a naive one is a fault of the caller.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC)


@lru_cache(maxsize=4096)  # a roster has few different starts, and a plan is written three times
def utc_text(moment: datetime | None) -> str | None:
    """Return an aware moment in ISO 8601 with `Z`, as precise as it is.

    Raises:
        ValueError: the moment has no time zone.
    """
    return None if moment is None else as_utc(moment).isoformat().replace("+00:00", "Z")


@lru_cache(maxsize=4096)  # likewise, and the passes of a batch are made at nearly the same time
def moment_of(text: str | None) -> datetime | None:
    """Return the moment that `utc_text` wrote, in UTC."""
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)
