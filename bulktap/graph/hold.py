"""Hold: until when nothing may leave, for everybody; pure, the clock given, used by `pacing` alone.

A wait that the service names is believed twice; while still nothing at all is accepted after it, it grows too, because
asking early counts against the caller. Where it names none, an exponential backoff with jitter takes its place. A
batch without an answer says nothing about throttling: the first may be repeated at once, and only more of them in a
row back off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_BACKOFF = 1.0
"""Seconds of the first hold when the service names none; a quarter while it accepts most of what comes."""
_LONGEST_BACKOFF = 60.0
_SHORTEST = 0.05
"""Seconds; a hold of zero would be no hold."""
_MOST_DOUBLINGS = 10


class Hold:
    """One for all workers."""

    def __init__(self, now: float, random: Callable[[], float]) -> None:
        self.until = now
        """No batch leaves before this moment."""
        self._random = random
        self._backoffs = 0
        self._silences = 0

    def accepted(self) -> None:
        """Take note that the service carried something out."""
        self._backoffs = self._silences = 0

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
            mostly_accepted: whether more of the batch was accepted, and no limit was met.
            straggles: whether the batch was under way when the limit was met; the backoff does not grow by it.
        """
        self._silences = 0
        if retry_after is not None:
            first, doublings = retry_after, max(0, self._backoffs - 2)
        else:
            first, doublings = (
                self._jitter(_BACKOFF / 4 if mostly_accepted else _BACKOFF),
                self._backoffs,
            )
        wait = max(first, min(_LONGEST_BACKOFF, first * 2 ** min(_MOST_DOUBLINGS, doublings)))
        self._backoffs += 0 if straggles else 1
        self.until = max(self.until, now + max(wait, _SHORTEST))

    def unanswered(self, now: float) -> None:
        """Hold, from the second batch in a row on that came to nothing; what is lost during a hold adds nothing."""
        if now < self.until:
            return
        self._silences += 1
        if self._silences > 1:
            wait = self._jitter(_BACKOFF) * 2 ** min(_MOST_DOUBLINGS, self._silences - 2)
            self.until = max(self.until, now + min(_LONGEST_BACKOFF, wait))

    def _jitter(self, seconds: float) -> float:
        return seconds * (0.5 + self._random())
