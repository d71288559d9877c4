from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulktap.graph.batch import StepResponse
from bulktap.graph.directory import (
    FoundUser,
    Organization,
    PolicyUnread,
    UserFound,
    UserMissing,
    UserNotPermitted,
    UserRetry,
    judge_organization,
    judge_policy,
    judge_user,
    organization_step,
    policy_step,
    user_step,
)
from bulktap.model.passes import PassPolicy, PolicyState
from bulktap.model.row_errors import RowErrorCode

ADA = {
    "id": "87d349ed-44d7-43e1-9a83-5f2406dee5bd",
    "userPrincipalName": "ada@contoso.com",
    "displayName": "Ada L.",
    "accountEnabled": True,
    "userType": "Member",
    "identities": [{"signInType": "userPrincipalName", "issuer": "contoso.com", "issuerAssignedId": "ada@contoso.com"}],
    "creationType": None,
    "externalUserState": None,
}
OWN = {"signInType": "userPrincipalName", "issuer": "contoso.com"}
FEDERATED = {"signInType": "federated", "issuer": "ExternalAzureAD"}


def answer(status: int, body: object = None, **headers: str) -> StepResponse:
    """Return a step's answer; underscores in header names become hyphens."""
    return StepResponse("1", status, {name.replace("_", "-"): value for name, value in headers.items()}, body)


def test_look_ups_ask_for_what_is_used() -> None:
    """Nothing else of a person is fetched."""
    assert user_step("1", "ada#@contoso.com").url == (
        "/users/ada%23@contoso.com?$select=id,userPrincipalName,displayName,givenName,surname,accountEnabled,userType,"
        "identities,creationType,externalUserState,createdDateTime"
    )
    policy = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass"
    assert policy_step("1").url == policy
    assert organization_step("1").url == "/organization?$select=id,displayName,verifiedDomains"


def test_a_user_is_read() -> None:
    """With everything that the plan shows."""
    expected = FoundUser(str(ADA["id"]), "ada@contoso.com", "Ada L.", account_enabled=True, external_guest=False)
    assert judge_user(answer(200, ADA)) == UserFound(expected)


def test_what_is_not_said_about_a_user_is_none() -> None:
    """`User.ReadBasic.All` shows little."""
    assert judge_user(answer(200, {"id": "1"})) == UserFound(FoundUser("1", None, None, None, external_guest=False))


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"userType": "Guest", "identities": [FEDERATED, OWN], "creationType": "Invitation"}, True),
        ({"userType": "guest", "identities": [FEDERATED]}, True),
        ({"userType": "Guest", "identities": [OWN], "creationType": None}, False),
        ({"userType": "Guest", "identities": [OWN], "userPrincipalName": "a#EXT#@contoso.com"}, False),
        ({"userType": "Guest", "creationType": "Invitation"}, True),
        ({"userType": "Guest", "creationType": None, "externalUserState": "Accepted"}, True),
        ({"userType": "Guest", "creationType": None, "externalUserState": None}, False),
        ({"userType": "Guest", "userPrincipalName": "a_fabrikam.com#ext#@contoso.com"}, True),
        ({"userType": "Guest", "userPrincipalName": "a@contoso.com"}, False),
        ({"userType": "Member", "identities": [FEDERATED], "userPrincipalName": "a#EXT#@contoso.com"}, False),
        ({"userPrincipalName": "a#EXT#@contoso.com"}, False),
    ],
)
def test_external_guests_are_told_from_internal_ones(members: dict[str, object], expected: bool) -> None:
    """What they sign in with decides, the name only when nothing else was shown; the directory calls both guests."""
    found = judge_user(answer(200, {"id": "1", **members}))

    assert isinstance(found, UserFound)
    assert found.user.external_guest is expected
    assert found.user.guest is (str(members.get("userType")).casefold() == "guest")


def test_a_missing_user_is_a_row_error() -> None:
    """With the user's name in it."""
    body = {"error": {"code": "Request_ResourceNotFound", "message": "Resource 'x' does not exist."}}
    verdict = judge_user(answer(404, body), "ada@contoso.com")
    assert isinstance(verdict, UserMissing)
    assert verdict.error.code is RowErrorCode.USER_NOT_FOUND
    assert "ada@contoso.com" in verdict.error.message


def test_a_missing_permission_is_not_a_missing_user() -> None:
    """The whole look-up is impossible then."""
    body = {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}}
    assert judge_user(answer(403, body)) == UserNotPermitted("Insufficient privileges.")


@pytest.mark.parametrize(("status", "throttled"), [(429, True), (401, False), (503, False), (500, False), (302, False)])
def test_a_look_up_that_failed_is_made_again(status: int, throttled: bool) -> None:
    """After the wait that the service asks for."""
    assert judge_user(answer(status, None, retry_after="1.5")) == UserRetry(1.5, throttled=throttled)
    assert judge_policy(answer(status, None, retry_after="1.5")) == UserRetry(1.5, throttled=throttled)


def test_a_user_without_an_id_is_looked_up_again() -> None:
    """It cannot be told from others."""
    assert judge_user(answer(200, {"displayName": "Ada"})) == UserRetry(None, throttled=False)
    assert judge_user(answer(200, None)) == UserRetry(None, throttled=False)


def test_the_published_policy_is_read() -> None:
    """Members with an @ in their name are ignored."""
    body = {
        "@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration",
        "id": "TemporaryAccessPass",
        "state": "enabled",
        "defaultLifetimeInMinutes": 120,
        "defaultLength": 12,
        "minimumLifetimeInMinutes": 30,
        "maximumLifetimeInMinutes": 1440,
        "isUsableOnce": True,
        "includeTargets@odata.context": "x",
        "includeTargets": [{"targetType": "group", "id": "all_users", "isRegistrationRequired": False}],
    }
    assert judge_policy(answer(200, body)) == PassPolicy(PolicyState.ENABLED, 30, 1440, 120, 12, forces_one_time=True)


def test_a_sparse_policy_has_the_documented_defaults() -> None:
    """A member that is left out is not a reason to stop."""
    expected = PassPolicy(PolicyState.DISABLED, 60, 480, 60, 8, forces_one_time=False)
    assert judge_policy(answer(200, {"state": "disabled"})) == expected


GRAPH_ERROR = {"error": {"code": "accessDenied", "message": "no"}}


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (answer(403, GRAPH_ERROR), "lacks Policy.Read.AuthenticationMethod"),
        (answer(404, GRAPH_ERROR), "404 accessDenied"),
        (answer(400, GRAPH_ERROR), "400 accessDenied"),
        (answer(200, {"state": "somethingNew"}), 'state "somethingNew" is new'),
        (answer(200, {"state": "enabledForReportingButNotEnforced"}), "enabledForReportingButNotEnforced"),
        (answer(200, {"state": "\x1b[31mred"}), 'state "[31mred"'),
        (answer(200, {"state": 1}), "has no state"),
        (answer(200, {}), "has no state"),
        (answer(200, []), "not understood"),
        (answer(200, "enabled"), "not understood"),
    ],
)
def test_a_policy_that_cannot_be_gone_by_says_why(response: StepResponse, reason: str) -> None:
    """Only a refusal is a missing permission; a new word is a new word."""
    verdict = judge_policy(response)
    assert isinstance(verdict, PolicyUnread)
    assert reason in verdict.reason
    assert ("lacks" in verdict.reason) is (response.status == 403)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 407, 410, 451])
@pytest.mark.parametrize("body", [None, "<html>Blocked</html>", {}, {"error": "forbidden"}, []])
def test_what_graph_did_not_word_is_asked_again(status: int, body: object) -> None:
    """A 403 or 404 without a Graph error says nothing about a permission or a user."""
    assert judge_user(answer(status, body)) == UserRetry(None, throttled=False)
    assert judge_policy(answer(status, body)) == UserRetry(None, throttled=False)


@pytest.mark.parametrize("status", [408, 409, 412, 421, 423, 425, 424])
def test_statuses_that_pass_are_asked_again(status: int) -> None:
    """With a Graph error too."""
    assert judge_user(answer(status, GRAPH_ERROR)) == UserRetry(None, throttled=False)


@pytest.mark.parametrize(
    "response",
    [
        answer(400, {"error": {"code": "ServiceUnavailable", "message": "later"}}),
        answer(404, {"error": {"code": "x", "message": "Unable to read the company information from the directory."}}),
    ],
)
def test_an_outage_told_as_another_status_is_asked_again(response: StepResponse) -> None:
    """Both were seen; neither is about the user."""
    assert judge_user(response) == UserRetry(None, throttled=False)


def test_the_age_of_an_account_is_read() -> None:
    """It tells how long the authentication service may not know the user yet."""
    verdict = judge_user(answer(200, ADA | {"createdDateTime": "2035-08-01T07:59:00Z"}))
    assert isinstance(verdict, UserFound)
    assert verdict.user.created_at == datetime(2035, 8, 1, 7, 59, tzinfo=UTC)
    for odd in (None, 5, "soon"):
        verdict = judge_user(answer(200, ADA | {"createdDateTime": odd}))
        assert isinstance(verdict, UserFound)
        assert verdict.user.created_at is None


@pytest.mark.parametrize(
    ("response", "read"),
    [
        (answer(200, {"value": [{"id": "1", "displayName": "Contoso"}]}), Organization("Contoso")),
        (
            answer(200, {"value": [{"displayName": "C", "verifiedDomains": [{"name": "A.com"}, {"name": "b.org"}]}]}),
            Organization("C", ("a.com", "b.org")),
        ),
        (
            answer(200, {"value": [{"verifiedDomains": [{"name": 5}, 7, {"name": "b.org"}]}]}),
            Organization(None, ("b.org",)),
        ),
        (answer(200, {"value": [{"verifiedDomains": "a.com"}]}), Organization()),
        (answer(403), Organization()),
        (answer(200, {"value": []}), Organization()),
        (answer(200, {"value": [1]}), Organization()),
        (answer(200, None), Organization()),
    ],
)
def test_the_tenants_name_and_domains_are_read_where_they_may_be(response: StepResponse, read: Organization) -> None:
    """Whatever is not there, or is not what it should be, is not known."""
    assert judge_organization(response) == read
