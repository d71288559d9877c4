"""Clock: what time it is and how to wait, as an argument.

Everything whose behaviour depends on time takes a `Clock`, so that tests turn the hands themselves and none of
them sleeps.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What a room may ask about time."""

    def now(self) -> datetime:
        """Return the wall clock's time, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never run backwards; only differences mean anything."""

    async def sleep(self, seconds: float) -> None:
        """Wait; zero or less yields once to other tasks."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """See the interface."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """See the interface."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """See the interface."""
        import asyncio

        await asyncio.sleep(max(0.0, seconds))
