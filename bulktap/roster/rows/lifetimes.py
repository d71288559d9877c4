"""One cell → one value: text, yes or no, lifetimes. Pure; users and start times have modules of their own.

Each function returns the value, None for an empty cell, or a `RowError` without a heading, which the caller adds.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from bulktap.model.passes import MAX_LIFETIME_MINUTES, MIN_LIFETIME_MINUTES
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.roster.columns.aliases import word_set

if TYPE_CHECKING:
    from bulktap.model.plan import CellValue

_SHOWN_CHARACTERS = 60
_EXCEL_ERROR = re.compile(
    r"#(?:N/[ABD]|NV|GETTING_DATA|[¡¿]?[^\W\d_]{2,20}(?:/0)?\s?[!?])\Z|Err:\d{3}\Z",  # the last one is LibreOffice's
    re.IGNORECASE,
)
_YES = word_set("yes y true 1 x $true ja j wahr oui o vrai sí si s verdadero waar sim verdadeiro sì vero はい")
_NO = word_set("no n false 0 $false nein falsch non faux falso nee onwaar não nao いいえ")
_YES_PHRASES = frozenset({"one-time", "one time", "onetime", "once", "einmalig", "single use", "eenmalig"})
_NO_PHRASES = frozenset({"multi-use", "multi use", "multiuse", "multiple", "mehrfach"})

_UNITS = {
    1: "m min mins minute minutes minuten minuti minuto minutos minuut 分",
    60: "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur uren 時間",
    1440: "d day days t tag tage tagen jour jours día días dia dias giorno giorni dag dagen j g 日",
    10080: "w week weeks woche wochen semaine semaines semana semanas settimana settimane weken 週間",
}
_MINUTES_OF_UNIT = {word: minutes for minutes, words in _UNITS.items() for word in words.split()}
_NUMBER = r"\d+(?:[.,]\d+)?"
_BARE_NUMBER = re.compile(rf"[+-]?{_NUMBER}\Z")
_PART = re.compile(rf"\s*({_NUMBER})\s*([^\W\d_]+)\.?\s*(?:,|and|und|et|y|e|en)?\s*")
_ISO_DURATION = re.compile(
    rf"P(?:({_NUMBER})W)?(?:({_NUMBER})D)?(?:T(?=\d)(?:({_NUMBER})H)?(?:({_NUMBER})M)?(?:({_NUMBER})S)?)?\Z",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d{1,3}:\d\d(?::\d\d)?\Z")
_LONGEST_DURATION = 100  # characters of a duration in words
_BEYOND_COUNTING = 10**12  # minutes; stands for more of them, which no number may be large enough to hold
_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}\Z")
_LIFETIME_HINT = "Write a number of minutes, such as 480, or a number with a unit, such as 8h."
_RANGE_HINT = f"Choose {MIN_LIFETIME_MINUTES} to {MAX_LIFETIME_MINUTES:,} minutes; the tenant's policy may allow less."
NO_TENANT = ": no tenant allows"
"""Begins what is said of every tenant's range, for where this tenant's is known."""
_MEND_FORMULA = "Type what belongs there, or mend the formula in the original workbook and start from that."
_YES_NO_HINT = (
    "Write yes (the pass works once) or no (it works until it expires), or leave the cell empty "
    "(the tenant's setting, or --one-time or --multi-use, decides). "
    "Also understood: true, false, 1, 0, ja, nein, oui, non, sí."
)


def as_text(cell: CellValue) -> str:
    """Return a cell as a person reads it: stripped, composed, without invisible characters."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.isascii() and cell.isprintable():
        return cell.strip()  # by far the most cells; the rest of this function would change nothing
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    text = "".join(char for char in str(cell) if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFC", text).strip()


def shown(text: str) -> str:
    """Return a value for a message: invisible characters as U+200B, and shortened."""
    short = text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
    visible = (char if char == " " or char.isprintable() else f"[U+{ord(char):04X}]" for char in short)
    return "'" + "".join(visible) + "'"


def excel_error(cell: CellValue) -> RowError | None:
    """Return the fault of a cell that holds `#N/A` or its kin, or a formula that has no result yet."""
    if not isinstance(cell, str):
        return None
    text = cell.strip()
    if not text.startswith(("#", "=", "Err:")):
        return None
    if _EXCEL_ERROR.match(text):
        cause = " (its lookup found nothing)" if text.upper() in {"#N/A", "#NV", "#N/D", "#N/B"} else ""
        message = f"The cell holds the Excel error {text}{cause}."
        return RowError(RowErrorCode.CELL_ERROR, message, _MEND_FORMULA)
    if text.startswith("=") and len(text) > 1:
        message = f"The cell holds a formula without a result: {shown(text)}."
        return RowError(
            RowErrorCode.CELL_ERROR,
            message,
            "Open the original workbook in Excel, save it and run bulktap again, or type the value.",
        )
    return None


def parse_yes_no(cell: CellValue) -> bool | RowError | None:
    """Return whether a cell says yes, in any of eight languages."""
    if isinstance(cell, bool):
        return cell
    if (fault := excel_error(cell)) is not None:
        return fault
    text = as_text(cell).casefold()
    if not text:
        return None
    if text in _YES or text in _YES_PHRASES:
        return True
    if text in _NO or text in _NO_PHRASES:
        return False
    message = f"{shown(str(cell))} is neither yes nor no."
    return RowError(RowErrorCode.ONE_TIME_MALFORMED, message, _YES_NO_HINT)


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
        minutes = _minutes(text, minutes_per_unit)
    except ValueError as error:
        return RowError(RowErrorCode.LIFETIME_MALFORMED, str(error), _LIFETIME_HINT)
    if not MIN_LIFETIME_MINUTES <= minutes <= MAX_LIFETIME_MINUTES:
        return RowError(RowErrorCode.LIFETIME_OUT_OF_RANGE, _range_sentence(text, minutes), _RANGE_HINT)
    return minutes


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
    given = with_minutes(text, minutes) if abs(minutes) < _BEYOND_COUNTING else shown(text)
    if minutes < MIN_LIFETIME_MINUTES:
        return f"{given} is too short{NO_TENANT} less than {MIN_LIFETIME_MINUTES} minutes."
    return f"{given} is too long{NO_TENANT} more than {MAX_LIFETIME_MINUTES:,} minutes (30 days)."


def with_minutes(text: str, minutes: int) -> str:
    """Return a lifetime as the cell has it, with the minutes that it means where they are not what it says."""
    part = _PART.fullmatch(text)
    says_minutes = _BARE_NUMBER.match(text) or (part is not None and _MINUTES_OF_UNIT.get(part[2].casefold()) == 1)
    number = re.match(r"[+-]?\d+", text)
    if says_minutes and number is not None and float(number.group()) == minutes:
        return shown(text)
    return f"{shown(text)} ({minutes:,} minutes)"


def _refuse_thousands(text: str) -> None:
    """Refuse typed digits in which a comma or point may be one of thousands or of a fraction: 30 minutes or 30,000."""
    if _THOUSANDS.match(text):
        plain = re.sub(r"[.,]", "", text)
        raise ValueError(f"{shown(text)} could be {plain} or a fraction.")


def _minutes(text: str, minutes_per_unit: int) -> int:
    if _CLOCK.match(text):
        hours, rest = (int(part) for part in text.split(":")[:2])
        meant = f"{hours} h" if not rest else f"{60 * hours + rest:,} minutes"
        raise ValueError(f"{shown(text)} could be a time of day or a duration of {meant}.")
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
        raise ValueError(f"{shown(text)} is not a whole number of minutes.")
    return round(minutes)


def _worded_minutes(text: str) -> float:
    minutes, position, units = 0.0, 0, []
    while position < len(text) and len(text) <= _LONGEST_DURATION:
        part = _PART.match(text, position)
        each = _MINUTES_OF_UNIT.get(part.group(2).casefold()) if part is not None else None
        if part is None or each is None or each in units:
            raise ValueError(f"{shown(text)} is not a duration.")
        minutes += float(part.group(1).replace(",", ".")) * each
        units.append(each)
        position = part.end()
    if not units:
        raise ValueError(f"{shown(text)} is not a duration.")
    return minutes
