"""Letters that no font at hand can print, found before anything is printed.

typst falls back from font to font, and prints an empty box where none has a letter. So each letter that occurs is
set on a page of its own, and the pages with a box are the answer: the same fonts in the same order as on the sheets.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulktap.results.handout.cover_words import reason_in_words
from bulktap.results.handout.languages import texts_of
from bulktap.results.handout.pdf_text import text_runs
from bulktap.results.handout.typesetting import text_fonts, typeset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bulktap.results.handout.sheets_model import HandoutGroup, HandoutLook

_JOINS: Final = "\u200d"
_KEYCAP: Final = "\u20e3"
_CHANGES: Final = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_NO_PICTURE: Final = {"Mn", "Mc", "Me", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs"}
_SHOWN: Final = 8
"""Letters and people that a sentence names."""

_FONTS: Final[Mapping[str, tuple[str, str]]] = {
    "CJK": ("Chinese", "Noto Sans CJK SC"),
    "HIRAGANA": ("Japanese", "Noto Sans CJK JP"),
    "KATAKANA": ("Japanese", "Noto Sans CJK JP"),
    "HANGUL": ("Korean", "Noto Sans CJK KR"),
    "LATIN": ("Latin", "Noto Sans"),
    "GREEK": ("Greek", "Noto Sans"),
    "CYRILLIC": ("Cyrillic", "Noto Sans"),
    "ARABIC": ("Arabic", "Noto Sans Arabic"),
    "private": ("private", "that the person's name was typed with"),
    "newer": ("newest", "Noto Sans"),
}
"""By the first word of a letter's Unicode name; the font of any other script is called Noto Sans and the script."""
_EMOJI: Final = ("Emoji", "Noto Color Emoji")


@dataclass(frozen=True, slots=True)
class MissingGlyphs:
    """Letters of one script that cannot be printed, and for whom they would be needed."""

    script: str
    """In words: "Thai"."""
    letters: str
    names: tuple[str, ...]
    """The people, as the slips name them, in order; empty if only headings or the language need the letters."""
    font: str
    """A font that has the letters: "Noto Sans Thai"."""

    @property
    def sentence(self) -> str:
        """Say what is missing, and for whom."""
        letters = " ".join(self.letters.split()[:_SHOWN])
        people = ", ".join(self.names[:_SHOWN])
        if len(self.names) > _SHOWN:
            people += f" and {len(self.names) - _SHOWN:,} more"
        return f"No font here has the {self.script} letters {letters}" + (f", needed for {people}." if people else ".")

    @property
    def hint(self) -> str:
        """Say which font helps."""
        return f"Install the font {self.font} (it is free), or one of Windows or macOS that has {self.script} letters."


def missing_glyphs(groups: Sequence[HandoutGroup], look: HandoutLook) -> tuple[MissingGlyphs, ...]:
    """Return what the fonts of this computer cannot print of these groups, by script; empty if all is well."""
    people = [pair for group in groups for pair in _people(group, look)]
    headings = [look.organisation, look.call, look.reference, *_headings(groups), *_texts(look)]
    boxes = _boxes({letter for text in [*headings, *(text for _, text in people)] for letter in _letters(text)}, look)
    found: dict[tuple[str, str], tuple[dict[str, None], dict[str, None]]] = {}
    for name, text in [*people, *(("", heading) for heading in headings)]:
        for letter in _letters(text):
            if letter in boxes:
                letters, names = found.setdefault(_script(letter), ({}, {}))
                letters[letter] = None
                names |= {name: None} if name else {}
    return tuple(
        MissingGlyphs(script, " ".join(letters), tuple(names), font)
        for (script, font), (letters, names) in found.items()
    )


def _people(group: HandoutGroup, look: HandoutLook) -> Iterator[tuple[str, str]]:
    """Yield whom a text is about, and the text."""
    for slip in group.slips:
        yield slip.name, slip.name + slip.sign_in_name + slip.group
    for one in group.unserved:
        yield one.name, one.name + reason_in_words(one, texts_of(look.languages[0]))


def _headings(groups: Sequence[HandoutGroup]) -> Iterator[str]:
    for group in groups:
        yield group.name
        yield group.handed_to


def _texts(look: HandoutLook) -> Iterator[str]:
    for language in look.languages:
        texts, spelling = texts_of(language), texts_of(language).spelling
        yield "".join([*texts.months, *texts.weekdays, *texts.steps[look.purpose], texts.intro[look.purpose]])
        yield "".join("".join(words) for words in texts.words.values())
        yield "".join([*texts.period.values(), *texts.dates[look.paper].values()])
        yield "".join([*spelling.letters.values(), *spelling.digits, *spelling.symbols.values()])
        yield spelling.small + spelling.capital + spelling.short_capital


def _letters(text: str) -> Iterable[str]:
    """Return the letters, with the marks that change them; plain ASCII is in every font."""
    if text.isascii():
        return ()
    found: list[str] = []
    for letter in unicodedata.normalize("NFC", text):
        if found and not found[-1].isspace() and _belongs(letter, found[-1]):
            found[-1] += letter
        else:
            found.append(letter)
    return (letters for letters in found if not letters.isascii() and not letters.isspace())


def _belongs(letter: str, before: str) -> bool:
    """Return true if a character is a part of the letter before it."""
    if letter.isascii():
        return before.endswith(_JOINS)
    marks = unicodedata.category(letter)[0] == "M" or _CHANGES.match(letter) is not None
    return marks or before.endswith(_JOINS)


def _boxes(letters: set[str], look: HandoutLook) -> set[str]:
    # A mark on its own has no base to stand on, and a letter that only joins or directs others has no picture.
    ordered = sorted(letter for letter in letters if unicodedata.category(letter[0]) not in _NO_PICTURE)
    if not ordered:
        return set()
    folders = look.template.fonts if look.template else ()
    pdf = typeset("letters.typ", {"fonts": text_fonts(folders), "letters": ordered}, {}, folders)
    pages = zip(ordered, text_runs(pdf), strict=True)
    return {letter for letter, runs in pages if any(run.boxes for run in runs)}


def _script(letter: str) -> tuple[str, str]:
    """Return a letter's script in words, and a font that has it."""
    category = unicodedata.category(letter[0])
    if category == "So" or _KEYCAP in letter or 0x1F000 <= ord(letter[0]) < 0x1FB00:
        return _EMOJI
    word = unicodedata.name(letter[0], "private" if category == "Co" else "newer").split(" ")[0]
    return _FONTS.get(word, (word.title() if word.isupper() else word, f"Noto Sans {word.title()}"))
