"""What a value becomes in a cell, and what a sheet may be called."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from bulktap.results.sheets.layout import Cell

_MAX_TEXT = 32_767  # UTF-16 units in a cell (Excel specifications and limits)
_MAX_NAME = 31  # and in the name of a sheet
_CUT_MARK = "… (cut)"
EXACT_BELOW = 10**15  # Excel shows 15 digits of a number and forgets the rest
_FIRST_DATE = date(1900, 3, 1)  # Excel believes in 29 February 1900, so earlier days are numbered differently
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, section 2.2


def cell_text(text: str) -> str:
    """Return the text as a cell can hold it.

    Characters that XML has no way to write become U+FFFD, and what is too long for a cell is visibly cut.
    """
    text = _ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > _MAX_TEXT // 2 and _units(text) > _MAX_TEXT:
        text = _cut(text, _MAX_TEXT - len(_CUT_MARK)) + _CUT_MARK
    return text


def storable(value: Cell) -> str | int | float | datetime | date | time | None:
    """Return the value as a cell can store it without changing it; what no cell can store becomes text.

    Moments lose their zone and what is below a second. A secret is revealed: the workbook is where it goes.
    """
    match value:
        case None | str() | bool():
            return value
        case Secret():
            return value.reveal()
        case int() | float():
            return value if abs(value) < EXACT_BELOW else str(value)  # false for infinity and "not a number" too
        case time():
            return value.replace(tzinfo=None, microsecond=0)
        case _:
            return _storable_date(value)


def _storable_date(value: datetime | date) -> datetime | date | str:
    if isinstance(value, datetime):
        moment = value.replace(tzinfo=None, microsecond=0)
        return moment if moment.date() >= _FIRST_DATE else moment.isoformat(" ")
    return value if value >= _FIRST_DATE else value.isoformat()


def date_format(moment: datetime | date | time) -> str:
    """Return the number format in which a cell shows such a moment; the same in every language."""
    match moment:
        case datetime():
            return "yyyy-mm-dd hh:mm"
        case date():
            return "yyyy-mm-dd"
        case time():
            return "hh:mm:ss" if moment.second else "hh:mm"


def sheet_name(text: str | None, default: str) -> str:
    """Return the text as Excel allows a sheet to be named, or the default if nothing is left of it."""
    name = re.sub(r"[\[\]:*?/\\]", "", _ILLEGAL.sub("", text or ""))
    name = _cut(name.strip("' "), _MAX_NAME).strip("' ")
    return default if not name or name.casefold() == "history" else name  # Excel keeps "History" for itself


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
