"""One cell → one moment: dates and times as spreadsheets and people write them, read in one time zone. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.late_patterns import LatePattern
from bulktap.model.row_error_catalogue import about_cells
from bulktap.model.row_errors import RowError
from bulktap.roster.cell_values import as_text, excel_error, quoted
from bulktap.roster.reading_words import DateOrder
from bulktap.roster.rows.clock_words import HOURS, OFFSET, TIME_PREPOSITIONS
from bulktap.roster.rows.dates import AmbiguousDateError, in_words, order_settings, split_date, with_plain_clock
from bulktap.roster.rows.weekdays import ENGLISH, WeekdayError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bulktap.model.plan import CellValue

_TIME = LatePattern(
    rf"[T\s,]*(?:(?:{TIME_PREPOSITIONS})\s+)?(\d{{1,2}})"
    rf"(?:[:.]|\s?(?:{HOURS})\s?|(?=\s?[ap]m\b))(\d{{2}})?分?(?::(\d{{2}})(?:[.,]\d+)?)?"
    rf"\s*+(am|pm|a\.m\.|p\.m\.|(?:{HOURS})\.?)?\s*+{OFFSET}\s*\Z",
    re.IGNORECASE,
)
_OFFSET_PARTS = LatePattern(r"([+−-])(\d{1,2}):?(\d{2})?\Z")
_NULL_DATE = LatePattern(r"0{1,2}([/.-])0{1,2}\1(?:0{4}|0)\Z")
_TIME_ONLY = LatePattern(r"\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\Z", re.IGNORECASE)
_YEARS = range(1901, 3000)
_FARTHEST_OFFSET = timedelta(hours=14)  # of Kiribati; no place has a larger one on either side
_LONGEST = 100  # characters of a date and time in words


class ParsedStart(NamedTuple):
    """When a pass is to become usable."""

    moment: datetime
    """Aware, in UTC."""
    date_only: bool = False
    """True if the cell has no time of day, so that midnight was meant."""
    zoned: bool = False
    """True if the cell names its own offset from UTC."""


def parse_start_cell(cell: CellValue, zone: ZoneInfo, order: DateOrder | None) -> ParsedStart | RowError | None:
    """Return the moment that a cell names; a time without an offset is local to `zone`."""
    if (fault := excel_error(cell)) is not None:
        return fault
    match cell:
        case None:
            return None
        case datetime():
            # A spreadsheet keeps a date as the midnight at which it begins; nothing tells it from one that was typed.
            return _localised(cell, zone, str(cell), date_only=cell.time() == time())
        case date():
            return _localised(datetime.combine(cell, time()), zone, str(cell), date_only=True)
        case str():
            text = as_text(cell)
            return _parse_text(text, zone, order) if text and not _NULL_DATE.match(text) else _null(text)
        case _:
            return _not_a_date(as_text(cell))


def parse_start(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the moment of an option's value, aware, in UTC: `2035-09-01 08:00`, `2035-09-01T08:00Z`, `now`.

    Raises:
        ValueError: it names no moment, two moments, or one that is over; the text is one sentence for the operator.
    """
    if text.strip().casefold() == "now":
        return now.astimezone(UTC)
    found = parse_start_cell(text, zone, None)
    if found is None:
        raise ValueError("A start needs a date and a time, such as 2035-09-01 08:00.")
    if isinstance(found, RowError):
        raise ValueError(found.message)
    if found.moment < now:
        raise ValueError(f"The start {text.strip()} has passed.")
    return found.moment


def judge_start(found: ParsedStart, lifetime: int | None, now: datetime, zone: ZoneInfo) -> datetime | RowError:
    """Return the start, or what is to be said about one that has come.

    A pass whose lifetime is not over yet starts now and keeps its lifetime; a date without a time that is today means
    now as well. Both are warnings. A start that is over refuses the row.
    """
    if found.moment >= now:
        return found.moment
    local = f"{found.moment.astimezone(zone):%Y-%m-%d %H:%M}"
    if found.date_only and found.moment.astimezone(zone).date() == now.astimezone(zone).date():
        return about_cells.start_today()
    if lifetime is not None and found.moment + timedelta(minutes=lifetime) > now:
        return about_cells.start_just_passed(local)
    return about_cells.start_in_past(local)


def _null(text: str) -> RowError | None:
    """Judge an empty date; `0/0/0` is how PowerSchool writes one."""
    return None if text in {"", "0/0/0"} else _not_a_date(text)


def _not_a_date(text: str) -> RowError:
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", text):
        return about_cells.serial_number(quoted(text))
    if _TIME_ONLY.match(text):
        return about_cells.time_without_date(quoted(text))
    return about_cells.not_a_start(quoted(text))


def _parse_text(text: str, zone: ZoneInfo, order: DateOrder | None) -> ParsedStart | RowError:
    try:
        day, rest = split_date(with_plain_clock(text[:_LONGEST]), order)
        clock = _TIME.match(rest)
        if clock is None and rest.strip():
            return _not_a_date(text)
        moment = datetime.combine(day, time() if clock is None else _clock_time(clock))
    except ValueError as wrong:
        return _misread(text, wrong)
    if moment.year not in _YEARS:
        return _not_a_date(text)
    if clock is not None and clock[5] is not None:
        return _with_offset(moment, clock, text)
    return _localised(moment, zone, text, date_only=clock is None)


def _misread(text: str, wrong: ValueError) -> RowError:
    """Return the fault of a text that is no date and time, or none by its weekday, or two."""
    match wrong:
        case AmbiguousDateError():
            return _ambiguous(text)
        case WeekdayError():
            return about_cells.other_weekday(quoted(text), in_words(wrong.day), ENGLISH[wrong.day.weekday()])
        case _:
            return _not_a_date(text)


def _ambiguous(text: str) -> RowError:
    """Return the fault of a date of three numbers, with each way to write it and the setting that settles it."""
    try:
        days = [split_date(with_plain_clock(text[:_LONGEST]), order) for order in (DateOrder.DMY, DateOrder.MDY)]
        clock = _TIME.match(days[0][1])
        if clock is None and days[0][1].strip():
            return _not_a_date(text)
        time_of_day = "" if clock is None else f" {_clock_time(clock):%H:%M}"
    except ValueError:
        return _not_a_date(text)
    written = " or ".join(f"{day:%Y-%m-%d}{time_of_day} for {in_words(day)}" for day, _ in days)
    return about_cells.ambiguous_start(quoted(text), written, order_settings(text))


def _clock_time(clock: re.Match[str]) -> time:
    hour, minute, second = int(clock[1]), int(clock[2] or 0), int(clock[3] or 0)
    half = (clock[4] or "").casefold().replace(".", "")
    if half in {"am", "pm"}:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute, second)


def _may_be_span(clock: re.Match[str], begins: time) -> bool:
    """Return true if what looks like an offset may be the time at which something ends: `08:00-08:30`."""
    told = clock[5]
    if not told.startswith("-") or ":" not in told or clock[0].startswith("T"):
        return False
    hours, minutes = (int(part) for part in told[1:].split(":"))
    return hours < 24 and minutes < 60 and time(hours, minutes) > begins


def _with_offset(local: datetime, clock: re.Match[str], text: str) -> ParsedStart | RowError:
    if _may_be_span(clock, local.time()):
        return about_cells.span_or_offset(quoted(text))
    if (offset := _offset(clock[5])) is None:
        return about_cells.impossible_offset(quoted(text))
    return ParsedStart((local - offset).replace(tzinfo=UTC), zoned=True)


def _offset(text: str) -> timedelta | None:
    """Return an offset from UTC; None if no clock on earth has it."""
    if (found := _OFFSET_PARTS.search(text)) is None:
        return timedelta()  # UTC itself
    hours, minutes = int(found[2]), int(found[3] or 0)
    offset = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or offset > _FARTHEST_OFFSET:
        return None
    return offset if found[1] == "+" else -offset


def _localised(local: datetime, zone: ZoneInfo, text: str, *, date_only: bool) -> ParsedStart | RowError:
    """Return the moment of a local time, which daylight saving may skip or repeat."""
    if local.year not in _YEARS:
        return _not_a_date(text)
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    moment = first.astimezone(UTC)
    if first.utcoffset() == second.utcoffset():
        return ParsedStart(moment, date_only)
    clock, day = f"{local:%H:%M}", f"{local:%Y-%m-%d}"
    if moment.astimezone(zone).replace(tzinfo=None) != local:
        return about_cells.nonexistent_start(clock, day, zone.key, f"{moment.astimezone(zone):%Y-%m-%d %H:%M}")
    both = (first.isoformat(" ", "minutes"), second.isoformat(" ", "minutes"))
    return about_cells.start_occurs_twice(clock, day, zone.key, both)
