"""Answers to questions, from whoever started an operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.errors import NotConfirmed, QuestionOpen
from bulktap.model.questions import REFUSE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulktap.model.questions import Question
    from bulktap.model.setting_names import Setting
    from bulktap.operations.context import FrontEnd


def answers_to(questions: Sequence[Question], front: FrontEnd) -> Mapping[Setting, str]:
    """Return the answers to all of these questions, each as its setting would be given it.

    Raises:
        QuestionOpen: nobody can be asked, or nobody answers.
        NotConfirmed: an answer is to stop.
    """
    answers = front.answers(questions)
    if answers is None:
        raise QuestionOpen(questions)
    if any(answers.get(question.setting) == REFUSE for question in questions):
        raise NotConfirmed("Nothing was issued.", hint="Run the same command again when that is put right.")
    return answers
