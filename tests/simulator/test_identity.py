import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msal
import msal_clients
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from sign_in_world import Keypair

from bulktap.simulator.tenant_file import SeedUser, seed_tenant

SCOPES = ["https://graph.microsoft.com/.default"]


def make_certificate() -> tuple[str, str]:
    """Return a private key and its certificate, both PEM."""
    pair = Keypair()
    return pair.private(), pair.public


def confidential(browser: Any, credential: Any, **changes: Any) -> msal.ConfidentialClientApplication:
    """Return a real MSAL client of the simulator."""
    return msal_clients.confidential(browser.simulator, browser.session, credential, **changes)


@pytest.fixture
def seeded() -> Any:
    """Return a tenant on the machine's clock: MSAL's assertions carry real times."""
    return seed_tenant([SeedUser("alex@contoso.com")])


@pytest.mark.parametrize("tenant_name", [None, "contoso.com"])
def test_msal_signs_in_with_the_secret(open_browser: Callable[..., Any], seeded: Any, tenant_name: str | None) -> None:
    """A real MSAL client gets a token that Graph accepts, whether the tenant is told by id or by domain."""
    browser = open_browser(seeded)
    changes = {"tenant": tenant_name} if tenant_name else {}
    app = confidential(browser, browser.simulator.client_secret, **changes)

    result = app.acquire_token_for_client(SCOPES)

    assert result["expires_in"] == 3599
    browser.token = result["access_token"]
    assert browser.send("GET", "/v1.0/organization").status_code == 200


def test_msal_keeps_the_token_until_it_runs_out(open_browser: Callable[..., Any], seeded: Any) -> None:
    """A long-lived token is asked for once, a short-lived one each time."""
    counts = []
    for lifetime in (3599, 120):
        browser = open_browser(seeded, token_lifetime=lifetime)
        app = confidential(browser, browser.simulator.client_secret)
        for _ in range(2):
            app.acquire_token_for_client(SCOPES)
        counts.append(browser.simulator.statistics()["token_requests"])

    assert counts == [2, 3]  # one of each is the browser's own


@pytest.mark.parametrize(
    ("secret", "changes", "error", "number"),
    [
        ("wrong", {}, "invalid_client", 7000215),
        (None, {"client_id": "00000000-0000-4000-8000-00000000dead"}, "unauthorized_client", 700016),
    ],
)
def test_a_wrong_credential_is_refused_in_microsofts_words(
    open_browser: Callable[..., Any], seeded: Any, secret: str | None, changes: dict[str, str], error: str, number: int
) -> None:
    """MSAL returns the service's error with its AADSTS number."""
    browser = open_browser(seeded)
    app = confidential(browser, secret or browser.simulator.client_secret, **changes)

    result = app.acquire_token_for_client(SCOPES)

    assert result["error"] == error
    assert result["error_codes"] == [number]
    assert result["error_description"].startswith(f"AADSTS{number}: ")


def test_an_unknown_tenant_is_refused(open_browser: Callable[..., Any], seeded: Any) -> None:
    """Discovery answers 400 with AADSTS90002, which MSAL turns into a ValueError."""
    browser = open_browser(seeded)

    with pytest.raises(ValueError, match="authority"):
        confidential(browser, "x", tenant="fabrikam.com").acquire_token_for_client(SCOPES)

    answer = browser.send("GET", "/fabrikam.com/v2.0/.well-known/openid-configuration")
    assert (answer.status_code, answer.json()["error_codes"]) == (400, [90002])


def test_msal_signs_in_with_a_registered_certificate_only(
    open_browser: Callable[..., Any], make_tenant: Callable[..., Any], clock: Any
) -> None:
    """An assertion signed with the registered key is accepted, one signed with another is not."""
    clock.time = datetime.now(UTC)
    (key, certificate), (other_key, other_certificate) = make_certificate(), make_certificate()
    browser = open_browser(make_tenant(certificates=(certificate,)))
    forged = {"private_key": other_key, "public_certificate": certificate}

    credentials = [
        {"private_key": key, "public_certificate": certificate},
        {"private_key": other_key, "public_certificate": other_certificate},
        forged,
    ]
    results = [confidential(browser, credential).acquire_token_for_client(SCOPES) for credential in credentials]

    assert "access_token" in results[0]
    assert [result["error_codes"] for result in results[1:]] == [[700027], [700027]]


def test_an_assertion_has_its_time(
    open_browser: Callable[..., Any], make_tenant: Callable[..., Any], clock: Any
) -> None:
    """An assertion that ran out long ago is refused."""
    key, certificate = make_certificate()
    clock.time = datetime.now(UTC) + timedelta(hours=2)
    browser = open_browser(make_tenant(certificates=(certificate,)))

    result = confidential(browser, {"private_key": key, "public_certificate": certificate}).acquire_token_for_client(
        SCOPES
    )

    assert result["error_codes"] == [700024]


def test_a_device_code_sign_in_succeeds_after_some_asking(
    open_browser: Callable[..., Any], make_tenant: Callable[..., Any], clock: Any
) -> None:
    """MSAL asks, is told to wait, gets a delegated token, and can renew it silently."""
    clock.time = datetime.now(UTC)
    browser = open_browser(make_tenant(), device_pending=2, device_interval=0)
    app = msal_clients.public(browser.simulator, browser.session)

    scope = ["https://graph.microsoft.com/UserAuthMethod-TAP.ReadWrite.All"]
    flow = app.initiate_device_flow(scope)
    before = browser.simulator.statistics()["token_requests"]
    result = app.acquire_token_by_device_flow(flow)

    assert flow["user_code"] in flow["message"]
    assert browser.simulator.statistics()["token_requests"] - before == 3
    browser.token = result["access_token"]
    assert browser.send("GET", "/v1.0/me").json()["userPrincipalName"] == "megan@contoso.com"
    [account] = app.get_accounts()
    assert account["username"] == "megan@contoso.com"
    renewed = app.acquire_token_silent(scope, account, force_refresh=True)
    assert renewed["access_token"] != result["access_token"]


def test_a_client_that_takes_challenges_gets_one(open_browser: Callable[..., Any], seeded: Any) -> None:
    """A revoked token is answered with a claims challenge, and MSAL gets past it."""
    browser = open_browser(seeded)
    app = confidential(browser, browser.simulator.client_secret, client_capabilities=["CP1"])
    browser.token = app.acquire_token_for_client(SCOPES)["access_token"]
    browser.simulator.revoke_tokens()

    refused = browser.send("GET", "/v1.0/organization")
    challenge = refused.headers["WWW-Authenticate"]
    claims = base64.b64decode(challenge.partition('claims="')[2].partition('"')[0]).decode()
    browser.token = app.acquire_token_for_client(SCOPES, claims_challenge=claims)["access_token"]

    assert refused.status_code == 401
    assert 'error="insufficient_claims"' in challenge
    assert "nbf" in json.loads(claims)["access_token"]
    assert browser.send("GET", "/v1.0/organization").status_code == 200


@pytest.mark.parametrize(
    ("change", "error", "number"),
    [
        ({"scope": "https://graph.microsoft.com/User.Read"}, "invalid_scope", 1002012),
        ({"scope": f"{SCOPES[0]} offline_access"}, "invalid_scope", 1002012),
        ({"scope": "https://passes.contoso.com/.default"}, "invalid_resource", 500011),
        ({"scope": "http://127.0.0.1:8080/.default"}, "invalid_resource", 500011),
        ({"scope": "https://127.0.0.1:8080/passes/.default"}, "invalid_resource", 500011),
        ({"scope": None}, "invalid_request", 900144),
        ({"grant_type": "password"}, "unsupported_grant_type", 70003),
        ({"grant_type": None}, "invalid_request", 900144),
        ({"client_id": None}, "invalid_request", 900144),
        ({"client_secret": None}, "invalid_client", 7000216),
        ({"client_secret": ""}, "invalid_client", 7000215),
        ({"client_assertion": "x", "client_assertion_type": "y"}, "invalid_request", 50027),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    open_browser: Callable[..., Any], seeded: Any, change: dict[str, str | None], error: str, number: int
) -> None:
    """Scope, grant, client and credential are each checked."""
    browser = open_browser(seeded)
    form = {
        "client_id": browser.simulator.client_id,
        "client_secret": browser.simulator.client_secret,
        "grant_type": "client_credentials",
        "scope": SCOPES[0],
        **change,
    }
    answer = browser.send("POST", f"/{browser.simulator.tenant_id}/oauth2/v2.0/token", data=form)

    assert answer.json()["error"] == error
    assert answer.json()["error_codes"] == [number]


def test_a_token_shows_its_rights(open_browser: Callable[..., Any], seeded: Any) -> None:
    """Tenant, application and permissions can be read in the token, as in a real one."""
    browser = open_browser(seeded)
    payload = browser.token.split(".")[1]

    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))

    assert claims["tid"] == browser.simulator.tenant_id
    assert "UserAuthMethod-TAP.ReadWrite.All" in claims["roles"]


@pytest.mark.parametrize(
    ("audience", "issuer", "number"), [("https://contoso.com/token", None, 700023), (None, "another", 700021)]
)
def test_an_assertion_is_for_this_endpoint_and_application(
    open_browser: Callable[..., Any],
    make_tenant: Callable[..., Any],
    clock: Any,
    audience: str | None,
    issuer: str | None,
    number: int,
) -> None:
    """An assertion that the registered key signed for somewhere else, or for somebody else, is refused."""
    clock.time = datetime.now(UTC)
    key, certificate = make_certificate()
    browser = open_browser(make_tenant(certificates=(certificate,)))
    simulator = browser.simulator
    endpoint = f"{simulator.authority_url}/{simulator.tenant_id}/oauth2/v2.0/token"
    thumbprint = x509.load_pem_x509_certificate(certificate.encode()).fingerprint(SHA256()).hex()
    signer = msal.oauth2cli.JwtAssertionCreator(key, algorithm="PS256", sha256_thumbprint=thumbprint)
    assertion = signer.create_normal_assertion(audience or endpoint, issuer or simulator.client_id)

    result = confidential(browser, {"client_assertion": lambda: assertion}).acquire_token_for_client(SCOPES)

    assert result["error_codes"] == [number]


@pytest.mark.parametrize(("days", "number"), [(29, None), (30, 7000222), (400, 7000222)])
def test_a_secret_has_its_end(
    open_browser: Callable[..., Any], make_tenant: Callable[..., Any], clock: Any, days: int, number: int | None
) -> None:
    """Afterwards it is told apart from a wrong one."""
    clock.time = datetime.now(UTC)
    browser = open_browser(make_tenant(secret_ends=clock() + timedelta(days=30)))
    clock.turn(days=days)

    result = confidential(browser, "pretend").acquire_token_for_client(SCOPES)

    assert result.get("error_codes") == (None if number is None else [number])
