"""Rows of a list of received slips that are not marked as received."""

from __future__ import annotations

import pytest

from bulktap.model.plan import RosterRow
from bulktap.operations.received_marks import unmarked_note

NAMES = ("Ann Berg", "Bo Lee", "Cem Kaya")


def note(heading: str, *marks: str | bool | None) -> str:
    """Return what is said of a list with these marks."""
    rows = [
        RosterRow("got.csv", None, n, (name, mark)) for n, (name, mark) in enumerate(zip(NAMES, marks, strict=True), 2)
    ]
    return unmarked_note("got.csv", ("Name", heading), rows)


@pytest.mark.parametrize(
    "heading",
    [
        "Received",
        "Received, Signature",
        "SIGNED",
        "Erhalten",
        "Erhalten, Unterschrift",
        "Reçu",
        "Firma",
        "Handtekening",
        "Podpis",
        "Teslim alındı, İmza",
        "تم الاستلام",
        "Picked up?",
    ],
)
@pytest.mark.parametrize("without", [None, "", "  ", "no", "Nein", False])
def test_whoever_has_no_mark_is_told(heading: str, without: str | bool | None) -> None:
    """In any language of our covers; their pass is not deleted, and goes on working."""
    said = note(heading, "x", without, "signed")

    assert said.startswith(f"Of got.csv, 1 row is not marked in the column {heading} (3)")
    assert note(heading, without, "x", without).startswith(f"Of got.csv, 2 rows are not marked in the column {heading}")


@pytest.mark.parametrize("marks", [("x", "x", "x"), (None, None, None), ("", "no", None), ("yes", "ja", "3.9.")])
def test_where_all_are_marked_or_none_there_is_nothing_to_say(marks: tuple[str | None, ...]) -> None:
    """A cover that nobody filled in says nothing of anybody."""
    assert note("Received", *marks) == ""


@pytest.mark.parametrize("heading", ["", "Class", "Remark", "Notes", "Klasse", "Phone"])
def test_other_columns_are_no_marks(heading: str) -> None:
    """Half of the people have no remark."""
    assert note(heading, "x", None, "x") == ""
