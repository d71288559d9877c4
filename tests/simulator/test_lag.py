from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bulktap.simulator.state_file import reopen_state
from bulktap.simulator.tenant import Tenant

Step = dict[str, Any]
ALEX = "00000000-0000-4000-8000-000000000001"
URL = f"/v1.0/users/{ALEX}/authentication/temporaryAccessPassMethods"


def shown(browser: Any) -> str | None:
    """Return the id of the pass that a list shows."""
    items = browser.send("GET", URL).json()["value"]
    return items[0]["id"] if items else None


def issued(browser: Any) -> str:
    """Issue a pass and return its id."""
    return str(browser.send("POST", URL, json={"isUsableOnce": True}).json()["id"])


@pytest.mark.parametrize("lag", [0, 1, 60, 600])
def test_a_list_shows_what_was_so_long_ago(
    open_browser: Callable[..., Any], tenant: Tenant, clock: Any, lag: int
) -> None:
    """Nothing, the first pass, the second, and after a delete still the second for a while."""
    browser = open_browser(tenant, weather=f"fair,list-lag={lag}")
    seen = []
    first = issued(browser)
    seen.append(shown(browser))
    clock.turn(seconds=lag)
    seen.append(shown(browser))
    clock.turn(seconds=1)
    second = issued(browser)
    seen.append(shown(browser))
    clock.turn(seconds=lag)
    seen.append(shown(browser))
    clock.turn(seconds=1)
    assert browser.send("DELETE", f"{URL}/{second}").status_code == 204, "writes do not lag"
    seen.append(shown(browser))
    clock.turn(seconds=lag)
    seen.append(shown(browser))

    if lag:
        assert seen == [None, first, first, second, second, None]
    else:
        assert seen == [first, first, second, second, None, None]


def test_a_single_pass_lags_like_a_list(open_browser: Callable[..., Any], tenant: Tenant, clock: Any) -> None:
    """A new pass is not found, a replaced one is."""
    browser = open_browser(tenant, weather="fair,list-lag=60")
    ids = [issued(browser)]
    clock.turn(seconds=100)
    ids.append(issued(browser))

    before = [browser.send("GET", f"{URL}/{one}").status_code for one in ids]
    clock.turn(seconds=60)
    after = [browser.send("GET", f"{URL}/{one}").status_code for one in ids]

    assert (before, after) == ([200, 404], [404, 200])


def test_a_use_is_seen_late_too(open_browser: Callable[..., Any], tenant: Tenant, clock: Any) -> None:
    """A one-time pass that is used looks usable for a while."""
    browser = open_browser(tenant, weather="fair,list-lag=60")
    issued(browser)
    clock.turn(seconds=100)
    browser.send("POST", f"/_simulator/use?user={ALEX}")
    reasons = []
    for _ in range(2):
        reasons.append(browser.send("GET", URL).json()["value"][0]["methodUsabilityReason"])
        clock.turn(seconds=60)

    assert reasons == ["EnabledByPolicy", "OneTimeUsed"]


def test_each_replica_has_a_lag_of_its_own(open_browser: Callable[..., Any], tenant: Tenant, clock: Any) -> None:
    """Lists are answered by three replicas at random, and the truth says which showed which moment."""
    browser = open_browser(tenant, weather="fair,list-lag=60,replicas=3,seed=2")
    issued(browser)
    clock.turn(seconds=30)
    seen = {shown(browser) for _ in range(30)}

    listings = browser.simulator.truth()["listings"]
    lags: dict[int, set[timedelta]] = {}
    for one in listings:
        age = datetime.fromisoformat(one["at"]) - datetime.fromisoformat(one["as_of"])
        lags.setdefault(one["replica"], set()).add(age)
    assert len(seen) == 2, "some have got to it, some have not"
    assert sorted(lags) == [0, 1, 2]
    assert all(len(ages) == 1 and timedelta() <= min(ages) <= timedelta(minutes=1) for ages in lags.values())
    assert [one["shown"] is None for one in listings] == [
        datetime.fromisoformat(one["as_of"]) < datetime(2030, 9, 1, 7, 0, 0, 123456, tzinfo=clock().tzinfo)
        for one in listings
    ]


def test_the_same_seed_asks_the_same_replicas(
    open_browser: Callable[..., Any], make_tenant: Callable[..., Tenant]
) -> None:
    """And another seed asks others, or they lag otherwise."""

    def moments(seed: int) -> list[str]:
        browser = open_browser(make_tenant(), weather=f"lag,seed={seed}")
        for _ in range(12):
            shown(browser)
        return [one["as_of"] for one in browser.simulator.truth()["listings"]]

    assert moments(1) == moments(1) != moments(2)


def test_a_reopened_tenant_still_knows_how_it_was(
    open_browser: Callable[..., Any], tenant: Tenant, clock: Any, tmp_path: Path
) -> None:
    """The history in the state file is enough for a list that lags."""
    path = tmp_path / "tenant.jsonl"
    first_browser = open_browser(tenant, state_file=path)
    first = issued(first_browser)
    clock.turn(seconds=100)
    issued(first_browser)

    browser = open_browser(reopen_state(path, clock=clock), weather="fair,list-lag=60")

    assert shown(browser) == first


def test_the_ledger_is_told_what_a_batch_was_shown(
    open_browser: Callable[..., Any], tenant: Tenant, create: Callable[..., Step], listing: Callable[..., Step]
) -> None:
    """Within one batch too a list may be older than the create before it."""
    browser = open_browser(tenant, weather="fair,list-lag=0.5")

    answers = browser.batch(create(ALEX, "a"), listing(ALEX, "b") | {"dependsOn": ["a"]}).json()["responses"]

    assert [one["status"] for one in answers] == [201, 200]
    assert answers[1]["body"]["value"] == []
    [listed] = browser.simulator.truth()["listings"]
    assert (listed["shown"], listed["delivered"]) == (None, True)
