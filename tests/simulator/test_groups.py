"""Groups and administrative units of the pretend tenant."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.simulator.addresses import read_address
from bulktap.simulator.answers import Answer, Caller
from bulktap.simulator.envelope import Step
from bulktap.simulator.refusals import Refusal
from bulktap.simulator.registration import DEFAULT_PERMISSIONS
from bulktap.simulator.routes import Routes
from bulktap.simulator.state_file import StateFile, reopen_state
from bulktap.simulator.tenant_file import tenant_from_json, tenant_to_json

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.simulator.tenant import Tenant

CONTENT: dict[str, Any] = {
    "users": [
        {
            "userPrincipalName": f"{name}@contoso.com",
            "department": "Year 7",
            "createdDateTime": f"2026-0{n}-01T08:00:00Z",
        }
        for n, name in enumerate(("ann", "ben", "cem"), 7)
    ],
    "groups": [
        {"id": "a" * 8, "displayName": "Outer", "members": ["Inner", "ann@contoso.com"], "devices": 1},
        {
            "id": "b" * 8,
            "displayName": "Inner",
            "members": ["ben@contoso.com", "Outer", "ann@contoso.com"],
            "contacts": 2,
        },
        {"displayName": "O'Neill", "dynamic": True, "description": "A rule"},
    ],
    "administrativeUnits": [{"id": "c" * 8, "displayName": "Campus", "members": ["cem@contoso.com", "Inner"]}],
}


def _tenant(content: dict[str, Any] = CONTENT) -> Tenant:
    return tenant_from_json(content, clock=lambda: datetime(2026, 11, 1, tzinfo=UTC), random=Random(1))  # noqa: S311


def _ask(tenant: Tenant, url: str, *, method: str = "GET", lacking: str = "") -> Answer | Refusal:
    address = read_address(url)
    if isinstance(address, Refusal):
        return address
    caller = Caller("app", DEFAULT_PERMISSIONS - {lacking})
    return Routes(tenant).answer(Step("1", method, url, {}, None), address, caller, "")


def _values(tenant: Tenant, url: str, **more: str) -> list[dict[str, Any]]:
    answer = _ask(tenant, url, **more)
    assert isinstance(answer, Answer)
    assert isinstance(answer.body, dict)
    return list(answer.body["value"])


def test_members_of_members_are_members_once_and_circles_end() -> None:
    """Of a group through the groups in it, itself left out; of a unit only its own."""
    tenant = _tenant()
    inside = _values(tenant, f"/groups/{'a' * 8}/transitiveMembers?$select=id,userPrincipalName")
    unit = _values(tenant, f"/directory/administrativeUnits/{'c' * 8}/members?$select=userPrincipalName")

    assert [one.get("userPrincipalName") for one in inside if "user" in one["@odata.type"]] == [
        "ann@contoso.com",
        "ben@contoso.com",
    ]
    assert [one["@odata.type"].rpartition(".")[2] for one in inside][2:] == [
        "group", "device", "orgContact", "orgContact",
    ]  # fmt: skip
    assert [one.get("userPrincipalName", one["@odata.type"]) for one in unit] == [
        "cem@contoso.com",
        "#microsoft.graph.group",
    ]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("$filter=displayName eq 'outer'", ["Outer"]),
        ("$filter=displayName%20eq%20'O''Neill'", ["O'Neill"]),
        ("$filter=startswith(displayName,'o')", ["Outer", "O'Neill"]),
        ("$filter=displayName eq 'none'", []),
        ("$top=1", ["Outer"]),
        ("$orderby=displayName", ["Inner", "O'Neill", "Outer"]),
        ("$orderby=displayName desc&$top=1", ["Outer"]),
        ("$filter=groupTypes/any(t:t eq 'DynamicMembership')", ["O'Neill"]),
        ("$filter=securityEnabled eq true and startswith(displayName,'i')", ["Inner"]),
        ("$filter=displayName in ('inner','nobody')", ["Inner"]),
        ("", ["Outer", "Inner", "O'Neill"]),
    ],
)
def test_groups_are_found_by_name(query: str, names: list[str]) -> None:
    """Whole or by its beginning, whatever the case."""
    assert [one["displayName"] for one in _values(_tenant(), f"/groups?{query}")] == names


def test_members_that_a_group_names_itself_are_listed_without_those_of_its_groups() -> None:
    """And a user's `memberOf` has the groups that name them; `$select` chooses what is shown."""
    tenant = _tenant()
    cem = _values(tenant, f"/groups/{'b' * 8}/members?$select=userPrincipalName")
    assert [one.get("userPrincipalName") for one in cem] == [
        "ben@contoso.com", "ann@contoso.com", None, None, None,
    ]  # fmt: skip
    assert [one["id"] for one in _values(tenant, "/users/ben@contoso.com/memberOf")] == ["b" * 8]
    answer = _ask(tenant, f"/groups/{'a' * 8}?$select=displayName")
    assert isinstance(answer, Answer)
    assert isinstance(answer.body, dict)
    assert {name: value for name, value in answer.body.items() if name[0] != "@"} == {"displayName": "Outer"}


@pytest.mark.parametrize(
    ("url", "lacking", "method", "status"),
    [
        ("/groups", "GroupMember.Read.All", "GET", 403),
        (f"/groups/{'a' * 8}/transitiveMembers", "GroupMember.Read.All", "GET", 403),
        ("/directory/administrativeUnits", "AdministrativeUnit.Read.All", "GET", 403),
        (f"/groups/{'c' * 8}", "", "GET", 404),
        (f"/directory/administrativeUnits/{'a' * 8}/members", "", "GET", 404),
        ("/groups", "", "POST", 405),
        ("/groups?$filter=visibility eq 'Public'", "", "GET", 400),
        (f"/groups/{'a' * 8}/transitiveMembers?$select=shoeSize", "", "GET", 400),
        (f"/groups/{'a' * 8}/transitiveMembers?$top=1000", "", "GET", 400),
        (f"/groups/{'a' * 8}/owners", "", "GET", 400),
        ("/directory/roles", "", "GET", 400),
    ],
)
def test_what_is_not_answered(url: str, lacking: str, method: str, status: int) -> None:
    """Without the permission, of what is not there, and what cannot be read."""
    refusal = _ask(_tenant(), url, lacking=lacking, method=method)
    assert isinstance(refusal, Refusal)
    assert refusal.status == status


def test_of_members_who_may_not_be_read_the_id_is_shown() -> None:
    """Without a permission for users, all else of them is empty."""
    shown = _values(_tenant(), f"/groups/{'b' * 8}/transitiveMembers?$select=id,displayName", lacking="User.Read.All")
    assert {one["displayName"] for one in shown if "user" in one["@odata.type"]} == {None}
    assert all(one["id"] for one in shown)


def test_new_accounts_are_found_by_the_day_they_were_made() -> None:
    """`ge` holds for the very moment; members can be told theirs too."""
    url = "/users?$filter=createdDateTime ge 2026-08-01T08:00:00Z&$select=userPrincipalName,createdDateTime"
    assert _values(_tenant(), url) == [
        {"userPrincipalName": "ben@contoso.com", "createdDateTime": "2026-08-01T08:00:00Z"},
        {"userPrincipalName": "cem@contoso.com", "createdDateTime": "2026-09-01T08:00:00Z"},
    ]


def test_a_policy_for_a_group_covers_the_members_of_its_members() -> None:
    """And `transitiveMemberOf` names both groups."""
    tenant = _tenant(CONTENT | {"policy": {"includeTargets": [{"targetType": "group", "id": "a" * 8}]}})
    ben, cem = tenant.find("ben@contoso.com"), tenant.find("cem@contoso.com")
    assert ben is not None
    assert cem is not None
    assert {one["id"] for one in _values(tenant, f"/users/{ben.object_id}/transitiveMemberOf")} == {"a" * 8, "b" * 8}
    assert tenant.groups_of(cem) == ()


def test_groups_and_dates_outlive_the_process(tmp_path: Path) -> None:
    """The state file has them, and a member that is nobody is refused with its name."""
    tenant = _tenant()
    StateFile(tmp_path / "state.jsonl", tenant).close()
    again = reopen_state(tmp_path / "state.jsonl")

    assert json.dumps(tenant_to_json(again)) == json.dumps(tenant_to_json(tenant))
    with pytest.raises(ValueError, match="its member nobody is nobody"):
        _tenant({"users": [], "groups": [{"displayName": "X", "members": ["nobody"]}]})
