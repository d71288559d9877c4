from __future__ import annotations

import pytest

from bulktap.graph.pacing import Pacer, PacingLimits, PacingState

SEARCHING, MET_ONCE, PACED, SUSPECT = PacingState
Answer = tuple[float, int, int]
"""Seconds after the last one, steps accepted, steps throttled."""

MET: list[Answer] = [(1.0, 20, 0), (1.0, 0, 20)]
MEASURED: list[Answer] = [*MET, *[(10.0, 20, 0)] * 4, (1.0, 0, 20), *[(10.0, 20, 0)] * 4, (1.0, 0, 20)]
EARLY: list[Answer] = [(9.5, 19, 1)]


def after(answers: list[Answer]) -> Pacer:
    """Return a pacer that was answered like this, one batch at a time."""
    pacer, now = Pacer(PacingLimits(), 0.0), 0.0
    for pause, accepted, throttled in answers:
        pacer.sent(accepted + throttled, now)
        now += pause
        pacer.answered(accepted=accepted, throttled=throttled, retry_after=0.1 if throttled else None, now=now)
    return pacer


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        pytest.param([], SEARCHING, id="at the beginning"),
        pytest.param([(1.0, 20, 0)] * 50, SEARCHING, id="as long as everything is accepted"),
        pytest.param([(1.0, 18, 2)] * 50, SEARCHING, id="while two of twenty are throttled at random"),
        pytest.param(MET, MET_ONCE, id="a whole batch is throttled"),
        pytest.param([*MET, (1.0, 0, 20)], MET_ONCE, id="nothing was accepted since: the same measurement"),
        pytest.param([*MET, (10.0, 20, 0), (1.0, 18, 2)], PACED, id="after the first time any throttle is the limit's"),
        pytest.param(MEASURED, PACED, id="met twice: measured"),
        pytest.param([*MEASURED, (10.0, 20, 0)], PACED, id="accepted at the pace"),
        pytest.param([*MEASURED, *EARLY], SUSPECT, id="throttled too early"),
        pytest.param([*MEASURED, *EARLY, (1.0, 0, 20)], PACED, id="a proved limit ends the suspicion"),
        pytest.param([*MEASURED, *EARLY * 9], SEARCHING, id="too early again and again: the measurement is dropped"),
        pytest.param([*MEASURED, *EARLY * 9, (1.0, 0, 20)], MET_ONCE, id="and the limit is found anew"),
        pytest.param(
            [*MEASURED, *EARLY * 9, *MET, (10.0, 5, 0), (1.0, 0, 20), *EARLY * 2],
            PACED,
            id="with random throttling on record an early throttle is no surprise",
        ),
    ],
)
def test_what_was_answered_decides_the_state(answers: list[Answer], state: PacingState) -> None:
    """The package's docstring draws these ways from one state to the next."""
    assert after(answers).state is state
