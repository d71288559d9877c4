"""Passphrases of words."""

from __future__ import annotations

import re
from itertools import count

import pytest

from bulktap.storage.passphrase_rules import check_new_passphrase
from bulktap.storage.word_passphrases import LONGEST, known_words, word_passphrase


def test_five_words_that_everybody_can_type() -> None:
    """Small letters and hyphens, no longer than every reader of PDFs takes, and fit for Excel."""
    found = [word_passphrase() for _ in range(200)]

    assert all(re.fullmatch(r"[a-z]{3,9}(-[a-z]{3,9}){4}", one.reveal()) for one in found)
    assert max(len(one.reveal()) for one in found) <= LONGEST
    assert len(set(found)) == len(found)
    check_new_passphrase(found[0])


def test_the_words_are_many_and_differ() -> None:
    """Their number is what the strength is counted with."""
    assert len(known_words()) == len(set(known_words())) == 7_772


@pytest.mark.parametrize("first", [0, 1, 4_000, 7_771])
def test_chance_is_an_argument(first: int) -> None:
    """The same numbers give the same words; a phrase that is too long is drawn again as a whole."""
    numbers = count(first)
    words = word_passphrase(lambda below: next(numbers) % below).reveal().split("-")
    places = [known_words().index(word) for word in words]
    assert [(place - places[0]) % 7_772 for place in places] == [0, 1, 2, 3, 4]
