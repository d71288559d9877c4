"""From when until when a pass works, in words of a language and in local time."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from bulktap.model.repeated_hours import which_of_two
from bulktap.results.handout.languages import texts_of

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bulktap.results.handout.languages import LanguageTexts


@lru_cache(maxsize=1024)
def period_in_words(starts: datetime, ends: datetime, zone: ZoneInfo, language: str, paper: str) -> str:
    """Return "Works on Monday 31 August 2026 from 08:00 to 16:00 (time zone Europe/Berlin)", as the language has it."""
    texts = texts_of(language)
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    form = "one_day" if first.date() == last.date() else "two_days"
    period = texts.period[form].format(
        date=_date(first, texts, paper),
        start=_time(first, zone, texts, paper),
        last_date=_date(last, texts, paper),
        end=_time(last, zone, texts, paper),
    )
    return f"{period} ({texts.period['zone'].format(zone=_unbroken(zone.key.replace('_', ' ')))})"


def _date(moment: datetime, texts: LanguageTexts, paper: str) -> str:
    return texts.dates[paper]["date"].format(
        weekday=texts.weekdays[moment.weekday()],
        day=moment.day,
        month=texts.months[moment.month - 1],
        year=moment.year,
    )


def _time(moment: datetime, zone: ZoneInfo, texts: LanguageTexts, paper: str) -> str:
    which = _unbroken(which_of_two(moment, zone))
    if texts.dates[paper]["clock"] == "24":
        return f"{moment:%H:%M}{which}"
    return f"{moment.hour % 12 or 12}:{moment:%M}\u00a0{'AM' if moment.hour < 12 else 'PM'}{which}"


def _unbroken(name: str) -> str:
    return name.replace("/", "/\u2060").replace(" ", "\u00a0")
