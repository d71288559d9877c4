from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulktap.graph.pacing import Pacer, PacingLimits

if TYPE_CHECKING:
    from collections.abc import Callable

# --- A service with a limit, in simulated time --------------------------------------------------------------------


class Limit(Protocol):
    """What a service counts by."""

    refilled: float
    """Steps that it has granted the caller so far, used or not."""

    def take(self, steps: int, now: float) -> int:
        """Accept as many of the steps as there is room for."""

    def wait(self) -> float:
        """Seconds until there is room for one step."""

    def share(self) -> float:
        """How much of the limit is used up."""


class Bucket:
    """A token bucket, full at first; `rate` may change with the steps accepted so far."""

    def __init__(self, capacity: float, rate: float | Callable[[int], float]) -> None:
        self.capacity, self.level, self.at = capacity, capacity, 0.0
        self.rate = rate if callable(rate) else lambda _accepted: rate
        self.accepted = 0
        self.refilled = 0.0

    def take(self, steps: int, now: float) -> int:
        """See the interface."""
        gained = self.rate(self.accepted) * (now - self.at)
        self.level, self.at, self.refilled = min(self.capacity, self.level + gained), now, self.refilled + gained
        accepted = min(steps, int(self.level + 1e-9))
        self.level -= accepted
        self.accepted += accepted
        return accepted

    def wait(self) -> float:
        """See the interface."""
        return max(0.0, 1 - self.level) / self.rate(self.accepted)

    def share(self) -> float:
        """See the interface."""
        return 1 - self.level / self.capacity


class Window:
    """A fixed window."""

    def __init__(self, size: int, seconds: float) -> None:
        self.size, self.seconds = size, seconds
        self.number, self.used, self.at = 0, 0, 0.0
        self.refilled = 0.0

    def take(self, steps: int, now: float) -> int:
        """See the interface."""
        self.refilled += (now - self.at) * self.size / self.seconds
        self.at = now
        if int(now // self.seconds) != self.number:
            self.number, self.used = int(now // self.seconds), 0
        accepted = min(steps, self.size - self.used)
        self.used += accepted
        return accepted

    def wait(self) -> float:
        """See the interface."""
        return (self.number + 1) * self.seconds - self.at

    def share(self) -> float:
        """See the interface."""
        return self.used / self.size


Manners = dict[str, "Callable[[float], float | None]"]
MANNERS: Manners = {
    "exact": lambda wait: wait,
    "whole": lambda wait: float(math.ceil(wait)),
    "always 1": lambda _wait: 1.0,
    "none": lambda _wait: None,
    "300": lambda _wait: 300.0,
}
"""How a service words its `Retry-After`."""


@dataclass
class Course:
    """How a run went."""

    seconds: float
    use: float
    """Accepted steps over those granted, from the first throttle on."""
    throttled: float
    """Share of the steps sent."""
    departures: list[tuple[float, int]]
    limited: float
    """Share of the steps sent that the limit itself turned away."""


def drive(
    limit: Limit,
    rows: int,
    *,
    manner: str = "exact",
    hints: bool = False,
    pacing: PacingLimits | None = None,
    seed: int = 1,
    chance: float | Callable[[int], float] = 0.0,
) -> Course:
    """Send that many rows through a pacer; a batch takes 120 to 180 ms, and its steps are judged half-way.

    With `chance` that share of the steps is turned away before the limit sees them, for 0.2 to 1 s.
    """
    random = Random(seed)  # noqa: S311 - a simulation
    pacer = Pacer(pacing or PacingLimits(), 0.0, random.random)
    events: list[tuple[float, int, str, int, int, float | None, float | None]] = []
    now, left, number = 0.0, rows, 0
    first: tuple[int, float] | None = None
    limited = 0
    departures: list[tuple[float, int]] = []
    while pacer.accepted_steps < rows:
        steps = min(pacer.allowance(now), left)
        if steps:
            assert now >= pacer.hold_until
            pacer.sent(steps, now)
            departures.append((now, steps))
            left, number = left - steps, number + 1
            heapq.heappush(events, (now + random.uniform(0.06, 0.09), number, "arrives", steps, 0, None, None))
            continue
        ask = pacer.next_at(now) if left else None
        if events and (ask is None or events[0][0] <= ask):
            now, number_, kind, steps, throttled, wait, share = heapq.heappop(events)
            if kind == "arrives":
                share_lost = chance(pacer.accepted_steps) if callable(chance) else chance
                unlucky = sum(random.random() < share_lost for _ in range(steps)) if share_lost else 0
                accepted = limit.take(steps - unlucky, now)
                throttled = steps - accepted
                limited += throttled - unlucky
                wait = MANNERS[manner](limit.wait()) if throttled > unlucky else None
                wait = max([random.uniform(0.2, 1.0) for _ in range(unlucky)] + [wait or 0.0]) if unlucky else wait
                share = limit.share() if hints and limit.share() >= 0.8 else None
                if throttled > unlucky and first is None:
                    first = (pacer.accepted_steps, limit.refilled)
                back = now + random.uniform(0.06, 0.09)
                heapq.heappush(events, (back, number_, "answered", accepted, throttled, wait, share))
            else:
                left += throttled
                pacer.answered(accepted=steps, throttled=throttled, retry_after=wait, now=now, percentage=share)
        else:
            assert ask is not None, "starved"
            assert ask > now, "asked to ask again at once"
            now = ask
    limit.take(0, now)
    sent = sum(steps for _at, steps in departures)
    accepted_before, refilled_before = first or (0, 0.0)
    granted = limit.refilled - refilled_before
    use = (rows - accepted_before) / granted if first and granted else math.nan
    return Course(now, use, pacer.throttled_steps / sent, departures, limited / sent)


# --- Reaching the limit -------------------------------------------------------------------------------------------


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
def test_a_step_that_is_turned_away_beside_a_full_limit_is_not_taken_for_chance(seed: int) -> None:
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
    assert course.use >= 0.95
    assert course.throttled <= 0.07


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


# --- Chance -------------------------------------------------------------------------------------------------------


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
    assert course.seconds < 1_000 / 20 + 5_000 / 50


# --- Rules that hold in every course ------------------------------------------------------------------------------


@given(
    rate=st.floats(0.2, 500),
    ceiling=st.one_of(st.none(), st.floats(0.3, 200)),
    concurrency=st.integers(1, 8),
    capacity=st.floats(2, 500),
    manner=st.sampled_from(["exact", "whole", "always 1", "none"]),
    seed=st.integers(0, 1_000),
    chance=st.sampled_from([0.0, 0.0, 0.05, 0.3]),
)
@settings(max_examples=40, deadline=None)
def test_every_course_ends_and_keeps_its_ceilings(
    rate: float, ceiling: float | None, concurrency: int, capacity: float, manner: str, seed: int, chance: float
) -> None:
    """It never starves, never sends before a hold ends, and between two departures never exceeds `max_rate`."""
    pacing = PacingLimits(concurrency, ceiling)
    course = drive(Bucket(capacity, rate), 200, manner=manner, pacing=pacing, seed=seed, chance=chance)
    assert all(1 <= steps <= 20 for _at, steps in course.departures)
    if ceiling is not None:
        began, sent = course.departures[0][0], 0
        for at, steps in course.departures:
            assert sent <= ceiling * (at - began) + 1e-6
            sent += steps


@given(
    st.lists(
        st.tuples(
            st.integers(0, 20),
            st.integers(0, 20),
            st.one_of(st.none(), st.floats(0, 3_600)),
            st.floats(0, 100),
            st.one_of(st.none(), st.floats(0, 2)),
        ),
        max_size=60,
    ),
    st.integers(1, 6),
)
def test_whatever_is_answered_the_pacer_goes_on(
    answers: list[tuple[int, int, float | None, float, float | None]], concurrency: int
) -> None:
    """Lost batches, contradictions and odd waits never leave it without a next moment once nothing is in flight."""
    pacer, now = Pacer(PacingLimits(concurrency), 0.0), 0.0
    for accepted, throttled, wait, pause, share in answers:
        steps = pacer.allowance(now)
        if steps:
            pacer.sent(steps, now)
        now += pause
        if pacer.in_flight and not accepted + throttled:
            pacer.unanswered(now)
        elif pacer.in_flight:
            pacer.answered(accepted=accepted, throttled=throttled, retry_after=wait, now=now, percentage=share)
    while pacer.in_flight:
        pacer.answered(accepted=0, throttled=0, retry_after=None, now=now)
    assert pacer.steps_in_flight == 0
    ask = pacer.next_at(now)
    assert ask is not None
    assert ask >= pacer.hold_until
    assert pacer.allowance(ask) >= 1


# --- One thing at a time ------------------------------------------------------------------------------------------


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
    """It is believed twice; asking early for ever would count against the caller."""
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
    """One batch is half turned away and the next wholly: only a single step leaves after the hold."""
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


def test_the_rate_is_what_came_through_of_late() -> None:
    """For the progress line; nothing yet is nought."""
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


@pytest.mark.parametrize("hint", [0.85, 1.0, 1.8])
def test_a_hint_that_never_moves_leaves_a_batch_in_flight(hint: float) -> None:
    """A service that calls its limit used up and turns nothing away is not asked one step at a time."""

    class Complaining(Bucket):
        def share(self) -> float:
            return hint

    course = drive(Complaining(1e9, 1e9), 4_000, hints=True)
    assert course.seconds < 4_000 / 20 * 0.15 * 1.2
