import json
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from bulktap.cli.commands.simulator import simulator
from bulktap.simulator.access_passes import SOMEBODY_ELSE
from bulktap.simulator.faults import BatchFault, SignInFault, StepFault
from bulktap.simulator.weather import STORM, WEATHERS, Weather, read_weather, weather_options

Step = dict[str, Any]
ALEX = "00000000-0000-4000-8000-000000000001"
JONI = "00000000-0000-4000-8000-000000000002"


def histories(bench: Any) -> int:
    """Return how many passes Alex ever had."""
    return len(bench.tenant.history(bench.tenant.users[ALEX]))


def test_the_same_seed_brings_the_same_weather() -> None:
    """Two storms of one seed agree on every draw, and differ from a storm of another seed."""

    def draws(weather: Weather) -> list[Any]:
        draws: list[Any] = []
        for nth in range(200):
            draws.append(weather.step_fault("POST /users/x", nth, write=True, create=True)[0])
            draws.append(weather.batch_fault(f"0/{nth}", write=True)[0])
            draws.append(weather.sign_in_fault(f"0/{nth}"))
            draws.append(weather.date_shift(f"0/{nth}"))
            draws.append(weather.read_lag("GET /users/x", nth))
            draws.append(weather.oddities(f"user-{nth}"))
        return draws

    odd = "storm,users-list-500=0.5"
    assert draws(read_weather(odd)) == draws(read_weather(f"{odd},seed=0"))
    first, second = draws(read_weather(odd)), draws(read_weather(f"{odd},seed=1"))
    assert [first[kind::6] != second[kind::6] for kind in range(6)] == [True] * 6


def test_a_storm_is_as_bad_as_it_says() -> None:
    """One create in eight meets a fault, three batches in a hundred are lost, one in a hundred meets a proxy."""
    steps = Counter(STORM.step_fault(str(nth), 1, write=True, create=True)[0] for nth in range(20_000))
    batches = Counter(STORM.batch_fault(str(nth), write=True)[0] for nth in range(20_000))

    assert 0.12 < 1 - steps[StepFault.NONE] / 20_000 < 0.14
    assert 0.018 < sum(number for fault, number in steps.items() if fault.is_late) / 20_000 < 0.028
    assert 0.005 < sum(number for fault, number in batches.items() if fault.is_proxys) / 20_000 < 0.010
    assert 0.025 < batches[BatchFault.LOST] / 20_000 < 0.035
    assert 0.007 < batches[BatchFault.DELAYED] / 20_000 < 0.013
    assert set(BatchFault) - set(batches) == {BatchFault.THROTTLED, BatchFault.UNAVAILABLE}


def test_reads_meet_resets_and_proxies_and_nothing_worse() -> None:
    """A batch without a write is reset at most, or answered by a proxy."""
    faults = {STORM.batch_fault(str(nth), write=False)[0] for nth in range(20_000)}

    assert faults == {BatchFault.NONE, BatchFault.RESET, *(fault for fault in BatchFault if fault.is_proxys)}


def test_only_a_create_lands_late() -> None:
    """A delete meets the other faults of a write."""
    drawn = {STORM.step_fault(str(nth), 1, write=True)[0] for nth in range(20_000)}

    assert not any(fault.is_late for fault in drawn)
    assert StepFault.UNAVAILABLE in drawn


@pytest.mark.parametrize("name", ["fair", "showers"])
def test_light_weather_has_nothing_that_kills(name: str) -> None:
    """Nothing lands late, nobody is odd, and no proxy answers."""
    weather = WEATHERS[name]
    chances = [fault.value for fault in (*StepFault, *BatchFault, *SignInFault) if fault.value != "none"]

    unkind = {one for one in chances if getattr(weather, one)} - {"step_429", "step_503"}
    assert unkind == set()
    assert not any(getattr(weather, one.name) for one in fields(Weather) if one.name.startswith(("users_", "somebody")))


def test_a_storm_breaks_no_whole_run() -> None:
    """Nobody is odd for ever, and neither policy nor permission changes."""
    lasting = ("users_", "permission", "policy", "maximum", "default_lifetime")

    assert not [one.name for one in fields(Weather) if one.name.startswith(lasting) and getattr(STORM, one.name)]


@pytest.mark.parametrize("done", [0.0, 1.0])
@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (fault.value, int(fault.value[-3:]))
        for fault in StepFault
        if fault.value.startswith("step_") and fault.value != "step_429"
    ],
)
def test_a_step_that_fails_may_have_been_done(
    make_bench: Callable[..., Any], create: Callable[..., Step], fault: str, status: int, done: float
) -> None:
    """A 503 and its like hide whether the pass was created."""
    bench = make_bench(weather=Weather(**{fault: 1.0, "done_all_the_same": done}))

    assert bench.step(create(ALEX))["status"] == status
    assert histories(bench) == done


@pytest.mark.parametrize(("lifetime", "status", "passes"), [(60, 409, 1), (481, 400, 0)])
def test_a_post_that_a_gateway_repeats_is_done_and_answered_409(
    make_bench: Callable[..., Any], create: Callable[..., Step], lifetime: int, status: int, passes: int
) -> None:
    """The pass lives behind the conflict; a refusal stays a refusal."""
    bench = make_bench(weather=Weather(repeated_post=1.0))

    assert bench.step(create(ALEX, lifetimeInMinutes=lifetime))["status"] == status
    assert histories(bench) == passes


def test_statuses_can_come_as_text(
    make_bench: Callable[..., Any], create: Callable[..., Step], listing: Callable[..., Step]
) -> None:
    """Every item's, and what they stand for happened."""
    bench = make_bench(weather=Weather(text_status=1.0))

    answers = bench.steps(create(ALEX, "a"), listing(ALEX, "b"), create("nobody@contoso.com", "c"))

    assert [answers[one]["status"] for one in "abc"] == ["201", "200", "404"]
    assert histories(bench) == 1


def test_a_throttled_step_tells_its_wait_and_did_nothing(
    make_bench: Callable[..., Any], create: Callable[..., Step]
) -> None:
    """The weather's own 429 has a decimal wait between its bounds, in one of four published bodies."""
    bench = make_bench(weather=Weather(step_429=1.0))
    answers = [bench.step(create(user)) for user in (ALEX, JONI, "megan@contoso.com", "grady@contoso.com")]

    waits = [value for one in answers for name, value in one["headers"].items() if name.lower() == "retry-after"]

    assert {one["status"] for one in answers} == {429}
    assert len(waits) == 4
    assert all(0.2 <= float(wait) <= 1.0 for wait in waits)
    assert len({json.dumps(one["body"]["error"]["message"]) for one in answers}) == 4
    assert bench.tenant.changes == 0
    assert bench.ledger.statistics.steps_throttled == 4


def test_a_throttled_step_that_comes_back_early_is_counted(
    make_bench: Callable[..., Any], create: Callable[..., Step], clock: Any
) -> None:
    """Without any limits too, early is early; in time is not."""
    bench = make_bench(weather=Weather(step_429=1.0))
    bench.step(create(ALEX))
    bench.step(create(ALEX))
    clock.turn(seconds=5)
    bench.step(create(ALEX))

    assert bench.ledger.statistics.early_retries == 1


def test_a_missing_item_was_done(make_bench: Callable[..., Any], create: Callable[..., Step]) -> None:
    """One of the answers is not there, though its pass is."""
    bench = make_bench(weather=Weather(missing_item=1.0))

    answers = bench.steps(create(ALEX, "a"), create(JONI, "b"))

    assert len(answers) == 1
    assert bench.tenant.changes == 2


def test_a_repeated_item_comes_twice(make_bench: Callable[..., Any], create: Callable[..., Step]) -> None:
    """Three answers to two steps, two of them the same."""
    reply = make_bench(weather=Weather(repeated_item=1.0)).post({"requests": [create(ALEX, "a"), create(JONI, "b")]})

    ids = [item["id"] for item in json.loads(reply.payload)["responses"]]
    assert len(ids) == 3
    assert set(ids) == {"a", "b"}


def test_shuffled_items_keep_their_ids(make_bench: Callable[..., Any], listing: Callable[..., Step]) -> None:
    """All answers are there, in another order."""
    sent = [str(number) for number in range(20)]
    reply = make_bench(weather=Weather(shuffled=1.0)).post({"requests": [listing(ALEX, one) for one in sent]})

    received = [item["id"] for item in json.loads(reply.payload)["responses"]]
    assert received != sent
    assert sorted(received) == sorted(sent)


def test_truncated_json_was_done(make_bench: Callable[..., Any], create: Callable[..., Step]) -> None:
    """The answer is 200 and ends in the middle."""
    bench = make_bench(weather=Weather(truncated=1.0))

    reply = bench.post({"requests": [create(ALEX)]})

    assert reply.status == 200
    with pytest.raises(json.JSONDecodeError):
        json.loads(reply.payload)
    assert histories(bench) == 1


@pytest.mark.parametrize("done", [0.0, 1.0])
@pytest.mark.parametrize(("fault", "status"), [("html_page", 502), ("outer_503", 503)])
def test_a_failed_envelope_may_have_been_done(
    make_bench: Callable[..., Any], create: Callable[..., Step], fault: str, status: int, done: float
) -> None:
    """A gateway's page, or a 503 for the whole batch, hides what happened."""
    bench = make_bench(weather=Weather(**{fault: 1.0, "done_all_the_same": done}))

    reply = bench.post({"requests": [create(ALEX)]})

    assert reply.status == status
    assert (b"<html>" in reply.payload) == (fault == "html_page")
    assert histories(bench) == done


def test_a_throttled_envelope_did_nothing(make_bench: Callable[..., Any], create: Callable[..., Step]) -> None:
    """The whole batch is refused, with a wait."""
    bench = make_bench(weather=Weather(outer_429=1.0))

    reply = bench.post({"requests": [create(ALEX)]})

    assert (reply.status, histories(bench)) == (429, 0)
    assert float(reply.headers["Retry-After"]) > 0


def test_a_delayed_batch_lands_late(make_bench: Callable[..., Any], create: Callable[..., Step], clock: Any) -> None:
    """What it does, it does after the delay."""
    bench = make_bench(weather=Weather(delayed_batch=1.0, delay=120.0))
    asked_at = clock()

    bench.post({"requests": [create(ALEX)]})

    [access_pass] = bench.tenant.history(bench.tenant.users[ALEX])
    assert (access_pass.created_at - asked_at).total_seconds() == 120.0
    assert bench.ledger.attempts[0].received_at == asked_at


@pytest.mark.parametrize("fault", ["late_429", "late_503", "late_504"])
def test_a_delayed_batch_is_not_late_twice(
    make_bench: Callable[..., Any], create: Callable[..., Step], fault: str
) -> None:
    """So that nothing lands later than the longer of the two delays."""
    bench = make_bench(weather=Weather(**{"delayed_batch": 1.0, fault: 1.0}))

    assert bench.step(create(ALEX))["status"] == 201
    assert bench.tenant.late_creates() == ()


def test_a_token_expires_in_the_middle(make_bench: Callable[..., Any], listing: Callable[..., Step]) -> None:
    """After its share of batches a token is refused, a new one is not."""
    bench = make_bench(weather=Weather(token_batches=2))
    batch = {"requests": [listing(ALEX)]}

    statuses = [bench.post(batch).status for _ in range(3)]
    bench.sign_in()
    statuses.append(bench.post(batch).status)

    assert statuses == [200, 200, 401, 200]


def test_somebody_else_issues_another_lifetime(make_bench: Callable[..., Any], create: Callable[..., Step]) -> None:
    """Around a create another pass comes up, before or after, and never of the same lifetime."""
    bench = make_bench(weather=Weather(somebody_else=1.0))
    for _ in range(20):
        bench.step(create(ALEX, lifetimeInMinutes=480))

    history = bench.tenant.history(bench.tenant.users[ALEX])
    theirs = [one for one in history if one.creator == SOMEBODY_ELSE]
    last_of_each_step = {one.creator for one in history[1::2]}

    assert {one.lifetime_minutes for one in theirs} == {60}
    assert len(theirs) == 20
    assert last_of_each_step == {SOMEBODY_ELSE, bench.tenant.registration.client_id}


def test_somebody_else_can_follow_a_fault(make_bench: Callable[..., Any], create: Callable[..., Step]) -> None:
    """The nastiest case: our answer is lost, and their pass is the one that is found."""
    bench = make_bench(weather=Weather(step_504=1.0, done_all_the_same=1.0, somebody_else_after_fault=1.0))
    for _ in range(10):
        bench.step(create(ALEX))

    creators = {one.creator for one in bench.tenant.history(bench.tenant.users[ALEX])}

    assert creators == {SOMEBODY_ELSE, bench.tenant.registration.client_id}
    assert {attempt.fault for attempt in bench.ledger.attempts} == {"step_504"}


@pytest.mark.parametrize(
    ("fault", "done"), [("reset_batch", False), ("lost_batch", True), ("broken_off", True), ("truncated", True)]
)
def test_a_cut_connection_looks_like_one(
    open_browser: Callable[..., Any], tenant: Any, create: Callable[..., Step], fault: str, done: bool
) -> None:
    """Over real HTTPS the client sees a broken connection or broken JSON, and cannot tell whether it was done."""
    browser = open_browser(tenant, weather=f"fair,{fault.replace('_', '-')}=1")

    with pytest.raises(requests.RequestException):
        browser.batch(create(ALEX)).json()

    truth = browser.simulator.truth()
    assert (truth["users"][ALEX]["current_pass_id"] is not None) == done
    assert browser.simulator.statistics()["faults"] == {fault: 1}


def test_every_number_can_be_set_by_name() -> None:
    """The text form reaches every field, with hyphens or underscores."""
    names = [one.name for one in fields(Weather) if one.name != "name"]
    text = ",".join(f"{name.replace('_', '-')}=1" for name in names)

    weather = read_weather(f"storm,{text}")

    assert {getattr(weather, name) for name in names} == {1}
    assert isinstance(weather.seed, int)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hail",
        "storm,rain=1",
        "storm,lost-batch=2",
        "storm,lost-batch=-1",
        "fair,seed=x",
        "fair,delay",
        "storm,name=x",
        "fair,policy-off=2",
        "fair,list-lag=-1",
        "fair,clock-off=nan",
        "fair,replicas=1.5",
        "fair,late-503=1.01",
    ],
)
def test_what_is_not_a_weather_is_refused(text: str) -> None:
    """A misspelt weather is an error and not sunshine."""
    with pytest.raises(ValueError, match="weather"):
        read_weather(text)


def test_every_option_is_described_under_a_heading() -> None:
    """As it is written on the command line, with its range; none is left out, none comes twice."""
    described = [line for lines in weather_options().values() for line in lines]

    options = [text.partition("=")[0].replace("-", "_") for text, _words in described]
    assert options == [one.name for one in fields(Weather) if one.name != "name"]
    assert all(words for _text, words in described)
    assert len(weather_options()) >= 9


def test_the_help_of_the_command_shows_the_weathers() -> None:
    """Names and options, as the program prints them."""
    help_text = CliRunner().invoke(simulator, ["--help"]).output

    assert all(name in help_text for name in WEATHERS)
    assert all(text in help_text for lines in weather_options().values() for text, _words in lines)
