"""Rows that are listed during a run: every promise is checked after each run by `World.check`."""

# ruff: noqa: ARG005 - a script takes row, number and time whether it needs them or not
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bulktap.graph.replies import EnvelopeRefused
from bulktap.model.errors import (
    NotPermitted,
    ServiceContradiction,
    ServiceUnreachable,
)
from bulktap.model.pass_terms import PassTerms
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Sent

ISSUED, IN_DOUBT, SKIPPED, REFUSED = RowPhase.ISSUED, RowPhase.IN_DOUBT, RowPhase.SKIPPED, RowPhase.REFUSED


def test_an_old_finding_is_listed_again_and_a_new_pass_left_alone(world: Any, kit: Any) -> None:
    """Ten minutes after its listing a row is listed again; who got a pass from elsewhere is skipped."""
    old = kit.START - timedelta(minutes=11)
    w = world([kit.plan_row(1, listed_at=old), kit.plan_row(2, listed_at=old), kit.plan_row(3)])
    w.tenant.issue_elsewhere(2)
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [ISSUED, SKIPPED, ISSUED]
    assert w.state().rows[2].error.code is RowErrorCode.LEFT_ALONE
    last_create = max(n for n, (_, creates, _) in enumerate(w.tenant.departures) if creates)
    before = w.tenant.departures[:last_create]
    assert 3 not in {row for _, creates, rows in before if not creates for row in rows}


def test_rows_that_wait_for_their_listing_do_not_keep_the_processor_busy(world: Any, kit: Any) -> None:
    """With thousands of old findings the loop wakes for replies, not all the time, and lists just ahead of creates."""
    old = kit.START - timedelta(minutes=11)
    w = world([kit.plan_row(n, listed_at=old) for n in range(1, 401)])
    report = w.run()
    w.check()
    assert report.complete
    assert w.clock.wakeups < 400
    first_create = next(index for index, (_, creates, _) in enumerate(w.tenant.departures) if creates)
    assert first_create < 4


def test_a_refused_list_settles_the_row(world: Any, kit: Any) -> None:
    """Who may not be listed cannot be judged: in doubt after an attempt, refused before the first."""
    old = kit.START - timedelta(minutes=11)
    w = world([kit.plan_row(1), kit.plan_row(2, listed_at=old), kit.plan_row(3, listed_at=old)])
    w.tenant.fate_of = lambda row, time: kit.Fate(504, True) if row == 1 else None
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403, message="no") if row < 3 else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [IN_DOUBT, REFUSED, ISSUED]


@pytest.mark.parametrize("rows", [2, 25])
def test_a_permission_that_is_gone_settles_no_row(world: Any, kit: Any, rows: int) -> None:
    """A resumed run that may list nobody stops, few rows or many, and finishes each once the permission is back."""
    w = world(rows)
    w.store.events.append(Sent(1, kit.START, PassTerms(None, 480, False), "lost"))
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403, message="no")
    report = w.run(resumed=True)
    w.check()
    assert isinstance(report.failure, NotPermitted)
    assert w.phases() == [RowPhase.SENT] + [RowPhase.NOT_SENT] * (rows - 1)
    w.tenant.list_fate_of = lambda row, time: None
    assert w.run(resumed=True).complete
    w.check()
    assert set(w.phases()) == {ISSUED}


def test_a_resumed_run_that_may_not_list_one_user_finishes_the_others(world: Any, kit: Any) -> None:
    """Where somebody can be listed, a refused list is about its user."""
    w = world(5)
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403, message="no") if row == 3 else None
    report = w.run(resumed=True)
    w.check()
    assert report.complete
    assert w.phases() == [ISSUED, ISSUED, REFUSED, ISSUED, ISSUED]


@pytest.mark.parametrize("forbidden", [{1}, {1, 2}, {5}])
def test_the_first_user_of_a_resumed_run_may_be_the_one_who_may_not_be_listed(
    world: Any, kit: Any, forbidden: set[int]
) -> None:
    """Listing begins with one user; who became an administrator meanwhile does not keep the others from their pass."""
    w = world(5)
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403, message="no") if row in forbidden else None
    report = w.run(resumed=True)
    w.check()
    assert report.complete
    assert w.phases() == [REFUSED if row in forbidden else ISSUED for row in range(1, 6)]


@pytest.mark.parametrize("rows", [3, 60])
def test_lists_that_are_rejected_go_step_by_step_and_then_end_the_run(world: Any, kit: Any, rows: int) -> None:
    """An envelope that is refused for ever does not keep the run going for half an hour, whoever is in it."""
    old = kit.START - timedelta(minutes=11)
    w = world([kit.plan_row(n, listed_at=old) for n in range(1, rows + 1)])
    w.tenant.batch_fate_of = lambda n, creates: kit.BatchFate(EnvelopeRefused(400, "BadRequest", ""))
    report = w.run()
    w.check()
    assert isinstance(report.failure, ServiceContradiction)
    assert w.clock.seconds < 1300


@pytest.mark.parametrize("forbidden", [range(1, 21), range(1, 41), range(21, 61)])
def test_administrators_in_a_row_are_no_missing_permission(world: Any, kit: Any, forbidden: range) -> None:
    """A sorted roster may begin with forty people whose passes may not be listed: the others get theirs."""
    w = world(60)
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403, message="no") if row in forbidden else None
    report = w.run(resumed=True)
    w.check()
    assert report.failure is None
    assert report.complete
    assert w.phases() == [REFUSED if row in forbidden else ISSUED for row in range(1, 61)]


def test_lists_that_fail_here_and_there_do_not_hold_the_others_up(world: Any, kit: Any) -> None:
    """An error of the service is no throttle: each row is listed again after a while of its own."""
    w = world(20)
    w.tenant.fate_of = lambda row, time: kit.Fate(504, True) if time == 1 else None
    w.tenant.list_fate_of = lambda row, time: kit.Fate(500) if time <= 2 else None
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}
    last_create = max(at for at, creates, _ in w.tenant.departures if creates)
    assert last_create < 1040


def test_lists_that_fail_for_ever_end_the_run_after_half_an_hour(world: Any, kit: Any) -> None:
    """Waiting to ask again is not excused, and the service is not asked all the time."""
    w = world(5)
    w.tenant.fate_of = lambda row, time: kit.Fate(504, True)
    w.tenant.list_fate_of = lambda row, time: kit.Fate(500)
    report = w.run()
    assert isinstance(report.failure, ServiceUnreachable)
    assert "HTTP 500" in report.failure.message
    assert 2800 <= w.clock.seconds <= 3000
    assert len(w.tenant.departures) < 500
