"""UsageHeader: what `x-ms-throttle-limit-percentage` says about how fast the pace may grow; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.graph.pacing.tuning import DEFAULT_TUNING

if TYPE_CHECKING:
    from bulktap.graph.pacing.tuning import PacingTuning


class UsageHeader:
    """Remembers whether this service sends the header."""

    def __init__(self, tuning: PacingTuning = DEFAULT_TUNING) -> None:
        self._tuning = tuning
        self._seen = False

    def growth(self, percentage: float, pace: float) -> float:
        """Return how many times faster than usual the pace may grow.

        Args:
            percentage: what the header says, 1.0 at the limit; 0.0 where it did not come.
            pace: steps a second at present.
        """
        # 1.0 is where throttling begins, and up to 1.8 was documented: beyond it a share of the requests is refused
        # (Microsoft's page on throttling limits, identity and access service).
        if percentage >= 1.0:
            return self._tuning.exhausted_growth
        near = percentage >= self._tuning.near_limit
        self._seen = self._seen or near
        # The same page: the header comes from 80 % on. Where it came and stops coming, a fifth of the limit is free.
        unused = self._seen and not near and pace > self._tuning.coarsest_pace
        return self._tuning.unused_growth if unused else 1.0
