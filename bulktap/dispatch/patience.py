"""Patience: how long nothing was accepted beyond what there was reason to wait for; and the pauses after failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.errors import GaveUp, ServiceUnreachable, ThrottledTooLong

if TYPE_CHECKING:
    from bulktap.clock import Clock

PATIENCE_SECONDS = 1800.0
"""Without an accepted step for so long, beyond what the service asked to wait, the run gives up."""
_DOUBLINGS = 6


class Patience:
    """Measures idleness; time that was excused does not count, however often the same time is excused."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._accepted_at = clock.monotonic()
        self._excused = 0.0
        self._excused_until = self._accepted_at
        self.unreachable = False
        """Whether the last attempt did not even find a connection."""

    @property
    def exhausted(self) -> bool:
        """Whether it is time to give up."""
        return self._clock.monotonic() - self._accepted_at - self._excused >= PATIENCE_SECONDS

    def accepted(self) -> None:
        """Take note that the service did something for us; a wait that goes on stays excused."""
        self._accepted_at = self._clock.monotonic()
        self._excused = max(0.0, self._excused_until - self._accepted_at)

    def excuse(self, until: float) -> None:
        """Excuse the time from now to a moment of the monotonic clock; waits that overlap count once."""
        began = max(self._clock.monotonic(), self._excused_until)
        self._excused += max(0.0, until - began)
        self._excused_until = max(self._excused_until, until)

    def failure(self) -> GaveUp:
        """Return what the run says when it gives up."""
        hint = "Everything issued so far is safe; run `bulktap resume` later to finish."
        if self.unreachable:
            return ServiceUnreachable("Microsoft Graph could not be reached for half an hour.", hint=hint)
        return ThrottledTooLong("The service accepted nothing for half an hour.", hint=hint)


def pause_after(failures: int) -> float:
    """Return the seconds until what the service failed at so many times is asked again: one at first, then twice that.

    A minute or so is the longest: it is the rows that wait, each for itself, and not the run.
    """
    return float(2 ** min(failures - 1, _DOUBLINGS))
