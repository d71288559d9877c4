from __future__ import annotations

from typing import Any

from bulktap.dispatch.patience import PATIENCE_SECONDS, Patience


def test_idleness_exhausts_it(world: Any) -> None:
    """Half an hour without an accepted step, and not a moment before."""
    clock = world(1).clock
    patience = Patience(clock)
    clock.seconds += PATIENCE_SECONDS - 0.1
    assert not patience.exhausted
    clock.seconds += 0.1
    assert patience.exhausted
    patience.accepted()
    assert not patience.exhausted


def test_waits_that_overlap_count_once(world: Any) -> None:
    """Six batches that are turned away for the same minute excuse one minute."""
    clock = world(1).clock
    patience = Patience(clock)
    for _ in range(6):
        patience.excuse(clock.seconds + 600)
    clock.seconds += PATIENCE_SECONDS + 599
    assert not patience.exhausted
    clock.seconds += 1
    assert patience.exhausted


def test_a_wait_goes_on_beyond_an_accepted_step(world: Any) -> None:
    """What is accepted during a long hold does not turn the rest of the hold into idleness."""
    clock = world(1).clock
    patience = Patience(clock)
    patience.excuse(clock.seconds + 7200)
    clock.seconds += 5
    patience.accepted()
    clock.seconds += 7195 + PATIENCE_SECONDS - 1
    assert not patience.exhausted
    clock.seconds += 1
    assert patience.exhausted
