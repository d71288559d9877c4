"""RecentRate: accepted steps per second of late, for as long as no limit was measured; used by `pacing` alone."""

from __future__ import annotations

from collections import deque

_RECENT_SECONDS = 20.0
"""What the average looks back on."""


class RecentRate:
    """An average over the last answers."""

    def __init__(self, now: float) -> None:
        self._seen: deque[tuple[float, int]] = deque([(now, 0)])

    def note(self, accepted: int, now: float) -> None:
        """Take note of how many steps were accepted since the beginning."""
        self._seen.append((now, accepted))

    def at(self, now: float) -> float:
        """Return steps per second; nought before anything was accepted."""
        while len(self._seen) > 2 and self._seen[1][0] < now - _RECENT_SECONDS:
            self._seen.popleft()
        began, before = self._seen[0]
        return (self._seen[-1][1] - before) / (now - began) if now > began else 0.0
