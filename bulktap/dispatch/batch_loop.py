"""BatchLoop: batches of several kinds of step, concurrently, until there is nothing left to do or somebody says stop.

The only loop in the program that sends. A kind of step says which batch may leave now and when it is worth asking
again; a task each sees a batch through. The loop sleeps until a batch ends, a moment comes, or it is woken.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

    from bulktap.model.clock import Clock

_SHORTEST_WAIT = 0.002


class StepKind(Protocol):
    """One kind of step: which batch of it leaves next, and when."""

    def next_batch(self, now: float) -> Coroutine[Any, Any, None] | None:
        """Return the batch that may leave now, with its room reserved; None when none may.

        Args:
            now: monotonic seconds.
        """

    def next_at(self, now: float) -> float | None:
        """Return the moment at which it is worth asking again; None when only a reply can change the answer.

        Args:
            now: monotonic seconds; asked once before each wait.
        """


class BatchLoop:
    """Sends batches; an error in one of them ends the loop, and is kept."""

    def __init__(self, clock: Clock, kinds: Iterable[StepKind]) -> None:
        """Take the kinds of step, those first whose batches leave first."""
        self._clock = clock
        self._kinds = tuple(kinds)
        self._in_flight: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._alarm: asyncio.Task[None] | None = None
        self._alarm_at = 0.0
        """When it rings, by the monotonic clock."""
        self.error: BaseException | None = None
        """The first error that a batch ended with."""
        self.stopping = False
        """Whether nothing leaves any more."""

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._in_flight

    def stop(self) -> None:
        """Let nothing leave any more; what is in flight is waited for."""
        self.stopping = True
        self._wake.set()

    def wake(self) -> None:
        """Look again whether something may leave."""
        self._wake.set()

    async def run(self, until: Callable[[], bool], each_round: Callable[[], None]) -> None:
        """Send until there is no need to, or until what was in flight when somebody said stop has ended.

        Args:
            until: asked before each wait; what is in flight then goes on, and can be waited for by the next call.
            each_round: called whenever a batch has ended or a moment has come.
        """
        try:
            while True:
                while not self.stopping and self._launch():
                    pass
                if until() or (self.stopping and self.is_idle):
                    return
                await self._wait()
                each_round()
        finally:
            await self._set_off()

    async def close(self) -> None:
        """Cancel what is still under way, and wait for it to end."""
        await end_tasks(self._in_flight)

    def _launch(self) -> bool:
        """Start one batch if one may leave now; say whether one did."""
        now = self._clock.monotonic()
        for kind in self._kinds:
            if (batch := kind.next_batch(now)) is not None:
                task = asyncio.create_task(batch)
                self._in_flight.add(task)
                task.add_done_callback(self._ended)
                return True
        return False

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._wake.set()
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.error = self.error or error
            self.stopping = True

    async def _wait(self) -> None:
        """Wait until a batch has ended, a moment has come, or somebody wakes the loop."""
        now = self._clock.monotonic()
        moments = [moment for kind in self._kinds if (moment := kind.next_at(now)) is not None]
        if moments and not self.stopping:
            await self._set_alarm(max(now + _SHORTEST_WAIT, min(moments)), now)
        await self._wake.wait()
        self._wake.clear()

    async def _set_alarm(self, at: float, now: float) -> None:
        """Wake the loop at a moment; an alarm that is set already and rings no later will do: it only looks again."""
        if self._alarm is not None and not self._alarm.done():
            if self._alarm_at <= at:
                return
            await end_tasks([self._alarm])
        self._alarm, self._alarm_at = asyncio.create_task(self._clock.sleep(at - now)), at
        self._alarm.add_done_callback(self._ring)

    async def _set_off(self) -> None:
        alarm, self._alarm = self._alarm, None
        if alarm is not None:
            await end_tasks([alarm])

    def _ring(self, alarm: asyncio.Task[None]) -> None:
        if not alarm.cancelled():
            self._wake.set()


async def end_tasks(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel what is not done yet, and wait for it to end."""
    ending = list(tasks)
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
