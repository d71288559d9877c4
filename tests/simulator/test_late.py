import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from bulktap.simulator.access_passes import SOMEBODY_ELSE
from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.state_file import reopen_state
from bulktap.simulator.tenant import Tenant
from bulktap.simulator.tenant_file import SeedUser, seed_tenant

Step = dict[str, Any]
ALEX = "00000000-0000-4000-8000-000000000001"
JONI = "00000000-0000-4000-8000-000000000002"
IN_THREE_SECONDS = "late-low=3,late-high=3"
LATE = ["late-429", "late-503", "late-504", "late-lost", "late-html", "late-outer-503"]


def truth(browser: Any) -> dict[str, Any]:
    """Return the truth as another process is told it."""
    told = browser.send("GET", "/_simulator/truth").json()
    assert isinstance(told, dict)
    return told


def history(browser: Any, user: str = ALEX) -> list[dict[str, Any]]:
    """Return a user's passes, oldest first."""
    passes = truth(browser)["users"][user]["history"]
    assert isinstance(passes, list)
    return passes


def answered(browser: Any, step: Step) -> int | None:
    """Post a batch of one step; return what became of it, None for a connection that was cut."""
    try:
        reply = browser.batch(step)
    except requests.RequestException:
        return None
    if reply.status_code != 200:
        return int(reply.status_code)
    return int(reply.json()["responses"][0]["status"])


@pytest.mark.parametrize(("fault", "status"), list(zip(LATE, [429, 503, 504, None, 502, 503], strict=True)), ids=LATE)
def test_a_create_lands_after_its_answer(
    open_browser: Callable[..., Any],
    tenant: Tenant,
    clock: Any,
    create: Callable[..., Step],
    fault: str,
    status: int | None,
) -> None:
    """Nothing is there when the answer comes; three seconds later the pass is, and the truth says whose it is."""
    browser = open_browser(tenant, weather=f"fair,{fault}=1,{IN_THREE_SECONDS}")
    step = create(ALEX) | {"headers": {"Content-Type": "application/json", "client-request-id": "run-1/7"}}
    due = (clock() + timedelta(seconds=3)).isoformat()

    assert answered(browser, step) == status
    before = truth(browser)
    clock.turn(seconds=2.9)
    assert history(browser) == []
    clock.turn(seconds=30)
    after = truth(browser)

    [pending] = before["late"]
    assert (pending["user"], pending["due"], pending["client_request_id"]) == (ALEX, due, "run-1/7")
    [attempt] = after["attempts"]
    [landed] = after["users"][ALEX]["history"]
    assert (landed["created"], landed["late"], landed["client_request_id"]) == (due, True, "run-1/7")
    assert (attempt["pass_id"], attempt["lands"], attempt["fault"]) == (landed["id"], due, fault.replace("-", "_"))
    assert after["late"] == []
    assert browser.simulator.statistics()["late_landings"] == 1


@pytest.mark.parametrize("fault", LATE)
def test_a_late_landing_kills_what_is_live_by_then(
    open_browser: Callable[..., Any], tenant: Tenant, clock: Any, create: Callable[..., Step], fault: str
) -> None:
    """A pass that was issued in between dies at that moment, and its history says by what."""
    browser = open_browser(tenant, weather=f"fair,{fault}=1,{IN_THREE_SECONDS}")
    answered(browser, create(ALEX))
    clock.turn(seconds=1)
    browser.send("POST", f"/_simulator/somebody-else?user={ALEX}")
    clock.turn(seconds=5)

    killed, landed = history(browser)

    assert (killed["creator"], landed["late"]) == (SOMEBODY_ELSE, True)
    assert (killed["died"], killed["ended_by"]) == (landed["created"], f"replaced by {landed['id']}")


def test_late_creates_land_in_their_order_however_late_anybody_looks(
    open_browser: Callable[..., Any], tenant: Tenant, clock: Any, create: Callable[..., Step]
) -> None:
    """Two of one user, both due before the next question."""
    browser = open_browser(tenant, weather=f"fair,late-503=1,{IN_THREE_SECONDS}")
    answered(browser, create(ALEX, lifetimeInMinutes=60))
    clock.turn(seconds=2)
    answered(browser, create(ALEX, lifetimeInMinutes=90))
    clock.turn(hours=1)

    first, second = history(browser)

    assert (first["lifetime_minutes"], second["lifetime_minutes"]) == (60, 90)
    assert first["died"] == second["created"]
    assert datetime.fromisoformat(second["created"]) - datetime.fromisoformat(first["created"]) == timedelta(seconds=2)


@pytest.mark.parametrize(
    ("user", "order"),
    [
        (ALEX, {"lifetimeInMinutes": 481}),
        (ALEX, {"lifetime": 60}),
        (ALEX, {"startDateTime": "2029-01-01T00:00:00Z"}),
        ("grady@contoso.com", {}),
        ("nestor@contoso.com", {}),
        ("nobody@contoso.com", {}),
        ("adele_fabrikam.com%23EXT%23@contoso.com", {}),
    ],
)
def test_what_would_be_refused_never_lands(
    open_browser: Callable[..., Any],
    tenant: Tenant,
    create: Callable[..., Step],
    user: str,
    order: dict[str, Any],
) -> None:
    """The answer hides the refusal, and nothing comes after it."""
    browser = open_browser(tenant, weather="fair,late-503=1")

    assert answered(browser, create(user, **order)) == 503
    assert truth(browser)["late"] == []


@pytest.mark.parametrize("stopped_after", [0, 1, 2.9, 3, 10])
def test_what_is_outstanding_at_the_end_lands_when_the_tenant_is_opened_again(
    tenant: Tenant, clock: Any, tmp_path: Path, create: Callable[..., Step], stopped_after: float
) -> None:
    """As of its own moment: what is due by the end lands before it, the rest stays in the state file."""
    path = tmp_path / "tenant.jsonl"
    options = SimulatorOptions(weather=f"fair,late-lost=1,{IN_THREE_SECONDS}", state_file=path)
    due = (clock() + timedelta(seconds=3)).isoformat()
    with EmbeddedSimulator(tenant, options) as first:
        post(first, create(ALEX))
        clock.turn(seconds=stopped_after)
    ended = first.truth()
    clock.turn(hours=1)
    assert first.truth()["late"] == ended["late"], "a stopped tenant stands still"

    with EmbeddedSimulator(reopen_state(path, clock=clock), SimulatorOptions(state_file=path)) as second:
        reopened = second.truth()

    assert len(ended["late"]) == (stopped_after < 3)
    assert len(ended["users"][ALEX]["history"]) == (stopped_after >= 3)
    [landed] = reopened["users"][ALEX]["history"]
    assert (landed["created"], landed["late"], reopened["late"]) == (due, True, [])
    again = reopen_state(path, clock=clock)
    assert [one.pass_id for one in again.history(again.users[ALEX])] == [landed["id"]]


@pytest.mark.parametrize("patience", [5.0, 0.05])
def test_a_late_create_needs_nobody_to_look(create: Callable[..., Step], patience: float) -> None:
    """By the clock of the machine, also where the client has hung up before the answer."""
    tenant = seed_tenant([SeedUser("alex@contoso.com")])
    [alex] = tenant.users.values()
    landed = threading.Event()
    tenant.on_change = lambda _change: landed.set() if tenant.current(alex) else None
    options = SimulatorOptions(weather="fair,late-503=1,late-low=0.1,late-high=0.1", latency=0.2)

    with EmbeddedSimulator(tenant, options) as simulator:
        post(simulator, create("alex@contoso.com"), patience=patience)
        assert landed.wait(60)
        [attempt] = simulator.truth()["attempts"]

    assert attempt["finished"] < attempt["lands"]
    assert attempt["pass_id"] is not None


def post(simulator: EmbeddedSimulator, step: Step, *, patience: float = 10) -> None:
    """Sign in and post a batch, whatever becomes of it."""
    with requests.Session() as session:
        session.trust_env, session.verify = False, str(simulator.ca_file)
        form = {
            "grant_type": "client_credentials",
            "client_id": simulator.client_id,
            "client_secret": simulator.client_secret,
            "scope": "https://graph.microsoft.com/.default",
        }
        url = f"{simulator.authority_url}/{simulator.tenant_id}/oauth2/v2.0/token"
        token = session.post(url, data=form, timeout=60).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        with suppress(requests.RequestException):
            url = f"{simulator.graph_url}/v1.0/$batch"
            session.post(url, json={"requests": [step]}, headers=headers, timeout=patience)


@pytest.mark.parametrize(("alike", "lifetime"), [(1, 120), (0, 60)])
def test_somebody_else_can_come_after_our_answer(
    open_browser: Callable[..., Any],
    tenant: Tenant,
    clock: Any,
    create: Callable[..., Step],
    alike: int,
    lifetime: int,
) -> None:
    """Three seconds after our 201, with our terms or with another lifetime."""
    weather = f"fair,somebody-else-later=1,somebody-else-alike={alike},{IN_THREE_SECONDS}"
    browser = open_browser(tenant, weather=weather)

    assert answered(browser, create(ALEX, lifetimeInMinutes=120, isUsableOnce=True)) == 201
    [ours] = history(browser)
    clock.turn(seconds=3)
    killed, theirs = history(browser)

    assert (killed["id"], killed["ended_by"]) == (ours["id"], f"replaced by {theirs['id']}")
    assert (theirs["creator"], theirs["lifetime_minutes"], theirs["usable_once"]) == (
        SOMEBODY_ELSE,
        lifetime,
        bool(alike),
    )
    assert browser.simulator.statistics()["creates_accepted"] == 1


def test_somebody_else_can_be_told_to_repeat_our_terms(
    open_browser: Callable[..., Any], tenant: Tenant, create: Callable[..., Step]
) -> None:
    """For tests in another process: the same start ahead, lifetime and use."""
    browser = open_browser(tenant)
    answered(browser, create(ALEX, lifetimeInMinutes=90, isUsableOnce=True, startDateTime="2030-09-02T00:00:00Z"))

    done = browser.send("POST", f"/_simulator/somebody-else?user={ALEX}&alike=1").json()

    ours, theirs = history(browser)
    terms = ("starts", "lifetime_minutes", "usable_once")
    assert done == {"done": True}
    assert [ours[term] for term in terms] == [theirs[term] for term in terms]
    assert theirs["creator"] == SOMEBODY_ELSE


def test_the_moments_follow_from_the_seed(
    make_bench: Callable[..., Any], make_tenant: Callable[..., Tenant], create: Callable[..., Step]
) -> None:
    """Between the low and the high, the same for the same seed, others for another."""
    from bulktap.simulator.weather import read_weather

    def delays(seed: int) -> list[float]:
        bench = make_bench(tenant=make_tenant(), weather=read_weather(f"late,late-503=1,late-low=1,seed={seed}"))
        bench.steps(*(create(user, user) for user in (ALEX, JONI, "megan@contoso.com")))
        return [(one.due - bench.tenant.clock()).total_seconds() for one in bench.tenant.late_creates()]

    assert delays(1) == delays(1) != delays(2)
    assert all(1 <= delay <= 3 for delay in delays(1))
    assert len(set(delays(1))) == 3
