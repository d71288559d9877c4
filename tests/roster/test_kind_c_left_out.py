"""Kinds C and D: whoever is left out while reading is a row with the reason, and remarks that are people are people."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook
from roster_containers import CONTAINERS, contained

from bulktap.roster.reading_words import HiddenRows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulktap.roster.model import CheckedRoster

    Check = Callable[..., CheckedRoster]

USER = "anna@fabrikam.org"


def reasons(checked: CheckedRoster) -> dict[int, str]:
    """Return the rows that were left out, with the reason."""
    assert all(not row.left_out or (row.request is None and row.user is None) for row in checked.rows)
    found = {row.source.number: row.problems[0].message for row in checked.rows if row.left_out}
    return {number: text.removeprefix("Left out while reading: ").removesuffix(".") for number, text in found.items()}


OTHERS = {
    "inactive": (("Name", "User name", "Status"), ("Ben", "b@fabrikam.org", "Leaver"), "inactive or blocked (Status)"),
    "remark": (("Name", "User name"), ("Total: 1", None), "a remark below the table"),
    "remark in German": (("Name", "User name"), ("Stand: 01.09.2035", None), "a remark below the table"),
    "copyright": (("Name", "User name"), ("© Fabrikam", None), "a remark below the table"),
    "example": (("Name", "User name"), ("Example: Chris Green", "Example: chris@contoso.com"), "Microsoft's example"),
    "example in French": (
        ("Nom complet", "Nom d'utilisateur"),
        ("Exemple : Chris Green", "Exemple : chris@contoso.com"),
        "Microsoft's example",
    ),
    "headings once more": (("Name", "User name"), ("Name", "User name"), "the headings once more"),
    "device": (("Device name", "Primary user UPN"), ("KIOSK-1", None), "a device without a user"),
    "device of a shared cart": (("Serial number", "Assigned user"), ("5CD1234XYZ", None), "a device without a user"),
}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("container", CONTAINERS)
def test_each_is_a_row_with_its_reason(check: Check, name: str, container: str) -> None:
    """It stands where the file has it and shows what it is; all rows below the headings are counted."""
    headings, row, reason = OTHERS[name]
    person = tuple("Anna" if "ame" in heading or "om c" in heading else None for heading in headings[:1])
    people = [(*person, USER, *("Active",) * (len(headings) - 2))]
    checked = check(
        *contained(
            [
                headings,
                *people,
                row,
            ]
            if "remark" in name or name == "copyright"
            else [headings, row, *people],
            container,
        )
    )
    place = 3 if "remark" in name or name == "copyright" else 2
    assert reasons(checked) == {place: reason}
    assert [one.source.number for one in checked.rows] == [2, 3]
    assert checked.info.row_count == 2
    assert checked.rows[place - 2].source.cells[: len(row)] == tuple(row)


def test_hidden_rows_that_are_skipped(save: Callable[..., Path], verdict: Callable[..., Any]) -> None:
    """Rows that nobody sees in Excel are left out only by name, and say how they are taken in."""
    book, buffer = Workbook(), io.BytesIO()
    for row in [("User name",), (USER,), ("b@fabrikam.org",), ("c@fabrikam.org",)]:
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    book.save(buffer)
    checked = verdict(save(buffer.getvalue(), "roster.xlsx"), {"hidden_rows": HiddenRows.SKIP}, {}).checked
    assert reasons(checked) == {3: "hidden"}
    assert checked.rows[1].source.cells == ("b@fabrikam.org",)


def test_rows_of_several_sheets_stay_in_their_order(save: Callable[..., Path], verdict: Callable[..., Any]) -> None:
    """What is left out of one sheet stands among the rows of that sheet, in the columns that all sheets share."""
    book, buffer = Workbook(), io.BytesIO()
    for number, name in enumerate(("7A", "7B")):
        sheet = book.active if not number else book.create_sheet()
        sheet.title = name
        for row in [
            ("User name", "Class"),
            (f"a{number}@fabrikam.org", name),
            ("User name", "Class"),
            (f"b{number}@fabrikam.org", name),
        ]:
            sheet.append(row)
    book.save(buffer)
    checked = verdict(save(buffer.getvalue(), "roster.xlsx"), {"sheets": ("7A", "7B")}, {}).checked
    places = [(row.source.sheet, row.source.number, row.left_out) for row in checked.rows]
    assert places == [
        ("7A", 2, False),
        ("7A", 3, True),
        ("7A", 4, False),
        ("7B", 2, False),
        ("7B", 3, True),
        ("7B", 4, False),
    ]
    assert checked.rows[1].source.cells == ("User name", "Class", "7A")


@pytest.mark.parametrize(
    ("headings", "last"),
    [
        (("User name", "Surname"), (None, "Holt")), (("User name", "Nachname"), (None, "Stand")),
        (("User name", "Student number"), (None, "00123")), (("User name", "Person"), (None, "Ben Holt")),
        (("Nom d'utilisateur", "Nom"), (None, "Note")), (("Usuario", "Apellidos"), (None, "Page")),
        (("ユーザー名", "氏名"), (None, "山田花子")), (("User name", "Locker"), (None, "12")),
        (("User name", "Class"), (None, "7A")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("container", CONTAINERS)
def test_a_last_row_that_may_be_a_person(
    check: Check, headings: tuple[str, ...], last: tuple[object, ...], container: str
) -> None:
    """A row with a surname, a number or a class and no user is a person whose user is missing."""
    checked = check(*contained([headings, (USER, "Berg"), last], container))
    assert not reasons(checked)
    assert [problem.code for problem in checked.rows[1].problems] == ["user-missing"]
