from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from limited_service import Bucket, drive

from bulktap.graph.pacing import Pacer, PacingLimits


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
