"""What a run has done so far: the state that the events in its journal add up to.

`dispatch` records events, `journal` keeps them, and whoever wants to know how a run stands folds them into a
`RunState`. The fold is pure: the same events give the same state, whether the run was unbroken or resumed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

from bulktap.model.outcomes import InDoubt, Issued, Refused, Skipped
from bulktap.model.person_events import Looked, ReissueAsked
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

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bulktap.model.outcomes import IssuedPass, Outcome
    from bulktap.model.passes import AccessPass
    from bulktap.model.row_errors import RowError


class ProcessEnd(StrEnum):
    """How a process can stop working on a run."""

    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    KILLED = "killed"
    """It left no word of its end: killed, or the machine went down."""


@dataclass(slots=True)
class ProcessSpan:
    """The time that one process worked on the run."""

    began: datetime | None
    """By the clock of its machine; None if it left no record of itself, as earlier versions of bulktap did not."""
    process: str
    """See `Began`."""
    ended: datetime | None = None
    """When it stopped; of one that is working or was killed, the last moment known of it, if there is one."""
    how: str | None = None
    """See `Ended`; None as long as nothing says that it stopped."""
    throttled: int = 0
    """Steps that the service throttled; of one that is working or was killed, those that the journal knows."""

    @property
    def seconds(self) -> float:
        """How long it worked, as far as that is known."""
        if self.began is None or self.ended is None:
            return 0.0
        return max(0.0, (self.ended - self.began).total_seconds())


@dataclass(slots=True)
class RowState:
    """What the journal says about one row that the plan creates a pass for."""

    number: int
    """Plan number."""
    user: str
    """The roster's text."""
    object_id: str | None
    """The directory's id, where known."""
    phase: RowPhase = RowPhase.NOT_SENT
    attempts: list[Sent] = field(default_factory=list)
    """Every create on record that may have had an effect, oldest first; those that provably had none are taken off."""
    awaiting: Sent | None = None
    """The attempt that is under way; in a journal that is read later, the one whose process ended before its answer."""
    unproven: list[Sent] = field(default_factory=list)
    """Attempts whose answer proves nothing: each may have made a pass that nobody holds, or may make one yet."""
    throttled: list[Sent] = field(default_factory=list)
    """Attempts that were answered 429: proof that nothing was done, unless a comparison contradicts it."""
    issued: IssuedPass | None = None
    """The newest pass of ours; its value is an empty secret when the journal was read without the passphrase."""
    confirmed: bool = False
    """Whether the newest pass of ours was compared after it was issued; see `Confirmed`."""
    spared: bool = False
    """Whether the run was finished without comparing it, because that would have taken too long."""
    error: RowError | None = None
    """Why there is no pass."""
    notes: list[str] = field(default_factory=list)
    reissue: ReissueAsked | None = None
    """The wish for a new pass in the place of `issued`, as long as it has no outcome."""
    replaced: list[AccessPass] = field(default_factory=list)
    """Passes of ours in whose place another was asked for and issued, oldest first; their slips are dead."""
    notes_before: int = 0
    """How many notes are about the pass that is to be replaced."""
    attempts_before: int = 0
    """How many attempts were on record when it was to be replaced."""

    @property
    def open_attempts(self) -> list[Sent]:
        """Every attempt that may have made, or may yet make, a pass that nobody holds."""
        return [*self.unproven, self.awaiting] if self.awaiting is not None else self.unproven

    @property
    def unconfirmed(self) -> bool:
        """Whether an attempt may have created another pass, and that has not been compared since."""
        return bool(self.open_attempts)

    @property
    def tried_anew(self) -> bool:
        """True if an attempt that may have had an effect was made since a new pass was asked for."""
        return len(self.attempts) > self.attempts_before

    @property
    def holds_pass(self) -> bool:
        """Whether a pass of ours exists, or may exist."""
        existing = {RowPhase.ISSUED, RowPhase.SENT, RowPhase.IN_DOUBT}
        return self.phase in existing or self.unconfirmed or self.reissue is not None

    @property
    def handed_out(self) -> IssuedPass | None:
        """The pass that may be handed out, by all that is known."""
        return self.issued if self.phase is RowPhase.ISSUED or self.keeps_pass else None

    @property
    def keeps_pass(self) -> bool:
        """Whether a new pass was asked for and nothing was sent that can have replaced the one that we hold."""
        return self.phase is RowPhase.RELEASED and self.reissue is not None and not self.unconfirmed


@dataclass(slots=True)
class RunState:
    """What the journal says about a run."""

    run: str
    """The run's id."""
    tenant_id: str
    """The tenant it is bound to."""
    rows: dict[int, RowState]
    """By plan number; only rows that the plan creates a pass for."""
    closed: bool = False
    """Whether the run is finished: every row has an outcome and the closing comparison is done."""
    record_count: int = 0
    """Records in the journal."""
    processes: list[ProcessSpan] = field(default_factory=list)
    """Every process that worked on the run, in order; empty if only earlier versions of bulktap did."""
    looks: list[Looked] = field(default_factory=list)
    """Every look at a single passcode, oldest first."""
    reopened: bool = False
    """Whether a new pass was asked for after the run was finished."""
    typed: str = field(default="", compare=False)
    """What names the run on the command line, where its id alone does not; not recorded, since folders are moved."""

    @property
    def to_type(self) -> str:
        """What names the run on the command line."""
        return self.typed or self.run

    @property
    def live_until(self) -> datetime | None:
        """When the last pass of the run ends; None if there is none, or that is known of none."""
        passes = [row.issued.access_pass for row in self.rows.values() if row.issued and row.phase is RowPhase.ISSUED]
        return max((ends for one in passes if (ends := one.expires_at) is not None), default=None)

    @property
    def issuing_records(self) -> int:
        """Records in the journal that results depend on: looks change nothing."""
        return self.record_count - len(self.looks)

    def fold(self, event: RecordedEvent) -> None:
        """Take one more event into account."""
        match event:
            case Sent() | Settled() | Confirmed() | Released() | Doubted() | Noted() | ReissueAsked():  # nearly all are
                self.closed = False
                if isinstance(event, ReissueAsked):
                    self.reopened = True
                _fold_row(self.rows[event.row], event)
                if self.processes and self.processes[-1].how is None:
                    _fold_sign_of_life(self.processes[-1], event)
            case Closed():
                self.closed = True
                for row in self.rows.values():
                    row.spared = row.phase is RowPhase.ISSUED and not row.confirmed
            case Began():
                _fold_beginning(self, event)
            case Ended():
                _fold_end(self.processes, event)
            case Looked():
                self.looks.append(event)
            case _:
                assert_never(event)


def _fold_beginning(state: RunState, event: Began) -> None:
    if state.processes:
        before = state.processes[-1]
        before.how = before.how or ProcessEnd.KILLED
    elif any(row.phase is not RowPhase.NOT_SENT for row in state.rows.values()):
        state.processes.append(ProcessSpan(None, "", how=ProcessEnd.KILLED))
    state.processes.append(ProcessSpan(event.at, event.process))


def _fold_end(processes: list[ProcessSpan], event: Ended) -> None:
    if processes and processes[-1].how is None:
        span = processes[-1]
        span.ended, span.how, span.throttled = event.at, event.how, event.throttled


def _fold_sign_of_life(span: ProcessSpan, event: Event) -> None:
    moment = None
    match event:
        case Sent():
            moment = event.sent_at
        case Settled(outcome=Issued(issued=issued)):
            moment = issued.access_pass.created_at
        case Released(status=429):
            span.throttled += 1
        case _:
            pass
    if moment is not None and span.began is not None:
        # These are the service's clock: it may be behind the machine's own.
        span.ended = max(moment, span.ended or span.began)


PHASE_AFTER: Final[Mapping[type, RowPhase]] = {
    Sent: RowPhase.SENT,
    Doubted: RowPhase.SENT,
    Released: RowPhase.RELEASED,
    ReissueAsked: RowPhase.RELEASED,
    Issued: RowPhase.ISSUED,
    Refused: RowPhase.REFUSED,
    Skipped: RowPhase.SKIPPED,
    InDoubt: RowPhase.IN_DOUBT,
}
"""How far a row has come by an event, or by the outcome that settles it; other events leave it where it is.

It does not matter where the row was: a journal of which records were lost is read by the same table.
"""


def _fold_row(row: RowState, event: Sent | Released | Doubted | Settled | Confirmed | Noted | ReissueAsked) -> None:
    row.phase = PHASE_AFTER.get(type(event.outcome if isinstance(event, Settled) else event), row.phase)
    match event:
        case Sent():
            _leave_unproven(row)
            row.attempts.append(event)
            row.awaiting, row.confirmed = event, False
        case Settled():
            _fold_outcome(row, event.outcome)
            row.reissue = None
        case Released():
            _fold_release(row, event)
        case Doubted():
            _leave_unproven(row)
        case ReissueAsked():
            row.reissue, row.notes_before, row.attempts_before = event, len(row.notes), len(row.attempts)
            row.error, row.confirmed = None, False
        case Confirmed():
            row.unproven, row.confirmed = [] if event.shown and row.unproven else row.unproven, True
        case Noted():
            if event.note not in row.notes:
                row.notes.append(event.note)
        case _:
            assert_never(event)


def _leave_replaced(row: RowState, new: IssuedPass) -> None:
    """Let go of the pass in whose place a new one was asked for, and of what was to be said of it."""
    old = row.issued
    if row.reissue is not None and old is not None and new.access_pass != old.access_pass:
        row.replaced.append(old.access_pass)
        del row.notes[: row.notes_before]


def _leave_unproven(row: RowState) -> None:
    if row.awaiting is not None:
        row.unproven.append(row.awaiting)
        row.awaiting = None


def _fold_release(row: RowState, event: Released) -> None:
    if event.perhaps_done:
        _leave_unproven(row)
        return
    row.awaiting = None
    if row.attempts:
        released = row.attempts.pop()
        if event.status == 429:
            row.throttled.append(released)


def _fold_outcome(row: RowState, outcome: Outcome) -> None:
    match outcome:
        case Issued():
            _leave_replaced(row, outcome.issued)
            row.issued, row.error = outcome.issued, None
            row.awaiting, row.confirmed, row.spared = None, False, False
            if outcome.note and outcome.note not in row.notes:
                row.notes.append(outcome.note)
        case Refused():
            row.error, row.awaiting = outcome.error, None
        case Skipped():
            row.error = outcome.error
        case InDoubt():
            _leave_unproven(row)
            row.error = outcome.error
        case _:
            assert_never(outcome)
