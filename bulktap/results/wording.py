"""The words in which reports for people say actions, endings, kinds of problem and lengths of time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bulktap.model.plain_text import in_number
from bulktap.model.plan import Action
from bulktap.results.row_results import RowResult

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Words:
    """How reports name one kind of row."""

    word: str
    """In a cell."""
    label: str
    """Before a count."""

    @property
    def within(self) -> str:
        """The label after a count, or within a sentence."""
        return self.label[0].lower() + self.label[1:]


ACTION_WORDS: Mapping[Action, Words] = {
    Action.ISSUE: Words("Issue", "Will be issued"),
    Action.REPLACE: Words("Replace", "Will replace a pass that works"),
    Action.MERGE: Words("Share", "Share another row's pass"),
    Action.SKIP: Words("Skip", "Will be skipped"),
    Action.REFUSE: Words("Refuse", "Will be refused"),
}

RESULT_WORDS: Mapping[RowResult, Words] = {
    RowResult.ISSUED: Words("Issued", "Issued"),
    RowResult.REPLACED: Words("Replaced", "Issued in place of a pass that worked"),
    RowResult.MERGED: Words("Shared", "Share another row's pass"),
    RowResult.SKIPPED: Words("Skipped", "Skipped"),
    RowResult.INVALID: Words("Invalid", "Invalid"),
    RowResult.REFUSED: Words("Refused", "Refused by the service"),
    RowResult.IN_DOUBT: Words("In doubt", "In doubt"),
    RowResult.NOT_SENT: Words("Not sent", "Not sent"),
}


_MISLEADING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Characters that nothing can show, and those that turn the text after them round: a name made with them would show
something else than it says. Names in scripts written from right to left do without."""


def legible(text: str) -> str:
    """Return the text with a visible mark for each character that cannot be shown or would mislead."""
    return text if text.isprintable() else _MISLEADING.sub("\ufffd", text)  # none of them is printable


def counted(number: int, one: str, several: str | None = None) -> str:
    """Return a number with its noun: `1 pass`, `1,200 passes`."""
    return in_number(number, one, several or f"{one}s")


def lasting(seconds: float) -> str:
    """Return how long something takes, as a person says it: `8 seconds`, `2 h 13 min`, `3 d 4 h`."""
    if 0 < seconds < 1:
        return "less than a second"
    whole = round(seconds)
    if whole < 90:
        return counted(whole, "second")
    minutes = round(whole / 60)
    if minutes < 90:
        return counted(minutes, "minute")
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else counted(hours, "hour")
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else counted(days, "day")


def between(low: float, high: float) -> str:
    """Return a range of lengths of time; one length where both ends read the same."""
    first, last = lasting(low), lasting(high)
    return first if first == last else f"{first} to {last}"


@cache
def lifetime(minutes: int) -> str:
    """Return a pass's lifetime, exactly: `45 min`, `8 h`, `1 d 12 h`."""
    days, rest = divmod(minutes, 1_440)
    hours, minutes = divmod(rest, 60)
    parts = ((days, "d"), (hours, "h"), (minutes, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 min"


def yes_no(truth: bool | None, default: str = "") -> str:
    """Return the word for a choice, or for its absence."""
    return default if truth is None else ("Yes" if truth else "No")


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment to the minute, as the zone's clocks show it."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
