"""Kinds D and K: titles, totals, second headings and second tables are no people, and people among them stay people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from roster_containers import CONTAINERS, contained

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckedRoster

    Check = Callable[..., CheckedRoster]

A, B, C, D = "anna@fabrikam.org", "ben@fabrikam.org", "cara@fabrikam.org", "dev@fabrikam.org"
TITLES = ("7A", "10 b", "8-C", "--- 7A ---", "=== Group B ===", "***", "Class 7A", "3. Teachers")
REMARKS = (
    "Teacher: Ms Moe", "Klassenlehrkraft: Herr Moe", "Razem: 3", "Stand 01.09.2035", "Wygenerowano 1.9.2035 12:00",
    "Printed 2035-09-01", "作成日 2035/09/01", "Effectif total : 24",
)  # fmt: skip
TOTALS = (
    "Total", "Grand total", "Summe", "Gesamt", "Anzahl", "Total général", "Effectif", "Total general", "Totaal",
    "Totale", "Razem", "Celkem", "合計", "Yhteensä", "Antal",
)  # fmt: skip
PEOPLE = (
    "Moe",
    "Anna Berg",
    "7",
    "Berg, Anna",
    "J. Berg",
    "anna",
    "A1B2",
    "Diaz 01.02.2012",
    "Cara Diaz 2012-02-01",
    "de Vries",
    "O'Neil",
    "Dorn Jr.",
    "Maria de la Cruz",
    "Dorn, Eva (new pupil)",
    "Ana Sofía Vega Ruiz",
    "Willem van den Berg Sr.",
    "Ibn Sina, Omar A.",
)


def kinds(checked: CheckedRoster) -> list[str]:
    """Return what became of each row: a user, `left out`, or the code of its fault."""
    return [
        "left out" if row.left_out else row.user.text if row.user is not None else row.problems[0].code
        for row in checked.rows
    ]


@pytest.mark.parametrize("column", [0, 1])
@pytest.mark.parametrize("title", TITLES)
def test_titles_in_any_column(check: Check, title: str, column: int) -> None:
    """A row of one cell that names a class or is a rule is left out, wherever it stands."""
    row = (None, title) if column else (title, None)
    checked = check(*contained([("User name", "Name"), row, (A, "Anna"), row, (B, "Ben"), row], "csv"))
    assert kinds(checked) == ["left out", A, "left out", B, "left out"]


@pytest.mark.parametrize("remark", REMARKS)
def test_remarks_without_a_user(check: Check, remark: str) -> None:
    """A remark of the list is left out above, between and below people; in the column of users it is an error."""
    rows = [("User name", "Name"), (None, remark), (A, "Anna"), (None, remark), (B, "Ben"), (None, remark)]
    assert kinds(check(*contained(rows, "csv"))) == ["left out", A, "left out", B, "left out"]
    rows = [("User name", "Name"), (A, "Anna"), (remark, None), (B, "Ben")]
    first, wrong, last = kinds(check(*contained(rows, "csv")))
    assert (first, wrong.startswith("user-"), last) == (A, True, B)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("word", TOTALS)
def test_totals_among_people(check: Check, word: str, container: str) -> None:
    """A row of a total and its numbers is left out, between people and below them."""
    rows = [("User name", "Name", "Nr"), (A, "Anna", 1), (None, word, 1), (B, "Ben", 2), (None, f"{word}: 2", 3)]
    assert kinds(check(*contained(rows, container))) == [A, "left out", B, "left out"]


@pytest.mark.parametrize("name", PEOPLE)
def test_people_without_a_user_stay_people(check: Check, name: str) -> None:
    """One cell that could be somebody's name or number is a row error, between people and below them."""
    rows = [("Name", "User name"), ("Anna", A), (name, None), ("Ben", B), (name, None)]
    assert kinds(check(*contained(rows, "csv"))) == [A, "user-missing", B, "user-missing"]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(
    "again",
    [
        ("Benutzername", "Name", "Class"), ("E-mail", "Nom", "Classe"), ("UPN", "Full name", "Klasse"),
        ("Gebruikersnaam", "Naam", "Klas"), ("ユーザー名", "氏名", "クラス"), ("Login", None, "Form"),
    ],
)  # fmt: skip
def test_headings_once_more_in_other_words(check: Check, again: tuple[str | None, ...], container: str) -> None:
    """A second row of headings over the same columns is no person, whatever language it is in."""
    rows = [("User name", "Name", "Class"), (A, "Anna", "7A"), again, (B, "Ben", "7B")]
    assert kinds(check(*contained(rows, container))) == [A, "left out", B]


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("headings", [("Name", "Class", "User name"), ("Nom", "Classe", "E-mail")])
def test_people_of_a_second_table_are_not_passed_over(check: Check, headings: tuple[str, ...], container: str) -> None:
    """Whoever is named only in a table with other columns below is a row error that says so; others are left out."""
    rows = [("User name", "Name"), (A, "Anna"), (C, "Cara"), headings, ("Ben", "7B", B), ("Anna", "7B", A)]
    checked = check(*contained(rows, container))
    assert kinds(checked) == [A, C, "left out", "row-malformed", "left out"]
    assert checked.rows[3].source.cells == (B, "Ben")
    message = checked.rows[3].problems[0].message
    assert message == "The row belongs to a second table, whose headings (row 4) are not those of the first."


@pytest.mark.parametrize("container", CONTAINERS)
def test_secrets_of_a_second_table_stand_under_no_heading(check: Check, container: str) -> None:
    """What its columns hold that the first table lacks is left behind, also where the row is only left out."""
    rows = [
        ("User name", "Class", "Name"), (A, "7A", "Anna"),
        ("Name", "Initial password", "User name", "Klasse"), ("Ben", "hunter2", B, "7B"), ("Anna", "hunter3", A, "7B"),
    ]  # fmt: skip
    checked = check(*contained(rows, container))
    assert [row.source.cells for row in checked.rows[2:]] == [(B, "7B", "Ben"), (A, "7B", "Anna")]
    assert "hunter" not in repr(checked)
