"""Wrapping: long lines broken between words, for a terminal; pure.

A terminal by itself breaks in the middle of a word. What follows a break is indented as far as the text of its line,
a command in backticks stays whole, so that it can be copied, and so does a number with its unit. Scripts that write
without blanks are broken between letters, as they are in print, where a line of them is too long.
"""

from __future__ import annotations

import re

from bulktap.model.plain_text import is_wide, letter_width, width_of

_WORD = re.compile(r"`[^`]*`\S*|\d[\d.,]* (?:s|min|h|d)\b\S*|\S+")
_BEGINNING = re.compile(r"\s*(?:(?:Note|Error|Hint): +|\w+(?: \w+)? {2,})?")
"""Indentation and label, below which nothing stands."""
_LEAST = 40
"""Columns; a terminal that is narrower, or says that it has none, is left to break lines itself."""


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
        full = width_of(pieces[-1]) + letter_width(letter) > room
        if full and (is_wide(letter) or is_wide(before)):
            pieces.append("")
        pieces[-1] += letter
    return pieces
