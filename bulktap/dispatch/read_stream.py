"""ReadStream: what bulk queries share that run side by side, each in a batch loop of its own.

One window of batches in flight, one patience, one line on the screen. Each has a pace of its own, because the service
counts looking users up and listing their passes against different limits.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bulktap.dispatch.batch_loop import end_tasks
from bulktap.dispatch.giving_up import Patience
from bulktap.dispatch.observer import Standing
from bulktap.graph.pacing import Pacer

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bulktap.dispatch.dependencies import ReadTools


class ReadStream:
    """One window for several bulk queries."""

    def __init__(self, tools: ReadTools, progress: Callable[[], tuple[int, int]] | None = None) -> None:
        """Take how to ask, and what tells how many subjects of all are through."""
        self._tools = tools
        self._progress = progress
        self._pacers: list[Pacer] = []
        self._wakers: list[Callable[[], None]] = []
        self._in_flight = 0
        self.patience = Patience(tools.clock)
        """How long nothing was answered to any of them."""

    def join(self, wake: Callable[[], None]) -> Pacer:
        """Take in a bulk query: return its pacer; `wake` is called when there is room again."""
        pacer = Pacer(self._tools.limits, self._tools.clock.monotonic(), self._tools.random)
        self._pacers.append(pacer)
        self._wakers.append(wake)
        return pacer

    @property
    def has_room(self) -> bool:
        """Whether another batch may be in flight."""
        return self._in_flight < self._tools.limits.concurrency

    def left(self) -> None:
        """Take note that a batch has left."""
        self._in_flight += 1

    def ended(self) -> None:
        """Take note that a batch has ended, whatever came of it."""
        self._in_flight -= 1
        for wake in self._wakers:
            wake()

    def standing(self, pacer: Pacer, done: int, total: int) -> Standing:
        """Return how far they have come together; the rate and the count are those of one that stands alone."""
        now = self._tools.clock.monotonic()
        if self._progress is not None:
            done, total = self._progress()
        return Standing(
            done=done,
            total=total,
            held_seconds=max(0.0, *(one.hold_until - now for one in self._pacers)),
            rate=pacer.rate(now),
            throttled=sum(one.throttled_steps for one in self._pacers),
        )


async def side_by_side(*works: Coroutine[None, None, None]) -> None:
    """Do several things at the same time; the first error ends them all, and is raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        failures = [task.exception() for task in tasks if task.done() and not task.cancelled()]
        for failure in failures:
            if failure is not None:
                raise failure
    finally:
        await end_tasks(tasks)
