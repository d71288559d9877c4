"""FailingLists: whether a user's passes cannot be listed because of the user, or because the service is not well.

A row at which the service keeps failing while others are served gets its outcome; what fails for everybody is waited
for. Where nobody else is left to ask about, a passcode that is held is kept, and any other row is given up once it has
failed for so long while the service answered something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.dispatch.control_questions import is_still_switched_on, may_still_list
from bulktap.dispatch.giving_up import pause_after
from bulktap.dispatch.outage import Outage
from bulktap.model.row_phases import RowPhase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulktap.dispatch.dependencies import IssueTools
    from bulktap.dispatch.row_queues import RowQueues, RowWork

LIST_TRIES = 10
"""A user whose passes cannot be listed so often, while others' can, is asked about no more; that takes five minutes."""
VOUCHED_TRIES = 5
"""Failures of those right after others were listed, before the row gets its outcome: in bad weather many lists fail."""
_TELL_AFTER = 5
"""Failures in a row, half a minute, after which the operator hears what they are."""
UNVOUCHED_ROUNDS = 6
"""Times ten failures while nobody else was listed, before few rows are given up all the same: twenty-five minutes."""


class FailingLists:
    """Keeps the rows whose lists fail until it is known what that means."""

    def __init__(
        self,
        tools: IssueTools,
        queues: RowQueues,
        others: Callable[[], Sequence[str]],
        creates: Outage,
        *,
        alone: bool,
    ) -> None:
        """Take the run's parts.

        Args:
            tools: how to ask.
            queues: where rows wait for their next list.
            others: names a few users who could be listed or served, without those whose lists fail.
            creates: how the creates fare; of a service that fails at everything the operator has heard.
            alone: whether the run has a single row.
        """
        self._tools = tools
        self._queues = queues
        self._others = others
        self._creates = creates
        self._alone = alone
        self.outage = Outage()
        """Whether the service fails at every list."""
        self._failing: list[RowWork] = []
        self._told = False

    def answered(self, work: RowWork) -> None:
        """Take note that a row was listed."""
        work.failed_lists = work.unvouched_rounds = 0
        self._told = False

    def failed(self, work: RowWork) -> None:
        """Take note that the service failed at a row: it is listed again after a pause, or judged."""
        now = self._tools.clock.monotonic()
        work.failed_lists += 1
        if work.failed_lists == _TELL_AFTER and not (self._told or self._creates.is_general):
            self._told = True
            self._tools.observer.warn(f"No answer of use about the passes of users: {work.list_failure}. Trying again.")
        if work.failed_lists >= LIST_TRIES and not self.outage.is_general:
            self._failing.append(work)
        else:
            self._queues.queue_list_at(work, now + pause_after(work.failed_lists))

    async def given_up(self) -> list[RowWork]:
        """Return, and forget, the rows that get their outcome; the others are listed again later."""
        failing, self._failing = self._failing, []
        if not failing:
            return []
        others = self._others()
        if await self._is_everybodys(others):
            return await self._kept(failing, others)
        for work in failing:
            work.vouched += 1
        again = [work for work in failing if others and work.vouched < VOUCHED_TRIES]
        for work in again:
            self._queues.queue_list_at(work, self._tools.clock.monotonic() + 1.0)
        return [work for work in failing if work not in again]

    async def _is_everybodys(self, others: Sequence[str]) -> bool:
        return await may_still_list(others, self._tools) is None if others else not self._alone

    async def _kept(self, failing: Sequence[RowWork], others: Sequence[str]) -> list[RowWork]:
        """Return the rows that are waited for no longer, although nobody can be listed."""
        for work in failing:
            work.unvouched_rounds += 1
        held = [work for work in failing if work.state.phase is RowPhase.ISSUED]
        kept = [work for work in held if not others or work.unvouched_rounds >= UNVOUCHED_ROUNDS]
        long = [work for work in failing if work not in held and work.unvouched_rounds >= UNVOUCHED_ROUNDS]
        if long and await is_still_switched_on(self._tools) is not None:
            kept += long
        for work in failing:
            if work not in kept:
                self._queues.queue_list_at(work, self._tools.clock.monotonic() + pause_after(work.failed_lists))
                work.failed_lists = 0  # it was everybody's failure, and counts for nobody
        return kept
