"""Whom somebody means who types in a hurry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.model.plan import Field, RosterColumns, UserFinding
from bulktap.planning.one_person import people_named

if TYPE_CHECKING:
    from types import SimpleNamespace

    from bulktap.model.plan import Plan

PEOPLE = [
    ("anna.muller@contoso.com", "\u00c4nna M\u00fcller"),
    ("anna.arendt@contoso.com", "Anna Arendt"),
    ("jn@contoso.com", "Jos\u00e9 \u00d1and\u00fa"),
    ("zl@contoso.com", "Zo\u00eb \u0141ukasz"),
    ("ann@contoso.com", "Ann Lee"),
    ("5@contoso.com", "Straße, Erika"),
]


@pytest.fixture
def plan(decide: Any, kit: SimpleNamespace) -> Plan:
    """A plan of a few people, whose names stand in the class column; the first has two rows."""
    rows = [kit.checked(number, user, cell=name) for number, (user, name) in enumerate(PEOPLE, 1)]
    twice = kit.checked(7, PEOPLE[0][0], cell=PEOPLE[0][1])
    findings = {user: UserFinding(f"id-{user}", user, "Directory Name") for user, _ in PEOPLE}
    made: Plan = decide(*rows, twice, findings=findings)
    columns = RosterColumns(made.columns.headings, {**made.columns.fields, Field.DISPLAY_NAME: (4,)})
    return replace(made, columns=columns)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("anna.muller@contoso.com", [1]),
        ("ANNA.MULLER@CONTOSO.COM", [1]),
        ("anna muller", [1]),
        ("M\u00dcLLER \u00e4nna", [1]),
        ("muller", [1]),
        ("8", [1]),
        ("2", [1]),
        ("Staff!3", [2]),
        ("arendt", [2]),
        ("Arendt, Anna", [2]),
        ("id-jn@contoso.com", [3]),
        ("nandu", [3]),
        ("lukasz zoe", [4]),
        ("ann@", [5]),
        ("ann lee", [5]),
        ("erika strasse", [6]),
        ("anna", [1, 2]),
        ("ann", [1, 2, 5]),
        ("directory", [1, 2, 3, 4, 5, 6]),
        ("5", [4]),
        ("nobody", []),
        ("99", []),
        ("Other!3", []),
        ("", []),
        (" ", []),
    ],
)
def test_people_are_found_by_whatever_names_them(plan: Plan, text: str, numbers: list[int]) -> None:
    """A full name or a row is stronger than parts that others have too; a merged row means the one that serves it."""
    assert [person.row.number for person in people_named(plan, text)] == numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("744633ff-4c11-58c3-8734-989b11244189", True),
        ("744633FF-4C11-58C3-8734-989B11244189", True),
        ("44", False),
        ("744633", False),
        ("4c11", False),
        ("989b11244189", False),
        ("58c3-8734", False),
        ("ann ff", False),
    ],
)
def test_an_object_id_names_somebody_as_a_whole_only(plan: Plan, text: str, found: bool) -> None:
    """A number of no row of the roster is a mistake, and must not show the passcode of whose id has these digits."""
    rows = [replace(row, object_id="744633ff-4c11-58c3-8734-989b11244189") for row in plan.rows if row.number == 5]
    assert bool(people_named(replace(plan, rows=tuple(rows)), text)) is found


def test_a_person_is_told_by_the_rosters_own_name(plan: Plan) -> None:
    """With the sign-in name and the row that `only` takes."""
    (person,) = people_named(plan, "arendt")
    assert person.label == "Anna Arendt, anna.arendt@contoso.com, row 3"
    assert person.row_word == "3"


def test_a_number_that_several_sheets_have_is_told_with_the_sheet(plan: Plan) -> None:
    """As `only` wants it."""
    moved = replace(plan.rows[1], source=replace(plan.rows[1].source, sheet="7B", number=2))
    plan = replace(plan, rows=(plan.rows[0], moved, *plan.rows[2:]))

    assert {person.row_word for person in people_named(plan, "2")} == {"'Staff!2'", "'7B!2'"}
