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
