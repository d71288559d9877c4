"""Rows by number where several sheets are one roster."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bulktap.cli.setting_options import with_options
from bulktap.model.errors import RosterError
from bulktap.planning.covered_rows import Selection


@pytest.fixture
def two_sheets(kit: Any) -> list[Any]:
    """Return rows 2 and 3 of one sheet, and row 2 of another."""
    rows = [kit.checked(1), kit.checked(2), kit.checked(3)]
    places = [("7A", 2), ("7A", 3), ("7 b", 2)]
    return [
        replace(row, source=replace(row.source, sheet=sheet, number=number))
        for row, (sheet, number) in zip(rows, places, strict=True)
    ]


@pytest.mark.parametrize(
    ("word", "covered"), [("7A!2", [1]), ("7 B!2", [3]), ("'7 b'!2", [3]), ("7a ! 3", [2]), ("3", [2]), ("'7A!3'", [2])]
)
def test_a_row_is_named_with_its_sheet(
    decide: Any, kit: Any, two_sheets: list[Any], word: str, covered: list[int]
) -> None:
    """SHEET!ROW, as Excel writes it; a number that only one sheet has needs no name."""
    Selection(only=(word,)).require_clear(two_sheets, kit.COLUMNS)
    assert [row.number for row in decide(*two_sheets, only=(word,)).creating()] == covered


def test_a_number_of_several_sheets_is_asked_about(kit: Any, two_sheets: list[Any]) -> None:
    """Nobody gets a pass because a number was understood in another way than it was meant."""
    with pytest.raises(RosterError) as caught:
        Selection(only=("user2@contoso.com", "2")).require_clear(two_sheets, kit.COLUMNS)
    assert with_options(caught.value.message) == "--only 2 could be a row of sheet 7A or of sheet 7 b."
    assert with_options(caught.value.hint) == "Run bulktap again with the sheet too: --only '7A!2' or --only '7 b!2'."


def test_a_range_of_several_sheets_is_asked_about(kit: Any, two_sheets: list[Any]) -> None:
    """As one number is."""
    with pytest.raises(RosterError) as caught:
        Selection(exclude=("2-3",)).require_clear(two_sheets, kit.COLUMNS)
    assert with_options(caught.value.message) == "--except 2-3 could be rows of sheet 7A or of sheet 7 b."
    assert "--except '7A!2-3'" in with_options(caught.value.hint)


def test_a_name_with_an_exclamation_mark_is_a_user(decide: Any, kit: Any) -> None:
    """A sign-in name may have one; what follows it is no number then."""
    rows = [kit.checked(1, "a!b@contoso.com"), kit.checked(2)]
    assert [row.number for row in decide(*rows, only=("a!b@contoso.com",)).creating()] == [1]


def test_a_value_with_an_exclamation_mark_is_a_value(decide: Any, kit: Any) -> None:
    """COLUMN=VALUE is understood first."""
    rows = [kit.checked(1, cell="A!3"), kit.checked(2)]
    assert [row.number for row in decide(*rows, only=("Class=A!3",)).creating()] == [1]


@pytest.mark.parametrize("word", ["7C!2", "9", "nobody@contoso.com", "Class=9z", "9-12", "7A!9-12"])
def test_a_word_that_matches_no_row_stops_the_plan(kit: Any, two_sheets: list[Any], word: str) -> None:
    """A slip of the pen would otherwise end in a plan without passes, or without the one that was meant."""
    with pytest.raises(RosterError) as caught:
        Selection(only=("user2@contoso.com", word)).require_clear(two_sheets, kit.COLUMNS)
    said = with_options(caught.value.message).replace("'", "")
    assert said.startswith(f"--only {word} matches no row of the roster")
    assert caught.value.hint


def test_users_who_are_not_selected_are_not_looked_up_in_the_forecast(decide: Any, kit: Any) -> None:
    """One of four hundred takes as long as a roster of one."""
    many = decide(*(kit.checked(number) for number in range(1, 401)), only=("2",))
    assert many.forecast == decide(kit.checked(1)).forecast
