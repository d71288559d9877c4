"""One cell → text, an error of Excel, yes or no; what every room that looks into cells has in common.

Users, start times and lifetimes are read in `rows`. A function that judges a cell returns the value, None for an empty
cell, or a `RowError` without a heading, which the caller adds.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from bulktap.model.late_patterns import LatePattern
from bulktap.model.passes import is_guid
from bulktap.model.row_error_catalogue import about_cells

if TYPE_CHECKING:
    from bulktap.model.plan import CellValue
    from bulktap.model.row_errors import RowError


class Duration(str):
    """A length of time as a workbook keeps one, such as `30:00:00`; unlike a text of that form it is no time of day."""

    __slots__ = ()


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(words.split())


_SHOWN_CHARACTERS = 60
_OBJECT_ID_LENGTH = 36
_EXCEL_ERROR = LatePattern(
    r"#(?:N/[ABD]|NV|GETTING_DATA|[¡¿]?[^\W\d_]{2,20}(?:/0)?\s?[!?])\Z|Err:\d{3}\Z",  # the last one is LibreOffice's
    re.IGNORECASE,
)
_SHORTENED = LatePattern(r"\d(?:[.,]\d+)?E\+?\d{2,}\Z", re.IGNORECASE)
"""One digit before the point and two in the exponent at least, as spreadsheets write it: `7e3` may be a user name."""
_YES = word_set(
    "yes y true 1 x $true ja j wahr oui o vrai sí si s verdadero waar sim verdadeiro sì vero はい ○ ◯ ✓ ✔ ☑"
    " tak ano áno igen kyllä evet да ναι 是 예 네"
)
_NO = word_set(
    "no n false 0 $false nein falsch non faux falso nee onwaar não nao いいえ × ✗ ✘ ☐"
    " nie ne nej nei nem ei hayır hayir нет όχι 否 아니오 아니요"
)
_YES_PHRASES = frozenset({"one-time", "one time", "onetime", "once", "einmalig", "single use", "eenmalig"})
_NO_PHRASES = frozenset({"multi-use", "multi use", "multiuse", "multiple", "mehrfach"})
_PLACEHOLDERS = word_set("n/a na none null nil - -- . tbd tba ? ?? unknown x")


def as_text(cell: CellValue) -> str:
    """Return a cell as a person reads it: stripped, composed, without invisible characters."""
    if type(cell) is str and cell.isascii() and cell.isprintable():
        return cell.strip()  # by far the most cells; the rest of this function would change nothing
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    text = "".join(char for char in str(cell) if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFC", text).strip()


def is_shortened_number(text: str) -> bool:
    """Return true for a number whose last digits a spreadsheet has given up: `1.23E+11`."""
    return _SHORTENED.match(text.strip()) is not None


def quoted(text: str) -> str:
    """Return a value for a message: invisible characters as U+200B, and shortened."""
    short = text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
    visible = (char if char == " " or char.isprintable() else f"[U+{ord(char):04X}]" for char in short)
    return "'" + "".join(visible) + "'"


def is_placeholder(text: str) -> bool:
    """Return true if a text stands for nobody: nothing at all, or `n/a`, `none`, `-`, `TBD` and the like."""
    word = text.strip()
    return not word or word.casefold() in _PLACEHOLDERS


def is_object_id(text: str) -> bool:
    """Return true if a text is an object id, perhaps in braces and between blanks, and nothing else."""
    if len(text) < _OBJECT_ID_LENGTH:
        return False
    return is_guid(text.strip().removeprefix("{").removesuffix("}"))


def excel_error(cell: CellValue) -> RowError | None:
    """Return the fault of a cell that holds `#N/A` or a similar error, or a formula that has no result yet."""
    if not isinstance(cell, str):
        return None
    text = cell.strip()
    if not text.startswith(("#", "=", "Err:")):
        return None
    if _EXCEL_ERROR.match(text):
        return about_cells.excel_error(text, found_nothing=text.upper() in {"#N/A", "#NV", "#N/D", "#N/B"})
    if text.startswith("=") and len(text) > 1:
        return about_cells.formula_without_result(quoted(text))
    return None


def parse_yes_no(cell: CellValue) -> bool | RowError | None:
    """Return whether a cell says yes, in many languages."""
    if isinstance(cell, bool):
        return cell
    if (fault := excel_error(cell)) is not None:
        return fault
    text = as_text(cell).casefold()
    if not text:
        return None
    if text in _YES or text in _YES_PHRASES:
        return True
    if text in _NO or text in _NO_PHRASES:
        return False
    return about_cells.one_time_malformed(quoted(str(cell)))
