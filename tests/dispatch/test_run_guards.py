"""Guards while passes are issued: every promise is checked after each run by `World.check`."""

# ruff: noqa: ARG005 - a script takes row, number and time whether it needs them or not
from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.dispatch.run_guards import RunGuards
from bulktap.model.errors import GuardTripped
from bulktap.model.exit_codes import ExitCode
from bulktap.model.guards import FailureLimit
from bulktap.model.row_error_catalogue import about_guards
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Sent

if TYPE_CHECKING:
    from collections.abc import Callable

ISSUED, REFUSED, NOT_SENT = RowPhase.ISSUED, RowPhase.REFUSED, RowPhase.NOT_SENT
BARRED = about_guards.never_listed("breakglass@contoso.com", "never.txt, line 1")


def stopping_after(*limits: str) -> RunGuards:
    """Return guards with these limits."""
    return RunGuards(stop_after=tuple(map(FailureLimit.of, limits)))


@pytest.mark.parametrize(
    ("limits", "odd", "failed"),
    [
        (("5",), lambda row: row % 20 == 0, 5),
        (("1",), lambda row: row == 7, 1),
        (("2%",), lambda row: row % 25 == 0, 8),
        (("1000", "1%"), lambda row: row % 10 == 0, 4),
        (("3", "50%"), lambda row: row < 4, 3),
    ],
)
def test_a_run_stops_when_so_many_rows_have_failed(
    world: Any, kit: Any, limits: tuple[str, ...], odd: Callable[[int], bool], failed: int
) -> None:
    """Exit 6; what is under way is awaited, the rest is left, and `resume` issues it."""
    w = world(400, concurrency=1)
    w.guards = stopping_after(*limits)
    w.tenant.fate_of = lambda row, time: kit.Fate(400, False, message="This account is odd.") if odd(row) else None

    report = w.run()

    w.check()
    assert isinstance(report.failure, GuardTripped)
    assert report.failure.exit_code is ExitCode.STOPPED
    assert not report.complete
    assert "This account is odd." in report.failure.message
    phases = w.phases()
    assert failed <= phases.count(REFUSED) < failed + 20
    assert phases.count(NOT_SENT) == report.failure.values["unsent"] > 100

    w.tenant.fate_of = lambda row, time: None
    report = w.run(resumed=True)
    w.check()
    assert report.complete


def test_what_an_earlier_process_met_does_not_count_again(world: Any, kit: Any) -> None:
    """Whoever resumes has looked at it; as many more stop the run again."""
    w = world(200, concurrency=1)
    w.guards = stopping_after("3")
    w.tenant.fate_of = lambda row, time: kit.Fate(400, False, message="Odd.") if row % 10 == 0 else None

    refused = [0]
    for resumed in (False, True, True):
        report = w.run(resumed=resumed)
        w.check()
        assert isinstance(report.failure, GuardTripped)
        refused.append(w.phases().count(REFUSED))

    assert all(after - before >= 3 for before, after in pairwise(refused))


def test_refusals_that_may_be_everybodys_count_and_are_left_to_resume(world: Any, kit: Any) -> None:
    """Twenty would stop the run by themselves; the operator wanted fewer. None of them is settled."""
    w = world(100, concurrency=1)
    w.guards = stopping_after("5")
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False, message="Insufficient privileges")

    report = w.run()

    w.check()
    assert isinstance(report.failure, GuardTripped)
    assert "Insufficient privileges" in report.failure.message
    assert not any(phase.settled for phase in w.phases())
    w.tenant.fate_of = lambda row, time: None
    assert w.run(resumed=True).complete


@pytest.mark.parametrize(("limits", "odd"), [(("4",), 3), ((), 30), (("100%",), 30), (("10%",), 2)])
def test_fewer_do_not_stop_it(world: Any, kit: Any, limits: tuple[str, ...], odd: int) -> None:
    """A limit that is not reached changes nothing."""
    w = world(40)
    w.guards = stopping_after(*limits)
    w.tenant.fate_of = lambda row, time: kit.Fate(400, False, message="Odd.") if row <= odd else None

    report = w.run()

    w.check()
    assert report.complete
    assert report.failure is None
    assert w.phases().count(REFUSED) == odd


def test_a_run_with_nothing_left_to_send_is_finished_all_the_same(world: Any, kit: Any) -> None:
    """There is nothing to stop any more."""
    w = world(10)
    w.guards = stopping_after("2")
    w.tenant.fate_of = lambda row, time: kit.Fate(400, False, message="Odd.") if row > 8 else None

    report = w.run()

    w.check()
    assert report.complete
    assert report.failure is None


def test_a_barred_row_is_never_sent_and_does_not_count_as_failed(world: Any, kit: Any) -> None:
    """Its row error says why; the others are issued."""
    w = world(6)
    w.guards = RunGuards({2: BARRED, 5: BARRED}, (FailureLimit.of("1"),))

    report = w.run(resumed=True)

    w.check()
    assert report.complete
    assert w.phases() == [ISSUED, REFUSED, ISSUED, ISSUED, REFUSED, ISSUED]
    assert w.state().rows[2].error == BARRED
    assert {kit.object_id(2), kit.object_id(5)}.isdisjoint(w.tenant.arrived)


@pytest.mark.parametrize("done", [True, False])
def test_a_row_in_doubt_that_was_barred_meanwhile_is_not_sent_again(world: Any, kit: Any, done: bool) -> None:
    """Whether the lost request made a pass or not: nothing more leaves, and the row says what to look for."""
    w = world(3)
    w.tenant.fate_of = lambda row, time: kit.Fate(0, done) if row == 2 else None
    w.clock.call_at(10.0, w.kill)
    assert w.run() is None
    sent = sum(isinstance(event, Sent) and event.row == 2 for event in w.store.events)
    assert sent == 1
    w.tenant.fate_of = lambda row, time: None
    w.guards = RunGuards({2: BARRED})

    report = w.run(resumed=True)

    assert report.complete
    assert sum(isinstance(event, Sent) and event.row == 2 for event in w.store.events) == 1
    row = w.state().rows[2]
    assert row.phase is REFUSED
    assert row.error.code is RowErrorCode.NEVER_LISTED
    assert "may have made a pass" in row.error.message
    assert "delete" in row.error.hint
