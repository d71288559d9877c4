"""Whole runs: every promise is checked after each run by `World.check`."""

# ruff: noqa: ARG005 - a script takes row, number and time whether it needs them or not
from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bulktap.graph.replies import NotSent
from bulktap.model.errors import (
    DiskRefuses,
    ServiceUnreachable,
    ThrottledTooLong,
)
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Closed, Confirmed, Settled

ISSUED, IN_DOUBT, SKIPPED, REFUSED = RowPhase.ISSUED, RowPhase.IN_DOUBT, RowPhase.SKIPPED, RowPhase.REFUSED


def test_an_unbroken_run_issues_every_row(world: Any) -> None:
    """Every row gets its pass in one attempt, the run is closed, and nothing is noted."""
    w = world(200)
    report = w.run()
    w.check()
    assert report.complete
    assert report.failure is None
    assert set(w.phases()) == {ISSUED}
    assert isinstance(w.store.events[-1], Closed)
    assert not any(row.notes for row in w.state().rows.values())
    assert all(count == 1 for count in w.tenant.arrived.values())


def test_comparisons_share_commits_and_no_create_waits_for_them(world: Any) -> None:
    """That passes were compared is recorded for many batches at once; what is issued is recorded as it comes."""
    w = world(400)
    assert w.run().complete

    compared = [commit for commit in w.store.commits if all(isinstance(event, Confirmed) for event in commit)]
    lists = [event for event in w.listener.events if event["event"] == "batch" and not event["creates"]]
    assert sum(map(len, compared)) == 400
    assert len(compared) <= len(lists) / 2
    issued = [commit for commit in w.store.commits if any(isinstance(event, Settled) for event in commit)]
    assert len(issued) >= 20


def test_a_finished_run_is_left_alone(world: Any, kit: Any) -> None:
    """Whatever became of its passes since, resuming a finished run asks nothing and sends nothing."""
    w = world(3)
    w.tenant.fate_of = lambda row, time: kit.Fate(504, True) if row == 2 and time == 1 else None
    assert w.run().complete
    departures = len(w.tenant.departures)
    w.tenant.put(kit.object_id(2), None)
    report = w.run(resumed=True)
    assert report.complete
    assert len(w.tenant.departures) == departures
    assert w.state().closed


def test_the_run_gives_up_after_half_an_hour_without_an_accepted_step(world: Any, kit: Any) -> None:
    """Throttled without end and without a named wait: exit 7 after thirty minutes."""
    w = world(3)
    w.tenant.fate_of = lambda row, time: kit.Fate(429, False)
    report = w.run()
    w.check()
    assert isinstance(report.failure, ThrottledTooLong)
    assert 2800 <= w.clock.seconds <= 3000
    assert not report.complete


def test_waits_that_the_service_asked_for_do_not_count(world: Any, kit: Any) -> None:
    """Two hours of `Retry-After`, given while another batch is being accepted, exhaust nobody's patience."""
    w = world(40)
    w.tenant.fate_of = lambda row, time: kit.Fate(429, False, 7200.0) if row == 12 and time == 1 else None
    report = w.run()
    w.check()
    assert report.failure is None
    assert report.complete


def test_the_closing_comparison_may_take_longer_than_half_an_hour(world: Any, kit: Any) -> None:
    """Listings that are answered show that the service is alive, however slowly they come."""
    w = world(400, concurrency=1, lists_at_once=1)
    w.tenant.fate_of = lambda row, time: kit.Fate(504, False) if time == 1 else None
    w.tenant.batch_fate_of = lambda n, creates: None if creates else kit.BatchFate(takes=95.0)
    report = w.run()
    w.check()
    assert report.failure is None
    assert report.complete
    last_create = max(at for at, creates, _ in w.tenant.departures if creates)
    assert w.clock.seconds - last_create > 1800


@pytest.mark.parametrize("resumed", [False, True])
def test_a_dead_line_ends_the_run_after_half_an_hour(world: Any, kit: Any, resumed: bool) -> None:
    """Without a connection for half an hour, creating or listing, the run says so with exit 7."""
    w = world(5)
    w.tenant.batch_fate_of = lambda n, creates: kit.BatchFate(NotSent("refused"))
    report = w.run(resumed=resumed)
    w.check()
    assert isinstance(report.failure, ServiceUnreachable)


def test_a_full_disk_for_a_while_loses_nothing(world: Any) -> None:
    """Nothing is sent while the journal is blocked, what is in memory is kept, and the screen says it once."""
    w = world(120)
    blocked = (1000.45, 1300.0)
    w.store.refuses = lambda: blocked[0] <= w.clock.seconds < blocked[1]
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}
    assert len([text for text in w.listener.warnings if "disk" in text]) == 1
    assert [at for at, _, _ in w.tenant.departures if blocked[0] + 1 < at < blocked[1]] == []
    assert w.clock.wakeups < 1000


def test_a_full_disk_for_ever_ends_the_run_once(world: Any) -> None:
    """After half an hour exit 7 names the disk, however many batches wait for it."""
    w = world(120)
    w.store.refuses = lambda: w.clock.seconds > 1000.7
    report = w.run()
    assert isinstance(report.failure, DiskRefuses)
    assert w.clock.seconds < 1000 + 1900
    w.store.refuses = lambda: False
    w.check()
    report = w.run(resumed=True)
    w.check()
    assert report.complete


@pytest.mark.parametrize("after", [0, 1])
def test_a_disk_that_fills_up_at_the_very_end_is_reported(world: Any, kit: Any, after: int) -> None:
    """The last commits fail: the failure is in the report, so that results can still be written."""
    w = world(2)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False) if after else None
    w.store.refuses = lambda: len(w.tenant.departures) >= 2 and w.store.commits[-1] and w.clock.seconds >= 1000.4
    w.run()
    settled = len(w.store.commits)
    w = world(2)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False) if after else None
    w.store.refuses = lambda: len(w.store.commits) >= settled
    w2 = world(2)
    w2.tenant.fate_of = w.tenant.fate_of
    w2.run()
    last = len(w2.store.commits) - 1
    w.store.refuses = lambda: len(w.store.commits) >= last
    report = w.run()
    assert isinstance(report.failure, DiskRefuses)
    assert not report.complete


def test_an_interrupted_run_sends_no_create_any_more(world: Any, kit: Any) -> None:
    """After the request to stop nothing is sent, what is in flight is waited for, and `resume` finishes the run."""
    w = world(300)
    w.tenant.fate_of = lambda row, time: kit.Fate(429, False, 20.0) if row == 50 and time == 1 else None
    w.clock.call_at(0.7, w.stop)
    w.tenant.forbidden_from = 1000.7
    report = w.run()
    w.check()
    assert report.interrupted
    assert not report.complete
    assert RowPhase.SENT not in w.phases()
    w.tenant.forbidden_from = None
    report = w.run(resumed=True)
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}


def test_rows_in_doubt_wait_for_resume_when_the_run_is_stopped(world: Any, kit: Any) -> None:
    """A row that waits for its settle wait does not keep a stopped run from ending."""
    w = world(2)
    w.tenant.fate_of = lambda row, time: kit.Fate(504, True) if (row, time) == (1, 1) else None
    w.clock.call_at(5.0, w.stop)
    report = w.run()
    w.check()
    assert report.interrupted
    assert w.clock.seconds < 1006
    assert w.phases() == [RowPhase.SENT, ISSUED]
    report = w.run(resumed=True)
    w.check()
    assert report.complete
    assert w.phases() == [ISSUED, ISSUED]


def test_a_fault_of_the_program_is_raised_after_what_is_in_flight(world: Any) -> None:
    """Something that must not happen ends the run with its own exception; nothing in flight is lost."""
    w = world(80)

    def refuse() -> bool:
        if w.clock.seconds > 1000.5:
            raise ZeroDivisionError
        return False

    w.store.refuses = refuse
    with pytest.raises(ZeroDivisionError):
        w.run()
    assert w.complaints == []


@pytest.mark.parametrize("began", [1000.45, 1000.9, 1001.3, 1002.1])
def test_nothing_is_sent_and_nothing_spins_while_the_journal_is_blocked(world: Any, kit: Any, began: float) -> None:
    """Neither creates nor listings leave, whatever was under way when the disk filled up."""
    old = kit.START - timedelta(minutes=11)
    w = world([kit.plan_row(n, **({"listed_at": old} if n % 3 else {})) for n in range(1, 301)])
    w.store.refuses = lambda: began <= w.clock.seconds < began + 200
    report = w.run()
    w.check()
    assert report.complete
    assert [at for at, _, _ in w.tenant.departures if began + 1 < at < began + 199] == []
    assert w.clock.wakeups < 1000


@pytest.mark.parametrize("after", [0.05, 0.3, 0.45, 31.0])
def test_a_cancelled_run_leaves_no_task_behind(world: Any, kit: Any, after: float) -> None:
    """Cancelling ends what is in flight, which is then in doubt; nobody complains, and `resume` finishes."""
    w = world(30)
    w.tenant.fate_of = lambda row, time: kit.Fate(504, True) if (row, time) == (1, 1) else None
    w.clock.call_at(after, w.cancel)
    with pytest.raises(asyncio.CancelledError):
        w.run()
    w.check()
    w.clock.seconds += 1
    report = w.run(resumed=True)
    w.check()
    assert report.complete


def test_a_row_whose_listing_grows_old_during_a_hold_is_listed_again_after_it(world: Any, kit: Any) -> None:
    """With nothing in flight, the end of the hold is what wakes the run."""
    w = world([kit.plan_row(1, listed_at=kit.START - timedelta(minutes=9, seconds=59.9))])
    w.tenant.fate_of = lambda row, attempt: kit.Fate(429, False, 5.0) if attempt == 1 else None
    assert w.run().complete
    w.check()
