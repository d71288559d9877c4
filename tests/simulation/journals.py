"""Journals in memory: they can be copied, put back, and refuse when the disk is full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.errors import DiskRefuses
from bulktap.model.outcomes import Issued, Refused
from bulktap.model.person_events import ReissueAsked
from bulktap.model.run_events import Closed, Confirmed, Doubted, Released, Sent, Settled
from bulktap.model.run_state import RowState, RunState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulation.truth import Look

    from bulktap.model.plan import Plan
    from bulktap.model.run_events import Event

_MOVES = (Sent, Released, Doubted, Settled)


class Journal:
    """The events of one run, and beside them what the rules want to know of it."""

    def __init__(self, plan: Plan, name: str) -> None:
        self.plan = plan
        self.name = name
        self.events: list[Event] = []
        self.requests: dict[int, list[str]] = {}
        """The creates on record, by row."""
        self.last: dict[int, Event] = {}
        """The last event that moved a row."""
        self.open: dict[int, list[Sent]] = {}
        """Creates on record without an answer that proves something, by row; throttled ones are among them."""
        self.turned_away: set[tuple[int, str]] = set()
        """Row and request of creates whose 429 is on record."""
        self.held: dict[int, str] = {}
        """The newest passcode on record, by row."""
        self.replacing: dict[int, str] = {}
        """The pass that may be replaced although its passcode is held, by row: a new one was asked for."""
        self.asked: dict[int, str] = {}
        """The pass in whose place a new one was asked for last, by row."""
        self.sealed: set[int] = set()
        """Rows that were refused, skipped or left in doubt."""
        self.looks: dict[int, list[Look]] = {}
        """The lists that processes of this journal were answered, by row."""
        self.compared: dict[int, int] = {}
        """How many of its lists had been answered when a row was last confirmed; later ones ask something else."""
        self.refuses: Callable[[], bool] = lambda: False
        self.closed_at: float | None = None
        self.left_out = False
        """Whether passes were left out of the comparison because it took too long."""
        self.recent_rows: set[int] = set()
        """Rows whose users got a pass of another run shortly before."""
        self.siblings: set[str] = set()
        """Every process that worked on this run; shared by the copies."""
        self.broken: list[int] = []
        """Rows that were sent after their outcome."""

    def record(self, events: Sequence[Event]) -> None:
        """See `recorder.EventStore`."""
        if self.refuses():
            raise DiskRefuses("The disk is full.", hint="Free some space.")
        self.events.extend(events)
        for event in events:
            if isinstance(event, _MOVES):
                self._note(event)
            elif isinstance(event, ReissueAsked):
                self.replacing[event.row] = self.asked[event.row] = event.pass_id
            elif isinstance(event, Confirmed):
                self.compared[event.row] = len(self.looks.get(event.row, ()))

    def _note(self, event: Sent | Released | Doubted | Settled) -> None:
        row = event.row
        before, self.last[row] = self.last.get(row), event
        nothing_done = isinstance(event, Released) and not event.perhaps_done and event.status != 429
        if isinstance(before, Sent) and (nothing_done or _is_answer(event)):
            self.open[row].pop()
        elif isinstance(before, Sent) and isinstance(event, Released):
            self.turned_away.add((row, before.request_id))
        if isinstance(event, Sent):
            self.requests.setdefault(row, []).append(event.request_id)
            self.open.setdefault(row, []).append(event)
            if row in self.sealed:
                self.broken.append(row)
        elif isinstance(event, Settled):
            self.replacing.pop(row, None)
            if isinstance(event.outcome, Issued):
                self.held[row] = event.outcome.issued.value.reveal()
                self.sealed.discard(row)
            else:
                self.sealed.add(row)

    def copy(self, name: str) -> Journal:
        """Return a journal that says the same up to here."""
        other = Journal(self.plan, name)
        other.events = list(self.events)
        other.requests = {row: list(requests) for row, requests in self.requests.items()}
        other.open = {row: list(sent) for row, sent in self.open.items()}
        other.turned_away = set(self.turned_away)
        other.last, other.held, other.sealed = dict(self.last), dict(self.held), set(self.sealed)
        other.looks = {row: list(looks) for row, looks in self.looks.items()}
        other.compared, other.replacing = dict(self.compared), dict(self.replacing)
        other.asked = dict(self.asked)
        other.refuses = self.refuses
        other.closed_at, other.recent_rows = self.closed_at, set(self.recent_rows)
        other.siblings = self.siblings
        return other

    @property
    def closed(self) -> bool:
        """Return True if the run is finished."""
        return bool(self.events) and isinstance(self.events[-1], Closed)

    def state(self) -> RunState:
        """Return what the events add up to."""
        rows = {
            row.number: RowState(row.number, row.request.user.text if row.request else "", row.object_id)
            for row in self.plan.creating()
        }
        state = RunState(self.plan.run, self.plan.tenant.tenant_id, rows)
        for event in self.events:
            state.fold(event)
        return state


def _is_answer(event: Event) -> bool:
    """Return True if an outcome says what became of the create before it."""
    return isinstance(event, Settled) and isinstance(event.outcome, Issued | Refused)
