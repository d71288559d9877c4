"""Runs through weather of any kind, stopped and killed anywhere: every promise holds."""

# ruff: noqa: ARG001, ARG005, S311 - scripts take what they do not need, and their dice are no secret
from __future__ import annotations

import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulktap.graph.replies import Doubtful, EnvelopeRefused, NotSent, Throttled, Unauthorized, Unavailable
from bulktap.model.row_phases import RowPhase


def weather(w: Any, kit: Any, seed: int, badness: float) -> None:
    """Make the tenant's replies follow the seed."""
    dice = random.Random(seed)

    def fate(row: int, time: int) -> Any:
        if dice.random() > badness or time > 7:
            return None
        done = dice.random() < 0.5
        wait = dice.choice([None, 0.5, 3.0])
        return dice.choice([
            kit.Fate(429, False, wait), kit.Fate(503, done, wait), kit.Fate(504, done), kit.Fate(0, done),
            kit.Fate(500, done), kit.Fate(504, True, late=dice.uniform(0, 2)),
        ])  # fmt: skip

    def batch_fate(number: int, creates: bool) -> Any:
        if dice.random() > badness / 3 or number > 150:
            return None
        return dice.choice([
            kit.BatchFate(NotSent("refused")), kit.BatchFate(Throttled(1.5)),
            kit.BatchFate(Unavailable(1.0), done=True),
            kit.BatchFate(Doubtful("reset"), done=True), kit.BatchFate(Doubtful("reset")),
            kit.BatchFate(Doubtful("late"), done=True, late=dice.uniform(0, 4.5)),
            kit.BatchFate(EnvelopeRefused(400, "BadRequest", "")) if number % 2 else kit.BatchFate(Unauthorized(None)),
        ])  # fmt: skip

    w.tenant.fate_of, w.tenant.batch_fate_of = fate, batch_fate
    w.tenant.list_fate_of = lambda row, time: kit.Fate(504) if dice.random() < badness / 3 else None
    w.tenant.list_lag = dice.choice([0.0, 0.0, 0.3])
    for _ in range(dice.randrange(3)):
        row = dice.randint(1, len(w.rows))
        w.clock.call_at(dice.uniform(0, 12), lambda row=row: w.tenant.issue_elsewhere(row))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    badness=st.sampled_from([0.1, 0.4, 0.8]),
    rows=st.integers(1, 25),
    ends=st.lists(st.tuples(st.booleans(), st.integers(3, 120)), max_size=3),
)
def test_whatever_happens_every_promise_holds(
    world: Any, kit: Any, seed: int, badness: float, rows: int, ends: list[tuple[bool, int]]
) -> None:
    """Faults by chance, stops and kills in any round, then runs to the end: nothing is lost or killed."""
    from bulktap.dispatch.doubt_times import DoubtTimes

    w = world(rows, times=DoubtTimes(2.0, 3.0))
    weather(w, kit, seed, badness)
    began = False
    for kill, number in ends:
        ended = w.run(resumed=began, **{"kill_in_round" if kill else "stop_in_round": number})
        began = True
        if kill:
            w.complaints.clear()
        if ended is not None and ended.complete:
            break
    for _ in range(6):
        report = w.run(resumed=began)
        began = True
        if report.complete:
            break
    w.check()
    assert report.complete, report
    assert set(w.phases()) <= {RowPhase.ISSUED, RowPhase.IN_DOUBT, RowPhase.SKIPPED}
