"""Whom the tenant is asked about before a plan is made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bulktap.operations.tenant_questions import users_to_look_up

OBJECT_ID = "9b0d1c2e-3f4a-4b5c-8d6e-7f8091a2b3c4"


def looked_up(*rows: Any) -> list[str]:
    """Return the users in question."""
    return [user.text for user in users_to_look_up(rows)]


def test_users_of_refused_rows_are_asked_about_too(kit: Any) -> None:
    """What the tenant says about them belongs into the error report as well; who cannot be read is left out."""
    rows = (kit.checked(1), kit.checked(2, request=None), replace(kit.checked(3, request=None), user=None))
    assert looked_up(*rows) == ["user1@contoso.com", "user2@contoso.com"]


def test_a_refused_row_never_brings_a_second_kind_of_name(kit: Any) -> None:
    """Names and object ids in one roster need a permission that neither needs alone."""
    refused = kit.checked(2, OBJECT_ID, request=None)
    assert looked_up(kit.checked(1), refused) == ["user1@contoso.com"]
    assert looked_up(kit.checked(1), refused, kit.checked(3, OBJECT_ID)) == ["user1@contoso.com", OBJECT_ID, OBJECT_ID]
    assert looked_up(refused, kit.checked(4, request=None)) == [OBJECT_ID]
