"""Questions, and how settings answer them."""

from __future__ import annotations

import pytest

from bulktap.cli.outcome import CommandOutcome
from bulktap.cli.setting_options import as_option
from bulktap.model.errors import QuestionOpen
from bulktap.model.exit_codes import ExitCode
from bulktap.model.questions import REFUSE, Choice, Question
from bulktap.model.setting_names import Setting, as_argument, spelled

SHEET = Question(
    Setting.SHEET,
    "which-sheet",
    "x.xlsx: several sheets look like a roster.",
    ("7A: anna@contoso.com",),
    (Choice("7A", "7A (3 rows)"), Choice("7B", "7B (2 rows)"), Choice("7A\n7B", "all of them")),
)
HIDDEN = Question(
    Setting.HIDDEN_ROWS,
    "hidden-rows",
    "x.xlsx: 2 rows are hidden.",
    choices=(Choice("skip", "leave them out"), Choice("include", "take them")),
)
DOMAIN = Question(Setting.DOMAIN, "domain", "x.xlsx: 4 names have no '@'.", example="contoso.com")
NAMES = Question(
    Setting.STRICT, "names", "212 rows differ.", choices=(Choice(REFUSE, "stop"), Choice("accept", "go on"))
)

ONCE = Question(
    Setting.ONE_TIME, "one-time-forced", "One-time only.", choices=(Choice("yes", "so be it"), Choice(REFUSE, "stop"))
)


@pytest.mark.parametrize(
    ("question", "option", "keyword"),
    [
        (SHEET, '--sheet "7A" or --sheet "7B" or --sheet "7A" --sheet "7B"', 'sheet="7A" or sheet="7B"'),
        (HIDDEN, "--hidden-rows skip or --hidden-rows include", 'hidden_rows="skip" or hidden_rows="include"'),
        (DOMAIN, "for example --domain contoso.com", 'for example domain="contoso.com"'),
        (ONCE, "--one-time", "one_time=True"),
        (NAMES, "--strict accept", 'strict="accept"'),
    ],
    ids=lambda value: value.code if isinstance(value, Question) else "",
)
def test_an_open_question_names_the_setting_with_each_answer(question: Question, option: str, keyword: str) -> None:
    """As an option on the command line, as a keyword in Python."""
    error = QuestionOpen([question])

    assert error.exit_code is ExitCode.ROSTER
    assert error.message == question.text
    assert spelled(error.hint, as_option) == f"Run bulktap again with {option}."
    assert keyword in spelled(error.hint, as_argument)


def test_several_questions_are_told_together_with_one_line_that_answers_all() -> None:
    """Whoever has no terminal copies it, and corrects what is not meant."""
    error = QuestionOpen([SHEET, HIDDEN, DOMAIN, NAMES])

    assert all(question.text in error.message for question in error.questions)
    assert spelled(error.hint, as_option).endswith(
        'for example: --sheet "7A" --hidden-rows skip --domain contoso.com --strict accept'
    )


def test_programs_get_the_questions_one_by_one() -> None:
    """With the value that the setting would be given for each choice."""
    error = CommandOutcome().members(0.0, QuestionOpen([SHEET, DOMAIN]))["error"]

    assert isinstance(error, dict)
    first, second = error["questions"]
    assert (first["code"], first["setting"], first["details"]) == ("which-sheet", "sheet", ["7A: anna@contoso.com"])
    assert first["choices"][2] == {"value": "7A\n7B", "label": "all of them"}
    assert spelled(second["option"], as_option) == "--domain"
    assert second["choices"] == []


@pytest.mark.parametrize(
    ("setting", "hint"),
    [
        (Setting.ACCEPT, "Mend the column. To go on all the same, run bulktap again with --accept user-missing."),
        (Setting.DOMAIN, "Run bulktap again with --domain user-missing. Mend the column."),
    ],
)
def test_what_is_better_done_stands_before_going_on_all_the_same(setting: Setting, hint: str) -> None:
    """And behind an answer that settles it."""
    question = Question(
        setting, "x", "All are empty.", choices=(Choice("user-missing", "go on"),), remedy="Mend the column."
    )

    assert spelled(QuestionOpen([question]).hint, as_option) == hint
