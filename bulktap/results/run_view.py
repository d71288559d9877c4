"""PlanView and RunView: what every report of a plan, or of a run, is made from, computed once for all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from bulktap.model.run_state import RunState
from bulktap.results.plan_file.plan_json import plan_digest, short_digest
from bulktap.results.row_results import counts_of, row_faults, row_results, unusable_rows
from bulktap.results.run_facts import run_times

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.row_errors import RowError
    from bulktap.results.kept_rendering import KeptRendering
    from bulktap.results.row_results import RowResult
    from bulktap.results.run_facts import RunFacts, RunTimes

_Made = TypeVar("_Made")


@dataclass
class PlanView:
    """A plan, and what its journal says: nothing before it is carried out."""

    plan: Plan
    state: RunState = field(default_factory=lambda: RunState("", "", {}))
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


@dataclass
class RunView(PlanView):
    """A plan, what became of it, and what only the command knows.

    `facts` may be replaced meanwhile: the exit code and the journal's head count are known once the passcodes are
    written. Nothing that is computed here depends on those two.
    """

    facts: RunFacts = field(kw_only=True)
    revoked: Mapping[str, datetime] = field(default_factory=dict, kw_only=True)
    """The passes that the run's own revocations deleted, by their id, and when."""
    kept: KeptRendering | None = field(default=None, kw_only=True)
    """What was made of the same rows before; None where nothing is to be kept of it either."""

    def of_rows(self, make: Callable[[RunView], _Made]) -> _Made:
        """Return what a function makes of the rows alone; it is called once where that is kept."""
        return make(self) if self.kept is None else self.kept.part(make, self)

    @cached_property
    def unusable(self) -> list[PlanRow]:
        """The rows whose pass was issued and does not work."""
        return unusable_rows(self.plan, self.state)

    @cached_property
    def times(self) -> RunTimes:
        """The times of the whole run, over all of its processes."""
        return run_times(self.state, self.facts)
