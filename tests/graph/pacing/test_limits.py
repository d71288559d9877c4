from __future__ import annotations

import pytest
from limited_service import Bucket, Sliding, Window, drive


@pytest.mark.parametrize("manner", ["exact", "whole", "always 1"])
@pytest.mark.parametrize(
    ("capacity", "rate", "rows"),
    [
        (3_000, 20.0, 10_000),
        (1_500, 10.0, 10_000),
        (6_000, 40.0, 10_000),
        (5, 0.5, 1_000),
        (2.5, 0.25, 1_000),
        (10, 1.0, 1_000),
    ],
)
def test_a_bucket_is_found_and_used_up(capacity: float, rate: float, rows: int, manner: str) -> None:
    """At least 95 % of what is refilled, at most 2 % throttled, on limits eighty times apart."""
    course = drive(Bucket(capacity, rate), rows, manner=manner)
    assert course.use >= 0.95
    assert course.throttled <= 0.02


def test_the_services_hints_spare_most_of_the_throttling() -> None:
    """Where it says how much is used up, the first throttle is met with a single batch."""
    course = drive(Bucket(3_000, 20.0), 10_000, hints=True)
    assert course.use >= 0.95
    assert course.throttled <= 0.006


def test_the_services_hints_do_not_keep_the_search_from_ending() -> None:
    """A bucket of thousands says for minutes that it is nearly used up; its refill is measured in seconds."""
    course = drive(Bucket(6_000, 40.0), 8_000, hints=True)
    assert course.use >= 0.97
    assert course.throttled <= 0.006


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_step_that_is_throttled_beside_a_full_limit_is_not_taken_for_random(seed: int) -> None:
    """A single batch in flight loses a few steps at a time, as by chance; the service's own word tells them apart."""
    course = drive(Bucket(200, 20.0), 10_000, hints=True, seed=seed)
    assert course.use >= 0.95
    assert course.throttled <= 0.012


@pytest.mark.parametrize("hints", [True, False])
@pytest.mark.parametrize("capacity", [200, 3_000])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_limit_that_moves_is_followed(seed: int, capacity: float, hints: bool) -> None:
    """Another program takes half of it for the middle third of the rows, and gives it back."""
    limit = Bucket(capacity, lambda accepted: 10.0 if 3_333 <= accepted < 6_667 else 20.0)
    course = drive(limit, 10_000, hints=hints, seed=seed)
    assert course.use >= 0.90
    assert course.throttled <= 0.02


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_hints_that_stop_tell_of_a_limit_that_was_raised(seed: int) -> None:
    """In a short run there is no time to find that out by trying."""
    limit = Bucket(200, lambda accepted: 10.0 if 500 <= accepted < 1_000 else 20.0)
    course = drive(limit, 1_500, hints=True, seed=seed)
    assert course.use >= 0.94
    assert course.throttled <= 0.05


@pytest.mark.parametrize("rate", [10.0, 15.0, 20.0, 30.0, 40.0])
def test_a_bucket_of_one_step_is_not_sent_two_after_a_wait_of_a_second(rate: float) -> None:
    """What a second would have refilled is lost in it: a pace measured with such waits says little of the limit."""
    course = drive(Bucket(1, rate), 6_000, manner="whole")
    assert course.use >= 0.4
    assert course.throttled <= 0.01


@pytest.mark.parametrize(("low", "high"), [(2.0, 8.0), (1.0, 10.0), (3.0, 30.0), (2.0, 20.0), (1.5, 6.0)])
def test_a_small_limit_that_is_raised_is_noticed_within_minutes(low: float, high: float) -> None:
    """Somebody else's job ends: what it left free is used soon, although few steps go by in a minute."""
    limit = Bucket(5 * low, lambda accepted: low if accepted < 300 else high)
    course = drive(limit, 2_000)
    assert course.seconds < 300 / low + 1_700 / high + 120 / min(low, 1.3)


def test_a_limit_that_is_lifted_is_noticed() -> None:
    """Ten times the rate from a fifth of the rows on: found within a few hundred steps."""
    limit = Bucket(50, lambda accepted: 5.0 if accepted < 2_000 else 50.0)
    course = drive(limit, 10_000)
    assert course.seconds < 2_000 / 5 + 8_000 / 50 * 2


@pytest.mark.parametrize(("size", "seconds", "use"), [(3_000, 150.0, 0.75), (5, 10.0, 0.9), (200, 10.0, 0.95)])
def test_fixed_windows_are_lived_with(size: int, seconds: float, use: float) -> None:
    """They are not what the model assumes; most of them is used all the same, with few steps throttled."""
    course = drive(Window(size, seconds), 10_000 if size > 5 else 1_000)
    assert course.use >= use
    assert course.throttled <= 0.04


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("size", "seconds"), [(600, 300.0), (300, 60.0), (1_200, 60.0), (5, 10.0)])
def test_sliding_windows_are_lived_with(size: int, seconds: float, seed: int) -> None:
    """They give back little at first and everything later: the pace does not get stuck far under them."""
    course = drive(Sliding(size, seconds), 3_000 if size > 5 else 1_000, seed=seed)
    assert course.use >= 0.6


@pytest.mark.parametrize("hints", [True, False])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_bucket_of_one_step_is_used_up_too(seed: int, hints: bool) -> None:
    """Its hint says at every step that the limit is used up, which must not stop the pace from growing."""
    course = drive(Bucket(1, 0.7), 1_000, seed=seed, hints=hints)
    assert course.use >= 0.85
    assert course.throttled <= 0.02


def test_a_service_that_names_no_wait_is_lived_with() -> None:
    """The backoff takes the place of `Retry-After`, and what it saves up is used afterwards."""
    course = drive(Bucket(3_000, 20.0), 10_000, manner="none")
    assert course.use >= 0.95
    assert course.throttled <= 0.02


def test_a_hold_of_five_minutes_is_obeyed() -> None:
    """Three of them are all that 10,000 rows meet; a bucket of 3,000 cannot save up more in one."""
    course = drive(Bucket(3_000, 20.0), 10_000, manner="300")
    assert course.throttled <= 0.03
    assert course.seconds < 4 * 300


def test_no_limit_is_no_brake() -> None:
    """Six batches of twenty are in flight after a few round trips."""
    course = drive(Bucket(1e9, 1e9), 10_000)
    assert course.seconds < 10_000 / (6 * 20) * 0.15 * 1.15
    assert course.throttled == 0


def test_a_day_at_a_small_limit() -> None:
    """Half a step a second for a simulated day, without drifting away from the limit."""
    course = drive(Bucket(5, 0.5), 43_000)
    assert 86_000 * 0.99 <= course.seconds <= 86_000 * 1.05
    assert course.throttled <= 0.02


@pytest.mark.parametrize("hint", [0.85, 1.0, 1.8])
def test_a_hint_that_never_moves_leaves_a_batch_in_flight(hint: float) -> None:
    """A service that calls its limit used up and turns nothing away is not asked one step at a time."""

    class Complaining(Bucket):
        def share(self) -> float:
            return hint

    course = drive(Complaining(1e9, 1e9), 4_000, hints=True)
    assert course.seconds < 4_000 / 20 * 0.15 * 1.2
