"""A day in one column and a time of day in another: which columns are such a pair, and what they say together. Pure."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time
from enum import Enum, auto
from typing import TYPE_CHECKING

from bulktap.model.late_patterns import LatePattern
from bulktap.roster.cell_values import as_text, word_set
from bulktap.roster.columns.headings import normalise, squeeze
from bulktap.roster.reading_words import DateOrder
from bulktap.roster.rows.clock_words import HOURS, OFFSET, TIME_PREPOSITIONS
from bulktap.roster.rows.dates import AmbiguousDateError, split_date, with_plain_clock
from bulktap.roster.rows.weekdays import WeekdayError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulktap.model.plan import CellValue
    from bulktap.roster.model import Roster

_CLOCK = LatePattern(
    rf"(?:(?:{TIME_PREPOSITIONS})\s+)?(\d{{1,2}})(?:[:.]|\s?(?:{HOURS})\s?)([0-5]\d)?分?(?::([0-5]\d)(?:[.,]\d+)?)?"
    rf"\s*+(am|pm|a\.m\.|p\.m\.|(?:{HOURS})\.?)?\s*{OFFSET}\Z",
    re.IGNORECASE,
)
_HOUR = LatePattern(rf"(?:(?:{TIME_PREPOSITIONS})\s+)?(\d{{1,2}})\s*(am|pm|a\.m\.|p\.m\.|{HOURS})\Z", re.IGNORECASE)
_SPAN = LatePattern(
    r"(?:[^\W\d_]{1,20}\.?(?:\s?\d{1,2})?[:,.)]?\s+)?(\d[^-–—−~〜～]{0,15}?)"
    r"(?:\s*[-–—−~〜～]\s*|\s+(?:to|until|till|bis|à|a|al|alle|tot|até|às|hasta)\s+|から)(\d.{0,25})\Z",
    re.IGNORECASE,
)
"""From a time to a time, perhaps behind the name of a slot: `08:00-09:00`, `Slot 3: 8:00 to 9:00`, `8–9 Uhr`."""
_OFFSET_BEHIND = LatePattern(r"-\d{2}(?::?\d{2})?\Z")
_HALVES = ("am", "pm")
_LONGEST_SPAN = 60  # characters
_TIME_WORDS = word_set(
    "time uhrzeit zeit heure hora ora orario tijd tijdstip hour slot klokslag 時刻 時間"
    " klokkeslett klokkeslæt klockslag tid kellonaika klo aika godzina czas čas hodina idő időpont saat ώρα время"
    " 时间 시간 zeitfenster créneau creneau franja horario horário fascia tijdslot tijdvak timeslot"
)
_FROM = word_set("from von ab vanaf van desde de dès da dalle partir fra från od alkaen から")
"""A heading that is nothing else stands above the time from which, beside one of days."""
_TIME_ENDINGS = ("zeit", "tijd", "時刻", "時間", "uhr")
_DATE_WORDS = word_set(
    "date datum day tag jour fecha día data dia giorno dag datums 日付 日"
    " dato päivä päivämäärä dzień dátum den nap dátuma tarih gün ημερομηνία дата день 日期 날짜"
)
_END_WORDS = word_set(
    "end ends ende endzeit eindtijd einde fin fim fine fino until till bis tot hasta até jusqu expiry expires"
    " expiration expira expire caduca caducidad ablauf vervaldatum scade scadenza slut slutt koniec zakończenia konec"
    " konce vége loppu bitiş τέλος конец окончания 结束 종료"
)
_END_STEMS = ("end", "eind", "ablauf", "slut", "終了", "结束", "종료")
"""How one word for the time of an end begins: `Enduhrzeit`, `終了時間`."""
_OTHER_TIMES = word_set(
    "zone timezone zeitzone last login created modified updated birth lesson break pause submitted completion completed"
    " arrival departure duration lead response event"
)
_GLANCED_AT = 30  # cells
_LOOKED_AT = 500  # cells, spread over the column


class Clock(Enum):
    """What the cells of a column say of a moment."""

    DAY = auto()
    TIME = auto()
    BOTH = auto()
    NEITHER = auto()


def kind_of(roster: Roster, column: int) -> Clock:
    """Return what most filled cells of a column say of a moment."""
    cells = [cell for row in roster.rows if (cell := row.cells[column]) is not None]
    found = [_kind(cell) for cell in cells[:: len(cells) // _LOOKED_AT + 1] if as_text(cell)]
    for kind in (Clock.TIME, Clock.DAY, Clock.BOTH):
        if found and found.count(kind) * 5 >= len(found) * 4:
            return kind
    return Clock.BOTH if Clock.BOTH in found else Clock.NEITHER


def may_hold_days(roster: Roster, column: int) -> bool:
    """Return true if a few cells of a column, spread over it, name days: a quick look."""
    spread = (row.cells[column] for row in roster.rows[:: len(roster.rows) // _GLANCED_AT + 1])
    return any(_kind(cell) in {Clock.DAY, Clock.BOTH} for cell in spread if cell is not None)


def _kind(cell: CellValue) -> Clock:
    if isinstance(cell, datetime):
        return Clock.DAY if cell.time() == time() else Clock.TIME if cell.year <= 1900 else Clock.BOTH
    if isinstance(cell, date):
        return Clock.DAY
    if time_of_day(cell) is not None:
        return Clock.TIME
    if not isinstance(cell, str):
        return Clock.NEITHER
    try:
        _, rest = split_date(as_text(cell), None)
    except AmbiguousDateError:
        rest = as_text(cell).removeprefix(as_text(day_of(cell)))
    except WeekdayError as wrong:
        rest = wrong.rest  # a fault of its row, and a day all the same
    except ValueError:
        return Clock.NEITHER
    return Clock.BOTH if rest.strip() else Clock.DAY


def time_of_day(cell: CellValue, *, last: bool = False) -> str | None:
    """Return the time of day that a cell holds, as a text that follows a date; None if it holds none.

    Of a span of time it is the beginning, or the end where `last` is true.
    """
    if isinstance(cell, time):
        return f"{cell:%H:%M:%S}"
    if isinstance(cell, datetime):
        return f"{cell:%H:%M:%S}" if cell.year <= 1900 else None
    if not isinstance(cell, str):
        return None
    text = with_plain_clock(as_text(cell))
    if (span := _span(text)) is not None:
        return span[1] if last else span[0]
    return _clock(text)


def is_span(cell: CellValue) -> bool:
    """Return true if a cell holds a span of time."""
    return isinstance(cell, str) and _span(with_plain_clock(as_text(cell))) is not None


def _clock(text: str) -> str | None:
    if (found := _HOUR.match(text)) is not None:
        half = found[2] if found[2][0] in "apAP" else ""
        text = f"{found[1]}:00 {half}".strip()
    elif (found := _CLOCK.match(text)) is None or int(found[1]) > 23:
        return None
    return text


def _span(text: str) -> tuple[str, str] | None:
    """Return when a span of time begins and ends; None if a text is none.

    `08:00-03:00` is a time with its offset from UTC, as its end would lie before its beginning.
    """
    if text.replace(":", "").isdecimal():  # as nearly all times of day
        return None
    if len(text) > _LONGEST_SPAN or (found := _SPAN.match(text)) is None or (end := _clock(found[2])) is None:
        return None
    half = next((one for one in _HALVES if one in end.casefold()), "")
    first = found[1].strip()
    begin = _clock(f"{first}:00" if first.isdecimal() else first)
    if begin is None:
        return None
    if half and not any(one in begin.casefold() for one in _HALVES):
        other = _HALVES[half == _HALVES[0]]
        begin = f"{begin} {half}" if _minutes(f"{begin} {half}") < _minutes(end) else f"{begin} {other}"
    if _minutes(begin) >= _minutes(end) and _OFFSET_BEHIND.search(text):
        return None
    zone = _CLOCK.match(end)
    return (f"{begin} {zone[5]}" if zone is not None and zone[5] else begin), end


def _minutes(clock: str) -> int:
    """Return the minutes of a time of day since midnight."""
    found = _CLOCK.match(clock)
    if found is None:
        return 0
    hours, half = int(found[1]), (found[4] or "").casefold()
    if half in _HALVES:
        hours = hours % 12 + 12 * _HALVES.index(half)
    return hours * 60 + int(found[2] or 0)


def joined(day: CellValue, clock: CellValue, *, last: bool = False) -> CellValue:
    """Return a day and a time of day as one cell would have them; one alone is as it stands."""
    if clock is None or not as_text(clock):
        return day
    if day is None or not as_text(day):
        return as_text(clock)
    if isinstance(day, date):  # a datetime is a date, too
        written = day if isinstance(day, datetime) else datetime.combine(day, time())
        if written.time() != time():
            return day
        day = f"{written:%Y-%m-%d}"
    found = time_of_day(clock, last=last)
    return f"{as_text(day)} {as_text(clock) if found is None else found}"


def day_of(cell: CellValue) -> CellValue:
    """Return the day of a cell without the time of day that may stand behind it."""
    if isinstance(cell, datetime):
        return cell.date()
    if not isinstance(cell, str):
        return cell
    text = as_text(cell)
    for order in (DateOrder.DMY, DateOrder.MDY):  # either tells how much of it is the date
        with suppress(ValueError):
            _, rest = split_date(text, order)
            return text[: len(text) - len(rest)]
    return cell


def speaks_of_a_time(heading: str) -> bool:
    """Return true if a heading says that a time of day stands below it, and neither an end's nor something else's."""
    return not _speaks_of_an_end(heading) and (_speaks_of_any_time(heading) or squeeze(heading) in _FROM)


def speaks_of_an_end_time(heading: str) -> bool:
    """Return true if a heading says that the time of day at which something ends stands below it."""
    return _speaks_of_an_end(heading) and _speaks_of_any_time(heading)


def _speaks_of_an_end(heading: str) -> bool:
    words = set(normalise(heading).replace("'", " ").split())
    return not words.isdisjoint(_END_WORDS) or squeeze(heading).startswith(_END_STEMS)


def _speaks_of_any_time(heading: str) -> bool:
    words = set(normalise(heading).split())
    if not words.isdisjoint(_OTHER_TIMES):
        return False
    return not words.isdisjoint(_TIME_WORDS) or squeeze(heading).endswith(_TIME_ENDINGS)


def is_time(heading: str) -> bool:
    """Return true if a heading is nothing but a word for a time of day, or for that from which."""
    return squeeze(heading) in _TIME_WORDS or squeeze(heading) in _FROM


def is_day(heading: str) -> bool:
    """Return true if a heading is nothing but a word for a day."""
    return squeeze(heading) in _DATE_WORDS


def columns_of(roster: Roster, taken: Sequence[int], kind: Clock, says: Callable[[str], bool]) -> list[int]:
    """Return the columns, other than some, whose heading says something and whose cells are of a kind."""
    return [
        column
        for column, heading in enumerate(roster.headings)
        if column not in taken and heading and says(heading) and kind_of(roster, column) is kind
    ]
