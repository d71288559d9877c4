from __future__ import annotations

import math

import pytest

from bulktap.graph.pacing import Pacer, PacingLimits


def test_one_step_first_and_then_twice_as_many() -> None:
    """Nothing is known about the limit yet."""
    pacer, sizes = Pacer(PacingLimits(), 0.0), []
    for moment in range(5):
        sizes.append(pacer.allowance(moment))
        pacer.sent(sizes[-1], moment)
        assert pacer.allowance(moment) == 0
        assert pacer.next_at(moment) is None
        pacer.answered(accepted=sizes[-1], throttled=0, retry_after=None, now=moment + 0.5)
    assert sizes == [1, 2, 4, 8, 16]
    assert pacer.allowance(5.0) == 20


def test_no_more_batches_than_allowed_are_in_flight() -> None:
    """Each with twenty steps at most."""
    pacer = Pacer(PacingLimits(concurrency=2), 0.0)
    pacer.sent(1, 0.0)
    pacer.answered(accepted=100, throttled=0, retry_after=None, now=0.1)
    for _ in range(2):
        assert pacer.allowance(0.2) == 20
        pacer.sent(20, 0.2)
    assert pacer.allowance(0.2) == 0
    assert (pacer.in_flight, pacer.steps_in_flight) == (2, 40)


def test_the_longest_wait_holds_everybody() -> None:
    """A later, shorter one does not shorten it; and two steps do not prove a limit, so that the window stays."""
    pacer = Pacer(PacingLimits(), 0.0)
    pacer.sent(1, 0.0)
    pacer.answered(accepted=1, throttled=0, retry_after=None, now=0.1)
    pacer.sent(1, 0.1)
    pacer.sent(1, 0.1)
    pacer.answered(accepted=0, throttled=1, retry_after=30.0, now=1.0)
    pacer.answered(accepted=0, throttled=1, retry_after=2.0, now=1.1)
    assert pacer.hold_until == 31.0
    assert pacer.next_at(5.0) == 31.0
    assert pacer.allowance(30.9) == 0
    assert pacer.allowance(31.0) == 2
    assert (pacer.accepted_steps, pacer.throttled_steps) == (1, 2)


def test_without_a_wait_the_backoff_doubles_with_jitter() -> None:
    """From half to one and a half times the step, up to a minute."""
    waits = []
    pacer, now = Pacer(PacingLimits(), 0.0, lambda: 1.0), 0.0
    for _ in range(8):
        pacer.sent(1, now)
        pacer.answered(accepted=0, throttled=1, retry_after=None, now=now)
        waits.append(pacer.hold_until - now)
        now = pacer.hold_until
    assert waits == pytest.approx([1.5, 3.0, 6.0, 12.0, 24.0, 48.0, 60.0, 60.0])


def test_a_named_wait_that_leads_nowhere_grows() -> None:
    """It is kept twice; asking early again and again would count against the caller."""
    waits = []
    pacer, now = Pacer(PacingLimits(), 0.0), 0.0
    for _ in range(5):
        pacer.sent(1, now)
        pacer.answered(accepted=0, throttled=1, retry_after=1.0, now=now)
        waits.append(pacer.hold_until - now)
        now = pacer.hold_until
    assert waits == pytest.approx([1.0, 1.0, 1.0, 2.0, 4.0])


def test_a_wait_of_nothing_is_still_a_short_hold() -> None:
    """Else a service that answers 0 would be hammered."""
    pacer = Pacer(PacingLimits(), 0.0)
    pacer.sent(1, 0.0)
    pacer.answered(accepted=0, throttled=1, retry_after=0.0, now=1.0)
    assert pacer.allowance(1.0) == 0


def test_what_a_few_steps_meet_costs_their_hold_only() -> None:
    """Of six batches in flight most is accepted: the next ones are as many and as large."""
    pacer = Pacer(PacingLimits(), 0.0)
    pacer.sent(1, 0.0)
    pacer.answered(accepted=120, throttled=0, retry_after=None, now=0.1)
    for _ in range(6):
        pacer.sent(20, 0.2)
    for _ in range(6):
        pacer.answered(accepted=18, throttled=2, retry_after=0.5, now=0.3)
    assert pacer.next_at(0.3) == pytest.approx(0.8)
    assert pacer.allowance(0.79) == 0
    for _ in range(6):
        assert pacer.allowance(0.8) == 20
        pacer.sent(20, 0.8)


def test_an_empty_bucket_is_a_limit_at_once() -> None:
    """Half of one batch is throttled and all of the next: only a single step leaves after the hold."""
    pacer = Pacer(PacingLimits(), 0.0)
    pacer.sent(1, 0.0)
    pacer.answered(accepted=120, throttled=0, retry_after=None, now=0.1)
    for _ in range(2):
        pacer.sent(20, 0.2)
    pacer.answered(accepted=10, throttled=10, retry_after=0.5, now=0.3)
    pacer.answered(accepted=0, throttled=20, retry_after=0.5, now=0.3)
    assert pacer.allowance(0.8) == 1


def test_a_lost_batch_is_no_throttle() -> None:
    """The window stays, and the first may be repeated at once; the second in a row waits."""
    pacer = Pacer(PacingLimits(), 0.0)
    pacer.sent(1, 0.0)
    pacer.answered(accepted=40, throttled=0, retry_after=None, now=0.1)
    pacer.sent(20, 0.1)
    pacer.unanswered(0.2)
    assert pacer.allowance(0.2) == 20
    pacer.sent(20, 0.2)
    pacer.unanswered(0.3)
    assert pacer.allowance(0.3) == 0
    assert pacer.allowance(pacer.hold_until) == 20
    assert pacer.throttled_steps == 0


def test_near_the_limit_the_search_narrows() -> None:
    """The first throttle turns away all that is in flight."""
    pacer = Pacer(PacingLimits(), 0.0)
    for _ in range(8):
        pacer.sent(20, 0.0)
        pacer.answered(accepted=20, throttled=0, retry_after=None, now=0.1)
    for _ in range(3):
        pacer.sent(20, 0.2)
        pacer.answered(accepted=20, throttled=0, retry_after=None, now=0.3, percentage=0.85)
    assert pacer.allowance(0.4) == 20
    pacer.sent(20, 0.4)
    assert pacer.allowance(0.4) == 0


def test_the_rate_is_what_came_through_recently() -> None:
    """For the progress line; nothing yet is zero."""
    pacer = Pacer(PacingLimits(), 0.0)
    assert pacer.rate(0.0) == 0.0
    for second in range(1, 41):
        pacer.sent(5, float(second))
        pacer.answered(accepted=5, throttled=0, retry_after=None, now=float(second))
    assert pacer.rate(40.0) == pytest.approx(5.0, rel=0.1)


@pytest.mark.parametrize(("concurrency", "ceiling"), [(0, None), (6, 0.0), (6, -1.0), (6, math.nan)])
def test_limits_that_allow_nothing_are_refused(concurrency: int, ceiling: float | None) -> None:
    """They would starve a run."""
    with pytest.raises(ValueError, match="positive"):
        PacingLimits(concurrency, ceiling)
