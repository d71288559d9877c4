"""A clock for real connections: waiting goes by quickly on it, and what the computer is slow at counts as it is."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

_FASTER = 20.0


class HurriedClock:
    """A minute's sleep is over in three seconds; everything else takes as long as it takes.

    So a busy computer, on which a connection comes about late, does not make the hands run away.
    """

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._ahead = 0.0
        """How far sleeping has brought the hands beyond the time that went by."""

    def monotonic(self) -> float:
        """See the interface."""
        return time.monotonic() - self._began + self._ahead

    def now(self) -> datetime:
        """See the interface."""
        return datetime(2035, 9, 1, tzinfo=UTC) + timedelta(seconds=self.monotonic())

    async def sleep(self, seconds: float) -> None:
        """See the interface."""
        until = self.monotonic() + max(0.0, seconds)
        await asyncio.sleep(max(0.0, seconds) / _FASTER)
        self._ahead += max(0.0, until - self.monotonic())
