import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import requests

from bulktap.simulator.server import Simulator
from bulktap.simulator.tenant import Tenant

Step = dict[str, Any]
ALEX = "00000000-0000-4000-8000-000000000001"


def test_every_answer_says_that_it_is_simulated(
    open_browser: Callable[..., Any], tenant: Tenant, create: Callable[..., Step]
) -> None:
    """Together with the ids and the date that support asks for."""
    browser = open_browser(tenant)

    answer = browser.send(
        "POST", "/v1.0/$batch", json={"requests": [create(ALEX)]}, headers={"client-request-id": "run-1"}
    )

    assert answer.headers["x-simulated-tenant"] == "true"
    assert answer.headers["client-request-id"] == "run-1"
    assert answer.headers["Date"] == "Sun, 01 Sep 2030 07:00:00 GMT"
    assert len(answer.headers["request-id"]) == 36
    assert "x-ms-ags-diagnostic" in answer.headers
    assert answer.json()["responses"][0]["status"] == 201


def test_single_calls_use_the_same_routes(open_browser: Callable[..., Any], tenant: Tenant) -> None:
    """Create, list, get and delete one by one, with encoded names."""
    browser = open_browser(tenant)
    url = "/v1.0/users/lynne.o%27neill@contoso.com/authentication/temporaryAccessPassMethods"

    created = browser.send("POST", url, json={"lifetimeInMinutes": 90})
    pass_id = created.json()["id"]
    listed = browser.send("GET", url)
    fetched = browser.send("GET", f"{url}/{pass_id}")
    deleted = browser.send("DELETE", f"{url}/{pass_id}")

    statuses = [answer.status_code for answer in (created, listed, fetched, deleted)]
    assert statuses == [201, 200, 200, 204]
    assert listed.json()["value"][0]["id"] == fetched.json()["id"] == pass_id
    assert deleted.content == b""


def test_a_throttled_single_call_has_its_wait_in_its_headers(open_browser: Callable[..., Any], tenant: Tenant) -> None:
    """Without a batch, the status and the wait are the answer's own."""
    browser = open_browser(tenant, limits="bucket:1/10")
    url = "/v1.0/users/{}/authentication/temporaryAccessPassMethods"

    answers = [browser.send("POST", url.format(user), json={}) for user in (ALEX, "joni@contoso.com")]

    assert [answer.status_code for answer in answers] == [201, 429]
    assert answers[1].headers["Retry-After"] == "10.000"


def test_truth_and_statistics_are_told_to_other_processes(
    open_browser: Callable[..., Any], tenant: Tenant, create: Callable[..., Step]
) -> None:
    """As JSON, without a passcode."""
    browser = open_browser(tenant)
    code = browser.batch(create(ALEX)).json()["responses"][0]["body"]["temporaryAccessPass"]

    truth = browser.send("GET", "/_simulator/truth")
    statistics = browser.send("GET", "/_simulator/statistics").json()

    assert truth.json()["users"][ALEX]["creator"] == browser.simulator.client_id
    assert code not in truth.text
    assert (statistics["creates_accepted"], statistics["token_requests"]) == (1, 1)


def test_deeds_can_be_asked_for(open_browser: Callable[..., Any], tenant: Tenant) -> None:
    """Somebody else's pass and a sign-in with it, for tests in another process."""
    browser = open_browser(tenant)

    issued = browser.send("POST", f"/_simulator/somebody-else?user={ALEX}").json()
    used = browser.send("POST", "/_simulator/use?user=alex@contoso.com").json()
    unknown = browser.send("POST", "/_simulator/use?user=nobody@contoso.com")

    assert (issued, used, unknown.status_code) == ({"done": True}, {"done": True}, 404)
    assert browser.simulator.truth()["users"][ALEX]["history"][0]["used"] is True


def test_only_loopback_is_served(tenant: Tenant) -> None:
    """A pretend tenant is for its own machine."""
    with pytest.raises(ValueError, match="loopback"):
        asyncio.run(Simulator(tenant).start(host="0.0.0.0"))  # noqa: S104 - that it is refused is the point


def test_the_certificate_is_verified(open_browser: Callable[..., Any], tenant: Tenant) -> None:
    """A client that does not know the certificate refuses the server."""
    browser = open_browser(tenant)

    with requests.Session() as session:
        session.trust_env = False
        with pytest.raises(requests.exceptions.SSLError):
            session.get(browser.simulator.url, timeout=60)


@pytest.mark.parametrize("options", [{"limits": "heavy"}, {"weather": "hail"}])
def test_wrong_options_are_refused_at_once(
    open_browser: Callable[..., Any], tenant: Tenant, options: dict[str, str]
) -> None:
    """Before anything listens."""
    with pytest.raises(ValueError, match=r"heavy|hail"):
        open_browser(tenant, **options)
