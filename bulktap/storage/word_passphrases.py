"""Passphrases of words: easily read out on the telephone, typed, and written down; for files that go to many people.

Five words of 7,772 that together are not long: 59 bits. A guess at a PDF costs some hundred rounds of three hashes, at
a workbook 100,000 rounds of SHA-512, so that a graphics card would be busy for thousands of years with one file.
"""

from __future__ import annotations

import secrets
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

WORD_COUNT: Final = 5
"""Words of a passphrase."""
LONGEST: Final = 32
"""Characters; poppler's command-line programs cut a password off there, and nobody types a longer one gladly."""


def word_passphrase(below: Callable[[int], int] = secrets.randbelow) -> Secret:
    """Return a new passphrase: five words with hyphens between them.

    Args:
        below: returns a number from 0 to one less than what it is given, each as likely as the others.
    """
    words = known_words()
    while len(text := "-".join([words[below(len(words))] for _ in range(WORD_COUNT)])) > LONGEST:
        pass  # of those that are not too long, each is as likely as the others
    return Secret(text)


@cache
def known_words() -> tuple[str, ...]:
    """Return the words, each of three to nine letters from a to z."""
    text = files("bulktap.storage").joinpath("words.txt").read_text("ascii")
    return tuple([line for line in text.splitlines() if line and not line.startswith("#")])
