"""TimeLeft: how long the rest of a phase takes, from the pacer's rate and what was really got through of late; pure.

The pacer knows the limit once it has met it twice; before that, its rate still remembers the rows that a full bucket
let through, and a first measurement may be far off. So its rate is believed as far as it agrees with what was got
through since the limit was first met, or in the last half minute; and just after that nobody knows.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulktap.dispatch.observer import Standing

_WINDOW_SECONDS = 30.0
_ENOUGH_SECONDS = 3.0
_ENOUGH_ROWS = 10
"""Less than these says nothing about a rate."""
_AGREES = 0.1
"""How far the pacer's rate may be off what was got through."""


class TimeLeft:
    """Watches one phase."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()
        self._met = False
        self._measured = False

    @property
    def limit_met(self) -> bool:
        """Whether the service has turned anything away; as long as it has not, the time left is the least."""
        return self._met

    def rate(self, standing: Standing, now: float) -> float | None:
        """Take note of a standing; return rows a second, None where nobody knows.

        Args:
            standing: how far the phase has come.
            now: monotonic seconds.
        """
        if standing.throttled and not self._met:
            self._met = True
            self._seen.clear()
        if standing.held_seconds > _ENOUGH_SECONDS:
            self._seen.clear()  # a long hold says nothing about the rate after it
        self._seen.append((now, standing.done))
        while len(self._seen) > 2 and self._says_enough(self._seen[1], standing.done, now):
            self._seen.popleft()
        if not standing.rate or not standing.done:
            return None
        began, before = self._seen[0]
        seconds, rows = now - began, standing.done - before
        if seconds < _ENOUGH_SECONDS or rows < _ENOUGH_ROWS:
            return standing.rate if self._measured or not self._met else None
        self._measured = self._met
        observed = rows / seconds
        return min(max(standing.rate, observed * (1 - _AGREES)), observed * (1 + _AGREES))

    @staticmethod
    def _says_enough(since: tuple[float, int], done: int, now: float) -> bool:
        """Say whether what was got through since a moment is evidence by itself; at a small limit that takes longer."""
        return since[0] < now - _WINDOW_SECONDS and done - since[1] >= _ENOUGH_ROWS


def seconds_left(standing: Standing, rate: float) -> float:
    """Return how long the rest takes at that rate, after the hold."""
    return standing.held_seconds + (standing.total - standing.done) / rate
