import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msal_clients import GRAPH, claims_in, confidential, public
from sign_in_world import Keypair

from bulktap.simulator.permissions import ROLES
from bulktap.simulator.users import User

CERTIFICATE = Keypair()
TIMES = ("iat", "nbf", "exp")
BOTH = {
    "aud",
    "iss",
    *TIMES,
    "aio",
    "app_displayname",
    "appid",
    "appidacr",
    "idtyp",
    "oid",
    "rh",
    "sub",
    "tenant_region_scope",
    "tid",
    "uti",
    "ver",
    "wids",
    "xms_ftd",
    "xms_idrel",
    "xms_tcdt",
    "xms_tdbr",
}
"""What every published token for Microsoft Graph has."""


@pytest.fixture
def serve(open_browser: Callable[..., Any], make_tenant: Callable[..., Any], clock: Any) -> Callable[..., Any]:
    """Return an opener of tenants on the machine's clock; keywords change the registration."""
    clock.time = datetime.now(UTC)
    return lambda **changes: open_browser(make_tenant(**changes), device_interval=0, device_pending=0)


def app_claims(browser: Any, credential: object = "pretend", scope: str = GRAPH, **settings: Any) -> dict[str, Any]:
    """Return what an application's token says."""
    app = confidential(browser.simulator, browser.session, credential, **settings)
    return claims_in(app.acquire_token_for_client([scope])["access_token"])


def person_tokens(browser: Any, scope: str = GRAPH, **settings: Any) -> dict[str, Any]:
    """Return what MSAL brings home for a person."""
    app = public(browser.simulator, browser.session, **settings)
    result: dict[str, Any] = app.acquire_token_by_device_flow(app.initiate_device_flow([scope]))
    return result


def test_an_applications_token_says_what_a_real_one_says(serve: Callable[..., Any], clock: Any) -> None:
    """Each claim of the published ones, and none that only a person's has."""
    browser = serve(app_name="Onboarding")
    claims = app_claims(browser)

    assert claims.keys() == BOTH | {"idp", "roles"}
    tenant_id = browser.simulator.tenant_id
    assert claims["aud"] == "https://graph.microsoft.com"
    assert claims["iss"] == claims["idp"] == f"https://sts.windows.net/{tenant_id}/"
    assert (claims["tid"], claims["appid"]) == (tenant_id, browser.simulator.client_id)
    assert (claims["app_displayname"], claims["idtyp"], claims["ver"]) == ("Onboarding", "app", "1.0")
    assert claims["oid"] == claims["sub"] != claims["appid"]
    assert claims["roles"] == sorted(claims["roles"])
    assert claims["wids"] == ["0997a1d0-0d1d-4acb-b408-d5ca73121e90"]
    assert claims["exp"] == int(clock().timestamp()) + 3599
    assert claims["iat"] == claims["nbf"] <= clock().timestamp()
    assert all(type(claims[name]) is int for name in (*TIMES, "xms_tcdt"))


def test_no_two_tokens_are_alike(serve: Callable[..., Any]) -> None:
    """Each has an id of its own, and the same application stays the same."""
    browser = serve()
    one, other = app_claims(browser), app_claims(browser)

    assert one["uti"] != other["uti"]
    assert len(one["uti"]) == 22
    assert one["oid"] == other["oid"]


@pytest.mark.parametrize(
    ("credential", "expected"),
    [("pretend", "1"), ({"private_key": CERTIFICATE.private(), "public_certificate": CERTIFICATE.public}, "2")],
)
def test_a_token_says_how_the_application_proved_itself(
    serve: Callable[..., Any], credential: object, expected: str
) -> None:
    """By a secret or by a certificate; a person's program by nothing."""
    browser = serve(certificates=(CERTIFICATE.public,))

    assert app_claims(browser, credential)["appidacr"] == expected
    assert claims_in(person_tokens(browser)["access_token"])["appidacr"] == "0"


@pytest.mark.parametrize(
    "permissions", [(), ("User.Read.All",), ("UserAuthMethod-TAP.ReadWrite.All", "Policy.Read.All")]
)
def test_only_what_was_granted_is_in_a_token(serve: Callable[..., Any], permissions: tuple[str, ...]) -> None:
    """Without any permission the claim is missing; people's tokens have theirs besides `User.Read`."""
    browser = serve(permissions=frozenset(permissions))

    assert app_claims(browser).get("roles", []) == sorted(permissions)
    scopes = claims_in(person_tokens(browser)["access_token"])["scp"].split()
    assert set(scopes) - {"openid", "profile"} == {*permissions, "User.Read"}


def test_a_token_for_the_application_itself_is_of_the_second_version(serve: Callable[..., Any]) -> None:
    """There it is called `azp`."""
    browser = serve()
    claims = app_claims(browser, scope=f"{browser.simulator.client_id}/.default")

    assert claims["aud"] == claims["azp"] == browser.simulator.client_id
    assert (claims["ver"], claims["azpacr"]) == ("2.0", "1")
    assert claims["iss"] == f"https://login.microsoftonline.com/{browser.simulator.tenant_id}/v2.0"
    assert not {"appid", "appidacr", "roles"} & claims.keys()


def test_a_persons_token_says_who_they_are(serve: Callable[..., Any]) -> None:
    """Name, sign-in name, object id, scopes and directory roles, as published; and no roles of an application's."""
    roles = frozenset({ROLES["Global Administrator"]})
    browser = serve(operator_roles=roles)
    result = person_tokens(browser)
    claims, identity = claims_in(result["access_token"]), result["id_token_claims"]

    more = {
        "acct",
        "acr",
        "amr",
        "ipaddr",
        "name",
        "platf",
        "puid",
        "scp",
        "signin_state",
        "unique_name",
        "upn",
        "xms_st",
    }
    assert claims.keys() == BOTH | more
    assert claims["upn"] == claims["unique_name"] == identity["preferred_username"] == "megan@contoso.com"
    assert claims["oid"] == identity["oid"] == "00000000-0000-4000-8000-000000000008"
    assert (claims["name"], claims["idtyp"], claims["acct"]) == ("Megan", "user", 0)
    assert claims["wids"] == [*roles, "b79fbf4d-3ef9-4689-8143-76b194e85509"]
    assert claims["xms_st"]["sub"] == identity["sub"] != claims["sub"]
    assert identity["aud"] == browser.simulator.client_id
    assert identity["iss"] == f"https://login.microsoftonline.com/{browser.simulator.tenant_id}/v2.0"


@pytest.mark.parametrize("lifetime", [600, 3599])
def test_answer_and_token_agree_on_its_end(
    open_browser: Callable[..., Any], make_tenant: Callable[..., Any], clock: Any, lifetime: int
) -> None:
    """Whoever asks reads the lifetime in the answer, others in the token."""
    clock.time = datetime.now(UTC).replace(microsecond=0)
    browser = open_browser(make_tenant(), token_lifetime=lifetime)
    app = confidential(browser.simulator, browser.session, "pretend")
    result = app.acquire_token_for_client([GRAPH])

    ends = datetime.fromtimestamp(claims_in(result["access_token"])["exp"], UTC)
    assert ends == clock() + timedelta(seconds=result["expires_in"])


def test_a_name_in_any_script_is_in_the_token(
    open_browser: Callable[..., Any], make_tenant: Callable[..., Any], clock: Any
) -> None:
    """Whoever signs in is called what the directory calls them."""
    clock.time = datetime.now(UTC)
    tenant = make_tenant(operator="łucja@contoso.com")
    tenant.add_user(User("00000000-0000-4000-8000-0000000000ff", "łucja@contoso.com", "Łucja 王", "Łucja", "王"))
    browser = open_browser(tenant, device_interval=0, device_pending=0)

    claims = claims_in(person_tokens(browser)["access_token"])

    assert (claims["name"], claims["given_name"], claims["family_name"]) == ("Łucja 王", "Łucja", "王")
    assert json.dumps(claims["upn"]) == json.dumps("łucja@contoso.com")
