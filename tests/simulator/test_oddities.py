import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bulktap.simulator.oddities import Oddity
from bulktap.simulator.tenant import Tenant
from bulktap.simulator.tenant_file import SeedUser, load_tenant, seed_tenant, tenant_from_json, tenant_to_json

ALEX = "00000000-0000-4000-8000-000000000001"
USER = "/v1.0/users/{}"
PASSES = "/v1.0/users/{}/authentication/temporaryAccessPassMethods"
NOT_LICENSED = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
# What the list and the create of such a user answer.
KINDS = {
    Oddity.LIST_FAILS: ((500, "InternalServerError"), (201, "")),
    Oddity.CREATE_FAILS: ((200, ""), (503, "serviceNotAvailable")),
    Oddity.ADMINISTRATOR: ((403, "accessDenied"), (403, "accessDenied")),
    Oddity.RESTRICTED: ((200, ""), (403, "Authorization_RequestDenied")),
    Oddity.UNLICENSED: ((403, NOT_LICENSED), (403, NOT_LICENSED)),
    Oddity.UNUSABLE: ((200, ""), (201, "")),
    Oddity.NEW: ((404, "resourceNotFound"), (404, "resourceNotFound")),
}


def told(answer: Any) -> tuple[int, str]:
    """Return an answer's status and the code of its error."""
    return answer.status_code, answer.json().get("error", {}).get("code", "")


def ask(browser: Any, user: str) -> tuple[tuple[int, str], tuple[int, str]]:
    """Return what list and create of a user answer."""
    return told(browser.send("GET", PASSES.format(user))), told(browser.send("POST", PASSES.format(user), json={}))


@pytest.mark.parametrize("oddity", Oddity)
def test_an_odd_user_is_odd_every_time(open_browser: Callable[..., Any], tenant: Tenant, oddity: Oddity) -> None:
    """Three times over; the directory shows the user all the same, and what is refused leaves no pass."""
    browser = open_browser(tenant, weather=f"fair,{oddity.option.replace('_', '-')}=1")

    answers = {ask(browser, ALEX) for _ in range(3)}

    assert answers == {KINDS[oddity]}
    assert browser.send("GET", USER.format(ALEX)).status_code == 200
    passes = browser.simulator.truth()["users"][ALEX]["history"]
    assert len(passes) == (3 if KINDS[oddity][1][0] == 201 else 0)


@pytest.mark.parametrize("oddity", Oddity)
def test_a_tenant_file_can_name_who_is_odd(open_browser: Callable[..., Any], tmp_path: Path, oddity: Oddity) -> None:
    """The one who is marked, nobody else, also after the tenant went through a state file."""
    path = tmp_path / "tenant.json"
    users = [{"userPrincipalName": "odd@contoso.com", "oddities": [oddity.replace("_", "-")]}]
    path.write_text(json.dumps({"users": [*users, {"userPrincipalName": "plain@contoso.com"}]}), "utf-8")
    loaded = load_tenant(path)

    for tenant in (loaded, tenant_from_json(tenant_to_json(loaded), clock=loaded.clock, random=None)):
        browser = open_browser(tenant)

        assert ask(browser, "odd@contoso.com") == KINDS[oddity]
        assert ask(browser, "plain@contoso.com") == ((200, ""), (201, ""))


def test_restricted_users_are_refused_in_words_that_say_so(open_browser: Callable[..., Any], tenant: Tenant) -> None:
    """The code is that of any missing privilege; the message names the administrative unit."""
    browser = open_browser(tenant, weather="fair,users-restricted=1")

    message = browser.send("POST", PASSES.format(ALEX), json={}).json()["error"]["message"]

    assert "restricted management administrative unit" in message


@pytest.mark.parametrize("in_scope", [True, False])
def test_a_pass_can_be_created_and_not_usable(open_browser: Callable[..., Any], tenant: Tenant, in_scope: bool) -> None:
    """Also for a user whom the policy would otherwise refuse; list, answer and truth agree."""
    browser = open_browser(tenant, weather="fair,users-unusable=1")
    user = ALEX if in_scope else "grady@contoso.com"

    created = browser.send("POST", PASSES.format(user), json={}).json()
    [listed] = browser.send("GET", PASSES.format(user)).json()["value"]

    for shown in (created, listed):
        assert (shown["isUsable"], shown["methodUsabilityReason"]) == (False, "DisabledByPolicy")
    assert created["temporaryAccessPass"]


@pytest.mark.parametrize("weather", ["fair,users-new=1,new-seconds=20", "fair"])
def test_a_new_user_is_known_after_a_while(
    open_browser: Callable[..., Any], clock: Any, make_tenant: Callable[..., Tenant], weather: str
) -> None:
    """By the seconds of the weather, or of the tenant's file."""
    tenant = make_tenant()
    user = {"id": ALEX, "userPrincipalName": "alex@contoso.com", "oddities": ["new"], "unknownSeconds": 20}
    if weather == "fair":
        data = tenant_to_json(tenant) | {"users": [user]}
        tenant = tenant_from_json(data, clock=clock, random=None)
    browser = open_browser(tenant, weather=weather)

    before = ask(browser, ALEX)
    clock.turn(seconds=19.9)
    still = ask(browser, ALEX)
    clock.turn(seconds=0.1)

    assert before == still == KINDS[Oddity.NEW]
    assert ask(browser, ALEX) == ((200, ""), (201, ""))


def test_who_is_odd_follows_from_the_seed(open_browser: Callable[..., Any]) -> None:
    """About a third; the same users for the same seed, others for another, and kinds are drawn apart."""

    def refused(options: str) -> set[str]:
        tenant = seed_tenant([SeedUser(f"user-{number}@contoso.com") for number in range(60)])
        browser = open_browser(tenant, weather=f"fair,{options}")
        users = list(tenant.users)
        return {user for user in users if browser.send("POST", PASSES.format(user), json={}).status_code != 201}

    first = refused("users-administrator=0.3,seed=1")
    assert 9 <= len(first) <= 27
    assert refused("users-administrator=0.3,seed=1") == first
    assert refused("users-administrator=0.3,seed=2") != first
    assert refused("users-restricted=0.3,seed=1") != first


@pytest.mark.parametrize("names", [["lazy"], ["list_500", "create-504"], [""], [5]])
def test_an_unknown_oddity_is_refused(tmp_path: Path, names: list[object]) -> None:
    """A misspelt mark is an error and not a plain user."""
    path = tmp_path / "tenant.json"
    user = {"userPrincipalName": "odd@contoso.com", "oddities": names}
    path.write_text(json.dumps({"users": [user]}), "utf-8")

    with pytest.raises(ValueError, match=r"unknown oddity|does not describe a tenant"):
        load_tenant(path)
