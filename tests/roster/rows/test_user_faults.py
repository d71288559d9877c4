"""What the reader of an error report is told to do about a cell that names no user."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulktap.cli.setting_options import with_options
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.roster.rows.users import parse_user

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckedRoster

ENTRA = "Users > the person > User principal name"


def fault_of(cell: str, usual_domain: str | None = None) -> RowError:
    """Return the fault of a cell."""
    found = parse_user(cell, None, usual_domain)
    assert isinstance(found, RowError)
    return found


@pytest.mark.parametrize(
    ("cell", "message", "hint"),
    [
        ("anna berg@contoso.com", "contains a blank after 'anna'", ENTRA),
        ("anna@@contoso.com", "has more than one '@'", "Keep one '@'"),
        ("anna.@contoso.com", "has a dot immediately before the '@'", "Take that dot away"),
        ("anna@contoso", "has a domain without a dot: nothing follows 'contoso'", "Write the whole domain"),
        ("CONTOSO\\anna", "is a Windows logon name, not a sign-in name of Microsoft Entra", ENTRA),
        ("anna@contoso.com; ben@contoso.com", "holds several users", "Insert a row below, keep one name in each row"),
        ("m?ller@contoso.com", "contains '?' (character 2)", "export the original list again as UTF-8"),
        ("m\ufffdller@contoso.com", "character 2 is U+FFFD", "export the original list again as UTF-8"),
        ("MÃ¼ller@contoso.com", "at 'Ã¼'", "export the original list again as UTF-8"),
        ("a+b&c@contoso.com", "contains '+' (character 2), '&' (character 4), which is not allowed", ENTRA),
        ("#N/A", "Excel error #N/A", "in the original workbook"),
        ("=B2", "a formula without a result", "Open the original workbook"),
    ],
)
def test_each_kind_has_its_own_way_out(cell: str, message: str, hint: str) -> None:
    """The message points at the very place, the hint says what to do about it."""
    found = fault_of(cell)
    assert message in found.message
    assert hint in found.hint


@pytest.mark.parametrize(
    ("cell", "groups"),
    [
        ("5f1e2d3c-0b4a-4c6d-8e7f-9a0b1c2d3e", "30 digits in groups of 8-4-4-4-10"),
        ("5f1e2d3c0b4a4c6d8e7f9a0b1c2d3e4f", "32 digits"),
        ("5f1e2d3c0b4a-4c6d-8e7f-9a0b1c2d3e4f", "32 digits in groups of 12-4-4-12"),
    ],
)
def test_an_object_id_is_counted(cell: str, groups: str) -> None:
    """Which digits are missing is seen from their number in each group."""
    found = fault_of(cell)
    assert found.message == f"'{cell}' is not a complete object id: it has {groups}."
    assert "32 digits (0 to 9, a to f) in groups of 8-4-4-4-12" in found.hint


@pytest.mark.parametrize(
    ("cell", "message", "hint"),
    [
        (
            "an\u0430@contoso.com",
            "contains U+0430 CYRILLIC SMALL LETTER A as character 3, which looks like the letter a.",
            "Delete character 3 and type it again on a Latin keyboard",
        ),
        (
            "\u0441\u0410x@contoso.com",
            "like the letter c; U+0410 CYRILLIC CAPITAL LETTER A as character 2, which looks like the letter a.",
            "Delete these characters and type them again",
        ),
        ("安@contoso.com", "as character 1, which is no Latin letter.", "Delete character 1"),
        ("анна@contoso.com", "and 1 more such letters.", "Delete these characters"),
    ],
)
def test_letters_of_another_alphabet_are_pointed_at(cell: str, message: str, hint: str) -> None:
    """Nobody can see them: each is named, with its place and what it is taken for."""
    found = fault_of(cell)
    assert found.code is RowErrorCode.USER_MIXED_SCRIPT
    assert found.message.endswith(message)
    assert found.hint.startswith(hint)


def test_all_that_is_wrong_with_a_name_is_said_at_once() -> None:
    """Nobody mends a name three times."""
    found = fault_of("an\u0430 berg.@@contoso")
    for part in ("a blank after 'anа'", "more than one '@'", "a dot immediately before", "CYRILLIC SMALL LETTER A"):
        assert part in found.message
    for part in ("in place of the blank", "Keep one '@'", "Take that dot away", "Delete character 3"):
        assert part in found.hint


def test_a_name_without_a_domain() -> None:
    """The option is written out with the domain that the others have, where they have one."""
    assert with_options(fault_of("anna.berg", "fabrikam.com").hint) == (
        "Write the domain too, such as anna.berg@fabrikam.com if that is right, or run bulktap again with "
        "--domain fabrikam.com, which adds it to every name without one."
    )
    assert with_options(fault_of("anna.berg").hint) == (
        "Write the domain too, such as anna.berg@contoso.com, or run bulktap again with --domain and the domain."
    )


@pytest.mark.parametrize(("cell", "example"), [("anna@fabrikam", "fabrikam.com"), ("anna@contos", "contoso.com")])
def test_a_domain_without_its_end(cell: str, example: str) -> None:
    """The example is the roster's own domain where it begins like the one that was cut off."""
    assert fault_of(cell, "fabrikam.com").hint.endswith(f"such as {example}.")


def test_examples_have_the_domain_of_the_roster(check: Callable[..., CheckedRoster]) -> None:
    """It is the commonest one among the others; half a domain does not count."""
    rows = ["anna", "a@contoso", "b@contoso", "c@contoso", "d@Fabrikam.com", "e@fabrikam.com", "f@contoso.com"]
    roster = check("User name,Name\n" + "".join(f"{user},X\n" for user in rows))
    assert "--domain fabrikam.com" in with_options(roster.rows[0].problems[0].hint)


def test_all_fields_of_a_row_are_checked(check: Callable[..., CheckedRoster]) -> None:
    """A row that names nobody is checked to its end, and what could be read of it is kept."""
    text = "User name,Start,Lifetime,One-time\nx@contoso.com,,,\n"
    text += "an na@contoso.com,someday,9 days and a bit,perhaps\nbe n@contoso.com,2035-09-01 08:00,1d,yes\n"
    _, first, second = check(text).rows
    assert [problem.column for problem in first.problems] == ["User name", "Lifetime", "One-time", "Start"]
    assert (first.asked.lifetime_minutes, first.asked.usable_once) == (None, None)
    assert (second.request, second.asked.lifetime_minutes, second.asked.usable_once) == (None, 1440, True)
