"""Answers, and what becomes of an operation that gets none."""

from __future__ import annotations

import pytest

from bulktap.api_context import Caller
from bulktap.api_values import StopToken
from bulktap.model.errors import NotConfirmed, QuestionOpen
from bulktap.model.questions import REFUSE, Choice, Question
from bulktap.model.setting_names import Setting
from bulktap.operations.answers import answers_to

QUESTION = Question(
    Setting.EXISTING, "existing", "12 have a pass.", choices=(Choice(REFUSE, "stop"), Choice("skip", "leave them"))
)


class Answering(Caller):
    """A front end at which somebody sits who always answers the same."""

    def __init__(self, answer: str) -> None:
        super().__init__(None, StopToken(), None)
        self._answer = answer

    def answers(self, questions: object) -> dict[Setting, str]:
        """Answer."""
        del questions
        return {QUESTION.setting: self._answer}


def test_a_program_is_not_asked_and_learns_what_is_open() -> None:
    """It answers with keywords."""
    with pytest.raises(QuestionOpen) as stop:
        answers_to([QUESTION], Caller(None, StopToken(), None))

    assert stop.value.questions == (QUESTION,)


def test_an_answer_is_what_the_setting_is_given() -> None:
    """The operation goes on with it."""
    assert answers_to([QUESTION], Answering("skip")) == {Setting.EXISTING: "skip"}


def test_an_answer_can_be_to_stop() -> None:
    """As at the question for a yes: exit code 6."""
    with pytest.raises(NotConfirmed):
        answers_to([QUESTION], Answering(REFUSE))
