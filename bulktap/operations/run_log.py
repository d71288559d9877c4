"""RunLog: writes the events of an operation to the run's log, and passes everything on to whoever watches.

A plan without a tenant has no events, so that their classes are loaded with the first one.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bulktap.model.secret import struck
from bulktap.model.setting_names import spelled

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from bulktap.dispatch.observer import Observer, Standing
    from bulktap.model.clock import Clock
    from bulktap.model.log_events import LogEvent
    from bulktap.model.setting_names import Spelling
    from bulktap.storage import EventLog


class RunLog:
    """An observer in front of another, as a context manager; silent until it is told where to write."""

    def __init__(self, observer: Observer, clock: Clock, spelling: Spelling) -> None:
        self._observer = observer
        self._clock = clock
        self._spelling = spelling
        self._log: EventLog | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def write_to(self, log: EventLog) -> None:
        """Append events to this log from now on."""
        self._log = log

    def end(self) -> None:
        """Append nothing any more, and let go of the file."""
        if self._log is not None:
            self._log.close()
            self._log = None

    def phase(self, name: str, total: int) -> None:
        """See the interface."""
        from bulktap.model.log_events import PhaseBegun

        self._observer.phase(name, total)
        self.log(PhaseBegun(name, total, cpu_seconds=round(time.process_time(), 3)))

    def standing(self, standing: Standing) -> None:
        """See the interface."""
        self._observer.standing(standing)

    def warn(self, message: str) -> None:
        """See the interface."""
        from bulktap.model.log_events import WarningShown

        self._observer.warn(message)
        self.log(WarningShown(message))

    def log(self, event: LogEvent) -> None:
        """See the interface."""
        self._observer.log(event)
        if self._log is None:
            return
        from bulktap.model.log_events import log_line

        line = log_line(event, said=lambda text: struck(spelled(text, self._spelling)))
        trouble = self._log.append({"time": self._clock.now().isoformat(), **line})
        if trouble is not None:
            self._observer.warn(trouble)
