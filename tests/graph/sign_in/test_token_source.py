from __future__ import annotations

import json
import logging
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from bulktap.graph.sign_in import ClientSecretCredentials, SignInEndpoint, SignInUnreachable, TokenSource
from bulktap.model.errors import SignInFailed, UsageError
from bulktap.model.secret import Secret
from bulktap.settings.environment import network

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Behaviour, Certificate, SeenRequest, Service

TENANT = "0b1c2d3e-1111-2222-3333-444455556666"
SECRET = "pretend~secret"
SCOPE = "https://localhost/.default"


def identity(service: Service, root: str | None = None, **token_reply: object) -> Behaviour:
    """Serve discovery and tokens like the identity platform; `token_reply` changes the members of its replies."""
    issued = 0

    async def behave(request: SeenRequest, writer: asyncio.StreamWriter) -> None:
        nonlocal issued
        base = f"{root or service.url}/{TENANT}"
        if request.method == "GET" and request.target == f"/{TENANT}/v2.0/.well-known/openid-configuration":
            document = {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
            }
            await service.reply(200, document)(request, writer)
        elif request.method == "POST" and request.target == f"/{TENANT}/oauth2/v2.0/token":
            if parse_qs(request.body.decode())["client_secret"] != [SECRET]:
                await service.reply(401, refused("invalid_client", 7000215))(request, writer)
                return
            issued += 1
            token = {"token_type": "Bearer", "expires_in": 3600, "access_token": f"token-{issued}", **token_reply}
            await service.reply(200, token)(request, writer)
        else:
            await service.reply(400, refused("invalid_tenant", 90002))(request, writer)

    return behave


def refused(error: str, number: int) -> dict[str, object]:
    """Return an error as the identity platform words it."""
    text = f"AADSTS{number}: The platform's own words. Trace ID: 1 Correlation ID: 2 Timestamp: 2035-08-01 08:00:00Z"
    return {"error": error, "error_description": text, "error_codes": [number]}


def source(
    root: str,
    ca_bundle: Path | None,
    *,
    secret: str = SECRET,
    tenant: str = TENANT,
    reply_timeout: float = 5.0,
    sleep: Callable[[float], None] = lambda _seconds: None,
) -> TokenSource:
    """Return a token source for a service."""
    credentials = ClientSecretCredentials(tenant, "app-1", Secret(secret))
    return TokenSource(
        credentials, SignInEndpoint(root, SCOPE, network(ca_bundle)), reply_timeout=reply_timeout, sleep=sleep
    )


def posts(service: Service) -> list[SeenRequest]:
    """Return the token requests that arrived."""
    return [request for request in service.requests if request.method == "POST"]


def test_msal_signs_in_and_caches(service: Service, certificate: Certificate) -> None:
    """One token request serves any number of questions."""
    service.behave(identity(service))
    tokens = source(service.url, certificate.bundle)
    assert [tokens.token().reveal() for _ in range(3)] == ["token-1"] * 3
    (request,) = posts(service)
    form = parse_qs(request.body.decode())
    assert (form["grant_type"], form["scope"], form["client_id"]) == (["client_credentials"], [SCOPE], ["app-1"])
    assert "xms_cc" in form["claims"][0]


def test_a_token_about_to_expire_is_renewed(service: Service, certificate: Certificate) -> None:
    """A run of thousands outlives its token."""
    service.behave(identity(service, expires_in=200))
    tokens = source(service.url, certificate.bundle)
    assert [tokens.token().reveal() for _ in range(2)] == ["token-1", "token-2"]


def test_a_refresh_brings_a_new_token_which_stays(service: Service, certificate: Certificate) -> None:
    """The one that was rejected does not come back."""
    service.behave(identity(service))
    tokens = source(service.url, certificate.bundle)
    tokens.token()
    assert tokens.refreshed(None).reveal() == "token-2"
    assert tokens.token().reveal() == "token-2"


def test_a_claims_challenge_reaches_the_identity_platform(service: Service, certificate: Certificate) -> None:
    """The claims that the service demands stand in the token request."""
    service.behave(identity(service))
    tokens = source(service.url, certificate.bundle)
    tokens.token()
    assert tokens.refreshed('{"access_token":{"nbf":{"essential":true,"value":"42"}}}').reveal() == "token-2"
    claims = json.loads(parse_qs(posts(service)[-1].body.decode())["claims"][0])
    assert claims["access_token"]["nbf"] == {"essential": True, "value": "42"}
    assert tokens.token().reveal() == "token-2"


def test_many_threads_share_one_sign_in(service: Service, certificate: Certificate) -> None:
    """Batches in flight ask at the same time."""
    service.behave(identity(service))
    tokens = source(service.url, certificate.bundle)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _number: tokens.token().reveal(), range(16)))
    assert set(answers) == {"token-1"}
    assert len(posts(service)) == 1


def test_a_wrong_secret_is_said_plainly(service: Service, certificate: Certificate) -> None:
    """With the number for whoever searches, a remedy, and without the secret."""
    service.behave(identity(service))
    wrong = SECRET[::-1]  # written out, it would stand in the traceback's source lines
    with pytest.raises(SignInFailed) as caught:
        source(service.url, certificate.bundle, secret=wrong).token()
    assert "client secret is wrong (AADSTS7000215)" in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code == 5
    assert wrong not in "".join(traceback.format_exception(caught.value))


def test_an_unknown_tenant_is_said_plainly(service: Service, certificate: Certificate) -> None:
    """It fails while MSAL reads the discovery document."""
    service.behave(identity(service))
    with pytest.raises(SignInFailed, match="does not know the tenant nowhere"):
        source(service.url, certificate.bundle, tenant="nowhere").token()


def test_a_failed_sign_in_can_be_tried_again(service: Service, certificate: Certificate) -> None:
    """A network that comes back is used."""
    service.behave(service.reset(), identity(service))
    tokens = source(service.url, certificate.bundle)
    with pytest.raises(SignInUnreachable):
        tokens.token()
    assert tokens.token().reveal() == "token-1"


TRANSIENT = [
    (400, {"error": "temporarily_unavailable"}),
    (400, {"error": "server_error", "error_description": "AADSTS999: x"}),
    (400, {"error": "invalid_request", "error_description": "AADSTS90033: A transient error has occurred."}),
    (400, {"error": "invalid_request", "error_description": "AADSTS90055: TenantThrottlingError."}),
    (400, {"error": "invalid_request", "error_description": "AADSTS50196: LoopDetected."}),
    (429, {"error": "invalid_request"}),
    (429, b"<html>slow down</html>"),
    (500, {}),
    (502, b"<html>bad gateway</html>"),
    (503, {}),
]


@pytest.mark.parametrize(("status", "body"), TRANSIENT)
@pytest.mark.parametrize("at_token", [False, True])
def test_a_trouble_that_passes_is_repeated_at_the_start(
    service: Service, certificate: Certificate, status: int, body: object, at_token: bool
) -> None:
    """In reading the discovery document and in asking for the token, with growing pauses; what came back is used."""
    pauses: list[float] = []
    told: list[str] = []
    good = identity(service)
    trouble = service.reply(status, body)
    service.behave(*([good] if at_token else []), trouble, trouble, trouble, good)
    tokens = source(service.url, certificate.bundle, sleep=pauses.append)
    tokens.sign_in(told.append)
    assert tokens.token().reveal() == "token-1"
    assert pauses == [2.0, 4.0, 8.0]
    assert len(told) == 1
    assert f"HTTP {status}" in told[0]


@pytest.mark.parametrize(("status", "body"), TRANSIENT)
def test_a_trouble_that_stays_is_exit_7_after_about_a_minute(
    service: Service, certificate: Certificate, status: int, body: object
) -> None:
    """It is no refusal: the sign-in service, or the way to it, is disturbed."""
    pauses: list[float] = []
    service.behave(service.reply(status, body))
    with pytest.raises(SignInUnreachable, match=f"HTTP {status}") as caught:
        source(service.url, certificate.bundle, sleep=pauses.append).sign_in()
    assert caught.value.exit_code == 7
    assert 45 <= sum(pauses) <= 75


@pytest.mark.parametrize(("status", "body"), TRANSIENT)
def test_a_trouble_during_a_run_is_told_at_once(
    service: Service, certificate: Certificate, status: int, body: object
) -> None:
    """There the run has the patience: nothing waits in here, and the next question goes out again."""
    good = identity(service)
    service.behave(good, service.reply(status, body), good)
    tokens = source(service.url, certificate.bundle, sleep=lambda _seconds: pytest.fail("waited"))
    with pytest.raises(SignInUnreachable):
        tokens.token()
    assert tokens.token().reveal() == "token-1"


def test_a_refusal_is_not_repeated(service: Service, certificate: Certificate) -> None:
    """A wrong secret stays wrong: exit 5 at the first answer."""
    service.behave(identity(service))
    tokens = source(service.url, certificate.bundle, secret="x", sleep=lambda _seconds: pytest.fail("waited"))
    with pytest.raises(SignInFailed) as caught:
        tokens.sign_in()
    assert caught.value.exit_code == 5


@pytest.mark.parametrize(
    "body", [{"error": "temporarily_unavailable"}, {"error": "x", "error_description": "AADSTS90033"}]
)
def test_a_tenant_named_by_its_domain_is_asked_for_patiently(
    service: Service, certificate: Certificate, body: object
) -> None:
    """Its id is the first thing that a command wants to know."""
    pauses: list[float] = []
    base = f"{service.url}/{TENANT}"
    document = {
        "issuer": f"{base}/v2.0",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "token_endpoint": f"{base}/oauth2/v2.0/token",
    }
    service.behave(service.reply(400, body), service.reset(), service.reply(200, document))
    assert source(service.url, certificate.bundle, tenant="contoso.com", sleep=pauses.append).tenant_id() == TENANT
    assert pauses == [2.0, 4.0]


@pytest.mark.parametrize("status", [500, 503])
def test_a_broken_identity_platform_is_unreachable(service: Service, certificate: Certificate, status: int) -> None:
    """Which may heal, unlike a refusal."""
    service.behave(service.reply(status, {}))
    with pytest.raises(SignInUnreachable):
        source(service.url, certificate.bundle).token()


def test_silence_is_unreachable(service: Service, certificate: Certificate) -> None:
    """No request waits for ever."""
    service.behave(service.silence())
    with pytest.raises(SignInUnreachable, match="no answer in time"):
        source(service.url, certificate.bundle, reply_timeout=0.3).token()


def test_a_discovery_document_of_something_else_is_unreachable(service: Service, certificate: Certificate) -> None:
    """JSON, but not what was asked for."""
    service.behave(service.reply(200, {"hello": "world"}))
    with pytest.raises(SignInUnreachable, match="could not be read"):
        source(service.url, certificate.bundle).token()


def test_a_truncated_token_is_logged_nowhere(
    service: Service, certificate: Certificate, caplog: pytest.LogCaptureFixture
) -> None:
    """MSAL would write a token reply that is not JSON to its log, whole."""
    document = {"authorization_endpoint": f"{service.url}/t/a", "token_endpoint": f"{service.url}/t/token"}
    service.behave(service.reply(200, document), service.reply(200, b'{"access_token": "half-a-tok'))
    with caplog.at_level(logging.DEBUG), pytest.raises(SignInUnreachable) as caught:
        source(service.url, certificate.bundle).token()
    assert "half-a-tok" not in caplog.text
    assert "half-a-tok" not in "".join(traceback.format_exception(caught.value))


def test_a_redirect_is_not_followed(service: Service, certificate: Certificate) -> None:
    """The client secret goes to the configured authority and nowhere else."""
    document = {"authorization_endpoint": f"{service.url}/t/a", "token_endpoint": f"{service.url}/t/token"}
    elsewhere = service.reply(307, b"", {"Location": f"{service.url}/elsewhere"})
    service.behave(service.reply(200, document), elsewhere)
    with pytest.raises(SignInUnreachable):
        source(service.url, certificate.bundle).token()
    assert "/elsewhere" not in [request.target for request in service.requests]


def test_an_answer_without_a_token_is_a_failure(service: Service, certificate: Certificate) -> None:
    """An empty token would be rejected later, with a worse message."""
    service.behave(identity(service, access_token=""))
    with pytest.raises(SignInUnreachable, match="neither a token nor an error"):
        source(service.url, certificate.bundle).token()


def test_the_given_bundle_beats_the_environments(
    service: Service, certificate: Certificate, other_certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests lets these variables override an explicit bundle; here they do not."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other_certificate.bundle))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(other_certificate.bundle))
    service.behave(identity(service))
    assert source(service.url, certificate.bundle).token().reveal() == "token-1"


def test_the_given_bundle_is_exactly_what_is_trusted(
    service: Service, certificate: Certificate, other_certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the environment's authorities nor certifi's are added to it."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.bundle))
    service.behave(identity(service))
    with pytest.raises(SignInUnreachable, match="certificate"):
        source(service.url, other_certificate.bundle).token()
    assert service.requests == []


def test_the_environments_bundle_counts_when_none_is_given(
    service: Service, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Administrators behind an inspecting proxy have it set already."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.bundle))
    service.behave(identity(service))
    assert source(service.url, None).token().reveal() == "token-1"


def test_without_any_bundle_the_systems_store_decides(service: Service) -> None:
    """Which does not know the service's certificate."""
    service.behave(identity(service))
    with pytest.raises(SignInUnreachable, match="certificate"):
        source(service.url, None).token()


def test_the_proxy_of_the_environment_is_used(
    service: Service, proxy: Service, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its credentials, which no message shows."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:pass@127.0.0.1:{proxy.port}")
    root = "https://login.contoso.com"
    service.behave(identity(service, root))
    assert source(root, certificate.bundle).token().reveal() == "token-1"
    assert proxy.requests[0].target == "login.contoso.com:443"
    assert proxy.requests[0].headers["proxy-authorization"].startswith("Basic ")


def test_a_proxy_that_refuses_is_named(
    proxy: Service, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its password."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:proxy-pass@127.0.0.1:{proxy.port}")
    proxy.tunnel_to = None
    proxy.behave(proxy.reply(407, {}))
    with pytest.raises(SignInUnreachable, match="proxy") as caught:
        source("https://login.contoso.com", certificate.bundle).token()
    assert "proxy-pass" not in "".join(traceback.format_exception(caught.value))


def test_credentials_of_the_netrc_file_stay_where_they_are(
    service: Service, certificate: Certificate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Requests would send them along."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login ada password other-secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    service.behave(identity(service))
    source(service.url, certificate.bundle).token()
    assert all("authorization" not in request.headers for request in service.requests)


def test_no_session_keys_are_written(
    service: Service, certificate: Certificate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`SSLKEYLOGFILE` would let whoever reads it decrypt the client secret."""
    key_log = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(key_log))
    service.behave(identity(service))
    source(service.url, certificate.bundle).token()
    assert not key_log.exists() or b"SECRET" not in key_log.read_bytes()


def test_only_https_is_taken(certificate: Certificate) -> None:
    """A client secret does not travel in the clear."""
    with pytest.raises(UsageError):
        source("http://localhost:1", certificate.bundle)


def test_credentials_do_not_print() -> None:
    """They turn up in tracebacks and debuggers."""
    assert SECRET not in repr(ClientSecretCredentials(TENANT, "app-1", Secret(SECRET)))
