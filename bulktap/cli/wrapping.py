"""Wrapping: long lines broken between words, for a terminal; pure.

A terminal by itself breaks in the middle of a word. What follows a break is indented as far as the text of its line,
and a command in backticks stays whole, so that it can be copied.
"""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"`[^`]*`\S*|\S+")
_BEGINNING = re.compile(r"\s*(?:(?:Note|Error|Hint): +|\w+ {2,})?")
"""Indentation and label, below which nothing stands."""
_LEAST = 40
"""Columns; a terminal that is narrower, or says that it has none, is left to break lines itself."""


def width_of(text: str) -> int:
    """Return how many columns text takes; East Asian wide letters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def wrapped(text: str, columns: int) -> str:
    """Return text whose lines take at most so many columns, as far as its words do."""
    if columns < _LEAST:
        return text
    return "\n".join(_line(line, columns) if width_of(line) > columns else line for line in text.split("\n"))


def _line(line: str, columns: int) -> str:
    begins = _BEGINNING.match(line)
    indent = begins.end() if begins else 0
    lines, current = [], line[:indent]
    for word in _WORD.findall(line[indent:]):
        longer = f"{current} {word}" if current.strip() and not current.endswith(" ") else current + word
        if width_of(longer) > columns and current.strip():
            lines.append(current)
            longer = " " * indent + word
        current = longer
    return "\n".join([*lines, current])
