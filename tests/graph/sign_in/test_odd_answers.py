"""What goes wrong with machines, people, token files and GitHub: each in words, with what helps, and no crash."""

from __future__ import annotations

import codecs
import json
import re
import webbrowser
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

import pytest
from sign_in_world import OPERATOR, Keypair, listening, serving, tenant_with, tokens_of

from bulktap.cli.setting_options import with_options
from bulktap.graph.sign_in import (
    FederatedCredentials,
    ManagedIdentityCredentials,
    PersonCredentials,
    SignInEndpoint,
    TokenSource,
)
from bulktap.graph.sign_in.federation import GitHubToken, TokenFile
from bulktap.graph.sign_in.sign_in_errors import SignInUnreachable, explain_refusal, explained_numbers
from bulktap.graph.trust import Network
from bulktap.model.cloud import Cloud, consent_link
from bulktap.model.errors import SignInFailed, UsageError
from bulktap.model.secret import Secret
from bulktap.model.sign_in_ways import SignInWay

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from conftest import Behaviour, Certificate, SeenRequest, Service

CLIENT = "11111111-2222-3333-4444-555555555555"
SEVERAL = (
    "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the "
    "token request"
)
NONE_NAMED = "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId."
MACHINES = (
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "IMDS_ENDPOINT",
    "MSI_ENDPOINT",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
)


def machine(monkeypatch: pytest.MonkeyPatch, kind: str, root: str) -> None:
    """Let this be a virtual machine, an App Service, or a computer connected by Azure Arc."""
    for name in MACHINES:
        monkeypatch.delenv(name, raising=False)
    if kind == "vm":
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", root)
        return
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{root}/token")
    monkeypatch.setenv("IMDS_ENDPOINT" if kind == "arc" else "IDENTITY_HEADER", root)


@pytest.mark.parametrize(
    ("kind", "client", "body", "words", "help_with"),
    [
        ("vm", "", {"error": "invalid_request", "error_description": SEVERAL}, "several", "AZURE_CLIENT_ID"),
        ("vm", "", {"error": "invalid_request", "error_description": "Identity not found"}, "no identity", "Assign"),
        ("vm", CLIENT, {"error": "invalid_request", "error_description": "Identity not found"}, "no such", "Check"),
        ("app", "", {"statusCode": 400, "message": "Identity not found"}, "no identity", "Assign"),
        ("app", CLIENT, {"statusCode": 400, "message": NONE_NAMED}, "no such", "AZURE_CLIENT_ID"),
        ("vm", "", {"error": "invalid_resource", "error_description": "AADSTS500011: no"}, "AADSTS500011", "cloud"),
        ("arc", "", {"error": "x", "error_description": "The managed identity was not found"}, "no identity", "Assign"),
    ],
)
def test_what_a_machine_refuses_has_its_remedy(
    monkeypatch: pytest.MonkeyPatch, kind: str, client: str, body: object, words: str, help_with: str
) -> None:
    """Which identity is meant, or that there is none; not a number to look up that is not there."""
    with tenant_with() as service, listening(lambda *_asked: (400, body)) as root:
        machine(monkeypatch, kind, root)
        with pytest.raises(SignInFailed) as caught:
            tokens_of(ManagedIdentityCredentials("", client), service).sign_in()
    assert not isinstance(caught.value, SignInUnreachable)
    assert words in caught.value.message
    assert help_with in with_options(caught.value.hint)


@pytest.mark.long
@pytest.mark.parametrize("kind", ["vm", "app", "arc"])
@pytest.mark.parametrize(
    ("status", "body", "more", "words"),
    [
        (200, b"<html>Sign in to the network</html>", {"Content-Type": "text/html"}, "a web page"),
        (403, b"<html>", {"Content-Type": "text/html; charset=utf-8"}, "HTTP 403, a web page"),
        (400, b"Bad Request", {"Content-Type": "text/plain"}, "not JSON"),
        (200, b"", {}, "not JSON"),
        (200, b"[]", {}, "no object"),
        (200, b"null", {}, "no object"),
        (200, b"5", {}, "no object"),
        (302, b"", {"Location": "http://127.0.0.1:1/"}, "a redirect"),
    ],
)
def test_what_answers_in_the_place_of_a_machines_service_is_not_asked_for_a_minute(
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    status: int,
    body: bytes,
    more: dict[str, str],
    words: str,
) -> None:
    """It is told what came, and that such a service is Azure's; nothing of the text is passed on."""
    asked: list[str] = []

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with tenant_with() as tenant, serving(Other) as root:
        machine(monkeypatch, kind, root)
        with pytest.raises(SignInUnreachable) as caught:
            tokens_of(ManagedIdentityCredentials(), tenant).sign_in()

    assert words in caught.value.message
    assert "<html>" not in caught.value.message
    assert "IDENTITY_ENDPOINT" in caught.value.hint
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("app", {}, "does not say why"),
        ("vm", {}, "does not say why"),
        ("arc", {}, "does not say why"),
        ("app", {"statusCode": 400, "message": "The gate is shut."}, "(400, The gate is shut)"),
        ("vm", {"error": "invalid_request", "error_description": "The gate is shut."}, "(The gate is shut)"),
    ],
)
def test_a_refusal_of_no_known_kind_leads_to_the_machines_page(
    monkeypatch: pytest.MonkeyPatch, kind: str, body: object, words: str
) -> None:
    """There is no number in it to look up."""
    with tenant_with() as service, listening(lambda *_asked: (400, body)) as root:
        machine(monkeypatch, kind, root)
        with pytest.raises(SignInFailed) as caught:
            tokens_of(ManagedIdentityCredentials(), service).sign_in()

    assert words in caught.value.message
    assert caught.value.message.endswith(".")
    assert "Identity" in caught.value.hint
    assert "AADSTS" not in caught.value.hint


@pytest.mark.parametrize("header", ["Bearer", "Basic", "Negotiate, NTLM"])
def test_a_challenge_of_azure_arc_without_a_key_file_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    """MSAL quotes all of the answer's headers."""

    class Challenge(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401)
            self.send_header("WWW-Authenticate", header)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with tenant_with() as service, serving(Challenge) as root:
        machine(monkeypatch, "arc", root)
        with pytest.raises(SignInFailed) as caught:
            tokens_of(ManagedIdentityCredentials(), service).sign_in()

    assert "named no key file" in caught.value.message
    assert "azcmagent show" in caught.value.hint


@pytest.mark.parametrize(
    ("endpoint", "header"),
    [
        ("nonsense", "x"),
        ("http://", "x"),
        ("http://127.0.0.1:99999/", "x"),
        ("http://127.0.0.1:1/", "x\r\ny"),
        ("ftp://x/", "x"),
    ],
)
def test_an_address_of_a_machine_that_is_none_is_not_asked_for_a_minute(
    monkeypatch: pytest.MonkeyPatch, endpoint: str, header: str
) -> None:
    """Somebody set by hand what Azure sets."""
    machine(monkeypatch, "app", "http://127.0.0.1:1")
    monkeypatch.setenv("IDENTITY_ENDPOINT", endpoint)
    monkeypatch.setenv("IDENTITY_HEADER", header)
    pauses: list[float] = []
    there = SignInEndpoint("https://127.0.0.1:1", "https://127.0.0.1:1/.default", Network())
    tokens = TokenSource(ManagedIdentityCredentials(), there, sleep=pauses.append)
    with pytest.raises(SignInUnreachable) as caught:
        tokens.sign_in()

    assert pauses == []
    assert "IDENTITY_ENDPOINT" in caught.value.hint


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
def test_a_machine_that_is_busy_for_a_moment_is_asked_again(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    """While it is updated, and while it has too much to do."""
    answers = [status, status, 200]
    token = Keypair().token({"tid": "t"})

    def answer(*_asked: Any) -> tuple[int, object]:
        return answers.pop(0), {"access_token": token, "expires_in": "3600", "token_type": "Bearer", "resource": "r"}

    with tenant_with() as service, listening(answer) as root:
        machine(monkeypatch, "vm", root)
        tokens = tokens_of(ManagedIdentityCredentials(), service)
        tokens.sign_in()
        assert tokens.token().reveal() == token


def test_a_key_file_of_azure_arc_that_cannot_be_read_is_no_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    """The group that may read it is named; MSAL lets the system's error through."""

    class Challenge(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401)
            self.send_header("WWW-Authenticate", "Basic realm=/var/opt/azcmagent/tokens/not-there-at-all.key")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with tenant_with() as tenant, serving(Challenge) as root:
        machine(monkeypatch, "arc", root)
        with pytest.raises(SignInFailed, match=r"key file of Azure Arc") as caught:
            tokens_of(ManagedIdentityCredentials(), tenant).sign_in()
    assert "himds" in caught.value.hint


class Nobody(webbrowser.BaseBrowser):
    """A browser in which nobody does anything."""

    opened = 0

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        """Open the page."""
        del url, new, autoraise
        self.opened += 1
        return True


def test_a_browser_in_which_nobody_signs_in_is_opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no fault of the network, so it is not tried again for a minute."""
    browser = Nobody("nobody")
    monkeypatch.setattr(webbrowser, "_tryorder", ["nobody"])
    monkeypatch.setattr(webbrowser, "_browsers", {"nobody": [None, browser]})
    with tenant_with(operator=OPERATOR) as service, pytest.raises(SignInFailed, match="Nobody signed in") as caught:
        tokens_of(PersonCredentials(service.tenant_id, service.client_id, patience=1), service).sign_in()
    assert not isinstance(caught.value, SignInUnreachable)
    assert browser.opened == 1


def device_platform(service: Service, *polled: Behaviour) -> Behaviour:
    """Serve the flow with a code: these answers to those who ask, then a token."""
    answers = list(polled)

    async def behave(request: SeenRequest, writer: asyncio.StreamWriter) -> None:
        base = f"{service.url}/tenant"
        if request.method == "GET":
            names = ("issuer", "authorization_endpoint", "token_endpoint", "device_authorization_endpoint")
            document = {name: f"{base}/{name}" for name in names} | {"issuer": f"{base}/v2.0"}
            await service.reply(200, document)(request, writer)
        elif request.target.endswith("device_authorization_endpoint"):
            code = {"user_code": "ABC", "device_code": "d", "verification_uri": "https://x", "interval": 1}
            await service.reply(200, {**code, "expires_in": 600, "message": "devicelogin ABC"})(request, writer)
        elif answers:
            await answers.pop(0)(request, writer)
        else:
            token = {"token_type": "Bearer", "expires_in": 3600, "access_token": "a-token", "refresh_token": "r"}
            await service.reply(200, token)(request, writer)

    return behave


@pytest.mark.long
@pytest.mark.parametrize("trouble", ["503", "429", "reset", "page", "slow_down", "90033"])
def test_a_code_that_is_being_entered_outlives_a_trouble(
    service: Service, certificate: Certificate, trouble: str
) -> None:
    """One answer that is lost, or a wish to ask more slowly, does not send anybody for another code."""
    behaviours = {
        "503": service.reply(503, {}),
        "429": service.reply(429, {}),
        "reset": service.reset(),
        "page": service.reply(200, b"half a tok"),
        "slow_down": service.reply(400, {"error": "slow_down"}),
        "90033": service.reply(400, {"error": "temporarily_unavailable", "error_codes": [90033]}),
    }
    service.behave(device_platform(service, behaviours[trouble]))
    heard: list[str] = []
    credentials = PersonCredentials("tenant", "app-1", SignInWay.DEVICE_CODE)
    endpoint = SignInEndpoint(service.url, "https://localhost/.default", Network(certificate.bundle))
    TokenSource(credentials, endpoint, sleep=lambda _seconds: None).sign_in(heard.append)
    assert [line for line in heard if "devicelogin" in line] == ["devicelogin ABC"]


TOKEN = "eyJh.eyJz.c2ln-_A"


@pytest.mark.parametrize(
    "data",
    [
        TOKEN.encode(),
        f"{TOKEN}\r\n".encode(),
        codecs.BOM_UTF8 + f"{TOKEN}\r\n".encode(),
        codecs.BOM_UTF16_LE + f"{TOKEN}\r\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + f" {TOKEN}\n\n".encode("utf-16-be"),
    ],
)
def test_a_token_file_may_be_what_a_windows_shell_writes(tmp_path: Path, data: bytes) -> None:
    """PowerShell's `>` and `Out-File` put marks and line ends around it."""
    file = tmp_path / "token"
    file.write_bytes(data)
    assert TokenFile(file)().reveal() == TOKEN


@pytest.mark.parametrize(
    "data",
    [b"", b"a.b", b"a.b.c.d", f"{TOKEN}\n{TOKEN}".encode(), b"a.\xe4.c", b'{"value":"a.b.c"}', b"a..c", b"<a.b.c>"],
)
def test_what_is_no_token_is_not_sent(tmp_path: Path, data: bytes) -> None:
    """Somebody's page, half a token, another file: said before signing in."""
    file = tmp_path / "token"
    file.write_bytes(data)
    with pytest.raises(UsageError, match="does not hold one token"):
        TokenFile(file)()


@pytest.mark.parametrize(
    ("trouble", "words", "repeated"),
    [
        ("503", "it answered HTTP 503", True),
        ("reset", "cut the connection", True),
        ("page", "a web page", False),
        ("redirect", "a redirect", False),
        ("403", "gave no token (HTTP 403)", False),
        ("list", "holds no token", False),
        ("words", "gave no token (HTTP 200)", False),
        ("lines", "gave no token (HTTP 200)", False),
    ],
)
def test_githubs_troubles_are_those_of_any_network(
    service: Service, certificate: Certificate, trouble: str, words: str, repeated: bool
) -> None:
    """What passes is repeated; what does not is told apart from a permission that the job lacks."""
    service.behave(
        {
            "503": service.reply(503, {}),
            "reset": service.reset(),
            "page": service.reply(200, b"<html>", {"Content-Type": "text/html"}),
            "redirect": service.reply(302, b"", {"Location": "https://elsewhere.example.com"}),
            "403": service.reply(403, {"message": "no"}),
            "list": service.reply(200, ["x"]),
            "words": service.reply(200, {"value": "not today"}),
            "lines": service.reply(200, {"value": "a.b.c\r\nX-More: d"}),
        }[trouble]
    )
    asked = GitHubToken(f"{service.url}/token?x=1", Secret("job-token"), Network(certificate.bundle))
    with tenant_with() as tenant, pytest.raises(SignInFailed) as caught:
        tokens_of(FederatedCredentials(tenant.tenant_id, tenant.client_id, asked), tenant).sign_in()
    assert words in caught.value.message
    assert "job-token" not in f"{caught.value.message}{caught.value.hint}"
    assert ("id-token" in caught.value.hint) == (trouble in {"403", "list", "words", "lines"})
    assert len(service.requests) == (6 if repeated else 1)


NUMBERS = """7000215 7000222 7000216 700027 700024 700021 7000213 7000214 7000218 700016 90002 7000112 7000229 500014
500011 900382 900384 1002012 650057 65002 65001 90094 90099 501051 50105 53003 530003 530084 50076 50079 50097 50158
70021 700211 700212 700213 50034 50126 50058 50173 700082 70016 70020 90033 90055 50196
50011 500113 900971 700054 50020 90072 50053 50055 50057 50059 90019 50128 50072 50074 500121 50131 50144 50155 53000
53001 53002 53004 53011 530002 530032 135011 700003 650052 650056 65004 65005 70008 70018 70043 70044 700022 700023
700030 90008 90095"""


@pytest.mark.parametrize("number", [int(one) for one in NUMBERS.split()])
def test_each_number_that_newcomers_meet_has_cause_and_remedy(number: int) -> None:
    """Those that pass by themselves too: whoever waited for nothing looks them up."""
    cause, remedy = explained_numbers()[number]
    assert len(cause) > 15
    assert len(remedy) > 10


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (530084, "--sign-in browser"),
        (53003, "--sign-in browser"),
        (50097, "--sign-in browser"),
        (50074, "--sign-in browser"),
        (50011, "http://localhost"),
        (500113, "means nothing"),
        (700016, "Application (client) ID"),
        (700016, "/adminconsent?client_id="),
        (90072, "an account of the tenant"),
        (900382, "usgov-dod"),
        (700030, "Certificates & secrets"),
    ],
)
def test_a_remedy_names_what_is_to_be_set(number: int, words: str) -> None:
    """The option, the page of the portal, or the address, as it is typed or written there."""
    assert words in with_options(explain_refusal({"error_description": f"AADSTS{number}: x"}, "app").hint)


@pytest.mark.parametrize("number", [7000229, 65001, 90094, 90099, 501051, 650056, 65004, 90095, 700016])
@pytest.mark.parametrize("cloud", [Cloud.GLOBAL, Cloud.US_GOV, Cloud.US_DOD])
def test_the_page_of_consent_is_that_of_the_tenant_the_app_and_the_cloud(number: int, cloud: Cloud) -> None:
    """To be sent to an administrator as it is."""
    page = consent_link(cloud.authority, "contoso.com", CLIENT)
    hint = explain_refusal({"error_description": f"AADSTS{number}: x"}, "app", page).hint
    assert f"{cloud.authority}/contoso.com/adminconsent?client_id={CLIENT}" in hint
    assert not re.search(r"TENANT|APP\b", hint)
    assert json.dumps(hint).count("https://") == 1
