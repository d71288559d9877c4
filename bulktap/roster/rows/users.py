"""One cell → one user: what is repaired with a note, and what is refused with a reason.

Pure. What is refused, and why, is in `user_faults`. Repairs never change a letter: blanks around, invisible
characters, wrappings and typographic forms only.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.late_patterns import LatePattern
from bulktap.model.passes import UserRef
from bulktap.model.row_error_catalogue import about_cells
from bulktap.roster.cell_values import as_text, excel_error, quoted
from bulktap.roster.columns.column_votes import LOCAL_ENDINGS
from bulktap.roster.rows.user_faults import (
    MAX_TOTAL,
    damage,
    faults_of_name,
    leading_apostrophe,
    not_text,
    something_else,
)

if TYPE_CHECKING:
    from bulktap.model.plan import CellValue
    from bulktap.model.row_errors import RowError

_LONGEST = 1_000  # a cell with wrappings and invisible characters; what is longer is not looked at closely
_ANGLE = LatePattern(r"[^<>]*<\s*([^<>\s]+)\s*>\Z")
_SCHEME = re.compile(r"(?:mailto|smtp|sip|upn):\s*", re.IGNORECASE)
_LARGEST = 1e11  # a spreadsheet shortens numbers from there on
_LONGEST_ORDINARY = 48  # shorter than any limit of Entra's
_ORDINARY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_'-]*(?:\.[A-Za-z0-9_'-]+)*@(?:[a-z0-9]+[.-])*[a-z0-9]+\.[a-z]{2,}\Z")
_TYPOGRAPHIC = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-"})


class ParsedUser(NamedTuple):
    """A user, and what had to be done to the cell to read it."""

    user: UserRef
    notes: tuple[str, ...]
    """One sentence for each repair or doubt."""


def parse_user(cell: CellValue, domain: str | None, usual_domain: str | None = None) -> ParsedUser | RowError | None:
    """Return the user whom a cell names; None when it is empty.

    `domain` completes names that have none; `usual_domain`, that of most others in the roster, only serves as the
    example in a hint.
    """
    if isinstance(cell, str) and len(cell) <= _LONGEST_ORDINARY and _ORDINARY.match(cell):
        if not cell.endswith(LOCAL_ENDINGS):
            return ParsedUser(UserRef(cell), ())  # by far the most cells; what follows would find nothing
    elif cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if not isinstance(cell, str):
        return _of_number(cell, domain)
    if (refusal := _endless(cell) or excel_error(cell) or damage(cell)) is not None:
        return refusal
    text, notes = _repaired(cell)
    if not text or (refusal := something_else(text, cell)) is not None:
        return refusal
    return _user_of(text, cell, notes, domain, usual_domain)


def _of_number(cell: CellValue, domain: str | None) -> ParsedUser | RowError:
    """Return the user whose name is a number that a workbook keeps as one, completed with a domain."""
    text = as_text(cell)
    number = isinstance(cell, (int, float)) and not isinstance(cell, bool) and 0 < cell < _LARGEST
    if not domain or not number or not text.isdecimal():
        return not_text(cell)
    user = f"{text}@{domain.lstrip('@')}"
    return ParsedUser(UserRef(user), (f"The number {text} was read as {user}; zeros before it would be lost.",))


def _user_of(
    text: str, cell: str, notes: tuple[str, ...], domain: str | None, usual_domain: str | None
) -> ParsedUser | RowError:
    unbraced = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    if (user := UserRef(unbraced.lower())).is_object_id:
        return ParsedUser(user, notes)
    if text.startswith("'"):
        return leading_apostrophe(cell)
    if "@" not in text and domain:
        text = f"{text}@{domain.lstrip('@')}"
    refusal = faults_of_name(text, cell, usual_domain)
    return refusal if refusal is not None else ParsedUser(UserRef(text), (*notes, *_doubts(text)))


def _endless(cell: str) -> RowError | None:
    if len(cell) <= _LONGEST:
        return None
    return about_cells.user_too_long(quoted(cell.strip()), len(cell), MAX_TOTAL)


def _repaired(cell: str) -> tuple[str, tuple[str, ...]]:
    notes: list[str] = []
    text = cell.strip()
    invisible = sorted({f"U+{ord(char):04X}" for char in text if unicodedata.category(char) == "Cf"})
    if invisible:
        notes.append(f"Removed invisible {', '.join(invisible)} from the user name.")
        text = "".join(char for char in text if unicodedata.category(char) != "Cf").strip()
    if any("\uff01" <= char <= "\uff5e" for char in text):
        text = "".join(chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char for char in text)
        notes.append("Full-width characters of the user name were read as ordinary ones.")
    if (composed := unicodedata.normalize("NFC", text)) != text:
        text = composed
        notes.append("Accents of the user name were joined to their letters.")
    if (straight := text.translate(_TYPOGRAPHIC)) != text:
        text = straight
        notes.append("Typographic apostrophes or hyphens of the user name were straightened.")
    unwrapped = _unwrapped(text)
    if unwrapped != text:
        notes.append(f"{quoted(cell.strip())} was read as {quoted(unwrapped)}.")
    return unwrapped, tuple(notes)


def _unwrapped(text: str) -> str:
    angle = _ANGLE.match(text)
    if angle is not None:
        text = angle.group(1)
    text = _SCHEME.sub("", text, count=1) if _SCHEME.match(text) else text
    return text.rstrip(";,. ").strip() if "@" in text else text


def _doubts(text: str) -> tuple[str, ...]:
    doubts = []
    if not text.isascii():
        doubts.append("The user name holds letters that Microsoft does not document; it is looked up as written.")
    if text.casefold().endswith(LOCAL_ENDINGS):
        ending = text.rpartition(".")[2]
        doubts.append(f"'.{ending}' cannot be a domain of Microsoft Entra; the user will probably not be found.")
    return tuple(doubts)
