"""Other people's words on one line, and how wide text is where letters have one width; pure."""

from __future__ import annotations

import unicodedata

_LONGEST_QUOTE = 300
_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})
"""Unicode's categories of marks that stand on the letter before them, and of signs that are not seen."""


def one_line(text: str, longest: int = _LONGEST_QUOTE) -> str:
    """Return somebody else's words on one line, without control characters and not too long."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:longest]


def width_of(text: str) -> int:
    """Return how many columns text takes; East Asian wide letters take two, marks on other letters none."""
    return len(text) if text.isascii() else sum(map(letter_width, text))


def letter_width(letter: str) -> int:
    """Return how many columns a letter takes."""
    if unicodedata.category(letter) in _NO_WIDTH:
        return 0
    return 2 if is_wide(letter) else 1


def is_wide(letter: str) -> bool:
    """Return True if a letter takes two columns, as those of East Asian scripts do."""
    return unicodedata.east_asian_width(letter) in "WF"
