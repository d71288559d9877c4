"""Patterns: words in which `*` stands for any text and `?` for one letter, compared as people mean them; pure.

Case, and the width and composition of letters, are the same. Matching takes time that grows with the text, whatever
the pattern: what somebody else wrote may hold a hundred stars.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_WILD = frozenset("*?")


def folded(text: str) -> str:
    """Return text as it is compared."""
    if text.isascii():
        return text.strip().lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).casefold())


def is_wild(text: str) -> bool:
    """Return True if a word is a pattern and not only itself."""
    return not _WILD.isdisjoint(text)


def matches(pattern: str, text: str) -> bool:
    """Return True if a folded pattern matches all of a folded text."""
    at = in_text = 0
    star, resumed = -1, 0
    while in_text < len(text):
        if at < len(pattern) and pattern[at] == "*":
            star, resumed = at, in_text
            at += 1
        elif at < len(pattern) and pattern[at] in {"?", text[in_text]}:
            at += 1
            in_text += 1
        elif star >= 0:  # the last star takes one letter more; earlier ones need not be tried again
            resumed += 1
            at, in_text = star + 1, resumed
        else:
            return False
    return all(letter == "*" for letter in pattern[at:])


class Patterns:
    """Several patterns; a text is looked up among the plain ones and compared with the others."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Take the patterns as people write them."""
        self._plain: dict[str, str] = {}
        self._wild: list[tuple[str, str]] = []
        for text in texts:
            if is_wild(text):
                self._wild.append((folded(text), text))
            else:
                self._plain.setdefault(folded(text), text)

    def of(self, names: Iterable[str]) -> str | None:
        """Return the first pattern, as it was written, that matches one of these names; None if none does."""
        if not self._plain and not self._wild:
            return None
        for name in map(folded, names):
            if name in self._plain:
                return self._plain[name]
            for pattern, text in self._wild:
                if matches(pattern, name):
                    return text
        return None
