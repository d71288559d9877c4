"""RunView: what every report of a run is made from, computed once for all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from bulktap.results.plan_view import PlanView
from bulktap.results.row_results import unusable_rows
from bulktap.results.run_facts import run_times

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bulktap.model.plan import PlanRow
    from bulktap.model.run_state import RunState
    from bulktap.results.kept_rendering import KeptRendering
    from bulktap.results.run_facts import RunFacts, RunTimes

_Made = TypeVar("_Made")


@dataclass
class RunView(PlanView):
    """A plan, what became of it, and what only the command knows.

    `facts` may be replaced meanwhile: the exit code and the journal's head count are known once the passcodes are
    written. Nothing that is computed here depends on those two.
    """

    state: RunState = field()
    """What the journal says."""
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
