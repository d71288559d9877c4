import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from msal_clients import GRAPH, confidential, public

from bulktap.simulator.permissions import ROLES

ALEX, NESTOR = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000007"
MEGAN = "00000000-0000-4000-8000-000000000008"
PASSES = "/users/{user}/authentication/temporaryAccessPassMethods"
POLICY = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass"
DENIED, INSUFFICIENT = (403, "accessDenied"), (403, "Authorization_RequestDenied")
AUTHENTICATION, PRIVILEGED, READER, USERS = (
    ROLES[name]
    for name in (
        "Authentication Administrator",
        "Privileged Authentication Administrator",
        "Global Reader",
        "User Administrator",
    )
)


@pytest.fixture
def serve(open_browser: Callable[..., Any], make_tenant: Callable[..., Any], clock: Any) -> Callable[..., Any]:
    """Return an opener of tenants on the machine's clock; keywords change the registration."""
    clock.time = datetime.now(UTC)
    return lambda **changes: open_browser(make_tenant(**changes), device_interval=0, device_pending=0)


def asked(browser: Any, method: str, url: str) -> tuple[int, str]:
    """Ask in a batch and by a call, and return what both are told."""
    step: dict[str, Any] = {"id": "1", "method": method, "url": url}
    body: dict[str, Any] = {}
    if method == "POST":
        body = {"json": {}}
        step |= {"headers": {"Content-Type": "application/json"}, "body": {}}
    [item] = browser.batch(step).json()["responses"]
    call = browser.send(method, f"/v1.0{url}", **body)
    told = (call.status_code, call.json().get("error", {}).get("code", ""))
    assert told == (item["status"], item["body"].get("error", {}).get("code", ""))
    return told


def app_signs_in(browser: Any) -> None:
    """Sign the application in by its secret."""
    result = confidential(browser.simulator, browser.session, "pretend").acquire_token_for_client([GRAPH])
    browser.token = result["access_token"]


def person_signs_in(browser: Any) -> None:
    """Sign the operator in by a device code."""
    app = public(browser.simulator, browser.session)
    browser.token = app.acquire_token_by_device_flow(app.initiate_device_flow([GRAPH]))["access_token"]


@pytest.mark.parametrize(
    ("granted", "method", "url", "expected"),
    [
        ("UserAuthMethod-TAP.ReadWrite.All", "POST", PASSES, (201, "")),
        ("UserAuthenticationMethod.ReadWrite.All", "POST", PASSES, (201, "")),
        ("UserAuthMethod-TAP.Read.All", "POST", PASSES, DENIED),
        ("UserAuthMethod-TAP.Read.All", "GET", PASSES, (200, "")),
        ("User.Read.All", "GET", PASSES, DENIED),
        ("UserAuthMethod-TAP.ReadWrite.All", "GET", "/users/{user}", INSUFFICIENT),
        ("User.ReadBasic.All", "GET", "/users/{user}", (200, "")),
        ("User.ReadBasic.All", "GET", "/users/{user}?$select=accountEnabled", INSUFFICIENT),
        ("User.Read.All", "GET", "/users/{user}?$select=accountEnabled", (200, "")),
        ("UserAuthMethod-TAP.ReadWrite.All", "GET", POLICY, DENIED),
        ("Policy.Read.AuthenticationMethod", "GET", POLICY, (200, "")),
        ("User.Read.All", "GET", "/organization", INSUFFICIENT),
        ("Organization.Read.All", "GET", "/organization", (200, "")),
        ("User.Read.All", "GET", "/groups", INSUFFICIENT),
        ("GroupMember.Read.All", "GET", "/groups", (200, "")),
        ("GroupMember.Read.All", "GET", "/directory/administrativeUnits", INSUFFICIENT),
        ("UserAuthMethod-TAP.ReadWrite.All", "GET", "/users/{user}/authentication/methods", DENIED),
        ("UserAuthenticationMethod.Read.All", "GET", "/users/{user}/authentication/methods", (200, "")),
    ],
)
def test_a_token_opens_what_its_roles_are_for(
    serve: Callable[..., Any], granted: str, method: str, url: str, expected: tuple[int, str]
) -> None:
    """One permission each; without it the backend refuses in its own words, with 403 and no challenge."""
    browser = serve(permissions=frozenset({granted}))
    app_signs_in(browser)

    assert asked(browser, method, url.format(user=ALEX)) == expected


@pytest.mark.parametrize("scope", [GRAPH, "{client_id}/.default"])
def test_a_refusal_for_want_of_a_permission_is_no_challenge(serve: Callable[..., Any], scope: str) -> None:
    """403 asks for no other token; 401 does."""
    browser = serve(permissions=frozenset())
    app = confidential(browser.simulator, browser.session, "pretend")
    asked_for = scope.format(client_id=browser.simulator.client_id)
    browser.token = app.acquire_token_for_client([asked_for])["access_token"]

    answer = browser.send("GET", "/v1.0/organization")

    assert (answer.status_code == 401) == ("WWW-Authenticate" in answer.headers) == (scope != GRAPH)


@pytest.mark.parametrize(
    ("roles", "method", "url", "expected"),
    [
        ((AUTHENTICATION,), "POST", PASSES, (201, "")),
        ((PRIVILEGED,), "POST", PASSES, (201, "")),
        ((READER,), "POST", PASSES, DENIED),
        ((USERS,), "POST", PASSES, DENIED),
        ((), "POST", PASSES, DENIED),
        ((READER,), "GET", PASSES, (200, "")),
        ((), "GET", PASSES, DENIED),
        ((AUTHENTICATION,), "GET", PASSES.replace("{user}", NESTOR), DENIED),
        ((PRIVILEGED,), "GET", PASSES.replace("{user}", NESTOR), (200, "")),
        ((PRIVILEGED,), "POST", PASSES.replace("{user}", NESTOR), (201, "")),
        ((AUTHENTICATION,), "GET", POLICY, DENIED),
        ((READER,), "GET", POLICY, (200, "")),
        ((), "GET", "/users/{user}", (200, "")),
        ((), "GET", "/organization", (200, "")),
        ((PRIVILEGED,), "POST", "/me/authentication/temporaryAccessPassMethods", DENIED),
    ],
)
def test_a_person_needs_a_role_besides_the_scope(
    serve: Callable[..., Any], roles: tuple[str, ...], method: str, url: str, expected: tuple[int, str]
) -> None:
    """Who may issue, who may only look, and who reaches administrators; the directory asks for no role."""
    browser = serve(operator_roles=frozenset(roles))
    person_signs_in(browser)

    assert asked(browser, method, url.format(user=ALEX)) == expected


def test_a_role_that_was_activated_later_counts_at_the_next_sign_in(serve: Callable[..., Any]) -> None:
    """Roles are read when a token is issued."""
    browser = serve(operator_roles=frozenset())
    person_signs_in(browser)
    tenant = browser.simulator.tenant
    tenant.registration = replace(tenant.registration, operator_roles=frozenset({AUTHENTICATION}))

    before = asked(browser, "POST", PASSES.format(user=ALEX))
    person_signs_in(browser)

    assert (before, asked(browser, "POST", PASSES.format(user=ALEX))) == (DENIED, (201, ""))


@pytest.mark.parametrize(
    ("scope", "method", "url", "expected"),
    [
        ("UserAuthMethod-TAP.Read", "GET", "/me/authentication/temporaryAccessPassMethods", (200, "")),
        ("UserAuthMethod-TAP.ReadWrite", "GET", PASSES.format(user=MEGAN), (200, "")),
        ("UserAuthMethod-TAP.ReadWrite", "GET", PASSES.format(user=ALEX), DENIED),
        ("User.Read", "GET", "/me/authentication/temporaryAccessPassMethods", DENIED),
        ("User.Read", "GET", "/me?$select=accountEnabled", (200, "")),
        ("User.Read", "GET", f"/users/{ALEX}", INSUFFICIENT),
        ("UserAuthMethod-TAP.ReadWrite", "POST", "/me/authentication/temporaryAccessPassMethods", DENIED),
    ],
)
def test_a_scope_for_oneself_opens_nothing_of_others(
    serve: Callable[..., Any], scope: str, method: str, url: str, expected: tuple[int, str]
) -> None:
    """One's own passes and one's own account, without a role; and no pass for oneself."""
    browser = serve(operator_roles=frozenset(), scopes=frozenset({scope}))
    person_signs_in(browser)

    assert asked(browser, method, url) == expected


def test_a_person_deletes_their_own_pass(serve: Callable[..., Any]) -> None:
    """With the scope for one's own passes, once somebody has issued one."""
    browser = serve(scopes=frozenset({"UserAuthMethod-TAP.ReadWrite"}), operator_roles=frozenset())
    app_signs_in(browser)
    made = browser.send("POST", f"/v1.0{PASSES.format(user=MEGAN)}", json={}).json()
    person_signs_in(browser)

    address = f"/v1.0/me/authentication/temporaryAccessPassMethods/{made['id']}"
    read = json.dumps(browser.send("GET", address).json())

    assert made["temporaryAccessPass"] not in read
    assert browser.send("DELETE", address).status_code == 204
