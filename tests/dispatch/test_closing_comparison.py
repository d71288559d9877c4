"""Every pass is compared in the end: every promise is checked after each run by `World.check`."""

# ruff: noqa: ARG001, ARG005 - a script takes row, number and time whether it needs them or not
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bulktap.graph.replies import NotSent, Unavailable
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Closed
from bulktap.model.setting_names import Command

ISSUED, IN_DOUBT, SKIPPED = RowPhase.ISSUED, RowPhase.IN_DOUBT, RowPhase.SKIPPED


def test_every_pass_is_compared_once(world: Any) -> None:
    """A list for each row in batches of twenty, after the last create, and a word in the journal for each."""
    w = world(200)
    report = w.run()
    w.check()
    lists = [rows for _, creates, rows in w.tenant.departures if not creates]
    assert sorted(row for rows in lists for row in rows) == list(range(1, 201))
    assert len(lists) < 20
    assert not report.changed
    assert all(row.confirmed for row in w.state().rows.values())


@pytest.mark.parametrize("creates_at_once", [1, 2, 6, 10, 24])
def test_lists_have_a_window_of_their_own(world: Any, kit: Any, creates_at_once: int) -> None:
    """However few creates may be in flight, the comparison grows to twenty-four batches of lists and no more."""
    w = world(2400, concurrency=creates_at_once)
    w.tenant.batch_fate_of = lambda n, creates: kit.BatchFate(takes=1.0)
    report = w.run()
    w.check()
    assert report.complete
    assert most_at_once(w, creates=True) <= creates_at_once
    assert most_at_once(w, creates=False) == 24


def most_at_once(w: Any, *, creates: bool) -> int:
    """Return how many batches of a kind left in less time than one of them takes."""
    left = [at for at, creating, _ in w.tenant.departures if creating is creates]
    return max(sum(at <= other < at + 0.999 for other in left) for at in left)


@pytest.mark.parametrize("replaced", [{1}, {2, 3}, {60}, set(range(1, 61))])
def test_a_pass_that_somebody_else_replaced_is_not_handed_out_without_a_word(
    world: Any, kit: Any, replaced: set[int]
) -> None:
    """Two administrators at once: who comes first learns that the passcode is dead, and leaves the other's alone."""
    w = world(60)
    w.tenant.batch_fate_of = lambda n, creates: None if creates else kit.BatchFate(takes=3.0)
    for row in replaced:
        w.clock.call_at(2.5, lambda row=row: w.tenant.issue_elsewhere(row, lifetime=480))
    report = w.run()
    w.check()
    assert report.complete
    assert report.changed
    assert {row.number for row in w.state().rows.values() if row.phase is IN_DOUBT} == replaced
    assert all(not w.tenant.live(row).ours for row in replaced)


@pytest.mark.parametrize("lag", [10.0, 60.0, 90.0, 400.0])
def test_a_list_that_lags_withholds_no_passcode(world: Any, lag: float) -> None:
    """Nothing listed is no evidence: the passcode is handed out, with a note where the list lags for too long."""
    w = world(5)
    w.tenant.list_lag = lag
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}
    assert [bool(row.notes) for row in w.state().rows.values()] == [lag > 65] * 5
    assert sum(w.tenant.arrived.values()) == 5


def test_an_older_pass_in_a_lagging_list_is_not_taken_for_a_replacement(world: Any, kit: Any) -> None:
    """A plan that replaces a pass: the list shows the old one for minutes, which says nothing about ours."""
    from bulktap.model.plan import Action

    w = world([kit.plan_row(1, action=Action.REPLACE, existing_pass_id="other-1")])
    w.tenant.issue_elsewhere(1)
    w.clock.seconds += 100
    w.tenant.list_lag = 500.0
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [ISSUED]


def test_results_are_there_before_the_passes_are_compared(world: Any, kit: Any) -> None:
    """Whoever waits is told once, when every row has its outcome, and before the first comparison."""
    w = world(30)
    w.tenant.fate_of = lambda row, time: kit.Fate(504, True) if (row, time) == (4, 1) else None
    told: list[tuple[float, bool]] = []

    async def when_settled() -> None:
        told.append((w.clock.seconds, all(row.phase.settled for row in w.state().rows.values())))

    w.when_settled = when_settled
    report = w.run()
    w.check()
    assert report.complete
    assert [settled for _, settled in told] == [True]
    comparing = [at for at, creates, rows in w.tenant.departures if not creates and 5 in rows]
    assert 1030 < told[0][0] <= comparing[0] < 1040
    assert w.clock.seconds > 1130, "the row that had a doubt behind it is compared when nothing can land any more"


@pytest.mark.parametrize("after", [0.0, 0.1, 50.0])
def test_comparing_can_be_stopped_and_is_finished_by_resume(world: Any, kit: Any, after: float) -> None:
    """Every row has its outcome, the run is not closed, and resuming it compares what is left and sends no create."""
    w = world(30)
    w.tenant.fate_of = lambda row, time: kit.Fate(504, False) if (row, time) == (4, 1) else None

    async def when_settled() -> None:
        if after:
            w.clock.call_at(w.clock.seconds - 1000.0 + after, w.stop)
        else:
            w.stop()

    w.when_settled = when_settled
    report = w.run()
    w.check()
    assert report.interrupted
    assert report.settled
    assert not report.complete
    creates = sum(creates for _, creates, _ in w.tenant.departures)
    w.when_settled = None
    report = w.run(resumed=True)
    w.check()
    assert report.complete
    assert sum(creates for _, creates, _ in w.tenant.departures) == creates
    assert isinstance(w.store.events[-1], Closed)


def test_comparing_that_would_take_too_long_is_cut_to_what_has_a_doubt_behind_it(world: Any, kit: Any) -> None:
    """Where ten minutes would not do, rows beyond doubt are left out, counted, and named; the others are compared."""
    w = world(3000, concurrency=1, lists_at_once=1)
    w.tenant.fate_of = lambda row, time: kit.Fate(504, False) if row == 2999 and time == 1 else None
    w.tenant.batch_fate_of = lambda n, creates: None if creates else kit.BatchFate(takes=8.0)
    report = w.run()
    w.check()
    assert report.complete
    assert w.state().rows[2999].confirmed
    assert 1000 < report.left_out < 3000
    assert report.left_out == sum(not row.confirmed for row in w.state().rows.values())
    assert any(str(Command.VERIFY) in text for text in w.listener.warnings)


@pytest.mark.parametrize("fate", [Unavailable(2.0), NotSent("refused")])
def test_a_service_that_is_gone_while_comparing_leaves_the_outcomes(world: Any, kit: Any, fate: Any) -> None:
    """Exit 7 in the end, every row with its pass; resuming compares."""
    w = world(3)
    w.tenant.batch_fate_of = lambda n, creates: None if creates else kit.BatchFate(fate)
    report = w.run()
    w.check()
    assert report.failure is not None
    assert report.settled
    assert set(w.phases()) == {ISSUED}
    w.tenant.batch_fate_of = lambda n, creates: None
    assert w.run(resumed=True).complete
    w.check()


def test_a_pass_that_its_user_may_not_use_says_so(world: Any, kit: Any) -> None:
    """The service creates it all the same and calls it disabled by policy; the row has a note."""
    w = world(3)
    w.tenant.unusable = {kit.object_id(2)}
    report = w.run()
    w.check()
    assert report.complete
    notes = [row.notes for row in w.state().rows.values()]
    assert [len(one) for one in notes] == [0, 1, 0]
    assert "DisabledByPolicy" in notes[1][0]


def test_an_older_view_does_not_take_back_what_a_newer_one_has_shown(world: Any, kit: Any) -> None:
    """Replicas lag differently: a later pass that was listed once is there, also where the next list shows ours."""
    w = world(2)
    w.clock.call_at(0.5, lambda: w.tenant.issue_elsewhere(1, lifetime=480))
    shown: list[float] = []

    def list_fate(row: int, time: int) -> Any:
        w.tenant.list_lag = 0.0 if not shown else 20.0
        shown.append(w.clock.seconds)

    w.tenant.batch_fate_of = lambda n, creates: None if creates or n > 2 else kit.BatchFate(takes=3.0)
    w.tenant.list_fate_of = list_fate
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [IN_DOUBT, ISSUED]


@pytest.mark.parametrize("late", [1.0, 3.0])
def test_no_pace_is_measured_from_a_service_that_is_unavailable(world: Any, kit: Any, late: float) -> None:
    """A 503 says nothing about a limit: when it is over, the rest leaves as fast as ever."""
    w = world(200)
    w.tenant.fate_of = lambda row, time: (
        kit.Fate(503 if row % 3 else 429, False, late) if row < 40 and time == 1 else None
    )
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}
    assert w.clock.seconds < 1000 + 400


@pytest.mark.parametrize("apart", [-1.5, -0.3, 0.0, 0.3, 1.5])
def test_of_two_passes_of_one_moment_none_is_handed_out_without_a_word(world: Any, kit: Any, apart: float) -> None:
    """Replicas show now one and now the other, and which was later cannot be told by clocks that differ."""
    w = world(2)
    shown: list[float] = []

    def list_fate(row: int, time: int) -> Any:
        """Show the other administrator's pass first, and ours in all later views."""
        if row == 1:
            shown.append(w.clock.seconds)
            held = w.state().rows[1].issued.access_pass
            if len(shown) == 1:
                theirs = held.created_at + timedelta(seconds=apart)
                w.tenant.issue_elsewhere(1, created_at=theirs, lifetime=480)
            elif len(shown) == 2:
                w.tenant.history[kit.object_id(1)].pop()

    w.tenant.list_fate_of = list_fate
    report = w.run()
    w.check()
    assert report.complete
    row = w.state().rows[1]
    assert row.phase is ISSUED
    assert bool(row.notes) == (apart > 0)
    assert len(shown) == (4 if apart > 0 else 2)


@pytest.mark.parametrize("rows", [1, 2, 6])
def test_passes_that_nobody_can_be_compared_with_are_kept(world: Any, kit: Any, rows: int) -> None:
    """Every list fails, for ever: the passcodes stay, with a note, and the run ends."""
    w = world(rows)
    w.tenant.list_fate_of = lambda row, time: kit.Fate(500)
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}
    assert all(row.notes for row in w.state().rows.values())
    assert w.clock.seconds < 1000 + 900
