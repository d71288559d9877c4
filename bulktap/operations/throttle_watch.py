"""ThrottleWatch: remembers when the service throttled steps, for the report of the run, and passes everything on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.results.run_facts import ThrottledSteps

if TYPE_CHECKING:
    from bulktap.dispatch.observer import Observer, Standing
    from bulktap.model.clock import Clock
    from bulktap.model.log_events import LogEvent


class ThrottleWatch:
    """An observer in front of another."""

    def __init__(self, observer: Observer, clock: Clock) -> None:
        self._observer = observer
        self._clock = clock
        self.throttled = 0
        """Steps that the service throttled so far."""
        self.throttling: list[ThrottledSteps] = []
        """When, and how many, in order."""

    def phase(self, name: str, total: int) -> None:
        """See the interface."""
        self._observer.phase(name, total)

    def standing(self, standing: Standing) -> None:
        """See the interface."""
        if standing.throttled > self.throttled:
            self.throttling.append(ThrottledSteps(self._clock.now(), standing.throttled - self.throttled))
            self.throttled = standing.throttled
        self._observer.standing(standing)

    def warn(self, message: str) -> None:
        """See the interface."""
        self._observer.warn(message)

    def log(self, event: LogEvent) -> None:
        """See the interface."""
        self._observer.log(event)
