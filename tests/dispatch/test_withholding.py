"""Refusals that hit every row: every promise is checked after each run by `World.check`."""

# ruff: noqa: ARG005 - a script takes row, number and time whether it needs them or not
from __future__ import annotations

from typing import Any

from bulktap.errors import (
    NotPermitted,
    PolicyForbids,
)
from bulktap.run_state import RowPhase

ISSUED, IN_DOUBT, SKIPPED, REFUSED = RowPhase.ISSUED, RowPhase.IN_DOUBT, RowPhase.SKIPPED, RowPhase.REFUSED


def test_missing_permission_ends_the_run_after_twenty_refusals(world: Any, kit: Any) -> None:
    """Twenty 403 and nothing accepted: exit 5, and every row is left for `resume`."""
    w = world(100)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False, message="Insufficient privileges")
    report = w.run()
    w.check()
    assert isinstance(report.failure, NotPermitted)
    assert not any(row.phase.settled for row in w.state().rows.values())
    assert sum(w.tenant.arrived.values()) < 60
    w.tenant.fate_of = lambda row, time: None
    report = w.run(resumed=True)
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}


def test_a_policy_that_refuses_everybody_ends_the_run(world: Any, kit: Any) -> None:
    """Twenty policy refusals and nothing accepted: exit 6."""
    w = world(30)
    message = "Converged UserCredentialPolicy does not allow creating or updating this authentication method."
    w.tenant.fate_of = lambda row, time: kit.Fate(400, False, message=message)
    report = w.run()
    w.check()
    assert isinstance(report.failure, PolicyForbids)


def test_a_few_refusals_are_rows_errors(world: Any, kit: Any) -> None:
    """Fewer than twenty, even if they are all there is, are settled as refused."""
    w = world(5)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False)
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {REFUSED}


def test_withheld_refusals_are_settled_once_something_is_accepted(world: Any, kit: Any) -> None:
    """Three refused rows before the first pass are settled with it."""
    w = world(8)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False) if row < 4 else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [REFUSED] * 3 + [ISSUED] * 5


def test_withheld_refusals_of_an_interrupted_run_are_sent_again(world: Any, kit: Any) -> None:
    """Refusals that may be systematic are not settled when the operator stops, and left to `resume`."""
    w = world(30)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False) if time == 1 else None
    w.clock.call_at(0.5, w.stop)
    report = w.run()
    w.check()
    assert report.interrupted
    assert report.failure is None
    assert not any(row.phase.settled for row in w.state().rows.values())
    report = w.run(resumed=True)
    w.check()
    assert report.complete
