"""The languages of hand-outs, each a text file of the folder `texts`.

All files have the same keys and the same words in braces, so that a language is added by translating one file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bulktap.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LANGUAGES = ("en", "de", "fr", "es", "nl", "pl", "tr", "ar")
"""By the names that the setting takes."""
MOST_LANGUAGES = 2
"""On one slip; a third would leave no room for the code."""

_TEXTS = Path(__file__).with_name("texts")


@dataclass(frozen=True, slots=True)
class LanguageTexts:
    """The texts of one language; the fields are the tables of its file."""

    code: str
    language: str
    """Its own name for itself."""
    direction: str
    """"ltr" or "rtl"."""
    months: Sequence[str]
    weekdays: Sequence[str]
    """From Monday on."""
    dates: Mapping[str, Mapping[str, str]]
    """How dates and times are written, by paper: Letter is the paper of countries with another custom."""
    period: Mapping[str, str]
    intro: Mapping[str, str]
    steps: Mapping[str, Sequence[str]]
    words: Mapping[str, str | Sequence[str]]
    reasons: Mapping[str, str]
    """Why somebody has no slip, by the names of `reasons.NoSlip`."""
    spelling: Spelling


@dataclass(frozen=True, slots=True)
class Spelling:
    """How codes are spelled out in a language."""

    small: str
    capital: str
    short_capital: str
    digits: Sequence[str]
    letters: Mapping[str, str]
    symbols: Mapping[str, str]


@cache
def texts_of(code: str) -> LanguageTexts:
    """Return the texts of a language.

    Raises:
        UsageError: there are no hand-outs in it.
    """
    if code not in LANGUAGES:
        raise UsageError(f"There are no hand-outs in the language {code}.", hint=f"Choose from {', '.join(LANGUAGES)}.")
    import tomllib  # only here: the list of languages is asked for by every help

    tables = tomllib.loads((_TEXTS / f"{code}.toml").read_text("utf-8"))
    return LanguageTexts(code=code, **{**tables, "spelling": Spelling(**tables["spelling"])})


def check_languages(codes: Sequence[str]) -> None:
    """Check that hand-outs can be made in these languages.

    Raises:
        UsageError: one is unknown, or they are none, too many, or one twice.
    """
    for code in codes:
        texts_of(code)
    if not 0 < len(codes) <= MOST_LANGUAGES or len(set(codes)) < len(codes):
        raise UsageError("A hand-out is in one language or in two different ones.", hint="Name one language or two.")
