"""BucketModel: what the service's bucket holds at present, as far as can be told; pure, the clock given.

Steps are paid from it. It is empty at a throttle, owes what was throttled, and fills at the pace, also during a hold; a
hold that ends leaves one step at least. How much is saved up at most, its *depth*, is not known at first. Where a
throttle comes while a hold's savings are still being spent, the service saved less, and the depth is what was accepted
since the hold. A depth that was used up without a throttle grows slowly.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bulktap.graph.pacing.tuning import DEFAULT_TUNING

if TYPE_CHECKING:
    from bulktap.graph.pacing.tuning import PacingTuning


class BucketModel:
    """The level, and how deep the bucket is."""

    def __init__(self, now: float, tuning: PacingTuning = DEFAULT_TUNING) -> None:
        self.level = 0.0
        """Steps that may leave at once."""
        self.depth = math.inf
        """Steps that are saved up at most."""
        self._tuning = tuning
        self._filled_at = now
        self._hold_until = now
        self._holding = False
        self._saved_up = 0.0
        self._since_hold = 0
        self._was_full = False
        self._left = 1.0

    def fill(self, now: float, pace: float) -> None:
        """Fill until now, at a pace of steps per second."""
        if self._holding and now >= self._hold_until:
            self._pour(self._hold_until, pace)
            self.level = self._saved_up = max(self.level, self._left)
            self._holding = False
        self._pour(now, pace)

    def at(self, moment: float, pace: float) -> float:
        """Return the level at a later moment at which no hold is left."""
        level = self.level + pace * (moment - self._filled_at)
        return max(level, self._left) if self._holding else level

    def accepted(self, steps: int, smallest: int) -> None:
        """Take note of accepted steps; `smallest` is what a batch has at least."""
        self._since_hold += steps
        if self._was_full and self.level < smallest:
            self.depth, self._was_full = self._tuning.deepening * self.depth, False

    def is_shallow(self, now: float, pace: float, drawn: float) -> bool:
        """Return True, and learn the depth, if a throttle now says that less was saved up than is being spent.

        Args:
            now: monotonic seconds.
            pace: steps per second.
            drawn: what the bucket is known to have held once; much less is no sign of its depth.
        """
        since = now - self._hold_until
        spending = self._saved_up >= 2 and self._saved_up > pace * since / 2
        taken = self._since_hold - pace * since
        if since < 0 or not spending or taken < self._tuning.known_depth * min(drawn, self.depth):
            return False
        self.depth, self._was_full = max(1.0, min(self.depth, taken)), False
        return True

    def empty(self, owed: int, *, again: bool) -> None:
        """Take note that the service has nothing left and may want the throttled steps back; `again` adds to that."""
        self.level = (self.level if again else 0.0) - owed

    def hold_was_short(self) -> None:
        """Take note that a hold ended before there was a step: from now on the level alone says when there is one."""
        self._left = 0.0

    def hold(self, until: float, *, begins: bool) -> None:
        """Take note that nothing leaves until that moment; `begins` where nothing was held before."""
        self._hold_until, self._holding = until, True
        if begins:
            self._since_hold = 0

    def _pour(self, now: float, pace: float) -> None:
        if pace > 0 and now > self._filled_at:
            level = self.level + pace * (now - self._filled_at)
            self._was_full = self._was_full or level > self.depth
            self.level = max(self.level, min(level, self.depth))
        self._filled_at = max(now, self._filled_at)
