from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulktap.passes import AccessPass, InDoubt, Issued, IssuedPass, Refused, Skipped
from bulktap.row_errors import RowError, RowErrorCode
from bulktap.run_state import (
    Closed,
    Confirmed,
    Doubted,
    Event,
    Noted,
    Released,
    RowPhase,
    RowState,
    RunState,
    Sent,
    Settled,
)
from bulktap.secret import Secret

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
ERROR = RowError(RowErrorCode.REFUSED, "No.", "Mend it.")
ISSUED = Settled(1, Issued(IssuedPass(AccessPass("p"), Secret("code")), "a note"))
THROTTLED = Released(1, 429, perhaps_done=False)
UNAVAILABLE = Released(1, 503, perhaps_done=True)


def sent(request: str = "r") -> Sent:
    """Return the record of an attempt."""
    return Sent(1, NOW, None, None, None, request)


def fold(*events: Event) -> RowState:
    """Return the row after these events."""
    state = RunState("run", "tenant", {1: RowState(1, "zoe@contoso.com", None)})
    for event in events:
        state.fold(event)
    return state.rows[1]


@pytest.mark.parametrize(
    ("events", "phase", "attempts", "unconfirmed", "repeated"),
    [
        ([], RowPhase.NOT_SENT, 0, False, False),
        ([sent()], RowPhase.SENT, 1, False, False),
        ([sent(), ISSUED], RowPhase.ISSUED, 1, False, False),
        ([sent(), THROTTLED], RowPhase.RELEASED, 0, False, False),
        ([sent(), UNAVAILABLE], RowPhase.RELEASED, 1, True, True),
        ([sent(), UNAVAILABLE, sent(), THROTTLED], RowPhase.RELEASED, 1, True, True),
        ([sent(), UNAVAILABLE, sent(), ISSUED], RowPhase.ISSUED, 2, True, True),
        ([sent(), UNAVAILABLE, sent(), ISSUED, Confirmed(1)], RowPhase.ISSUED, 2, False, True),
        ([sent(), Doubted(1, "504"), sent(), ISSUED], RowPhase.ISSUED, 2, True, True),
        ([sent(), Doubted(1, "504"), sent(), THROTTLED], RowPhase.RELEASED, 1, True, True),
        ([sent(), ISSUED, sent()], RowPhase.SENT, 2, True, True),
        ([sent(), Settled(1, InDoubt(ERROR))], RowPhase.IN_DOUBT, 1, False, False),
        ([Settled(1, Refused(ERROR))], RowPhase.REFUSED, 0, False, False),
        ([Settled(1, Skipped(ERROR))], RowPhase.SKIPPED, 0, False, False),
    ],
)
def test_events_add_up(events: list[Event], phase: RowPhase, attempts: int, unconfirmed: bool, repeated: bool) -> None:
    """Phase, attempts that may have had an effect, and whether the ids are still to be compared."""
    row = fold(*events)
    assert (row.phase, len(row.attempts), row.unconfirmed, row.repeated) == (phase, attempts, unconfirmed, repeated)


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
