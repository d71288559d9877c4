"""What answers in Graph's place, and a sign-in that is out of order for a moment."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import msal
import pytest
import requests

from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant import Tenant
from bulktap.simulator.tenant_file import SeedUser, seed_tenant

Step = dict[str, Any]
ALEX = "00000000-0000-4000-8000-000000000001"
PASSES = f"/v1.0/users/{ALEX}/authentication/temporaryAccessPassMethods"
SCOPE = "https://graph.microsoft.com/.default"
# Status, what the page says, and the header that goes with it.
PAGES = {
    "proxy-403": (403, "Access Denied", None),
    "proxy-404": (404, "Not Found", None),
    "proxy-login": (200, "Sign in to the network", None),
    "proxy-302": (302, "", "Location"),
    "proxy-407": (407, "Proxy Authentication Required", "Proxy-Authenticate"),
}


@pytest.mark.parametrize("reads", [True, False])
@pytest.mark.parametrize("page", PAGES)
def test_a_proxy_answers_and_nothing_is_done(
    open_browser: Callable[..., Any],
    tenant: Tenant,
    create: Callable[..., Step],
    listing: Callable[..., Step],
    page: str,
    reads: bool,
) -> None:
    """A page for people without anything of Graph's, for reads and writes, batches and single calls."""
    browser = open_browser(tenant, weather=f"fair,{page}=1")
    status, title, header = PAGES[page]
    steps = {"requests": [listing(ALEX) if reads else create(ALEX)]}

    batch = browser.send("POST", "/v1.0/$batch", json=steps, allow_redirects=False)
    single = browser.send("GET" if reads else "POST", PASSES, json=None if reads else {}, allow_redirects=False)

    for answer in (batch, single):
        assert answer.status_code == status
        assert title in answer.text
        assert header is None or answer.headers[header]
        assert "json" not in answer.headers.get("Content-Type", "")
        assert not {"request-id", "client-request-id", "x-ms-ags-diagnostic"} & {
            name.lower() for name in answer.headers
        }
    truth = browser.simulator.truth()
    assert truth["users"][ALEX]["history"] == []
    assert truth["listings"] == []
    assert browser.simulator.statistics()["faults"] == {page.replace("-", "_"): 2}


def test_a_proxy_can_answer_now_and_then(
    open_browser: Callable[..., Any], tenant: Tenant, create: Callable[..., Step]
) -> None:
    """With its probability; the other batches are done."""
    browser = open_browser(tenant, weather="fair,proxy-403=0.2,proxy-407=0.2")

    statuses = Counter(browser.batch(create(ALEX)).status_code for _ in range(60))

    assert set(statuses) == {200, 403, 407}
    assert len(browser.simulator.truth()["users"][ALEX]["history"]) == statuses[200]


def ask_for_token(simulator: EmbeddedSimulator, session: requests.Session) -> requests.Response:
    """Ask for a token as MSAL does."""
    form = {
        "grant_type": "client_credentials",
        "client_id": simulator.client_id,
        "client_secret": simulator.client_secret,
        "scope": SCOPE,
    }
    url = f"{simulator.authority_url}/{simulator.tenant_id}/oauth2/v2.0/token"
    return session.post(url, data=form, timeout=60)


@pytest.mark.parametrize(("option", "status"), [("sign-in-400", 400), ("sign-in-503", 503)])
def test_the_sign_in_can_be_out_of_order(tenant: Tenant, option: str, status: int) -> None:
    """With the words that were seen, AADSTS90033, in JSON."""
    with (
        EmbeddedSimulator(tenant, SimulatorOptions(weather=f"fair,{option}=1")) as simulator,
        requests.Session() as session,
    ):
        session.trust_env, session.verify = False, str(simulator.ca_file)
        answer = ask_for_token(simulator, session)
        faults = simulator.statistics()["faults"]

    assert answer.status_code == status
    assert (answer.json()["error"], answer.json()["error_codes"]) == ("temporarily_unavailable", [90033])
    assert answer.json()["error_description"].startswith("AADSTS90033: A transient error has occurred.")
    assert faults == {option.replace("-", "_"): 1}


def test_the_sign_in_recovers(tenant: Tenant) -> None:
    """Each question is drawn anew from the seed, whatever is asked."""

    def statuses(seed: int) -> list[int]:
        options = SimulatorOptions(weather=f"fair,sign-in-400=0.3,sign-in-503=0.3,seed={seed}")
        with EmbeddedSimulator(tenant, options) as simulator, requests.Session() as session:
            session.trust_env, session.verify = False, str(simulator.ca_file)
            return [ask_for_token(simulator, session).status_code for _ in range(30)]

    assert statuses(1) == statuses(1) != statuses(2)
    assert set(statuses(1)) == {200, 400, 503}


def test_msal_hands_the_transient_error_on(open_browser: Callable[..., Any]) -> None:
    """What a real client makes of it: an error result, not an exception and not a token."""
    tenant = seed_tenant([SeedUser("alex@contoso.com")])
    browser = open_browser(tenant, weather="fair,sign-in-400=0.5,seed=2")
    simulator = browser.simulator
    results = [
        msal.ConfidentialClientApplication(
            simulator.client_id,
            client_credential=simulator.client_secret,
            authority=f"{simulator.authority_url}/{simulator.tenant_id}",
            instance_discovery=False,
            http_client=browser.session,
        ).acquire_token_for_client([SCOPE])
        for _ in range(12)
    ]

    assert {result.get("error") for result in results} == {"temporarily_unavailable", None}
    assert all(("access_token" in result) != ("error" in result) for result in results)
