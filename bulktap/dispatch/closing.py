"""Closing: before the workbook is written, every pass that had a doubt behind it is compared once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.run_state import RowPhase

if TYPE_CHECKING:
    from collections.abc import Collection

    from bulktap.dispatch.work import Lanes, Work


class ClosingComparison:
    """Queues what is still to be compared; a row that the comparison issues again is compared again in its turn."""

    def __init__(self, works: Collection[Work], lanes: Lanes) -> None:
        """Take all rows of the run, and where to queue them."""
        self._works = works
        self._lanes = lanes
        self._compared: dict[int, str] = {}
        """The pass that was last compared, by plan number."""

    def enqueue(self) -> bool:
        """Queue for a listing what has not been compared yet; say whether there is anything."""
        doubted = [
            (work, state.issued.access_pass.pass_id)
            for work in self._works
            if (state := work.state).phase is RowPhase.ISSUED and state.repeated and state.issued is not None
        ]
        due = [(work, pass_id) for work, pass_id in doubted if self._compared.get(work.row.number) != pass_id]
        for work, pass_id in due:
            self._compared[work.row.number] = pass_id
            self._lanes.queue_list(work)
        return bool(due)
