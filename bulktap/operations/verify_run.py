"""Verify: the tenant is asked about each pass of a run; nothing is changed, and no passphrase is needed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.dispatch.dependencies import ReadTools
from bulktap.dispatch.pass_check import check_passes
from bulktap.dispatch.pass_states import PassState
from bulktap.graph.pacing import PacingLimits
from bulktap.journal import glance
from bulktap.model.errors import PlanRefused
from bulktap.model.plan import TenantInfo
from bulktap.model.run_state import RowPhase
from bulktap.model.setting_names import Command, Setting
from bulktap.operations.handed_back import require_no_lost_journal
from bulktap.operations.sealed_tenant import reach_again, sealed_in_journal
from bulktap.operations.tenant_access import jitter, make_sender, run_to_end
from bulktap.storage.run_folder import find_run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from bulktap.dispatch.observer import Observer
    from bulktap.dispatch.pass_states import Finding
    from bulktap.journal import JournalGlance
    from bulktap.model.clock import Clock
    from bulktap.model.passes import AccessPass
    from bulktap.operations.context import OperationContext
    from bulktap.operations.run_settings import RunSettings, SendingSettings
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.storage.run_folder import RunFolder


@dataclass(frozen=True, slots=True)
class VerifiedPass:
    """One pass of a run, and how it stands."""

    user: str
    """The roster's text."""
    object_id: str | None
    access_pass: AccessPass
    finding: Finding


@dataclass(frozen=True, slots=True)
class Verification:
    """What the tenant says about the passes of a run."""

    tenant: TenantInfo
    asked_at: datetime
    """By the service's clock."""
    passes: Sequence[VerifiedPass]
    so_far: bool
    """True if the run is not finished, so that there may be more."""

    @property
    def counts(self) -> dict[PassState, int]:
        """How many there are of each state, all of which are there."""
        found = Counter(one.finding.state for one in self.passes)
        return {state: found[state] for state in PassState}

    @property
    def not_as_recorded(self) -> list[VerifiedPass]:
        """The passes that are not what they were issued as."""
        return [one for one in self.passes if not one.finding.state.as_recorded]


def verify_run(run: Path, settings: RunSettings, at: OperationContext) -> Verification:
    """Ask the tenant about each pass that a run issued.

    Raises:
        PlanRefused: the run was planned only, or is another tenant's.
        JournalDamaged, Locked, DiskRefuses: see `journal.glance`.
        NotPermitted: the app may not list passes.
        SignInFailed, ServiceUnreachable, ThrottledTooLong: see `dispatch.bulk_query.BulkQuery`.
    """
    folder = find_run(settings.reports, run)
    at.front.run_is(folder)
    seen = recorded_run(folder)
    header = seen.header
    sending = settings.sending.to(rehearsal=header.simulated)
    with reach_again(sealed_in_journal(header), folder, at.ways, changing=False) as access, at.log() as run_log:
        tenant = TenantInfo(header.tenant_id, None, access.cloud, access.simulated)
        at.front.tenant_is(tenant)
        if not access.leads_to(header.tenant_id):
            raise PlanRefused(
                f"This run belongs to tenant {header.tenant_id}, and you are signing in to {access.tenant_id}.",
                hint=f"Set {Setting.TENANT} and the app's credentials to the tenant of the run.",
            )
        access.sign_in(run_log.warn, at.front.say)
        for damage in seen.damage:
            run_log.warn(damage)
        return run_to_end(_verify(seen, tenant, access, sending, at.clock, run_log), at.front.stoppable)


def recorded_run(folder: RunFolder) -> JournalGlance:
    """Return what the journal of a run says without its passphrase, also while the run is going on.

    Raises:
        PlanRefused: the run was planned only.
        JournalDamaged: the journal is gone.
        Locked, DiskRefuses: see `journal.glance`.
    """
    if not folder.journal.exists():
        require_no_lost_journal(folder)
        raise PlanRefused(
            f"The run {folder.run} was planned only; it has no passes.",
            hint=f"Run {Command.APPLY} to issue them.",
        )
    return glance(folder.journal)


async def _verify(
    seen: JournalGlance,
    tenant: TenantInfo,
    access: TenantAccess,
    sending: SendingSettings,
    clock: Clock,
    observer: Observer,
) -> Verification:
    rows = [row for row in seen.state.rows.values() if row.phase is RowPhase.ISSUED]
    held = {row.number: row.issued.access_pass for row in rows if row.issued is not None}
    targets = {row.number: row.object_id or row.user for row in rows if row.number in held}
    service_clock = access.service_clock
    async with access.client(sending) as client:
        sender = make_sender(access, client, service_clock, observer)
        tools = ReadTools(sender, clock, service_clock, observer, PacingLimits(sending.concurrency), jitter)
        findings = await check_passes(targets, held, tools)
    passes = [
        VerifiedPass(row.user, row.object_id, held[row.number], findings[row.number])
        for row in rows
        if row.number in held
    ]
    return Verification(tenant, service_clock.now(), passes, so_far=not seen.state.closed)
