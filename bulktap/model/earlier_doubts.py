"""What an earlier run left open about a user: requests that were sent, and whose answers were lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulktap.model.run_events import Sent


@dataclass(frozen=True, slots=True)
class EarlierDoubt:
    """The requests of earlier runs for one user of which each may have made a pass whose passcode nobody has."""

    run: str
    """The run that sent the last of them."""
    attempts: tuple[Sent, ...]
    """With the terms that they asked for."""
    has_made: bool = False
    """Whether one of them has made the pass that the tenant lists as live."""
