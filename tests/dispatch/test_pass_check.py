"""Passes that were issued are looked for in a tenant that answers by script."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from bulktap.dispatch.pass_check import check_passes
from bulktap.dispatch.pass_states import PassState
from bulktap.graph.batch import BatchAnswer, StepResponse
from bulktap.graph.replies import Answered, BatchReply
from bulktap.model.errors import NotPermitted
from bulktap.model.passes import AccessPass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from bulktap.graph.batch import BatchStep
    from bulktap.model.secret import Secret


class Lists:
    """Answers lists; a pass is shown once its list has caught up."""

    def __init__(self, clock: Any) -> None:
        self._clock = clock
        self.statuses: dict[str, list[int]] = {}
        """What a user's lists answer, one after the other, before they answer 200."""
        self.shown_after: dict[str, float] = {}
        """From which second on a user's pass is listed; never if that is infinite."""
        self.asked: list[str] = []

    async def post_batch(
        self, steps: Sequence[BatchStep], token: Secret, request_id: str, *, creates: bool
    ) -> BatchReply:
        """See `sender.Poster`."""
        assert not creates
        assert token
        assert request_id
        await self._clock.sleep(0.2)
        answers = {step.step_id: self._answer(step) for step in steps}
        return Answered(BatchAnswer(answers), 0.2, service_date=self._clock.service_now())

    def _answer(self, step: BatchStep) -> StepResponse:
        assert step.method == "GET"
        user = unquote(step.url.split("/")[2])
        self.asked.append(user)
        if self.statuses.get(user):
            status = self.statuses[user].pop(0)
            return StepResponse(step.step_id, status, {}, {"error": {"code": "x", "message": "No."}})
        shown = self._clock.monotonic() >= self.shown_after.get(user, 0.0)
        return StepResponse(step.step_id, 200, {}, {"value": [{"id": f"pass of {user}"}] if shown else []})


@pytest.fixture
def lists(world: Any) -> SimpleNamespace:
    """Return lists, and a way to check the passes of so many users that were issued so long ago."""
    w = world(1)
    tenant = Lists(w.clock)
    w.tenant = tenant

    def check(users: Sequence[str], ago: timedelta) -> Any:
        created = w.clock.service_now() - ago
        targets = dict(enumerate(users))
        held = {
            row: AccessPass(f"pass of {user}", created, created, 60 * 24, True, True) for row, user in targets.items()
        }
        found = w.call(check_passes(targets, held, w.read_tools()))
        return {user: found[row] for row, user in targets.items()}

    return SimpleNamespace(tenant=tenant, check=check, clock=w.clock)


def names(count: int) -> list[str]:
    """Return so many sign-in names."""
    return [f"user{number}@contoso.com" for number in range(1, count + 1)]


def test_every_pass_is_asked_about_once(lists: Any, moments: Any) -> None:
    """More than a batch's worth of them, and nothing is asked again when all are there."""
    found = lists.check(names(95), moments.long_ago)

    assert {one.state for one in found.values()} == {PassState.LIVE}
    assert sorted(lists.tenant.asked) == sorted(names(95))


@pytest.fixture
def moments() -> SimpleNamespace:
    """Return how long ago a pass was issued."""
    from datetime import timedelta

    return SimpleNamespace(just_now=timedelta(seconds=30), long_ago=timedelta(hours=3))


@pytest.mark.parametrize(
    ("ago", "seconds", "state", "times"),
    [
        ("just_now", 3.0, PassState.LIVE, 2),
        ("just_now", 12.0, PassState.LIVE, 3),
        ("just_now", float("inf"), PassState.GONE, 3),
        ("long_ago", 3.0, PassState.GONE, 1),
        ("long_ago", float("inf"), PassState.GONE, 1),
    ],
)
def test_a_pass_that_lists_may_not_show_yet_is_looked_for_again(
    lists: Any, moments: Any, ago: str, seconds: float, state: PassState, times: int
) -> None:
    """Lists lag behind creates; of a pass that is hours old that is no excuse."""
    lists.tenant.shown_after["user2@contoso.com"] = lists.clock.monotonic() + seconds

    found = lists.check(names(3), getattr(moments, ago))

    assert found["user2@contoso.com"].state is state
    assert found["user1@contoso.com"].state is PassState.LIVE
    assert lists.tenant.asked.count("user2@contoso.com") == times
    assert lists.tenant.asked.count("user1@contoso.com") == 1


@pytest.mark.parametrize(("status", "state"), [(404, PassState.GONE), (403, PassState.UNREADABLE)])
def test_a_user_whose_passes_are_not_shown_stops_nobody_else(
    lists: Any, moments: Any, status: int, state: PassState
) -> None:
    """One who was deleted has no pass any more; of one who is protected nothing can be said."""
    lists.tenant.statuses["user2@contoso.com"] = [status]

    found = lists.check(names(30), moments.long_ago)

    assert found["user2@contoso.com"].state is state
    assert found["user2@contoso.com"].detail
    assert sum(one.state is PassState.LIVE for one in found.values()) == 29


def test_an_app_that_may_list_nobody_is_told_so(lists: Any, moments: Any) -> None:
    """It is the permission, not the passes."""
    lists.tenant.statuses = {user: [403] * 9 for user in names(30)}

    with pytest.raises(NotPermitted):
        lists.check(names(30), moments.long_ago)


@pytest.mark.parametrize("statuses", [[429], [503, 504], [500, 429, 502]])
def test_failures_that_pass_are_asked_again(lists: Any, moments: Any, statuses: list[int]) -> None:
    """Reading changes nothing."""
    lists.tenant.statuses["user2@contoso.com"] = list(statuses)

    found = lists.check(names(3), moments.long_ago)

    assert {one.state for one in found.values()} == {PassState.LIVE}


def test_a_run_without_passes_asks_nothing(lists: Any, moments: Any) -> None:
    """There is nobody to ask about."""
    assert lists.check([], moments.long_ago) == {}
    assert lists.tenant.asked == []


def test_a_user_at_whom_the_service_fails_for_ever_holds_up_nobody(lists: Any, moments: Any) -> None:
    """Nothing can be said of their pass, and the others are all there."""
    lists.tenant.statuses["user2@contoso.com"] = [500] * 99

    found = lists.check(names(30), moments.long_ago)

    assert found["user2@contoso.com"].state is PassState.UNREADABLE
    assert sum(one.state is PassState.LIVE for one in found.values()) == 29
