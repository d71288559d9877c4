# ruff: noqa: ARG002, ARG005 - a script takes row, number and time whether it needs them or not
from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bulktap.dispatch.sender import Sender
from bulktap.dispatch.service_clock import ServiceClock
from bulktap.graph.access_passes import list_step
from bulktap.graph.batch import BatchAnswer
from bulktap.graph.replies import Answered, Doubtful, NotSent, Unauthorized
from bulktap.graph.sign_in import SignInUnreachable
from bulktap.model.errors import SignInFailed


def send(w: Any, kit: Any, times: int = 1) -> list[Any]:
    """Send so many batches at once."""

    async def work() -> list[Any]:
        sender = w.sender(ServiceClock(w.clock))
        step = list_step("1", kit.object_id(1))
        return await asyncio.gather(
            *(sender.send([step], "r", creates=False) for _ in range(times)), return_exceptions=True
        )

    return w.call(work())  # type: ignore[no-any-return]


def test_a_token_is_asked_for_again_after_a_minute(world: Any, kit: Any) -> None:
    """Batches within it share one; MSAL hands out none that ends within five."""
    w = world(1)

    async def work() -> list[int]:
        sender = w.sender(ServiceClock(w.clock))
        asked = []
        for pause in (0, 50, 20, 50):
            await w.clock.sleep(pause)
            await sender.send([list_step("1", kit.object_id(1))], "r", creates=False)
            asked.append(w.tokens.asked)
        return asked

    assert w.call(work()) == [1, 1, 2, 2]


def test_a_token_is_refreshed_once_for_all_batches_that_hold_it(world: Any, kit: Any) -> None:
    """Five batches with a stale token make one new one."""
    w = world(1)
    w.tenant.bad_tokens = {"token-1"}
    assert all(isinstance(reply, Answered) for reply in send(w, kit, 5))
    assert w.tokens.number == 2
    assert len(w.tenant.departures) == 10


def test_a_fresh_token_that_is_turned_down_is_the_end(world: Any, kit: Any) -> None:
    """Once, then exit 5."""
    w = world(1)
    w.tenant.bad_tokens = {"token-1", "token-2"}
    assert isinstance(send(w, kit)[0], SignInFailed)
    assert len(w.tenant.departures) == 2


def test_a_refresh_that_reached_nobody_is_tried_again_by_the_next_batch(world: Any, kit: Any) -> None:
    """A token counts as replaced only when there is another; until then it is as if the line were dead."""
    w = world(1)
    w.tenant.bad_tokens = {"token-1"}
    w.tokens.refusing = SignInUnreachable("No answer.")
    first, second = send(w, kit, 2)
    assert isinstance(first, NotSent)
    assert isinstance(second, Answered)


def test_a_step_that_is_turned_down_makes_the_next_batch_carry_a_new_token(world: Any, kit: Any) -> None:
    """The reply itself is handed on at once: passcodes may stand in it."""
    w = world(1)
    w.tenant.list_fate_of = lambda row, time: kit.Fate(401) if time == 1 else None
    w.tenant.dates = False

    async def work() -> list[Any]:
        sender = w.sender(ServiceClock(w.clock))
        step = list_step("1", kit.object_id(1))
        return [(await sender.send([step], "r", creates=False), w.tokens.number) for _ in range(3)]

    (first, before), (second, after), (_, last) = w.call(work())
    assert (first.answer.responses["1"].status, before) == (401, 1)
    assert (second.answer.responses["1"].status, after, last) == (200, 2, 2)


@pytest.mark.parametrize("claims", [None, '{"access_token":{}}'])
def test_refreshing_is_logged_without_the_token(world: Any, kit: Any, claims: str | None) -> None:
    """The log names the event only."""
    w = world(1)
    w.tenant.batch_fate_of = lambda n, creates: kit.BatchFate(Unauthorized(claims)) if n == 0 else None
    send(w, kit)
    assert w.listener.logged == ["batch", "token-refreshed", "batch"]


def test_a_token_that_another_batch_had_made_may_have_ended_too(world: Any, kit: Any) -> None:
    """The 401 of a slow batch comes late: a token is made for it before the run gives up."""
    w = world(1)
    ended, posts = {"token-1"}, []

    class SlowAtFirst:
        async def post_batch(self, steps: Any, token: Any, request_id: str, *, creates: bool) -> Any:
            posts.append(token.reveal())
            turned_down = token.reveal() in ended
            await w.clock.sleep(10.0 if len(posts) == 1 else 0.2)
            return Unauthorized(None) if turned_down else Answered(BatchAnswer({}), 0.1)

    async def work() -> Any:
        sender = Sender(SlowAtFirst(), w.tokens, ServiceClock(w.clock), w.listener, lambda: "r")
        step = list_step("1", kit.object_id(1))
        slow = asyncio.create_task(sender.send([step], "r", creates=False))
        await w.clock.sleep(1)
        await sender.send([step], "r", creates=False)
        ended.add("token-2")
        return await slow

    assert isinstance(w.call(work()), Answered)
    assert posts == ["token-1", "token-1", "token-2", "token-2", "token-3"]


@pytest.mark.parametrize("permanent", [False, True])
def test_a_sign_in_that_reaches_nobody_is_as_if_the_line_were_dead(world: Any, kit: Any, permanent: bool) -> None:
    """With its cause, its remedy and whether waiting can heal it; the log has it too."""
    w = world(1)
    w.tenant.bad_tokens = {"token-1"}
    w.tokens.refusing = SignInUnreachable("Signing in did not work: x.", hint="Check it.", permanent=permanent)
    (reply,) = send(w, kit)
    assert isinstance(reply, NotSent)
    assert (reply.cause, reply.hint, reply.permanent) == ("Signing in did not work: x.", "Check it.", permanent)
    logged = w.listener.events[-1]
    assert logged == {"event": "sign-in", "cause": "Signing in did not work: x.", "permanent": permanent}


def test_a_batch_is_logged_with_both_request_ids_time_and_rows(world: Any, kit: Any) -> None:
    """What Microsoft's support asks for, and which rows it was about."""
    w = world(2)
    w.tenant.list_fate_of = lambda row, time: kit.Fate(404) if row == 2 else None

    async def work() -> None:
        steps = [list_step("a", kit.object_id(1)), list_step("b", kit.object_id(2))]
        await w.sender(ServiceClock(w.clock)).send(steps, "ours", creates=False, rows={"a": 11, "b": 12})

    w.call(work())
    (event,) = [one for one in w.listener.events if one["event"] == "batch"]
    assert event["client_request_id"] == "ours"
    assert (event["steps"], event["creates"], event["seconds"]) == (2, False, 0.2)
    assert event["failed"] == [{"row": 12, "status": 404, "code": "x"}]


def test_the_clock_of_something_on_the_way_is_not_the_services(world: Any, kit: Any) -> None:
    """A proxy's page has a date as well."""
    w = world(1)
    clock = ServiceClock(w.clock)
    w.tenant.batch_fate_of = lambda n, creates: kit.BatchFate(Doubtful("HTTP 200, a web page", foreign=True))
    w.clock.wrong_by = timedelta(hours=1)

    async def work() -> None:
        for _ in range(3):
            await w.sender(clock).send([list_step("1", kit.object_id(1))], "r", creates=False)

    w.call(work())
    assert clock.ahead == timedelta()
