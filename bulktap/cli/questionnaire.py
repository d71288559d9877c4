"""Questionnaire: questions on a terminal, one below the other, answered by the number of a choice or by a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulktap.cli.console import Console
    from bulktap.model.questions import Question
    from bulktap.model.setting_names import Setting

_MOST_TRIES = 3
"""How often one question is asked before nobody is taken to answer it."""


def ask_all(console: Console, questions: Sequence[Question]) -> Mapping[Setting, str] | None:
    """Ask each question; None if there is no terminal, input ends, or an answer is three times none."""
    if not console.can_ask:
        return None
    answers: dict[Setting, str] = {}
    for number, question in enumerate(questions, 1):
        label = "Question" if len(questions) == 1 else f"Question {number} of {len(questions)}"
        console.always("", f"{label}: {question.text}", *(f"  {line}" for line in question.details))
        if question.remedy:
            console.always(f"  {question.remedy}")
        for place, choice in enumerate(question.choices, 1):
            console.always(f"  {place}  {choice.label or choice.value}")
        answer = _answer(console, question)
        if answer is None:
            return None
        before = answers.get(question.setting)
        answers[question.setting] = answer if before is None else f"{before}\n{answer}"
    return answers


def _answer(console: Console, question: Question) -> str | None:
    for _ in range(_MOST_TRIES):
        typed = console.ask(_prompt(question))
        if typed is None:
            return None
        answer = _meant(question, typed)
        if answer is not None:
            return answer
        console.always(_no_answer(question))
    return None


def _prompt(question: Question) -> str:
    if not question.choices:
        return f"Answer, for example {question.example}:" if question.example else "Answer:"
    count = len(question.choices)
    numbers = "1" if count == 1 else f"1-{count}"
    return f"Answer [{numbers}, or for example {question.example}]:" if question.example else f"Answer [{numbers}]:"


def _meant(question: Question, typed: str) -> str | None:
    """Return the value of the choice that was named by its number or itself, or what was typed where that will do."""
    choices = question.choices
    if typed.isdecimal() and typed.isascii() and 1 <= int(typed[:9]) <= len(choices):
        return choices[int(typed) - 1].value
    part, equals, _ = question.example.partition("=")
    if equals and typed and not typed.isdecimal() and not typed.startswith(part + equals):
        typed = part + equals + typed  # a heading by itself
    for choice in choices:
        if typed.casefold() == choice.value.casefold():
            return choice.value
    if not choices:
        return typed or None
    # A number that is no choice's is a slip, not a value.
    return typed if typed and question.example and not typed.isdecimal() else None


def _no_answer(question: Question) -> str:
    if not question.choices:
        return "That is no answer."
    return f"That is none of these; type a number from 1 to {len(question.choices)}."
