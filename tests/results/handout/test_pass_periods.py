"""From when until when a pass works, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bulktap.results.handout.pass_periods import period_in_words


@pytest.mark.parametrize(
    ("language", "paper", "zone", "starts", "ends", "told"),
    [
        ("en", "A4", "Europe/Berlin", (31, 6), (31, 14),
         "Works on Monday 31 August 2026 from 08:00 to 16:00 (time zone Europe/Berlin)"),
        ("en", "Letter", "America/New_York", (31, 12), (31, 20),
         "Works on Monday, August 31, 2026 from 8:00 AM to 4:00 PM (time zone America/New York)"),
        ("en", "Letter", "US/Eastern", (31, 16), (32, 4),
         "Works from Monday, August 31, 2026, 12:00 PM to Tuesday, September 1, 2026, 12:00 AM (time zone US/Eastern)"),
        ("de", "A4", "Europe/Berlin", (30, 22), (31, 21),
         "Gilt am Montag, 31. August 2026, von 00:00 bis 23:00 Uhr (Zeitzone Europe/Berlin)"),
        ("de", "Letter", "UTC", (30, 22), (31, 21),
         "Gilt von Sonntag, 30. August 2026, 22:00 Uhr bis Montag, 31. August 2026, 21:00 Uhr (Zeitzone UTC)"),
        ("tr", "A4", "Europe/Istanbul", (31, 5), (31, 13),
         "Geçerlilik: 31 Ağustos 2026 Pazartesi, saat 08:00 – 16:00 (saat dilimi Europe/Istanbul)"),
        ("ar", "A4", "Asia/Riyadh", (31, 5), (31, 13),
         "صالح يوم الاثنين 31 أغسطس 2026 من 08:00 إلى 16:00 (المنطقة الزمنية Asia/Riyadh)"),
    ],
)  # fmt: skip
def test_periods_are_told_with_weekday_in_local_time(
    language: str, paper: str, zone: str, starts: tuple[int, int], ends: tuple[int, int], told: str
) -> None:
    """One day or two, by the clock and the order of the language and of the countries of the paper."""
    moments = [datetime(2026, 8 if day < 32 else 9, day if day < 32 else 1, hour, tzinfo=UTC)
               for day, hour in (starts, ends)]  # fmt: skip
    words = period_in_words(*moments, ZoneInfo(zone), language, paper)
    assert words.replace("\u00a0", " ").replace("\u2060", "") == told


def test_the_end_of_summer_time_is_counted_in() -> None:
    """A pass over the night in which clocks go back ends by the new time."""
    told = period_in_words(datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 6, tzinfo=UTC),
                           ZoneInfo("Europe/Berlin"), "en", "A4")  # fmt: skip
    assert "from 00:00 to 07:00" in told


@pytest.mark.parametrize(
    ("zone", "paper", "starts", "ends", "told"),
    [
        ("Europe/Berlin", "A4", (25, 0, 30), (25, 1, 30), "from 02:30 (UTC+2) to 02:30 (UTC+1)"),
        ("Europe/Berlin", "A4", (24, 23, 30), (25, 1, 30), "from 01:30 to 02:30 (UTC+1)"),
        ("Europe/Berlin", "Letter", (25, 0, 30), (25, 2, 30), "from 2:30 AM (UTC+2) to 3:30 AM"),
        ("Europe/London", "A4", (25, 0, 30), (25, 1, 30), "from 01:30 (UTC+1) to 01:30 (UTC+0)"),
        ("Australia/Lord_Howe", "A4", (3, 14, 45), (3, 15, 15), "from 01:45 (UTC+11) to 01:45 (UTC+10:30)"),
        ("America/St_Johns", "A4", (31, 3, 45), (31, 4, 45), "from 01:15 to 02:15"),
    ],
)
def test_an_hour_that_clocks_show_twice_is_told_apart(
    zone: str, paper: str, starts: tuple[int, int, int], ends: tuple[int, int, int], told: str
) -> None:
    """Else a pass of an hour would seem to work for none, or for two."""
    month = 4 if zone.startswith("Australia") else 10
    moments = [datetime(2027 if month == 4 else 2026, month, *one, tzinfo=UTC) for one in (starts, ends)]
    words = period_in_words(*moments, ZoneInfo(zone), "en", paper)
    assert told in words.replace("\u00a0", " ")
