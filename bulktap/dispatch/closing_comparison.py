"""Closing: every pass that was issued is compared with the tenant once more, after its row's attempts have ended.

Results are handed back before that, as soon as every row has its outcome. Until a comparison has been made, an earlier
request of ours that is carried out late, or somebody else who issues to the same person, may have replaced a pass
without a word: only the tenant's list tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.row_phases import RowPhase

if TYPE_CHECKING:
    from collections.abc import Collection

    from bulktap.dispatch.dependencies import IssueTools
    from bulktap.dispatch.row_queues import RowQueues, RowWork

LONGEST_COMPARISON = 600.0
"""Seconds that comparing passes without a doubt behind them may take; `verify` does it at any later time."""
_MEASURED_EVERY = 30.0
"""Seconds of comparing from which its length can be told."""


class ClosingComparison:
    """Queues what is still to be compared; a row that the comparison issues again is compared again in its turn."""

    def __init__(self, works: Collection[RowWork], queues: RowQueues, tools: IssueTools) -> None:
        """Take all rows of the run, and where to queue them."""
        self._works = works
        self._queues = queues
        self._tools = tools
        self._began: float | None = None
        self._look_at = 0.0
        self._listed_before = 0
        self._spared = False
        """Whether it would take too long to compare what has no doubt behind it."""

    def due(self) -> list[RowWork]:
        """Return the rows that are still to be compared."""
        return [
            work
            for work in self._works
            if work.state.phase is RowPhase.ISSUED
            and not work.state.confirmed
            and not work.state.spared
            and not (self._spared and _is_beyond_doubt(work))
        ]

    def enqueue(self, listed: int) -> bool:
        """Queue for a listing what has not been compared yet, each from when on that means something.

        Args:
            listed: users listed so far.
        """
        due = self.due()
        service_now, now = self._tools.service_clock.now(), self._tools.clock.monotonic()
        if self._began is None:
            self._began, self._listed_before = now, listed
        for work in due:
            work.comparisons = 0
            wait = work.seconds_to_settle(self._tools.times, service_now, now)
            if wait > 0:
                self._queues.queue_list_at(work, now + wait)
            else:
                self._queues.queue_list(work)
        return bool(due)

    def spare_time(self, listed: int) -> bool:
        """Leave out what has no doubt behind it where that would take too long; say whether that was just decided.

        Args:
            listed: users listed so far; a service that lists nobody is not slow, but gone.
        """
        now = self._tools.clock.monotonic()
        if self._began is None or self._spared or now < max(self._look_at, self._began + _MEASURED_EVERY):
            return False
        self._look_at = now + _MEASURED_EVERY
        seconds, waiting = now - self._began, self._queues.lists_waiting()
        answered = listed - self._listed_before
        if not answered or seconds + waiting * seconds / answered <= LONGEST_COMPARISON:
            return False
        self._spared = self._queues.give_up_lists(_is_beyond_doubt) > 0
        return self._spared

    @property
    def left_out(self) -> int:
        """How many passes were not compared because it would have taken too long."""
        return sum(work.state.phase is RowPhase.ISSUED and not work.state.confirmed for work in self._works)


def _is_beyond_doubt(work: RowWork) -> bool:
    return not work.state.open_attempts and not work.state.throttled
