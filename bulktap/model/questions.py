"""Questions: what must be settled before an operation goes on, and what could settle it.

Below the front ends nobody asks. An operation hands its questions to its front end, all at once; where nobody can be
asked, they travel to whoever started it, with the settings that answer them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulktap.model.setting_names import Setting, spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.setting_names import Spelling

REFUSE = "refuse"
"""The value of a choice that stops the operation."""
_MOST_NAMED = 8
"""Choices that a hint spells out; the others are in the question."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question."""

    value: str
    """What the setting would be given; several values stand on a line each, as in the setting's variable."""
    label: str
    """What it means, in a few words."""
    aside: str = ""
    """What a hint says behind the setting, in brackets."""

    @property
    def values(self) -> list[str]:
        """The values that the setting would be given."""
        return self.value.split("\n")


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a setting settles."""

    setting: Setting
    code: str
    """Its kind, for programs."""
    text: str
    """What is the matter, in one sentence."""
    details: tuple[str, ...] = ()
    """Lines of samples."""
    choices: tuple[Choice, ...] = ()
    """What it could be given."""
    example: str = ""
    """What an answer that is no choice looks like; empty where only a choice is one."""
    remedy: str = ""
    """What can be done about it beside an answer, in sentences."""

    @property
    def keyword(self) -> str:
        """What the setting is called in Python and in JSON: `header_row`."""
        return self.setting.stem.replace("-", "_")

    def spelled(self, spelling: Spelling) -> Question:
        """Return it with settings named as this spelling has it."""
        return replace(
            self,
            text=spelled(self.text, spelling),
            details=tuple([spelled(line, spelling) for line in self.details]),
            choices=tuple([replace(choice, label=spelled(choice.label, spelling)) for choice in self.choices]),
            remedy=spelled(self.remedy, spelling),
        )

    def settled_by(self, value: str) -> str:
        """Return the mark of the setting with this answer, for a sentence."""
        return " ".join(self.setting.to(one) for one in value.split("\n"))

    @property
    def suggested(self) -> str:
        """What an answer looks like: the first choice that goes on, or an example."""
        return next((one.value for one in self.choices if one.value != REFUSE), self.example or "VALUE")

    @property
    def suggestion(self) -> str:
        """The same, as the mark of the setting."""
        return self.settled_by(self.suggested)

    @property
    def answers(self) -> str:
        """The answers that there are, as marks of the setting: `--sheet 7A or --sheet 7B`."""
        if not self.choices:
            return f"for example {self.suggestion}"
        given = [choice for choice in self.choices if choice.value != REFUSE][:_MOST_NAMED]
        named = " or ".join(
            self.settled_by(choice.value) + (f" ({choice.aside})" if choice.aside else "") for choice in given
        )
        return f"{named} or, for example, {self.settled_by(self.example)}" if self.example else named


def sentence_of(questions: Sequence[Question]) -> str:
    """Return what is open, as the message of an error."""
    if len(questions) == 1:
        return questions[0].text
    listed = " ".join(f"({number}) {question.text}" for number, question in enumerate(questions, 1))
    return f"{len(questions)} questions are open: {listed}"


def hint_of(questions: Sequence[Question]) -> str:
    """Return how all of it is settled: each question's answers, then one that can be copied."""
    if len(questions) == 1:
        return _hint_of_one(questions[0])
    listed = "; ".join(f"({number}) {question.answers}" for number, question in enumerate(questions, 1))
    better = "".join(
        f" ({number}) {question.remedy}"
        for number, question in enumerate(questions, 1)
        if question.setting is Setting.ACCEPT and question.remedy
    )
    return f"Run bulktap again with {listed}. Together, for example: {options_of(questions)}" + (
        f". Better than going on all the same:{better}" if better else ""
    )


def _hint_of_one(question: Question) -> str:
    """Return what is better done first, where the only answer is to go on all the same."""
    if question.setting is Setting.ACCEPT:
        return f"{question.remedy} To go on all the same, run bulktap again with {question.answers}."
    return f"Run bulktap again with {question.answers}. {question.remedy}".rstrip()


def options_of(questions: Sequence[Question]) -> str:
    """Return settings that answer all questions, as marks: something to begin with and to correct."""
    return " ".join(question.suggestion for question in questions)
