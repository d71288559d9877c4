"""Tally: how many rows of a run stand where, counted as its events are folded and never by looking at every row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Closed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulktap.model.run_events import Event
    from bulktap.model.run_state import RowState, RunState


class Tally:
    """Folds events into a run's state, and counts its rows.

    It is asked after every batch. Counting a hundred thousand rows each time would cost more than all that the
    batches themselves do.
    """

    def __init__(self, state: RunState) -> None:
        """Count what the state says; from then on nobody else folds events into it."""
        self._state = state
        self.settled = self.issued = self.compared = 0
        """Rows with an outcome; those among them with a pass; those among these whose pass was compared."""
        for row in state.rows.values():
            if row.phase.settled:
                self._count(row, 1)

    @property
    def all_settled(self) -> bool:
        """Whether every row has its outcome."""
        return self.settled == len(self._state.rows)

    def fold(self, events: Iterable[Event]) -> None:
        """Take events into account, in their order."""
        for event in events:
            if isinstance(event, Closed):
                self._state.fold(event)
                continue
            row = self._state.rows[event.row]
            if row.phase.settled:
                self._count(row, -1)
            self._state.fold(event)
            if row.phase.settled:
                self._count(row, 1)

    def _count(self, row: RowState, times: int) -> None:
        self.settled += times
        if row.phase is RowPhase.ISSUED:
            self.issued += times
            if row.confirmed:
                self.compared += times
