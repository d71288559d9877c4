"""The words of reading options; apart from these, so that help of a command does not load what a plan is."""

from __future__ import annotations

from enum import StrEnum


class HiddenRows(StrEnum):
    """What to do about rows that the spreadsheet program does not show."""

    INCLUDE = "include"
    SKIP = "skip"


class DateOrder(StrEnum):
    """In which order a date of three numbers is written; the last two are of dates that a program has read already."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"
    SWAPPED = "swapped"
    """A program has exchanged their day and month, and they are exchanged back."""
    AS_IS = "as-is"
    """They stand as they are meant."""

    @property
    def of_texts(self) -> DateOrder | None:
        """The order of dates that are texts; None where the column has to tell."""
        return None if self in {DateOrder.SWAPPED, DateOrder.AS_IS} else self
