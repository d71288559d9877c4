"""BucketModel: what the service's bucket holds at present, as far as can be told; pure, the clock given.

Steps are paid from it. It is empty at a throttle, owes what was throttled, and fills at the pace, also during a hold; a
hold that ends leaves one step at least. How much is saved up at most, its *depth*, is not known at first. Where a
throttle comes while a hold's savings are still being spent, the service saved less, and the depth is what was accepted
since the hold. Where more than that was once drawn, as far as the measured limit tells, one such throttle is a hint
only: the limit may be measured far too low, which makes what was drawn look large, and the more the two contradict each
other, the more hints it takes.
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
        self._left = 1.0
        self._hints: list[tuple[int, float]] = []
        self._accepted = 0

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

    def accepted(self, steps: int) -> None:
        """Take note of accepted steps."""
        self._since_hold += steps
        self._accepted += steps

    def is_spent_from(self, now: float, pace: float) -> bool:
        """Return True while what the last hold saved up makes up a good part of what leaves."""
        return self._saved_up >= self._tuning.fewest_saved and self._saved_up > pace * (now - self._hold_until) / 2

    def is_shallow(self, now: float, pace: float, drawn: float, *, clear: bool) -> bool:
        """Return True, and learn the depth, if a throttle now says that less was saved up than is being spent.

        Args:
            now: monotonic seconds.
            pace: steps per second.
            drawn: what the bucket seems to have held once; much less is a hint of its depth at most.
            clear: True if most of a batch was throttled that left after the hold; anything else is no hint.
        """
        since = now - self._hold_until
        if since < 0 or not self.is_spent_from(now, pace):
            return False
        taken = self._since_hold - pace * since
        seems = min(drawn, self.depth)
        if taken < self._tuning.known_depth * seems:
            if not clear:
                return False
            oldest = self._accepted - self._tuning.hint_steps
            self._hints = [hint for hint in self._hints if hint[0] >= oldest] + [(self._accepted, taken)]
            taken = max(steps for _at, steps in self._hints)
            if len(self._hints) < self._tuning.depth_hints + math.log2(seems / max(1.0, min(taken, seems))):
                return False
        self._hints.clear()
        self.depth = max(1.0, min(self.depth, taken))
        return True

    def spare(self, most: int) -> None:
        """Believe in no more than that: what a hold may have saved up is not worth another hold."""
        self.level = min(self.level, float(most))

    def forget_depth(self) -> None:
        """Forget how deep the bucket is: what said so was random."""
        self.depth = math.inf
        self._hints.clear()

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
            self.level = max(self.level, min(level, self.depth))
        self._filled_at = max(now, self._filled_at)
