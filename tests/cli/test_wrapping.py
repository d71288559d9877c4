"""Long lines on a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulktap.cli.wrapping import wrapped
from bulktap.model.plain_text import width_of


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("short enough for any terminal", ["short enough for any terminal"]),
        (
            "Note: lifetimes with a unit were read as minutes",
            ["Note: lifetimes with a unit were read as", "      minutes"],
        ),
        (
            "  Duration   between 3 s and 4 min, depending on the service",
            ["  Duration   between 3 s and 4 min,", "             depending on the service"],
        ),
        (
            "Read what `bulktap runs --reports elsewhere` lists",
            ["Read what", "`bulktap runs --reports elsewhere` lists"],
        ),
        (
            "Error: several sheets could be meant: name one with --sheet",
            ["Error: several sheets could be meant:", "       name one with --sheet"],
        ),
        (
            "Hint:  say which one is meant, with --sheet NAME",
            ["Hint:  say which one is meant, with", "       --sheet NAME"],
        ),
        (
            "  Leave out  12 rows, because of --only or --limit",
            ["  Leave out  12 rows, because of --only", "             or --limit"],
        ),
        (
            "Note: 二零二七年一月十一日上午八時開始使用的通行證名單",
            ["Note: 二零二七年一月十一日上午八時開始使", "      用的通行證名單"],
        ),
        (
            "Note: الطالب محمد علي الحسيني من الصف الخامس",
            ["Note: الطالب محمد علي الحسيني من الصف", "      الخامس"],
        ),
        ("  Usable     of 4 different kind, each 8 h", ["  Usable     of 4 different kind, each", "             8 h"]),
        ("It takes between 12 seconds and some 1.5 min.", ["It takes between 12 seconds and some", "1.5 min."]),
        ("A reply is awaited for a few seconds, 8 s", ["A reply is awaited for a few seconds,", "8 s"]),
        ("There are 12 of them in the class, and 5 sit", ["There are 12 of them in the class, and 5", "sit"]),
        ("student-onboarding-of-the-whole-campus.xlsx", ["student-onboarding-of-the-whole-campus.xlsx"]),
    ],
)
def test_lines_are_broken_between_words_and_indented_like_their_text(line: str, lines: list[str]) -> None:
    """Labels stand free, commands stay whole, and what has no blank is not broken."""
    assert wrapped(line, 40).splitlines() == lines


def test_a_terminal_that_names_no_width_breaks_lines_by_itself() -> None:
    """Zero columns is what a pipe in disguise says."""
    assert wrapped("word " * 50, 0) == "word " * 50


@given(st.lists(st.text("ab名", min_size=1, max_size=12), min_size=1), st.integers(40, 90))
def test_no_word_is_lost_and_no_line_too_long(words: list[str], columns: int) -> None:
    """Whatever the words are, if each of them fits."""
    lines = wrapped(" ".join(words), columns).split("\n")

    assert " ".join(lines).split() == words
    assert all(width_of(line) <= columns for line in lines)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("Müller", 6),
        ("Mu\u0308ller", 6),
        ("李小龍", 6),
        ("山田 太郎", 9),
        ("محمد", 4),
        ("مُحَمَّد", 4),
        ("สมชาย ใจดี", 9),
        ("शिवानी", 6),
        ("김민준", 6),
        ("ａｂｃ", 6),
        ("a\u200bb", 2),
        ("", 0),
    ],
)
def test_width_is_that_of_the_terminal(text: str, width: int) -> None:
    """Wide letters take two columns, marks on a letter none."""
    assert width_of(text) == width
