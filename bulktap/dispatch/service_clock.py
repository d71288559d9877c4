"""ServiceClock: what time it is at the service, read off its `Date` headers.

Whether a start lies in the past, and whether a pass that turned up was created by one of our attempts, is a question
about the service's clock. The machine's own may be minutes off.

A reply tells the difference of the two clocks between two bounds only. What all replies agree on is their
intersection; a reply that was read ten minutes late has bounds ten minutes apart, and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.model.clock import Clock

_NOTABLE = timedelta(seconds=2)
"""A smaller difference is within what the service's own machines differ by."""
_RESOLUTION = timedelta(seconds=1)
"""`Date` has whole seconds."""
_WIDE = timedelta(seconds=10)
"""A reply that took longer narrows the bounds where it can, and is never a reason to give them up."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a request left, by both of the machine's clocks."""

    at: datetime
    monotonic: float


@dataclass(frozen=True, slots=True)
class _Bounds:
    """How far the service is ahead, at least and at most."""

    low: timedelta
    high: timedelta

    def meet(self, other: _Bounds) -> _Bounds | None:
        low, high = max(self.low, other.low), min(self.high, other.high)
        return _Bounds(low, high) if low <= high else None

    def estimate(self) -> timedelta:
        """Return no difference where that is possible, or nearly; otherwise the middle."""
        if self.low <= _NOTABLE and self.high >= -_NOTABLE:
            return timedelta()
        return self.low + (self.high - self.low) / 2


class ServiceClock:
    """The machine's clock, corrected by what the service says."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._bounds: _Bounds | None = None
        self._ahead = timedelta()
        self._contradiction: _Bounds | None = None
        """What the last reply said against all before it."""

    @property
    def is_set(self) -> bool:
        """True if a reply has told the service's time."""
        return self._bounds is not None

    @property
    def ahead(self) -> timedelta:
        """How far the service's clock runs ahead of ours."""
        return self._ahead

    @property
    def perhaps_ahead(self) -> tuple[timedelta, ...]:
        """How far it may be ahead: as most replies say, and as the last one says that contradicts them."""
        return (self.ahead,) if self._contradiction is None else (self.ahead, self._contradiction.estimate())

    def now(self) -> datetime:
        """Return the service's time, aware, in UTC."""
        return self._clock.now() + self._ahead

    def monotonic(self) -> float:
        """Return seconds that never run backwards; they are the machine's own."""
        return self._clock.monotonic()

    def stamp(self) -> Stamp:
        """Return when it is, to be handed to `observe` with what was sent now."""
        return Stamp(self._clock.now(), self._clock.monotonic())

    def observe(self, service_date: datetime | None, sent: Stamp) -> None:
        """Take the `Date` header of a reply to something that was sent at `sent`, and that has just been read."""
        if service_date is None:
            return
        received = self._clock.now()
        # The monotonic clock may stand still while the computer sleeps, and the wall clock may be set meanwhile:
        # the longer of the two times is the one to reckon with.
        taken = timedelta(seconds=max(0.0, self._clock.monotonic() - sent.monotonic))
        began = min(sent.at, received - taken)
        # `Date` is cut to whole seconds (RFC 9110, section 5.6.7) and was written between sending and receiving.
        seen = _Bounds(service_date - received, service_date + _RESOLUTION - began)
        met = seen if self._bounds is None else self._bounds.meet(seen)
        if met is not None:
            self._believe(met)
        elif seen.high - seen.low <= _WIDE + _RESOLUTION:
            self._contradict(seen)

    def _contradict(self, seen: _Bounds) -> None:
        """Believe two replies in a row that a clock was set; one alone may come from a machine whose clock is wrong."""
        agreed = None if self._contradiction is None else self._contradiction.meet(seen)
        if agreed is None:
            self._contradiction = seen
        else:
            self._believe(agreed)

    def _believe(self, bounds: _Bounds) -> None:
        self._bounds, self._ahead, self._contradiction = bounds, bounds.estimate(), None
