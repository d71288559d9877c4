"""Revoke: the passes of a run that are still the live ones are deleted, by their id, after asking.

Only passes whose id the journal holds are deleted. A row in doubt may have a pass, but nothing proves which one: it is
counted, and left to its owner's page in the Entra admin center. A pass that was issued to the same user since, by
whomever, has another id and is never touched. Neither the passphrase is needed nor the roster.

What was agreed to, and what came of it, stands in `revoked.jsonl` (`storage.revocations`): a revocation that was
stopped is gone on with by the same command, or by `resume`.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bulktap.dispatch.deletes import DeletedPass, DeleteOutcome, Deletes, PassToDelete
from bulktap.dispatch.dependencies import ReadTools
from bulktap.dispatch.pass_check import is_perhaps_not_listed_yet
from bulktap.dispatch.pass_states import PassState
from bulktap.model.errors import BulktapError, GuardTripped, Interrupted, NotConfirmed, UsageError
from bulktap.model.guards import Guards
from bulktap.model.log_events import WorkEnded
from bulktap.model.plan import TenantInfo
from bulktap.model.setting_names import Command, Setting
from bulktap.operations.received_list import ReceivedList, read_received
from bulktap.operations.recorded_rows import RecordedRow, RecordedRun, recorded_run
from bulktap.operations.revocation import OVER, WORKS, ChosenPass, Revocation, RevokePreview
from bulktap.operations.revocation_to_finish import revocation_to_finish
from bulktap.operations.revoke_wishes import RevokeWishes
from bulktap.operations.run_locks import run_locks
from bulktap.operations.sealed_tenant import reach_again, require_same_tenant, sealed_in_journal
from bulktap.operations.tenant_access import jitter, make_sender, nothing_to_stop, pacing_limits, run_to_end
from bulktap.operations.throttle_watch import ThrottleWatch
from bulktap.operations.verify_run import ask_about
from bulktap.operations.who_and_where import computer_name, operator_name
from bulktap.planning.guards import TypedConfirmation
from bulktap.storage.revocations import RevocationFile, read_revocations
from bulktap.storage.run_folder import find_run
from bulktap.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bulktap.dispatch.pass_states import Finding
    from bulktap.operations.context import OperationContext
    from bulktap.operations.run_log import RunLog
    from bulktap.operations.run_settings import RunSettings, SendingSettings
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.storage.revocations import RevocationRecord


def revoke_run(
    run: Path,
    wishes: RevokeWishes,
    settings: RunSettings,
    at: OperationContext,
    agrees: Callable[[RevokePreview, TypedConfirmation | None], bool],
) -> Revocation:
    """Delete the passes of a run that are still the live ones, after asking; or go on with that.

    Args:
        run: its id or folder.
        wishes: which passes are meant; where nothing is chosen and an earlier revocation was stopped, those of that.
        settings: where runs are, how batches are sent, how a list of received slips is read.
        at: what the operation works with.
        agrees: is handed what would be deleted and, where a yes will not do, what has to be typed.

    Returns:
        what became of each pass; also where something stopped it once passes were being deleted.

    Raises:
        InUse: the run is going on, or another command issues for the tenant.
        PlanRefused: the run was planned only, or is another tenant's.
        NotConfirmed: the answer is no.
        GuardTripped: more passes would be deleted than the operator allows.
        BulktapError: what else keeps it from beginning; nothing was deleted.
    """
    folder = find_run(settings.reports, run)
    at.front.run_is(folder)
    with ExitStack() as stack, at.log() as run_log:
        if not wishes.dry:
            stack.enter_context(folder.lock())
        recorded = recorded_run(folder)
        record = read_revocations(folder)
        received = read_received(wishes.received, recorded, settings, at) if wishes.received else None
        rows, goes_on = _rows(recorded, record, wishes, received)
        access = _reach(recorded, settings, at, stack, run_log, changing=not wishes.dry)
        sending = settings.sending.to(rehearsal=recorded.seen.header.simulated)
        watch = ThrottleWatch(run_log, at.clock)
        findings = run_to_end(
            ask_about(rows, record.revoked, access, sending, at.clock, watch, patient=False), at.front.stoppable
        )
        preview = RevokePreview(
            folder,
            _tenant(recorded, access),
            tuple(_chosen(row, findings[row.number], record, access) for row in rows),
            goes_on,
            () if received is None else received.not_found,
            recorded.in_doubt,
            so_far=not recorded.seen.state.closed,
            zone=recorded.zone,
        )
        if wishes.dry or not (preview.meant or goes_on):
            return _revocation(preview, {}, dry=wishes.dry, throttled=watch.throttled)
        _require_agreed(preview, recorded, settings, agrees)
        return _delete(preview, record, access, sending, at, run_log, watch)


def finish_revocation(run: Path | None, settings: RunSettings, at: OperationContext) -> Revocation:
    """Go on with a revocation that was stopped; it was agreed to, so that nobody is asked.

    Args:
        run: its run's id or folder; None takes the most recent one.
        settings: where runs are, and how batches are sent.
        at: what the operation works with.

    Raises:
        UsageError: there is none.
        BulktapError: see `revoke_run`.
    """
    folder = revocation_to_finish(run, settings.reports)
    if folder is None:
        raise UsageError("There is no revocation to finish.", hint=f"To revoke passes: {Command.REVOKE}")
    at.front.say(f"Going on with revoking passes of {folder.run}.")
    plain = replace(settings, care=replace(settings.care, guards=Guards()))
    return revoke_run(folder.path, RevokeWishes(), plain, at, lambda _, __: True)


def _rows(
    recorded: RecordedRun, record: RevocationRecord, wishes: RevokeWishes, received: ReceivedList | None
) -> tuple[list[RecordedRow], bool]:
    """Return the rows whose passes are meant, and whether an earlier revocation is gone on with."""
    left = record.left
    if left and not wishes.choose:
        return [row for row in recorded.issued if _is_left(row, left)], True
    numbers = recorded.chosen(wishes.only, wishes.exclude) - (received.numbers if received else frozenset())
    return [row for row in recorded.issued if row.number in numbers], False


def _is_left(row: RecordedRow, left: Mapping[str, int]) -> bool:
    """Whether the pass that a row has now is among those left, and not one that was issued in its place since."""
    pass_id = row.access_pass.pass_id if row.access_pass is not None else ""
    return pass_id in left if pass_id else row.number in left.values()


def _reach(
    recorded: RecordedRun,
    settings: RunSettings,
    at: OperationContext,
    stack: ExitStack,
    run_log: RunLog,
    *,
    changing: bool,
) -> TenantAccess:
    """Reach the tenant that the run is for, hold it if it will be changed, and sign in."""
    folder = recorded.folder
    sealed = sealed_in_journal(recorded.seen.header)
    access = stack.enter_context(reach_again(sealed, folder, at.ways, changing=changing))
    at.front.tenant_is(_tenant(recorded, access))
    require_same_tenant(sealed, access)
    if changing:
        run_locks(folder, settings.reports, access, at.user_place).hold_tenant(stack, at.front.say)
        run_log.write_to(folder.event_log(settings.log_file))
    access.sign_in(run_log.warn, at.front.say)
    for damage in recorded.seen.damage:
        run_log.warn(damage)
    return access


def _tenant(recorded: RecordedRun, access: TenantAccess) -> TenantInfo:
    return TenantInfo(recorded.seen.header.tenant_id, recorded.tenant_name, access.cloud, access.simulated)


def _chosen(row: RecordedRow, finding: Finding, record: RevocationRecord, access: TenantAccess) -> ChosenPass:
    """Return whether a pass is to be deleted: it works or is going to, or a list that lags does not show it yet."""
    one = ChosenPass(row, finding, meant=False)
    if not one.pass_id:
        return one
    if finding.state is PassState.GONE and not finding.user_gone:
        held = row.access_pass
        young = held is not None and is_perhaps_not_listed_yet(held, access.service_clock.now())
        asked_for = one.pass_id in record.sent and one.pass_id in record.left
        return replace(one, meant=young or asked_for)
    return replace(one, meant=finding.state in WORKS)


def _require_agreed(
    preview: RevokePreview,
    recorded: RecordedRun,
    settings: RunSettings,
    agrees: Callable[[RevokePreview, TypedConfirmation | None], bool],
) -> None:
    guards = settings.care.guards.with_also(replace(recorded.guards, max_rows=None))
    count = len(preview.meant)
    if guards.max_rows is not None and count > guards.max_rows:
        raise GuardTripped(
            f"{count:,} passes would be deleted, and {Setting.MAX_ROWS.to(guards.max_rows)} allows no more than "
            f"{guards.max_rows:,}: nothing was deleted.",
            hint=f"Choose passes with {Setting.ONLY}, or raise {Setting.MAX_ROWS}.",
            planned=count,
            allowed=guards.max_rows,
        )
    typed = None
    if guards.type_from_rows is not None and count >= guards.type_from_rows:
        name, tenant_id = preview.tenant.name, preview.tenant.tenant_id
        words = (name, tenant_id) if name else (tenant_id,)
        because = (f"{count:,} {'pass' if count == 1 else 'passes'}",)
        typed = TypedConfirmation(words, "name" if name else "id", because, guards.typed_by_person)
    if not agrees(preview, typed):
        raise NotConfirmed("Nothing was deleted.", hint="To revoke these passes later, run the same command again.")


def _delete(
    preview: RevokePreview,
    record: RevocationRecord,
    access: TenantAccess,
    sending: SendingSettings,
    at: OperationContext,
    run_log: RunLog,
    watch: ThrottleWatch,
) -> Revocation:
    """Delete what was agreed to, and return what became of it, whatever stopped it."""
    folder, before = preview.folder, watch.throttled
    failure: BulktapError | None = None
    with at.front.issuing(), RevocationFile(folder, at.clock.now) as file:
        if preview.goes_on:
            _settle_the_rest(preview, record, file)
        else:
            process = f"revoke by {operator_name()} on {computer_name()}, bulktap {__version__}"
            file.began({one.pass_id: one.row.number for one in preview.meant}, process)
        deleting = _Deleting(preview, record, file, access, sending, at)
        try:
            asyncio.run(deleting.carry_out(watch))
        except BulktapError as stopped:
            failure = stopped
        finally:
            at.front.stoppable(nothing_to_stop)
    if failure is None and deleting.unfinished:
        failure = Interrupted(
            "Stopped; what was deleted is recorded.", hint=f"To go on: {Command.REVOKE.of(folder.path)}"
        )
    ended = _revocation(preview, deleting.outcomes, throttled=before + watch.throttled, failure=failure)
    run_log.log(WorkEnded(ended.exit_code, ended.throttled_steps))
    return ended


def _settle_the_rest(preview: RevokePreview, record: RevocationRecord, file: RevocationFile) -> None:
    """Record of an earlier revocation's passes those that are over meanwhile, or that are the run's no more."""
    now = {one.pass_id: one for one in preview.passes}
    for pass_id in record.left:
        one = now.get(pass_id)
        if one is None:
            file.settled(pass_id, DeleteOutcome.REPLACED)
        elif not one.meant and one.finding.state in OVER:
            file.settled(pass_id, OVER[one.finding.state])


class _Deleting:
    """Deletes the passes on an event loop."""

    def __init__(
        self,
        preview: RevokePreview,
        record: RevocationRecord,
        file: RevocationFile,
        access: TenantAccess,
        sending: SendingSettings,
        at: OperationContext,
    ) -> None:
        self._meant = [one for one in preview.meant if not preview.goes_on or one.pass_id in record.left]
        self._record = record
        self._file = file
        self._access = access
        self._sending = sending
        self._at = at
        self.outcomes: Mapping[int, DeletedPass] = {}

    @property
    def unfinished(self) -> bool:
        """Whether something has no outcome."""
        return len(self.outcomes) < len(self._meant)

    async def carry_out(self, watch: ThrottleWatch) -> None:
        """Delete them until each has an outcome, or somebody says stop."""
        access, service_clock = self._access, self._access.service_clock
        async with access.client(self._sending) as client:
            sender = make_sender(access, client, service_clock, watch)
            limits = pacing_limits(self._sending)
            tools = ReadTools(sender, self._at.clock, service_clock, watch, limits, jitter)
            passes = [
                PassToDelete(
                    one.row.number,
                    one.row.sheet_row,
                    one.row.target,
                    one.row.user,
                    replace(one.row.access_pass, pass_id=one.pass_id),
                )
                for one in self._meant
                if one.row.access_pass is not None
            ]
            deletes = Deletes(passes, tools, self._file, self._record.sent & self._record.left.keys())
            self._at.front.stoppable(partial(asyncio.get_running_loop().call_soon_threadsafe, deletes.stop))
            try:
                await deletes.carry_out()
            finally:
                self.outcomes = deletes.outcomes


def _revocation(
    preview: RevokePreview,
    outcomes: Mapping[int, DeletedPass],
    *,
    dry: bool = False,
    throttled: int = 0,
    failure: BulktapError | None = None,
) -> Revocation:
    return Revocation(
        preview.folder,
        preview.tenant,
        tuple(replace(one, done=outcomes.get(one.row.number)) for one in preview.passes),
        preview.goes_on,
        preview.not_found,
        preview.in_doubt,
        preview.so_far,
        preview.zone,
        dry=dry,
        throttled_steps=throttled,
        failure=failure,
    )
