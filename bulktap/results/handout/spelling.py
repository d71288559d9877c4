"""A code spelled out by the spelling alphabet of a language, so that look-alikes and capitals are told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bulktap.results.handout.languages import LanguageTexts


class SpelledCharacter(NamedTuple):
    """One character of a code."""

    character: str
    short: str
    """For a slip: "Gustav groß"."""
    full: str
    """For a letter: "G wie Gustav, groß"."""


def spelled_out(code: str, texts: LanguageTexts) -> list[SpelledCharacter]:
    """Return the code character by character."""
    return [_spelled(character, texts) for character in code]


def _spelled(character: str, texts: LanguageTexts) -> SpelledCharacter:
    spelling = texts.spelling
    if character in "0123456789":
        word = spelling.digits[int(character)]
        return SpelledCharacter(character, word, word)
    if not (character.isascii() and character.isalpha()):
        word = spelling.symbols.get(character, character)
        return SpelledCharacter(character, word, word)
    word = spelling.letters.get(character) or spelling.letters[character.lower()]
    short, full = (spelling.short_capital, spelling.capital) if character.isupper() else ("{word}", spelling.small)
    return SpelledCharacter(character, short.format(word=word), full.format(letter=character, word=word))
