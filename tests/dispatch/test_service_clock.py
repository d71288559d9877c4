from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bulktap.dispatch.service_clock import ServiceClock


def exchange(
    known: ServiceClock,
    clock: Any,
    *,
    there: float = 0.1,
    back: float = 0.1,
    read_late: float = 0.0,
    wrong_by: float = 0.0,
    asleep: float = 0.0,
) -> None:
    """Let a request travel, a machine with a clock wrong by so much date its reply, and the reply be read.

    `asleep` is the part of the time on which this computer's monotonic clock stood still.
    """
    sent = known.stamp()
    clock.seconds += there
    date = (clock.service_now() + timedelta(seconds=wrong_by)).replace(microsecond=0)
    clock.seconds += back + read_late
    known.observe(date, type(sent)(sent.at, sent.monotonic + asleep))


def error(known: ServiceClock, clock: Any) -> float:
    """Return by how many seconds the clock is wrong about the service's time."""
    return abs((known.now() - clock.service_now()).total_seconds())


@pytest.mark.parametrize(("wrong_by", "within"), [(0.0, 0.0), (0.9, 0.9), (-1.4, 1.4), (300.0, 1.0), (-300.0, 1.0)])
def test_the_service_time_is_read_off_its_date(world: Any, wrong_by: float, within: float) -> None:
    """A `Date` of whole seconds corrects our clock to a second; a difference that proves nothing is ignored."""
    clock = world(1).clock
    clock.wrong_by = timedelta(seconds=wrong_by)
    clock.seconds += 0.75
    known = ServiceClock(clock)
    known.observe(None, known.stamp())
    assert known.ahead == timedelta()
    exchange(known, clock)
    assert error(known, clock) <= within


@pytest.mark.parametrize("wrong_by", [-86_400.0, -600.0, -3.0, 0.0, 0.5, 3.0, 600.0, 86_400.0])
@pytest.mark.parametrize("there", [0.0, 0.1, 3.0, 8.0])
def test_many_replies_agree_to_a_second(world: Any, wrong_by: float, there: float) -> None:
    """However the time is spread over the way there and back."""
    clock = world(1).clock
    clock.wrong_by = timedelta(seconds=wrong_by)
    known = ServiceClock(clock)
    for number in range(30):
        clock.seconds += 7.13
        exchange(known, clock, there=there * (number % 3) / 2, back=0.05)
    assert error(known, clock) <= 2.0


@pytest.mark.parametrize("late", [11.0, 60.0, 600.0, 40_000.0])
@pytest.mark.parametrize("asleep", [0.0, 1.0])
@pytest.mark.parametrize("wrong_by", [0.0, 250.0, -250.0])
def test_a_reply_that_is_read_late_misleads_nobody(world: Any, late: float, asleep: float, wrong_by: float) -> None:
    """Also where the computer slept meanwhile, so that its monotonic clock stood still."""
    clock = world(1).clock
    clock.wrong_by = timedelta(seconds=wrong_by)
    known = ServiceClock(clock)
    exchange(known, clock)
    before = known.ahead
    for _ in range(3):
        exchange(known, clock, read_late=late, asleep=asleep * late)
    assert abs(known.ahead - before) <= timedelta(seconds=1)
    assert error(known, clock) <= 1.0


@pytest.mark.parametrize("late", [11.0, 60.0, 600.0])
def test_a_first_reply_that_is_read_late_invents_no_difference(world: Any, late: float) -> None:
    """Its bounds are wide, and no difference at all lies between them."""
    clock = world(1).clock
    known = ServiceClock(clock)
    exchange(known, clock, read_late=late)
    assert known.ahead == timedelta()


@pytest.mark.parametrize("wrong_by", [-900.0, -30.0, 30.0, 900.0])
def test_one_machine_of_the_service_with_a_wrong_clock_changes_nothing(world: Any, wrong_by: float) -> None:
    """The next reply, from another, agrees with those before."""
    clock = world(1).clock
    known = ServiceClock(clock)
    for wrong in (0.0, wrong_by, 0.0, 0.0, wrong_by, 0.0):
        exchange(known, clock, wrong_by=wrong)
        assert known.ahead == timedelta()


@pytest.mark.parametrize("step", [-3600.0, -20.0, 20.0, 3600.0])
def test_a_clock_of_ours_that_is_set_is_followed(world: Any, step: float) -> None:
    """Two replies in a row say so."""
    clock = world(1).clock
    known = ServiceClock(clock)
    exchange(known, clock)
    clock.wrong_by = timedelta(seconds=step)
    exchange(known, clock)
    exchange(known, clock)
    assert error(known, clock) <= 1.0


def test_a_clock_that_is_set_while_a_reply_is_awaited_changes_nothing_at_once(world: Any) -> None:
    """The bounds of that reply are as wide as the longer of the two times that it took."""
    clock = world(1).clock
    known = ServiceClock(clock)
    exchange(known, clock)
    sent = known.stamp()
    clock.wrong_by = timedelta(minutes=10)
    clock.seconds += 0.2
    known.observe(clock.service_now().replace(microsecond=0), sent)
    assert known.ahead == timedelta()


@pytest.mark.parametrize("wrong_by", [-900.0, -20.0, 300.0, 3600.0])
def test_what_the_last_reply_says_against_all_others_is_not_forgotten(world: Any, wrong_by: float) -> None:
    """It may be the one that is right: a pass of ours is looked for by both."""
    clock = world(1).clock
    known = ServiceClock(clock)
    exchange(known, clock, wrong_by=wrong_by)
    assert len(known.perhaps_ahead) == 1
    exchange(known, clock)
    assert len(known.perhaps_ahead) == 2
    assert abs(known.perhaps_ahead[0].total_seconds() - wrong_by) <= 1.0
    assert abs(known.perhaps_ahead[1].total_seconds()) <= 1.0
    exchange(known, clock)
    assert known.perhaps_ahead == (known.ahead,)
