"""RevokeWishes: which passes of a run are to be revoked; apart from revoking, so that help loads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class RevokeWishes:
    """Which passes of a run are meant, and whether they are deleted at all."""

    only: tuple[str, ...] = ()
    """Words, see `planning.selection`; empty means every row."""
    exclude: tuple[str, ...] = ()
    """Words likewise; whoever they name keeps the pass."""
    received: Path | None = None
    """A list of slips that were received; the passes of everybody else are meant."""
    dry: bool = False
    """Whether it is only said what would be done."""

    @property
    def choose(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.only or self.exclude or self.received)
