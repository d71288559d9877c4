"""Wrapping: long lines broken between words, for a terminal; pure.

A terminal by itself breaks in the middle of a word. What follows a break is indented as far as the text of its line,
and a command in backticks stays whole, so that it can be copied. Scripts that write without blanks are broken between
letters, as they are in print, where a line of them is too long.
"""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"`[^`]*`\S*|\S+")
_BEGINNING = re.compile(r"\s*(?:(?:Note|Error|Hint): +|\w+(?: \w+)? {2,})?")
"""Indentation and label, below which nothing stands."""
_LEAST = 40
"""Columns; a terminal that is narrower, or says that it has none, is left to break lines itself."""


_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})
"""Unicode's categories of marks that stand on the letter before them, and of signs that are not seen."""


def width_of(text: str) -> int:
    """Return how many columns text takes; East Asian wide letters take two, marks on other letters none."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(letter: str) -> int:
    if unicodedata.category(letter) in _NO_WIDTH:
        return 0
    return 2 if _is_wide(letter) else 1


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def wrapped(text: str, columns: int) -> str:
    """Return text whose lines take at most so many columns, as far as its words do."""
    if columns < _LEAST:
        return text
    return "\n".join(_line(line, columns) if width_of(line) > columns else line for line in text.split("\n"))


def _line(line: str, columns: int) -> str:
    begins = _BEGINNING.match(line)
    indent = begins.end() if begins else 0
    lines, current = [], line[:indent]
    pieces = [piece for word in _WORD.findall(line[indent:]) for piece in _pieces(word, columns - indent)]
    for word in pieces:
        longer = f"{current} {word}" if current.strip() and not current.endswith(" ") else current + word
        if width_of(longer) > columns and current.strip():
            lines.append(current)
            # A word that is long for the rest of the line, such as an address, stands further left.
            longer = " " * min(indent, max(0, columns - width_of(word))) + word
        current = longer
    return "\n".join([*lines, current])


def _pieces(word: str, room: int) -> list[str]:
    """Return the word, or the parts into which it may be broken where it is too long for a line of its own."""
    if width_of(word) <= room:
        return [word]
    pieces = [""]
    for before, letter in zip(" " + word, word, strict=False):
        full = width_of(pieces[-1]) + _width(letter) > room
        if full and (_is_wide(letter) or _is_wide(before)):
            pieces.append("")
        pieces[-1] += letter
    return pieces
