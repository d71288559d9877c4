"""SignedStill: what was found when a saved plan was held against tenant and roster once more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.model.row_errors import RowError


@dataclass(frozen=True, slots=True)
class SignedStill:
    """What was found, and is no reason to refuse the plan."""

    notes: tuple[str, ...] = ()
    """What could not be found out this time, one sentence each."""
    left_out: Mapping[int, RowError] = field(default_factory=dict)
    """Rows that get no pass after all, by plan number: nobody shows their users any more, or a guard keeps them out."""
    blocked: Mapping[int, str] = field(default_factory=dict)
    """What is to be said of rows, by plan number, whose accounts were blocked since."""

    domains: tuple[str, ...] = ()
    """The tenant's verified domains, where they may be read."""
