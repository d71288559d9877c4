"""`GET /users` of the pretend tenant: filters, pages, counts, and what is said to questions that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from bulktap.simulator.users import User

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = (
    "o'brien@contoso.com",
    "a+b@contoso.com",
    "r&d@contoso.com",
    "ren\u00e9e@contoso.com",
    "guest_adatum.com#EXT#@contoso.com",
    "100%@contoso.com",
)


def _with_names(tenant: Any) -> Any:
    for number, name in enumerate(NAMES, 100):
        tenant.add_user(User(f"00000000-0000-4000-8000-{number:012d}", name, f"Name {number}"))
    return tenant


def _ask(bench: Any, query: str, **headers: str) -> tuple[int, dict[str, Any]]:
    step = {"id": "1", "method": "GET", "url": f"/users?{query}", "headers": headers}
    answer = bench.step(step)
    return answer["status"], answer["body"]


def _in(names: list[str] | tuple[str, ...], name: str = "userPrincipalName") -> str:
    values = ",".join("'" + one.replace("'", "''") + "'" for one in names)
    return "$filter=" + quote(f"{name} in ({values})", safe="")


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_name_is_found_by_in_and_by_eq(
    make_bench: Callable[..., Any], make_tenant: Callable[..., Any], name: str
) -> None:
    """Quotes doubled, the rest percent-encoded, whatever the case; a name that nobody has is just not there."""
    bench = make_bench(tenant=_with_names(make_tenant()))
    one = "$filter=" + quote("userPrincipalName eq '" + name.upper().replace("'", "''") + "'", safe="")

    status, body = _ask(bench, _in([name.upper(), "nobody@contoso.com"]) + "&$select=id,userPrincipalName&$top=15")

    assert status == 200
    assert [user["userPrincipalName"] for user in body["value"]] == [name]
    assert body["value"][0].keys() == {"id", "userPrincipalName"}
    assert _ask(bench, one)[1]["value"][0]["userPrincipalName"] == name


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("id in ('00000000-0000-4000-8000-000000000100','00000000-0000-4000-8000-000000000103')", 2),
        ("startswith(userPrincipalName,'A')", None),
        ("displayName eq 'name 101'", 1),
        ("mail eq 'nobody@contoso.com' or displayName eq 'Name 102'", 1),
        ("accountEnabled eq true", None),
        ("userPrincipalName in ('00000000-0000-4000-8000-000000000100')", 0),
    ],
)
def test_filters_find_whom_they_describe(
    make_bench: Callable[..., Any], make_tenant: Callable[..., Any], query: str, count: int | None
) -> None:
    """By id, by prefix, by other properties, by any of several; an id is no sign-in name."""
    bench = make_bench(tenant=_with_names(make_tenant()))
    status, body = _ask(bench, "$filter=" + quote(query))
    assert status == 200
    assert len(body["value"]) == count if count is not None else body["value"]


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ("$filter=" + quote("userPrincipalName eq 'o'brien@contoso.com'"), "BadRequest", "Invalid filter clause"),
        ("$filter=" + quote("userPrincipalName in ()"), "BadRequest", "Invalid filter clause"),
        ("$filter=", "BadRequest", "Invalid filter clause"),
        ("$filter=" + quote("id eq 'a' or "), "BadRequest", "Invalid filter clause"),
        ("$filter=" + quote("shoeSize eq '43'"), "Request_UnsupportedQuery", "'shoeSize'"),
        ("$filter=" + quote(f"displayName eq '{'x' * 121}'"), "Request_UnsupportedQuery", "'displayName'"),
        (_in([f"u{n}@x.com" for n in range(16)]), "Request_UnsupportedQuery", "operators: 16. Max allowed: 15."),
        (
            "$filter=" + quote(" or ".join(f"id eq '{n}'" for n in range(16))),
            "Request_UnsupportedQuery",
            "operators: 16. Max allowed: 15.",
        ),
        ("$top=1000", "Request_UnsupportedQuery", "Invalid page size"),
        ("$top=0", "Request_UnsupportedQuery", "Invalid page size"),
        ("$select=id,shoeSize", "BadRequest", "shoeSize"),
        ("$skiptoken=x", "Directory_ExpiredPageToken", "page token"),
        ("$fliter=x", "BadRequest", "$fliter"),
    ],
)
def test_what_cannot_be_read_is_refused(make_bench: Callable[..., Any], query: str, code: str, words: str) -> None:
    """With 400 in the directory's words, and only that step."""
    status, body = _ask(make_bench(), query)
    assert status == 400
    assert body["error"]["code"] == code
    assert words in body["error"]["message"]


@pytest.mark.parametrize("top", [1, 4, 100, 999])
def test_pages_lead_to_everybody_once(make_bench: Callable[..., Any], top: int) -> None:
    """Each page but the last has a link to the next."""
    bench = make_bench()
    query, seen = f"$select=id&$top={top}", []
    while query:
        _, body = _ask(bench, query)
        seen += [user["id"] for user in body["value"]]
        assert len(body["value"]) <= top
        query = body.get("@odata.nextLink", "?").partition("?")[2]
    assert seen == list(bench.tenant.users)


def test_a_count_is_an_advanced_query(make_bench: Callable[..., Any]) -> None:
    """Without `ConsistencyLevel` in the step it is left out."""
    bench = make_bench()
    assert "@odata.count" not in _ask(bench, "$count=true")[1]
    body = _ask(bench, "$count=true&$top=1", ConsistencyLevel="eventual")[1]
    assert body["@odata.count"] == len(bench.tenant.users)


@pytest.mark.parametrize(
    ("permissions", "query", "status"),
    [
        ({"User.ReadBasic.All"}, "$select=id", 200),
        ({"User.ReadBasic.All"}, "$select=accountEnabled", 403),
        ({"User.ReadBasic.All"}, "$filter=" + quote("accountEnabled eq true"), 403),
        ({"Policy.Read.All"}, "$select=id", 403),
        ({"Directory.Read.All"}, "$select=accountEnabled", 200),
    ],
)
def test_searching_takes_the_permission_to_read_users(
    make_bench: Callable[..., Any], make_tenant: Callable[..., Any], permissions: set[str], query: str, status: int
) -> None:
    """The basic one shows, and compares, basic properties only."""
    bench = make_bench(tenant=make_tenant(permissions=frozenset(permissions)))
    assert _ask(bench, query)[0] == status


def test_a_search_is_answered_outside_a_batch_too(open_browser: Callable[..., Any], tenant: Any) -> None:
    """As a request of its own, over HTTPS."""
    browser = open_browser(_with_names(tenant))
    found = browser.send("GET", f"/v1.0/users?{_in(NAMES)}&$top=15").json()["value"]
    assert sorted(user["userPrincipalName"] for user in found) == sorted(NAMES)
    answer = browser.send("GET", "/v1.0/users?$filter=nonsense")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadRequest")
