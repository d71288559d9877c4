"""What a proof-reader finds."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pypdf
import pytest
from handout_sheets import NAMES, NO_CODE, group, look

from bulktap.model.errors import Misprint
from bulktap.model.secret import Secret
from bulktap.results.handout.pdf_text import text_runs
from bulktap.results.handout.proof_reading import proof_read
from bulktap.results.handout.reasons import NoSlip
from bulktap.results.handout.rendering import render_covers, render_group
from bulktap.results.handout.sheets_model import GroupName, Slip, Style

if TYPE_CHECKING:
    from collections.abc import Callable

Fault = "Callable[[list[Slip]], list[Slip]]"


def _changed(place: int, **changes: object) -> Callable[[list[Slip]], list[Slip]]:
    return lambda slips: [replace(slip, **changes) if at == place else slip for at, slip in enumerate(slips)]


def _codes_exchanged(slips: list[Slip]) -> list[Slip]:
    first, second = slips[0], slips[1]
    return [replace(first, code=second.code), replace(second, code=first.code), *slips[2:]]


def _one_letter_other(slips: list[Slip]) -> list[Slip]:
    text = slips[3].code.reveal()
    return _changed(3, code=Secret(text[:-1] + ("l" if text[-1] != "l" else "I")))(slips)


FAULTS = {
    "one left out": lambda slips: slips[:-1],
    "one twice": lambda slips: [*slips, slips[0]],
    "codes exchanged": _codes_exchanged,
    "one letter other": _one_letter_other,
    "other case": lambda slips: _changed(0, code=Secret(slips[0].code.reveal().swapcase()))(slips),
    "other name": _changed(0, name="Greta Hoß"),
    "shorter name": _changed(0, name="Hoß"),
    "other Arabic name": _changed(6, name="محمد عبد اللطيف"),
    "other user": _changed(2, sign_in_name="user44@school.example"),
    "another order": lambda slips: [*slips[1:], slips[0]],
}


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_sheet_that_says_something_else_is_not_released(style: Style, fault: str) -> None:
    """The published case: the printed sheet was wrong, and a class could not sign in."""
    people = group()
    printed = FAULTS[fault](list(people.slips))
    pdf = render_group(replace(people, slips=tuple(printed)), look(style))
    proof_read(pdf, printed)
    with pytest.raises(Misprint) as caught:
        proof_read(pdf, people.slips)
    assert all(slip.code.reveal() not in str(caught.value) + caught.value.hint for slip in people.slips)


def test_a_letter_that_would_be_a_box_is_not_released() -> None:
    """No font has a letter of the private area, so it would be printed as an empty box."""
    people = group(("Anna \U000f1234 Berg",))
    with pytest.raises(Misprint, match="empty box"):
        proof_read(render_group(people, look()), people.slips)


@pytest.mark.parametrize(
    "name",
    [
        "Ὀδυσσεύς",
        "Нина Ёлкина",
        "Аnna",
        "A\u0308nne Mu\u0308ller",
        "Anna fi ffl",
        "שרה כהן",
        "محمّد (الثاني)",
        "Đặng Thị Hương",
    ],
)
def test_names_in_any_script_are_read_back(name: str) -> None:
    """Marks, ligatures, look-alikes of two scripts in one font, and letters from right to left with brackets."""
    people = group((name, "Anna Berg", name))
    proof_read(render_group(people, look(languages=("ar",))), people.slips)


def test_our_reading_is_that_of_another_reader() -> None:
    """The letters of a page by glyph are those that pypdf extracts, parentheses and backslashes included."""
    people = group((*NAMES[:6], "a(b)c\\d((e", ")(x"))
    pdf = render_group(people, look())
    for ours, page in zip(text_runs(pdf), pypdf.PdfReader(io.BytesIO(pdf)).pages, strict=True):
        read = ["".join(run.text for run in ours), page.extract_text()]
        mine, theirs = ("".join(text.replace("\u2060", "").split()) for text in read)
        assert sorted(mine) == sorted(theirs)


def test_a_cover_with_a_code_is_not_released() -> None:
    """A roster may hold the code where the name of a person or a group is expected; the cover lies open on a desk."""
    people = group()
    told = f"has {people.slips[0].code.reveal()} already"
    away = replace(NO_CODE, why=NoSlip.ELSEWHERE, elsewhere=GroupName(told))
    for without in (replace(NO_CODE, name=told), away):
        with pytest.raises(Misprint):
            render_covers([replace(people, unserved=(without,))], look())
