"""Guardians in a roster with a column of roles: no pass is theirs, and each is a row that was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from roster_containers import CONTAINERS, contained

from bulktap.model.errors import RosterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckedRoster

    Check = Callable[..., CheckedRoster]

FAMILY = (
    ("Role", "Parent"), ("role", "guardian"), ("User type", "Relative"), ("Role type", "Parent/Guardian"),
    ("Rolle", "Erziehungsberechtigte"), ("Benutzertyp", "Eltern"), ("Rôle", "Responsable légal"), ("Profil", "Mère"),
    ("Rol", "Apoderado"), ("Perfil", "Padre, Madre"), ("Rol", "Ouder"), ("Papel", "Encarregado de educação"),
    ("Ruolo", "Genitore"), ("区分", "保護者"),
)  # fmt: skip
SCHOOL = (
    ("Role", "Student"), ("Role", "Teacher, Parent"), ("Role", "Carer"), ("Rolle", "Schüler"), ("Rôle", "Responsable"),
    ("Role", "Tutor"), ("Role", ""), ("Relationship", "Mother"), ("Contact type", "Parent"), ("区分", "生徒"),
)  # fmt: skip


def left_out(checked: CheckedRoster) -> list[int]:
    """Return the rows that were left out."""
    return [row.source.number for row in checked.rows if row.left_out]


def test_a_file_of_guardians_alone_says_so(check: Check) -> None:
    """A list of nobody but parents is refused by that reason."""
    rows = [("User name", "Role"), ("p@fabrikam.org", "Parent"), ("q@fabrikam.org", "Guardian")]
    with pytest.raises(RosterError, match="holds nobody but guardians, by column Role"):
        check(*contained(rows, "csv"))


@pytest.mark.parametrize(("heading", "role"), FAMILY)
def test_guardians_get_no_pass_and_are_told(check: Check, heading: str, role: str) -> None:
    """Whoever is a guardian by a column of roles, in eight languages, is left out with a count and a reason."""
    rows = [("User name", heading), ("anna@fabrikam.org", None), ("petra@fabrikam.org", role)]
    checked = check(*contained(rows, "csv"))
    assert left_out(checked) == [3]
    assert checked.rows[1].problems[0].message == f"Left out while reading: a guardian ({heading} {role})."
    assert any(f"1 person is a guardian by column {heading} and was skipped: row 3." in n for n in checked.info.notes)


@pytest.mark.parametrize(("heading", "role"), SCHOOL)
def test_pupils_and_staff_get_theirs(check: Check, heading: str, role: str) -> None:
    """A word that can be a job, one role of two, and what a column says of a contact make nobody a guardian."""
    rows = [("User name", heading), ("anna@fabrikam.org", None), ("ben@fabrikam.org", role)]
    assert left_out(check(*contained(rows, "csv"))) == []


@pytest.mark.parametrize("container", CONTAINERS)
def test_users_of_an_export_without_its_other_files(check: Check, container: str) -> None:
    """The people's file of OneRoster alone lists parents too; they are left out as they are in the whole export."""
    rows = [
        ("sourcedId", "status", "role", "username", "givenName", "familyName"),
        ("u1", None, "student", "anna@fabrikam.org", "Anna", "Berg"),
        ("u2", None, "parent", "petra.berg@outlook.com", "Petra", "Berg"),
        ("u3", None, "guardian", "uwe@fabrikam.org", "Uwe", "Holt"),
        ("u4", None, "teacher", "dev@fabrikam.org", "Dev", "Rao"),
        ("u5", None, "Mother", "f@gmail.com", "Fe", "Berg"),
        ("u6", None, "father", "h@gmx.de", "Hans", "Holt"),
    ]
    assert left_out(check(*contained(rows, container))) == [3, 4, 6, 7]
