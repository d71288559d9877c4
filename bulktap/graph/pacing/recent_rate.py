"""RecentRate: accepted steps per second recently, for as long as no limit was measured; pure."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from bulktap.graph.pacing.tuning import DEFAULT_TUNING

if TYPE_CHECKING:
    from bulktap.graph.pacing.tuning import PacingTuning


class RecentRate:
    """An average over the last answers."""

    def __init__(self, now: float, tuning: PacingTuning = DEFAULT_TUNING) -> None:
        self._seconds = tuning.recent_seconds
        self._seen: deque[tuple[float, int]] = deque([(now, 0)])

    def note(self, accepted: int, now: float) -> None:
        """Take note of how many steps were accepted since the beginning."""
        self._seen.append((now, accepted))

    def at(self, now: float) -> float:
        """Return steps per second; zero before anything was accepted."""
        while len(self._seen) > 2 and self._seen[1][0] < now - self._seconds:
            self._seen.popleft()
        began, before = self._seen[0]
        return (self._seen[-1][1] - before) / (now - began) if now > began else 0.0
