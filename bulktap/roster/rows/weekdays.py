"""Weekdays beside dates, in the languages in which months are known: `Monday, `, `Mo., `, `lundi `, `（月）`. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bulktap.model.late_patterns import LatePattern
from bulktap.model.plain_text import without_accents
from bulktap.roster.cell_values import word_set

if TYPE_CHECKING:
    from datetime import date

_NAMES = (
    "monday mon mo montag maandag ma lundi lun lu lunes lunedì segunda segunda-feira seg 月曜日 月曜 月",
    "tuesday tue tues tu dienstag di die dinsdag mardi mar ma martes martedì terça terça-feira ter 火曜日 火曜 火",
    (
        "wednesday wed we mittwoch mi mit woensdag wo woe mercredi mer me miércoles mié mercoledì quarta qua"
        " quarta-feira 水曜日 水曜 水"
    ),
    (
        "thursday thu thur thurs th donnerstag do don donderdag jeudi jeu je jueves jue ju giovedì gio gi quinta"
        " quinta-feira qui 木曜日 木曜 木"
    ),
    (
        "friday fri fr freitag fre vrijdag vr vri vendredi ven ve viernes vie vi venerdì sexta sexta-feira sex"
        " 金曜日 金曜 金"
    ),
    "saturday sat sa samstag sonnabend sam zaterdag za zat samedi sábado sáb sabato 土曜日 土曜 土",
    "sunday sun su sonntag so son zondag zo zon dimanche dim di domingo dom do domenica 日曜日 日曜 日",
)
"""From Monday on; some short ones are of two days: `di` is Dienstag and dimanche, `do` donderdag and domingo."""
ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WORD = r"([^\W\d_]{1,10}(?:-feira)?)"
_BEFORE = LatePattern(rf"{_WORD}\.?,?\s+(?=[^\W_])")
_BEHIND = LatePattern(rf"[\s,]*([(（])?\s?{_WORD}\.?(?(1)\s?[)）])(?=[\s,\d]|\Z)")
_BETWEEN = word_set("am an den der dem the on le el il lo op em na no o de del dia día ab vom von from")
"""What may stand before or behind the weekday: `am Montag, den 10.`, `on Monday the 10th`."""
_MOST_WORDS = 3


def _table() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for number, names in enumerate(_NAMES):
        for name in names.split():
            found[name].add(number)
            found[without_accents(name)].add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


_WEEKDAYS = _table()


class WeekdayError(ValueError):
    """A date lies on another weekday than the one that is written beside it."""

    def __init__(self, day: date, rest: str) -> None:
        """Take the date, and what follows it in the text."""
        super().__init__(day.isoformat())
        self.day, self.rest = day, rest


def before_date(text: str) -> tuple[str, frozenset[int]]:
    """Return a text without the weekday before its date, and which it may be; without one word that is none, too."""
    weekdays: frozenset[int] = frozenset()
    rest = text
    for _ in range(_MOST_WORDS):
        if (found := _BEFORE.match(rest)) is None:
            break
        word = found[1].casefold()
        if not weekdays and word in _WEEKDAYS:
            weekdays = _WEEKDAYS[word]
        elif word not in _BETWEEN:
            break
        rest = rest[found.end() :]
    if rest is text and (found := _BEFORE.match(text)) is not None and len(found[1]) > 1:
        body = text[found.end() :]
        return (body, weekdays) if body[:1].isdigit() else (text, weekdays)
    return rest, weekdays


def behind_date(rest: str) -> tuple[str, frozenset[int]]:
    """Return what follows a date without the weekday that it begins with, and which that may be."""
    first = rest.lstrip(" ,")[:1]
    if not first or first.isdigit():  # of nearly all dates
        return rest, frozenset()
    if (found := _BEHIND.match(rest)) is None or (weekdays := _WEEKDAYS.get(found[2].casefold())) is None:
        return rest, frozenset()
    return rest[found.end() :], weekdays
