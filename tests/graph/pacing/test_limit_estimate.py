from __future__ import annotations

import pytest

from bulktap.graph.pacing.limit_estimate import LimitEstimate, Moment


def met(estimate: LimitEstimate, at: float, accepted: int, lost: int = 1) -> None:
    """Meet the limit: a step or more throttled at that moment, after that many accepted ones, in even steps."""
    estimate.note(at, accepted)
    moment = Moment(at, accepted, lost, 0)
    estimate.throttled(moment, batch=1, trip=0.15, depth=float("inf"), hold=0.05)


BURST = 50
"""Steps that the bucket held at first."""


def steady(rate: float, throttles: int, gap: float) -> LimitEstimate:
    """Return an estimate that used up a bucket at once and then met its limit so often, sending evenly in between."""
    estimate = LimitEstimate()
    estimate.note(-0.01, 0)
    met(estimate, 0.0, BURST)
    accepted = BURST
    for number in range(throttles):
        for step in range(round(rate * gap)):
            accepted += 1
            estimate.note(number * gap + (step + 1) / rate, accepted)
            estimate.advance(1)
        met(estimate, (number + 1) * gap, accepted)
    return estimate


def test_nothing_is_known_before_two_throttles() -> None:
    """One moment is no span."""
    estimate = LimitEstimate()
    met(estimate, 10.0, 3_000)
    assert estimate.limit is None
    assert estimate.met_once
    assert estimate.pace == 0.0


@pytest.mark.parametrize("rate", [0.5, 2.0, 20.0, 100.0, 600.0])
def test_what_was_accepted_between_throttles_is_the_limit(rate: float) -> None:
    """Within two steps of what was accepted."""
    estimate = steady(rate, 4, 100 / rate)
    assert estimate.limit == pytest.approx(rate, rel=0.02)
    assert estimate.pace == pytest.approx(0.97 * estimate.limit)


def test_more_steps_make_the_interval_narrower() -> None:
    """A span is uncertain by a step at either end."""
    assert steady(10.0, 1, 1.0).width > steady(10.0, 1, 10.0).width > steady(10.0, 5, 10.0).width


def test_a_throttle_without_progress_lowers_the_limit_to_what_was_possible() -> None:
    """Nothing was accepted since the last one: less than two steps were refilled meanwhile."""
    estimate = steady(10.0, 3, 2.0)
    met(estimate, 26.0, BURST + 60)
    assert estimate.limit is not None
    assert estimate.limit <= 0.1


def test_the_pace_reaches_the_end_of_the_interval_after_two_periods_and_doubles_every_ten_seconds_after() -> None:
    """Just below the limit at first, the limit after one period."""
    estimate = steady(10.0, 4, 20.0)
    assert estimate.limit is not None
    paces = []
    for _ in range(2000):
        estimate.advance(1)
        paces.append(estimate.pace / estimate.limit)
    assert paces == sorted(paces)
    assert paces[0] < 1.0
    first_above = next(number for number, pace in enumerate(paces) if pace >= 1.0)
    doubled = next(number for number, pace in enumerate(paces) if pace >= 2.06)
    assert doubled == pytest.approx(2 * first_above + 10 * estimate.limit, rel=0.05)


def test_two_throttles_at_the_same_moment_do_not_divide_by_nothing() -> None:
    """A clock may stand still for a moment."""
    estimate = LimitEstimate()
    met(estimate, 5.0, 1)
    estimate.still_throttled(5.0, 1, 0)
    met(estimate, 5.0, 2)
    assert estimate.limit is not None


def test_an_early_throttled_step_lowers_the_limit_and_nothing_else() -> None:
    """It may be chance, so that the measurement stays."""
    estimate = steady(10.0, 4, 20.0)
    before = estimate.limit
    assert before is not None
    estimate.advance(5)
    estimate.lower()
    assert estimate.limit == pytest.approx(0.996 * before)
    assert not estimate.met_once
