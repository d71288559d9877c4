"""A virtual clock, and an event loop that moves it on whenever every task waits.

Nothing here waits, and what would run on a thread runs at once, so that a run is the same every time.
"""

from __future__ import annotations

import asyncio
import heapq
import selectors
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

START = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)


class Killed(BaseException):
    """The process is gone; raised out of the event loop."""


class VirtualClock:
    """A clock that the event loop moves on when nothing else is left to do."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.wrong_by = timedelta()
        """How far this machine's clock runs ahead of the service's."""
        self.wakeups = 0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
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
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleepers, (self.seconds + max(0.0, seconds), self._count, sleeper))
        await sleeper

    def call_at(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something at a moment, counted from the beginning."""
        at = 1000.0 + seconds
        waiting: Any = SimpleNamespace(done=lambda: False, set_result=lambda _: action())
        self._count += 1
        heapq.heappush(self._sleepers, (at, self._count, waiting))

    def advance(self) -> None:
        """Move on to the next moment at which anybody wants to wake."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        if not self._sleepers:
            raise RuntimeError("every task waits for another: a wake-up was lost")
        self.wakeups += 1
        due, _, sleeper = heapq.heappop(self._sleepers)
        self.seconds = max(self.seconds, due)
        sleeper.set_result(None)


class _Selector(selectors.SelectSelector):
    """Moves the clock on instead of blocking, and counts the rounds of the loop."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock
        self.round = 0
        self.interruptions: dict[int, Callable[[], None]] = {}

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """See the base class."""
        self.round += 1
        ready = super().select(0)
        if interruption := self.interruptions.pop(self.round, None):
            interruption()
        elif not ready and (timeout is None or timeout > 0):
            self._clock.advance()
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop without threads and without waiting."""

    def __init__(self, clock: VirtualClock) -> None:
        self.virtual = _Selector(clock)
        super().__init__(self.virtual)
        self.complaints: list[str] = []
        self.set_exception_handler(lambda _, context: self.complaints.append(str(context)))

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
