"""Planned runs: what planning a roster comes to, for whoever started it and for whoever carries it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.model.guards import Guards
from bulktap.operations.handed_back import code_for
from bulktap.operations.signed_still import SignedStill

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulktap.model.exit_codes import ExitCode
    from bulktap.model.plan import Plan
    from bulktap.model.plan_review import PlanReview
    from bulktap.model.row_errors import RowError
    from bulktap.operations.run_locks import RunLocks
    from bulktap.operations.run_settings import SendingSettings
    from bulktap.operations.side_work import SideWork
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.storage.run_folder import RunFolder


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A plan, and where it was written."""

    plan: Plan
    folder: RunFolder
    counts: Mapping[str, int]
    """The contract's counts."""
    files: tuple[Path, ...]
    """The files of the run that exist now."""
    review: PlanReview
    """What a yes to the plan would agree to: warnings by kind, times, who is replaced."""

    @property
    def exit_code(self) -> ExitCode:
        """What a dry run exits with."""
        return code_for(dict(self.counts) | {"not_sent": 0})

    @property
    def can_be_carried_out(self) -> bool:
        """True if there is something to issue, and nothing was issued yet."""
        creates = any(row.action.creates for row in self.plan.rows)
        return creates and not self.plan.settings.offline and not self.folder.journal.exists()


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """A plan that is about to be shown or carried out, and all that is open meanwhile."""

    plan: Plan
    folder: RunFolder
    access: TenantAccess | None
    """None for a plan that was made offline."""
    locks: RunLocks | None
    """What keeps other commands off; None for a plan that was made offline."""
    sending: SendingSettings
    just_planned: bool
    """True if this very process asked the tenant about the plan's users."""
    guards: Guards = field(default_factory=Guards)
    """What the run keeps to: the plan's own, and those of this command."""
    domains: tuple[str, ...] = ()
    """The tenant's verified domains, where this very process read them."""
    barred: Mapping[int, RowError] = field(default_factory=dict)
    """Rows of an earlier plan for which nothing is sent any more, by plan number."""
    still: SignedStill = field(default_factory=SignedStill)
    """What holding a saved plan against the tenant once more has shown."""
    command: str = ""
    """What this process does, for the journal; `apply` or `resume` if empty."""
    writing: SideWork | None = None
    """What writes a new plan down meanwhile."""

    def require_written(self) -> None:
        """Wait until the plan and its reports are written.

        Raises:
            DiskRefuses: they cannot be.
        """
        if self.writing is not None:
            self.writing.finish()
