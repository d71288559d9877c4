"""What is said about passes that have not been compared with the tenant yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from bulktap.model.outcomes import InDoubt, Issued, IssuedPass
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.run_events import Confirmed, Doubted, RecordedEvent, Released, Sent, Settled
from bulktap.model.run_state import RowState, RunState
from bulktap.model.secret import Secret
from bulktap.results.comparison import AsOf, comparison_line, to_compare, waiting_note
from bulktap.results.passes_workbook import results_workbook

if TYPE_CHECKING:
    from types import ModuleType

BERLIN = ZoneInfo("Europe/Berlin")
WINDOW = timedelta(seconds=130)
ISSUED = Settled(1, Issued(IssuedPass(AccessPass("p"), Secret("code"))))
THROTTLED = Released(1, 429, perhaps_done=False)
DOUBT = Settled(1, InDoubt(RowError(RowErrorCode.IN_DOUBT, "Lost.", "Look.")))
BEGAN = datetime.fromisoformat("2035-08-30T14:12:00+00:00")


def sent(seconds: float) -> Sent:
    """Return an attempt so many seconds after the run began."""
    return Sent(1, BEGAN + timedelta(seconds=seconds), PassTerms(), "r")


LOST_ONCE = (sent(0), Doubted(1, "504"), sent(40), ISSUED)
LOST_TWICE = (sent(0), Doubted(1, "reset"), sent(40), Doubted(1, "503"), sent(80.5), ISSUED)


def state_of(*events: RecordedEvent, closed: bool = False) -> RunState:
    """Return the state of a run of one row."""
    state = RunState("run-1", "tenant", {1: RowState(1, "zoe@contoso.com", None)})
    for event in events:
        state.fold(event)
    return replace(state, closed=closed)


@pytest.mark.parametrize(
    ("events", "noted"),
    [
        ((sent(0), ISSUED), False),
        ((sent(0), THROTTLED, sent(5), ISSUED), False),
        (LOST_ONCE, True),
        (LOST_TWICE, True),
        ((sent(0), Released(1, 503, perhaps_done=True), sent(1), ISSUED), True),
        ((*LOST_ONCE, Confirmed(1)), False),
        ((sent(0), DOUBT), False),
        ((sent(0), Doubted(1, "504")), False),
    ],
)
def test_a_pass_with_an_unproven_attempt_behind_it_says_until_when(
    events: tuple[RecordedEvent, ...], noted: bool
) -> None:
    """One with nothing but throttled or proved attempts, one that was compared, and a row without a pass do not."""
    state = state_of(*events)

    said = waiting_note(state.rows[1], state, AsOf(BEGAN + timedelta(seconds=90), WINDOW, comparing=True), BERLIN)

    assert (said is not None) is noted


@pytest.mark.parametrize(
    ("seconds", "comparing", "closed", "note"),
    [
        (50.5, True, False, "may still take effect until 16:15 Berlin; this pass is compared afterwards."),
        (
            50,
            False,
            False,
            "may still take effect until 16:15 Berlin; `bulktap resume run-1` compares this pass afterwards.",
        ),
        (
            129,
            False,
            False,
            "may still take effect until 16:15 Berlin; `bulktap resume run-1` compares this pass afterwards.",
        ),
        (131, True, False, "may have taken effect; this pass is being compared."),
        (131, False, False, "may have taken effect; `bulktap resume run-1` compares this pass."),
        (131, False, True, "may have taken effect; `bulktap verify run-1` compares this pass."),
    ],
)
def test_the_note_fits_the_moment(seconds: float, comparing: bool, closed: bool, note: str) -> None:
    """Before the window closes and after it, with a process that goes on to compare and without one."""
    state = state_of(sent(0), Doubted(1, "504"), sent(40), ISSUED, closed=closed)

    said = waiting_note(state.rows[1], state, AsOf(BEGAN + timedelta(seconds=seconds), WINDOW, comparing), BERLIN)

    assert said == f"An earlier request for this person {note}"
    elsewhere = replace(state, typed="run-1 --reports 'b c'")
    said = waiting_note(state.rows[1], elsewhere, AsOf(BEGAN + timedelta(seconds=seconds), WINDOW, comparing), BERLIN)
    assert said == f"An earlier request for this person {note.replace('run-1', elsewhere.to_type)}"


@pytest.mark.parametrize(
    ("events", "closed", "count", "line"),
    [
        ((), False, 0, None),
        ((sent(0), ISSUED), False, 1, "1 pass"),
        (LOST_ONCE, False, 1, "1 pass; earlier requests may take effect until 16:15 Berlin"),
        ((*LOST_ONCE, Confirmed(1)), False, 0, None),
        ((sent(0), DOUBT), False, 0, None),
        (
            (sent(0), ISSUED),
            True,
            1,
            "1 pass, because that would have taken too long: `bulktap verify run-1` compares them",
        ),
    ],
)
def test_how_many_are_still_to_be_compared(
    events: tuple[RecordedEvent, ...], closed: bool, count: int, line: str | None
) -> None:
    """Passes that were issued and not compared since, with the last moment at which an earlier request matters."""
    state = state_of(*events, closed=closed)

    assert len(to_compare(state)) == count
    assert comparison_line(state, AsOf(BEGAN + timedelta(seconds=90), WINDOW), BERLIN) == line


def test_a_workbook_that_is_written_before_the_comparison_says_so(build: ModuleType, read: Any) -> None:
    """In the summary, with the number, and in the note of the row; one that is written after it says neither."""
    plan = build.make_plan(build.plan_row(1, "ann"), build.plan_row(2, "bob"))
    events = (build.sent(1), Doubted(1, "504"), build.sent(1), Settled(1, Issued(build.issued_pass(1))))
    before = build.make_state(plan, *events, build.sent(2), Settled(2, Issued(build.issued_pass(2))), closed=False)
    early = AsOf(build.ISSUED_AT + timedelta(seconds=10), WINDOW, comparing=True)
    after = build.make_state(
        plan, *events, build.sent(2), Settled(2, Issued(build.issued_pass(2))), Confirmed(1), Confirmed(2)
    )

    def words(state: RunState, as_of: AsOf, sheet: str) -> str:
        data = results_workbook(build.run_view(plan, state, as_of))
        return str(read(data, sheet))

    assert "2 passes; earlier requests may take effect until 16:15 Berlin" in words(before, early, "Summary")
    assert "the passes are compared once more" in words(before, early, "Summary")
    assert "this pass is compared afterwards" in words(before, early, "Passes")
    later = AsOf(build.LATER, WINDOW)
    assert "compare" not in words(after, later, "Passes") + words(after, later, "Summary")
    assert "Finished" in words(after, later, "Summary")
