"""Verify: the tenant is asked about each pass of a run; nothing is changed, and no passphrase is needed.

Where a pass does not say whether it was used, and the app may read that, the tenant is also asked whether its owner has
registered a sign-in method since. A watch does all of that again and again.
"""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bulktap.dispatch.dependencies import ReadTools
from bulktap.dispatch.method_check import registered_methods
from bulktap.dispatch.pass_check import check_passes
from bulktap.dispatch.pass_states import Finding, PassState
from bulktap.graph.pacing import PacingLimits
from bulktap.model.errors import GaveUp, Interrupted, PlanRefused, UsageError
from bulktap.model.plan import TenantInfo
from bulktap.model.setting_names import Setting
from bulktap.operations.recorded_rows import recorded_run
from bulktap.operations.sealed_tenant import reach_again, sealed_in_journal
from bulktap.operations.tenant_access import jitter, make_sender, run_to_end
from bulktap.operations.unserved import require_writable, write_unserved
from bulktap.operations.verification import Verification, VerifiedPass
from bulktap.operations.verify_wishes import VerifyWishes
from bulktap.roster.rows.starts import parse_start
from bulktap.storage.revocations import read_revocations
from bulktap.storage.run_folder import RunFolder, find_run

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from bulktap.dispatch.observer import Observer
    from bulktap.graph.client import GraphClient
    from bulktap.model.clock import Clock
    from bulktap.operations.context import OperationContext
    from bulktap.operations.recorded_rows import RecordedRow, RecordedRun
    from bulktap.operations.run_settings import RunSettings, SendingSettings
    from bulktap.operations.tenant_access import TenantAccess

_ONCE = VerifyWishes()
_CLOCK = re.compile(r"(\d{1,2}):(\d{1,2})")
"""A time of day alone."""


def verify_run(
    run: Path,
    settings: RunSettings,
    at: OperationContext,
    wishes: VerifyWishes = _ONCE,
    each: Callable[[Verification], object] = lambda _: None,
) -> Verification:
    """Ask the tenant about each pass that a run issued.

    Args:
        run: its id or folder.
        settings: where runs are, and how batches are sent.
        at: what the operation works with.
        wishes: whether to ask again and again, and what to write.
        each: hears what was found, each time that everybody was asked about.

    Raises:
        PlanRefused: the run was planned only, or is another tenant's.
        JournalDamaged, Locked, DiskRefuses: see `journal.glance`.
        NotPermitted: the app may not list passes.
        SignInFailed, ServiceUnreachable, ThrottledTooLong: see `dispatch.bulk_query.BulkQuery`.
        UsageError: a wish cannot be meant.
    """
    folder = find_run(settings.reports, run)
    at.front.run_is(folder)
    recorded = recorded_run(folder)
    header = recorded.seen.header
    until = _until(wishes, recorded, at.clock.now())
    if wishes.unserved is not None:
        require_writable(wishes.unserved)
    sending = settings.sending.to(rehearsal=header.simulated)
    with reach_again(sealed_in_journal(header), folder, at.ways, changing=False) as access, at.log() as run_log:
        tenant = TenantInfo(header.tenant_id, recorded.tenant_name, access.cloud, access.simulated)
        at.front.tenant_is(tenant)
        if not access.leads_to(header.tenant_id):
            raise PlanRefused(
                f"This run belongs to tenant {header.tenant_id}, and you are signing in to {access.tenant_id}.",
                hint=f"Set {Setting.TENANT} and the app's credentials to the tenant of the run.",
            )
        access.sign_in(run_log.warn, at.front.say)
        for damage in recorded.seen.damage:
            run_log.warn(damage)
        asking = _Asking(folder.path, tenant, access, sending, at.clock, run_log)
        verified = _asked(asking, wishes.every, until, at, each)
    if wishes.unserved is not None:
        path = write_unserved(verified, recorded, wishes.unserved)
        verified = replace(verified, unserved_file=path)
    return verified


def _until(wishes: VerifyWishes, recorded: RecordedRun, now: datetime) -> datetime | None:
    """Return until when it is asked again.

    Raises:
        UsageError: nothing is asked again, or the time cannot be meant.
    """
    if wishes.until is None:
        return None
    if wishes.every is None:
        raise UsageError(
            f"{Setting.UNTIL} says when a watch ends, and there is none.", hint=f"Add {Setting.WATCH.to('5m')}."
        )
    zone = recorded.zone
    text = wishes.until.strip()
    clock_only = _CLOCK.fullmatch(text)
    try:
        if clock_only is None:
            until = parse_start(text, zone, now)
        else:
            until = datetime.combine(now.astimezone(zone).date(), time(int(clock_only[1]), int(clock_only[2])), zone)
    except ValueError:
        raise UsageError(
            f"{Setting.UNTIL.to(text)} is not a time that is still to come.",
            hint=f"For example: {Setting.UNTIL.to('12:00')} or {Setting.UNTIL.to('2035-09-01 12:00')}.",
        ) from None
    if until <= now:
        raise UsageError(f"The {Setting.UNTIL} lies in the past.", hint="Times are those of the run's time zone.")
    return until


def _asked(
    asking: _Asking,
    every: float | None,
    until: datetime | None,
    at: OperationContext,
    each: Callable[[Verification], object],
) -> Verification:
    """Ask once, or as long as the watch goes on; somebody who ends it has what was found last."""
    with nullcontext() if every is None else at.front.issuing():
        try:
            return run_to_end(asking.watch(every, until, each), at.front.stoppable)
        except Interrupted:
            if asking.last is None:
                raise
            return asking.last


class _Asking:
    """Asks the tenant about the passes of a run; of those who are in it is asked once what they have registered."""

    def __init__(
        self,
        folder: Path,
        tenant: TenantInfo,
        access: TenantAccess,
        sending: SendingSettings,
        clock: Clock,
        observer: Observer,
    ) -> None:
        self._folder = folder
        self._tenant = tenant
        self._access = access
        self._sending = sending
        self._clock = clock
        self._observer = observer
        self._may_read_methods: bool | None = None
        self._registered: dict[str, tuple[str, ...]] = {}
        """Those known to be in because of what they have registered, by the id of their pass."""
        self.last: Verification | None = None
        """What was found last."""

    async def watch(
        self, every: float | None, until: datetime | None, each: Callable[[Verification], object]
    ) -> Verification:
        """Ask until everybody is in, all passes are over, or the time has come; once, if there is no interval."""
        while True:
            try:
                self.last = await self._round()
            except GaveUp as lost:
                if self.last is None:
                    raise
                self._observer.warn(f"{lost.message} Asking again at the next turn.")
            else:
                each(self.last)
            left = None if until is None else (until - self._clock.now()).total_seconds()
            if every is None or self.last.is_complete or (left is not None and left <= 0):
                return self.last
            await self._clock.sleep(every if left is None else min(every, left))

    async def _round(self) -> Verification:
        folder = RunFolder(self._folder)  # looked at afresh: passes may be issued, reissued or revoked meanwhile
        recorded, revoked = recorded_run(folder), read_revocations(folder).revoked
        rows = recorded.issued
        findings = await ask_about(rows, revoked, self._access, self._sending, self._clock, self._observer)
        passes = [
            VerifiedPass(
                row.user,
                row.object_id,
                row.access_pass,
                findings[row.number],
                row.upn,
                row.display_name,
                row.group,
                self._registered.get(row.access_pass.pass_id),
            )
            for row in rows
            if row.access_pass is not None
        ]
        passes = await self._with_methods(passes)
        now = self._access.service_clock.now()
        return Verification(
            self._tenant,
            now,
            passes,
            so_far=not recorded.seen.state.closed,
            zone=recorded.zone,
            may_read_methods=self._may_read_methods,
        )

    async def _with_methods(self, passes: Sequence[VerifiedPass]) -> list[VerifiedPass]:
        """Return the passes with what their owners have registered since, where the pass itself does not tell."""
        open_ones = {
            number: one.object_id or one.user
            for number, one in enumerate(passes)
            if one.is_in is None and not one.finding.user_gone and one.access_pass.created_at is not None
        }
        found = None
        if open_ones and self._may_read_methods is not False:
            async with self._access.client(self._sending) as client:
                found = await registered_methods(open_ones, self._tools(client))
            self._may_read_methods = found is not None
        done = list(passes)
        for number, methods in (found or {}).items():
            created_at = passes[number].access_pass.created_at
            if methods is None or created_at is None:
                continue
            since = methods.since(created_at - timedelta(seconds=1))
            done[number] = replace(passes[number], registered=since)
            if since:
                self._registered[passes[number].access_pass.pass_id] = since
        return done

    def _tools(self, client: GraphClient) -> ReadTools:
        return _read_tools(client, self._access, self._sending, self._clock, self._observer)


def _read_tools(
    client: GraphClient, access: TenantAccess, sending: SendingSettings, clock: Clock, observer: Observer
) -> ReadTools:
    sender = make_sender(access, client, access.service_clock, observer)
    return ReadTools(sender, clock, access.service_clock, observer, PacingLimits(sending.concurrency), jitter)


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
        tools = _read_tools(client, access, sending, clock, observer)
        return known | await check_passes(asked, held, tools, patient=patient)
