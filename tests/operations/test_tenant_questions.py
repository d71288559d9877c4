"""Whom the tenant is asked about before a plan is made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bulktap.model.passes import PassRequest, UserRef
from bulktap.model.plan import RosterRow
from bulktap.operations.tenant_access import run_to_end
from bulktap.operations.tenant_questions import users_to_look_up
from bulktap.roster.model import CheckedRow

OBJECT_ID = "9b0d1c2e-3f4a-4b5c-8d6e-7f8091a2b3c4"


def checked(number: int, user: str = "", **members: Any) -> CheckedRow:
    """Return a row, well formed unless its members say otherwise."""
    ref = UserRef(user or f"user{number}@contoso.com")
    row = CheckedRow(
        RosterRow("staff.xlsx", "Staff", number + 1, (ref.text,)), ref, PassRequest(ref), None, None, None, ()
    )
    return replace(row, **members)


def looked_up(*rows: Any) -> list[str]:
    """Return the users in question."""
    return [user.text for user in users_to_look_up(rows)]


def test_users_of_refused_rows_are_asked_about_too() -> None:
    """What the tenant says about them belongs into the error report as well; who cannot be read is left out."""
    rows = (checked(1), checked(2, request=None), replace(checked(3, request=None), user=None))
    assert looked_up(*rows) == ["user1@contoso.com", "user2@contoso.com"]


def test_a_refused_row_never_brings_a_second_kind_of_name() -> None:
    """Names and object ids in one roster need a permission that neither needs alone."""
    refused = checked(2, OBJECT_ID, request=None)
    assert looked_up(checked(1), refused) == ["user1@contoso.com"]
    assert looked_up(checked(1), refused, checked(3, OBJECT_ID)) == ["user1@contoso.com", OBJECT_ID, OBJECT_ID]
    assert looked_up(refused, checked(4, request=None)) == [OBJECT_ID]


class Findings(list[object]):
    """What was found, which somebody wants to have as text."""

    def __repr__(self) -> str:
        raise AssertionError("a hundred thousand people were made a text of")


@pytest.mark.parametrize("found", [Findings(), Findings([1]), (Findings(),), [Findings()], {"found": Findings()}])
def test_what_is_found_is_not_made_a_text_of(found: object) -> None:
    """It may be of a hundred thousand people."""

    async def question() -> object:
        return found

    assert run_to_end(question(), lambda _: None) is found
