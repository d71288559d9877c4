"""BoardFacts: what is looked up for a change board alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """An earlier run of the same roster in a pretend tenant."""

    run: str
    started_at: datetime
    counts: Mapping[str, int]
    """The contract's counts."""


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """What is looked up for a change board alone."""

    rehearsal: Rehearsal | None
    """The latest one that was carried out to its end; None if there was none in this reports folder."""
