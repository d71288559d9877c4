"""Dates whose day and month a spreadsheet may have exchanged as it opened a file of another country. Pure.

A program set to month first makes 9 October of `10/09/2035` that was 10 September, and leaves `13/09/2035` as a text,
because there is no thirteenth month. So a column in which dates that a program understood (none of whose days is over
12) stand among such texts may be wrong in every one of them, and nothing in the file tells.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.late_patterns import LatePattern
from bulktap.model.plain_text import in_number
from bulktap.model.questions import Choice, Question
from bulktap.model.setting_names import Setting
from bulktap.roster.cell_values import quoted
from bulktap.roster.reading_words import DateOrder
from bulktap.roster.rows.dates import ENGLISH_MONTHS, in_words, month_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.plan import CellValue, RosterRow

_MONTHS_OF_A_YEAR, _LONGEST_MONTH = 12, 31
_NUMBERS = LatePattern(r"\s*(\d{1,2})([/.-])\s?(\d{1,2})\2\s?(?:\d{4}|\d{2})(?!\d)")
_UNDERSTOOD = LatePattern(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_UNDERSTOOD_MONTH = LatePattern(r"\s*(\d{1,2})-([^\W\d_]{3,4})\.?-(\d{4}|\d{2})(?!\d)")
"""How spreadsheets save dates that they understood as text: `2035-10-09`, `9-Oct-35`."""
_FEWEST_IN_MONTHS = 3
_MOST_MONTHS = 6


class _Suspect(NamedTuple):
    """A row whose date may be another one."""

    row: RosterRow
    stands: date
    swapped: date


def swapped_back(cell: CellValue) -> CellValue:
    """Return a cell with day and month exchanged, where it holds a date that a program understood and both can be."""
    day = _understood(cell)
    if day is None or day.day > _MONTHS_OF_A_YEAR:
        return cell
    other = day.replace(month=day.day, day=day.month)
    if isinstance(cell, date):  # a datetime is a date, too
        return cell.replace(month=other.month, day=other.day)
    text = str(cell)
    found = _UNDERSTOOD.match(text) or _UNDERSTOOD_MONTH.match(text)
    return f"{other:%Y-%m-%d}{text[found.end() :]}" if found is not None else cell


def swap_question(rows: Sequence[RosterRow], column: int, place: str, heading: str) -> Question | None:
    """Return the question whether dates of a column were swapped as a program opened it; None if nothing speaks for it.

    It names both readings of the first such date.
    """
    left = {cell for cell in {row.cells[column] for row in rows} if _left_as_text(cell)}
    unread = next((row for row in rows if row.cells[column] in left), None) if left else None
    suspects = [] if unread is None else _suspects(rows, column)
    if unread is not None and "." in str(unread.cells[column]):
        # Only the cells of a workbook say that a program understood them; and with points the day is first everywhere.
        suspects = [suspect for suspect in suspects if isinstance(suspect.row.cells[column], date)]
    if unread is None or not suspects:
        return None
    first = suspects[0]
    text = str(unread.cells[column]).strip()
    count = in_number(len(suspects), "date of it may", "dates of it may")
    told = (
        f"{place}: column {heading} holds dates that a program has read, such as {in_words(first.stands)} in row "
        f"{first.row.number}, among texts that it could not read, such as {quoted(text)} in row {unread.number}; "
        f"{count} have day and month exchanged."
    )
    lines = [
        f"row {row.number}: {in_words(stands)} as it stands, {in_words(swapped)} if it was exchanged"
        for row, stands, swapped in suspects[:3]
    ]
    choices = tuple(
        [
            Choice(
                order.value, f"{order.value}: {what}, so that row {first.row.number} is {in_words(day)}", in_words(day)
            )
            for order, what, day in (
                (DateOrder.SWAPPED, "exchange them back", first.swapped),
                (DateOrder.AS_IS, "take them as they stand", first.stands),
            )
        ]
    )
    remedy = "Or write every date of the column as 2035-09-13."
    return Question(Setting.DATE_ORDER, "date-order", told, tuple(lines), choices, remedy=remedy)


def months_note(rows: Sequence[RosterRow], column: int, heading: str) -> str | None:
    """Return which months a column of dates lies in, where each could be exchanged with its day; None otherwise.

    Where the months differ more than the days do, the column may have been exchanged as a whole: who knows the months
    sees it.
    """
    days: list[date] = []
    for row in rows:
        if (day := _understood(row.cells[column])) is not None:
            if day.day > _MONTHS_OF_A_YEAR:
                return None  # of most columns one of the first dates
            days.append(day)
    months = Counter((day.year, day.month) for day in days)
    if len(days) < _FEWEST_IN_MONTHS:
        return None
    if len({month for _, month in months}) <= len({day.day for day in days}):
        return None  # exchanged, they would lie further apart
    listed = [f"{ENGLISH_MONTHS[month - 1]} {year} ({count})" for (year, month), count in sorted(months.items())]
    shown = ", ".join(listed[:_MOST_MONTHS]) + (", …" if len(listed) > _MOST_MONTHS else "")
    back = Setting.DATE_ORDER.to(DateOrder.SWAPPED.value)
    return (
        f"The dates of column {heading} lie in {shown}, none after the 12th; if a program has exchanged day and month, "
        f"{back} exchanges them back."
    )


def _understood(cell: CellValue) -> date | None:
    """Return the date of a cell that a program has read as one; None if it holds none."""
    if isinstance(cell, date):
        return cell if type(cell) is date else date(cell.year, cell.month, cell.day)
    if not isinstance(cell, str) or "-" not in cell:
        return None
    try:
        if (found := _UNDERSTOOD.match(cell)) is not None:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if (found := _UNDERSTOOD_MONTH.match(cell)) is not None and (month := month_number(found[2])) is not None:
            return date(int(found[3]) + (2000 if len(found[3]) == 2 else 0), month, int(found[1]))
    except ValueError:
        pass
    return None


def _left_as_text(cell: CellValue) -> bool:
    """Return true for a date of numbers that one order of day and month cannot read, because one of them is over 12."""
    if not isinstance(cell, str) or (found := _NUMBERS.match(cell)) is None:
        return False
    first, second = int(found[1]), int(found[3])
    return (
        (first > _MONTHS_OF_A_YEAR) != (second > _MONTHS_OF_A_YEAR)
        and min(first, second) >= 1
        and max(first, second) <= 31
    )


def _suspects(rows: Sequence[RosterRow], column: int) -> list[_Suspect]:
    found = []
    for row in rows:
        day = _understood(row.cells[column])
        if day is not None and day.day <= _MONTHS_OF_A_YEAR and day.day != day.month:
            found.append(_Suspect(row, day, day.replace(month=day.day, day=day.month)))
    return found
