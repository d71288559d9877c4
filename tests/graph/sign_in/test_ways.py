"""Federated tokens, managed identities and people: real MSAL, the pretend tenant, stand-ins on loopback."""

from __future__ import annotations

import re
import threading
import webbrowser
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
import requests
from sign_in_world import NOW, OPERATOR, Keypair, listening, tenant_with, tokens_of

from bulktap.cli.setting_options import with_options
from bulktap.graph.sign_in import FederatedCredentials, ManagedIdentityCredentials, PersonCredentials
from bulktap.graph.sign_in.federation import LastToken, TokenFile
from bulktap.model.errors import BulktapError, SignInFailed, UsageError
from bulktap.model.secret import Secret
from bulktap.model.sign_in_ways import SignInWay
from bulktap.simulator.registration import FederatedCredential

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulktap.simulator.embedded import EmbeddedSimulator

PLATFORM, STRANGER = Keypair("platform"), Keypair("stranger")
ISSUER, SUBJECT = "https://token.actions.example.com", "repo:contoso/passes:ref:refs/heads/main"
FEDERATED = (FederatedCredential(ISSUER, SUBJECT, PLATFORM.public_key),)


def claims(**changed: object) -> dict[str, object]:
    """Return the claims of a token that the platform issues for our job."""
    now = int(NOW.timestamp())
    usual = {"iss": ISSUER, "sub": SUBJECT, "aud": "api://AzureADTokenExchange", "nbf": now - 60, "exp": now + 600}
    return {**usual, **changed}


def test_a_federated_token_is_read_again_each_time(tmp_path: Path) -> None:
    """It lives for minutes and somebody else keeps it fresh; the tenant believes the platform's key."""
    file = tmp_path / "token"
    file.write_text(PLATFORM.token(claims()) + "\n")
    with tenant_with(federated=FEDERATED) as service:
        tokens = tokens_of(FederatedCredentials(service.tenant_id, service.client_id, TokenFile(file)), service)
        tokens.sign_in()
        file.write_text("no token")
        assert tokens.token()  # of MSAL's cache
        with pytest.raises(UsageError, match="does not hold one token"):
            tokens.refreshed(None)
        file.unlink()
        with pytest.raises(UsageError, match="cannot be read"):
            tokens.refreshed(None)


@pytest.mark.parametrize("encoding", ["ascii", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_a_federated_token_is_read_as_windows_writes_it(tmp_path: Path, encoding: str) -> None:
    """With a mark in front, and in PowerShell 5.1 two bytes a letter; never anything that is no token's letter."""
    file, token = tmp_path / "token", PLATFORM.token(claims())
    mark = "\ufeff" if encoding.endswith("-be") else ""
    file.write_bytes(f"{mark}{token}\r\n".encode(encoding))

    assert TokenFile(file)().reveal() == token
    file.write_bytes(f"{mark}{token}\u00e9".encode("utf-8" if encoding == "ascii" else encoding))
    with pytest.raises(UsageError, match="does not hold one token"):
        TokenFile(file)()


@pytest.mark.parametrize(
    ("changed", "signer", "number"),
    [
        ({"iss": "https://elsewhere.example.com"}, PLATFORM, 700211),
        ({"aud": "https://github.com/contoso"}, PLATFORM, 700212),
        ({"sub": "repo:contoso/other:ref:refs/heads/main"}, PLATFORM, 700213),
        ({"exp": 1_700_000_000}, PLATFORM, 700024),
        ({"sub": SUBJECT.upper()}, PLATFORM, 7002138),
        ({}, STRANGER, 7000272),
    ],
)
def test_what_does_not_fit_the_federated_credential_is_named(
    changed: dict[str, object], signer: Keypair, number: int
) -> None:
    """Issuer, audience, subject, age: each has its number and its remedy."""
    text = signer.token(claims(**changed))
    with tenant_with(federated=FEDERATED) as service:
        credentials = FederatedCredentials(service.tenant_id, service.client_id, lambda: Secret(text))
        with pytest.raises(SignInFailed) as caught:
            tokens_of(credentials, service).sign_in()

    assert f"AADSTS{number}" in caught.value.message
    told = claims(**changed)
    assert [str(told[name]) for name in ("iss", "sub", "aud") if str(told[name]) not in caught.value.hint] == []
    assert text.rpartition(".")[2] not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"iss": "i", "sub": "s", "aud": "a", "exp": 1_700_000_000}, "issuer i; subject s; audience a; end 2023-11-14"),
        ({"aud": ["a", "b"]}, "The token has: audience a, b."),
        ({"exp": 32_600_000_000}, "The token has: end 3003-01-20 19:33 UTC."),
        ({"sub": "s\r\n\x1b[31mError: all is well"}, "subject s [31mError: all is well"),
        ({"iss": 5, "exp": 1e300}, ""),
        ({"sub": "x" * 5000}, f"subject {'x' * 300}."),
        ({}, ""),
    ],
)
def test_what_a_token_says_of_itself_is_a_sentence(said: dict[str, object], expected: str) -> None:
    """Whatever somebody else's service put into it."""
    vouching = LastToken(lambda: Secret(PLATFORM.token(said)))
    assert vouching.told == ""

    vouching()

    assert expected in vouching.told
    assert (vouching.told == "") == (expected == "")


@pytest.mark.parametrize("client", ["", "11111111-2222-3333-4444-555555555555"])
def test_an_app_service_vouches_for_itself(monkeypatch: pytest.MonkeyPatch, client: str) -> None:
    """The machine's identity service is asked over http, with the header it gave; the token tells the tenant."""
    asked: list[dict[str, Any]] = []
    with tenant_with() as service:
        token = STRANGER.token({"tid": service.tenant_id, "roles": []})

        def answer(path: str, query: dict[str, list[str]], headers: Any) -> tuple[int, object]:
            asked.append({"path": path, **query, "header": headers["X-IDENTITY-HEADER"]})
            return 200, {"access_token": token, "expires_on": str(int(NOW.timestamp()) + 3600), "token_type": "Bearer"}

        with listening(answer) as root:
            monkeypatch.setenv("IDENTITY_ENDPOINT", f"{root}/msi/token")
            monkeypatch.setenv("IDENTITY_HEADER", "a-header")
            tokens = tokens_of(ManagedIdentityCredentials("", client), service)
            tokens.sign_in()
            assert tokens.token().reveal() == token
            assert tokens.tenant_id() == service.tenant_id

    (request,) = asked
    assert request["resource"] == [service.graph_url]
    assert request["header"] == "a-header"
    assert request.get("client_id", [""]) == [client]


def test_a_machine_without_an_identity_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens there: that is no machine of Azure's, and other ways are named."""
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1")
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IMDS_ENDPOINT", "MSI_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    with tenant_with() as service, pytest.raises(SignInFailed) as caught:
        tokens_of(ManagedIdentityCredentials(), service).sign_in()

    assert "identity service" in caught.value.message
    assert "--sign-in" in with_options(caught.value.hint)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (400, {"statusCode": "400", "message": "Identity not found"}, "Identity not found"),
        (500, {"error": "server_error"}, "HTTP 500"),
        (404, {}, "HTTP 404"),
    ],
)
def test_what_the_machine_refuses_is_passed_on(
    monkeypatch: pytest.MonkeyPatch, status: int, body: object, words: str
) -> None:
    """Its words, or its status."""
    with tenant_with() as service, listening(lambda *_asked: (status, body)) as root:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{root}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "a-header")
        with pytest.raises(BulktapError) as caught:
            tokens_of(ManagedIdentityCredentials(), service).sign_in()

    assert words in caught.value.message


class Browser(webbrowser.BaseBrowser):
    """Opens the page as a browser would, and lets its form send itself."""

    def __init__(self, service: EmbeddedSimulator) -> None:
        super().__init__("stand-in")
        self._service = service
        self.says_no = False
        self._threads: list[threading.Thread] = []

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        """Open the page beside the program."""
        del new, autoraise
        self._threads.append(threading.Thread(target=self._visit, args=(url,)))
        self._threads[-1].start()
        return True

    def _visit(self, url: str) -> None:
        page = requests.get(url, verify=str(self._service.ca_file), timeout=10).text
        action = unescape(re.findall(r'action="([^"]*)"', page)[0])
        fields = {name: unescape(value) for name, value in re.findall(r'name="([^"]*)" value="([^"]*)"', page)}
        if self.says_no:
            fields = {"state": fields["state"], "error": "access_denied", "error_description": "no"}
        requests.post(action, data=fields, timeout=10)

    def close(self) -> None:
        """Wait until every page is closed."""
        for thread in self._threads:
            thread.join()


@pytest.fixture
def tenant() -> Iterator[EmbeddedSimulator]:
    """A tenant whose operator answers when somebody is asked to sign in."""
    with tenant_with(operator=OPERATOR) as service:
        yield service


@pytest.fixture
def browser(tenant: EmbeddedSimulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """The browser of this computer."""
    made = Browser(tenant)
    monkeypatch.setattr(webbrowser, "_tryorder", ["stand-in"])
    monkeypatch.setattr(webbrowser, "_browsers", {"stand-in": [None, made]})
    yield made
    made.close()


def test_a_person_signs_in_with_the_browser(tenant: EmbeddedSimulator, browser: Browser) -> None:
    """Told that a browser opens; afterwards nobody is asked again, also for a new token with claims."""
    del browser
    heard: list[str] = []
    tokens = tokens_of(PersonCredentials(tenant.tenant_id, tenant.client_id), tenant)
    tokens.sign_in(heard.append)

    first = tokens.token().reveal()
    assert tokens.person == OPERATOR
    assert tokens.refreshed(None).reveal() != first
    assert len([line for line in heard if "browser opens" in line]) == 1


def test_a_person_who_says_no_is_no_fault_of_the_network(tenant: EmbeddedSimulator, browser: Browser) -> None:
    """Exit 5, in words."""
    browser.says_no = True
    with pytest.raises(SignInFailed, match="said no"):
        tokens_of(PersonCredentials(tenant.tenant_id, tenant.client_id), tenant).sign_in()


def test_a_person_signs_in_with_a_code(tenant: EmbeddedSimulator) -> None:
    """The address and the code are said; polling goes on until the code was entered."""
    heard: list[str] = []
    tokens = tokens_of(PersonCredentials(tenant.tenant_id, tenant.client_id, SignInWay.DEVICE_CODE), tenant)
    tokens.sign_in(heard.append)

    assert tokens.person == OPERATOR
    assert "devicelogin" in heard[0]
    assert tokens.token()


def test_nobody_is_asked_in_the_middle_of_a_run(tenant: EmbeddedSimulator) -> None:
    """A token that is asked for before anybody signed in is a refusal, not a browser."""
    tokens = tokens_of(PersonCredentials(tenant.tenant_id, tenant.client_id), tenant)

    with pytest.raises(SignInFailed, match="sign in again"):
        tokens.token()
