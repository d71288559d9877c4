import base64
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import jwt
import msal
import pytest
from msal_clients import GRAPH, claims_in, confidential, public
from sign_in_world import Keypair

from bulktap.simulator.tenant_file import SeedUser, seed_tenant

STRANGER = Keypair("stranger")
ORGANIZATION = "/v1.0/organization"


@pytest.fixture
def serve(open_browser: Callable[..., Any], make_tenant: Callable[..., Any], clock: Any) -> Callable[..., Any]:
    """Return an opener of tenants on the machine's clock; keywords change the registration."""
    clock.time = datetime.now(UTC)
    return lambda **changes: open_browser(make_tenant(**changes))


def app_of(browser: Any, **settings: Any) -> msal.ConfidentialClientApplication:
    """Return the application with its secret."""
    return confidential(browser.simulator, browser.session, browser.simulator.client_secret, **settings)


def refusal(browser: Any, token: str) -> tuple[int, str, str]:
    """Show a token to Graph, with a batch and with a call, and return what both are told."""
    browser.token = token
    answers = [
        browser.send("GET", ORGANIZATION),
        browser.batch({"id": "1", "method": "GET", "url": "/organization"}),
    ]
    told = {(one.status_code, one.json()["error"]["code"], one.json()["error"]["message"]) for one in answers}
    for answer in answers:
        assert re.match(r'Bearer realm="", authorization_uri="https://login\.', answer.headers["WWW-Authenticate"])
        assert "insufficient_claims" not in answer.headers["WWW-Authenticate"]
        inner = answer.json()["error"]["innerError"]
        assert set(inner) == {"date", "request-id", "client-request-id"}
    [one] = told
    return one


@pytest.mark.parametrize(
    "scope",
    [
        GRAPH,
        "https://graph.microsoft.com//.default",
        "HTTPS://Graph.Microsoft.com/.default",
        "00000003-0000-0000-c000-000000000000/.default",
        "{graph_url}/.default",
        "https://localhost:1/.default",
        "https://[::1]:8443/.default",
    ],
)
def test_a_token_for_graph_opens_it_however_it_is_spelt(serve: Callable[..., Any], scope: str) -> None:
    """By the cloud's name, by its application id, and by any address on this computer, which has no other name."""
    browser = serve()
    result = app_of(browser).acquire_token_for_client([scope.format(graph_url=browser.simulator.graph_url)])

    browser.token = result["access_token"]

    assert browser.send("GET", ORGANIZATION).status_code == 200
    assert "127.0.0.1" not in json.dumps(claims_in(browser.token))


@pytest.mark.parametrize(
    "scope",
    [
        "https://graph.microsoft.us/.default",
        "https://dod-graph.microsoft.us/.default",
        "https://microsoftgraph.chinacloudapi.cn/.default",
        "https://management.azure.com//.default",
        "https://graph.windows.net/.default",
        "https://vault.azure.net/.default",
        "{client_id}/.default",
        "api://{client_id}/.default",
    ],
)
def test_a_token_for_something_else_does_not_open_graph(serve: Callable[..., Any], scope: str) -> None:
    """Another cloud's Graph, another service, the application itself: signed by the same key, and refused."""
    browser = serve()
    asked = scope.format(client_id=browser.simulator.client_id)
    result = app_of(browser).acquire_token_for_client([asked])

    assert claims_in(result["access_token"]).get("roles") is None
    assert refusal(browser, result["access_token"]) == (
        401,
        "InvalidAuthenticationToken",
        "Access token validation failure. Invalid audience.",
    )


@pytest.mark.parametrize(
    ("cloud", "graph", "issuer"),
    [
        ("usgov", "https://graph.microsoft.us", "https://sts.windows.net/"),
        ("usgov-dod", "https://dod-graph.microsoft.us", "https://sts.windows.net/"),
        ("china", "https://microsoftgraph.chinacloudapi.cn", "https://sts.chinacloudapi.cn/"),
    ],
)
def test_a_tenant_of_another_cloud_takes_its_own_graph_only(
    serve: Callable[..., Any], cloud: str, graph: str, issuer: str
) -> None:
    """The same addresses, and the other way round."""
    browser = serve(cloud_name=cloud)
    app = app_of(browser)
    own, other = (app.acquire_token_for_client([scope])["access_token"] for scope in (f"{graph}/.default", GRAPH))

    browser.token = own
    assert browser.send("GET", ORGANIZATION).status_code == 200
    assert (claims_in(own)["aud"], claims_in(own)["iss"].startswith(issuer)) == (graph, True)
    assert refusal(browser, other)[2] == "Access token validation failure. Invalid audience."


def changed(token: str, **claims: object) -> str:
    """Return a token with other claims, and the signature that it had."""
    head, _payload, signature = token.split(".")
    payload = json.dumps({**claims_in(token), **claims}).encode()
    return ".".join([head, base64.urlsafe_b64encode(payload).rstrip(b"=").decode(), signature])


def unsigned(token: str) -> str:
    """Return a token that says that it needs no signature."""
    head = base64.urlsafe_b64encode(b'{"typ":"JWT","alg":"none"}').rstrip(b"=").decode()
    return f"{head}.{token.split('.')[1]}."


def same_key_named(token: str) -> str:
    """Return what a stranger signs in the name of the cloud's key."""
    return STRANGER.token(claims_in(token), kid=jwt.get_unverified_header(token)["kid"])


@pytest.mark.parametrize(
    ("forged", "message"),
    [
        (lambda token: token[:-60], "CompactToken validation failed with reason code: 80049228."),
        (
            lambda token: changed(token, roles=["Everything"]),
            "CompactToken validation failed with reason code: 80049228.",
        ),
        (lambda token: changed(token, exp=10**10), "CompactToken validation failed with reason code: 80049228."),
        (same_key_named, "CompactToken validation failed with reason code: 80049228."),
        (lambda token: STRANGER.token(claims_in(token)), "Invalid x5t claim."),
        (unsigned, "Invalid x5t claim."),
        (lambda _token: "made-up", "CompactToken parsing failed with error code: 80049217"),
        (lambda token: token.replace(".", ""), "CompactToken parsing failed with error code: 80049217"),
        (lambda token: f"{token}.", "CompactToken parsing failed with error code: 80049217"),
        (lambda _token: "e30.W10.", "CompactToken parsing failed with error code: 80049217"),
        (lambda _token: "", "Access token is empty."),
    ],
)
def test_a_token_that_another_made_is_found_out(
    serve: Callable[..., Any], forged: Callable[[str], str], message: str
) -> None:
    """Cut, changed, signed by somebody else, not signed at all, no token."""
    browser = serve()
    token = app_of(browser).acquire_token_for_client([GRAPH])["access_token"]

    assert refusal(browser, forged(token)) == (401, "InvalidAuthenticationToken", message)


def test_a_token_of_another_tenant_is_refused(serve: Callable[..., Any], open_browser: Callable[..., Any]) -> None:
    """The same cloud signed it, for the same Graph, and for a tenant that is not here."""
    browser, elsewhere = serve(), open_browser(seed_tenant([SeedUser("alex@fabrikam.com")], name="Fabrikam"))
    token = app_of(elsewhere).acquire_token_for_client([GRAPH])["access_token"]

    assert claims_in(token)["aud"] == claims_in(browser.token)["aud"]
    assert refusal(browser, token)[:2] == (401, "InvalidAuthenticationToken")


@pytest.mark.parametrize("capabilities", [None, ["CP1"]])
def test_an_expired_token_is_told_so_and_nothing_else(
    serve: Callable[..., Any], clock: Any, capabilities: list[str] | None
) -> None:
    """Its time is over: that is no challenge, whatever the client understands and whatever else happened to it."""
    browser = serve()
    token = app_of(browser, client_capabilities=capabilities).acquire_token_for_client([GRAPH])["access_token"]
    browser.simulator.revoke_tokens()
    clock.turn(seconds=3599)

    expected = (401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
    assert refusal(browser, token) == expected


@pytest.mark.parametrize(
    ("capabilities", "challenged"), [(None, False), (["CP1"], True), (["cp1"], True), (["other"], False)]
)
def test_only_a_client_that_takes_challenges_gets_one(
    serve: Callable[..., Any], clock: Any, capabilities: list[str] | None, challenged: bool
) -> None:
    """A token that ends before its time is answered with the claims that the next one has to have."""
    browser = serve()
    app = app_of(browser, client_capabilities=capabilities)
    browser.token = app.acquire_token_for_client([GRAPH])["access_token"]
    assert ("xms_cc" in claims_in(browser.token)) == challenged
    clock.turn(seconds=60)
    browser.simulator.revoke_tokens()
    revoked_at = int(clock().timestamp())
    clock.turn(seconds=60)

    answer = browser.send("GET", ORGANIZATION)

    assert answer.status_code == 401
    found = re.search('error="insufficient_claims", claims="([^"]+)"', answer.headers["WWW-Authenticate"])
    assert (found is not None) == challenged
    if found:
        claims = base64.b64decode(found[1]).decode()
        assert json.loads(claims) == {"access_token": {"nbf": {"essential": True, "value": str(revoked_at)}}}
        assert answer.json()["error"]["message"].endswith("code: TokenIssuedBeforeRevocationTimestamp")
        browser.token = app.acquire_token_for_client([GRAPH], claims_challenge=claims)["access_token"]
        assert browser.send("GET", ORGANIZATION).status_code == 200


def test_the_published_keys_verify_what_was_issued(serve: Callable[..., Any]) -> None:
    """Discovery leads to the keys, and a library that knows nothing of us believes the tokens by them."""
    browser = serve()
    simulator, session = browser.simulator, browser.session
    root = f"{simulator.authority_url}/{simulator.tenant_id}"
    document = session.get(f"{root}/v2.0/.well-known/openid-configuration", timeout=60).json()
    [key] = session.get(document["jwks_uri"], timeout=60).json()["keys"]
    app = public(simulator, session)
    person = app.acquire_token_by_device_flow(app.initiate_device_flow(["User.Read"]) | {"interval": 0})

    for token, audience in ((browser.token, "https://graph.microsoft.com"), (person["id_token"], simulator.client_id)):
        assert jwt.get_unverified_header(token)["kid"] == key["kid"]
        told = jwt.decode(token, jwt.PyJWK(key).key, algorithms=["RS256"], audience=audience)
        assert told["tid"] == simulator.tenant_id


def test_a_client_that_does_not_know_the_address_may_ask(serve: Callable[..., Any]) -> None:
    """Instance discovery, which libraries ask of hosts they have not heard of, points to the tenant."""
    browser = serve()
    simulator = browser.simulator

    told = browser.send("GET", "/common/discovery/instance?api-version=1.1&authorization_endpoint=x").json()

    document = browser.session.get(told["tenant_discovery_endpoint"], timeout=60).json()
    assert document["token_endpoint"] == f"{simulator.url}/{simulator.tenant_id}/oauth2/v2.0/token"
    assert told["metadata"][0]["aliases"] == [simulator.url.removeprefix("https://")]


@pytest.mark.parametrize(
    ("tenant", "number"),
    [
        ("00000000-0000-4000-8000-00000000dead", 90002),
        ("fabrikam.com", 90002),
        ("not a tenant", 900023),
        ("contoso", 900023),
        ("common", 50194),
        ("organizations", 50194),
    ],
)
def test_a_tenant_that_is_not_this_one_is_told_apart(serve: Callable[..., Any], tenant: str, number: int) -> None:
    """Unknown, no name of a tenant at all, and the address for everybody's, which is not for an app of one tenant."""
    browser = serve()
    form = {
        "client_id": browser.simulator.client_id,
        "client_secret": "pretend",
        "grant_type": "client_credentials",
        "scope": GRAPH,
    }

    answer = browser.send("POST", f"/{tenant}/oauth2/v2.0/token", data=form)

    assert answer.json()["error_codes"] == [number]
