from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest
from limited_service import Bucket, drive

from bulktap.graph.pacing import PacingTuning
from bulktap.graph.pacing.costly_holds import CostlyHolds, Meeting


def meeting(**changed: float) -> Meeting:
    """100 steps a second behind holds of five seconds and a bucket of a second, met after a climb of 20 s."""
    values: dict[str, float] = {
        "pace": 120.0,
        "seconds": 25.0,
        "held": 5.0,
        "hold": 5.0,
        "highest": 100.0,
        "depth": 100.0,
    }
    values.update(changed)
    return Meeting(gained=round(values.pop("gained", 1_500)), **values)


def survive(holds: CostlyHolds, seconds: float) -> None:
    """Let that time go by without a throttle, in steps of a tenth of a second."""
    for _ in range(round(10 * seconds)):
        holds.advance(holds.pace / 10)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"hold": 2.0, "depth": 1.0, "highest": 20.0, "gained": 200},
        {"hold": 60.0, "seconds": 95.0},
        {"highest": 13.0, "depth": 1.0, "gained": 75, "pace": 14.0},
    ],
)
def test_a_hold_that_saves_up_less_than_it_takes_is_costly(changed: dict[str, float]) -> None:
    """The pace is then below what was throttled."""
    holds = CostlyHolds()
    holds.met(meeting(**changed))
    assert holds.in_force
    assert holds.pace < meeting(**changed).pace


@pytest.mark.parametrize(
    "changed",
    [
        {"depth": 1_000.0},  # all that the hold takes is saved up
        {"hold": 1.0, "depth": 20.0},  # whole seconds
        {"hold": 2.0, "highest": 1.0, "depth": 1.0, "gained": 12},  # a step or two
        {"seconds": 6.0, "gained": 200},  # little was sent: nothing is known of the limit
        {"highest": 65.0},  # what was accepted on average is the limit
    ],
)
def test_other_holds_leave_the_pace_to_the_measured_limit(changed: dict[str, float]) -> None:
    """Nothing is lost in them, or nobody knows."""
    holds = CostlyHolds()
    holds.met(meeting(**changed))
    assert not holds.in_force


def test_a_service_that_names_short_waits_again_ends_it() -> None:
    """A throttle is cheap then."""
    holds = CostlyHolds()
    holds.met(meeting())
    holds.met(meeting(hold=0.2))
    assert not holds.in_force


def test_throttles_that_come_soon_lower_it_each_time() -> None:
    """A pace that was throttled is not tried again at once."""
    holds = CostlyHolds()
    holds.met(meeting())
    paces = [holds.pace]
    for _ in range(5):
        holds.met(meeting(pace=holds.pace, gained=5, seconds=5.1))
        paces.append(holds.pace)
    assert paces == sorted(paces, reverse=True)
    assert paces[-1] < 0.7 * paces[0]


def test_stretches_without_a_throttle_raise_it_ever_faster() -> None:
    """A limit that was raised fourfold is reached in minutes, not hours."""
    holds = CostlyHolds()
    holds.met(meeting())
    paces = [holds.pace]
    for _ in range(4):
        survive(holds, 150)
        paces.append(holds.pace)
    assert paces[-1] > 4 * paces[0]
    gained = [later / earlier for earlier, later in itertools.pairwise(paces)]
    assert gained[-1] > gained[0]


@pytest.mark.parametrize("gained", [40, 100, 400])
def test_chance_does_not_take_it_down_for_good(gained: int) -> None:
    """It throttles at any pace, so that going slower helps nobody."""
    holds = CostlyHolds()
    holds.met(meeting())
    first = holds.pace
    for _ in range(50):
        holds.met(meeting(pace=holds.pace, gained=gained, seconds=10.1))
    assert holds.pace >= 0.59 * first


def test_throttles_that_follow_each_other_closely_do() -> None:
    """They are no chance: the limit fell."""
    holds = CostlyHolds()
    holds.met(meeting())
    first = holds.pace
    for _ in range(20):
        holds.met(meeting(pace=holds.pace, gained=3, seconds=10.1))
    assert holds.pace < 0.2 * first


@pytest.mark.parametrize("number", [10, 100, 1_000])
def test_it_never_falls_below_what_is_accepted_anyhow(number: int) -> None:
    """Hours of throttling leave a pace from which the way up takes minutes."""
    holds = CostlyHolds()
    holds.met(meeting())
    for _ in range(number):
        holds.met(meeting(pace=holds.pace, gained=3, seconds=10.0))
    assert holds.pace >= 0.3


@pytest.mark.parametrize(
    ("capacity", "rate", "least"),
    [(20, 20.0, 0.74), (8, 40.0, 0.65), (2, 8.0, 0.62), (50, 50.0, 0.68), (4, 12.0, 0.55), (40, 80.0, 0.72)],
)
def test_holds_that_are_longer_than_needed_are_met_seldom(capacity: float, rate: float, least: float) -> None:
    """Three minutes' worth of rows; with the measured limit alone each of them uses less."""
    rows, usual = round(180 * rate), PacingTuning()
    course = drive(Bucket(capacity, rate), rows, manner="fives")
    assert course.use >= least
    assert course.throttled <= 0.02
    assert drive(Bucket(capacity, rate), rows, manner="fives", tuning=replace(usual, costly_hold=math.inf)).use < least
