"""Tally: what is counted event by event is what counting all rows would give."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from bulktap.dispatch.tally import Tally
from bulktap.model.outcomes import InDoubt, Issued, IssuedPass, Refused, Skipped
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Closed, Confirmed, Doubted, Event, Noted, Released, Sent, Settled
from bulktap.model.run_state import RowState, RunState
from bulktap.model.secret import Secret

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
ERROR = RowError(RowErrorCode.REFUSED, "No.", "Mend it.")
SENT = Sent(1, NOW, PassTerms(), "r")
ISSUED = Settled(1, Issued(IssuedPass(AccessPass("p"), Secret("code"))))
THROTTLED = Released(1, 429, perhaps_done=False)


def state(rows: int = 1) -> RunState:
    """Return a run of so many rows of which nothing is sent."""
    numbers = range(1, rows + 1)
    return RunState("run", "tenant", {number: RowState(number, "zoe@contoso.com", None) for number in numbers})


@pytest.mark.parametrize(
    ("events", "counts"),
    [
        ([], (0, 0, 0)),
        ([SENT], (0, 0, 0)),
        ([SENT, THROTTLED, SENT, ISSUED], (1, 1, 0)),
        ([SENT, ISSUED, Confirmed(1)], (1, 1, 1)),
        ([SENT, ISSUED, Confirmed(1), Confirmed(1), Closed()], (1, 1, 1)),
        ([SENT, ISSUED, Confirmed(1), SENT], (0, 0, 0)),
        ([SENT, ISSUED, Confirmed(1), Settled(1, InDoubt(ERROR))], (1, 0, 0)),
        ([SENT, Doubted(1, "504"), SENT, ISSUED, Noted(1, "twice")], (1, 1, 0)),
        ([SENT, Settled(1, Refused(ERROR))], (1, 0, 0)),
        ([Settled(1, Skipped(ERROR))], (1, 0, 0)),
    ],
)
def test_a_row_is_counted_where_it_stands(events: list[Event], counts: tuple[int, int, int]) -> None:
    """Settled, issued and compared rows are counted once, and no longer once they are sent again."""
    tally = Tally(state())
    tally.fold(events)
    assert (tally.settled, tally.issued, tally.compared) == counts
    assert tally.all_settled == (counts[0] == 1)


@pytest.mark.parametrize("seed", range(5))
def test_events_in_any_order_are_counted_as_all_rows_would_be(seed: int) -> None:
    """Whatever happens to sixty rows, the numbers are those of a count of all rows, at the end and on resuming."""
    draw = random.Random(seed)  # noqa: S311 - nothing secret
    run = state(60)
    tally = Tally(run)
    outcomes = [Issued(IssuedPass(AccessPass("p"), Secret("code"))), Refused(ERROR), Skipped(ERROR), InDoubt(ERROR)]
    for _ in range(600):
        row = draw.randint(1, 60)
        event = draw.choice([
            Sent(row, NOW, PassTerms(), "r"), Released(row, 429, perhaps_done=False), Doubted(row, "504"),
            Settled(row, draw.choice(outcomes)), Confirmed(row), Noted(row, "a note"), Closed(),
        ])  # fmt: skip
        tally.fold([event])
        issued = [one for one in run.rows.values() if one.phase is RowPhase.ISSUED]
        settled = sum(one.phase.settled for one in run.rows.values())
        assert (tally.settled, tally.issued) == (settled, len(issued))
        assert tally.compared == sum(one.confirmed for one in issued)
    later = Tally(run)
    assert (later.settled, later.issued, later.compared) == (tally.settled, tally.issued, tally.compared)
