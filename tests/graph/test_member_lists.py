"""Pages of the tenant's lists: what they hold, and where the next one may be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bulktap.graph.batch import StepResponse
from bulktap.graph.directory import UserRetry
from bulktap.graph.member_lists import (
    ListKind,
    ListPage,
    ListRefused,
    created_since_url,
    judge_page,
    kind_of,
    members_url,
    named_url,
    read_listed_group,
    read_listed_user,
)

ROOT = "https://graph.microsoft.com"


def _answer(status: int, body: object, **headers: str) -> StepResponse:
    return StepResponse("1", status, headers, body)


@pytest.mark.parametrize(
    ("link", "root", "expected"),
    [
        ("https://graph.microsoft.com/v1.0/groups/1/members?$skiptoken=a", ROOT, "/groups/1/members?$skiptoken=a"),
        ("https://graph.microsoft.com:443/v1.0/users?$top=9", f"{ROOT}/v1.0", "/users?$top=9"),
        ("https://GRAPH.microsoft.com/v1.0/users", ROOT, "/users"),
        ("https://127.0.0.1:8443/v1.0/users?a", "https://127.0.0.1:8443", "/users?a"),
        ("https://gateway.contoso.com/graph/v1.0/users?a", "https://gateway.contoso.com/graph/", "/users?a"),
        ("http://graph.microsoft.com/v1.0/users", ROOT, None),
        ("https://graph.microsoft.com.evil.example/v1.0/users", ROOT, None),
        ("https://evil.example/v1.0/users", ROOT, None),
        ("https://graph.microsoft.com@evil.example/v1.0/users", ROOT, None),
        ("https://somebody@graph.microsoft.com/v1.0/users", ROOT, None),
        ("https://graph.microsoft.com:8443/v1.0/users", ROOT, None),
        ("https://graph.microsoft.com:x/v1.0/users", ROOT, None),
        ("https://graph.microsoft.com/beta/users", ROOT, None),
        ("https://graph.microsoft.us/v1.0/users", ROOT, None),
        ("/v1.0/users", ROOT, None),
        (7, ROOT, None),
        ("", ROOT, None),
    ],
)
def test_the_next_page_is_at_the_same_graph_or_nowhere(link: object, root: str, expected: str | None) -> None:
    """Whatever leads elsewhere is told, and not followed."""
    page = judge_page(_answer(200, {"value": [], "@odata.nextLink": link}), root)
    assert page == ListPage((), expected, leads_away=expected is None)


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (_answer(200, {"value": [{"id": "1"}]}), ListPage(({"id": "1"},))),
        (_answer(200, {"id": "1", "displayName": "7A"}), ListPage(({"id": "1", "displayName": "7A"},))),
        (_answer(200, {"value": "none"}), UserRetry(None, throttled=False)),
        (_answer(200, {"value": ["x"]}), UserRetry(None, throttled=False)),
        (_answer(200, "a page"), UserRetry(None, throttled=False)),
        (_answer(200, {}), UserRetry(None, throttled=False)),
        (_answer(403, {"error": {"code": "Authorization_RequestDenied", "message": "No."}}), ListRefused(403, "No.")),
        (_answer(404, {"error": {"code": "Request_ResourceNotFound"}}), ListRefused(404, "Request_ResourceNotFound")),
        (_answer(403, "<html>"), UserRetry(None, throttled=False)),
        (_answer(429, {"error": {"code": "TooManyRequests"}}, **{"retry-after": "7"}), UserRetry(7.0, throttled=True)),
        (_answer(503, None), UserRetry(None, throttled=False)),
    ],
)
def test_what_an_answer_to_a_list_means(response: StepResponse, expected: object) -> None:
    """A refusal in Graph's words is one; whatever else is no page is asked for again."""
    assert judge_page(response, ROOT) == expected


@pytest.mark.parametrize(
    ("item", "kind", "upn", "guest"),
    [
        ({"@odata.type": "#microsoft.graph.user", "id": "A", "userPrincipalName": "a@x.org"}, "user", "a@x.org", False),
        ({"id": "A", "userPrincipalName": "a@x.org", "userType": "guest"}, "user", "a@x.org", True),
        ({"@odata.type": "#microsoft.graph.user", "id": "A", "userPrincipalName": None}, "user", None, False),
        ({"@odata.type": "#microsoft.graph.device", "id": "A", "displayName": "PC"}, "device", None, None),
        ({"@odata.type": "#microsoft.graph.orgContact", "id": "A"}, "orgContact", None, None),
        ({"@odata.type": "#microsoft.graph.group", "id": "A"}, "group", None, None),
        ({"@odata.type": "#microsoft.graph.servicePrincipal", "id": "A"}, "servicePrincipal", None, None),
        ({"@odata.type": 7}, "user", None, None),
    ],
)
def test_only_users_are_users(item: dict[str, Any], kind: str, upn: str | None, guest: bool | None) -> None:
    """Devices, contacts and groups are told apart by their type; what has no id is nobody."""
    user = read_listed_user(item)
    assert kind_of(item) == kind
    assert (None if user is None else (user.upn, user.guest)) == (None if guest is None else (upn, guest))


def test_a_group_says_whether_a_rule_fills_it_and_whether_it_hides_its_members() -> None:
    """For groups and for administrative units, which have words of their own for it."""
    by_rule = read_listed_group({"id": "A", "displayName": "7A", "groupTypes": ["Unified", "DynamicMembership"]})
    unit = read_listed_group({"id": "B", "membershipType": "Dynamic", "visibility": "HiddenMembership"})
    plain = read_listed_group({"id": "C", "groupTypes": [], "visibility": None})
    assert by_rule is not None
    assert unit is not None
    assert plain is not None
    assert (by_rule.name, by_rule.dynamic, by_rule.hides_members) == ("7A", True, False)
    assert (unit.name, unit.dynamic, unit.hides_members) == ("B", True, True)
    assert (plain.dynamic, plain.hides_members) == (False, False)
    assert read_listed_group({"displayName": "7A"}) is None


def test_names_stand_in_addresses_as_the_service_reads_them() -> None:
    """A quote is doubled, and everything that would end or change an address is encoded."""
    assert "%27R%26D%20%2B%20O%27%27Neill%20%23%27" in named_url(ListKind.GROUP, "R&D + O'Neill #")
    assert named_url(ListKind.UNIT, "a", begins=True).startswith("/directory/administrativeUnits?$filter=startswith%28")
    assert members_url(ListKind.GROUP, "1").startswith("/groups/1/transitiveMembers?")
    assert members_url(ListKind.UNIT, "1").startswith("/directory/administrativeUnits/1/members?")
    assert "createdDateTime%20ge%202035-08-01T00%3A00%3A00Z" in created_since_url(datetime(2035, 8, 1, tzinfo=UTC))
