"""Verify: the tenant is asked about each pass of a run; nothing is changed, and no passphrase is needed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.dispatch.dependencies import ReadTools
from bulktap.dispatch.pass_check import check_passes
from bulktap.dispatch.pass_states import Finding, PassState
from bulktap.graph.pacing import PacingLimits
from bulktap.model.errors import PlanRefused
from bulktap.model.plan import TenantInfo
from bulktap.model.setting_names import Setting
from bulktap.operations.recorded_rows import recorded_run
from bulktap.operations.sealed_tenant import reach_again, sealed_in_journal
from bulktap.operations.tenant_access import jitter, make_sender, run_to_end
from bulktap.storage.revocations import read_revocations
from bulktap.storage.run_folder import find_run

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from bulktap.dispatch.observer import Observer
    from bulktap.model.clock import Clock
    from bulktap.model.passes import AccessPass
    from bulktap.operations.context import OperationContext
    from bulktap.operations.recorded_rows import RecordedRow, RecordedRun
    from bulktap.operations.run_settings import RunSettings, SendingSettings
    from bulktap.operations.tenant_access import TenantAccess


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
    recorded = recorded_run(folder)
    seen, header = recorded.seen, recorded.seen.header
    revoked = read_revocations(folder).revoked
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
        return run_to_end(_verify(recorded, revoked, tenant, access, sending, at.clock, run_log), at.front.stoppable)


async def ask_about(
    rows: Sequence[RecordedRow],
    revoked: Collection[str],
    access: TenantAccess,
    sending: SendingSettings,
    clock: Clock,
    observer: Observer,
    *,
    patient: bool = True,
) -> Mapping[int, Finding]:
    """Return how the pass of each row stands, by plan number.

    Args:
        rows: those whose pass we hold.
        revoked: the passes that this run's own revocation deleted, by their id; nobody has to be asked about them.
        access: the way into the tenant.
        sending: how batches are sent.
        clock: the machine's.
        observer: hears how it goes.
        patient: whether passes that lists may not show yet are looked for again.

    Raises:
        NotPermitted, SignInFailed, ServiceUnreachable, ThrottledTooLong: see `pass_check.check_passes`.
    """
    held = {row.number: row.access_pass for row in rows if row.access_pass is not None}
    known = {number: Finding(PassState.REVOKED) for number, one in held.items() if one.pass_id in revoked}
    asked = {row.number: row.target for row in rows if row.number in held and row.number not in known}
    if not asked:
        return known
    async with access.client(sending) as client:
        sender = make_sender(access, client, access.service_clock, observer)
        tools = ReadTools(sender, clock, access.service_clock, observer, PacingLimits(sending.concurrency), jitter)
        return known | await check_passes(asked, held, tools, patient=patient)


async def _verify(
    recorded: RecordedRun,
    revoked: Collection[str],
    tenant: TenantInfo,
    access: TenantAccess,
    sending: SendingSettings,
    clock: Clock,
    observer: Observer,
) -> Verification:
    findings = await ask_about(recorded.issued, revoked, access, sending, clock, observer)
    passes = [
        VerifiedPass(row.user, row.object_id, row.access_pass, findings[row.number])
        for row in recorded.issued
        if row.access_pass is not None
    ]
    return Verification(tenant, access.service_clock.now(), passes, so_far=not recorded.seen.state.closed)
