"""ServiceClock: what time it is at the service, read off its `Date` headers.

Whether a start lies in the past, and whether a pass that turned up was created by one of our attempts, is a question
about the service's clock. The machine's own may be minutes off.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.clock import Clock

_NOTABLE = timedelta(seconds=2)
"""`Date` has whole seconds and the reply took time: a smaller difference says nothing."""


class ServiceClock:
    """The machine's clock, corrected by what the service last said."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead = timedelta()

    @property
    def ahead(self) -> timedelta:
        """How far the service's clock runs ahead of ours."""
        return self._ahead

    def now(self) -> datetime:
        """Return the service's time, aware, in UTC."""
        return self._clock.now() + self._ahead

    def monotonic(self) -> float:
        """Return seconds that never run backwards; they are the machine's own."""
        return self._clock.monotonic()

    def observe(self, service_date: datetime | None) -> None:
        """Take a `Date` header into account."""
        if service_date is None:
            return
        ahead = service_date - self._clock.now()
        self._ahead = ahead if abs(ahead) > _NOTABLE else timedelta()
