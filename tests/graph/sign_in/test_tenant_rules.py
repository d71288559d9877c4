"""What a tenant's rules refuse reaches whoever signs in, in bulktap's words: real MSAL in between."""

from __future__ import annotations

import threading
import webbrowser
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import requests
from page_forms import form_of
from sign_in_world import OPERATOR, tenant_with, tokens_of

from bulktap.cli.setting_options import with_options
from bulktap.graph.sign_in import ClientSecretCredentials, PersonCredentials
from bulktap.graph.sign_in.sign_in_errors import explained_numbers
from bulktap.model.errors import SignInFailed
from bulktap.model.secret import Secret
from bulktap.model.sign_in_ways import SignInWay
from bulktap.simulator.tenant_rules import RULES, SignInKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.graph.sign_in import Credentials
    from bulktap.simulator.embedded import EmbeddedSimulator


@pytest.fixture
def service() -> Iterator[EmbeddedSimulator]:
    """A tenant whose operator answers when somebody is asked to sign in."""
    with tenant_with(operator=OPERATOR) as running:
        yield running


@pytest.fixture
def opened(service: EmbeddedSimulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A browser that opens whatever it is told to, beside the program, and sends the page's form."""
    threads: list[threading.Thread] = []

    class Browser(webbrowser.BaseBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            """See the base class."""
            del new, autoraise
            threads.append(threading.Thread(target=visit, args=(url,)))
            threads[-1].start()
            return True

    def visit(url: str) -> None:
        action, fields = form_of(requests.get(url, verify=str(service.ca_file), timeout=10).text)
        requests.post(action, data=fields, timeout=10)

    monkeypatch.setattr(webbrowser, "_tryorder", ["stand-in"])
    monkeypatch.setattr(webbrowser, "_browsers", {"stand-in": [None, Browser("stand-in")]})
    yield
    for thread in threads:
        thread.join()


def refuse(service: EmbeddedSimulator, **numbers: int) -> None:
    """Let the tenant refuse these ways."""
    service.tenant.registration = replace(service.tenant.registration, refuses=numbers)


def credentials_for(kind: SignInKind, service: EmbeddedSimulator) -> Credentials:
    """Return who signs in."""
    if kind is SignInKind.APPLICATION:
        return ClientSecretCredentials(service.tenant_id, service.client_id, Secret(service.client_secret))
    way = SignInWay.BROWSER if kind is SignInKind.BROWSER else SignInWay.DEVICE_CODE
    return PersonCredentials(service.tenant_id, service.client_id, way)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        *((SignInKind.APPLICATION, number) for number in (7000112, 7000229, 500014, 53003, 501051)),
        *((SignInKind.DEVICE_CODE, number) for number in (53003, 530003, 530084, 50076, 50097, 50158, 50105)),
        *((SignInKind.BROWSER, number) for number in (53003, 50079, 50105, 90094, 90099)),
    ],
)
def test_each_rule_is_explained_with_its_remedy(
    service: EmbeddedSimulator, opened: None, kind: SignInKind, number: int
) -> None:
    """By number and in words, whichever way it comes back: an answer, a poll, or the browser."""
    del opened
    refuse(service, **{kind: number})

    with pytest.raises(SignInFailed) as caught:
        tokens_of(credentials_for(kind, service), service).sign_in(lambda _line: None)

    assert f"AADSTS{number}" in caught.value.message
    assert explained_numbers()[number][0] in caught.value.message
    assert with_options(caught.value.hint)


def test_a_rule_for_one_way_leaves_the_others(service: EmbeddedSimulator, opened: None) -> None:
    """A tenant that blocks the device code lets the browser in, which is the remedy that is told."""
    del opened
    refuse(service, deviceCode=53003)

    with pytest.raises(SignInFailed) as caught:
        tokens_of(credentials_for(SignInKind.DEVICE_CODE, service), service).sign_in(lambda _line: None)
    tokens = tokens_of(credentials_for(SignInKind.BROWSER, service), service)
    tokens.sign_in(lambda _line: None)

    assert "browser" in with_options(caught.value.hint)
    assert tokens.person == OPERATOR


@pytest.mark.parametrize("number", [50173, 50076, 53003])
def test_a_rule_may_come_in_the_middle(service: EmbeddedSimulator, number: int) -> None:
    """Whoever is signed in is told when the next token is refused, and keeps the one that there is."""
    tokens = tokens_of(credentials_for(SignInKind.DEVICE_CODE, service), service)
    tokens.sign_in(lambda _line: None)
    refuse(service, refresh=number)

    with pytest.raises(SignInFailed, match=f"AADSTS{number}"):
        tokens.refreshed(None)
    assert tokens.token()


def test_every_rule_is_one_that_bulktap_explains() -> None:
    """A number that the pretend tenant can answer has its words and its remedy."""
    assert explained_numbers().keys() >= RULES
