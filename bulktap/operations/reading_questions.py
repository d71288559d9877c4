"""Questions of reading: a roster is read with what is known, what stays open is asked at once, and it is read again.

To know all that is open, reading goes on with a likely answer to each question, as far as what is found then would be
asked whatever the answer is. A question for the sheet or the row of headings ends that: all else depends on it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.model.errors import BulktapError, QuestionOpen
from bulktap.model.setting_names import Setting
from bulktap.operations.answers import answers_to
from bulktap.operations.checked_roster import check
from bulktap.roster.columns.saved_mapping import as_toml, keep, place_beside
from bulktap.roster.reading_options import RosterPassword, WrongOptionError, answered
from bulktap.roster.reading_words import HiddenRows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from bulktap.model.questions import Question
    from bulktap.model.secret import Secret
    from bulktap.operations.context import FrontEnd
    from bulktap.operations.run_settings import RunSettings
    from bulktap.roster.files.input_bytes import RosterInput
    from bulktap.roster.model import CheckedRoster
    from bulktap.roster.reading_options import ReadingOptions

_MOST_ROUNDS = 6
"""How often a roster is read again before its questions are left open: two or three times are usual."""
_MOST_TOGETHER = 10
_ALL_ELSE = frozenset({Setting.SHEET, Setting.HEADER_ROW, Setting.ROSTER_PASSWORD_FILE})
"""Settings on which all other questions depend."""
_OF_THE_COLUMN = frozenset({Setting.DOMAIN, Setting.ENCODING})
"""Settings that are asked because of the very column that names the user."""


def read_with_answers(
    source: RosterInput, settings: RunSettings, now: datetime, front: FrontEnd
) -> tuple[CheckedRoster, RunSettings]:
    """Read a roster and check every row, asking what must be settled; return the settings with the answers too.

    Raises:
        QuestionOpen: something must be settled first, and nobody answers.
        RosterError: the file cannot be used as it is.
        UsageError: a setting cannot be read.
    """
    reading = _Reading(source, settings, now)
    answers: ReadingOptions | None = None
    questions: tuple[Question, ...] = ()
    for _ in range(_MOST_ROUNDS):
        try:
            checked = reading.read(reading.settings.reading.options)
        except QuestionOpen as stop:
            questions = reading.open_questions(stop.questions)
        else:
            if answers is not None:
                _offer_to_keep(source.path, answers, front)
            return checked, reading.settings
        said = _answers(questions, front)
        try:
            new = answered(said)
        except WrongOptionError as wrong:
            why = str(wrong)
            front.say(f"{why[:1].upper()}{why[1:]}.")
            continue
        answers = new if answers is None else new.completed_by(answers)
        reading.take(new)
    raise QuestionOpen(questions)


def _answers(questions: tuple[Question, ...], front: FrontEnd) -> Mapping[str, str]:
    # Where somebody can be asked, they were asked for the password already, and gave none that fits.
    if any(question.setting is Setting.ROSTER_PASSWORD_FILE for question in questions):
        raise QuestionOpen(questions)
    return {setting.stem: answer for setting, answer in answers_to(questions, front).items()}


class _Reading:
    """One roster, read as often as there are answers; a pipe is read once, a password asked for once."""

    def __init__(self, source: RosterInput, settings: RunSettings, now: datetime) -> None:
        self.settings = settings
        self._input = source
        self._now = now

    def read(self, options: ReadingOptions) -> CheckedRoster:
        """Read it with these options."""
        password = _Remembered(self.settings.reading.password)
        reading = replace(self.settings.reading, options=options, password=password.asking)
        try:
            return check(self._input, replace(self.settings, reading=reading), self._now)
        finally:
            self.settings = replace(self.settings, reading=replace(self.settings.reading, password=password.known))

    def take(self, answers: ReadingOptions) -> None:
        """Go on with these answers, which count more than what was said before."""
        given = self.settings.reading
        self.settings = replace(self.settings, reading=replace(given, options=answers.completed_by(given.options)))

    def open_questions(self, first: tuple[Question, ...]) -> tuple[Question, ...]:
        """Return these questions and all others that would be asked whatever their answers are."""
        found, latest = list(first), first
        options = self.settings.reading.options
        moot: set[Setting] = set()
        for _ in range(_MOST_TOGETHER):
            if any(question.setting in _ALL_ELSE for question in latest):
                break
            if any(question.code == "user-column" for question in latest):
                moot |= _OF_THE_COLUMN
            try:
                likely = answered({question.setting.stem: _likely(question) for question in latest})
                options = likely.completed_by(options)
                self.read(options)
                break
            except QuestionOpen as more:
                latest = more.questions
                codes = {question.code for question in found}
                if all(question.code in codes for question in latest):
                    break
                found += [question for question in latest if question.setting not in moot | _ALL_ELSE]
            except (BulktapError, WrongOptionError):
                break
        return tuple(found)


class _Remembered:
    """The password of a protected roster: what somebody types while it is read is known when it is read again."""

    def __init__(self, password: RosterPassword) -> None:
        self.known = password

    @property
    def asking(self) -> RosterPassword:
        """The password as reading takes it."""
        ask = self.known.ask
        return self.known if ask is None else replace(self.known, ask=self._ask)

    def _ask(self, name: str) -> Secret | None:
        typed = self.known.ask(name) if self.known.ask is not None else None
        if typed is not None:
            self.known = replace(self.known, given=typed)
        return typed


def _likely(question: Question) -> str:
    """Return an answer with which reading finds what it would find with the others too."""
    if question.setting is Setting.HIDDEN_ROWS:
        return HiddenRows.INCLUDE.value
    return question.choices[0].value if question.choices else question.example


def _offer_to_keep(path: Path, answers: ReadingOptions, front: FrontEnd) -> None:
    place = place_beside(path)
    if place is None or not front.agrees_to_keep(place, as_toml(answers).splitlines()):
        return
    try:
        keep(place, answers, like=path)
    except BulktapError as trouble:
        front.say(f"Note: {trouble.message} {trouble.hint}")
    else:
        front.say(f"The answers are kept in {place}.")
