"""Backoff: until when nothing may leave, for everybody; pure, the clock given.

A wait that the service names is kept as it is twice; while still nothing at all is accepted after it, it grows too,
because asking early counts against the caller. Where it names none, an exponential backoff with jitter takes its
place. A batch without an answer says nothing about throttling: the first may be repeated at once, and only more of them
in a row back off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.graph.pacing.tuning import DEFAULT_TUNING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.graph.pacing.tuning import PacingTuning


class Backoff:
    """The hold, one for all batches."""

    def __init__(self, now: float, random: Callable[[], float], tuning: PacingTuning = DEFAULT_TUNING) -> None:
        self.hold_until = now
        """No batch leaves before this moment."""
        self._random = random
        self._tuning = tuning
        self._throttles = 0
        self._silences = 0

    def accepted(self) -> None:
        """Take note that the service carried something out."""
        self._throttles = self._silences = 0

    def throttled(
        self,
        retry_after: float | None,
        now: float,
        *,
        mostly_accepted: bool,
        straggles: bool,
    ) -> None:
        """Hold for the sake of throttled steps.

        Args:
            retry_after: the longest wait that the service named, seconds; None when it named none.
            now: monotonic seconds.
            mostly_accepted: True if more of the batch was accepted, and no limit was met.
            straggles: True if the batch was under way when the limit was met; the backoff does not grow by it.
        """
        tuning = self._tuning
        self._silences = 0
        # Retry-After is documented for 429 and was missing all the same (microsoft-graph-docs-contrib issue 8469).
        if retry_after is not None:
            # Requests are counted while they are throttled, so that a wait that was too short makes the next one longer
            # (Microsoft's page on throttling).
            first, doublings = retry_after, max(0, self._throttles - tuning.trusted_waits)
        else:
            seconds = tuning.partial_backoff if mostly_accepted else tuning.first_backoff
            first, doublings = self._jittered(seconds), self._throttles
        wait = max(first, min(tuning.longest_backoff, first * 2 ** min(tuning.most_doublings, doublings)))
        self._throttles += 0 if straggles else 1
        self.hold_until = max(self.hold_until, now + max(wait, tuning.shortest_hold))

    def unanswered(self, now: float, latest: float | None = None) -> None:
        """Hold, from the second batch in a row on that came to nothing; what is lost during a hold adds nothing.

        Args:
            now: monotonic seconds.
            latest: a moment at which somebody waits for another attempt; no hold begun before it outlasts it.
        """
        if now < self.hold_until:
            return
        self._silences += 1
        if self._silences > 1:
            doublings = min(self._tuning.most_doublings, self._silences - 2)
            wait = self._jittered(self._tuning.first_backoff) * 2**doublings
            until = now + min(self._tuning.longest_backoff, wait)
            self.hold_until = max(self.hold_until, until if latest is None or latest <= now else min(until, latest))

    def _jittered(self, seconds: float) -> float:
        return seconds * (0.5 + self._random())
