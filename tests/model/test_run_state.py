from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bulktap.model.outcomes import InDoubt, Issued, IssuedPass, Refused, Skipped
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import (
    Began,
    Closed,
    Confirmed,
    Doubted,
    Ended,
    Event,
    Noted,
    RecordedEvent,
    Released,
    Sent,
    Settled,
)
from bulktap.model.run_state import ProcessSpan, RowState, RunState
from bulktap.model.secret import Secret
from bulktap.model.usability import not_usable_note, tells_not_usable

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
ERROR = RowError(RowErrorCode.REFUSED, "No.", "Mend it.")
ISSUED = Settled(1, Issued(IssuedPass(AccessPass("p"), Secret("code")), "a note"))
THROTTLED = Released(1, 429, perhaps_done=False)
UNAVAILABLE = Released(1, 503, perhaps_done=True)


def sent(request: str = "r") -> Sent:
    """Return the record of an attempt."""
    return Sent(1, NOW, PassTerms(), request)


def fold(*events: Event) -> RowState:
    """Return the row after these events."""
    state = RunState("run", "tenant", {1: RowState(1, "zoe@contoso.com", None)})
    for event in events:
        state.fold(event)
    return state.rows[1]


DOUBTED = Doubted(1, "504")
AGAIN = Settled(1, Issued(IssuedPass(AccessPass("q"), Secret("code"))))


@pytest.mark.parametrize(
    ("events", "phase", "attempts", "open_attempts", "confirmed"),
    [
        ([], RowPhase.NOT_SENT, 0, 0, False),
        ([sent()], RowPhase.SENT, 1, 1, False),
        ([sent(), ISSUED], RowPhase.ISSUED, 1, 0, False),
        ([sent(), ISSUED, Confirmed(1)], RowPhase.ISSUED, 1, 0, True),
        ([sent(), THROTTLED], RowPhase.RELEASED, 0, 0, False),
        ([sent(), UNAVAILABLE], RowPhase.RELEASED, 1, 1, False),
        ([sent(), UNAVAILABLE, sent(), THROTTLED], RowPhase.RELEASED, 1, 1, False),
        ([sent(), UNAVAILABLE, sent(), ISSUED], RowPhase.ISSUED, 2, 1, False),
        ([sent(), UNAVAILABLE, sent(), ISSUED, Confirmed(1)], RowPhase.ISSUED, 2, 0, True),
        ([sent(), UNAVAILABLE, sent(), ISSUED, Confirmed(1, shown=False)], RowPhase.ISSUED, 2, 1, True),
        ([sent(), DOUBTED], RowPhase.SENT, 1, 1, False),
        ([sent(), DOUBTED, sent(), ISSUED], RowPhase.ISSUED, 2, 1, False),
        ([sent(), DOUBTED, sent(), DOUBTED, sent(), ISSUED], RowPhase.ISSUED, 3, 2, False),
        ([sent(), DOUBTED, sent(), THROTTLED], RowPhase.RELEASED, 1, 1, False),
        ([sent(), sent(), ISSUED], RowPhase.ISSUED, 2, 1, False),
        ([sent(), ISSUED, Confirmed(1), sent()], RowPhase.SENT, 2, 1, False),
        ([sent(), ISSUED, Confirmed(1), sent(), AGAIN], RowPhase.ISSUED, 2, 0, False),
        ([sent(), Settled(1, InDoubt(ERROR))], RowPhase.IN_DOUBT, 1, 1, False),
        ([sent(), Settled(1, Refused(ERROR))], RowPhase.REFUSED, 1, 0, False),
        ([sent(), DOUBTED, sent(), Settled(1, Refused(ERROR))], RowPhase.REFUSED, 2, 1, False),
        ([Settled(1, Refused(ERROR))], RowPhase.REFUSED, 0, 0, False),
        ([Settled(1, Skipped(ERROR))], RowPhase.SKIPPED, 0, 0, False),
    ],
)
def test_events_add_up(
    events: list[Event], phase: RowPhase, attempts: int, open_attempts: int, confirmed: bool
) -> None:
    """Phase, attempts that may have had an effect, those of them that nothing proves, and whether it was compared."""
    row = fold(*events)
    assert (row.phase, len(row.attempts), len(row.open_attempts)) == (phase, attempts, open_attempts)
    assert row.confirmed is confirmed
    assert row.unconfirmed is bool(open_attempts)


def test_a_throttled_attempt_is_remembered_apart() -> None:
    """It is proof, until a comparison says otherwise."""
    row = fold(sent("first"), THROTTLED, sent("second"), Released(1, 401, perhaps_done=False), sent("third"), ISSUED)
    assert [attempt.request_id for attempt in row.throttled] == ["first"]
    assert [attempt.request_id for attempt in row.attempts] == ["third"]


def test_a_release_takes_off_the_attempt_that_it_answers() -> None:
    """The earlier attempt, whose reply was lost, stays on record."""
    row = fold(sent("first"), Doubted(1, "reset"), sent("second"), THROTTLED)
    assert [attempt.request_id for attempt in row.attempts] == ["first"]


def test_notes_are_kept_once() -> None:
    """The same note twice is one note."""
    row = fold(Noted(1, "x"), Noted(1, "x"), sent(), ISSUED, ISSUED)
    assert row.notes == ["x", "a note"]


def test_an_issued_pass_clears_the_error_and_survives_a_doubt() -> None:
    """What was issued stays known when a later attempt ends in doubt."""
    assert fold(Settled(1, Refused(ERROR)), sent(), ISSUED).error is None
    row = fold(sent(), ISSUED, sent(), Settled(1, InDoubt(ERROR)))
    assert row.issued is not None
    assert row.error is ERROR


@pytest.mark.parametrize(
    ("events", "holds"),
    [([], False), ([sent(), THROTTLED], False), ([sent()], True), ([sent(), UNAVAILABLE], True),
     ([sent(), ISSUED], True),
     ([sent(), Settled(1, Refused(ERROR))], False)],
)  # fmt: skip
def test_who_may_hold_a_pass_of_ours(events: list[Event], holds: bool) -> None:
    """Issued, sent, in doubt, or perhaps carried out."""
    assert fold(*events).holds_pass is holds


def test_a_run_is_closed_until_something_happens() -> None:
    """An event after the end opens the run again."""
    state = RunState("run", "tenant", {1: RowState(1, "zoe@contoso.com", None)})
    state.fold(Closed())
    assert state.closed
    state.fold(sent())
    assert not state.closed


def at(seconds: float) -> datetime:
    """Return a moment of the run."""
    return NOW + timedelta(seconds=seconds)


def sent_at(seconds: float) -> Sent:
    """Return the record of an attempt at that moment."""
    return Sent(1, at(seconds), PassTerms(), "r")


def issued_at(seconds: float) -> Settled:
    """Return the record of a pass that was created at that moment."""
    return Settled(1, Issued(IssuedPass(AccessPass("p", at(seconds)), Secret("code"))))


@pytest.mark.parametrize(
    ("events", "spans"),
    [
        ([], []),
        ([sent(), ISSUED, Closed()], []),
        ([Began(at(0), "a")], [ProcessSpan(at(0), "a")]),
        ([Began(at(0), "a"), Ended(at(9), "finished", 3)], [ProcessSpan(at(0), "a", at(9), "finished", 3)]),
        (
            [Began(at(0), "a"), Ended(at(9), "interrupted", 3), Began(at(60), "b"), Ended(at(61), "finished", 0)],
            [ProcessSpan(at(0), "a", at(9), "interrupted", 3), ProcessSpan(at(60), "b", at(61), "finished")],
        ),
        (
            [Began(at(0), "a"), sent_at(4), THROTTLED, sent_at(5), issued_at(6), Began(at(60), "b")],
            [ProcessSpan(at(0), "a", at(6), "killed", 1), ProcessSpan(at(60), "b")],
        ),
        (
            [Began(at(0), "a"), Began(at(60), "b"), Ended(at(61), "gave up: disk", 1)],
            [ProcessSpan(at(0), "a", None, "killed"), ProcessSpan(at(60), "b", at(61), "gave up: disk", 1)],
        ),
        ([Began(at(0), "a"), sent_at(-300)], [ProcessSpan(at(0), "a", at(0))]),
        ([sent(), Began(at(60), "b")], [ProcessSpan(None, "", None, "killed"), ProcessSpan(at(60), "b")]),
        ([Ended(at(9), "finished", 3)], []),
        (
            [Began(at(0), "a"), Ended(at(9), "finished", 3), sent_at(12)],
            [ProcessSpan(at(0), "a", at(9), "finished", 3)],
        ),
    ],
)
def test_every_process_that_worked_on_the_run_is_known(events: list[RecordedEvent], spans: list[ProcessSpan]) -> None:
    """One that left no word of its end was killed, after the last moment that the journal knows of it."""
    state = RunState("run", "tenant", {1: RowState(1, "zoe@contoso.com", None)})
    for event in events:
        state.fold(event)
    assert state.processes == spans


@pytest.mark.parametrize("event", [Began(NOW, "a"), Ended(NOW, "finished", 0)])
@pytest.mark.parametrize("closed", [True, False])
def test_a_process_that_begins_or_ends_neither_opens_nor_closes_the_run(event: RecordedEvent, closed: bool) -> None:
    """Only what happens to a row opens a finished run again."""
    state = RunState("run", "tenant", {1: RowState(1, "zoe@contoso.com", None)}, closed=closed)
    state.fold(event)
    assert state.closed is closed


@pytest.mark.parametrize(
    ("usable", "reason", "told"),
    [
        (True, "EnabledByPolicy", None),
        (False, "EnabledByPolicy", None),  # as in Microsoft's own examples
        (False, "NotYetValid", None),
        (None, None, None),
        (True, None, None),
        (None, "SomethingNew", None),
        (True, "SomethingNew", None),
        (False, "DisabledByPolicy", "DisabledByPolicy"),
        (True, "DisabledByPolicy", "DisabledByPolicy"),
        (False, "Expired", "(Expired)"),
        (False, "OneTimeUsed", "(OneTimeUsed)"),
        (False, "BlockedByRisk\x1b[2J", "(BlockedByRisk [2J)"),
        (False, None, "without a reason"),
    ],
)
def test_a_pass_that_does_not_work_says_so(usable: bool | None, reason: str | None, told: str | None) -> None:
    """By the service's word, whichever it is; a word that contradicts nothing says nothing."""
    note = not_usable_note(AccessPass("x", NOW, NOW, 60, is_usable=usable, usability=reason))
    assert (note is None) is (told is None)
    if note is not None and told is not None:
        assert told in note
        assert tells_not_usable(note)


def test_a_pass_that_begins_later_and_says_no_reason_is_not_called_useless() -> None:
    """It does not work yet, as asked."""
    later = AccessPass("x", NOW, NOW + timedelta(days=2), 60, is_usable=False)
    assert not_usable_note(later) is None
