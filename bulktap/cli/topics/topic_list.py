"""The topics of `bulktap help`, and their texts."""

from __future__ import annotations

import re
from difflib import get_close_matches
from importlib.resources import files
from typing import TYPE_CHECKING

from bulktap.cli.topics import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

TOPICS = {
    "exit-codes": "How a command ended, for scripts.",
    "environment": "Every variable that is read.",
    "security": "What is kept where, and who could read it.",
    "troubleshooting": "What a message means, and what to do.",
    "roster": "The spreadsheet with the people.",
    "handout": "Giving the passes to the people.",
    "permissions": "What the app, or a person, must be allowed.",
    "for-the-security-team": "What bulktap does, and what you will see.",
}
"""Every topic, with what the list says of it; its text stands in the file of its name in `texts`."""
_FILLED_IN = re.compile(r"^\{([a-z-]+)\}$", re.MULTILINE)
_CLOSE = 0.5


def topic_text(name: str) -> str:
    """Return the text of a topic, eighty columns wide."""
    written = (files("bulktap.cli.topics") / "texts" / f"{name}.txt").read_text("utf-8")
    return _FILLED_IN.sub(lambda found: tables.TABLES[found[1]](), written)


def parts_about(text: str, words: Sequence[str]) -> str:
    """Return the paragraphs of a text in which all the words stand, capitals or not; empty where there is none.

    An entry of a table is a paragraph. A heading is none, and what stands before the first one introduces the others.
    """
    wanted = [word.casefold() for word in words]
    paragraphs = text.split("\n\n")
    first = next((place for place, one in enumerate(paragraphs) if is_heading(one)), 0)
    found = []
    for paragraph in paragraphs[first:]:
        plain = " ".join(paragraph.split()).casefold()
        if not is_heading(paragraph) and all(_has(plain, word) for word in wanted):
            found.append(paragraph.strip("\n"))
    return "\n\n".join(found) + "\n" if found else ""


def _has(text: str, word: str) -> bool:
    """Tell whether a word stands in a text, and is not only a part of another one; AADSTS goes without saying."""
    return re.search(rf"(?<![\w-])(?:aadsts)?{re.escape(word)}(?![\w-])", text) is not None


def is_heading(line: str) -> bool:
    """Tell whether a line of a text is a heading."""
    return re.fullmatch(r"[A-Z][A-Z' -]+", line) is not None


def nearest(word: str, others: Sequence[str] = ()) -> str | None:
    """Return the topic, or other word, that is most like one that is none."""
    wanted = word.casefold().replace("_", "-")
    known = [*TOPICS, *others]
    begun = [one for one in known if wanted and (one.startswith(wanted) or wanted in one.split("-"))]
    close = begun or get_close_matches(wanted, known, 1, _CLOSE)
    return close[0] if close else None
