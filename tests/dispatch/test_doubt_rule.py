from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bulktap.dispatch.doubt_rule import (
    Free,
    OursAndHeld,
    OursAndLost,
    SomebodyElses,
    Superseded,
    Unseen,
    compare,
    whose_pass,
)
from bulktap.dispatch.doubt_times import DoubtTimes
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass
from bulktap.model.run_events import Sent

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
TIMES = DoubtTimes(100.0, 30.0)


def listed(created: float = 0.0, **members: Any) -> AccessPass:
    """Return a listed pass, created so many seconds after the attempt."""
    given = {"starts_at": NOW, "lifetime_minutes": 480, "usable_once": False, "usability": "EnabledByPolicy"} | members
    return AccessPass("found", NOW + timedelta(seconds=created), **given)


def owner(*passes: AccessPass, sent: Sent | None = None, **members: Any) -> Any:
    """Judge these passes after one attempt that asked for eight hours."""
    attempt = sent or Sent(1, NOW, PassTerms(None, 480, None), "r")
    given = {"held": None, "replaceable": None} | members
    return whose_pass(passes, attempts=[attempt], times=TIMES, now=NOW + timedelta(minutes=5), **given)


def test_no_live_pass_is_free() -> None:
    """Nothing listed, an expired, a used one, or the one that the plan means to replace."""
    assert owner() == Free()
    assert owner(listed(usability="Expired")) == Free()
    assert owner(listed(usability="OneTimeUsed")) == Free()
    assert owner(listed(starts_at=NOW - timedelta(minutes=480))) == Free()
    assert owner(listed(), replaceable="found") == Free()


def test_a_pass_that_is_not_yet_valid_is_live() -> None:
    """A start in the future is somebody's pass all the same."""
    later = listed(9000, starts_at=NOW + timedelta(days=3), usability="NotYetValid")
    assert owner(later) == SomebodyElses(later)


def test_the_pass_that_we_hold_is_ours_whatever_it_is_worth() -> None:
    """Used or expired meanwhile, it has not been replaced."""
    assert owner(listed(usability="Expired"), held=AccessPass("found", NOW)) == OursAndHeld()


@pytest.mark.parametrize(
    ("created", "ours"), [(-121, False), (-120, True), (0, True), (130, True), (250, True), (250.5, False)]
)
def test_the_window_of_an_attempt(created: float, ours: bool) -> None:
    """Sent to reply timeout plus settle wait, give or take two minutes."""
    found = listed(created)
    assert owner(found) == (OursAndLost(found) if ours else SomebodyElses(found))


@pytest.mark.parametrize(
    ("asked", "given", "ours"),
    [
        ({}, {"lifetime_minutes": 481}, False),
        ({"lifetime_minutes": None}, {"lifetime_minutes": 60}, True),
        ({"usable_once": True}, {"usable_once": False}, False),
        ({"usable_once": False}, {"usable_once": False}, True),
        ({"usable_once": None}, {"usable_once": True}, True),
        ({"starts_at": NOW + timedelta(hours=1)}, {}, False),
        ({"starts_at": NOW}, {"starts_at": None}, False),
        ({"starts_at": NOW}, {"starts_at": NOW - timedelta(milliseconds=4)}, True),
        ({"starts_at": NOW}, {"starts_at": NOW + timedelta(seconds=1)}, True),
        ({"starts_at": NOW + timedelta(hours=1)}, {"starts_at": NOW + timedelta(minutes=59)}, True),
        ({"starts_at": NOW + timedelta(hours=1)}, {"starts_at": NOW + timedelta(minutes=64)}, False),
        ({"starts_at": None}, {"starts_at": NOW + timedelta(minutes=1)}, True),
        ({"starts_at": None}, {"starts_at": NOW + timedelta(hours=1)}, False),
    ],
)
def test_what_was_asked_must_be_what_is_there(asked: dict[str, Any], given: dict[str, Any], ours: bool) -> None:
    """Start, lifetime and one-time count as far as they were asked; the service may shift a start by a little."""
    sent = Sent(1, NOW, replace(PassTerms(None, 480, None), **asked), "r")
    found = listed(1, **given)
    assert owner(found, sent=sent) == (OursAndLost(found) if ours else SomebodyElses(found))


@pytest.mark.parametrize(("default", "given", "ours"), [(60, 60, True), (60, 240, False), (None, 240, True)])
def test_who_asks_no_lifetime_gets_the_default_of_the_tenant(default: int | None, given: int, ours: bool) -> None:
    """Where the policy may be read, a pass of another lifetime is not the one that we asked for."""
    found = listed(1, lifetime_minutes=given)
    judged = owner(found, sent=Sent(1, NOW, PassTerms(), "r"), default_lifetime=default)
    assert judged == (OursAndLost(found) if ours else SomebodyElses(found))


def test_a_pass_without_a_creation_time_is_never_ours() -> None:
    """What cannot be proved is left alone."""
    found = AccessPass("found", None, NOW, 480, False)
    assert owner(found) == SomebodyElses(found)


def test_any_attempt_on_record_counts() -> None:
    """An attempt of yesterday may not have made it, the last one may."""
    attempts = [
        Sent(1, NOW - timedelta(days=1), PassTerms(None, 480, None), "a"),
        Sent(1, NOW, PassTerms(None, 480, None), "b"),
    ]
    found = listed(3)
    judged = whose_pass([found], held=None, replaceable=None, attempts=attempts, times=TIMES, now=NOW)
    assert judged == OursAndLost(found)


HELD = AccessPass("ours", NOW + timedelta(seconds=60), NOW, 480, False)
ATTEMPT = Sent(1, NOW, PassTerms(None, 480, None), "r")


@pytest.mark.parametrize(
    ("created", "members", "expected"),
    [
        (None, {}, Unseen()),
        (-600, {}, Unseen()),
        (59.9, {}, Unseen()),
        (60, {}, Unseen()),
        (61, {}, "close"),
        (63, {}, "ours"),
        (250, {}, "ours"),
        (251, {}, "theirs"),
        (63, {"lifetime_minutes": 60}, "theirs"),
        (63, {"usability": "OneTimeUsed"}, "ours"),
        (63, {"lifetime_minutes": 60, "usability": "Expired"}, "theirs"),
    ],
)
def test_a_pass_is_compared_by_time(created: float | None, members: dict[str, Any], expected: Any) -> None:
    """Nothing and earlier passes say nothing; a later one, live or not, has taken the place of ours."""
    passes = [] if created is None else [listed(created, **members)]
    found = compare(passes, held=HELD, attempts=[ATTEMPT], throttled=[], times=TIMES)
    if isinstance(expected, str):
        assert isinstance(found, Superseded)
        assert (found.close, found.ours) == (expected == "close", expected != "theirs")
    else:
        assert found == expected


@pytest.mark.parametrize("members", [{}, {"usability": "Expired"}, {"usability": "OneTimeUsed"}])
def test_the_pass_that_we_hold_is_confirmed_whatever_it_is_worth(members: dict[str, Any]) -> None:
    """By its id, and by its moment of creation where the service named no id."""
    found = replace(listed(60), pass_id="ours", **members)
    assert compare([found], held=HELD, attempts=[], throttled=[], times=TIMES) == OursAndHeld()
    nameless = replace(HELD, pass_id="")
    assert compare([found], held=nameless, attempts=[], throttled=[], times=TIMES) == OursAndHeld()
    assert compare([listed(90)], held=nameless, attempts=[], throttled=[ATTEMPT], times=TIMES) == Superseded(
        listed(90), ours=False, perhaps_ours=True, close=False
    )
