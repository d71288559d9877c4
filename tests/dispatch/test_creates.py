"""Batches that are turned away: every promise is checked after each run by `World.check`."""

# ruff: noqa: ARG001, ARG005 - a script takes row, number and time whether it needs them or not
from __future__ import annotations

from typing import Any

import pytest

from bulktap.graph.replies import EnvelopeRefused, NotSent, Throttled
from bulktap.model.errors import (
    ServiceContradiction,
    SignInFailed,
)
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Released

ISSUED, IN_DOUBT, SKIPPED, REFUSED = RowPhase.ISSUED, RowPhase.IN_DOUBT, RowPhase.SKIPPED, RowPhase.REFUSED


def test_nothing_leaves_during_a_hold(world: Any, kit: Any) -> None:
    """A `Retry-After` holds creates and listings alike."""
    w = world(30)
    w.tenant.fate_of = lambda row, time: (
        kit.Fate(504, True) if (row, time) == (1, 1) else kit.Fate(429, False, 40.0) if (row, time) == (9, 1) else None
    )
    w.run()
    w.check()
    answered = next(at for at, _, rows in w.tenant.departures if 9 in rows) + w.tenant.latency
    inside = [at for at, _, _ in w.tenant.departures if answered < at < answered + 40]
    assert inside == []


def test_a_hold_outlives_a_batch_that_is_accepted_meanwhile(world: Any, kit: Any) -> None:
    """The batch in flight when a long hold began is accepted after it: the hold is still not idleness."""
    w = world(60)

    def batch_fate(number: int, creates: bool) -> Any:
        return kit.BatchFate(takes=5.0) if number == 3 else None

    w.tenant.batch_fate_of = batch_fate
    w.tenant.fate_of = lambda row, time: kit.Fate(429, False, 3000.0) if row == 20 and time == 1 else None
    report = w.run()
    w.check()
    assert report.failure is None
    assert report.complete


def test_refused_connections_are_repeated(world: Any, kit: Any) -> None:
    """A burst of refused connections costs nothing but time, and one warning."""
    w = world(5)
    w.tenant.batch_fate_of = lambda n, creates: kit.BatchFate(NotSent("refused")) if 1 <= n < 9 else None
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}
    assert all(not row.notes for row in w.state().rows.values())
    assert len(w.listener.warnings) == 1


def test_a_connection_that_is_not_made_in_time_is_a_dead_line_too(world: Any, kit: Any) -> None:
    """Waiting in vain for a connection takes longer than a batch may be delayed; the operator is told all the same."""
    w = world(3)
    dead = kit.BatchFate(NotSent("nothing within 15 s"), takes=16.0)
    w.tenant.batch_fate_of = lambda n, creates: dead if n < 3 else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.listener.warnings
    assert w.listener.logged.count("not-sent") == 3


def test_a_401_is_repeated_once_with_a_fresh_token(world: Any) -> None:
    """A token that was turned down is refreshed once for all batches."""
    w = world(30)
    w.tenant.bad_tokens = {"token-1"}
    report = w.run()
    w.check()
    assert report.complete
    assert w.tokens.number == 2


def test_a_fresh_token_that_is_turned_down_ends_the_run(world: Any) -> None:
    """Exit 5, and the rows are released: proof that nothing was done."""
    w = world(3)
    w.tenant.bad_tokens = {"token-1", "token-2"}
    report = w.run()
    w.check()
    assert isinstance(report.failure, SignInFailed)
    assert RowPhase.SENT not in w.phases()


def test_a_401_of_a_step_is_repeated_once_with_a_fresh_token(world: Any, kit: Any) -> None:
    """A single step of a batch that is turned down with 401 proves the same as a whole batch."""
    w = world(3)
    w.tenant.fate_of = lambda row, time: kit.Fate(401, False) if (row, time) == (2, 1) else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.tokens.number == 2
    w = world(3)
    w.tenant.fate_of = lambda row, time: kit.Fate(401, False) if row == 2 else None
    report = w.run()
    w.check()
    assert isinstance(report.failure, SignInFailed)
    assert w.tenant.arrived[kit.object_id(2)] == 2


def test_tokens_that_end_again_later_are_refreshed_again(world: Any, kit: Any) -> None:
    """Two 401s with an answer of another kind between them are two tokens that ended, not one that is worth nothing."""
    w = world(3)
    fates = {1: kit.Fate(401, False), 2: kit.Fate(429, False, 3.0), 3: kit.Fate(401, False)}
    w.tenant.fate_of = lambda row, time: fates.get(time) if row == 2 else None
    report = w.run()
    w.check()
    assert report.complete
    assert set(w.phases()) == {ISSUED}


def test_after_the_request_to_stop_no_batch_leaves_with_a_fresh_token(world: Any) -> None:
    """A batch that was turned down with 401 is taken back when the run is being stopped, and resumed later."""
    w = world(3)
    w.tenant.bad_tokens = {"token-1"}
    w.clock.call_at(0.1, w.stop)
    w.clock.call_at(0.1, lambda: setattr(w.tenant, "forbidden_from", w.clock.seconds + 0.001))
    report = w.run()
    w.check()
    assert report.interrupted
    assert RowPhase.SENT not in w.phases()
    assert w.listener.warnings == []
    w.tenant.forbidden_from = None
    assert w.run(resumed=True).complete
    w.check()


def test_a_batch_that_waited_long_for_its_token_is_recorded_anew(world: Any, kit: Any) -> None:
    """Its time of sending on record must be true: the doubt rule recognises our passes by it."""
    w = world(1)
    w.tenant.bad_tokens = {"token-1"}
    refreshed = w.tokens.refreshed

    def slowly(claims: str | None) -> Any:
        w.clock.seconds += 70.0
        return refreshed(claims)

    w.tokens.refreshed = slowly
    report = w.run()
    w.check()
    assert report.complete
    left = [at for at, creates, _ in w.tenant.departures if creates][-1]
    (attempt,) = w.state().rows[1].attempts
    assert left - 1000.0 - (attempt.sent_at - kit.START).total_seconds() <= 15
    assert w.listener.warnings == []


def test_an_envelope_400_is_repeated_a_step_at_a_time(world: Any, kit: Any) -> None:
    """A batch that is turned down for its form goes out again step by step."""
    w = world(8)
    w.tenant.batch_fate_of = lambda n, creates: (
        kit.BatchFate(EnvelopeRefused(400, "BadRequest", "")) if n == 2 else None
    )
    report = w.run()
    w.check()
    assert report.complete
    after = [rows for at, creates, rows in w.tenant.departures[3:]]
    first_batch = w.tenant.departures[2][2]
    assert all(len(rows) == 1 for rows in after if set(rows) & set(first_batch))


@pytest.mark.parametrize("odd", [{1}, {7}, {2, 3}, {60}])
def test_one_row_that_makes_graph_reject_its_batch_is_refused_alone(world: Any, kit: Any, odd: set[int]) -> None:
    """Its batch goes out again a step at a time; the others get their passes, and the row says why it has none."""
    w = world(60)
    refusal = EnvelopeRefused(400, "BadRequest", "")

    def batch_fate(number: int, creates: bool) -> Any:
        rows = w.tenant.departing if creates else ()
        return kit.BatchFate(refusal) if odd & set(rows) else None

    w.tenant.batch_fate_of = batch_fate
    report = w.run()
    w.check()
    assert report.complete
    assert {row.number for row in w.state().rows.values() if row.phase is REFUSED} == odd
    assert all(w.state().rows[row].error.code is RowErrorCode.REFUSED_REQUEST for row in odd)


def test_a_service_that_rejects_every_request_stops_the_run(world: Any, kit: Any) -> None:
    """Exit 1: the requests are well formed by our lights, and the service will have none; nothing is settled by it."""
    w = world(60)
    w.tenant.batch_fate_of = lambda n, creates: kit.BatchFate(EnvelopeRefused(400, "BadRequest", ""))
    report = w.run()
    w.check()
    assert isinstance(report.failure, ServiceContradiction)
    assert not any(row.phase.settled for row in w.state().rows.values())


def test_refused_rows_do_not_slow_the_run_down(world: Any, kit: Any) -> None:
    """A refusal is an answer: the window grows on it as on a pass."""
    w = world(60)
    w.tenant.fate_of = lambda row, time: kit.Fate(400, False)
    w.run()
    w.check()
    assert len(w.tenant.departures) < 12


def test_releases_are_recorded_for_what_was_turned_away(world: Any, kit: Any) -> None:
    """A 429 takes the attempt off the record, for it had no effect."""
    w = world(1)
    w.tenant.fate_of = lambda row, time: kit.Fate(429, False, 1.0) if time == 1 else None
    w.run()
    w.check()
    assert [event.status for event in w.store.events if isinstance(event, Released)] == [429]
    assert len(w.state().rows[1].attempts) == 1


def test_an_envelope_429_holds_and_is_repeated(world: Any, kit: Any) -> None:
    """A whole batch that was throttled is repeated after its wait, without a listing."""
    w = world(3)
    w.tenant.batch_fate_of = lambda n, creates: kit.BatchFate(Throttled(9.0)) if n == 0 else None
    report = w.run()
    w.check()
    assert report.complete
    assert w.tenant.departures[1][0] - w.tenant.departures[0][0] >= 9
    last_create = max(n for n, (_, creates, _) in enumerate(w.tenant.departures) if creates)
    assert all(creates for _, creates, _ in w.tenant.departures[:last_create])


def test_an_answer_and_the_sending_that_it_sets_going_are_one_commit(world: Any) -> None:
    """What came back and the next batch's time of sending go to the disk together, before that batch leaves."""
    w = world(12, concurrency=1)
    w.run()
    w.check()
    kinds = [{type(event).__name__ for event in commit} for commit in w.store.commits]
    assert kinds[0] == {"Sent"}
    assert kinds[1] == {"Settled", "Sent"}


def test_a_sample_that_is_under_way_keeps_nobody_awake(world: Any, kit: Any) -> None:
    """While refusals are suspicious one batch is out at a time: the loop sleeps until it is answered."""
    w = world(60)
    w.tenant.fate_of = lambda row, time: kit.Fate(403, False)
    w.tenant.batch_fate_of = lambda n, creates: kit.BatchFate(takes=60.0) if creates and n >= 5 else None
    w.run()
    w.check()
    assert w.rounds < 400
