"""Letters that are easily taken for others: of another alphabet, or Latin ones that nobody types. Pure."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_NAMED = 3
_LOOKALIKE_LATIN = frozenset("ıȷſɑɡɩʟɴʀʏℓ")
# Cyrillic, Greek and rare Latin letters and what they are taken for, by number: nobody could tell them apart.
_LOOKS_LIKE = {
    "\u0430": "a", "\u0435": "e", "\u043e": "o", "\u0440": "p", "\u0441": "c", "\u0443": "y", "\u0445": "x",
    "\u0456": "i", "\u0458": "j", "\u0455": "s", "\u0501": "d", "\u04bb": "h", "\u051b": "q", "\u051d": "w",
    "\u03bf": "o", "\u03bd": "v", "\u03b1": "a", "\u03b9": "i", "\u03c1": "p", "\u03c5": "u", "\u03ba": "k",
    "\u0131": "i", "\u0237": "j", "\u017f": "f", "\u0251": "a", "\u0261": "g", "\u0269": "i", "\u2113": "l",
}  # fmt: skip


def strange_letters(text: str) -> list[tuple[int, str]]:
    """Return such letters of a name with their places, counted from 1."""
    return [(place, char) for place, char in enumerate(text, 1) if _is_strange(char)]


def _is_strange(char: str) -> bool:
    return char in _LOOKALIKE_LATIN or (char.isalpha() and not unicodedata.name(char, "").startswith("LATIN"))


def named_letters(strange: Sequence[tuple[int, str]]) -> str:
    """Return in words which letters these are, where they stand, and what each is taken for."""
    named = [
        f"U+{ord(char):04X} {unicodedata.name(char, 'UNNAMED')} as character {place}, which {_likeness(char)}"
        for place, char in strange[:_MOST_NAMED]
    ]
    more = f", and {len(strange) - _MOST_NAMED} more such letters" if len(strange) > _MOST_NAMED else ""
    return f"{'; '.join(named)}{more}"


def _likeness(char: str) -> str:
    plain = _LOOKS_LIKE.get(char.lower())
    return f"looks like the letter {plain}" if plain else "is no Latin letter"
