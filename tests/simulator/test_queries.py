"""`GET /users` of the pretend tenant: filters, pages, counts, and what is said to questions that cannot be read."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from bulktap.simulator.tenant_file import tenant_from_json
from bulktap.simulator.users import LISTS, TEXTS, USER, User

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
        ("$filter=" + quote("shoeSize eq '43'"), "BadRequest", "'shoeSize' on type 'microsoft.graph.user'"),
        ("$filter=" + quote("endswith(shoeSize,'3')"), "BadRequest", "'shoeSize' on type 'microsoft.graph.user'"),
        (
            "$filter=" + quote("companyName eq 'Contoso'"),
            "Request_UnsupportedQuery",
            "'companyName' of resource 'User'",
        ),
        ("$filter=" + quote("passwordPolicies eq null"), "Request_UnsupportedQuery", "'passwordPolicies' of resource"),
        ("$filter=" + quote("accountEnabled ne true"), "Request_UnsupportedQuery", "'NotEqualsMatch' is not supported"),
        ("$filter=" + quote("endswith(mail,'contoso.com')"), "Request_UnsupportedQuery", "Unsupported Query."),
        ("$filter=" + quote("not (displayName eq 'Ann')"), "Request_UnsupportedQuery", "Unsupported Query."),
        ("$filter=" + quote("contains(displayName,'nn')"), "Request_UnsupportedQuery", "'ContainsMatch'"),
        ("$filter=" + quote("accountEnabled eq 'true'"), "BadRequest", "'Edm.Boolean' and 'Edm.String'"),
        ("$filter=" + quote("displayName eq 7"), "BadRequest", "'Edm.String' and 'Edm.Int32'"),
        ("$filter=" + quote("createdDateTime ge 'today'"), "BadRequest", "'Edm.DateTimeOffset' and 'Edm.String'"),
        ("$filter=" + quote("displayName eq 'Ann"), "BadRequest", "unterminated string literal"),
        ("$filter=" + quote("(displayName eq 'Ann'"), "BadRequest", "Syntax error at position 21"),
        ("$filter=" + quote("displayName is 'Ann'"), "BadRequest", "Syntax error at position 12"),
        ("$filter=" + quote("displayName eq 'Ann' % 2"), "BadRequest", "Syntax error at position 21"),
        ("$filter=" + "(" * 3000, "BadRequest", "Recursion depth"),
        ("$filter=" + quote("businessPhones/any(p:p eq '1')"), "Request_UnsupportedQuery", "'businessPhones'"),
        ("$search=%22displayName:ann%22", "Request_UnsupportedQuery", "'ConsistencyLevel: eventual'"),
        ("$orderby=jobTitle", "Request_UnsupportedQuery", "Unsupported sort property 'jobTitle' for 'User'."),
        ("$orderby=createdDateTime", "Request_UnsupportedQuery", "Unsupported sort property 'createdDateTime'"),
        ("$orderby=shoeSize", "BadRequest", "'shoeSize' on type"),
        ("$orderby=displayName%20up", "BadRequest", "$orderby"),
        (
            "$orderby=displayName&$filter=" + quote("accountEnabled eq true"),
            "Request_UnsupportedQuery",
            "Sorting not supported for current query.",
        ),
        ("$skip=10", "Request_BadRequest", "'$skip' is not supported"),
        ("$top=-1", "BadRequest", "'-1' for $top"),
        ("$top=ten", "BadRequest", "'ten' for $top"),
        ("$count=maybe", "BadRequest", "'maybe' for $count"),
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


PEOPLE: dict[str, Any] = {
    "users": [
        {"userPrincipalName": "ann@contoso.com", "displayName": "Ann Wilber", "companyName": "Contoso", "city": "Bonn"},
        {"userPrincipalName": "ben@contoso.com", "displayName": "Ben O'Hara", "accountEnabled": False},
        {"userPrincipalName": "cem@fabrikam.com", "displayName": "Cem Ann-Sofie", "department": "Year 7"},
        {
            "userPrincipalName": "dee_x.com#EXT#@contoso.com",
            "displayName": "Dee",
            "businessPhones": ["0123"],
            "createdDateTime": "2026-02-01T00:00:00Z",
        },
        {"userPrincipalName": "eve@contoso.com", "displayName": "Eve", "createdDateTime": "2026-01-01T12:00:00Z"},
    ]
}


def _names(bench: Any, query: str, *, advanced: bool = False) -> list[str]:
    headers = {"ConsistencyLevel": "eventual"} if advanced else {}
    status, body = _ask(bench, f"{query}&$count=true" if advanced else query, **headers)
    assert status == 200, body
    return [user["userPrincipalName"][:3] for user in body["value"]]


@pytest.fixture
def people(make_bench: Callable[..., Any], clock: Any) -> Any:
    """Return a service with five people."""
    return make_bench(tenant=tenant_from_json(PEOPLE, clock=clock, random=None))


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("accountEnabled eq false", "ben"),
        ("accountEnabled eq true and userType eq 'Guest'", "dee"),
        ("city eq 'bonn' or department eq 'YEAR 7'", "ann cem"),
        ("(city eq 'Bonn' or department eq 'Year 7') and startswith(displayName,'c')", "cem"),
        ("city eq 'Bonn' or department eq 'Year 7' and startswith(displayName,'x')", "ann"),
        ("startswith(displayName, 'ben o''h')", "ben"),
        ("department eq null and accountEnabled eq true", "ann dee eve"),
        ("userPrincipalName in ('EVE@contoso.com', 'ben@contoso.com') and accountEnabled eq true", "eve"),
        ("createdDateTime ge 2026-01-15T00:00:00Z", "dee"),
        ("createdDateTime le 2026-01-01T13:00:00+01:00", "eve"),
        ("createdDateTime ge 2026-01-01 and createdDateTime le 2026-01-31", "eve"),
        ("identities/any(i:i/issuer eq 'contoso.com' and i/issuerAssignedId eq 'ann@contoso.com')", "ann"),
        ("NOT_THERE", ""),
    ],
)
def test_plain_conditions(people: Any, condition: str, names: str) -> None:
    """`and` binds closer than `or`, parentheses before both, and nothing depends on the case of letters."""
    condition = "displayName eq 'nobody'" if condition == "NOT_THERE" else condition
    assert _names(people, "$filter=" + quote(condition)) == names.split()


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("accountEnabled ne true", "ben"),
        ("companyName ne null", "ann"),
        ("not (startswith(displayName,'A') or accountEnabled eq false)", "cem dee eve"),
        ("NOT startswith(displayName,'A') and accountEnabled eq true", "cem dee eve"),
        ("endsWith(userPrincipalName,'@fabrikam.com')", "cem"),
        ("endswith(mail,'contoso.com') and accountEnabled eq true", "ann eve"),
        ("businessPhones/any(p:startswith(p,'01'))", "dee"),
        ("businessPhones/any()", "dee"),
        ("userPrincipalName in (" + ",".join(f"'u{n}@x.com'" for n in range(40)) + ",'eve@contoso.com')", "eve"),
    ],
)
def test_advanced_conditions(people: Any, condition: str, names: str) -> None:
    """With the header and `$count=true` they are carried out; with either alone they are refused as without both."""
    query = "$filter=" + quote(condition)
    assert _names(people, query, advanced=True) == names.split()
    assert _ask(people, query, ConsistencyLevel="eventual")[0] == 400
    assert _ask(people, f"{query}&$count=true")[0] == 400


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ('"displayName:ann"', "ann cem"),
        ('"displayName:wil ann"', "ann"),
        ('"displayName:sofie" OR "userPrincipalName:e"', "cem eve"),
        ('"displayName:ann" AND "userPrincipalName:cem"', "cem"),
        ('"mail:eve@"', "eve"),
        ('"displayName:nn"', ""),
    ],
)
def test_searching_finds_words_by_their_beginnings(people: Any, search: str, names: str) -> None:
    """Of display names each word counts, of the rest the beginning; the header is enough, without a count."""
    status, body = _ask(people, "$search=" + quote(search), ConsistencyLevel="eventual")
    assert status == 200
    assert [user["userPrincipalName"][:3] for user in body["value"]] == names.split()


def test_a_filter_of_ten_thousand_alternatives_is_carried_out(people: Any) -> None:
    """How long a chain may be depends on nothing but the length of addresses, which a batch does not limit."""
    chain = " or ".join(f"displayName eq 'nobody {number}'" for number in range(10_000))
    assert _names(people, f"$filter={quote(chain)} or city eq 'Bonn'", advanced=True) == ["ann"]
    assert _names(people, f"$filter=({quote(chain.replace(' eq ', ' ne ').replace(' or ', ' and '))})", advanced=True)


@pytest.mark.parametrize(
    ("query", "units"),
    [("", "2"), ("$select=id", "1"), ("$top=19", "1"), ("$top=20", "2"), ("$top=5&$select=id", "1")],
)
def test_a_list_tells_what_it_cost(people: Any, query: str, units: str) -> None:
    """In the documented units."""
    answer = people.step({"id": "1", "method": "GET", "url": f"/users?{query}"})
    assert answer["headers"]["x-ms-resource-unit"] == units


@pytest.mark.parametrize("search", ["displayName:ann", '"ann"', '"displayName:ann" "mail:a"', '"city:Bonn"', ""])
def test_a_search_that_cannot_be_read_is_refused(people: Any, search: str) -> None:
    """Words need their quotes and their property, which has to be one that is searched."""
    assert _ask(people, "$search=" + quote(search), ConsistencyLevel="eventual")[0] == 400


@pytest.mark.parametrize(
    ("order", "advanced", "names"),
    [
        ("displayName", False, "ann ben cem dee eve"),
        ("userPrincipalName desc", False, "eve dee cem ben ann"),
        ("createdDateTime desc&$filter=userType eq 'Member'", True, "eve ann ben cem"),
        ("createdDateTime", True, "ann ben cem eve dee"),
        ("displayName desc&$top=2", False, "eve dee"),
    ],
)
def test_lists_are_sorted(people: Any, order: str, advanced: bool, names: str) -> None:
    """What has no value comes first, or last where the order is turned round."""
    assert _names(people, f"$orderby={quote(order, safe='&=$')}", advanced=advanced) == names.split()


@pytest.mark.parametrize(
    ("query", "status", "count"),
    [
        ("", 200, 5),
        ("?$filter=accountEnabled%20eq%20false", 200, 1),
        ("?$filter=endswith(mail,%27contoso.com%27)", 200, 3),
        ("?$search=%22displayName:ann%22", 200, 2),
        ("?$filter=shoeSize%20eq%20null", 400, None),
    ],
)
def test_users_are_counted(people: Any, query: str, status: int, count: int | None) -> None:
    """As text, with the header; without it counting is refused in the published words."""
    step = {"id": "1", "method": "GET", "url": f"/users/$count{query}", "headers": {"ConsistencyLevel": "eventual"}}
    answer = people.step(step)
    assert answer["status"] == status
    if count is not None:
        assert base64.b64decode(answer["body"]).decode() == str(count)
    plain = people.step({**step, "headers": {}})
    assert plain["body"]["error"]["message"] == "$count is not currently supported."


BASIC = (
    "businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname "
    "userPrincipalName id"
)


@pytest.mark.parametrize(
    ("select", "names"),
    [
        ("", BASIC),
        ("ID,City", "id city"),
        ("assignedLicenses,onPremisesSyncEnabled", "assignedLicenses onPremisesSyncEnabled"),
        ("companyName, companyName", "companyName"),
        ("lastPasswordChangeDateTime,usageLocation", "lastPasswordChangeDateTime usageLocation"),
    ],
)
def test_users_show_the_usual_properties_or_those_selected(people: Any, select: str, names: str) -> None:
    """In the list as alone, by name or by id."""
    query = f"$select={quote(select)}" if select else ""
    [first, *_rest] = _ask(people, query)[1]["value"]
    ann = people.tenant.find("ann@contoso.com")
    for reference in ("ann@contoso.com", ann.object_id, ann.object_id.upper()):
        alone = people.step({"id": "1", "method": "GET", "url": f"/users/{reference}?{query}"})["body"]
        assert list(first) == names.split()
        assert {name: value for name, value in alone.items() if name[0] != "@"} == first


def test_every_member_that_the_contract_has_of_users_can_be_selected() -> None:
    """And every other that a tenant's file may say."""
    assert all(USER.find(name) for name in (*TEXTS, *LISTS, "identities", "userType", "createdDateTime"))


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
