from __future__ import annotations

import math

import pytest
from limited_service import Bucket, drive


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
@pytest.mark.parametrize(("chance", "bound"), [(0.05, 118.0), (0.1, 99.0), (0.15, 90.0)])
def test_chance_is_no_brake_but_its_holds(chance: float, bound: float, seed: int) -> None:
    """At least 85 % of what one shared hold allows.

    Six batches of twenty leave at once, the last is answered 0.17 s later, and the longest of n waits between 0.2 and
    1 s, n being 120 times the chance, is 0.2 + 0.8 n / (n + 1) on average: 108 accepted steps every 1.09 s at 10 %.
    """
    course = drive(Bucket(1e9, 1e9), 10_000, chance=chance, seed=seed)
    assert 10_000 / course.seconds >= 0.85 * bound
    assert course.limited == 0


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_few_hundred_rows_take_seconds_all_the_same(seed: int) -> None:
    """Half of the time goes into doubling the window at first, and into the last rows' waits."""
    assert drive(Bucket(1e9, 1e9), 400, chance=0.1, seed=seed).seconds < 15
    assert drive(Bucket(1e9, 1e9), 400, chance=0.02, seed=seed).seconds < 8


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_rare_chance_hardly_slows_anything(seed: int) -> None:
    """One step in a hundred: most round trips have no hold."""
    course = drive(Bucket(1e9, 1e9), 10_000, chance=0.01, seed=seed)
    assert 10_000 / course.seconds >= 170


@pytest.mark.parametrize("chance", [0.02, 0.05, 0.1])
@pytest.mark.parametrize(
    ("capacity", "rate", "rows", "least", "most"),
    [(3_000, 20.0, 10_000, 0.9, 0.06), (200, 20.0, 5_000, 0.8, 0.08), (500, 100.0, 10_000, 0.8, 0.06)],
)
def test_a_limit_behind_chance_is_found_too(
    capacity: float, rate: float, rows: int, least: float, most: float, chance: float
) -> None:
    """On the whole, most of what the limit refills is used, and it turns little away: the middle of five courses."""
    courses = [drive(Bucket(capacity, rate), rows, chance=chance, seed=seed) for seed in range(1, 6)]
    # At 100 steps a second the holds alone are slower than the limit, which then never binds.
    uses = sorted(1.0 if math.isnan(course.use) else course.use for course in courses)
    assert uses[2] >= least
    assert sum(course.limited for course in courses) / 5 <= most


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_chance_that_sets_in_later_is_noticed(seed: int) -> None:
    """A limit was measured before, and is gone: neither its pace nor its small batches stay for long."""
    limit = Bucket(50, lambda accepted: 20.0 if accepted < 1_000 else 1e9)
    course = drive(limit, 6_000, seed=seed, chance=lambda accepted: 0.1 if accepted >= 1_000 else 0.0)
    assert course.seconds < 1_000 / 20 + 5_000 / 45


@pytest.mark.parametrize(("before", "after"), [(0.03, 0.15), (0.02, 0.2), (0.02, 0.15)])
def test_chance_that_becomes_more_frequent_is_no_limit(before: float, after: float) -> None:
    """What was known of it makes more of it look like a limit, again and again: the pace would end up at nothing."""
    for seed in range(1, 6):
        limit = Bucket(50, lambda accepted: 20.0 if accepted < 1_000 else 1e9)
        chances = (before, after)
        course = drive(limit, 6_000, seed=seed, chance=lambda accepted, c=chances: c[accepted >= 1_000])
        assert course.seconds < 1_000 / 20 + 5_000 / 10


@pytest.mark.parametrize(
    ("capacity", "rate", "rows"), [(200, 100.0, 8_000), (100, 50.0, 5_000), (40, 20.0, 4_000), (300, 30.0, 5_000)]
)
def test_one_in_a_hundred_does_not_take_the_pace_down(capacity: float, rate: float, rows: int) -> None:
    """It comes as often as a limit that is probed: nine tenths are used all the same, on average of five courses."""
    courses = [drive(Bucket(capacity, rate), rows, chance=0.01, seed=seed) for seed in range(1, 6)]
    assert sum(course.use for course in courses) / 5 >= 0.88
    assert sum(course.limited for course in courses) / 5 <= 0.04


def test_chance_says_nothing_about_what_is_saved_up() -> None:
    """What whole seconds of waiting save up is spent, also where one of the steps that do is throttled by chance."""
    courses = [drive(Bucket(80, 80.0), 6_000, chance=0.01, seed=seed, manner="whole") for seed in range(1, 7)]
    assert sum(course.use for course in courses) / 6 >= 0.65


@pytest.mark.parametrize(
    ("capacity", "high", "low", "most"),
    [(1, 0.5, 0.1, 0.2), (4, 2.0, 0.4, 0.12), (8, 4.0, 0.8, 0.12), (20, 20.0, 4.0, 0.13)],
)
def test_a_limit_that_falls_is_not_taken_for_chance(capacity: float, high: float, low: float, most: float) -> None:
    """Chance was on record, and ends when the limit falls: most of what is sent is accepted all the same."""
    courses = [
        drive(
            Bucket(capacity, lambda accepted: high if accepted < 150 else low),
            600,
            seed=seed,
            chance=lambda accepted: 0.05 if accepted < 150 else 0.0,
        )
        for seed in range(1, 6)
    ]
    assert sum(course.limited for course in courses) / 5 <= most
