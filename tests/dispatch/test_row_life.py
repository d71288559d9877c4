"""A row's life: the table in the docstring of `bulktap.dispatch` is drawn again from what the code decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pytest

from bulktap import dispatch
from bulktap.dispatch.create_outcomes import BatchOutcome, NeverSent, NextStep, TurnedDown
from bulktap.dispatch.doubt_times import DoubtTimes
from bulktap.dispatch.row_queues import MAX_REJECTIONS, RowWork
from bulktap.dispatch.settlements import MAX_LOST, MAX_MISMATCHED, Circumstances, Next, settle
from bulktap.dispatch.systematic_refusals import settled
from bulktap.graph.access_passes import (
    Created,
    CreateDoubtful,
    CreateRefused,
    CreateThrottled,
    CreateUnauthorized,
    CreateUnavailable,
)
from bulktap.graph.error_detail import GraphErrorDetail
from bulktap.model.outcomes import InDoubt, Issued, IssuedPass, Refused, Skipped
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Doubted, Event, Released, Sent, Settled
from bulktap.model.run_state import RowState, RunState
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

START = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
TIMES = DoubtTimes(100.0, 30.0)
LATER = START + timedelta(minutes=10)
ERROR = RowError(RowErrorCode.REFUSED, "No.", "Mend it.")
NOT_FOUND = RowError(RowErrorCode.USER_NOT_FOUND, "There is no such user.", "Check it.")
DETAIL = GraphErrorDetail("x", "", "", "", "")
SENT = Sent(1, START, PassTerms(None, 480, usable_once=False), "r")
THROTTLED = Released(1, 429, perhaps_done=False)


def access_pass(name: str, after: float, lifetime: int = 480, **members: Any) -> AccessPass:
    """Return a pass created so many seconds after the attempt."""
    created = START + timedelta(seconds=after)
    return AccessPass(name, created, created, lifetime, usable_once=False, is_usable=True, **members)


OURS = access_pass("ours", 1)
LATE = access_pass("late", 60)
THEIRS = access_pass("theirs", 60, lifetime=60)
UNUSABLE = access_pass("ours", 1, usability="DisabledByPolicy")
HELD = Settled(1, Issued(IssuedPass(OURS, Secret("+drkzqAD"))))
BEFORE: dict[RowPhase, Sequence[Event]] = {
    RowPhase.NOT_SENT: (),
    RowPhase.SENT: (SENT, Doubted(1, "504")),
    RowPhase.RELEASED: (SENT, THROTTLED),
    RowPhase.ISSUED: (SENT, HELD),
    RowPhase.REFUSED: (SENT, Settled(1, Refused(ERROR))),
    RowPhase.SKIPPED: (Settled(1, Skipped(ERROR)),),
    RowPhase.IN_DOUBT: (SENT, Settled(1, InDoubt(ERROR))),
}


@dataclass
class Row:
    """A row in a phase, and what it learns."""

    kit: Any
    before: Sequence[Event]
    members: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.run = RunState("run", "tenant", {1: RowState(1, "user1@contoso.com", None)})
        for event in self.before:
            self.run.fold(event)
        self.work = RowWork(self.kit.plan_row(1), self.run.rows[1], listed_at=START)
        for name, value in self.members.items():
            setattr(self.work, name, value)

    def answered(self, verdict: Any) -> tuple[Sequence[Event], str]:
        """Return what an answer to its create comes to."""
        outcome = BatchOutcome()
        outcome.take_in(self.work, verdict)
        events = [*outcome.events, *settled(outcome.refusals)]
        moves = {NextStep.AGAIN: "create", NextStep.DOUBT: "list", NextStep.NOT_READY: "list"}
        return events, moves[outcome.moves[0].to] if outcome.moves else "done"

    def listed(self, *passes: AccessPass, looks: int = 1, now: datetime = LATER, **seen: Any) -> tuple[Any, str]:
        """Return what a list comes to, looked at so many times."""
        circumstances = Circumstances(TIMES, now, **seen)
        for _ in range(looks):
            found = settle(self.work, passes, circumstances)
        return found.events, {Next.CREATE: "create", Next.LOOK_AGAIN: "list", Next.DONE: "done"}[found.next]


Learn: TypeAlias = "Callable[[Row], tuple[Sequence[Event], str]]"


class Line(NamedTuple):
    """How a line of the table comes about."""

    learn: Learn
    before: Sequence[Event]
    members: dict[str, Any]


ISSUED_AGAIN = (SENT, Doubted(1, "504"), SENT, HELD)
LEARNT: dict[tuple[RowPhase, str], Line] = {}


def learns(phase: RowPhase, what: str, learn: Learn, before: Sequence[Event] | None = None, **members: Any) -> None:
    """Remember one line of the table."""
    LEARNT[phase, what] = Line(learn, BEFORE[phase] if before is None else before, members)


AWAITED = (SENT,)
learns(RowPhase.NOT_SENT, "no live pass", lambda row: row.listed())
learns(RowPhase.NOT_SENT, "a live pass", lambda row: row.listed(THEIRS))
learns(RowPhase.NOT_SENT, "one since a resumed run", lambda row: row.listed(THEIRS, resumed_from=START))
for kind, verdict in {
    "created": Created(IssuedPass(OURS, Secret("+drkzqAD"))),
    "created, of no use": Created(IssuedPass(UNUSABLE, Secret("+drkzqAD"))),
    "refused": CreateRefused(ERROR, DETAIL),
    "user not known yet": CreateRefused(NOT_FOUND, DETAIL),
    "throttled (429)": CreateThrottled(2.0, {}),
    "unavailable (503)": CreateUnavailable(2.0),
    "nothing is proved": CreateDoubtful("504"),
    "token rejected (401)": CreateUnauthorized(),
    "could not connect": NeverSent("refused"),
    "batch rejected (400)": TurnedDown(400, "badRequest", ""),
}.items():
    learns(RowPhase.SENT, kind, lambda row, verdict=verdict: row.answered(verdict), AWAITED)
learns(
    RowPhase.SENT,
    "rejected a fourth time",
    lambda row: row.answered(TurnedDown(400, "badRequest", "")),
    AWAITED,
    rejections=MAX_REJECTIONS,
)
learns(RowPhase.SENT, "no live pass", lambda row: row.listed())
learns(RowPhase.SENT, "a pass of ours", lambda row: row.listed(OURS))
learns(RowPhase.SENT, "lost nine times", lambda row: row.listed(OURS), lost=MAX_LOST)
learns(RowPhase.SENT, "another's, ours may land", lambda row: row.listed(THEIRS, now=START + timedelta(seconds=90)))
learns(RowPhase.SENT, "another's", lambda row: row.listed(THEIRS))
learns(RowPhase.SENT, "the pass we hold", lambda row: row.listed(OURS), (SENT, HELD, SENT))
learns(RowPhase.RELEASED, "no live pass", lambda row: row.listed())
learns(RowPhase.RELEASED, "a live pass", lambda row: row.listed(THEIRS))
learns(RowPhase.RELEASED, "one since a resumed run", lambda row: row.listed(THEIRS, resumed_from=START))
learns(RowPhase.ISSUED, "the pass we hold", lambda row: row.listed(OURS))
learns(RowPhase.ISSUED, "it is of no use", lambda row: row.listed(UNUSABLE))
learns(RowPhase.ISSUED, "no pass", lambda row: row.listed())
learns(RowPhase.ISSUED, "no pass, four times", lambda row: row.listed(looks=4))
learns(RowPhase.ISSUED, "a later one", lambda row: row.listed(THEIRS))
learns(RowPhase.ISSUED, "another's, twice", lambda row: row.listed(THEIRS, looks=2))
learns(RowPhase.ISSUED, "one of ours, twice", lambda row: row.listed(LATE, looks=2), ISSUED_AGAIN)
learns(
    RowPhase.ISSUED,
    "one of ours, third time",
    lambda row: row.listed(LATE, looks=2),
    ISSUED_AGAIN,
    mismatched=MAX_MISMATCHED,
)
for over in (RowPhase.REFUSED, RowPhase.SKIPPED, RowPhase.IN_DOUBT):
    learns(over, "anything", lambda row: row.listed(THEIRS))


def drawn(kit: Any, phase: RowPhase, what: str) -> str:
    """Return the line of the table, from what the code decides."""
    line = LEARNT[phase, what]
    row = Row(kit, line.before, line.members)
    assert row.run.rows[1].phase is phase
    events, then = line.learn(row)
    for event in events:
        row.run.fold(event)
    told = ", ".join(type(event).__name__ for event in events) or "-"
    return f"{phase:<9} {what:<25} {told:<18} {row.run.rows[1].phase:<9} {then}"


def table() -> list[str]:
    """Return the lines of the table in the docstring."""
    lines = [line.strip() for line in (dispatch.__doc__ or "").splitlines()]
    begin = next(number for number, line in enumerate(lines) if line.startswith("phase "))
    return [line for line in lines[begin + 1 :] if line.endswith((" create", " list", " done"))]


@pytest.mark.parametrize(("phase", "what"), LEARNT, ids=str)
def test_a_row_goes_on_as_the_table_says(kit: Any, phase: RowPhase, what: str) -> None:
    """What is recorded, how far the row is then, and what is next."""
    assert drawn(kit, phase, what) in table()


def test_the_table_has_every_phase_and_nothing_else(kit: Any) -> None:
    """Each line is one that the code brings about."""
    assert table() == [drawn(kit, phase, what) for phase, what in LEARNT]
    assert {phase for phase, _ in LEARNT} == set(RowPhase)


if __name__ == "__main__":
    from scripted import world

    print("\n".join(drawn(world, phase, what) for phase, what in LEARNT))  # noqa: T201 - it draws the table anew
