"""Refusals that hit every row: every promise is checked after each run by `World.check`."""

# ruff: noqa: ARG005 - a script takes row, number and time whether it needs them or not
from __future__ import annotations

from typing import Any

import pytest

from bulktap.model.errors import (
    NotPermitted,
    PolicyForbids,
)
from bulktap.model.row_phases import RowPhase

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


POLICY = "Converged UserCredentialPolicy does not allow creating or updating this authentication method."


@pytest.mark.parametrize("status", [403, 400])
@pytest.mark.parametrize("own", [range(1, 21), range(1, 31), range(41, 101), range(61, 101), range(20, 60)])
def test_a_sorted_roster_is_no_missing_permission(world: Any, kit: Any, status: int, own: range) -> None:
    """Administrators, or people out of scope, stand together: each of them is refused, and everybody else served."""
    w = world(100)
    w.tenant.fate_of = lambda row, time: (
        kit.Fate(status, False, message=POLICY if status == 400 else "no") if row in own else None
    )
    report = w.run()
    w.check()
    assert report.failure is None
    assert report.complete
    assert w.phases() == [REFUSED if row in own else ISSUED for row in range(1, 101)]


@pytest.mark.parametrize("status", [403, 400])
@pytest.mark.parametrize("at", [1000.9, 1001.5, 1001.9])
def test_what_is_switched_off_in_mid_run_stops_it(world: Any, kit: Any, status: int, at: float) -> None:
    """The rest is left unsent, not refused one by one, and `resume` finishes it when it is put right."""
    w = world(400)
    gone = {"from": at}
    w.tenant.fate_of = lambda row, time: (
        kit.Fate(status, False, message=POLICY if status == 400 else "no") if w.clock.seconds >= gone["from"] else None
    )
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403) if row and w.clock.seconds >= gone["from"] else None
    w.clock.call_at(at - 1000, lambda: setattr(w.tenant, "allows_passes", False))
    report = w.run()
    w.check()
    assert isinstance(report.failure, NotPermitted if status == 403 else PolicyForbids)
    assert not report.settled
    assert set(w.phases()) == {ISSUED, RowPhase.RELEASED, RowPhase.NOT_SENT}
    gone["from"] = 10.0**9
    report = w.run(resumed=True)
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}


@pytest.mark.parametrize("own", [range(41, 101), range(51, 101)])
def test_what_is_switched_off_for_the_last_rows_stops_the_run_too(world: Any, kit: Any, own: range) -> None:
    """No row is left to show it: whether somebody served before may still be listed does."""
    w = world(100)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False) if row in own else None
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403)
    report = w.run()
    w.check()
    assert isinstance(report.failure, NotPermitted)
    assert w.phases().count(RowPhase.RELEASED) >= 20


@pytest.mark.parametrize("creates", [4, 19])
@pytest.mark.parametrize("lists", [25, 60])
def test_few_refused_creates_are_not_settled_where_nobody_may_be_listed_either(
    world: Any, kit: Any, creates: int, lists: int
) -> None:
    """The permission is gone: some rows meet it in a create, and many in the list that their doubt needs."""
    w = world(creates + lists)
    w.tenant.fate_of = lambda row, time: kit.Fate(403 if row <= creates else 503, False)
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403)
    report = w.run()
    w.check()
    assert isinstance(report.failure, NotPermitted)
    assert not any(row.phase.settled for row in w.state().rows.values())


@pytest.mark.parametrize("gone_for", [0.9, 2.0, 5.0])
def test_a_permission_that_was_gone_for_a_moment_refuses_nobody_for_good(world: Any, kit: Any, gone_for: float) -> None:
    """Rows that were refused in the meantime are listed and sent once more when others are served again."""
    w = world(60)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False) if w.clock.seconds < 1000 + gone_for else None
    w.tenant.batch_fate_of = lambda n, creates: kit.BatchFate(takes=gone_for) if creates and n else None
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}


def test_a_row_that_was_refused_for_a_moment_is_listed_before_it_is_sent_again(world: Any, kit: Any) -> None:
    """Somebody may have given its user a pass meanwhile: that one is left alone."""
    w = world(10)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False) if w.clock.seconds < 1000.1 else None
    w.clock.call_at(0.15, lambda: w.tenant.issue_elsewhere(1))
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [SKIPPED] + [ISSUED] * 9


@pytest.mark.parametrize(
    ("refused", "lost", "unlisted"),
    [({1}, {2}, {1}), ({1}, {2, 3}, {1, 3}), (set(), {1, 2}, {1, 3}), ({1, 3}, {2}, set()), ({1, 3}, {2, 4}, {1})],
)
@pytest.mark.parametrize("status", [403, 400])
def test_an_answer_between_two_refusals_makes_the_second_nobodys_own(
    world: Any, kit: Any, refused: set[int], lost: set[int], unlisted: set[int], status: int
) -> None:
    """Policy and permission come and go: each row is tried once more after each time that they were away.

    Given are the creates of three rows that are refused, counted from 1, those that are answered 503, and the lists
    that are refused.
    """
    w = world(12)
    slow = range(1, 4)
    no = kit.Fate(status, False, message=POLICY if status == 400 else "no")

    def fate(row: int, time: int) -> Any:
        if row not in slow:
            return None
        return no if time in refused else kit.Fate(503, False) if time in lost else None

    w.tenant.fate_of = fate
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403) if row in slow and time in unlisted else None
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}
