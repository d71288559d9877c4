"""Odd users, outages and causes, against a service that answers by script."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

import pytest
from scripted.directory import ODD, names, of_odd

from bulktap.cli.setting_options import with_options
from bulktap.dispatch.look_ups import no_policy_note
from bulktap.graph.batch import BatchAnswer, StepResponse
from bulktap.graph.replies import Answered, BatchReply, Doubtful, EnvelopeRefused, NotSent, Unavailable
from bulktap.model.errors import ServiceUnreachable, SignInFailed
from bulktap.model.row_errors import RowErrorCode


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
        m
        for url, m in asked.directory.asked_at.items()
        if of_odd(url) and "$filter" not in url and (kind == "passes") == ("PassMethods" in url)
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


@pytest.mark.parametrize("wait", ["0.5", "4", "120", "900"])
def test_a_wait_that_is_asked_for_one_user_is_that_users_own(asked: Any, wait: str) -> None:
    """A 503 with `Retry-After` for one step, beside others that are answered, holds nobody else."""
    asked.directory.status = lambda kind, user: 503 if kind == "passes" and of_odd(user) else 200
    asked.directory.retry_after = {503: wait}
    found = asked.run(*names(300)).users
    assert found[ODD].error.code is RowErrorCode.SERVICE_FAILED
    moments = [m[0] for url, m in asked.directory.asked_at.items() if "PassMethods" in url]
    assert max(moments) - min(moments) < 30


def test_a_user_who_is_throttled_for_ever_has_an_outcome(asked: Any) -> None:
    """Limits are everybody's: one who alone is throttled, for ten minutes and more, is an odd one."""
    asked.directory.status = lambda kind, user: 429 if kind == "passes" and of_odd(user) else 200
    found = asked.run(*names(60)).users
    assert found[ODD].error.code is RowErrorCode.SERVICE_FAILED
    assert "HTTP 429" in found[ODD].error.message
    assert sum(finding.listed_at is not None for finding in found.values()) == 59
    assert 600 < asked.world.clock.seconds - 1000 < 1800


@pytest.mark.parametrize("status", [500, 502, 504, 409, 423])
def test_why_one_user_takes_minutes_is_told_once(asked: Any, status: int) -> None:
    """The cause is known long before the tenth time, and the screen stands still meanwhile."""
    asked.directory.status = lambda kind, user: status if of_odd(user) and kind == "passes" else 200
    asked.run(*names(60))
    told = [warning for warning in asked.world.listener.warnings if f"HTTP {status}" in warning]
    assert len(told) == 1
    assert "some minutes" in told[0]


def test_throttling_of_everybody_uses_up_nobodys_tries(asked: Any) -> None:
    """For twenty minutes everything is throttled."""
    asked.directory.status = lambda kind, _user: 429 if kind == "passes" and asked.world.clock.seconds < 2200 else 200
    found = asked.run(*names(60)).users
    assert all(finding.listed_at and finding.error is None for finding in found.values())


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


@pytest.mark.parametrize("status", [400, 403, 404, 405, 411, 413, 415])
def test_one_odd_rejection_of_a_single_question_is_nobodys_outcome(asked: Any, status: int) -> None:
    """A gateway's whim rejects a batch with one step in it, once or twice: asked again, there is an answer."""
    refused = EnvelopeRefused(status, "odd", "Says no.")
    whims: Counter[str] = Counter()

    def whim(urls: list[str]) -> BatchReply | None:
        whims.update(urls)
        return refused if len(urls) == 1 and whims[urls[0]] <= 2 else None

    asked.directory.of_batch = whim
    found = asked.run("user1@contoso.com")
    assert found.users["user1@contoso.com"].error is None
    assert found.users["user1@contoso.com"].object_id is not None
    assert found.notes == ()


def test_a_rejected_envelope_says_nothing_about_the_user_in_it(asked: Any) -> None:
    """A 404 of the whole batch is no word on whether the tenant has the user."""
    refused = EnvelopeRefused(404, "odd", "Not found.")
    asked.directory.of_batch = lambda urls: refused if any(map(of_odd, urls)) else None
    found = asked.run(*names(60)).users
    assert found[ODD].error.code is RowErrorCode.SERVICE_FAILED
    assert "HTTP 404 odd, three times" in found[ODD].error.message


def test_a_tenant_whose_policy_batch_is_rejected_is_planned_without(asked: Any) -> None:
    """Policy and name are extras."""
    refused = EnvelopeRefused(400, "odd", "Says no.")
    asked.directory.of_batch = lambda urls: refused if "authenticationMethodsPolicy" in urls[0] else None
    found = asked.run(*names(2))
    assert found.notes == (no_policy_note("HTTP 400 odd, 3 times"),)
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


@pytest.mark.parametrize("body", ['{"value": []}', "eyJ2YWx1ZSI6IFtdfQ==", None, [], 5])
@pytest.mark.parametrize("status", [200, 204])
def test_successes_that_cannot_be_read_are_said_within_a_minute(asked: Any, status: int, body: object) -> None:
    """Whatever rewrites every body on the way goes on doing so: it is named, and not waited for."""

    def rewritten(number: int) -> BatchReply | None:
        steps = asked.directory.sent[number - 1]
        answers = {str(step): StepResponse(str(step), status, {}, body) for step in range(1, len(steps) + 1)}
        return Answered(BatchAnswer(answers), 0.1)

    asked.directory.whole = lambda number: rewritten(number) if number > 8 else None
    began = asked.world.clock.seconds
    with pytest.raises(ServiceUnreachable) as caught:
        asked.run(*names(200))
    assert asked.world.clock.seconds - began < 120
    assert f"HTTP {status}, an answer that could not be read" in caught.value.message
    assert "BULKTAP_GRAPH_URL" in with_options(caught.value.hint)


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
    assert (getattr(reply, "hint", "") or "BULKTAP_GRAPH_URL") in with_options(caught.value.hint)
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
