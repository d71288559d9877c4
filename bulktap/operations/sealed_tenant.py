"""The way into the tenant that a plan or a journal is bound to: it must be of the very kind that is sealed in them.

What a run is (for a tenant, or a rehearsal with a pretend one of its own) stands in the plan, whose digest was signed
off, and in the journal, authenticated. The file of a pretend tenant in the run's folder says nothing about it: anybody
who can write there can put one in, or take it away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.errors import PlanRefused
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from bulktap.journal import JournalHeader
    from bulktap.model.plan import Plan
    from bulktap.operations.context import TenantWays
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.storage.run_folder import RunFolder


@dataclass(frozen=True, slots=True)
class SealedTenant:
    """What plan or journal say about the run's tenant."""

    what: str
    """Begins sentences: "This plan", "This run"."""
    tenant_id: str
    simulated: bool
    rehearsal: bool | None
    """Whether the pretend tenant is the run's own; None where an earlier version did not say."""


def sealed_in_plan(plan: Plan) -> SealedTenant:
    """Return what a plan says."""
    return SealedTenant("This plan", plan.tenant.tenant_id, plan.tenant.simulated, plan.tenant.rehearsal)


def sealed_in_journal(header: JournalHeader) -> SealedTenant:
    """Return what the authenticated header of a journal says."""
    return SealedTenant("This run", header.tenant_id, header.simulated, header.rehearsal)


def reach_again(
    sealed: SealedTenant, folder: RunFolder, ways: TenantWays, *, changing: bool = True
) -> AbstractContextManager[TenantAccess]:
    """Return the way into the tenant that a run was planned for: the pretend one kept with it, or the real one.

    Args:
        sealed: what plan or journal say about it.
        folder: the run's folder.
        ways: the tenants that can be reached.
        changing: whether the tenant will be changed; a pretend one is kept again only then.

    Raises:
        PlanRefused: the folder says something else about the tenant than plan and journal, or a rehearsal is wanted
            and the run is none.
    """
    require_own_kind(sealed, folder)
    return ways.back_to(sealed, folder, changing=changing)


def require_own_kind(sealed: SealedTenant, folder: RunFolder) -> None:
    """Make sure that the folder holds a pretend tenant exactly where the run is a rehearsal.

    Raises:
        PlanRefused: one was put in, or taken away.
    """
    there = folder.simulated_tenant
    if there.exists() and (not sealed.simulated or sealed.rehearsal is False):
        raise PlanRefused(
            f"{sealed.what} is for tenant {sealed.tenant_id} and no rehearsal, but its folder holds a pretend tenant.",
            hint=f"Find out who put {there} there, and move it elsewhere.",
        )
    if sealed.rehearsal and not there.exists():
        raise PlanRefused(
            f"{sealed.what} is a rehearsal, and its pretend tenant ({there.name}) is gone from its folder.",
            hint=f"Put the file back, or begin a new rehearsal with {Setting.SIMULATE}.",
        )


def require_same_tenant(sealed: SealedTenant, access: TenantAccess) -> None:
    """Make sure that this is the way into that very tenant.

    Raises:
        PlanRefused: it leads to another tenant, or to a pretend one in place of a real one, or the other way round.
    """
    if access.simulated != sealed.simulated:
        kinds = ("a real tenant", "a pretend one on this machine")
        raise PlanRefused(
            f"{sealed.what} is for {kinds[sealed.simulated]}, and you are signing in to {kinds[access.simulated]}.",
            hint=f"Check {Setting.GRAPH_URL}: it must lead to the service that the plan was made with.",
        )
    if not access.leads_to(sealed.tenant_id):
        raise PlanRefused(
            f"{sealed.what} is for tenant {sealed.tenant_id}, and you are signing in to {access.tenant_id}.",
            hint=f"Set {Setting.TENANT} and the app's credentials to its tenant.",
        )
