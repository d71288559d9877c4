"""User names that are numbers: many schools make sign-in names of the numbers of their pupils."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from roster_containers import CONTAINERS, contained

from bulktap.model.errors import QuestionOpen, RosterError
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckedRoster

    Check = Callable[..., CheckedRoster]

HEADINGS = ("Username", "Benutzername", "Gebruikersnaam", "Login", "Identifiant", "User principal name", "ユーザー名")


def users(checked: CheckedRoster) -> list[str]:
    """Return who gets passes."""
    return [row.user.text for row in checked.rows if row.user is not None]


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("container", CONTAINERS)
def test_a_domain_completes_numbers(check: Check, heading: str, container: str) -> None:
    """The domain is asked for, as for other names without one; given, it makes users of them, zeros and all."""
    content = contained([(heading, "Name"), ("00123", "Anna"), ("00124", "Ben"), ("s7", "Cara")], container)
    with pytest.raises(QuestionOpen) as stop:
        check(*content)
    assert [question.setting for question in stop.value.questions] == [Setting.DOMAIN]
    found = users(check(*content, domain="fabrikam.org"))
    assert found == ["00123@fabrikam.org", "00124@fabrikam.org", "s7@fabrikam.org"]


@pytest.mark.parametrize("container", CONTAINERS[1:])
def test_numbers_that_a_workbook_keeps_as_numbers(check: Check, container: str) -> None:
    """They are read with a note on their zeros; an amount, a day and a long number are none."""
    rows = [
        ("Username", "Name"),
        (100123, "Anna"),
        (100124, "Ben"),
        (1.5, "Cara"),
        (100125, "Dev"),
        (123456789012, "E"),
    ]
    checked = check(*contained(rows, container), domain="fabrikam.org")
    assert users(checked) == ["100123@fabrikam.org", "100124@fabrikam.org", "100125@fabrikam.org"]
    assert "zeros before it would be lost" in checked.rows[0].problems[0].message
    assert [bool(row.problems and row.problems[0].refuses) for row in checked.rows] == [False, False, True, False, True]


@pytest.mark.parametrize("heading", ["User ID", "Username", "Account"])
def test_addresses_beside_numbers_are_better(check: Check, heading: str) -> None:
    """A number is a sign-in name only where nothing else is one."""
    rows = [(heading, "Name", "Email"), ("12", "Anna", "anna@fabrikam.org"), ("13", "Ben", "ben@fabrikam.org")]
    assert users(check(*contained(rows, "csv"), domain="fabrikam.org")) == ["anna@fabrikam.org", "ben@fabrikam.org"]


@pytest.mark.parametrize("heading", ["Phone", "Student number", "Nr", "SIS ID", "Alter"])
def test_other_numbers_are_no_users(check: Check, heading: str) -> None:
    """What a heading does not call a user name is none, with a domain or without."""
    rows = [(heading, "Name"), ("12", "Anna"), ("13", "Ben")]
    with pytest.raises(RosterError, match="no column names the user"):
        check(*contained(rows, "csv"), domain="fabrikam.org")


@pytest.mark.parametrize("numbers", [("1.23E+11", "1.24E+11"), ("1,23E+11", "4E+12"), ("1.2e+11", "1.3E+11")])
@pytest.mark.parametrize("heading", ["Username", "Benutzername", "User principal name"])
def test_numbers_that_excel_has_shortened(check: Check, heading: str, numbers: tuple[str, str]) -> None:
    """They are lost: the sentence says so, and how to get them back."""
    with pytest.raises(RosterError, match="Excel has shortened 2 of 2 numbers") as refusal:
        check(*contained([(heading, "Name"), (numbers[0], "Anna"), (numbers[1], "Ben")], "csv"), domain="fabrikam.org")
    assert "Format the column as text" in refusal.value.hint
