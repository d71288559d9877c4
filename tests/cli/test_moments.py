"""Moments as people say them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bulktap.cli.moments import in_words

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2035, 9, 5, 12, 0, tzinfo=UTC)
"""A Wednesday, 14:00 in Berlin."""


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2035, 9, 5, 12, 5, tzinfo=UTC), "today 14:05"),
        (datetime(2035, 9, 4, 22, 0, tzinfo=UTC), "today 00:00"),
        (datetime(2035, 9, 4, 21, 59, tzinfo=UTC), "yesterday 23:59"),
        (datetime(2035, 9, 6, 6, 0, tzinfo=UTC), "tomorrow 08:00"),
        (datetime(2035, 9, 3, 6, 0, tzinfo=UTC), "Monday 08:00"),
        (datetime(2035, 8, 30, 6, 0, tzinfo=UTC), "Thursday 08:00"),
        (datetime(2035, 8, 29, 6, 0, tzinfo=UTC), "29 Aug 08:00"),
        (datetime(2035, 9, 11, 6, 0, tzinfo=UTC), "Tuesday 08:00"),
        (datetime(2035, 9, 12, 6, 0, tzinfo=UTC), "12 Sep 08:00"),
        (datetime(2035, 1, 1, 6, 0, tzinfo=UTC), "1 Jan 07:00"),
        (datetime(2034, 12, 31, 6, 0, tzinfo=UTC), "31 Dec 2034"),
        (datetime(2036, 2, 29, 6, 0, tzinfo=UTC), "29 Feb 2036"),
    ],
)
def test_a_moment_is_said_as_one_says_it_now(moment: datetime, said: str) -> None:
    """By the days of the zone it is read in; a weekday only where it can mean one day alone."""
    assert in_words(moment, NOW, BERLIN) == said
