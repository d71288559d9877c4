"""Lengths of time, kinds of problem and names in words."""

from __future__ import annotations

import re

import pytest

from bulktap.model.plan import Action
from bulktap.model.row_errors import RowErrorCode
from bulktap.results.row_results import RowResult
from bulktap.results.wording import (
    ACTION_WORDS,
    RESULT_WORDS,
    between,
    counted,
    lasting,
    legible,
    lifetime,
)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (0.2, "less than a second"),
        (1, "1 second"),
        (89.4, "89 seconds"),
        (90, "2 minutes"),
        (3_600, "60 minutes"),
        (7_200, "2 hours"),
        (8_000, "2 h 13 min"),
        (200_000, "2 d 7 h"),
    ],
)
def test_a_length_of_time_reads_as_a_person_says_it(seconds: float, words: str) -> None:
    """The unit grows with the length, and nothing is more exact than it is useful."""
    assert lasting(seconds) == words


def test_a_range_that_reads_the_same_is_one_length() -> None:
    """Nobody needs to read `2 hours to 2 hours`."""
    assert between(7_200, 7_201) == "2 hours"
    assert between(60, 7_200) == "60 seconds to 2 hours"


@pytest.mark.parametrize(
    ("minutes", "words"), [(10, "10 min"), (480, "8 h"), (90, "1 h 30 min"), (43_200, "30 d"), (0, "0 min")]
)
def test_a_lifetime_is_exact(minutes: int, words: str) -> None:
    """A lifetime is never rounded: it is what will be asked for."""
    assert lifetime(minutes) == words


def test_every_code_action_and_ending_has_a_name() -> None:
    """Nothing that a report may have to say is left without words."""
    titles = [code.short_name for code in RowErrorCode]

    words = [re.sub("(?i)one-time|sign-in", "", title) for title in titles]
    assert all(title[0].isupper() for title in titles)
    assert not any("-" in title for title in words)
    assert len(set(titles)) == len(titles)
    assert set(ACTION_WORDS) == set(Action)
    assert set(RESULT_WORDS) == set(RowResult)


def test_nouns_follow_their_number() -> None:
    """One pass, two passes, and thousands are grouped."""
    assert [counted(1, "pass", "passes"), counted(1_200, "pass", "passes"), counted(2, "row")] == [
        "1 pass",
        "1,200 passes",
        "2 rows",
    ]


def test_only_what_cannot_be_shown_or_misleads_is_marked() -> None:
    """Any script passes unchanged; what turns text round, controls and halves of characters do not."""
    sound = "Zoë محمد שירה 山田 😀👩\u200d👩\u200d👧 \u200f \t\n"

    assert legible(sound) == sound
    assert legible("a\u202eb\u2066c\x00d\ud83de\x1b") == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffd"
