"""Observer: what the screen and the log get to see of a run; neither can influence it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bulktap.model.log_events import LogEvent


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a phase of the work has come."""

    done: int
    """Rows or users that are through."""
    total: int
    """All of them."""
    in_flight: int = 0
    """Steps sent and not answered."""
    held_seconds: float = 0.0
    """How long the service asked us to wait, from now."""
    rate: float | None = None
    """Steps a second that the service accepts at present, where known."""
    throttled: int = 0
    """Steps that the service turned away so far."""
    in_doubt: int = 0
    """Rows whose reply was lost and that wait to be settled."""


class Observer(Protocol):
    """Hears what happens; must return at once and never raise."""

    def phase(self, name: str, total: int) -> None:
        """Hear that a phase begins, with the number of rows or users it has to get through."""

    def standing(self, standing: Standing) -> None:
        """Hear how far the phase has come."""

    def warn(self, message: str) -> None:
        """Hear something that the operator should read now."""

    def log(self, event: LogEvent) -> None:
        """Hear one event for the log file."""
