"""Open questions: what is said of them where nobody could be asked, with a command that can be copied."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulktap.cli.console import Console
    from bulktap.model.errors import QuestionOpen
    from bulktap.model.questions import Question


def tell_open_questions(console: Console, error: QuestionOpen, words: Sequence[str]) -> None:
    """Say all that is open, a question a paragraph, and the command that answers it all.

    Args:
        console: where it is said.
        error: the questions.
        words: the command's own words, from its name on.
    """
    questions = error.questions
    if len(questions) == 1:
        console.error(error.message, error.hint)
    else:
        console.error(f"{len(questions)} questions are open.")
        for number, question in enumerate(questions, 1):
            console.always(f"{number}  {question.text}", f"   {question.answers}")
        console.hint("Run bulktap again with an answer to each.")
    if len(questions) > 1 and all(question.choices or question.example for question in questions):
        console.always("       For example:", f"       `{answering(words, questions)}`")


def answering(words: Sequence[str], questions: Sequence[Question]) -> str:
    """Return a command with options that answer the questions, in place of those that did not."""
    kept = list(words)
    for question in questions:
        kept = list(_without(kept, question))
        for value in question.suggested.split("\n"):
            kept += [f"--{question.setting.stem}", value]
    return subprocess.list2cmdline(kept) if sys.platform == "win32" else shlex.join(kept)


def _without(words: Sequence[str], question: Question) -> Iterator[str]:
    """Yield the words without the option that a question is about; of columns, that of the same field."""
    option = f"--{question.setting.stem}"
    field = question.suggested.partition("=")[0] + "=" if question.setting is Setting.COLUMN else ""
    rest = iter(words)
    for word in rest:
        if word == option:
            value = next(rest, "")
            if not value.startswith(field):
                yield from (word, value)
        elif not word.startswith(f"{option}={field}"):
            yield word
