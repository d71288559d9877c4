"""Letters without a font."""

from __future__ import annotations

from dataclasses import replace

import pytest
from handout_sheets import group, look

from bulktap.results.handout.glyphs import missing_glyphs
from bulktap.results.handout.languages import LANGUAGES


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


def test_a_heading_is_looked_at_too() -> None:
    """The name of a group stands on every slip, and that of a person without a pass on the cover."""
    people = replace(group(("Anna",)), name="5\U00010330", unserved=(("Bo \U00010331", "gone"),))
    (missing,) = missing_glyphs([people], look(call="\U00010332"))
    assert set(missing.letters.split()) == {"\U00010330", "\U00010331", "\U00010332"}
    assert missing.names == ("Bo \U00010331",)


def test_many_people_are_counted() -> None:
    """A sentence stays a sentence."""
    people = group(tuple(f"\U00010330 {number}" for number in range(40)))
    (missing,) = missing_glyphs([people], look())
    assert "and 32 more" in missing.sentence
