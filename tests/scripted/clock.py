"""A virtual clock, and an event loop that moves it on whenever every task waits.

Nothing here waits, and what would run on a thread runs at once, so that a run is the same every time. The loop does
what `asyncio` asks of one and no more: no selector, no signals, no contexts; a round of it costs a fraction.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

START = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
_ROUNDS_TO_END = 1000
"""Rounds in which cancelled tasks must have ended."""


class Killed(BaseException):
    """The process is gone; raised out of the event loop."""


class VirtualClock:
    """A clock that the event loop moves on when nothing else is left to do."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.wrong_by = timedelta()
        """How far this machine's clock runs ahead of the service's."""
        self.wakeups = 0
        self._sleepers: list[tuple[float, int, Any]] = []
        self._count = 0

    def now(self) -> datetime:
        """Return the machine's time."""
        return self.service_now() + self.wrong_by

    def service_now(self) -> datetime:
        """Return the service's time."""
        return START + timedelta(seconds=self.seconds - 1000.0)

    def monotonic(self) -> float:
        """Return seconds."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been moved on."""
        sleeper = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self.seconds + max(0.0, seconds), self._count, sleeper))
        await sleeper

    def call_at(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something at a moment, counted from the beginning."""
        at = 1000.0 + seconds
        waiting = SimpleNamespace(done=lambda: False, set_result=lambda _: action())
        self._count += 1
        heapq.heappush(self._sleepers, (at, self._count, waiting))

    def pass_time(self, until: float) -> None:
        """Move on to a moment while no loop runs: what was to be done before it is done."""
        while self._sleepers and self._sleepers[0][0] <= until:
            self.advance_if_any()
        self.seconds = max(self.seconds, until)

    def advance_if_any(self) -> None:
        """Move on to the next moment, if anybody waits for one."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        if self._sleepers:
            self.advance()

    def advance(self) -> None:
        """Move on to the next moment at which anybody wants to wake."""
        sleepers = self._sleepers
        while sleepers and sleepers[0][2].done():
            heapq.heappop(sleepers)
        if not sleepers:
            raise RuntimeError("every task waits for another: a wake-up was lost")
        self.wakeups += 1
        due, _, sleeper = heapq.heappop(sleepers)
        self.seconds = max(self.seconds, due)
        sleeper.set_result(None)


class VirtualLoop(asyncio.AbstractEventLoop):
    """An event loop without threads and without waiting."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self.ready: deque[tuple[Any, ...]] = deque()
        self.round = 0
        self.interruptions: dict[int, Callable[[], None]] = {}
        """What happens before which round."""
        self.complaints: list[str] = []

    # What asyncio asks of a loop

    def call_soon(self, callback: Any, *args: Any, context: Any = None) -> Any:
        """See the base class; contexts are the same for all."""
        del context
        self.ready.append((callback, args))

    def create_future(self) -> asyncio.Future[Any]:
        """See the base class."""
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, *, name: Any = None, context: Any = None) -> asyncio.Task[Any]:
        """See the base class."""
        del name, context
        return asyncio.Task(coro, loop=self)

    def get_debug(self) -> bool:
        """See the base class."""
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Keep what nobody else wanted to hear of."""
        self.complaints.append(str(context))

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> asyncio.Future[Any]:
        """Run at once, and let the caller hear of it in the next round, as from a thread."""
        del executor
        done = self.create_future()

        def finish() -> None:
            if done.cancelled():
                return
            try:
                done.set_result(func(*args))
            except Exception as error:  # noqa: BLE001 - handed to whoever waits
                done.set_exception(error)

        self.call_soon(finish)
        return done

    # How it is run

    def turn(self) -> None:
        """Do one round: all that is ready by now."""
        self.round += 1
        if self.interruptions and (interruption := self.interruptions.pop(self.round, None)) is not None:
            interruption()
        ready = self.ready
        for _ in range(len(ready)):
            callback, args = ready.popleft()
            try:
                callback(*args)
            except Exception as error:  # noqa: BLE001 - as in asyncio: the loop goes on
                self.complaints.append(repr(error))

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine to its end, then end what it left behind."""
        asyncio._set_running_loop(self)  # noqa: SLF001 - documented for those who write loops
        try:
            task = self.create_task(coroutine)
            while not task.done():
                if self.ready or self.round + 1 in self.interruptions:
                    self.turn()
                else:
                    self._clock.advance()
            return task.result()
        finally:
            self.end_tasks()
            asyncio._set_running_loop(None)  # noqa: SLF001

    def end_tasks(self) -> None:
        """Cancel every task and let it end; the loop has to be the running one."""
        for task in asyncio.all_tasks(self):
            task.cancel()
        self.interruptions.clear()
        for _ in range(_ROUNDS_TO_END):
            if not self.ready:
                return
            self.turn()
        raise RuntimeError("a task goes on although it was cancelled")
