"""What one heading means, by its words alone.

Pure. Whether the values of the column agree is decided in `column_choice`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from bulktap.model.report_headings import ErrorHeading
from bulktap.roster.columns.aliases import (
    ADDRESS_PARTS,
    BESIDE_LOGINS,
    IDENTITY,
    LOGIN_PARTS,
    MORE_PERSON_WORDS,
    OTHER_PERSON_STEMS,
    OTHER_PERSON_WORDS,
    OTHER_PROPERTIES,
    OWN_ADDRESS_WORDS,
    PAST_WORDS,
    PLATFORM_WORDS,
    PROPERTIES,
    SECRET_PARTS,
    UPN_PARTS,
    WORDS,
    Meaning,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST = 250  # characters of a heading that are looked at
_REQUIRED = r"required|obligatoire|obligatorio|obbligatorio|erforderlich|verplicht|obrigatório|必須"
_REQUIRED_WORDS = tuple(_REQUIRED.split("|"))
_SUFFIX = re.compile(rf"(?:\s*(?:\*|:|\(?(?:{_REQUIRED})\)?))+\s*$")
_PREFIX = re.compile(r"^\s*(?:\[\d+\]|(?:stu|student|students|users|staff|individual)\.)\s*", re.IGNORECASE)
_BRACKET = re.compile(r"\[([^\[\]]*)\]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_IN_BRACKETS = re.compile(r"(.+?)[(（](.+?)[)）]\W*")
_BLANKS = re.compile(r"[\s\-_./()（）]+")


def normalise(heading: str) -> str:
    """Return the heading as it is compared: no case, marks of omission, invisible characters or hyphens."""
    text = heading[:_LONGEST]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(char for char in text if unicodedata.category(char) != "Cf").replace("’", "'")
    text = _SUFFIX.sub("", _CAMEL.sub(" ", text).casefold())
    return _BLANKS.sub(" ", text).strip()


def squeeze(heading: str) -> str:
    """Return the normalised heading without blanks: `userPrincipalName` and `User principal name` are the same."""
    bare = heading.replace(" ", "")
    if (
        len(heading) <= _LONGEST
        and bare.isascii()
        and bare.isalnum()
        and bare.islower()
        and not bare.endswith(_REQUIRED_WORDS)
    ):
        return bare  # as nearly all known words are, of which there are a thousand
    return normalise(heading).replace(" ", "")


@cache
def _dictionary() -> dict[str, frozenset[Meaning]]:
    meanings: dict[str, set[Meaning]] = {}
    for meaning, words in WORDS.items():
        for word in re.split(r"[|\n]", words):
            if key := squeeze(word):
                meanings.setdefault(key, set()).add(meaning)
    return {key: frozenset(found) for key, found in meanings.items()}


@cache
def _bare_words() -> frozenset[str]:
    words = (word for listed in WORDS.values() for word in re.split(r"[|\n]", listed))
    return frozenset(key for word in words if (key := _bare(word)))


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def may_be_heading(text: str) -> bool:
    """Return true if a cell could be a known heading: a quick look, for cells of any number of rows."""
    return _bare(text[:_LONGEST]) in _bare_words()


@cache
def rank_of_word(meaning: Meaning) -> dict[str, int]:
    """Return the place of each word under a meaning; the earlier word is the better one."""
    keys = [squeeze(word) for word in re.split(r"[|\n]", WORDS[meaning])]
    return {key: place for place, key in reversed(list(enumerate(keys)))}


@cache
def meanings_of(heading: str) -> frozenset[Meaning]:
    """Return everything a heading can stand for; empty when it is unknown.

    A Graph property in square brackets settles the matter, then the lists of columns that are never read or never
    name the user, then the dictionary.
    """
    heading = heading[:_LONGEST]
    for bracket in _BRACKET.findall(heading):
        key = squeeze(bracket)
        if key in PROPERTIES:
            return frozenset({PROPERTIES[key]})
        if key in OTHER_PROPERTIES:
            return frozenset()
    plain = _BRACKET.sub(" ", heading) if _BRACKET.sub("", heading).strip() else heading
    key = squeeze(plain)
    if any(part in key for part in SECRET_PARTS):
        return frozenset({Meaning.NEVER_READ})
    found = _dictionary().get(key) or _dictionary().get(squeeze(_PREFIX.sub("", plain))) or _said_twice(plain)
    if Meaning.NEVER_READ in found:
        return frozenset({Meaning.NEVER_READ})
    if _names_somebody_else(plain):
        return frozenset({Meaning.NEVER_IDENTITY})
    return found


def _said_twice(heading: str) -> frozenset[Meaning]:
    """Return what a heading means before its brackets and in them alike: `User Principal Name (UPN)`."""
    parts = _IN_BRACKETS.fullmatch(heading)
    if parts is None:
        return frozenset()
    before, within = (_dictionary().get(squeeze(part), frozenset()) for part in parts.groups())
    return before & within


def _words(heading: str) -> list[str]:
    words = re.sub(r"\d+", " ", normalise(heading)).replace("'s ", " ")
    for name in ("user principal", "person principal"):  # which is not the head of a school
        words = words.replace(name, name.replace(" ", ""))
    return words.split()


@cache
def speaks_of_others(heading: str) -> bool:
    """Return true if a heading has a word for other people, such as parents or teachers, whatever else it says."""
    words = _words(heading[:_LONGEST])
    if not (OTHER_PERSON_WORDS | MORE_PERSON_WORDS).isdisjoint(words):
        return True
    key = "".join(words)
    return any(stem in key for stem in OTHER_PERSON_STEMS)


def speaks_of_the_past(heading: str) -> bool:
    """Return true if a heading says that what stands below it is no longer used: `Old UPN`."""
    return not PAST_WORDS.isdisjoint(_words(heading[:_LONGEST]))


@cache
def suggested_meaning(heading: str) -> Meaning | None:
    """Return what a heading that is in no dictionary can say of the user by a word that it contains.

    `Participant ID (UPN)` speaks of user principal names, `M365-Anmeldename` of sign-in names; of mail speaks one whose
    every word does, or says that it is the person's own.
    """
    heading = heading[:_LONGEST]
    if meanings_of(heading) or speaks_of_others(heading):
        return None
    words = _words(heading)
    key = "".join(words)
    if "upn" in words or any(name in key for name in UPN_PARTS):
        return Meaning.UPN
    if not PLATFORM_WORDS.isdisjoint(normalise(heading).split()) or any(name in key for name in LOGIN_PARTS):
        return Meaning.LOGIN
    core = [word for word in words if word not in BESIDE_LOGINS]
    if core and len(core) < len(words) and not meanings_of(" ".join(core)).isdisjoint({Meaning.UPN, Meaning.LOGIN}):
        return Meaning.LOGIN
    if OWN_ADDRESS_WORDS.issuperset(words) and any(part in key for part in ADDRESS_PARTS):
        return Meaning.MAIL
    return None


def _names_somebody_else(heading: str) -> bool:
    key = "".join(_words(heading))
    if not _dictionary().get(key, frozenset()).isdisjoint(IDENTITY) or not any(part in key for part in ADDRESS_PARTS):
        return False
    return not OTHER_PERSON_WORDS.isdisjoint(_words(heading)) or any(stem in key for stem in OTHER_PERSON_STEMS)


def added_by_report(headings: Sequence[str]) -> frozenset[str]:
    """Return the headings, in small letters, that bulktap's error report has added to a roster; none in other files."""
    ours = [heading.casefold() for heading in ErrorHeading]
    found = {heading.casefold() for heading in headings}
    return frozenset(ours) if found.issuperset(ours[:-1]) else frozenset()


def names_user(heading: str) -> bool:
    """Return true if the heading, by its words, can name the user."""
    return not meanings_of(heading).isdisjoint(IDENTITY)


def is_dropped(heading: str) -> bool:
    """Return true if the column is dropped as it is read: passwords and the like, birth dates, health and origin."""
    return not meanings_of(heading).isdisjoint({Meaning.NEVER_READ, Meaning.NEVER_COPY})
