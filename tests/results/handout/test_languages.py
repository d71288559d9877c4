"""The texts of all languages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bulktap.model.errors import UsageError
from bulktap.results.handout import languages
from bulktap.results.handout.languages import LANGUAGES, check_languages, texts_of
from bulktap.results.handout.spelling import spelled_out

TEXTS = Path(languages.__file__).with_name("texts")
ENGLISH = tomllib.loads((TEXTS / "en.toml").read_text("utf-8"))
ANYWHERE = {"date", "day", "month", "year", "weekday"}


def leaves(value: Any, path: str = "") -> dict[str, str]:
    """Return every text of a file by where it stands."""
    if isinstance(value, str):
        return {path: value}
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found: dict[str, str] = {}
    for key, inner in items:
        found |= leaves(inner, f"{path}/{key}")
    return found


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_the_keys_and_placeholders_of_english(code: str) -> None:
    """A file with a key or a placeholder too few or too many would print a gap or fail at hand-out time."""
    texts = leaves(tomllib.loads((TEXTS / f"{code}.toml").read_text("utf-8")))
    english = leaves(ENGLISH)
    assert texts.keys() == english.keys()
    differing = {
        key for key, text in texts.items()
        if set(re.findall(r"{(\w+)}", text)) != set(re.findall(r"{(\w+)}", english[key]))
    }  # fmt: skip
    assert differing <= {"/spelling/small", "/spelling/capital"}  # Turkish names the word alone
    assert all(text.strip() == text and text for text in texts.values())


def test_the_folder_holds_the_languages_that_are_offered_and_no_others() -> None:
    """A language is offered exactly when its file is there."""
    assert {path.stem for path in TEXTS.glob("*.toml")} == set(LANGUAGES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_character_of_a_code_is_spelled_differently(code: str) -> None:
    """Two characters with the same words would be what the spelling is there to tell apart."""
    characters = "".join(map(chr, range(33, 127)))
    spelled = spelled_out(characters, texts_of(code))
    assert len({one.short for one in spelled}) == len(characters)
    assert len({one.full for one in spelled}) == len(characters)


@pytest.mark.parametrize("code", sorted(set(LANGUAGES) - {"ar"}))
def test_a_letter_is_spelled_by_a_word_that_begins_with_it(code: str) -> None:
    """Spelled as in "g as in Gustav", by the alphabet of the language; in Turkish i and I are two letters."""
    plain = str.maketrans("ÁÀÂÉÈÊİIÖÜ", "AAAEEEiIOU")
    for letter, word in texts_of(code).spelling.letters.items():
        first = word.translate(plain)[0]
        assert first == letter if code == "tr" and letter in "iI" else first.lower() == letter.lower(), word


@pytest.mark.parametrize(
    ("code", "character", "short", "full"),
    [
        ("en", "g", "Golf", "g as in Golf"),
        ("en", "G", "Golf, capital", "G as in Golf, capital"),
        ("de", "G", "Gustav groß", "G wie Gustav, groß"),
        ("fr", "0", "zéro", "zéro"),
        ("tr", "i", "İzmir", "i: İzmir"),
        ("tr", "I", "Isparta, büyük", "I: Isparta, büyük harf"),
        ("nl", "+", "plus", "plus"),
        ("ar", "G", "Golf حرف كبير", "G كما في Golf، حرف كبير"),
        ("pl", "ß", "ß", "ß"),
    ],
)
def test_codes_are_spelled_in_the_language_of_the_slip(code: str, character: str, short: str, full: str) -> None:
    """Digits, letters, capitals and symbols each have their words; what has none stands for itself."""
    assert spelled_out(character, texts_of(code)) == [(character, short, full)]


@pytest.mark.parametrize("codes", [(), ("en", "en"), ("en", "de", "fr"), ("xx",), ("EN",), ("../en",)])
def test_languages_that_do_not_fit_on_a_slip_are_refused(codes: tuple[str, ...]) -> None:
    """One or two different languages of ours; anything else is said before codes are touched."""
    with pytest.raises(UsageError):
        check_languages(codes)
