"""Look-ups against a service that answers by script."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from bulktap.dispatch.look_up import NO_POLICY_NOTE, NO_USERS_NOTE, look_up
from bulktap.errors import NotPermitted, ServiceUnreachable, ThrottledTooLong
from bulktap.graph.batch import BatchAnswer, StepResponse
from bulktap.graph.replies import Answered, BatchReply, EnvelopeRefused, NotSent, Throttled
from bulktap.passes import UserRef

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulktap.graph.batch import BatchStep
    from bulktap.secret import Secret

POLICY = {"state": "enabled", "isUsableOnce": True, "maximumLifetimeInMinutes": 600}


class Directory:
    """Answers look-ups; a test sets what it says."""

    def __init__(self, clock: Any) -> None:
        self._clock = clock
        self.status: Callable[[str, str], int] = lambda _kind, _user: 200
        self.whole: Callable[[int], BatchReply | None] = lambda _number: None
        self.takes = 0.2
        self.passes: dict[str, list[dict[str, object]]] = {}
        self.sent: list[tuple[str, ...]] = []

    async def post_batch(
        self, steps: Sequence[BatchStep], token: Secret, request_id: str, *, creates: bool
    ) -> BatchReply:
        """See `sending.Poster`."""
        assert not creates
        assert token
        assert request_id
        self.sent.append(tuple(step.url for step in steps))
        await self._clock.sleep(self.takes)
        if (reply := self.whole(len(self.sent))) is not None:
            return reply
        answers = {step.step_id: self._answer(step) for step in steps}
        return Answered(BatchAnswer(answers), 0.2, service_date=self._clock.service_now())

    def _answer(self, step: BatchStep) -> StepResponse:
        user = unquote(f"{step.url}/".split("/")[2].partition("?")[0])
        kind, body = "user", self._user(user)
        if "authenticationMethodsPolicy" in step.url:
            kind, body = "policy", dict(POLICY)
        elif step.url.startswith("/organization"):
            kind, body = "organization", {"value": [{"displayName": "Contoso"}]}
        elif step.url.endswith("temporaryAccessPassMethods"):
            kind, body = "passes", {"value": self.passes.get(user, [])}
        status = self.status(kind, user)
        headers = {"retry-after": "4"} if status == 429 else {}
        return StepResponse(step.step_id, status, headers, body if status == 200 else {"error": {"code": "x"}})

    @staticmethod
    def _user(user: str) -> dict[str, object]:
        name = user.partition("@")[0]
        number = int("".join(filter(str.isdigit, name))[-12:] or 0)
        return {
            "id": f"ABCDEF00-0000-4000-8000-{number:012d}",
            "userPrincipalName": f"user{number}@contoso.com",
            "displayName": f"User {number}",
            "accountEnabled": True,
            "userType": "Member",
        }


@pytest.fixture
def asked(world: Any) -> SimpleNamespace:
    """Return a directory and a way to look users up in it."""
    w = world(1)
    directory = Directory(w.clock)
    w.tenant = directory

    def run(*users: str) -> Any:
        return w.call(look_up([UserRef(user) for user in users], w.read_tools()))

    return SimpleNamespace(directory=directory, run=run, world=w)


def names(count: int) -> list[str]:
    """Return so many sign-in names."""
    return [f"user{number}@contoso.com" for number in range(1, count + 1)]


def test_everything_is_found_out(asked: Any) -> None:
    """Tenant, policy, users and passes of more than one batch's worth of users, none lost on the way."""
    asked.directory.passes["abcdef00-0000-4000-8000-000000000007"] = [
        {"id": "p", "methodUsabilityReason": "NotYetValid"}
    ]
    found = asked.run(*names(95))
    assert found.tenant_name == "Contoso"
    assert found.policy.forces_one_time
    assert len(found.users) == 95
    assert found.users["user7@contoso.com"].live_pass.pass_id == "p"
    assert found.users["user8@contoso.com"].live_pass is None
    assert all(finding.listed_at for finding in found.users.values())
    assert found.notes == ()
    assert asked.world.complaints == []


def test_a_finding_ages_from_its_own_reply(asked: Any) -> None:
    """When listing takes long, the first finding is older than the last, and says so."""
    asked.directory.takes = 90.0
    found = asked.run(*names(200))
    moments = [finding.listed_at for finding in found.users.values()]
    assert max(moments) - min(moments) >= timedelta(seconds=90)


def test_throttled_and_lost_answers_are_asked_again(asked: Any) -> None:
    """Every user has a verdict in the end, probe and rest alike."""
    calls: dict[tuple[str, str], int] = {}

    def status(kind: str, user: str) -> int:
        calls[kind, user] = calls.get((kind, user), 0) + 1
        name = user.partition("@")[0]
        return [429, 503, 504, 200][min(calls[kind, user], 4) - 1] if name.endswith(("3", "7")) else 200

    asked.directory.status = status
    found = asked.run(*names(45))
    assert len(found.users) == 45
    assert all(finding.listed_at for finding in found.users.values())
    assert asked.world.complaints == []


def test_failures_here_and_there_do_not_hold_the_others_up(asked: Any) -> None:
    """An error of the service is no throttle: whoever it failed at is asked about again after a pause."""
    seen: list[tuple[str, str]] = []

    def status(kind: str, user: str) -> int:
        seen.append((kind, user))
        return 500 if seen.count((kind, user)) <= 2 else 200

    asked.directory.status = status
    began = asked.world.clock.seconds
    assert len(asked.run(*names(40)).users) == 40
    assert asked.world.clock.seconds - began < 180


def test_without_permissions_for_policy_and_users_the_notes_say_so(asked: Any) -> None:
    """Both are extras: the run goes on without them."""
    asked.directory.status = lambda kind, _user: 200 if kind == "passes" else 403
    found = asked.run(*names(30))
    assert found.notes == (NO_POLICY_NOTE, NO_USERS_NOTE)
    assert found.policy is None
    assert found.users["user1@contoso.com"].object_id is None
    assert found.users["user1@contoso.com"].listed_at is not None


@pytest.mark.parametrize("forbidden", [{"user1", "user2", "abcdef00"}, {"user2"}, {"user24"}])
def test_a_mixed_roster_must_be_resolved_completely(asked: Any, forbidden: set[str]) -> None:
    """With names of both kinds a single user who may not be looked up could be somebody else's second row."""
    asked.directory.status = lambda kind, user: 403 if kind == "user" and user[:8].split("@")[0] in forbidden else 200
    with pytest.raises(NotPermitted, match="one person"):
        asked.run(*names(25), "abcdef00-0000-4000-8000-000000000002")


def test_passes_that_may_not_be_listed_stop_the_plan(asked: Any) -> None:
    """Exit 5: nobody could say whose pass a create would kill."""
    asked.directory.status = lambda kind, _user: 403 if kind == "passes" else 200
    with pytest.raises(NotPermitted, match="may not list"):
        asked.run(*names(30))


def test_unknown_users_and_guests_are_not_listed(asked: Any) -> None:
    """Who cannot get a pass is not asked about further."""
    asked.directory.status = lambda kind, user: 404 if kind == "user" and user.startswith("user2@") else 200
    found = asked.run(*names(2))
    assert found.users["user2@contoso.com"].error is not None
    assert sum(url.endswith("Methods") for urls in asked.directory.sent for url in urls) == 1


def test_a_dead_line_is_reported_within_minutes(asked: Any) -> None:
    """Nothing is at stake before the first create."""
    asked.directory.whole = lambda _number: NotSent("refused")
    began = asked.world.clock.seconds
    with pytest.raises(ServiceUnreachable):
        asked.run(*names(2))
    assert asked.world.clock.seconds - began < 200


def test_a_refused_connection_before_a_long_hold_is_not_a_dead_line(asked: Any) -> None:
    """A connection that was refused once, then a hold of two minutes: the service was reached."""
    asked.directory.whole = {1: NotSent("refused"), 2: Throttled(120.0)}.get
    assert asked.run(*names(2)).tenant_name == "Contoso"


def test_nothing_but_throttling_ends_the_look_ups(asked: Any) -> None:
    """After half an hour beyond what was asked: exit 7."""
    asked.directory.whole = lambda _number: Throttled(None)
    with pytest.raises(ThrottledTooLong):
        asked.run(*names(2))
    assert asked.world.clock.seconds < 1000 + 2000


@pytest.mark.parametrize(("status", "error"), [(400, ServiceUnreachable), (403, NotPermitted)])
def test_an_envelope_that_is_turned_down_stops_the_look_ups(asked: Any, status: int, error: type[Exception]) -> None:
    """A look-up that is refused as a whole is not asked for ever."""
    asked.directory.whole = lambda _number: EnvelopeRefused(status, "x", "y")
    with pytest.raises(error):
        asked.run(*names(2))
    assert asked.world.complaints == []
