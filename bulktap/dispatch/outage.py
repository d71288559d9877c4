"""Outage: tells a service that fails at everything from one that fails at a row; pure.

A row has so many tries. They are not used up while the service carries nothing out for anybody, and while it does not,
it is asked less and less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_BATCHES, _ROWS = 3, 20
"""Batches failed in a row, and different rows in them, with nothing carried out in between: no few odd rows do that."""
_LONGEST_PAUSE = 60.0
"""Seconds between two batches at the most."""
_DOUBLINGS = 6


class Outage:
    """Counts batches that failed as a whole since the service last carried something out."""

    def __init__(self) -> None:
        self._batches = 0
        self._rows: set[int] = set()
        self._pauses = 0
        self.hold_until = 0.0
        """Nothing of this kind is worth sending before this moment of the monotonic clock."""

    @property
    def is_general(self) -> bool:
        """Whether the service fails at everything at present."""
        return self._batches >= _BATCHES and len(self._rows) >= _ROWS

    def worked(self) -> None:
        """Take note that a step was carried out, or refused by the service itself."""
        self._batches = self._pauses = 0
        self._rows.clear()
        self.hold_until = 0.0

    def failed(self, rows: Iterable[int], now: float) -> None:
        """Take note of a batch of which no step was carried out."""
        self._batches += 1
        self._rows.update(rows)
        if self.is_general and now >= self.hold_until:
            self.hold_until = now + min(_LONGEST_PAUSE, float(2 ** min(self._pauses, _DOUBLINGS)))
            self._pauses += 1
