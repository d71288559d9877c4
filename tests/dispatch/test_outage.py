"""Rows that always fail, and services that fail at everything: every promise is checked by `World.check`."""

# ruff: noqa: ARG005 - a script takes row, number and time whether it needs them or not
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bulktap.dispatch.outage import Outage
from bulktap.model.errors import GaveUp
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.row_phases import RowPhase

ISSUED, IN_DOUBT, REFUSED = RowPhase.ISSUED, RowPhase.IN_DOUBT, RowPhase.REFUSED


@pytest.mark.parametrize(
    ("failures", "general"),
    [([1] * 19, False), ([1] * 20, True), ([20], False), ([20, 20], False), ([20, 1, 1], True), ([7, 7, 6], True)],
)
def test_an_outage_is_more_than_one_row_and_more_than_one_batch(failures: list[int], general: bool) -> None:
    """Three batches and twenty steps in a row, with nothing carried out in between."""
    outage, row = Outage(), 0
    for steps in failures:
        outage.failed(range(row, row + steps), 0.0)
        row += steps
    assert outage.is_general is general
    outage.worked()
    assert not outage.is_general


def test_a_few_rows_that_fail_again_and_again_are_no_outage() -> None:
    """Different rows count, however often they fail."""
    outage = Outage()
    for _ in range(30):
        outage.failed([1, 2, 3, 4], 0.0)
    assert not outage.is_general


def test_pauses_of_an_outage_grow_up_to_a_minute() -> None:
    """A pause begins when the one before is over, however many batches were under way."""
    outage, now, pauses = Outage(), 0.0, []
    for _ in range(9):
        for _ in range(3):
            outage.failed(range(20), now)
        pauses.append(outage.hold_until - now)
        now = outage.hold_until
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]


@pytest.mark.parametrize("status", [503, 500, 409, 0])
@pytest.mark.parametrize("rows", [1, 5, 60])
def test_one_user_whose_creates_always_fail_gets_an_outcome(world: Any, kit: Any, status: int, rows: int) -> None:
    """After nine requests the row stays in doubt; the others have their passes within minutes."""
    w = world(rows)
    w.tenant.fate_of = lambda row, time: kit.Fate(status, False) if row == 1 else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [IN_DOUBT] + [ISSUED] * (rows - 1)
    assert w.clock.seconds < 1000 + 600


@pytest.mark.parametrize("status", [500, 502, 504])
@pytest.mark.parametrize("rows", [2, 60])
def test_one_user_whose_passes_cannot_be_listed_gets_an_outcome(world: Any, kit: Any, status: int, rows: int) -> None:
    """Ten failures, then the row is an error; the rest of a resumed run, which lists everybody, goes on."""
    w = world(rows)
    w.tenant.list_fate_of = lambda row, time: kit.Fate(status) if row == 2 else None
    report = w.run(resumed=True)
    w.check()
    assert report.complete
    assert w.phases() == [ISSUED, REFUSED] + [ISSUED] * (rows - 2)
    assert w.state().rows[2].error.code is RowErrorCode.SERVICE_FAILED
    assert w.clock.seconds < 1000 + 600


@pytest.mark.parametrize("minutes", [2, 12, 25])
@pytest.mark.parametrize("status", [503, 500])
def test_an_outage_uses_up_nobodys_tries(world: Any, kit: Any, minutes: int, status: int) -> None:
    """The service carries nothing out for minutes: afterwards every row gets its pass."""
    w = world(45)
    over = 1000 + 60 * minutes
    w.tenant.fate_of = lambda row, time: kit.Fate(status, False) if 1000.5 < w.clock.seconds < over else None
    w.tenant.list_fate_of = lambda row, time: kit.Fate(status) if 1000.5 < w.clock.seconds < over else None
    report = w.run()
    w.check()
    assert report.failure is None
    assert report.complete
    assert set(w.phases()) == {ISSUED}
    told = [f"HTTP {status}" in text for text in w.listener.warnings]
    assert told == [True] or (minutes == 2 and not told), "said once, with the cause, unless it was soon over"
    assert len([at for at, creates, _ in w.tenant.departures if creates and at < over]) < 45 + 10 * minutes


def test_an_outage_without_end_ends_the_run_and_leaves_the_rows_to_resume(world: Any, kit: Any) -> None:
    """After half an hour exit 7; no row was given up for it."""
    w = world(45)
    w.tenant.fate_of = lambda row, time: kit.Fate(503, False)
    w.tenant.list_fate_of = lambda row, time: kit.Fate(500)
    report = w.run()
    w.check()
    assert isinstance(report.failure, GaveUp)
    assert not any(row.phase.settled for row in w.state().rows.values())
    w.tenant.fate_of = w.tenant.list_fate_of = lambda row, time: None
    assert w.run(resumed=True).complete
    w.check()
    assert set(w.phases()) == {ISSUED}


@pytest.mark.parametrize("tries", [1, 4, 9])
def test_a_user_who_is_not_known_yet_is_awaited(world: Any, kit: Any, tries: int) -> None:
    """The directory shows the user; the authentication service answers 404 for a while, to creates and lists alike."""
    w = world(30)
    known = {"at": 1000.0 + 4**tries / 300}
    w.tenant.fate_of = lambda row, time: kit.Fate(404, False) if row == 3 and w.clock.seconds < known["at"] else None
    w.tenant.list_fate_of = lambda row, time: kit.Fate(404) if row == 3 and w.clock.seconds < known["at"] else None
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == ({ISSUED} if tries < 9 else {ISSUED, REFUSED})
    assert w.clock.seconds < 1000 + 900


def test_a_user_whom_nobody_looked_up_is_refused_at_once(world: Any, kit: Any) -> None:
    """Without the directory's word a 404 is the last one."""
    w = world([kit.plan_row(1, object_id=None, upn=None), kit.plan_row(2)])
    w.tenant.fate_of = lambda row, time: kit.Fate(404, False) if row != 2 else None
    report = w.run()
    assert report.complete
    assert w.phases() == [REFUSED, ISSUED]
    assert w.clock.seconds < 1060


def test_a_start_that_the_service_shifts_is_recognised(world: Any, kit: Any) -> None:
    """A lost pass of ours whose start was moved by a minute is ours all the same."""
    from dataclasses import replace

    row = kit.plan_row(1)
    start = kit.START + timedelta(hours=3)
    w = world([replace(row, request=replace(row.request, terms=replace(row.request.terms, starts_at=start)))])
    w.tenant.fate_of = lambda row, time: kit.Fate(504, True) if time == 1 else None

    def shift() -> None:
        live = w.tenant.live(1)
        w.tenant.put(kit.object_id(1), replace(live, starts_at=live.starts_at + timedelta(minutes=1)))

    w.clock.call_at(5.0, shift)
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [ISSUED]


@pytest.mark.parametrize("odd", [(500, 500), (500, 503), (502, 504)])
def test_two_rows_that_cannot_be_listed_do_not_wait_for_each_other(world: Any, kit: Any, odd: tuple[int, int]) -> None:
    """Neither can vouch for the other: what is held is kept, and the other is given up when the tenant answers else."""
    w = world(2)
    w.tenant.fate_of = lambda row, time: kit.Fate(503, False) if row == 2 else None
    w.tenant.list_fate_of = lambda row, time: kit.Fate(odd[row - 1]) if row else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [RowPhase.ISSUED, RowPhase.IN_DOUBT]
    assert w.state().rows[1].notes
    assert w.clock.seconds < 1000 + 2700


@pytest.mark.parametrize("rows", [1, 4])
@pytest.mark.parametrize("status", [500, 502, 504])
def test_the_operator_hears_why_passes_cannot_be_compared(world: Any, kit: Any, rows: int, status: int) -> None:
    """Once, and before anybody is given up."""
    w = world(rows)
    w.tenant.list_fate_of = lambda row, time: kit.Fate(status) if row else None
    w.run()
    w.check()
    assert [f"HTTP {status}" in text for text in w.listener.warnings] == [True]
