"""Text → date, in the forms in which people and programs write dates. Pure.

Whether 02/03 is February or March is settled by the whole column (`settle_date_order`), never by one cell.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.late_patterns import LatePattern
from bulktap.model.questions import Choice, Question
from bulktap.model.setting_names import Setting
from bulktap.roster.reading_words import DateOrder
from bulktap.roster.rows.weekdays import WeekdayError, before_date, behind_date
from bulktap.roster.samples import sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bulktap.model.plan import CellValue

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar januari janvier enero ene gennaio gen janeiro",
            "feb february februar februari février févr fev febrero febbraio fevereiro",
            "mar march märz maerz mrt maart mars marzo março",
            "apr april avr avril abr abril aprile",
            "may mai mei mayo maggio mag maio",
            "jun june juni juin junio giugno giu junho",
            "jul july juli juil juillet julio luglio lug julho",
            "aug august augustus août aout ago agosto",
            "sep sept september septembre septiembre settembre set setembro",
            "oct october okt oktober octobre octubre ottobre ott out outubro",
            "nov november novembre noviembre novembro",
            "dec december dez dezember déc décembre dic diciembre dicembre dezembro",
        ),
        1,
    )
    for name in names.split()
}
ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)  # fmt: skip - strftime would follow the machine's language
_YEAR_FIRST = LatePattern(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_KANJI = LatePattern(r"(\d{4})年\s*(\d{1,2})月\s*(\d{1,2})日")
_DOTTED = LatePattern(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?!\d)")
_SLASHED = LatePattern(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_DAY_MONTH = LatePattern(
    r"(\d{1,2})(?:\.|st|nd|rd|th|er|º)?[\s-]*(?:(?:de|of)\s+)?([^\W\d_]+)\.?,?[\s-]*(?:del?\s+)?(\d{4}|\d{2})(?!\d)"
)
_MONTH_DAY = LatePattern(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_HALF_BEFORE = LatePattern(
    r"(午前|午後|上午|下午|오전|오후)\s*(\d{1,2}(?:(?:[:.]|時|点|시)\s?\d{0,2}\s?[分분]?(?::\d{2})?)?)"
)
_HALF_BEHIND = LatePattern(r"(?<=[\d\s])([ap])\.?\s?m\.?(?=\s|\Z)", re.IGNORECASE)
_AFTERNOONS = frozenset({"午後", "下午", "오후"})


class _Written(NamedTuple):
    """A date as it is written."""

    day: date
    rest: str
    """What follows it."""
    before: frozenset[int]
    """Which weekday stands before it; none if none does."""
    behind: frozenset[int]

    @property
    def fits(self) -> bool:
        """True if the date lies on the weekday that is written beside it, if one is."""
        return all(self.day.weekday() in one for one in (self.before, self.behind) if one)


class UnsettledOrderError(ValueError):
    """A column's dates can be read day first or month first; the text is one of them."""


class AmbiguousDateError(ValueError):
    """Day or month first: the text alone does not say."""


def settle_date_order(cells: Iterable[CellValue]) -> DateOrder | None:
    """Return the order of a column's dates; None where it has no ambiguous date, or contradicts itself.

    Raises:
        UnsettledOrderError: it has ambiguous dates and nothing that tells how to read them.
    """
    orders: set[DateOrder] = set()
    ambiguous: list[str] = []
    real_dates = False
    for cell in dict.fromkeys(cells):  # most dates of a column are those of many rows
        real_dates = real_dates or isinstance(cell, date)
        if isinstance(cell, str) and (found := _slashed(cell)) is not None:
            first, second = int(found[1]), int(found[3])
            if first > 12 >= second:
                orders.add(DateOrder.DMY)
            elif second > 12 >= first:
                orders.add(DateOrder.MDY)
            elif first != second and _both_months(found) and _year(found[4]):
                fitting = _orders_of_weekday(cell.strip())
                orders.update(fitting or ())
                ambiguous += [cell.strip()] if fitting is None else []
    if ambiguous and not orders and not real_dates:
        raise UnsettledOrderError(ambiguous[0])
    return orders.pop() if len(orders) == 1 else None


def month_number(name: str) -> int | None:
    """Return which month a word or its abbreviation names, in any of eight languages."""
    return _MONTHS.get(name.casefold())


def in_words(day: date) -> str:
    """Return a date that nobody reads in two ways: `4 March 2035`."""
    return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"


def order_settings(text: str) -> str:
    """Return the settings that settle a date of three numbers, each with the day that the date would be."""
    return " or ".join(f"{Setting.DATE_ORDER.to(order.value)} ({in_words(day)})" for order, day in _readings(text))


def order_question(text: str, place: str, heading: str, cells: Iterable[CellValue]) -> Question:
    """Return the question how a column's dates of three numbers are meant, with the day that the first would be."""
    return Question(
        Setting.DATE_ORDER,
        "date-order",
        f"{place}: {text} in column {heading} could begin with the day or with the month.",
        (f"{heading}: {sample(cells)}",),
        tuple(
            [
                Choice(order.value, f"{order.value}: {text} is {in_words(day)}", in_words(day))
                for order, day in _readings(text)
            ]
        ),
    )


def _readings(text: str) -> list[tuple[DateOrder, date]]:
    return [(order, _written(text, order).day) for order in (DateOrder.DMY, DateOrder.MDY)]


def _slashed(text: str) -> re.Match[str] | None:
    """Return the three numbers of a date, behind its weekday if it has one."""
    matches = (_SLASHED.match(body) for body, _ in _bodies(text.strip()))
    return next((found for found in matches if found is not None), None)


def _orders_of_weekday(text: str) -> set[DateOrder] | None:
    """Return the order in which a date of three numbers lies on the weekday beside it; None where none stands there."""
    written = {order: _written(text, order) for order in (DateOrder.DMY, DateOrder.MDY)}
    if not any(one.before or one.behind for one in written.values()):
        return None
    fitting = {order for order, one in written.items() if one.fits}
    return fitting if len(fitting) == 1 else set()


def _both_months(found: re.Match[str]) -> bool:
    return 1 <= int(found.group(1)) <= 12 and 1 <= int(found.group(3)) <= 12


def split_date(text: str, order: DateOrder | None) -> tuple[date, str]:
    """Return the date that a text begins with, and what follows it.

    Raises:
        AmbiguousDateError: day or month first, and no weekday beside it tells.
        WeekdayError: it lies on another weekday than the one beside it.
        ValueError: it does not begin with a date.
    """
    try:
        found = _written(text, order)
    except AmbiguousDateError:
        readings = [_written(text, one) for one in (DateOrder.DMY, DateOrder.MDY)]
        fitting = [one for one in readings if one.fits]
        if len(fitting) > 1:
            raise
        found = (fitting or readings)[0]
    if (found.before or found.behind) and not found.fits:
        raise WeekdayError(found.day, found.rest)
    return found.day, found.rest


def _written(text: str, order: DateOrder | None) -> _Written:
    for body, before in _bodies(text):
        for pattern in (_YEAR_FIRST, _KANJI, _DOTTED, _SLASHED, _DAY_MONTH, _MONTH_DAY):
            if (found := pattern.match(body)) is not None and (day := _date_of(pattern, found, order)) is not None:
                rest, behind = behind_date(body[found.end() :])
                return _Written(day, rest, before, behind)
    raise ValueError(text)


def _bodies(text: str) -> Iterator[tuple[str, frozenset[int]]]:
    """Yield a text, and without the weekday before its date: `mar` is March before it is a Tuesday."""
    yield text, frozenset()
    if text[:1].isalpha():
        yield before_date(text)


def _date_of(pattern: LatePattern, found: re.Match[str], order: DateOrder | None) -> date | None:
    """Return the date of a match; None when what should be a month is another word."""
    if pattern is _SLASHED:
        return _slashed_date(found, order)
    if pattern in {_DAY_MONTH, _MONTH_DAY}:
        day, month = (found[1], found[2]) if pattern is _DAY_MONTH else (found[2], found[1])
        number = _MONTHS.get(month.casefold())
        return None if number is None else date(_year(found[3]), number, int(day))
    numbers = found.groups() if pattern is not _YEAR_FIRST else (found[1], found[3], found[4])
    if pattern is _DOTTED and not (order is DateOrder.YMD and len(found[3]) == 2):
        numbers = numbers[::-1]
    return date(_year(numbers[0]), int(numbers[1]), int(numbers[2]))


def _slashed_date(found: re.Match[str], order: DateOrder | None) -> date:
    first, second, year = int(found[1]), int(found[3]), found[4]
    if order is DateOrder.YMD and len(year) == 2:
        return date(_year(found[1]), second, int(year))
    if order not in {DateOrder.DMY, DateOrder.MDY}:
        if first != second and _both_months(found):
            raise AmbiguousDateError
        order = DateOrder.DMY if first > 12 or first == second else DateOrder.MDY
    day, month = (first, second) if order is DateOrder.DMY else (second, first)
    return date(_year(year), month, day)


def _year(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)


def with_plain_clock(text: str) -> str:
    """Return a text with the halves of a day in it as am and pm behind the time: `8:30 a. m.`, `午後1時30分`."""
    if not text.isascii():
        text = _HALF_BEFORE.sub(lambda found: f"{found[2]} {'pm' if found[1] in _AFTERNOONS else 'am'}", text)
    return _HALF_BEHIND.sub(lambda found: f"{found[1].lower()}m", text)
