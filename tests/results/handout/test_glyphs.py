"""Letters without a font."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from handout_sheets import NO_CODE, group, look

from bulktap.model.errors import Misprint
from bulktap.results.handout.glyphs import missing_glyphs
from bulktap.results.handout.languages import LANGUAGES
from bulktap.results.handout.reasons import NoSlip
from bulktap.results.handout.rendering import render_covers
from bulktap.results.handout.sheets_model import GroupName

AWAY = replace(NO_CODE, why=NoSlip.ELSEWHERE, elsewhere=GroupName("6a"))


@pytest.mark.parametrize("code", LANGUAGES)
def test_names_and_texts_that_can_be_printed_are_not_reported(code: str) -> None:
    """Latin, Greek, Cyrillic and Arabic are in the fonts that typst brings itself."""
    assert missing_glyphs([group(("Łukasz Żółć", "Ὀδυσσεύς", "Нина", "محمد"))], look(languages=(code,))) == ()


@pytest.mark.parametrize(
    ("letters", "script", "font"),
    [
        ("\U00010330\U00010331", "Gothic", "Noto Sans Gothic"),
        ("𒀀𒀁", "Cuneiform", "Noto Sans Cuneiform"),
        ("𓀀𓀁", "Egyptian", "Noto Sans Egyptian"),
        ("\U0001fae8", "Emoji", "Noto Color Emoji"),
        ("\U000f1234", "private", "that the person's name was typed with"),
    ],
)
def test_who_needs_which_letters_is_said(letters: str, script: str, font: str) -> None:
    """People, script and a font that helps, before anything is printed."""
    people = group(("Anna Berg", f"Bo {letters}", "Cy"))
    (missing,) = missing_glyphs([people], look())
    assert (missing.script, missing.letters.split(), missing.names) == (script, list(letters), (f"Bo {letters}",))
    assert missing.font == font
    assert f"Bo {letters}" in missing.sentence
    assert font in missing.hint


@pytest.mark.parametrize(
    ("letter", "font"),
    [
        ("a\U000101fd", "Noto Sans"),
        ("ш\U0001e08f", "Noto Sans"),
        ("k\U00016af0", "Noto Sans"),
        ("é\U0001e944", "Noto Sans"),
        ("\U0001fae8\u200d\U0001fae8", "Noto Color Emoji"),
    ],
)
def test_marks_belong_to_their_letter(letter: str, font: str) -> None:
    """What would be printed as a box is found with the person, whichever part of a letter is missing."""
    people = group(("Anna Berg", f"Bo {letter}"))
    found = missing_glyphs([people], look())
    assert {one.font for one in found} == {font}
    assert all(one.names == (f"Bo {letter}",) for one in found)


def test_a_heading_is_looked_at_too() -> None:
    """The name of a group stands on every slip, and that of a person without a pass on the cover."""
    people = replace(group(("Anna",)), name="5\U00010330", unserved=(replace(NO_CODE, name="Bo \U00010331"),))
    (missing,) = missing_glyphs([people], look(call="\U00010332"))
    assert set(missing.letters.split()) == {"\U00010330", "\U00010331", "\U00010332"}
    assert missing.names == ("Bo \U00010331",)


@pytest.mark.parametrize(
    ("served", "changes", "missing"),
    [
        (False, {"name": "5\U00010330"}, "\U00010330"),
        (False, {"handed_to": "Fr. \U00010331"}, "\U00010331"),
        (False, {"unserved": (replace(NO_CODE, name="Bo \U00010332"),)}, "\U00010332"),
        (False, {"unserved": (replace(AWAY, elsewhere=GroupName("\U00010333")),)}, "\U00010333"),
        (True, {"name": "5\U00010334"}, "\U00010334"),
        (True, {"unserved": (NO_CODE, AWAY)}, ""),
    ],
)
def test_covers_are_looked_at_where_nobody_has_a_slip_too(served: bool, changes: dict[str, Any], missing: str) -> None:
    """A group without a slip has a cover, which says why; covers that pass can be made."""
    plain = group(("Anna",))
    odd = replace(plain, **({"slips": plain.slips if served else ()} | changes))
    found = missing_glyphs([plain, odd], look())
    assert [one.letters for one in found] == ([missing] if missing else [])
    if found:
        with pytest.raises(Misprint):
            render_covers([plain, odd], look())
    else:
        assert render_covers([plain, odd], look())


def test_many_people_are_counted() -> None:
    """A sentence stays a sentence."""
    people = group(tuple(f"\U00010330 {number}" for number in range(40)))
    (missing,) = missing_glyphs([people], look())
    assert "and 32 more" in missing.sentence
