from collections.abc import Callable
from typing import Any

import pytest

from bulktap.simulator.tenant import Tenant

Step = dict[str, Any]
ALEX = "00000000-0000-4000-8000-000000000001"
PASSES = f"/v1.0/users/{ALEX}/authentication/temporaryAccessPassMethods"
POLICY = "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass"
OFF = "Converged UserCredentialPolicy does not allow"
# What a create of eight hours, and one that states no lifetime, get after the change.
CHANGES = {
    "permission-removed=1": ((403, "Request Authorization failed"), (403, "Request Authorization failed")),
    "policy-off=1": ((400, OFF), (400, OFF)),
    "maximum-lifetime=120": ((400, "Invalid LifetimeInMinutes specified."), (201, 60)),
    "maximum-lifetime=30": ((400, "Invalid LifetimeInMinutes specified."), (201, 30)),
    "default-lifetime=480": ((201, 480), (201, 480)),
    "default-lifetime=90,policy-off=1": ((400, OFF), (400, OFF)),
}
BEFORE = ((201, 480), (201, 60))


def creates(browser: Any) -> tuple[tuple[int, object], tuple[int, object]]:
    """Return what two creates get: the status, and the lifetime or the beginning of the message."""
    return one_create(browser, {"lifetimeInMinutes": 480}), one_create(browser, {})


def one_create(browser: Any, order: dict[str, int]) -> tuple[int, object]:
    """Return what one create gets."""
    answer = browser.send("POST", PASSES, json=order)
    body = answer.json()
    if answer.status_code == 201:
        return 201, body["lifetimeInMinutes"]
    message = body["error"]["message"]
    known = [OFF, "Request Authorization failed", "Invalid LifetimeInMinutes specified."]
    return answer.status_code, next((words for words in known if message.startswith(words)), message)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_comes_after_so_many_creates(open_browser: Callable[..., Any], tenant: Tenant, change: str) -> None:
    """The fourth is as before, the fifth is not; it stays so."""
    browser = open_browser(tenant, weather=f"fair,{change},change-creates=4")

    answers = [creates(browser) for _ in range(4)]

    assert answers == [BEFORE, BEFORE, CHANGES[change], CHANGES[change]]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_comes_after_a_while_and_goes_again(
    open_browser: Callable[..., Any], tenant: Tenant, clock: Any, change: str
) -> None:
    """By the clock: as before until ten seconds, changed for twenty, and then as before for good."""
    browser = open_browser(tenant, weather=f"fair,{change},change-seconds=10,back-seconds=20")
    answers = []
    for seconds in (9.9, 0.1, 19.9, 0.1, 1000):
        clock.turn(seconds=seconds)
        answers.append(creates(browser))

    assert answers == [BEFORE, CHANGES[change], CHANGES[change], BEFORE, BEFORE]
    truth = browser.simulator.truth()
    assert truth["policy"] == {"enabled": True, "maximum_lifetime": 480, "default_lifetime": 60}
    assert truth["permission_removed"] is False


def test_a_late_create_lands_under_the_policy_of_its_moment(
    open_browser: Callable[..., Any], tenant: Tenant, clock: Any
) -> None:
    """However late anybody looks: the default that holds by then, not the one before or after."""
    late = "late-503=1,late-low=10,late-high=10"
    browser = open_browser(tenant, weather=f"fair,{late},default-lifetime=90,change-seconds=5,back-seconds=20")

    browser.send("POST", PASSES, json={})
    clock.turn(hours=1)

    [landed] = browser.simulator.truth()["users"][ALEX]["history"]
    assert landed["lifetime_minutes"] == 90


def test_a_change_can_be_undone_after_so_many_creates(open_browser: Callable[..., Any], tenant: Tenant) -> None:
    """Refused ones count too: they have arrived."""
    browser = open_browser(tenant, weather="fair,policy-off=1,change-creates=2,back-creates=3")

    statuses = [browser.send("POST", PASSES, json={}).status_code for _ in range(7)]

    assert statuses == [201, 201, 400, 400, 400, 201, 201]


def test_a_change_can_come_in_the_middle_of_a_batch(
    open_browser: Callable[..., Any], tenant: Tenant, create: Callable[..., Step]
) -> None:
    """Steps are carried out one after another."""
    browser = open_browser(tenant, weather="fair,permission-removed=1,change-creates=2")
    users = (ALEX, "joni@contoso.com", "megan@contoso.com", "lynne.o%27neill@contoso.com")

    answers = browser.batch(*(create(user, str(number)) for number, user in enumerate(users))).json()["responses"]

    assert [one["status"] for one in answers] == [201, 201, 403, 403]


def test_a_removed_permission_is_missing_for_lists_and_deletes_too(
    open_browser: Callable[..., Any], tenant: Tenant
) -> None:
    """From the start where no other moment is named; the policy can still be read."""
    browser = open_browser(tenant, weather="fair,permission-removed=1")

    statuses = [
        browser.send(*call).status_code for call in (("GET", PASSES), ("DELETE", f"{PASSES}/x"), ("GET", POLICY))
    ]

    assert statuses == [403, 403, 200]


def test_whoever_reads_the_policy_sees_the_change(open_browser: Callable[..., Any], tenant: Tenant, clock: Any) -> None:
    """As it is at that moment."""
    browser = open_browser(tenant, weather="fair,maximum-lifetime=90,default-lifetime=75,change-seconds=5")
    seen = []
    for _ in range(2):
        policy = browser.send("GET", POLICY).json()
        seen.append((policy["state"], policy["defaultLifetimeInMinutes"], policy["maximumLifetimeInMinutes"]))
        clock.turn(seconds=5)

    assert seen == [("enabled", 60, 480), ("enabled", 75, 90)]
