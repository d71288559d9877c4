"""Questions on a real terminal, typed at from the other end."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

import pytest

from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.questionnaire import ask_all
from bulktap.model.questions import Choice, Question
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")

SHEET = Question(
    Setting.SHEET,
    "which-sheet",
    "x.xlsx: several sheets look like a roster.",
    ("7A: anna@contoso.com\x1b[2J",),
    (Choice("7A", "7A (3 rows)"), Choice("7B", "7B (2 rows)"), Choice("7A\n7B", "all of them")),
)
COLUMN = Question(
    Setting.COLUMN, "user-column", "No column names the user.", (), (Choice("user=Who", "Who"),), "user=Login"
)
DOMAIN = Question(Setting.DOMAIN, "domain", "4 names have no '@'.", example="contoso.com")
END = b"\x04"
HEADER = Question(Setting.HEADER_ROW, "header-row", "Row 9 is empty.", example="4")


def asked(
    monkeypatch: pytest.MonkeyPatch,
    questions: Sequence[Question],
    typed: str,
    columns: int = 80,
    screen: ScreenSettings | None = None,
) -> tuple[Mapping[Setting, str] | None, str]:
    """Ask on a terminal on which all of this has been typed already; return the answers and what it shows."""
    import pty
    import termios

    here, there = pty.openpty()
    termios.tcsetwinsize(there, (40, columns))
    os.write(here, typed.encode())
    with os.fdopen(os.dup(there), "r") as stdin, os.fdopen(there, "w") as err:
        monkeypatch.setattr(sys, "stdin", stdin)
        answers = ask_all(Console(screen or ScreenSettings(), io.StringIO(), err), questions)
        # What was shown comes in pieces; this mark is behind the last one.
        os.write(err.fileno(), END)
        shown = b""
        while not shown.endswith(END):
            shown += os.read(here, 65536)
    os.close(here)
    return answers, shown.removesuffix(END).decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("question", "typed", "answer"),
    [
        (SHEET, "2\n", "7B"),
        (SHEET, "  3 \n", "7A\n7B"),
        (SHEET, "7b\n", "7B"),
        (SHEET, "9\n1\n", "7A"),
        (SHEET, "\nwhat?\n2\n", "7B"),
        (COLUMN, "user=Login name\n", "user=Login name"),
        (COLUMN, "5\n1\n", "user=Who"),
        (DOMAIN, "school.example\n", "school.example"),
        (HEADER, "12\n", "12"),
    ],
)
def test_a_number_or_the_value_itself_answers(
    monkeypatch: pytest.MonkeyPatch, question: Question, typed: str, answer: str
) -> None:
    """What is neither is asked again."""
    answers, _ = asked(monkeypatch, [question], typed)

    assert answers == {question.setting: answer}


def test_all_questions_are_asked_and_numbered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also with `--quiet` and `--json`; samples cannot steer the terminal."""
    answers, shown = asked(
        monkeypatch, [SHEET, DOMAIN], "1\ncontoso.com\n", screen=ScreenSettings(as_json=True, quiet=True)
    )

    assert answers == {Setting.SHEET: "7A", Setting.DOMAIN: "contoso.com"}
    assert "Question 1 of 2" in shown
    assert "Question 2 of 2" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("typed", ["\x04", "x\nx\nx\n", "9\n\n0\n"], ids=["end of input", "words", "numbers"])
def test_whoever_does_not_answer_is_let_go(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """Three times are enough."""
    answers, _ = asked(monkeypatch, [SHEET], typed)

    assert answers is None


@pytest.mark.parametrize("columns", [40, 80])
def test_no_line_is_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Lines are broken between words."""
    _, shown = asked(monkeypatch, [SHEET, COLUMN, DOMAIN], "1\n1\ncontoso.com\n", columns)

    assert max(map(len, shown.splitlines())) <= columns
    assert "roster" in shown


def test_without_a_terminal_nobody_is_asked() -> None:
    """And nothing is shown."""
    err = io.StringIO()

    assert ask_all(Console(ScreenSettings(), io.StringIO(), err), [SHEET]) is None
    assert err.getvalue() == ""
