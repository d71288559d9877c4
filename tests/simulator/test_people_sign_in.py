from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msal
import pytest
from msal_clients import GRAPH, claims_in, confidential, public
from page_forms import form_of

REDIRECT = "http://localhost:8400"
TAP = "https://graph.microsoft.com/UserAuthMethod-TAP.ReadWrite.All"


@pytest.fixture
def serve(open_browser: Callable[..., Any], make_tenant: Callable[..., Any], clock: Any) -> Callable[..., Any]:
    """Return an opener of tenants on the machine's clock; keywords change the registration."""
    clock.time = datetime.now(UTC)
    return lambda **changes: open_browser(make_tenant(**changes), device_interval=0, device_pending=0)


def opened(browser: Any, flow: dict[str, Any], **changes: str) -> Any:
    """Open a sign-in page as a browser does, with other parameters where they are named."""
    parts = urlsplit(flow["auth_uri"])
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    return browser.session.get(parts._replace(query="").geturl(), params=query, timeout=60, allow_redirects=False)


def sent_back(page: Any) -> dict[str, str]:
    """Return what the browser carries back to the program."""
    if page.status_code == 200:
        return form_of(page.text)[1]
    parts = urlsplit(page.headers["Location"])
    return {name: values[0] for name, values in parse_qs(parts.fragment or parts.query).items()}


def begun(app: msal.PublicClientApplication, *scopes: str, redirect: str = REDIRECT) -> dict[str, Any]:
    """Begin a sign-in by browser, with PKCE."""
    flow: dict[str, Any] = app.initiate_auth_code_flow(
        list(scopes) or [GRAPH], redirect_uri=redirect, response_mode="form_post"
    )
    return flow


@pytest.mark.parametrize(("mode", "status"), [("query", 302), ("fragment", 302), ("form_post", 200)])
def test_the_browser_brings_the_code_back_as_asked(serve: Callable[..., Any], mode: str, status: int) -> None:
    """In the address, behind its fragment, or as a form; MSAL redeems it with its verifier and its nonce."""
    browser = serve()
    app = public(browser.simulator, browser.session)
    flow = begun(app)

    page = opened(browser, flow, response_mode=mode)
    result = app.acquire_token_by_auth_code_flow(flow, sent_back(page))

    assert page.status_code == status
    assert status == 200 or page.headers["Location"].startswith(f"{REDIRECT}{'#' if mode == 'fragment' else '?'}")
    assert claims_in(result["access_token"])["upn"] == "megan@contoso.com"
    browser.token = result["access_token"]
    assert browser.send("GET", "/v1.0/me").json()["userPrincipalName"] == "megan@contoso.com"


@pytest.mark.parametrize(
    ("registered", "redirect", "fits"),
    [
        ("http://localhost", "http://localhost:50123", True),
        ("http://localhost", "http://localhost/", True),
        ("http://localhost", "https://localhost:8400", False),
        ("http://localhost", "http://127.0.0.1:8400", False),
        ("http://localhost", "http://localhost:8400/callback", False),
        ("http://localhost", "http://localhost.contoso.com:8400", False),
        ("http://localhost", "http://localhost@fabrikam.com:8400", False),
        ("http://localhost", "http://localhost:8400/?next=fabrikam.com", False),
        ("http://localhost", "http://localhost:port", False),
        ("http://127.0.0.1/callback", "http://127.0.0.1:9/callback", True),
        ("https://app.contoso.com/back", "https://app.contoso.com/back", True),
        ("https://app.contoso.com/back", "https://app.contoso.com:8443/back", False),
    ],
)
def test_a_browser_is_sent_to_registered_addresses_only(
    serve: Callable[..., Any], registered: str, redirect: str, fits: bool
) -> None:
    """On this computer any port will do; scheme, host and path have to be the registered ones."""
    browser = serve(redirects=(registered,))

    page = opened(browser, begun(public(browser.simulator, browser.session), redirect=redirect))

    if fits:
        assert "code" in sent_back(page)
    else:
        assert (page.status_code, page.json()["error_codes"]) == (400, [50011])


@pytest.mark.parametrize(
    ("registration", "changes", "error", "number"),
    [
        ({"operator": None}, {}, "invalid_grant", 50034),
        ({"operator": "nobody@contoso.com"}, {}, "invalid_grant", 50034),
        ({}, {"scope": "https://graph.microsoft.com/Mail.Read openid"}, "invalid_grant", 65001),
        ({"scopes": frozenset()}, {}, "invalid_grant", 65001),
        ({}, {"scope": "https://passes.contoso.com/.default"}, "invalid_resource", 500011),
        ({}, {"scope": f"{GRAPH} https://vault.azure.net/.default"}, "invalid_scope", 28000),
        ({}, {"response_type": "id_token"}, "unsupported_response_type", 700051),
    ],
)
def test_a_refusal_is_brought_back_by_the_browser(
    serve: Callable[..., Any], registration: dict[str, Any], changes: dict[str, str], error: str, number: int
) -> None:
    """Nobody there, no consent, an unknown resource, two of them; the program learns which."""
    browser = serve(**registration)
    app = public(browser.simulator, browser.session)
    flow = begun(app)

    result = app.acquire_token_by_auth_code_flow(flow, sent_back(opened(browser, flow, **changes)))

    assert result["error"] == error
    assert result["error_description"].startswith(f"AADSTS{number}: ")


def redeemed(browser: Any, flow: dict[str, Any], received: str, **changes: str | None) -> dict[str, Any]:
    """Redeem a code by hand, with other parameters where they are named."""
    form = {
        "client_id": browser.simulator.client_id,
        "grant_type": "authorization_code",
        "code": received,
        "redirect_uri": REDIRECT,
        "code_verifier": flow["code_verifier"],
        **changes,
    }
    url = f"/{browser.simulator.tenant_id}/oauth2/v2.0/token"
    answer: dict[str, Any] = browser.send("POST", url, data=form).json()
    return answer


@pytest.mark.parametrize(
    ("changes", "seconds", "number"),
    [
        ({}, 0, None),
        ({"code_verifier": "x" * 43}, 0, 501481),
        ({"code_verifier": None}, 0, 501481),
        ({"redirect_uri": "http://localhost:1"}, 0, 500112),
        ({"code": "another"}, 0, 70000),
        ({}, 600, 70008),
    ],
)
def test_a_code_is_good_for_whoever_asked_for_it(
    serve: Callable[..., Any], clock: Any, changes: dict[str, str | None], seconds: int, number: int | None
) -> None:
    """With its verifier, its address and within its time."""
    browser = serve()
    flow = begun(public(browser.simulator, browser.session))
    code = sent_back(opened(browser, flow))["code"]
    clock.turn(seconds=seconds)

    answer = redeemed(browser, flow, code, **changes)

    assert answer.get("error_codes") == (None if number is None else [number])


def test_a_code_is_good_once(serve: Callable[..., Any]) -> None:
    """Also after a wrong verifier: nobody may guess."""
    browser = serve()
    flow = begun(public(browser.simulator, browser.session))
    code, guessed = (sent_back(opened(browser, flow))["code"] for _ in range(2))

    assert "access_token" in redeemed(browser, flow, code)
    assert redeemed(browser, flow, guessed, code_verifier="x" * 43)["error_codes"] == [501481]
    assert [redeemed(browser, flow, one)["error_codes"] for one in (code, guessed)] == [[54005], [54005]]


@pytest.mark.parametrize("grant", ["device_code", "authorization_code", "refresh_token"])
def test_an_app_that_is_not_public_has_to_prove_itself(serve: Callable[..., Any], grant: str) -> None:
    """Each way for people is refused without the secret."""
    browser = serve(public=False)
    form = {"client_id": browser.simulator.client_id, "grant_type": grant}

    answer = browser.send("POST", f"/{browser.simulator.tenant_id}/oauth2/v2.0/token", data=form)

    assert (answer.status_code, answer.json()["error_codes"]) == (401, [7000218])


def test_an_app_with_a_secret_signs_people_in_too(serve: Callable[..., Any]) -> None:
    """The token says that it proved itself; a wrong secret is refused as for the app alone."""
    browser = serve(public=False)
    numbers = []
    for secret in ("pretend", "wrong"):
        app = confidential(browser.simulator, browser.session, secret)
        flow = begun(app)
        result = app.acquire_token_by_auth_code_flow(flow, sent_back(opened(browser, flow)))
        numbers.append(result.get("error_codes") or claims_in(result["access_token"])["appidacr"])

    assert numbers == ["1", [7000215]]


@pytest.mark.parametrize(
    ("seconds", "changes", "error", "number"),
    [
        (899, {}, None, None),
        (900, {}, "expired_token", 70020),
        (0, {"device_code": "another"}, "bad_verification_code", 70018),
    ],
)
def test_a_device_code_has_its_time(
    serve: Callable[..., Any], clock: Any, seconds: int, changes: dict[str, str], error: str | None, number: int | None
) -> None:
    """A quarter of an hour; and it is one that was given out."""
    browser = serve()
    app = public(browser.simulator, browser.session)
    flow = app.initiate_device_flow([TAP])
    clock.turn(seconds=seconds)

    result = app.acquire_token_by_device_flow({**flow, **changes}, exit_condition=lambda _flow: True)

    assert (result.get("error"), result.get("error_codes")) == (error, None if number is None else [number])


def test_a_device_code_is_good_once(serve: Callable[..., Any]) -> None:
    """Whoever asks again is told so."""
    browser = serve()
    app = public(browser.simulator, browser.session)
    flow = app.initiate_device_flow([TAP])

    first, second = (app.acquire_token_by_device_flow(flow, exit_condition=lambda _flow: True) for _ in range(2))

    assert "access_token" in first
    assert second["error_codes"] == [54005]


@pytest.mark.parametrize(
    ("scope", "number"),
    [("Mail.Read", 65001), ("https://passes.contoso.com/x", 500011), ("api://other/.default", 500011)],
)
def test_a_device_code_is_refused_for_what_is_not_to_be_had(serve: Callable[..., Any], scope: str, number: int) -> None:
    """Consent and resource are looked at before anybody is asked."""
    browser = serve()

    flow = public(browser.simulator, browser.session).initiate_device_flow([scope])

    assert flow["error_codes"] == [number]


def signed_in(browser: Any, scope: str = TAP) -> msal.PublicClientApplication:
    """Return an application at which somebody has signed in."""
    app = public(browser.simulator, browser.session)
    assert "access_token" in app.acquire_token_by_device_flow(app.initiate_device_flow([scope]))
    return app


@pytest.mark.parametrize(
    "scope", [GRAPH, TAP, "User.Read", "{graph_url}/.default", "00000003-0000-0000-c000-000000000000/.default"]
)
def test_msal_finds_its_token_again(serve: Callable[..., Any], scope: str) -> None:
    """Scopes come back as they were asked for, so that the cache is asked and not the platform."""
    browser = serve()
    asked = scope.format(graph_url=browser.simulator.graph_url)
    app = signed_in(browser, asked)
    before = browser.simulator.statistics()["token_requests"]

    result = app.acquire_token_silent([asked], app.get_accounts()[0])

    assert result["token_source"] == "cache"
    assert browser.simulator.statistics()["token_requests"] == before


def test_a_refresh_token_gets_tokens_for_other_resources(serve: Callable[..., Any]) -> None:
    """Nobody signs in again for them; Graph takes its own only."""
    browser = serve()
    app = signed_in(browser)

    [account] = app.get_accounts()
    other = app.acquire_token_silent(["https://management.azure.com/.default"], account)
    ours = app.acquire_token_silent([TAP], account, force_refresh=True)

    assert claims_in(other["access_token"])["aud"] == "https://management.azure.com"
    browser.token = ours["access_token"]
    assert browser.send("GET", "/v1.0/me").status_code == 200
    browser.token = other["access_token"]
    assert browser.send("GET", "/v1.0/me").status_code == 401


def disable(tenant: Any) -> None:
    """Block the operator's account."""
    user = tenant.find("megan@contoso.com")
    tenant.remove_user(user)
    tenant.add_user(replace(user, enabled=False))


def leave(tenant: Any) -> None:
    """Delete the operator's account."""
    tenant.remove_user(tenant.find("megan@contoso.com"))


def withdraw(tenant: Any) -> None:
    """Take the consent back."""
    tenant.registration = replace(tenant.registration, scopes=frozenset())


@pytest.mark.parametrize(
    ("deed", "days", "number"),
    [
        (None, 89, None),
        (None, 90, 700082),
        (disable, 0, 50057),
        (leave, 0, 50034),
        (withdraw, 0, 65001),
    ],
)
def test_a_refresh_token_ends(
    serve: Callable[..., Any], clock: Any, deed: Callable[[Any], None] | None, days: int, number: int | None
) -> None:
    """After ninety days without use, and when the account or the consent is gone."""
    browser = serve()
    app = signed_in(browser)
    clock.turn(days=days)
    if deed is not None:
        browser.simulator.ask(lambda: deed(browser.simulator.tenant))

    result = app.acquire_token_silent_with_error([TAP], app.get_accounts()[0], force_refresh=True)

    assert result.get("error_codes") == (None if number is None else [number])


def test_use_keeps_a_refresh_token_alive(serve: Callable[..., Any], clock: Any) -> None:
    """Ninety days count from the last time; the earlier one stays good beside the newer."""
    browser = serve()
    app = signed_in(browser)
    [first] = app.token_cache.search("RefreshToken")
    form = {"client_id": browser.simulator.client_id, "grant_type": "refresh_token", "refresh_token": first["secret"]}
    numbers = []
    for _ in range(3):
        clock.turn(days=60)
        answer = browser.send("POST", f"/{browser.simulator.tenant_id}/oauth2/v2.0/token", data=form).json()
        numbers.append(answer.get("error_codes"))

    assert numbers == [None, None, None]


def test_without_offline_access_nobody_stays_signed_in(serve: Callable[..., Any]) -> None:
    """And without `openid` nobody is told who it was."""
    browser = serve()
    url = f"/{browser.simulator.tenant_id}/oauth2/v2.0"
    form = {"client_id": browser.simulator.client_id, "scope": TAP}
    device = browser.send("POST", f"{url}/devicecode", data=form).json()["device_code"]

    form |= {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": device}
    answer = browser.send("POST", f"{url}/token", data=form).json()

    assert "access_token" in answer
    assert not {"refresh_token", "id_token", "client_info"} & answer.keys()
