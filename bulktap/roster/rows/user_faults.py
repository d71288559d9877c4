"""Why a cell is no user, and what to do about it, in words for somebody who has only the cell and Entra before them.

Pure. The rules are Entra's for user principal names: letters, digits and `' . - _ ! # ^ ~`, one `@` with no dot
before it, at most 64 characters before it, 48 after it, 113 in all (Microsoft Learn, "User name policies").
Everything that breaks a rule in a name is said at once, so that it is fixed at once.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.passes import UserRef
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.setting_names import Setting
from bulktap.roster.cell_values import is_placeholder, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulktap.model.plan import CellValue

MAX_TOTAL = 113
"""Characters of a user principal name."""
MOJIBAKE = re.compile(r"[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""Letters that UTF-8 turns into when it is read as Windows-1252: `MÃ¼ller`."""
WHERE = "Users > the person > User principal name"
"""Where the Entra admin center shows what a roster needs."""

_MAX_LOCAL, _MAX_DOMAIN = 64, 48
_MOST_NAMED = 3  # characters that a message points at one by one
_SHORTENED = re.compile(r"\d+(?:[.,]\d+)?E[+-]?\d+\Z", re.IGNORECASE)
_GUID_LIKE = re.compile(r"\{?[0-9a-f-]{20,40}\}?\Z", re.IGNORECASE)
_SID = re.compile(r"S-1-\d+(?:-\d+)+\Z", re.IGNORECASE)
_DISTINGUISHED = re.compile(r"(?:CN|OU|DC|UID)=", re.IGNORECASE)
_IMMUTABLE = re.compile(r"[A-Za-z0-9+/]{22}==\Z")
_ALLOWED_LOCAL = re.compile(r"[A-Za-z0-9'.\-_!#^~$]")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+\Z")
_LOOKALIKE_LATIN = frozenset("ıȷſɑɡɩʟɴʀʏℓ")
# Cyrillic, Greek and rare Latin letters and what they are taken for, by number: nobody could tell them apart.
_LOOKS_LIKE = {
    "\u0430": "a", "\u0435": "e", "\u043e": "o", "\u0440": "p", "\u0441": "c", "\u0443": "y", "\u0445": "x",
    "\u0456": "i", "\u0458": "j", "\u0455": "s", "\u0501": "d", "\u04bb": "h", "\u051b": "q", "\u051d": "w",
    "\u03bf": "o", "\u03bd": "v", "\u03b1": "a", "\u03b9": "i", "\u03c1": "p", "\u03c5": "u", "\u03ba": "k",
    "\u0131": "i", "\u0237": "j", "\u017f": "f", "\u0251": "a", "\u0261": "g", "\u0269": "i", "\u2113": "l",
}  # fmt: skip
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_TYPE = f"Write the sign-in name as Entra shows it ({WHERE}), such as anna.berg@contoso.com, or the person's object id."
_LOOK_UP = f"Look the person up in Entra ({WHERE}) and write that name."
_LETTER_LOST = f"Copy the name from Entra ({WHERE}), or export the original list again as UTF-8."
_RETYPE_NUMBER = "Format the column as text and type the user again."


class _Break(NamedTuple):
    """One rule that a name breaks: the end of a sentence about it, and the hint where there is a special one."""

    what: str
    hint: str = _TYPE


def user_fault(message: str, hint: str = _TYPE, code: RowErrorCode = RowErrorCode.USER_MALFORMED) -> RowError:
    """Return a fault of the cell that names the user."""
    return RowError(code, message, hint)


def not_text(cell: CellValue) -> RowError:
    """Return the fault of a cell that holds a number, a date, or yes or no."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= 1e11:
        message = f"{quoted(str(cell))} is a number that Excel may have shortened."
        return user_fault(message, _RETYPE_NUMBER, RowErrorCode.USER_DAMAGED)
    return user_fault(f"{quoted(str(cell))} is not a user name.")


def damage(cell: str) -> RowError | None:
    """Return the fault of a text that a program has damaged."""
    text = cell.strip()
    if "\ufffd" in text:
        place = text.index("\ufffd") + 1
        what = f"character {place} is U+FFFD, which stands for a letter that was lost"
        message = f"{quoted(text)} was damaged before it reached this file: {what}."
        return user_fault(message, _LETTER_LOST, RowErrorCode.USER_DAMAGED)
    if _SHORTENED.match(text):
        message = f"{quoted(text)} is a number that Excel has shortened."
        return user_fault(message, _RETYPE_NUMBER, RowErrorCode.USER_DAMAGED)
    if (found := MOJIBAKE.search(text)) is not None:
        message = f"{quoted(text)} looks like text that an earlier conversion damaged, at {quoted(found.group())}."
        return user_fault(message, _LETTER_LOST, RowErrorCode.USER_DAMAGED)
    if (bidi := next((char for char in text if char in _BIDI), None)) is not None:
        message = f"{quoted(text)} holds U+{ord(bidi):04X}, which reverses the order in which it is read."
        return user_fault(message, f"Delete the cell and type the name as Entra shows it ({WHERE}).")
    return None


def leading_apostrophe(cell: str) -> RowError:
    """Return the fault of a name behind an apostrophe, which is a sign to a spreadsheet and a letter to Entra."""
    message = f"{quoted(cell.strip())} begins with an apostrophe, as spreadsheets mark text."
    hint = "Delete the apostrophe. If it is part of the name, write the person's object id, as Entra shows it."
    return user_fault(message, hint, RowErrorCode.USER_DAMAGED)


def something_else(text: str, cell: str) -> RowError | None:
    """Return the fault of a cell that holds something that is not a user, by the name of what it is."""
    if is_placeholder(text):
        return user_fault(f"{quoted(text)} is not a user name.", _TYPE, RowErrorCode.USER_MISSING)
    if sum("@" in part for part in re.split(r"[;,/\s]", text)) > 1:
        message = f"{quoted(cell.strip())} holds several users."
        return user_fault(
            message, "Insert a row below, keep one name in each row, and fill in the other columns for both."
        )
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
            return user_fault(f"{quoted(text)} is {kind}, not a sign-in name of Microsoft Entra.", _LOOK_UP)
    if _GUID_LIKE.match(text) and not UserRef(text.strip("{}")).is_object_id:
        return _incomplete_id(text)
    return None


def _incomplete_id(text: str) -> RowError:
    groups = [len(group) for group in text.strip("{}").split("-")]
    found = f"{sum(groups)} digits" + (f" in groups of {'-'.join(map(str, groups))}" if len(groups) > 1 else "")
    message = f"{quoted(text)} is not a complete object id: it has {found}."
    hint = (
        "An object id has 32 digits (0 to 9, a to f) in groups of 8-4-4-4-12: copy it again from Entra "
        "(Users > the person > Object ID), or write the person's sign-in name."
    )
    return user_fault(message, hint)


def faults_of_name(text: str, cell: str, usual_domain: str | None) -> RowError | None:
    """Return all that is wrong with what should be a user principal name."""
    if len(text) > 2 * MAX_TOTAL:
        return user_fault(f"{quoted(cell.strip())} is {len(text):,} characters long; {MAX_TOTAL} are the most.")
    strange = _strange_letters(text)
    breaks = [*_structure(text, usual_domain), *_length(text)]
    if strange:
        which, it = (f"character {strange[0][0]}", "it") if len(strange) == 1 else ("these characters", "them")
        hint = f"Delete {which} and type {it} again on a Latin keyboard, or copy the name from Entra ({WHERE})."
        breaks.append(_Break(f"contains {_named_letters(strange)}", hint))
    breaks.extend(_forbidden(text, anything_strange=bool(strange)))
    if not breaks:
        return None
    message = f"{quoted(cell.strip())} {', and '.join(part.what for part in breaks)}."
    special = dict.fromkeys(part.hint for part in breaks if part.hint != _TYPE)
    code = RowErrorCode.USER_MIXED_SCRIPT if strange else RowErrorCode.USER_MALFORMED
    return user_fault(message, " ".join(special) or _TYPE, code)


def _strange_letters(text: str) -> list[tuple[int, str]]:
    """Return such letters of a name with their places, counted from 1."""
    return [(place, char) for place, char in enumerate(text, 1) if _is_strange(char)]


def _is_strange(char: str) -> bool:
    return char in _LOOKALIKE_LATIN or (char.isalpha() and not unicodedata.name(char, "").startswith("LATIN"))


def _named_letters(strange: Sequence[tuple[int, str]]) -> str:
    """Return in words which letters these are, where they stand, and what each is taken for."""
    named = [
        f"U+{ord(char):04X} {unicodedata.name(char, 'UNNAMED')} as character {place}, which {_likeness(char)}"
        for place, char in strange[:_MOST_NAMED]
    ]
    more = f", and {len(strange) - _MOST_NAMED} more such letters" if len(strange) > _MOST_NAMED else ""
    return f"{'; '.join(named)}{more}"


def _likeness(char: str) -> str:
    plain = _LOOKS_LIKE.get(char.lower())
    return f"looks like the letter {plain}" if plain else "is no Latin letter"


def _structure(text: str, usual_domain: str | None) -> Iterator[_Break]:
    local, at, name = text.partition("@")
    if (blank := re.search(r"\s", text)) is not None:
        before = f" after {quoted(text[: blank.start()])}"
        hint = f"Copy the name from Entra ({WHERE}); what belongs in place of the blank cannot be known."
        yield _Break(f"contains a blank{before}", hint)
    if not at:
        yield _Break("has no '@'", _complete(text, usual_domain))
        return
    if "@" in name:
        yield _Break("has more than one '@'", f"Keep one '@', so that the name reads as in Entra ({WHERE}).")
    if not local:
        yield _Break("has nothing before the '@'")
    if not name:
        yield _Break("has nothing after the '@'", _complete(local, usual_domain))
    if local.endswith("."):
        hint = f"Take that dot away, or copy the name from Entra ({WHERE})."
        yield _Break("has a dot immediately before the '@'", hint)
    if name and "." not in name:
        example = usual_domain if usual_domain and usual_domain.startswith(f"{name}.") else "contoso.com"
        hint = f"Write the whole domain after the '@', with its ending, such as {example}."
        yield _Break(f"has a domain without a dot: nothing follows {quoted(name)}", hint)


def _complete(local: str, usual_domain: str | None) -> str:
    """Return how a name without a domain gets one: by hand, or by the setting that does it for all of them."""
    plain = local if re.fullmatch(r"[\w.'-]+", local) else "anna.berg"
    if usual_domain is None:
        again = f"run bulktap again with {Setting.DOMAIN} and the domain"
        return f"Write the domain too, such as {plain}@contoso.com, or {again}."
    return (
        f"Write the domain too, such as {plain}@{usual_domain} if that is right, or run bulktap again with "
        f"{Setting.DOMAIN.to(usual_domain)}, which adds it to every name without one."
    )


def _length(text: str) -> Iterator[_Break]:
    local, _, name = text.partition("@")
    for part, limit, where in ((local, _MAX_LOCAL, "before the '@'"), (name, _MAX_DOMAIN, "after the '@'")):
        if len(part) > limit and "#EXT#" not in text.upper():
            yield _Break(f"has {len(part)} characters {where}; {limit} are the most")
            return
    if len(text) > MAX_TOTAL:
        yield _Break(f"has {len(text)} characters; {MAX_TOTAL} are the most")


def _forbidden(text: str, *, anything_strange: bool) -> Iterator[_Break]:
    """Return the characters that names cannot have, and a domain that cannot exist."""
    local, _, name = text.partition("@")
    found = [
        (place, char)
        for place, char in enumerate(local, 1)
        if not char.isspace() and not (char.isalpha() and not char.isascii()) and not _ALLOWED_LOCAL.match(char)
    ]
    if found:
        listed = ", ".join(f"{quoted(char)} (character {place})" for place, char in found[:_MOST_NAMED])
        what = f"contains {listed}, which is not allowed in a user name"
        if any(char == "?" for _, char in found):
            yield _Break(f"{what}: Windows PowerShell 5.1 writes ? for letters that it cannot save", _LETTER_LOST)
        else:
            yield _Break(what)
    if anything_strange or "." not in name or "@" in name or re.search(r"\s", name):
        return
    ascii_name = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()
    if not _DOMAIN.match(ascii_name) or any(not char.isalpha() for char in name if not char.isascii()):
        yield _Break(f"has the domain {quoted(name)}, which cannot exist")
