import json
from collections.abc import Callable
from typing import Any

import pytest

from bulktap.simulator.users import User

ALEX = "00000000-0000-4000-8000-000000000001"
PASSES = "/users/{}/authentication/temporaryAccessPassMethods"
Step = dict[str, Any]


def get(url: str) -> Step:
    """Return a read step."""
    return {"id": "1", "method": "GET", "url": url}


def test_the_published_create_is_answered_as_published(
    make_bench: Callable[..., Any], create: Callable[..., Step]
) -> None:
    """Microsoft's sample body (with a start ahead) gets an answer with the sample's members."""
    step = create(ALEX, startDateTime="2030-09-05T00:00:00.000Z", lifetimeInMinutes=60, isUsableOnce=False)

    answer = make_bench().step(step)

    body = answer["body"]
    assert answer["status"] == 201
    assert body.keys() == {
        "@odata.context",
        "@odata.type",
        "id",
        "temporaryAccessPass",
        "createdDateTime",
        "startDateTime",
        "lifetimeInMinutes",
        "isUsableOnce",
        "isUsable",
        "methodUsabilityReason",
    }
    assert body["@odata.type"] == "#microsoft.graph.temporaryAccessPassAuthenticationMethod"
    assert body["startDateTime"] == "2030-09-05T00:00:00Z"
    assert (body["isUsable"], body["methodUsabilityReason"]) == (False, "NotYetValid")


def test_list_and_get_show_no_passcode(
    make_bench: Callable[..., Any], create: Callable[..., Step], listing: Callable[..., Step]
) -> None:
    """Both show the same pass as the create, with null for the passcode; the list's items have no type."""
    bench = make_bench()
    created = bench.step(create(ALEX))["body"]

    listed = bench.step(listing("ALEX@CONTOSO.COM"))["body"]["value"]
    fetched = bench.step(get(f"{PASSES.format(ALEX)}/{created['id'].upper()}"))["body"]

    expected = {key: value for key, value in created.items() if not key.startswith("@")}
    expected["temporaryAccessPass"] = None
    assert listed == [expected]
    assert {key: value for key, value in fetched.items() if not key.startswith("@")} == expected


def test_a_delete_answers_204_without_a_body_and_then_404(
    make_bench: Callable[..., Any], create: Callable[..., Step], listing: Callable[..., Step]
) -> None:
    """A pass is deleted once; afterwards the list is empty."""
    bench = make_bench()
    pass_id = bench.step(create(ALEX))["body"]["id"]
    step = {"id": "1", "method": "DELETE", "url": f"{PASSES.format(ALEX)}/{pass_id}"}

    first, second = bench.step(step), bench.step(step)

    assert first["status"] == 204
    assert "body" not in first
    assert second["status"] == 404
    assert bench.step(listing(ALEX))["body"]["value"] == []


def test_method_errors_repeat_their_message_inside(make_bench: Callable[..., Any], create: Callable[..., Step]) -> None:
    """The authentication methods service's errors look like the published one."""
    error = make_bench().step(create(ALEX, lifetimeInMinutes=30))["body"]["error"]

    assert error["code"] == "badRequest"
    assert error["message"] == "Invalid LifetimeInMinutes specified. The valid range between 60 and 480."
    assert error["innerError"]["message"] == error["message"]
    assert error["innerError"]["date"] == "2030-09-01T07:00:00"


def test_directory_errors_do_not(make_bench: Callable[..., Any]) -> None:
    """The directory's unknown user has its own words and no message inside."""
    answer = make_bench().step(get("/users/nobody@contoso.com"))

    error = answer["body"]["error"]
    assert (answer["status"], error["code"]) == (404, "Request_ResourceNotFound")
    assert error["message"] == (
        "Resource 'nobody@contoso.com' does not exist or one of its queried reference-property objects are not present."
    )
    assert "message" not in error["innerError"]


@pytest.mark.parametrize(
    "order",
    [
        {"lifetimeInMinutes": "60"},
        {"lifetimeInMinutes": True},
        {"isUsableOnce": "yes"},
        {"startDateTime": "2030-09-05T00:00:00"},
        {"startDateTime": "tomorrow"},
        {"startDateTime": 1},
        {"lifetime": 60},
    ],
)
def test_a_member_of_the_wrong_kind_is_refused(
    make_bench: Callable[..., Any], create: Callable[..., Step], order: dict[str, Any]
) -> None:
    """Texts for numbers, local times and unknown members are refused, and nothing is created."""
    bench = make_bench()

    assert bench.step(create(ALEX, **order))["status"] == 400
    assert bench.tenant.changes == 0


def test_an_administrator_above_the_caller_answers_403(
    make_bench: Callable[..., Any], create: Callable[..., Step]
) -> None:
    """A protected target is refused like a missing permission."""
    answer = make_bench().step(create("nestor@contoso.com"))

    assert answer["status"] == 403
    assert answer["body"]["error"]["code"] == "accessDenied"
    assert answer["body"]["error"]["message"] == "Request Authorization failed"


def test_nobody_creates_a_pass_for_themselves(make_bench: Callable[..., Any], create: Callable[..., Step]) -> None:
    """A signed-in person is refused for their own account and may read their own passes."""
    bench = make_bench()
    bench.sign_in(ALEX)

    refused = bench.step(create("alex@contoso.com"))
    own = bench.step(get("/me/authentication/temporaryAccessPassMethods"))

    expected = f"Self-service operations are currently not supported for user {ALEX}."
    assert (refused["status"], refused["body"]["error"]["message"]) == (403, expected)
    assert own["status"] == 200


def test_me_means_nothing_to_an_application(make_bench: Callable[..., Any]) -> None:
    """An application on its own has no `me`."""
    assert make_bench().step(get("/me"))["status"] == 400


def test_a_new_user_is_unknown_to_the_methods_service_for_a_while(
    make_bench: Callable[..., Any], create: Callable[..., Step]
) -> None:
    """The first attempts answer 404, as they do for users who were just made."""
    bench = make_bench()
    bench.tenant.add_user(User("00000000-0000-4000-8000-0000000000aa", "new@contoso.com", "New", unknown_attempts=2))

    statuses = [bench.step(create("new@contoso.com"))["status"] for _ in range(3)]

    assert statuses == [404, 404, 201]


def test_a_user_shows_the_selected_properties(make_bench: Callable[..., Any]) -> None:
    """`$select` is obeyed, and an external guest can be told from an internal one."""
    select = "?$select=id,userType,accountEnabled,identities,creationType,externalUserState"
    bench = make_bench()

    guest = bench.step(get(f"/users/adele_fabrikam.com%23EXT%23@contoso.com{select}"))
    member = bench.step(get(f"/users/{ALEX}{select}"))

    assert guest["headers"]["x-ms-resource-unit"] == "1"
    assert guest["body"]["creationType"] == "Invitation"
    assert guest["body"]["identities"][0]["issuer"] == "ExternalAzureAD"
    assert member["body"]["creationType"] is None
    assert member["body"].keys() - {"@odata.context"} == set(select.removeprefix("?$select=").split(","))


def test_without_select_a_user_shows_its_basic_profile(make_bench: Callable[..., Any]) -> None:
    """`accountEnabled` has to be asked for."""
    body = make_bench().step(get(f"/users/{ALEX}"))["body"]

    assert body["userPrincipalName"] == "alex@contoso.com"
    assert "accountEnabled" not in body


@pytest.mark.parametrize(
    ("granted", "url", "code"),
    [
        ({"UserAuthMethod-TAP.ReadWrite.All"}, f"/users/{ALEX}", "Authorization_RequestDenied"),
        ({"User.ReadBasic.All"}, f"/users/{ALEX}?$select=accountEnabled", "Authorization_RequestDenied"),
        ({"User.Read.All"}, PASSES.format(ALEX), "accessDenied"),
        (
            {"UserAuthMethod-TAP.ReadWrite.All"},
            "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass",
            "accessDenied",
        ),
        ({"User.Read.All"}, "/organization", "Authorization_RequestDenied"),
    ],
)
def test_a_missing_permission_is_refused_in_the_backends_words(
    make_tenant: Callable[..., Any], make_bench: Callable[..., Any], granted: set[str], url: str, code: str
) -> None:
    """Each backend says it in its own way."""
    bench = make_bench(tenant=make_tenant(permissions=frozenset(granted)))

    answer = bench.step(get(url))

    assert (answer["status"], answer["body"]["error"]["code"]) == (403, code)


def test_reading_is_not_writing(
    make_tenant: Callable[..., Any],
    make_bench: Callable[..., Any],
    create: Callable[..., Step],
    listing: Callable[..., Step],
) -> None:
    """The read permission lists and does not create."""
    bench = make_bench(tenant=make_tenant(permissions=frozenset({"UserAuthMethod-TAP.Read.All"})))

    assert bench.step(listing(ALEX))["status"] == 200
    assert bench.step(create(ALEX))["status"] == 403


@pytest.mark.parametrize("last", ["TemporaryAccessPass", "temporaryAccessPass"])
def test_the_policy_is_shown_as_published(make_bench: Callable[..., Any], last: str) -> None:
    """Either spelling of the last segment works, and the members are those of the published example."""
    url = f"/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/{last}"

    body = make_bench().step(get(url))["body"]

    assert body["@odata.type"] == "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration"
    assert body["includeTargets"] == [{"targetType": "group", "id": "all_users", "isRegistrationRequired": False}]
    assert (body["minimumLifetimeInMinutes"], body["maximumLifetimeInMinutes"]) == (60, 480)
    assert "includeTargets@odata.context" in body


@pytest.mark.parametrize(
    ("permissions", "status"),
    [({"User.Read.All"}, 200), ({"GroupMember.Read.All"}, 200), ({"User.ReadBasic.All"}, 403), (set(), 403)],
)
def test_the_groups_of_a_user_are_shown_to_whoever_may_read_users(
    make_bench: Callable[..., Any], make_tenant: Callable[..., Any], permissions: set[str], status: int
) -> None:
    """Their ids at least; an unknown user has none."""
    bench = make_bench(tenant=make_tenant(permissions=frozenset(permissions)))

    answer = bench.step(get(f"/users/{ALEX}/transitiveMemberOf?$select=id&$top=999"))

    assert answer["status"] == status
    if status == 200:
        assert all(item["@odata.type"] == "#microsoft.graph.group" for item in answer["body"]["value"])
        assert bench.step(get("/users/nobody@contoso.com/transitiveMemberOf"))["status"] == 404


def test_the_domains_of_the_accounts_are_the_tenants_own(make_bench: Callable[..., Any]) -> None:
    """An account of the tenant has a name in one of its verified domains; a guest's home is none of them."""
    bench = make_bench()
    [organization] = bench.step(get("/organization"))["body"]["value"]

    domains = [domain["name"] for domain in organization["verifiedDomains"]]
    assert domains[0] == "contoso.com"
    assert "fabrikam.com" not in domains
    assert [domain["isDefault"] for domain in organization["verifiedDomains"]] == [True] + [False] * (len(domains) - 1)


def test_the_organization_names_the_tenant(make_bench: Callable[..., Any]) -> None:
    """The tenant's id and display name."""
    [organization] = make_bench().step(get("/organization"))["body"]["value"]

    assert (organization["id"], organization["displayName"]) == (
        "7d1c5a9e-3b52-4c68-9f0a-6e2b8d4f1a37",
        "Contoso",
    )


def test_a_wrong_method_is_refused(make_bench: Callable[..., Any], create: Callable[..., Step]) -> None:
    """A pass cannot be changed."""
    step = {**create(ALEX), "method": "PATCH"}

    answer = make_bench().step(step)

    assert (answer["status"], answer["body"]["error"]["code"]) == (405, "Request_BadRequest")


def test_a_token_is_needed(make_bench: Callable[..., Any], clock: Any) -> None:
    """No token, a made-up one and an expired one each refuse the whole envelope with 401 and a challenge."""
    bench = make_bench()
    good, words = bench.token, []
    for token, later in (("", 0), ("made-up", 0), (good, 3599)):
        bench.token = token
        clock.turn(seconds=later)
        reply = bench.post({"requests": [get("/organization")]})
        assert reply.status == 401
        assert reply.headers["WWW-Authenticate"].startswith('Bearer realm="", authorization_uri=')
        words.append(json.loads(reply.payload)["error"]["message"])

    assert words == [
        "Access token is empty.",
        "CompactToken parsing failed with error code: 80049217",
        "Lifetime validation failed, the token is expired.",
    ]
