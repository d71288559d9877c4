"""Other people's words, how their bytes are read and how wide they are; words that agree with a count; pure."""

from __future__ import annotations

import codecs
import unicodedata

_LONGEST_QUOTE = 300
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""What editors put in front of text, and the encoding of what follows."""
_TAKE_THE_MARK_OFF = {
    "utf-8": "utf-8-sig",
    "utf-16-le": "utf-16",
    "utf-16-be": "utf-16",
    "utf-32-le": "utf-32",
    "utf-32-be": "utf-32",
}
"""Python's codecs that read the mark too, and leave it away."""
_NO_PICTURE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})
"""Unicode's categories of marks that stand on the letter before them, and of signs that are not seen."""


def marked_encoding(data: bytes) -> str:
    """Return the encoding that a byte order mark in front of text tells; UTF-8 where there is none.

    Editors of Windows write marks, and PowerShell 5.1 writes UTF-16 with one when output is redirected with `>`.
    """
    marked = (encoding for mark, encoding in BYTE_ORDER_MARKS if data.startswith(mark))
    return next((_TAKE_THE_MARK_OFF[encoding] for encoding in marked), "utf-8")


def one_line(text: str, longest: int = _LONGEST_QUOTE) -> str:
    """Return somebody else's words on one line, without control characters and not too long."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:longest]


def in_print(text: str) -> str:
    """Return a text as it is printed: on one line, with single blanks for gaps and characters that have no picture.

    What joins or directs letters stays: names in some scripts are written with it.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    plain = "".join(" " if unicodedata.category(letter) in _NO_PICTURE else letter for letter in text)
    return " ".join(plain.split())


def without_accents(text: str) -> str:
    """Return text with each letter in its plain form, and without the marks that stand on letters."""
    return "".join([letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)])


def in_number(count: int, one: str, several: str) -> str:
    """Return a count with the words that agree with it: `1 row has`, `1,200 rows have`."""
    return f"{count:,} {one if count == 1 else several}"


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
