from __future__ import annotations

import pytest

from bulktap.graph.pacing.limit_estimate import LimitEstimate


def test_nothing_is_known_before_two_throttles() -> None:
    """One moment is no span."""
    estimate = LimitEstimate()
    estimate.throttled(10.0, 3_000, 0, batch=20)
    assert estimate.limit is None
    assert estimate.pace == 0.0


def test_what_was_accepted_between_two_throttles_is_the_limit() -> None:
    """However much was accepted before the first."""
    estimate = LimitEstimate()
    estimate.throttled(4.0, 3_000, 0, batch=20)
    estimate.throttled(14.0, 3_200, 0, batch=5)
    assert estimate.limit == pytest.approx(20.0)
    assert estimate.pace == pytest.approx(19.4)


def test_more_throttles_make_it_more_exact() -> None:
    """Short spans are off by a step or two; together they are not."""
    estimate = LimitEstimate()
    for at, accepted in ((0.0, 0), (1.0, 19), (2.0, 41), (3.0, 59), (10.0, 200)):
        estimate.throttled(at, accepted, 0, batch=5)
    assert estimate.limit == pytest.approx(20.0, rel=0.01)


def test_a_limit_that_fell_is_believed_at_once() -> None:
    """The spans before say nothing any more."""
    estimate = LimitEstimate()
    for at, accepted, lost in ((0.0, 0, 0), (10.0, 200, 5), (20.0, 400, 10), (30.0, 500, 110)):
        estimate.throttled(at, accepted, lost, batch=5)
    assert estimate.limit == pytest.approx(10.0)


def test_a_throttle_without_progress_is_the_same_emptiness() -> None:
    """The span goes on until something was accepted."""
    estimate = LimitEstimate()
    estimate.throttled(0.0, 100, 0, batch=1)
    estimate.throttled(5.0, 100, 0, batch=1)
    estimate.throttled(10.0, 110, 0, batch=1)
    assert estimate.limit == pytest.approx(1.0)


def test_the_pace_climbs_through_the_limit_and_faster_beyond_it() -> None:
    """97 % at first, the limit after one period, 103 % after two, a quarter more after three."""
    estimate = LimitEstimate()
    estimate.throttled(0.0, 0, 0, batch=5)
    estimate.throttled(10.0, 100, 0, batch=5)
    period, paces = 32, [estimate.pace]
    for _ in range(3):
        estimate.advance(period)
        paces.append(estimate.pace)
    assert paces == pytest.approx([9.7, 10.0, 10.3, 12.4])


def test_a_throttle_long_overdue_lifts_the_limit() -> None:
    """The bucket was full for a while, so that what was accepted is less than what was refilled."""
    estimate = LimitEstimate()
    estimate.throttled(0.0, 0, 0, batch=5)
    estimate.throttled(10.0, 100, 0, batch=5)
    estimate.advance(100)
    emptied_at = estimate.pace
    estimate.throttled(20.0, 200, 0, batch=5)
    assert estimate.limit is not None
    assert 10.0 < estimate.limit < emptied_at


def test_two_throttles_at_the_same_moment_do_not_divide_by_nothing() -> None:
    """A clock may stand still for a moment."""
    estimate = LimitEstimate()
    estimate.throttled(5.0, 1, 0, batch=1)
    estimate.still_throttled(5.0, 1, 0)
    estimate.throttled(5.0, 2, 0, batch=1)
    assert estimate.limit is not None


def test_a_few_steps_after_a_long_hold_do_not_bring_the_limit_down_at_once() -> None:
    """A sliding window gives back little at first, and random throttling may come at any time."""
    estimate = LimitEstimate()
    for at, accepted, lost in ((0.0, 0, 0), (300.0, 600, 5), (600.0, 603, 22)):
        estimate.throttled(at, accepted, lost, batch=1)
    assert estimate.limit == pytest.approx(2.0, rel=0.05)


def test_many_throttled_steps_halve_the_limit_at_most() -> None:
    """The next throttle halves it again, if it has to be."""
    estimate = LimitEstimate()
    for at, accepted, lost in ((0.0, 0, 0), (10.0, 200, 5), (20.0, 210, 105)):
        estimate.throttled(at, accepted, lost, batch=5)
    assert estimate.limit == pytest.approx(10.0)
