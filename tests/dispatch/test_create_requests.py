"""Starts at the moment of leaving: every promise is checked after each run by `World.check`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Sent

ISSUED, IN_DOUBT, SKIPPED, REFUSED = RowPhase.ISSUED, RowPhase.IN_DOUBT, RowPhase.SKIPPED, RowPhase.REFUSED


@pytest.mark.parametrize("ahead", [59.0, -30.0, -3600.0])
def test_a_start_that_is_too_close_is_left_out(world: Any, kit: Any, ahead: float) -> None:
    """Less than a minute ahead, or over by less than its lifetime: the pass starts now, with a note."""
    row = kit.plan_row(1)
    start = kit.START + timedelta(seconds=ahead)
    w = world([replace(row, request=replace(row.request, terms=replace(row.request.terms, starts_at=start)))])
    report = w.run()
    w.check()
    assert report.complete
    sent = next(event for event in w.store.events if isinstance(event, Sent))
    assert sent.terms.starts_at is None
    assert sent.terms.lifetime_minutes == 480
    assert "starts at once" in w.state().rows[1].notes[0]


def test_a_pass_that_would_be_over_is_a_row_error(world: Any, kit: Any) -> None:
    """Start plus lifetime past when the step would leave: refused by us, nothing sent."""
    row = kit.plan_row(1)
    over = replace(
        row,
        request=replace(row.request, terms=replace(row.request.terms, starts_at=kit.START - timedelta(minutes=480))),
    )
    w = world([over, kit.plan_row(2)])
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [REFUSED, ISSUED]
    assert kit.object_id(1) not in w.tenant.arrived


def test_the_start_is_judged_when_the_step_leaves(world: Any, kit: Any) -> None:
    """A journal that takes its record late, on a full disk, must not let a start slip into the past."""
    row = kit.plan_row(1)
    w = world(
        [
            replace(
                row,
                request=replace(
                    row.request, terms=replace(row.request.terms, starts_at=kit.START + timedelta(minutes=3))
                ),
            )
        ]
    )
    w.store.refuses = lambda: w.clock.seconds < 1000 + 240
    report = w.run()
    w.check()
    assert report.complete
    sent = [event for event in w.store.events if isinstance(event, Sent)]
    assert sent[-1].terms.starts_at is None
    assert (w.tenant.departures[-1][0] - 1000) - (sent[-1].sent_at - kit.START).total_seconds() < 20
