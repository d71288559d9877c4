"""Runs that are resumed: every promise is checked after each run by `World.check`."""

# ruff: noqa: ARG005 - a script takes row, number and time whether it needs them or not
from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bulktap.graph.replies import Doubtful
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass
from bulktap.model.plan import Action
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Sent

ISSUED, IN_DOUBT, SKIPPED, REFUSED = RowPhase.ISSUED, RowPhase.IN_DOUBT, RowPhase.SKIPPED, RowPhase.REFUSED


@pytest.mark.parametrize("kill", [True, False])
def test_stopped_or_killed_in_any_round_the_run_can_be_finished(world: Any, kit: Any, kill: bool) -> None:
    """Whatever round of the event loop is the last, `resume` keeps every promise."""

    def fresh() -> Any:
        w = world(6)
        fates = {(1, 1): kit.Fate(504, True), (2, 1): kit.Fate(503, True, 2.0), (3, 1): kit.Fate(0, True),
                 (4, 1): kit.Fate(429, False, 1.0)}  # fmt: skip
        w.tenant.fate_of = lambda row, time: fates.get((row, time))
        return w

    probe = fresh()
    probe.run()
    for last in range(3, probe.rounds - 8, 2):
        w = fresh()
        w.run(**{"kill_in_round" if kill else "stop_in_round": last})
        if kill:
            w.complaints.clear()
        w.check()
        report = w.run(resumed=True)
        w.check()
        assert report.complete, last
        assert set(w.phases()) == {ISSUED}, (last, w.phases())


def test_a_resumed_run_lists_before_it_sends(world: Any) -> None:
    """Rows that the journal has no attempt of are listed first."""
    w = world(3)
    report = w.run(resumed=True)
    w.check()
    assert report.complete
    first_create = {
        row: next(n for n, d in enumerate(w.tenant.departures) if d[1] and row in d[2]) for row in (1, 2, 3)
    }
    first_list = {row: next(n for n, d in enumerate(w.tenant.departures) if row in d[2]) for row in (1, 2, 3)}
    assert all(first_list[row] < first_create[row] for row in first_create)


def test_a_service_clock_that_was_wrong_keeps_no_row_waiting(world: Any, kit: Any) -> None:
    """An attempt of a process that is gone has landed after its time, whatever clock it was recorded by."""
    w = world(1)
    w.tenant.dates = False
    w.store.events.append(Sent(1, kit.START + timedelta(hours=3), PassTerms(None, 480, False), "lost"))
    report = w.run(resumed=True)
    w.check()
    assert report.complete
    assert 1190 <= w.clock.seconds < 1270


@pytest.mark.parametrize("wrong_by", [0, 600, -600])
def test_an_old_copy_of_the_journal_replaces_no_pass(world: Any, wrong_by: int) -> None:
    """A pass created since the run began, by the service's clock, puts the row in doubt and says why."""
    w = world(2)
    w.clock.wrong_by = timedelta(seconds=wrong_by)
    w.plan = replace(w.plan, created_at=w.clock.now())
    w.run()
    w.check()
    live = w.tenant.live(1).pass_id
    w.store.events.clear()
    report = w.run(resumed=True)
    assert w.tenant.violations == []
    assert report.complete
    assert w.phases() == [IN_DOUBT, IN_DOUBT]
    assert w.tenant.live(1).pass_id == live
    assert "reply" not in w.state().rows[1].error.message


def test_a_pass_from_before_the_run_is_left_alone_by_resume(world: Any, kit: Any) -> None:
    """A pass that is older than the run and not named by the plan: skipped."""
    w = world(1)
    w.tenant.issue_elsewhere(1, created_at=kit.START - timedelta(minutes=30))
    report = w.run(resumed=True)
    w.check()
    assert report.complete
    assert w.phases() == [SKIPPED]


@pytest.mark.parametrize("wrong_by", [0, 90, -3600])
def test_resume_waits_until_an_attempt_of_a_dead_process_can_no_longer_land(
    world: Any, kit: Any, wrong_by: int
) -> None:
    """The attempt is given its reply timeout and settle wait by the service's clock, whatever ours says."""
    w = world(1)
    w.tenant.batch_fate_of = lambda n, creates: (
        kit.BatchFate(Doubtful("?"), done=True, late=120.0) if n == 0 and creates else None
    )
    w.clock.call_at(1.0, w.kill)
    w.run()
    w.complaints.clear()
    assert w.phases() == [RowPhase.SENT]
    w.clock.wrong_by = timedelta(seconds=wrong_by)
    began = w.clock.seconds
    report = w.run(resumed=True)
    w.check()
    assert report.complete
    assert w.tenant.made_by_us(1) == 2
    created = [at for at, creates, _ in w.tenant.departures if creates]
    assert 129 <= created[1] - created[0] < 235
    assert w.clock.seconds - began < 300


def test_a_refusal_in_the_closing_comparison_is_settled(world: Any, kit: Any) -> None:
    """A resumed run whose only create is refused has an outcome for every row all the same."""
    w = world(1)
    w.tenant.fate_of = lambda row, time: kit.Fate(504, True) if time == 1 else None
    w.clock.call_at(31.0, w.stop)
    w.run()
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False)
    w.tenant.put(kit.object_id(1), None)
    report = w.run(resumed=True)
    assert w.tenant.violations == []
    assert report.complete
    assert w.state().closed


@pytest.mark.parametrize(
    ("age", "lag", "left_alone"),
    [(1, 60, True), (10, 3600, True), (14, 3600, True), (16, 3600, False), (1, 0, True), (16, 0, True)],
)
@pytest.mark.parametrize("named_by", ["object id", "user"])
def test_a_pass_that_another_run_of_ours_issued_lately_is_live_whatever_the_list_says(
    world: Any, kit: Any, age: float, lag: float, left_alone: bool, named_by: str
) -> None:
    """Lists lag: the same roster applied again a minute later replaces nobody's pass."""
    w = world(2)
    created = kit.START - timedelta(minutes=age)
    pass_id = w.tenant.issue_elsewhere(1, created_at=created, starts_at=created)
    w.clock.seconds += 0.1
    w.tenant.list_lag = lag
    name = kit.object_id(1) if named_by == "object id" else "USER1@contoso.com".casefold()
    w.recent = {name: AccessPass(pass_id, created, created, 600, False)}
    report = w.run(resumed=True)
    assert report.complete
    assert w.phases() == [SKIPPED if left_alone else ISSUED, ISSUED]


def test_a_recent_pass_that_the_plan_names_is_replaced(world: Any, kit: Any) -> None:
    """What was signed off is done, also where the list does not show the pass yet."""
    w = world([kit.plan_row(1, action=Action.REPLACE, existing_pass_id="other-1", listed_at=None)])
    pass_id = w.tenant.issue_elsewhere(1)
    w.tenant.list_lag = 60.0
    w.recent = {kit.object_id(1): AccessPass(pass_id, kit.START, kit.START, 600, False)}
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [ISSUED]


def test_a_recent_pass_that_was_replaced_since_does_not_hide_the_newer_one(world: Any, kit: Any) -> None:
    """The list shows a pass that is later than ours: that one is left alone."""
    w = world(1)
    newer = w.tenant.issue_elsewhere(1)
    created = kit.START - timedelta(minutes=5)
    w.recent = {kit.object_id(1): AccessPass("ours-of-another-run", created, created, 600, False)}
    report = w.run(resumed=True)
    assert report.complete
    assert w.phases() in ([SKIPPED], [IN_DOUBT])
    assert w.tenant.live(1).pass_id == newer
