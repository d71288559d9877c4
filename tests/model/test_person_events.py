"""What a wish for a new pass, and a look at a passcode, make of a row and of its run."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bulktap.model.outcomes import InDoubt, Issued, IssuedPass, Refused
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass
from bulktap.model.person_events import Looked, ReissueAsked
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Closed, Confirmed, Doubted, Noted, RecordedEvent, Released, Sent, Settled
from bulktap.model.run_state import RowState, RunState
from bulktap.model.secret import Secret

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
OLD, NEW = (
    Settled(1, Issued(IssuedPass(AccessPass(name, NOW), Secret(name)), f"of {name}")) for name in ("old", "new")
)
ASKED = ReissueAsked(1, NOW, "old", PassTerms(None, 60, True))
LOOKED = Looked(1, NOW, "ann on desk", "on the screen", "lost")
SENT = Sent(1, NOW, PassTerms(), "r")
THROTTLED = Released(1, 429, perhaps_done=False)
ERROR = RowError(RowErrorCode.REFUSED, "No.", "Mend it.")
BEGUN = [SENT, OLD, Confirmed(1), Closed()]


def fold(*events: RecordedEvent) -> RunState:
    """Return the run after these events."""
    state = RunState("run", "tenant", {1: RowState(1, "zoe@contoso.com", None)})
    for event in events:
        state.fold(event)
    return state


@pytest.mark.parametrize(
    ("events", "phase", "pending", "handed", "replaced", "holds"),
    [
        ([ASKED], RowPhase.RELEASED, True, "old", [], True),
        ([ASKED, SENT], RowPhase.SENT, True, None, [], True),
        ([ASKED, SENT, Doubted(1, "504")], RowPhase.SENT, True, None, [], True),
        ([ASKED, SENT, THROTTLED], RowPhase.RELEASED, True, "old", [], True),
        ([ASKED, SENT, Doubted(1, "504"), SENT, THROTTLED], RowPhase.RELEASED, True, None, [], True),
        ([ASKED, SENT, NEW], RowPhase.ISSUED, False, "new", ["old"], True),
        ([ASKED, SENT, OLD], RowPhase.ISSUED, False, "old", [], True),
        ([ASKED, SENT, Settled(1, InDoubt(ERROR))], RowPhase.IN_DOUBT, False, None, [], True),
        ([ASKED, SENT, Settled(1, Refused(ERROR))], RowPhase.REFUSED, False, None, [], False),
    ],
)
def test_a_row_goes_from_issued_back_to_sending(
    events: list[RecordedEvent], phase: RowPhase, pending: bool, handed: str | None, replaced: list[str], holds: bool
) -> None:
    """Until the wish has an outcome; the old pass may be handed out as long as nothing can have replaced it."""
    row = fold(*BEGUN, *events).rows[1]
    assert (row.phase, row.reissue is not None) == (phase, pending)
    assert (row.handed_out.access_pass.pass_id if row.handed_out else None) == handed
    assert [old.pass_id for old in row.replaced] == replaced
    assert row.holds_pass is holds


@pytest.mark.parametrize(
    ("events", "closed", "reopened"),
    [([], True, False), ([LOOKED], True, False), ([ASKED], False, True), ([ASKED, SENT, NEW, Closed()], True, True)],
)
def test_a_wish_opens_a_finished_run_and_a_look_does_not(
    events: list[RecordedEvent], closed: bool, reopened: bool
) -> None:
    """So that `resume` finishes it."""
    state = fold(*BEGUN, *events)
    assert (state.closed, state.reopened) == (closed, reopened)


@pytest.mark.parametrize(
    ("events", "notes"),
    [
        ([ASKED, Noted(1, "lost"), NEW], ["lost", "of new"]),
        ([ASKED, Noted(1, "lost"), OLD], ["of old", "earlier", "lost"]),
        ([ASKED], ["of old", "earlier"]),
    ],
)
def test_notes_go_with_the_pass_that_they_are_about(events: list[RecordedEvent], notes: list[str]) -> None:
    """What was said of the old pass is not said of the new one."""
    assert fold(SENT, OLD, Noted(1, "earlier"), Confirmed(1), Closed(), *events).rows[1].notes == notes


def test_looks_are_kept_and_count_for_nothing() -> None:
    """Results do not depend on them."""
    state = fold(*BEGUN, LOOKED, LOOKED)
    state.record_count = 6
    assert state.looks == [LOOKED, LOOKED]
    assert state.issuing_records == 4
    assert state.rows[1] == fold(*BEGUN).rows[1]


def test_what_was_spared_a_comparison_is_not_compared_for_the_sake_of_another_row() -> None:
    """A run of thousands is not compared again because one slip was lost; a new pass is."""
    state = fold(SENT, OLD, Closed())
    assert state.rows[1].spared
    state.fold(ASKED)
    state.fold(NEW)
    assert not state.rows[1].spared
