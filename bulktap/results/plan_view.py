"""PlanView: what every report of a plan is made from, computed once for all of them; `run_view` adds to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.results.plan_file.plan_json import plan_digest, short_digest
from bulktap.results.row_results import counts_of, row_faults, row_results

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.row_errors import RowError
    from bulktap.model.run_state import RunState
    from bulktap.results.row_results import RowResult


@dataclass
class PlanView:
    """A plan, and what its journal says."""

    plan: Plan
    state: RunState | None = None
    """What the journal says; None before the plan is carried out."""
    known_digest: str = field(default="", kw_only=True)
    """The plan's digest, if it has been worked out already."""

    @cached_property
    def digest(self) -> str:
        """The plan's digest, hexadecimal."""
        return self.known_digest or plan_digest(self.plan)

    @property
    def shown_digest(self) -> str:
        """The digest as people compare it."""
        return short_digest(self.digest)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown."""
        return ZoneInfo(self.plan.settings.timezone)

    @cached_property
    def rows(self) -> Mapping[int, PlanRow]:
        """The plan's rows by number."""
        return {row.number: row for row in self.plan.rows}

    @cached_property
    def results(self) -> Mapping[int, RowResult]:
        """What became of each row, by plan number."""
        return row_results(self.plan, self.state)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """The contract's counts."""
        return counts_of(self.results)

    def faults(self, row: PlanRow) -> list[RowError]:
        """Return what kept a row from a pass."""
        return row_faults(row, self.rows, self.state)
