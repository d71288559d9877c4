"""An observer for tests that look at something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulktap.dispatch.observer import Standing
    from bulktap.model.log_events import LogEvent


class SilentObserver:
    """Hears everything and says nothing."""

    def phase(self, name: str, total: int) -> None:
        """See the interface."""

    def standing(self, standing: Standing) -> None:
        """See the interface."""

    def warn(self, message: str) -> None:
        """See the interface."""

    def log(self, event: LogEvent) -> None:
        """See the interface."""
