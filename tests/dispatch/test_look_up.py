"""Look-ups against a service that answers by script."""

from __future__ import annotations

import itertools
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

from bulktap.dispatch.look_up import NO_USERS_NOTE, look_up, no_policy_note
from bulktap.errors import NotPermitted, ServiceUnreachable, SignInFailed, ThrottledTooLong
from bulktap.graph.batch import BatchAnswer, StepResponse
from bulktap.graph.replies import Answered, BatchReply, Doubtful, EnvelopeRefused, NotSent, Throttled, Unavailable
from bulktap.passes import UserRef
from bulktap.row_errors import RowErrorCode

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
        self.of_batch: Callable[[list[str]], BatchReply | None] = lambda _urls: None
        self.error: dict[str, object] = {"code": "x"}
        self.created: dict[str, str] = {}
        self.policy: dict[str, object] = dict(POLICY)
        self.asked_at: dict[str, list[float]] = {}
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
        number = len(self.sent)
        for step in steps:
            self.asked_at.setdefault(step.url, []).append(self._clock.seconds)
        await self._clock.sleep(self.takes)
        reply = self.whole(number) or self.of_batch([unquote(step.url) for step in steps])
        if reply is not None:
            return reply
        answers = {step.step_id: self._answer(step) for step in steps}
        return Answered(BatchAnswer(answers), 0.2, service_date=self._clock.service_now())

    def _answer(self, step: BatchStep) -> StepResponse:
        user = unquote(f"{step.url}/".split("/")[2].partition("?")[0])
        kind, body = "user", self._user(user)
        if "authenticationMethodsPolicy" in step.url:
            kind, body = "policy", self.policy
        elif step.url.startswith("/organization"):
            kind, body = "organization", {"value": [{"displayName": "Contoso"}]}
        elif step.url.endswith("temporaryAccessPassMethods"):
            kind, body = "passes", {"value": self.passes.get(user, [])}
        status = self.status(kind, user)
        headers = {"retry-after": "4"} if status == 429 else {}
        return StepResponse(step.step_id, status, headers, body if status == 200 else {"error": self.error})

    def _user(self, user: str) -> dict[str, object]:
        name = user.partition("@")[0]
        number = int("".join(filter(str.isdigit, name))[-12:] or 0)
        return {
            "id": f"ABCDEF00-0000-4000-8000-{number:012d}",
            "userPrincipalName": f"user{number}@contoso.com",
            "displayName": f"User {number}",
            "accountEnabled": True,
            "userType": "Member",
            "createdDateTime": self.created.get(user),
        }


@pytest.fixture
def asked(world: Any) -> SimpleNamespace:
    """Return a directory and a way to look users up in it."""
    w = world(1)
    directory = Directory(w.clock)
    w.tenant = directory

    def run(*users: str) -> Any:
        rows = {user.casefold(): number for number, user in enumerate(users, 2)}
        return w.call(look_up([UserRef(user) for user in users], w.read_tools(), rows))

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
    assert found.notes == (no_policy_note("the app lacks Policy.Read.AuthenticationMethod"), NO_USERS_NOTE)
    assert found.policy is None
    assert found.users["user1@contoso.com"].object_id is None
    assert found.users["user1@contoso.com"].listed_at is not None


@pytest.mark.parametrize("count", [1, 25, 80])
def test_a_mixed_roster_must_be_resolved(asked: Any, count: int) -> None:
    """With names of both kinds, and nobody whom the app may look up, two rows could be one person."""
    asked.directory.status = lambda kind, _user: 403 if kind == "user" else 200
    with pytest.raises(NotPermitted, match="one person"):
        asked.run(*names(count), "abcdef00-0000-4000-8000-000000000999")


@pytest.mark.parametrize("odd", [1, 2, 24])
def test_in_a_mixed_roster_a_single_user_who_may_not_be_looked_up_is_refused(asked: Any, odd: int) -> None:
    """That user could be another row's person too; the others are looked up."""
    asked.directory.status = lambda kind, user: 403 if kind == "user" and user.startswith(f"user{odd}@") else 200
    found = asked.run(*names(25), "abcdef00-0000-4000-8000-000000000999").users
    errors = {user: finding.error for user, finding in found.items() if finding.error is not None}
    assert list(errors) == [f"user{odd}@contoso.com"]
    assert "same person" in errors[f"user{odd}@contoso.com"].message
    assert sum(finding.listed_at is not None for finding in found.values()) == 25


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


@pytest.mark.parametrize("count", [1, 2, 40])
@pytest.mark.parametrize(
    ("status", "error"), [(400, ServiceUnreachable), (404, ServiceUnreachable), (403, NotPermitted)]
)
def test_batches_that_are_all_rejected_stop_the_look_ups(
    asked: Any, status: int, error: type[Exception], count: int
) -> None:
    """Where nothing is ever answered it is not about the users."""
    asked.directory.whole = lambda _number: EnvelopeRefused(status, "x", "y")
    with pytest.raises(error):
        asked.run(*names(count))
    assert asked.world.complaints == []


# One odd user


ODD = "user37@contoso.com"


def of_odd(url: str) -> bool:
    """Whether a step is about the odd user."""
    return "user37@" in url or "000000000037" in url


@pytest.mark.parametrize("kind", ["user", "passes"])
@pytest.mark.parametrize("status", [500, 502, 504, 401, 409, 423])
def test_a_user_at_whom_the_service_always_fails_has_an_outcome(asked: Any, kind: str, status: int) -> None:
    """Ten times, with pauses of their own that grow; everybody else is looked up meanwhile."""
    asked.directory.status = lambda k, user: status if k == kind and of_odd(user) else 200
    began = asked.world.clock.seconds
    found = asked.run(*names(60)).users
    assert found[ODD].error.code is RowErrorCode.SERVICE_FAILED
    assert f"HTTP {status} x, ten times" in found[ODD].error.message
    assert sum(finding.listed_at is not None for finding in found.values()) == 59
    assert asked.world.clock.seconds - began < 700
    (moments,) = [
        m for url, m in asked.directory.asked_at.items() if of_odd(url) and (kind == "passes") == ("PassMethods" in url)
    ]
    pauses = [round(later - sooner) for sooner, later in itertools.pairwise(moments)]
    assert pauses[:5] == [1, 2, 4, 8, 16]


@pytest.mark.parametrize(("count", "odd"), [(1, 1), (2, 1), (2, 2), (4, 3), (60, 1), (60, 30), (400, 3), (400, 30)])
def test_several_odd_users_have_outcomes_though_only_they_are_left(asked: Any, count: int, odd: int) -> None:
    """That others were answered, and still are, shows that it is no outage."""
    failing = {f"abcdef00-0000-4000-8000-{number:012d}" for number in range(1, odd + 1)}
    asked.directory.status = lambda kind, user: 500 if kind == "passes" and user in failing else 200
    found = asked.run(*names(count)).users
    assert sum(finding.error is not None for finding in found.values()) == odd
    assert asked.world.clock.seconds - 1000 < 1500


@pytest.mark.parametrize("count", [3, 40, 300])
@pytest.mark.parametrize("minutes", [2, 10, 20])
def test_an_outage_for_everybody_uses_up_nobodys_tries(asked: Any, count: int, minutes: int) -> None:
    """When it is over, all of them are looked up."""
    asked.directory.status = lambda kind, _user: (
        500 if kind == "passes" and asked.world.clock.seconds < 1000 + 60 * minutes else 200
    )
    found = asked.run(*names(count)).users
    assert all(finding.error is None and finding.listed_at for finding in found.values())


@pytest.mark.parametrize("minutes", [2, 20])
def test_an_outage_in_the_middle_uses_up_nobodys_tries(asked: Any, minutes: int) -> None:
    """Also when many were answered before it."""
    asked.directory.takes = 5.0
    asked.directory.status = lambda kind, _user: (
        503 if kind == "passes" and 1060 <= asked.world.clock.seconds < 1060 + 60 * minutes else 200
    )
    found = asked.run(*names(900)).users
    assert all(finding.error is None and finding.listed_at for finding in found.values())


LOST = [Doubtful("HTTP 500"), Doubtful("connection lost"), Unavailable(None), Answered(BatchAnswer({}), 0.1)]


@pytest.mark.parametrize("reply", [*LOST, Doubtful("HTTP 403 without a Graph error", foreign=True)])
def test_a_user_at_whom_every_batch_breaks_is_found_out(asked: Any, reply: BatchReply) -> None:
    """Batches with that user in it come to nothing: the user is asked about alone, and has an outcome."""
    asked.directory.of_batch = lambda urls: reply if any(map(of_odd, urls)) else None
    found = asked.run(*names(60)).users
    assert found[ODD].error.code is RowErrorCode.SERVICE_FAILED
    assert sum(finding.listed_at is not None for finding in found.values()) == 59


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413])
@pytest.mark.parametrize("kind", ["$select", "PassMethods"])
def test_a_user_for_whom_a_whole_batch_is_rejected_is_found_out(asked: Any, status: int, kind: str) -> None:
    """The batch is asked again one at a time; who is rejected alone has that as an outcome."""
    refused = EnvelopeRefused(status, "odd", "Says no.")
    asked.directory.of_batch = lambda urls: refused if any(of_odd(url) and kind in url for url in urls) else None
    found = asked.run(*names(60)).users
    others = [finding for user, finding in found.items() if user != ODD]
    assert all(finding.listed_at and finding.error is None for finding in others)
    if status == 403 and kind == "$select":
        assert found[ODD].error is None  # what the directory would have said is extra
    else:
        assert found[ODD].error is not None


def test_a_tenant_whose_policy_batch_is_rejected_is_planned_without(asked: Any) -> None:
    """Policy and name are extras."""
    refused = EnvelopeRefused(400, "odd", "Says no.")
    asked.directory.of_batch = lambda urls: refused if "authenticationMethodsPolicy" in urls[0] else None
    found = asked.run(*names(2))
    assert found.notes == (no_policy_note("Microsoft Graph answered 400 odd"),)
    assert found.tenant_name == "Contoso"


@pytest.mark.parametrize(
    ("policy", "status", "reason"),
    [
        ({"state": "somethingNew"}, 200, 'its state "somethingNew" is new and not understood'),
        ({"state": 1}, 200, "it has no state"),
        ({}, 403, "the app lacks Policy.Read.AuthenticationMethod"),
        ({}, 404, "Microsoft Graph answered 404 x"),
        ({}, 500, "HTTP 500 x, 6 times"),
    ],
)
def test_a_policy_that_cannot_be_gone_by_is_no_missing_permission(
    asked: Any, policy: dict[str, object], status: int, reason: str
) -> None:
    """The note says what it is, and the run goes on."""
    asked.directory.policy = policy
    asked.directory.status = lambda kind, _user: status if kind == "policy" else 200
    found = asked.run(*names(2))
    assert found.policy is None
    assert found.notes == (no_policy_note(reason),)


# Permissions


@pytest.mark.parametrize("admins", [1, 20, 30, 59])
def test_administrators_at_the_head_of_the_roster_stop_nobody(asked: Any, admins: int) -> None:
    """Their passes may not be listed: each is that row's own error."""
    forbidden = {f"abcdef00-0000-4000-8000-{number:012d}" for number in range(1, admins + 1)}
    asked.directory.error = {"code": "accessDenied", "message": "Request Authorization failed"}
    asked.directory.status = lambda kind, user: 403 if kind == "passes" and user in forbidden else 200
    found = asked.run(*names(60)).users
    refused = [finding.error for finding in found.values() if finding.error is not None]
    assert len(refused) == admins
    assert all("administrator" in error.message and "Grant" not in error.hint for error in refused)


def test_users_here_and_there_who_may_not_be_looked_up_are_listed_all_the_same(asked: Any) -> None:
    """What the directory says is extra."""
    asked.directory.status = lambda kind, user: 403 if kind == "user" and user.startswith(("user1@", "user2")) else 200
    found = asked.run(*names(60))
    assert found.notes == ()
    assert all(finding.listed_at and finding.error is None for finding in found.users.values())


@pytest.mark.parametrize("count", [1, 20, 21, 60, 500])
def test_a_missing_permission_is_known_from_sixty_users_at_most(asked: Any, count: int) -> None:
    """Twenty from everywhere in the roster, then forty others."""
    asked.directory.status = lambda kind, _user: 403 if kind == "passes" else 200
    with pytest.raises(NotPermitted, match="may not list"):
        asked.run(*names(count))
    listed = [url for url in asked.directory.asked_at if "PassMethods" in url]
    assert len(listed) == min(count, 60)
    if count == 500:
        assert any("0000000004" in url for url in listed[:20])


def test_a_missing_licence_is_named_as_such(asked: Any) -> None:
    """No permission helps there."""
    asked.directory.error = {"code": "RequestFromNonPremiumTenantOrB2CTenant", "message": "no"}
    asked.directory.status = lambda kind, _user: 403 if kind == "passes" else 200
    with pytest.raises(NotPermitted, match="licence"):
        asked.run(*names(80))


def test_a_403_that_graph_did_not_word_is_no_permission(asked: Any) -> None:
    """It is asked again: something on the way may have answered."""
    asked.directory.error = {}
    calls: list[str] = []

    def status(kind: str, user: str) -> int:
        calls.append(user)
        return 403 if kind == "passes" and calls.count(user) <= 2 else 200

    asked.directory.status = status
    assert all(finding.listed_at for finding in asked.run(*names(30)).users.values())


def test_a_sample_with_a_user_who_fails_does_not_wait_for_that_user(asked: Any) -> None:
    """The others are listed while that one has pauses."""
    asked.directory.status = lambda kind, user: 500 if kind == "passes" and user.endswith("000001") else 200
    asked.run(*names(200))
    moments = [moment for url, m in asked.directory.asked_at.items() if "PassMethods" in url for moment in m[:1]]
    assert max(moments) - min(moments) < 30


# Newcomers


@pytest.mark.parametrize(
    ("created", "tries"),
    [
        (None, 10),
        ("2035-09-01T07:58:00Z", 10),
        ("2035-08-31T09:00:00Z", 10),
        ("2035-08-30T08:00:00Z", 2),
        ("2011-01-01T00:00:00Z", 2),
    ],
)
def test_a_user_whom_the_authentication_service_does_not_know_yet(asked: Any, created: str | None, tries: int) -> None:
    """The directory has just shown them: asked again, ten times at most, an old account twice; others do not wait."""
    if created is not None:
        asked.directory.created[ODD] = created
    asked.directory.status = lambda kind, user: 404 if kind == "passes" and of_odd(user) else 200
    found = asked.run(*names(60)).users
    assert found[ODD].error.code is RowErrorCode.USER_NOT_READY
    assert "found in the directory" in found[ODD].error.message
    assert len(next(m for url, m in asked.directory.asked_at.items() if of_odd(url) and "PassMethods" in url)) == tries
    assert sum(finding.listed_at is not None for finding in found.values()) == 59
    assert len([one for one in asked.world.listener.warnings if "does not know some users yet" in one]) == (tries > 2)


@pytest.mark.parametrize("known_at", [1, 2, 4, 9])
def test_a_newcomer_who_becomes_known_is_listed(asked: Any, known_at: int) -> None:
    """After some seconds to minutes."""
    calls: list[str] = []

    def status(kind: str, user: str) -> int:
        calls.append(f"{kind} {user}")
        return 404 if kind == "passes" and of_odd(user) and calls.count(calls[-1]) <= known_at else 200

    asked.directory.status = status
    found = asked.run(*names(60)).users
    assert all(finding.listed_at and finding.error is None for finding in found.values())


def test_a_user_whom_nobody_has_shown_is_not_found(asked: Any) -> None:
    """Without the directory a 404 means what it says, at once."""
    asked.directory.status = lambda kind, user: 403 if kind == "user" else 404 if of_odd(user) else 200
    found = asked.run(*names(60)).users
    assert found[ODD].error.code is RowErrorCode.USER_NOT_FOUND
    assert asked.world.clock.seconds - 1000 < 60


# Causes


PERMANENT = [
    NotSent(
        "no connection to graph.microsoft.com:443: its certificate is not trusted",
        permanent=True,
        hint="BULKTAP_CA_BUNDLE",
    ),
    NotSent("no connection to graph.microsoft.com:443: refuses connections", permanent=True, hint="firewall"),
    NotSent("Signing in at login.contoso.com did not work: x.", permanent=True, hint="HTTPS_PROXY"),
    Doubtful("graph.microsoft.com:443 answered HTTP 200, a web page", foreign=True),
    Doubtful("graph.microsoft.com:443 answered HTTP 302, a redirect", foreign=True),
    Answered(BatchAnswer({}), 0.1),
]


@pytest.mark.parametrize("reply", PERMANENT)
@pytest.mark.parametrize("after", [0, 3, 8])
def test_what_waiting_cannot_heal_is_said_within_a_minute(asked: Any, reply: BatchReply, after: int) -> None:
    """From the start, and in the middle of the look-ups; with the cause and what helps."""
    asked.directory.whole = lambda number: reply if number > after else None
    began = asked.world.clock.seconds
    with pytest.raises(ServiceUnreachable) as caught:
        asked.run(*names(200))
    assert asked.world.clock.seconds - began < 60
    assert getattr(reply, "cause", "none of the answers in the reply could be read").rstrip(".") in caught.value.message
    assert "quota" not in caught.value.message + caught.value.hint
    assert (getattr(reply, "hint", "") or "BULKTAP_GRAPH_URL") in caught.value.hint
    assert asked.world.complaints == []


HEALING = [
    NotSent("nothing within 15 s"),
    Doubtful("no answer within 100 s"),
    Doubtful("HTTP 502"),
    Unavailable(None),
    Unavailable(5.0),
]


@pytest.mark.parametrize("reply", HEALING)
def test_what_may_heal_is_waited_for_and_told_once(asked: Any, reply: BatchReply) -> None:
    """After a quarter of a minute the operator hears the cause; when it is over the look-ups go on."""
    until = 1000.0 + 600
    asked.directory.whole = lambda number: reply if number > 4 and asked.world.clock.seconds < until else None
    found = asked.run(*names(200)).users
    assert all(finding.listed_at for finding in found.values())
    cause = getattr(reply, "cause", "HTTP 503")
    assert len([warning for warning in asked.world.listener.warnings if cause in warning]) == 1


@pytest.mark.parametrize("reply", HEALING[1:])
def test_what_does_not_heal_is_named_in_the_end(asked: Any, reply: BatchReply) -> None:
    """Not the tenant's quota, but what was seen."""
    asked.directory.whole = lambda number: reply if number > 4 else None
    with pytest.raises(ServiceUnreachable) as caught:
        asked.run(*names(200))
    assert getattr(reply, "cause", "HTTP 503") in caught.value.message
    assert "quota" not in caught.value.hint


def test_a_service_that_fails_at_everybody_is_named_in_the_end(asked: Any) -> None:
    """Every single answer is a 500: exit 7 with that, and no row has an outcome."""
    asked.directory.status = lambda kind, _user: 500 if kind == "passes" else 200
    with pytest.raises(ServiceUnreachable, match="HTTP 500 x"):
        asked.run(*names(100))
    assert any("HTTP 500 x" in warning for warning in asked.world.listener.warnings)


@pytest.mark.parametrize("count", [1, 3, 60])
def test_tokens_that_are_rejected_for_every_step_are_exit_5_within_a_minute(asked: Any, count: int) -> None:
    """Not a row's trouble, and no outage."""
    asked.directory.status = lambda _kind, _user: 401
    with pytest.raises(SignInFailed) as caught:
        asked.run(*names(count))
    assert caught.value.exit_code == 5
    assert asked.world.clock.seconds - 1000 < 60


def test_a_foreign_answer_now_and_then_stops_nothing(asked: Any) -> None:
    """A proxy that shows its page once is asked again."""
    asked.directory.whole = lambda number: Doubtful("HTTP 403", foreign=True) if number % 3 == 0 else None
    assert all(finding.listed_at for finding in asked.run(*names(200)).users.values())


def test_a_failed_step_is_in_the_log_with_its_row(asked: Any) -> None:
    """The row as the sheet numbers it, which stands for a user whose name is not logged."""
    asked.directory.status = lambda kind, user: 404 if kind == "user" and user == ODD else 200
    asked.run(*names(60))
    failed = [step for event in asked.world.listener.events if event["event"] == "batch" for step in event["failed"]]
    assert failed == [{"row": 38, "status": 404, "code": "x"}]
