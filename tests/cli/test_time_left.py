from __future__ import annotations

import pytest

from bulktap.cli.time_left import TimeLeft, seconds_left
from bulktap.dispatch.observer import Standing


def test_the_time_left_is_the_rest_at_the_rate_after_the_hold() -> None:
    """A hold comes on top of what the rows take."""
    assert seconds_left(Standing(done=1_000, total=2_000, held_seconds=10), 20.0) == pytest.approx(60.0)


@pytest.mark.parametrize("standing", [Standing(0, 100, rate=5.0), Standing(10, 100), Standing(10, 100, rate=0.0)])
def test_without_a_rate_no_time_is_named(standing: Standing) -> None:
    """Nobody knows before the first row is through."""
    assert TimeLeft().rate(standing, 0.0) is None


def test_at_first_the_pacer_is_believed() -> None:
    """A second of work is no evidence against it."""
    left = TimeLeft()
    left.rate(Standing(1, 1_000, rate=20.0), 0.0)
    assert left.rate(Standing(9, 1_000, rate=20.0), 1.0) == 20.0


def test_what_a_full_bucket_let_through_is_forgotten_at_the_first_throttle() -> None:
    """A hundred rows at once, then ten a second: the pacer's average is corrected long before it has measured."""
    left = TimeLeft()
    left.rate(Standing(0, 1_000), 0.0)
    left.rate(Standing(100, 1_000, rate=100.0), 1.0)
    for second in range(2, 7):
        rate = left.rate(Standing(100 + 10 * (second - 2), 1_000, rate=30.0, throttled=5), float(second))
    assert rate == pytest.approx(11.0)


def test_just_after_the_first_throttle_nobody_knows() -> None:
    """What went before says nothing about the limit, and three seconds are too little to say something else."""
    left = TimeLeft()
    left.rate(Standing(0, 1_000), 0.0)
    assert left.rate(Standing(600, 1_000, rate=200.0), 3.0) == 200.0
    assert not left.limit_met
    assert left.rate(Standing(620, 1_000, rate=180.0, throttled=9), 4.0) is None
    assert left.limit_met
    assert left.rate(Standing(660, 1_000, rate=12.0, throttled=9), 8.0) == pytest.approx(11.0)


def test_a_limit_that_moved_is_followed() -> None:
    """What was got through half a minute ago counts no more."""
    left, done = TimeLeft(), 0
    for second in range(200):
        done += 20 if second < 100 else 10
        rate = left.rate(Standing(done, 10_000, rate=10.0 if second > 110 else 20.0, throttled=1), float(second))
    assert rate == pytest.approx(10.0)


def test_a_long_hold_says_nothing_about_the_rate() -> None:
    """After five minutes of waiting the rate is still the pacer's."""
    left = TimeLeft()
    for second in range(10):
        left.rate(Standing(20 * second + 1, 10_000, rate=20.0, throttled=1), float(second))
    left.rate(Standing(200, 10_000, rate=20.0, throttled=9, held_seconds=300.0), 10.0)
    assert left.rate(Standing(201, 10_000, rate=20.0, throttled=9), 311.0) == 20.0


def test_at_a_small_limit_the_evidence_takes_longer_to_gather() -> None:
    """One row in four seconds: half a minute holds too few of them to say anything."""
    left = TimeLeft()
    for row in range(1, 40):
        rate = left.rate(Standing(row, 1_000, rate=0.5, throttled=1), 4.0 * row)
    assert rate == pytest.approx(0.275)
