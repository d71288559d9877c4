"""VerifyWishes: what verifying does beside asking once; apart from verifying, so that help loads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class VerifyWishes:
    """What verifying does beside asking once."""

    every: float | None = None
    """Seconds after which everybody is asked about again; None asks once."""
    until: str | None = None
    """Until when that goes on, as typed: `12:00`, `2035-09-01 12:00`."""
    unserved: Path | None = None
    """Where those are written who never used their pass, and whose pass is over."""
