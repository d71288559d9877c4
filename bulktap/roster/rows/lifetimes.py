"""One cell → a lifetime in minutes: `480`, `8h`, `1 day 4 hours`, `PT8H`. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulktap.model.late_patterns import LatePattern
from bulktap.model.passes import MAX_LIFETIME_MINUTES, MIN_LIFETIME_MINUTES
from bulktap.model.row_error_catalogue import about_cells
from bulktap.roster.cell_values import Duration, as_text, excel_error, quoted

if TYPE_CHECKING:
    from bulktap.model.plan import CellValue
    from bulktap.model.row_errors import RowError

_UNITS = {
    1: "m min mins minute minutes minuten minuti minuto minutos minuut 分",
    60: "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur uren 時間",
    1440: "d day days t tag tage tagen jour jours día días dia dias giorno giorni dag dagen j g 日",
    10080: "w week weeks woche wochen semaine semaines semana semanas settimana settimane weken 週間",
}
_MINUTES_OF_UNIT = {word: minutes for minutes, words in _UNITS.items() for word in words.split()}
_NUMBER = r"\d+(?:[.,]\d+)?"
_BARE_NUMBER = LatePattern(rf"[+-]?{_NUMBER}\Z")
_PART = LatePattern(rf"\s*({_NUMBER})\s*([^\W\d_]+)\.?\s*(?:,|and|und|et|y|e|en)?\s*")
_ISO_DURATION = LatePattern(
    rf"P(?:({_NUMBER})W)?(?:({_NUMBER})D)?(?:T(?=\d)(?:({_NUMBER})H)?(?:({_NUMBER})M)?(?:({_NUMBER})S)?)?\Z",
    re.IGNORECASE,
)
_CLOCK = LatePattern(r"\d{1,3}:\d\d(?::\d\d)?\Z")
_LAST_HOUR = 24
_LONGEST_DURATION = 100  # characters of a duration in words
_BEYOND_COUNTING = 10**12  # minutes; stands for more of them, which no number may be large enough to hold
_THOUSANDS = LatePattern(r"[1-9]\d{0,2}[.,]\d{3}\Z")


def parse_lifetime_cell(cell: CellValue, minutes_per_unit: int = 1) -> int | RowError | None:
    """Return the minutes that a cell asks for; a number without a unit counts `minutes_per_unit` each."""
    if (fault := excel_error(cell)) is not None:
        return fault
    text = as_text(cell)
    if not text:
        return None
    try:
        if isinstance(cell, str):
            _refuse_thousands(text)
        minutes = _of_clock(text) if _is_duration(cell, text) else _minutes(text, minutes_per_unit)
    except ValueError as error:
        return about_cells.lifetime_malformed(str(error))
    if not MIN_LIFETIME_MINUTES <= minutes <= MAX_LIFETIME_MINUTES:
        sentence = _range_sentence(text, minutes)
        return about_cells.lifetime_out_of_range(sentence, MIN_LIFETIME_MINUTES, MAX_LIFETIME_MINUTES)
    return minutes


def _is_duration(cell: CellValue, text: str) -> bool:
    """Return true for hours and minutes that are no time of day: as a workbook keeps lengths of time, or over 24 h."""
    return _CLOCK.match(text) is not None and (isinstance(cell, Duration) or int(text.partition(":")[0]) > _LAST_HOUR)


def _of_clock(text: str) -> int:
    hours, minutes, seconds = (int(part) for part in f"{text}:0".split(":")[:3])
    if seconds:
        raise ValueError(about_cells.not_whole_minutes(quoted(text)))
    return 60 * hours + minutes


def parse_lifetime(text: str) -> int:
    """Return the minutes of an option's value: `8h`, `90m`, `1d`, `480`, `PT8H`; a bare number is minutes.

    Raises:
        ValueError: it is no duration, or outside 10 minutes to 30 days; the text is one sentence for the operator.
    """
    _refuse_thousands(as_text(text))
    minutes = _minutes(as_text(text), 1)
    if not MIN_LIFETIME_MINUTES <= minutes <= MAX_LIFETIME_MINUTES:
        raise ValueError(_range_sentence(text, minutes))
    return minutes


def _range_sentence(text: str, minutes: int) -> str:
    given = with_minutes(text, minutes) if abs(minutes) < _BEYOND_COUNTING else quoted(text)
    return about_cells.outside_every_range(given, minutes, MIN_LIFETIME_MINUTES, MAX_LIFETIME_MINUTES)


def with_minutes(text: str, minutes: int) -> str:
    """Return a lifetime as the cell has it, with the minutes that it means where they are not what it says."""
    part = _PART.fullmatch(text)
    says_minutes = _BARE_NUMBER.match(text) or (part is not None and _MINUTES_OF_UNIT.get(part[2].casefold()) == 1)
    number = re.match(r"[+-]?\d+", text)
    if says_minutes and number is not None and float(number.group()) == minutes:
        return quoted(text)
    return f"{quoted(text)} ({minutes:,} minutes)"


def _refuse_thousands(text: str) -> None:
    """Refuse typed digits in which a comma or point may be one of thousands or of a fraction: 30 minutes or 30,000."""
    if _THOUSANDS.match(text):
        plain = re.sub(r"[.,]", "", text)
        raise ValueError(about_cells.thousands_or_fraction(quoted(text), plain))


def _minutes(text: str, minutes_per_unit: int) -> int:
    if _CLOCK.match(text):
        hours, rest = (int(part) for part in text.split(":")[:2])
        meant = f"{hours} h" if not rest else f"{60 * hours + rest:,} minutes"
        raise ValueError(about_cells.time_or_duration(quoted(text), meant))
    if _BARE_NUMBER.match(text):
        minutes = float(text.replace(",", ".")) * minutes_per_unit
    elif (iso := _ISO_DURATION.match(text)) is not None and any(iso.groups()):
        per_unit = (10080, 1440, 60, 1, 1 / 60)
        minutes = sum(
            float(part.replace(",", ".")) * each for part, each in zip(iso.groups(), per_unit, strict=True) if part
        )
    else:
        minutes = _worded_minutes(text)
    minutes = max(-_BEYOND_COUNTING, min(minutes, _BEYOND_COUNTING))
    if abs(minutes - round(minutes)) > 1e-9:
        raise ValueError(about_cells.not_whole_minutes(quoted(text)))
    return round(minutes)


def _worded_minutes(text: str) -> float:
    minutes, position, units = 0.0, 0, []
    while position < len(text) and len(text) <= _LONGEST_DURATION:
        part = _PART.match(text, position)
        each = _MINUTES_OF_UNIT.get(part.group(2).casefold()) if part is not None else None
        if part is None or each is None or each in units:
            raise ValueError(about_cells.not_a_duration(quoted(text)))
        minutes += float(part.group(1).replace(",", ".")) * each
        units.append(each)
        position = part.end()
    if not units:
        raise ValueError(about_cells.not_a_duration(quoted(text)))
    return minutes
