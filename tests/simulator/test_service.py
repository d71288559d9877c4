import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from bulktap.simulator.envelope import Step as PlainStep
from bulktap.simulator.service import Incoming, Latency

Step = dict[str, Any]
ALEX = "00000000-0000-4000-8000-000000000001"


def test_a_throttled_batch_answers_200_outside(make_bench: Callable[..., Any], create: Callable[..., Step]) -> None:
    """Steps beyond the limit get 429 with the wait in their own headers; the others are created."""
    bench = make_bench(limits="bucket:2/10")
    users = [ALEX, "joni@contoso.com", "megan@contoso.com"]

    answers = bench.steps(*(create(user, str(number)) for number, user in enumerate(users)))

    assert [answers[str(number)]["status"] for number in range(3)] == [201, 201, 429]
    assert answers["2"]["headers"]["Retry-After"] == "5.000"
    assert bench.tenant.changes == 2


def test_the_state_is_flushed_before_the_answer(make_bench: Callable[..., Any], create: Callable[..., Step]) -> None:
    """Once for each batch."""
    bench = make_bench()

    bench.steps(create(ALEX, "1"), create("joni@contoso.com", "2"))

    assert bench.flushed == 1


def test_latency_is_spread_around_what_was_asked(
    make_bench: Callable[..., Any], listing: Callable[..., Step], clock: Any
) -> None:
    """A batch takes its time, give or take a fifth."""
    bench = make_bench(latency=Latency(batch=10.0))
    taken = []
    for _ in range(20):
        before = clock()
        bench.steps(listing(ALEX))
        taken.append((clock() - before).total_seconds())

    assert all(8.0 <= seconds <= 12.0 for seconds in taken)
    assert len(set(taken)) > 1


def test_two_attempts_in_flight_for_one_user_are_noticed(
    make_bench: Callable[..., Any], create: Callable[..., Step]
) -> None:
    """The ledger knows how many creates of one user were under way at once, even under different names."""
    bench = make_bench()
    first = {"requests": [create(ALEX, "1"), create("ALEX@contoso.com", "2")]}

    bench.post(first)
    bench.post({"requests": [create("joni@contoso.com")]})

    assert bench.ledger.statistics.max_concurrent_creates_per_user == 2


@pytest.mark.parametrize(("gave_up", "expected"), [(True, 1), (False, 2)])
def test_an_attempt_that_the_client_gave_up_is_not_in_flight(
    make_bench: Callable[..., Any], create: Callable[..., Step], gave_up: bool, expected: int
) -> None:
    """A client that hung up may try again while the first attempt is still on its way."""
    arrived, gate = asyncio.Event(), asyncio.Event()
    sleeps = 0

    async def sleep(_seconds: float) -> None:
        # The first batch gets stuck on its way back; the other goes straight through.
        nonlocal sleeps
        sleeps += 1
        if sleeps == 2:
            arrived.set()
            await gate.wait()

    bench = make_bench(latency=Latency(batch=1.0), sleep=sleep)
    raw = json.dumps({"requests": [create(ALEX)]}).encode()

    async def scenario() -> None:
        token = f"Bearer {bench.token}"
        stuck = asyncio.create_task(bench.service.batch(raw, Incoming(token, "a", lambda: gave_up)))
        await arrived.wait()
        await bench.service.batch(raw, Incoming(token, "b", lambda: False))
        gate.set()
        await stuck

    asyncio.run(scenario())

    assert bench.ledger.statistics.max_concurrent_creates_per_user == expected
    assert len(bench.ledger.attempts) == 2


def test_the_ledger_keeps_what_happened(
    make_bench: Callable[..., Any], create: Callable[..., Step], listing: Callable[..., Step]
) -> None:
    """Attempts with times, request id and pass; listings with what they showed; counts."""
    bench = make_bench()
    bench.step(listing(ALEX))
    created = bench.step(create(ALEX))["body"]
    bench.step(listing("alex@contoso.com"))

    truth = json.loads(json.dumps(bench.ledger.truth(bench.tenant)))

    [attempt] = truth["attempts"]
    assert (attempt["user"], attempt["status"], attempt["pass_id"]) == (ALEX, 201, created["id"])
    assert attempt["client_request_id"] == "run-1"
    assert attempt["received"] <= attempt["started"] <= attempt["finished"]
    assert [(one["shown"], one["delivered"]) for one in truth["listings"]] == [(None, True), (created["id"], True)]
    assert truth["users"][ALEX]["current_pass_id"] == created["id"]
    assert created["temporaryAccessPass"] not in json.dumps(truth)
    counts = bench.ledger.counts()
    assert (counts["batches"], counts["steps_received"], counts["steps_accepted"]) == (3, 3, 3)
    assert counts["outer_statuses"] == {"200": 3}


def test_a_call_on_its_own_has_the_steps_status(make_bench: Callable[..., Any]) -> None:
    """Without a batch, the step's answer is the answer."""
    bench = make_bench()
    url = f"/users/{ALEX}/authentication/temporaryAccessPassMethods"

    json_body = {"content-type": "application/json"}
    created = asyncio.run(bench.service.call(PlainStep("1", "POST", url, json_body, {}), bench.incoming()))
    refused = asyncio.run(bench.service.call(PlainStep("1", "POST", url, json_body, None), bench.incoming()))

    assert created.status == 201
    assert len(json.loads(created.payload)["temporaryAccessPass"]) == 8
    assert refused.status == 400
    assert bench.ledger.statistics.single_calls == 2
