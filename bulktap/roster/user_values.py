"""One cell → one user: what is repaired with a note, and what is refused with a reason.

Pure. The rules are Entra's for user principal names: letters, digits and `' . - _ ! # ^ ~`, one `@` with no dot
before it, at most 64 characters before it, 48 after it, 113 in all (Microsoft Learn, "User name policies").
Repairs never change a letter: blanks around, invisible characters, wrappings and typographic forms only.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.passes import UserRef
from bulktap.roster.values import excel_error, shown
from bulktap.row_errors import RowError, RowErrorCode

if TYPE_CHECKING:
    from bulktap.plan import CellValue

_MAX_LOCAL, _MAX_DOMAIN, _MAX_TOTAL = 64, 48, 113
_LONGEST = 1_000  # a cell with wrappings and invisible characters; what is longer is not looked at closely
_PLACEHOLDERS = frozenset({"n/a", "na", "none", "null", "nil", "-", "--", ".", "tbd", "tba", "?", "??", "unknown", "x"})
_SHORTENED = re.compile(r"\d+(?:[.,]\d+)?E[+-]?\d+\Z", re.IGNORECASE)
_GUID_LIKE = re.compile(r"\{?[0-9a-f-]{20,40}\}?\Z", re.IGNORECASE)
_SID = re.compile(r"S-1-\d+(?:-\d+)+\Z", re.IGNORECASE)
_DISTINGUISHED = re.compile(r"(?:CN|OU|DC|UID)=", re.IGNORECASE)
_IMMUTABLE = re.compile(r"[A-Za-z0-9+/]{22}==\Z")
_ANGLE = re.compile(r"[^<>]*<\s*([^<>\s]+)\s*>\Z")
_SCHEME = re.compile(r"(?:mailto|smtp|sip|upn):\s*", re.IGNORECASE)
_ALLOWED_LOCAL = re.compile(r"[A-Za-z0-9'.\-_!#^~$]")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+\Z")
_ORDINARY = re.compile(r"[A-Za-z0-9_'-]+(?:\.[A-Za-z0-9_'-]+)*@(?:[a-z0-9]+[.-])*[a-z0-9]+\.[a-z]{2,}\Z")
_LOCAL_ENDINGS = (".local", ".lan", ".internal", ".corp")
MOJIBAKE = re.compile(r"[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""Letters that UTF-8 turns into when it is read as Windows-1252: `MÃ¼ller`."""
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_TYPOGRAPHIC = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-"})
_LOOKALIKE_LATIN = frozenset("ıȷſɑɡɩʟɴʀʏℓ")
_TYPE_UPN = "Write the sign-in name as Entra shows it, such as anna.berg@contoso.com, or the object id."
_COPY_AGAIN = "Copy the sign-in name again from the Microsoft Entra admin center."


@dataclass(frozen=True, slots=True)
class FoundUser:
    """A user, and what had to be done to the cell to read it."""

    user: UserRef
    notes: tuple[str, ...]
    """One sentence for each repair or doubt."""


def parse_user(cell: CellValue, domain: str | None) -> FoundUser | RowError | None:
    """Return the user whom a cell names; None when it is empty."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if not isinstance(cell, str):
        return _not_text(cell)
    if len(cell) <= _MAX_DOMAIN and _ORDINARY.match(cell) and not cell.endswith(_LOCAL_ENDINGS):
        return FoundUser(UserRef(cell), ())  # by far the most cells; what follows would find nothing
    if (fault := _endless(cell) or excel_error(cell) or _damaged(cell)) is not None:
        return fault
    text, notes = _repaired(cell)
    if not text or (fault := _something_else(text, cell)) is not None:
        return fault
    return _user_of(text, cell, domain, notes)


def _user_of(text: str, cell: str, domain: str | None, notes: tuple[str, ...]) -> FoundUser | RowError:
    unbraced = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    if (user := UserRef(unbraced.lower())).is_object_id:
        return FoundUser(user, notes)
    if "@" not in text and domain:
        text = f"{text}@{domain.lstrip('@')}"
    fault = _malformed(text, cell)
    return fault if fault is not None else FoundUser(UserRef(text), (*notes, *_doubts(text)))


def _fault(message: str, hint: str = _TYPE_UPN, code: RowErrorCode = RowErrorCode.USER_MALFORMED) -> RowError:
    return RowError(code, message, hint)


def _not_text(cell: CellValue) -> RowError:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= 1e11:
        message = f"{shown(str(cell))} is a number that Excel may have shortened."
        return _fault(message, "Format the column as text and type the user again.", RowErrorCode.USER_DAMAGED)
    return _fault(f"{shown(str(cell))} is not a user name.")


def _endless(cell: str) -> RowError | None:
    if len(cell) <= _LONGEST:
        return None
    return _fault(f"{shown(cell.strip())} is {len(cell):,} characters long; {_MAX_TOTAL} are the most.")


def _damaged(cell: str) -> RowError | None:
    text = cell.strip()
    if "\ufffd" in text:
        message = f"{shown(text)} was damaged before it reached this file: it holds U+FFFD."
        return _fault(message, _COPY_AGAIN, RowErrorCode.USER_DAMAGED)
    if _SHORTENED.match(text):
        message = f"{shown(text)} is a number that Excel has shortened."
        return _fault(message, "Format the column as text and type the user again.", RowErrorCode.USER_DAMAGED)
    if MOJIBAKE.search(text):
        message = f"{shown(text)} looks like text that an earlier conversion damaged."
        return _fault(message, _COPY_AGAIN, RowErrorCode.USER_DAMAGED)
    if (bidi := next((char for char in text if char in _BIDI), None)) is not None:
        message = f"{shown(text)} holds U+{ord(bidi):04X}, which reverses the order in which it is read."
        return _fault(message, _COPY_AGAIN)
    return None


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
        notes.append(f"{shown(cell.strip())} was read as {shown(unwrapped)}.")
    return unwrapped, tuple(notes)


def _unwrapped(text: str) -> str:
    angle = _ANGLE.match(text)
    if angle is not None:
        text = angle.group(1)
    text = _SCHEME.sub("", text, count=1) if _SCHEME.match(text) else text
    return text.rstrip(";,. ").strip() if "@" in text else text


def _something_else(text: str, cell: str) -> RowError | None:
    """Return the fault of a cell that holds something that is not a user, by the name of what it is."""
    if text.casefold() in _PLACEHOLDERS:
        return _fault(f"{shown(text)} is not a user name.", _TYPE_UPN, RowErrorCode.USER_MISSING)
    if text.count("@") > 1 and re.search(r"[;,/\s]", text):
        return _fault(f"{shown(cell.strip())} holds several users.", "Give each person a row of their own.")
    if "@" in text:
        return None
    kinds = (
        (_DISTINGUISHED.match(text), "a distinguished name of the local directory"),
        (_SID.match(text), "a security identifier (SID) of the local directory"),
        (_IMMUTABLE.match(text), "an immutable id of the local directory"),
        ("\\" in text or None, "a Windows logon name"),
    )
    for match, kind in kinds:
        if match is not None:
            return _fault(f"{shown(text)} is {kind}.")
    if _GUID_LIKE.match(text) and not UserRef(text.strip("{}")).is_object_id:
        return _fault(f"{shown(text)} is not a complete object id.", "An object id has 32 digits in five groups.")
    return None


def _malformed(text: str, cell: str) -> RowError | None:
    local, at, name = text.partition("@")
    broken: tuple[tuple[bool, str, str], ...] = (
        (len(text) > 2 * _MAX_TOTAL, f"is {len(text):,} characters long; {_MAX_TOTAL} are the most", _TYPE_UPN),
        (re.search(r"\s", text) is not None, "contains a blank", _TYPE_UPN),
        (not at, "has no '@'", "Write the domain too, or say --domain for all such names."),
        ("@" in name, "has more than one '@'", _TYPE_UPN),
        (not local, "has nothing before the '@'", _TYPE_UPN),
        (not name, "has nothing after the '@'", _TYPE_UPN),
    )
    for applies, what, hint in broken:
        if applies:
            return _fault(f"{shown(cell.strip())} {what}.", hint)
    if (strange := _strange_letter(text)) is not None:
        return strange
    if local.endswith("."):
        return _fault(f"{shown(text)} has a dot immediately before the '@'.")
    return _too_long(text, local, name) or _not_allowed(text, local, name)


def _strange_letter(text: str) -> RowError | None:
    for char in text:
        if char in _LOOKALIKE_LATIN or (char.isalpha() and not unicodedata.name(char, "").startswith("LATIN")):
            named = f"U+{ord(char):04X} {unicodedata.name(char, 'UNNAMED')}"
            message = f"{shown(text)} contains {named}, which is easily taken for another letter."
            return _fault(message, "Type the name again on a Latin keyboard.", RowErrorCode.USER_MIXED_SCRIPT)
    return None


def _too_long(text: str, local: str, name: str) -> RowError | None:
    for part, limit, what in ((local, _MAX_LOCAL, "before the '@'"), (name, _MAX_DOMAIN, "after the '@'")):
        if len(part) > limit and "#EXT#" not in text.upper():
            return _fault(f"{shown(text)} has {len(part)} characters {what}; {limit} are the most.")
    if len(text) > _MAX_TOTAL:
        return _fault(f"{shown(text)} has {len(text)} characters; {_MAX_TOTAL} are the most.")
    return None


def _not_allowed(text: str, local: str, name: str) -> RowError | None:
    for char in local:
        accented = char.isalpha() and not char.isascii()
        if not accented and not _ALLOWED_LOCAL.match(char):
            cause = " Windows PowerShell 5.1 writes ? for letters that it cannot save." if char == "?" else ""
            return _fault(f"{shown(text)} contains {shown(char)}, which is not allowed in a user name.{cause}")
    ascii_name = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()
    if "." not in name:
        return _fault(f"{shown(text)} has a domain without a dot.")
    if not _DOMAIN.match(ascii_name) or any(not char.isalpha() for char in name if not char.isascii()):
        return _fault(f"{shown(text)} has the domain {shown(name)}, which cannot exist.")
    return None


def _doubts(text: str) -> tuple[str, ...]:
    doubts = []
    if not text.isascii():
        doubts.append("The user name holds letters that Microsoft does not document; it is looked up as written.")
    if text.casefold().endswith(_LOCAL_ENDINGS):
        ending = text.rpartition(".")[2]
        doubts.append(f"'.{ending}' cannot be a domain of Microsoft Entra; the user will probably not be found.")
    return tuple(doubts)
