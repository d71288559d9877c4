"""Stand-ins for what surrounds the dispatcher: the journal, the sign-in, the screen and the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from silent_observer import SilentObserver

from bulktap.model.errors import DiskRefuses
from bulktap.model.log_events import log_line
from bulktap.model.run_events import Sent
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulktap.model.log_events import LogEvent
    from bulktap.model.run_events import Event


class Store:
    """A journal in memory that refuses when it is told to."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.commits: list[tuple[Event, ...]] = []
        self.refuses: Callable[[], bool] = lambda: False
        self.gone = False

    def record(self, events: Sequence[Event]) -> None:
        """See `recorder.EventStore`."""
        assert not self.gone, "a dead process writes nothing"
        if self.refuses():
            raise DiskRefuses("The disk is full.", hint="Free some space.")
        self.events.extend(events)
        self.commits.append(tuple(events))

    def requests(self) -> set[str]:
        """Return the batches that are on record as sent."""
        return {event.request_id for event in self.events if isinstance(event, Sent)}

    def last_phase_event(self, row: int) -> Event | None:
        """Return the last event of the row that moved it."""
        kinds = ("Sent", "Released", "Settled", "Doubted")
        mine = (event for event in reversed(self.events) if getattr(event, "row", 0) == row)
        return next((event for event in mine if type(event).__name__ in kinds), None)


class Tokens:
    """Hands out numbered tokens."""

    def __init__(self) -> None:
        self.number = 1
        self.asked = 0
        self.refusing: Exception | None = None

    def token(self) -> Secret:
        """See `sender.Tokens`."""
        self.asked += 1
        return Secret(f"token-{self.number}")

    def refreshed(self, claims: str | None) -> Secret:
        """See `sender.Tokens`."""
        del claims
        if self.refusing is not None:
            error, self.refusing = self.refusing, None
            raise error
        self.number += 1
        return self.token()


class Listener(SilentObserver):
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.logged: list[str] = []
        self.events: list[dict[str, Any]] = []
        """What was logged, with its details."""
        self.standings: list[Any] = []

    def warn(self, message: str) -> None:
        """Keep the message."""
        self.warnings.append(message)

    def log(self, event: LogEvent) -> None:
        """Keep the event."""
        self.logged.append(event.kind)
        self.events.append(log_line(event))

    def standing(self, standing: Any) -> None:
        """Keep the standing."""
        self.standings.append(standing)
