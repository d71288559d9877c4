"""Sign-in methods that users of the pretend tenant register."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.simulator.methods import KINDS
from bulktap.simulator.state_file import StateFile, reopen_state
from bulktap.simulator.tenant_file import SeedUser, seed_tenant, tenant_from_json

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
ADELE = "adele@contoso.com"


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_registered_is_there_when_the_tenant_is_opened_again(tmp_path: Path, kind: str) -> None:
    """Before the state file was begun, and afterwards."""
    tenant = seed_tenant([SeedUser(upn=ADELE)], clock=lambda: NOW)
    user = tenant.find(ADELE)
    assert user is not None
    tenant.register_method(user, kind)
    state = StateFile(tmp_path / "tenant.jsonl", tenant)
    tenant.on_change = state.record
    tenant.register_method(user, "phone")
    state.close()

    again = reopen_state(tmp_path / "tenant.jsonl")

    assert again.methods(user) == tenant.methods(user)
    assert [one.kind for one in again.methods(user)] == [kind, "phone"]
    assert again.methods(user)[0].registered_at == NOW


@pytest.mark.parametrize(
    ("item", "registered_at"),
    [
        ({"kind": "passkey", "registeredMinutesAgo": 5}, NOW - timedelta(minutes=5)),
        ({"kind": "hello", "registeredMinutesAgo": 0}, NOW),
        ({"kind": "phone"}, None),
    ],
)
def test_a_tenant_file_says_what_users_have_registered(item: dict[str, Any], registered_at: datetime | None) -> None:
    """In minutes before now, so that a file does not go stale."""
    tenant = tenant_from_json(
        {"users": [{"userPrincipalName": ADELE, "methods": [item]}]}, clock=lambda: NOW, random=None
    )
    user = tenant.find(ADELE)
    assert user is not None

    (method,) = tenant.methods(user)

    assert (method.kind, method.registered_at) == (item["kind"], registered_at)


def test_a_kind_that_there_is_not_is_refused() -> None:
    """A typo must not look like a user who has registered nothing."""
    with pytest.raises(ValueError, match="telepathy"):
        tenant_from_json(
            {"users": [{"userPrincipalName": ADELE, "methods": [{"kind": "telepathy"}]}]},
            clock=lambda: NOW,
            random=None,
        )
