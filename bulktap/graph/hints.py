"""Hints: what `x-ms-throttle-limit-percentage` says about how fast the pace may grow; pure, used by `pacing` alone."""

from __future__ import annotations

NEAR = 0.8
"""From this part of the limit on the service sends the header (throttling limits, identity and access service)."""
_UNUSED_HASTE = 2.0
"""So many times faster the pace grows while a service that gives hints gives none: a fifth of its limit is free."""
_USED_UP_HASTE = 0.25
"""So many times faster it grows at the limit; nought would be for ever where a service always says so."""
_COARSE = 1.5
"""Steps a second; at smaller limits one step moves what is used by a fifth, so that its hints come and go."""


class Hints:
    """Remembers whether this service gives hints."""

    def __init__(self) -> None:
        self._given = False

    def haste(self, percentage: float, pace: float) -> float:
        """Return how many times faster than usual the pace may grow.

        Args:
            percentage: what the header says, 1.0 at the limit; 0.0 where it did not come.
            pace: steps a second at present.
        """
        if percentage >= 1.0:
            return _USED_UP_HASTE
        self._given = self._given or percentage >= NEAR
        return _UNUSED_HASTE if self._given and percentage < NEAR and pace > _COARSE else 1.0
