"""Rows whose reply was lost: every promise is checked after each run by `World.check`."""

# ruff: noqa: ARG005 - a script takes row, number and time whether it needs them or not
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bulktap.cli.setting_options import with_options
from bulktap.dispatch.doubt_times import DoubtTimes
from bulktap.graph.replies import Doubtful, Unavailable
from bulktap.model.person_events import ReissueAsked
from bulktap.model.plan import Action
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.row_phases import RowPhase

ISSUED, IN_DOUBT, SKIPPED, REFUSED = RowPhase.ISSUED, RowPhase.IN_DOUBT, RowPhase.SKIPPED, RowPhase.REFUSED


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("status", [0, 500, 502, 503, 504, 507, 408, 409, 412, 421, 423, 425])
def test_a_lost_answer_is_settled_by_listing(world: Any, kit: Any, status: int, done: bool) -> None:
    """It waits the settle wait, is listed, issued again with a note, and compared when lists show what was done."""
    w = world(3)
    w.tenant.fate_of = lambda row, time: kit.Fate(status, done) if row == 2 and time == 1 else None
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}
    assert len(w.state().rows[2].notes) == 1
    lists = [at for at, creates, rows in w.tenant.departures if not creates and 2 in rows]
    creates = [at for at, creates, rows in w.tenant.departures if creates and 2 in rows]
    assert 30 <= lists[0] - creates[0] < 31
    assert len(lists) == 2, "before issuing again, and when whatever the first request did is shown"
    assert 190 <= lists[1] - creates[0] < 191


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("wait", [None, 7.0, 45.0])
def test_a_503_is_looked_into_before_it_is_repeated(world: Any, kit: Any, done: bool, wait: float | None) -> None:
    """It proves nothing, and asks to wait: the longer of both waits counts."""
    w = world(2)
    w.tenant.fate_of = lambda row, time: kit.Fate(503, done, retry_after=wait) if (row, time) == (1, 1) else None
    report = w.run()
    w.check()
    assert report.complete
    of_first = [(at, creates) for at, creates, rows in w.tenant.departures if 1 in rows]
    assert [creates for _, creates in of_first] == [True, False, True, False]
    assert of_first[1][0] - of_first[0][0] >= max(30.0, wait or 0.0)
    assert len(w.state().rows[1].notes) == 1
    assert w.state().rows[2].notes == []


@pytest.mark.parametrize(
    ("status", "late"),
    [(status, late) for status in (503, 504, 409, 0) for late in (0.5, 3.0, 40.0, 95.0)] + [(429, 3.0), (429, 20.0)],
)
def test_a_create_that_takes_effect_after_its_answer(world: Any, kit: Any, status: int, late: float) -> None:
    """Whatever it was answered, the passcode that is handed out in the end works."""
    w = world(8)
    w.tenant.fate_of = lambda row, time: kit.Fate(status, True, 1.0, late=late) if row < 7 and time == 1 else None
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}


def test_somebody_elses_pass_is_not_taken_for_a_throttled_request_of_ours(world: Any, kit: Any) -> None:
    """Where rows that met no 429 are replaced too, somebody else is at work, and their passes are left alone."""
    w = world(6)
    w.tenant.fate_of = lambda row, time: kit.Fate(429, False, 1.0) if row < 4 and time == 1 else None
    for row in range(1, 7):
        w.clock.call_at(20.0, lambda row=row: w.tenant.issue_elsewhere(row, lifetime=480))
    w.tenant.batch_fate_of = lambda n, creates: (
        None if creates or w.clock.seconds > 1025 else kit.BatchFate(Unavailable(25.0))
    )
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {IN_DOUBT}
    assert all(not w.tenant.live(row).ours for row in range(1, 7))


def test_an_outer_503_releases_all_and_is_repeated(world: Any, kit: Any) -> None:
    """A 503 of the envelope, its steps carried out all the same, ends with live passes and notes."""
    w = world(1)
    w.tenant.batch_fate_of = lambda n, creates: kit.BatchFate(Unavailable(3.0), done=True) if n == 0 else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.tenant.made_by_us(1) == 2
    assert w.state().rows[1].notes


def test_a_503_that_is_listed_before_its_repeat_is_judged_by_the_doubt_rule(world: Any, kit: Any) -> None:
    """After a long hold the finding is old: the pass of the 503 is recognised as ours and issued again."""
    w = world(1)
    w.tenant.fate_of = lambda row, time: kit.Fate(503, True, retry_after=900) if time == 1 else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [ISSUED]


def test_a_batch_without_reply_that_was_carried_out(world: Any, kit: Any) -> None:
    """Nothing was read of a batch whose passes were made: they are ours and lost, and issued again with a note."""
    w = world(4)
    w.tenant.batch_fate_of = lambda n, creates: kit.BatchFate(Doubtful("reset"), done=True) if n == 1 else None
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}


@pytest.mark.parametrize("late", [99.0, 110.0, 129.0, 131.0, 140.0])
def test_a_batch_that_lands_late(world: Any, kit: Any, late: float) -> None:
    """A batch may land up to the end of the settle wait, or in the middle of what we do about it."""
    w = world(2)
    w.tenant.batch_fate_of = lambda n, creates: (
        kit.BatchFate(Doubtful("no answer"), done=True, late=late) if n == 0 else None
    )
    report = w.run()
    w.check()
    assert report.complete


def test_a_pass_of_somebody_else_is_never_replaced_in_doubt(world: Any, kit: Any) -> None:
    """The reply was lost and somebody else issued meanwhile: the row stays in doubt and says so."""
    w = world(1)
    w.tenant.fate_of = lambda row, time: kit.Fate(504, True) if time == 1 else None
    w.clock.call_at(10.0, lambda: w.tenant.issue_elsewhere(1))
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [IN_DOUBT]
    error = w.state().rows[1].error
    assert error.code is RowErrorCode.IN_DOUBT
    assert "somebody else" in error.message
    assert w.tenant.arrived[kit.object_id(1)] == 1


def test_somebody_else_issuing_after_us_is_found_by_the_closing_comparison(world: Any, kit: Any) -> None:
    """A row issued again whose pass was replaced by somebody else stays in doubt."""
    w = world(2)
    w.tenant.fate_of = lambda row, time: kit.Fate(504, True) if (row, time) == (1, 1) else None
    w.tenant.fate_of = lambda row, time: (
        kit.Fate(504, True) if time == 1 and row == 1 else kit.Fate(429, False, 90.0) if time == 1 else None
    )
    w.clock.call_at(93.0, lambda: w.tenant.issue_elsewhere(1))
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases()[0] in {IN_DOUBT, ISSUED}


def test_the_pass_that_the_plan_means_to_replace_is_replaced_in_doubt_too(world: Any, kit: Any) -> None:
    """A lost reply that created nothing finds the old pass, which the plan names: issue."""
    w = world([kit.plan_row(1, action=Action.REPLACE, existing_pass_id="other-1")])
    w.tenant.issue_elsewhere(1)
    w.tenant.fate_of = lambda row, time: kit.Fate(504, False) if time == 1 else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [ISSUED]


@pytest.mark.parametrize("lag", [4.0, 6.0, 19.0, 60.0])
def test_listings_that_lag(world: Any, kit: Any, lag: float) -> None:
    """A listing that lags behind our second create is asked again before anything is judged."""
    w = world(2)
    w.tenant.list_lag = lag
    w.tenant.fate_of = lambda row, time: kit.Fate(504, True) if (row, time) == (1, 1) else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [ISSUED, ISSUED]
    assert w.tenant.arrived[kit.object_id(1)] == 2


def test_lost_replies_end_after_eight_more_tries(world: Any, kit: Any) -> None:
    """A row whose replies are always lost is sent nine times in all and stays in doubt."""
    w = world(2)
    w.tenant.fate_of = lambda row, time: kit.Fate(504, True) if row == 1 else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [IN_DOUBT, ISSUED]
    assert w.tenant.arrived[kit.object_id(1)] == 9


def test_throttling_between_does_not_use_up_the_tries(world: Any, kit: Any) -> None:
    """A row in doubt that waits for its next create for hours is listed again and again, and keeps its tries."""
    w = world(1)
    w.tenant.fate_of = lambda row, time: (
        kit.Fate(504, True) if time == 1 else kit.Fate(429, False, 1500.0) if time < 15 else None
    )
    report = w.run()
    w.check()
    assert report.failure is None
    assert report.complete
    assert w.phases() == [ISSUED]


def test_a_429_and_503_mixture_on_a_small_roster(world: Any, kit: Any) -> None:
    """Three rows that are turned away again and again get their passes in the end."""
    w = world(3)
    w.tenant.fate_of = lambda row, time: (
        kit.Fate([429, 503][(row + time) % 2], (row + time) % 4 == 1, retry_after=[None, 2.5][time % 2])
        if time < 6
        else None
    )
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}
    assert report.throttled_steps == 8, "a 503 says nothing about a limit"


def test_a_long_settle_wait_is_not_impatience(world: Any, kit: Any) -> None:
    """An operator may ask for a settle wait of an hour."""
    w = world(1, times=DoubtTimes(100.0, 3600.0))
    w.tenant.fate_of = lambda row, time: kit.Fate(504, True) if time == 1 else None
    report = w.run()
    w.check()
    assert report.failure is None
    assert report.complete


def test_a_mismatch_found_at_the_end_is_issued_again_and_compared_once_more(world: Any, kit: Any) -> None:
    """An attempt that lands after its comparison is found by the closing one, which is then repeated."""
    w = world(30)
    w.tenant.batch_fate_of = lambda n, creates: (
        kit.BatchFate(Doubtful("reset"), done=True, takes=1.0, late=45.0) if n == 0 else None
    )
    w.tenant.fate_of = lambda row, time: kit.Fate(504, False) if row == 30 and time <= 2 else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases()[0] is ISSUED
    last = [d for d in w.tenant.departures if 1 in d[2]]
    creates = max(n for n, d in enumerate(last) if d[1])
    assert len(last) - creates - 1 >= 1


def test_a_mismatch_that_waits_for_its_create_uses_up_no_tries(world: Any, kit: Any) -> None:
    """A pass that was found dead and cannot be issued again for hours is listed again, and keeps its tries."""
    w = world(2)

    def fate(row: int, time: int) -> Any:
        if row == 2:
            return kit.Fate(429, False, 65.0) if time == 1 else None
        if time == 1:
            return kit.Fate(504, True, late=66.0)
        return kit.Fate(429, False, 1500.0) if 3 <= time < 12 else None

    w.tenant.fate_of = fate
    report = w.run()
    w.check()
    assert report.complete
    assert w.tenant.arrived[kit.object_id(1)] == 12
    assert w.phases() == [ISSUED, ISSUED]


def test_a_pass_of_another_lifetime_is_left_alone_where_none_was_asked(world: Any, kit: Any) -> None:
    """The tenant's default says how long ours would work; another one is somebody else's and is not replaced."""
    row = kit.plan_row(1)
    w = world(
        [
            replace(row, request=replace(row.request, terms=replace(row.request.terms, lifetime_minutes=None))),
            kit.plan_row(2),
        ]
    )
    w.tenant.fate_of = lambda row, time: kit.Fate(504, True) if row == 1 and time == 1 else None
    w.clock.call_at(10.0, lambda: w.tenant.issue_elsewhere(1))
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [IN_DOUBT, ISSUED]
    assert not w.tenant.live(1).ours


@pytest.mark.parametrize("first", [503, 504])
def test_a_refusal_after_a_doubt_says_that_a_pass_may_be_there(world: Any, kit: Any, first: int) -> None:
    """Nothing else would tell that the user holds a pass whose passcode nobody has."""
    w = world(2)
    w.tenant.fate_of = lambda row, time: kit.Fate(first, True) if time == 1 else kit.Fate(400, False, message="no")
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [REFUSED, REFUSED]
    error = w.state().rows[1].error
    assert "a pass whose passcode nobody has" in error.message
    assert "feed this row back in: the new run knows what this one sent" in with_options(error.hint)


@pytest.mark.parametrize("status", [0, 503, 504, 409])
@pytest.mark.parametrize(("late", "lag"), [(45.0, 0.0), (90.0, 0.0), (128.0, 0.0), (110.0, 25.0), (128.0, 25.0)])
def test_what_lands_after_somebody_else_has_acted_is_ours_again(
    world: Any, kit: Any, status: int, late: float, lag: float
) -> None:
    """Somebody else gives the user a pass while ours is under way: decided when that is over, and lists can show it."""
    w = world(2)
    w.tenant.list_lag = lag
    w.tenant.fate_of = lambda row, time: kit.Fate(status, True, late=late) if (row, time) == (1, 1) else None
    w.clock.call_at(5.0, lambda: w.tenant.issue_elsewhere(1))
    w.clock.call_at(late + 0.1, w.tenant.settle)
    report = w.run()
    w.tenant.violations.clear()  # what was under way replaced somebody else's pass, and nobody could stop it
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}
    assert len(w.state().rows[1].notes) == 1


@pytest.mark.parametrize("status", [0, 503, 504, 409])
def test_what_somebody_else_has_given_is_left_alone_when_nothing_of_ours_lands(
    world: Any, kit: Any, status: int
) -> None:
    """The row says so when the request can no longer take effect."""
    w = world(2)
    w.tenant.fate_of = lambda row, time: kit.Fate(status, False) if (row, time) == (1, 1) else None
    w.clock.call_at(5.0, lambda: w.tenant.issue_elsewhere(1))
    report = w.run()
    w.check()
    assert report.complete
    assert w.phases() == [IN_DOUBT, ISSUED]


@pytest.mark.parametrize("status", [0, 503, 504, 409])
@pytest.mark.parametrize(("late", "lag"), [(100.0, 55.0), (110.0, 35.0), (125.0, 50.0), (128.0, 25.0), (129.0, 58.0)])
def test_a_late_effect_that_lists_do_not_show_yet(world: Any, kit: Any, status: int, late: float, lag: float) -> None:
    """No passcode is called good by a list that is older than what our own late request may have done to it."""
    w = world(2)
    w.tenant.list_lag = lag
    w.tenant.fate_of = lambda row, time: kit.Fate(status, True, late=late) if (row, time) == (1, 1) else None
    w.clock.call_at(late + 0.1, w.tenant.settle)
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}
    assert len(w.state().rows[1].notes) == 2, "issued again because nothing was found, and because it was replaced"


@pytest.fixture
def never_compared(world: Any, kit: Any) -> Any:
    """A run whose first row's lost request was carried out late, and whose closing comparison was not permitted."""
    w = world(2)
    w.tenant.fate_of = lambda row, time: kit.Fate(503, True, late=100.0) if (row, time) == (1, 1) else None
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403, False) if w.clock.seconds > 1060 and row else None
    w.clock.call_at(101.0, w.tenant.settle)
    assert w.run().complete
    assert set(w.phases()) == {ISSUED}
    assert w.tenant.live(1).passcode != w.state().rows[1].issued.value.reveal(), "nobody could tell"
    w.store.events.append(
        ReissueAsked(1, w.clock.now(), w.state().rows[1].issued.access_pass.pass_id, w.plan.rows[0].request.terms)
    )
    return w


def test_what_was_never_compared_is_known_when_it_is_issued_again(never_compared: Any) -> None:
    """The pass that our late request left is ours to replace, also an hour later."""
    w = never_compared
    w.tenant.list_fate_of = lambda row, time: None
    report = w.run(resumed=True)
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}


def test_a_passcode_that_may_not_be_looked_at_is_not_withheld_for_a_wish(never_compared: Any, kit: Any) -> None:
    """A new pass was asked for and not sent: what stood before stands, and the row says so."""
    w, before = never_compared, never_compared.state().rows[1].issued
    w.tenant.list_fate_of = lambda row, time: kit.Fate(403, False) if row == 1 else None
    report = w.run(resumed=True)
    assert report.complete
    row = w.state().rows[1]
    assert (row.phase, row.issued) == (ISSUED, before)
    assert any("was not issued" in note for note in row.notes)
    assert w.tenant.arrived[kit.object_id(1)] == 2
