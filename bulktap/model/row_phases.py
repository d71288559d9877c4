"""RowPhase: how far a row has come; `run_state` adds the phases up from what the journal keeps."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class RowPhase(StrEnum):
    """How far a row has come."""

    NOT_SENT = "not sent"
    SENT = "sent"
    RELEASED = "released"
    ISSUED = "issued"
    REFUSED = "refused"
    SKIPPED = "skipped"
    IN_DOUBT = "in doubt"

    @property
    def settled(self) -> bool:
        """Whether the row has reached its outcome."""
        return self in _SETTLED


_SETTLED: Final = frozenset({RowPhase.ISSUED, RowPhase.REFUSED, RowPhase.SKIPPED, RowPhase.IN_DOUBT})
