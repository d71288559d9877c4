"""Times on the wire: dateTimes, HTTP dates and `Retry-After`; pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 3600.0
"""Seconds; no wait that the service names is taken to be longer. More than ten minutes were seen (OneDrive)."""

_YEARS = range(1901, 3000)
"""Years that a moment can be of: at the ends of the calendar, other time zones have no such moment."""

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)\Z", re.ASCII)


def parse_retry_after(value: str | None, service_now: datetime | None) -> float | None:
    """Return the seconds that a `Retry-After` asks to wait, from 0 to `LONGEST_WAIT`; None when it says nothing.

    Whole and decimal seconds have both been seen from Graph ("0.249", microsoft-graph-docs issue 3877), and HTTP allows
    a date; a date needs the service's own clock (its `Date` header) to mean anything.
    """
    # A Python client that reads whole seconds only takes "0.249" for nothing (microsoft-kiota-http 1.16).
    text = (value or "").strip()
    if _NUMBER.match(text):
        return min(max(float(text), 0.0), LONGEST_WAIT)
    moment = parse_http_date(text)
    if moment is None or service_now is None:
        return None
    return min(max((moment - service_now).total_seconds(), 0.0), LONGEST_WAIT)


def parse_http_date(value: str | None) -> datetime | None:
    """Return the moment that an HTTP date names, aware, in UTC; None when it is none."""
    if not value:
        return None
    try:
        return _in_utc(parsedate_to_datetime(value))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def parse_moment(value: object) -> datetime | None:
    """Return a Graph dateTime, aware, in UTC; None when it is none.

    Graph writes up to seven fractional digits (page on listing temporaryAccessPassMethods), of which Python keeps six.
    The first moment of the year 1 is how .NET writes that there is none.
    """
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo is UTC and moment.year in _YEARS else _in_utc(moment)
    except (ValueError, OverflowError):
        return None


def _in_utc(moment: datetime) -> datetime | None:
    if moment.year not in _YEARS:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
