"""Why a cell is no user, and what to do about it, in words for somebody who has only the cell and Entra before them.

Pure. The rules are Entra's for user principal names: letters, digits and `' . - _ ! # ^ ~`, one `@` with no dot
before it, at most 64 characters before it, 48 after it, 113 in all (Microsoft Learn, "User name policies").
Everything that breaks a rule in a name is said at once, so that it is fixed at once.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.late_patterns import LatePattern
from bulktap.model.passes import UserRef
from bulktap.model.row_error_catalogue import about_cells
from bulktap.model.row_error_catalogue.about_cells import COPY_FROM_ENTRA, WHERE_IN_ENTRA, WRITE_USER
from bulktap.model.setting_names import Setting
from bulktap.roster.cell_values import is_placeholder, is_shortened_number, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulktap.model.plan import CellValue
    from bulktap.model.row_errors import RowError

MAX_TOTAL = 113
"""Characters of a user principal name."""
MOJIBAKE = LatePattern(r"[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
"""Letters that UTF-8 turns into when it is read as Windows-1252: `MÃ¼ller`."""

_MAX_LOCAL, _MAX_DOMAIN = 64, 48
_MOST_NAMED = 3  # characters that a message points at one by one
_GUID_LIKE = LatePattern(r"\{?[0-9a-f-]{20,40}\}?\Z", re.IGNORECASE)
_SID = LatePattern(r"S-1-\d+(?:-\d+)+\Z", re.IGNORECASE)
_DISTINGUISHED = LatePattern(r"(?:CN|OU|DC|UID)=", re.IGNORECASE)
_IMMUTABLE = LatePattern(r"[A-Za-z0-9+/]{22}==\Z")
_ALLOWED_LOCAL = LatePattern(r"[A-Za-z0-9'.\-_!#^~$]")
_DOMAIN = LatePattern(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+\Z")
_LOOKALIKE_LATIN = frozenset("ıȷſɑɡɩʟɴʀʏℓ")
# Cyrillic, Greek and rare Latin letters and what they are taken for, by number: nobody could tell them apart.
_LOOKS_LIKE = {
    "\u0430": "a", "\u0435": "e", "\u043e": "o", "\u0440": "p", "\u0441": "c", "\u0443": "y", "\u0445": "x",
    "\u0456": "i", "\u0458": "j", "\u0455": "s", "\u0501": "d", "\u04bb": "h", "\u051b": "q", "\u051d": "w",
    "\u03bf": "o", "\u03bd": "v", "\u03b1": "a", "\u03b9": "i", "\u03c1": "p", "\u03c5": "u", "\u03ba": "k",
    "\u0131": "i", "\u0237": "j", "\u017f": "f", "\u0251": "a", "\u0261": "g", "\u0269": "i", "\u2113": "l",
}  # fmt: skip
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class _Break(NamedTuple):
    """One rule that a name breaks: the end of a sentence about it, and the hint where there is a special one."""

    what: str
    hint: str = WRITE_USER


def not_text(cell: CellValue) -> RowError:
    """Return the fault of a cell that holds a number, a date, or yes or no."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= 1e11:
        return about_cells.shortened_number(quoted(str(cell)), certain=False)
    return about_cells.not_a_user(quoted(str(cell)))


def damage(cell: str) -> RowError | None:
    """Return the fault of a text that a program has damaged."""
    text = cell.strip()
    if "\ufffd" in text:
        return about_cells.lost_letter(quoted(text), text.index("\ufffd") + 1)
    if is_shortened_number(text):
        return about_cells.shortened_number(quoted(text), certain=True)
    if (found := MOJIBAKE.search(text)) is not None:
        return about_cells.damaged_letters(quoted(text), quoted(found.group()))
    if (bidi := next((char for char in text if char in _BIDI), None)) is not None:
        return about_cells.reversed_user(quoted(text), bidi)
    return None


def leading_apostrophe(cell: str) -> RowError:
    """Return the fault of a name behind an apostrophe, which is a sign to a spreadsheet and a letter to Entra."""
    return about_cells.leading_apostrophe(quoted(cell.strip()))


def something_else(text: str, cell: str) -> RowError | None:
    """Return the fault of a cell that holds something that is not a user, by the name of what it is."""
    if is_placeholder(text):
        return about_cells.user_placeholder(quoted(text))
    if sum("@" in part for part in re.split(r"[;,/\s]", text)) > 1:
        return about_cells.several_users(quoted(cell.strip()))
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
            return about_cells.local_name(quoted(text), kind)
    if _GUID_LIKE.match(text) and not UserRef(text.strip("{}")).is_object_id:
        return _incomplete_id(text)
    return None


def _incomplete_id(text: str) -> RowError:
    groups = [len(group) for group in text.strip("{}").split("-")]
    found = f"{sum(groups)} digits" + (f" in groups of {'-'.join(map(str, groups))}" if len(groups) > 1 else "")
    return about_cells.incomplete_object_id(quoted(text), found)


def faults_of_name(text: str, cell: str, usual_domain: str | None) -> RowError | None:
    """Return all that is wrong with what should be a user principal name."""
    if len(text) > 2 * MAX_TOTAL:
        return about_cells.user_too_long(quoted(cell.strip()), len(text), MAX_TOTAL)
    strange = _strange_letters(text)
    breaks = [*_structure(text, usual_domain), *_length(text)]
    if strange:
        which, it = (f"character {strange[0][0]}", "it") if len(strange) == 1 else ("these characters", "them")
        hint = (
            f"Delete {which} and type {it} again on a Latin keyboard, or copy the name from Entra ({WHERE_IN_ENTRA})."
        )
        breaks.append(_Break(f"contains {_named_letters(strange)}", hint))
    breaks.extend(_forbidden(text, anything_strange=bool(strange)))
    if not breaks:
        return None
    message = f"{quoted(cell.strip())} {', and '.join(part.what for part in breaks)}."
    special = dict.fromkeys(part.hint for part in breaks if part.hint != WRITE_USER)
    hint = " ".join(special) or WRITE_USER
    return about_cells.strange_letters(message, hint) if strange else about_cells.user_malformed(message, hint)


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
        hint = f"Copy the name from Entra ({WHERE_IN_ENTRA}); what belongs in place of the blank cannot be known."
        yield _Break(f"contains a blank{before}", hint)
    if not at:
        yield _Break("has no '@'", _complete(text, usual_domain))
        return
    if "@" in name:
        yield _Break("has more than one '@'", f"Keep one '@', so that the name reads as in Entra ({WHERE_IN_ENTRA}).")
    if not local:
        yield _Break("has nothing before the '@'")
    if not name:
        yield _Break("has nothing after the '@'", _complete(local, usual_domain))
    if local.endswith("."):
        hint = f"Take that dot away, or copy the name from Entra ({WHERE_IN_ENTRA})."
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
            yield _Break(f"{what}: Windows PowerShell 5.1 writes ? for letters that it cannot save", COPY_FROM_ENTRA)
        else:
            yield _Break(what)
    if anything_strange or "." not in name or "@" in name or re.search(r"\s", name):
        return
    ascii_name = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()
    if not _DOMAIN.match(ascii_name) or any(not char.isalpha() for char in name if not char.isascii()):
        yield _Break(f"has the domain {quoted(name)}, which cannot exist")
