"""The journal of a run: made for a new one, opened for one that goes on, told who works on it and how that ended."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from bulktap.journal import Journal, JournalHeader, JournalRow
from bulktap.model.errors import BulktapError, DiskRefuses, PlanRefused
from bulktap.model.run_events import Began, Ended
from bulktap.model.run_state import ProcessEnd
from bulktap.model.setting_names import Command
from bulktap.operations.hand_back import known_records
from bulktap.operations.handed_back import require_no_lost_journal
from bulktap.operations.sealed_tenant import require_own_kind, sealed_in_journal
from bulktap.operations.who_and_where import computer_name, operator_name
from bulktap.results.plan_file.plan_archive import plan_from_archive, plan_to_archive
from bulktap.results.plan_file.plan_json import check_plan_json, plan_digest
from bulktap.storage import require_space
from bulktap.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bulktap.dispatch.issuance import IssuanceReport
    from bulktap.journal import PassphraseKey
    from bulktap.model.clock import Clock
    from bulktap.model.plan import Plan
    from bulktap.model.run_events import Event
    from bulktap.model.run_state import RunState
    from bulktap.model.secret import Secret
    from bulktap.storage.run_folder import RunFolder

_BYTES_PER_ROW = 6_000
"""Journal, workbook in the making and its encrypted copy, generously."""
_BYTES_AT_LEAST = 8_000_000
_BYTES_TO_GO_ON = 1_000_000
STOPPED = "gave up"
"""How a process ended that something stopped; the code of what it was follows."""


def open_journal(
    plan: Plan, folder: RunFolder, passphrase: Secret | PassphraseKey, now: datetime, known: Sequence[Event] = ()
) -> Journal:
    """Make the journal of a new run.

    Args:
        plan: what will be done.
        folder: the run's folder.
        passphrase: seals the journal; or the key that it becomes, if that is being made already.
        now: the time.
        known: what is known of its rows from the beginning.

    Raises:
        DiskRefuses: there is no room, or the folder cannot be written.
    """
    rows = [
        JournalRow(row.number, row.request.user.text if row.request else "", row.object_id) for row in plan.creating()
    ]
    require_room(folder, len(rows))
    header = JournalHeader(
        run=plan.run,
        tenant_id=plan.tenant.tenant_id,
        plan_digest=plan_digest(plan),
        created_at=now,
        bulktap_version=__version__,
        roster_file=plan.roster.file,
        simulated=plan.tenant.simulated,
        rehearsal=plan.tenant.rehearsal,
    )
    return Journal.create(folder.journal, header, rows, plan_to_archive(plan), passphrase, events=known)


def reopen_journal(folder: RunFolder, passphrase: Secret) -> tuple[Journal, Plan]:
    """Open the journal of an earlier run, and the plan in it.

    Raises:
        WrongPassphrase, JournalDamaged: it cannot be opened, or is an older copy of itself.
        PlanRefused: the plan file beside it is not the plan that it was made for, or a pretend tenant lies in the
            folder of a run that is none's, or the other way round.
    """
    if not folder.journal.exists():
        require_no_lost_journal(folder)
        raise PlanRefused(
            f"The run {folder.run} was planned only; nothing of it was ever sent.",
            hint=f"Run {Command.APPLY} with the roster to issue its passes.",
        )
    journal = Journal.open(folder.journal, passphrase)
    try:
        journal.require_at_least(known_records(folder, passphrase))
        require_own_kind(sealed_in_journal(journal.header), folder)
        _require_same_plan(folder, journal)
        return journal, plan_from_archive(journal.archive())
    except BaseException:
        journal.close()
        raise


def _require_same_plan(folder: RunFolder, journal: Journal) -> None:
    if journal.header.run != folder.run:
        raise PlanRefused(
            f"The journal in the folder {folder.run} is that of the run {journal.header.run}.",
            hint=f"If the folder was renamed, rename it to {journal.header.run}; else put this run's own journal back.",
        )
    try:
        digest = check_plan_json(folder.read_plan())
    except OSError:
        return  # the journal has the whole plan; a file that is gone contradicts nothing
    except PlanRefused:
        digest = ""  # edited, or not readable as a plan
    if digest != journal.header.plan_digest:
        raise PlanRefused(
            "The plan file is not the one that this run was started with.",
            hint="Put the original plan.json back, or delete the file: the journal holds the plan.",
        )


def require_room(folder: RunFolder, rows: int, *, resumed: bool = False) -> None:
    """Check, before the first request, that the disk has room for a run of so many rows, or for what is left of it.

    Raises:
        DiskRefuses: it has not.
    """
    if not resumed:
        require_space(folder.path, _BYTES_AT_LEAST + rows * _BYTES_PER_ROW)
        return
    try:
        require_space(folder.path, _BYTES_TO_GO_ON + rows * _BYTES_PER_ROW)
    except DiskRefuses as refusal:
        raise DiskRefuses(
            refusal.message, hint=f"Free space on it, then: {Command.RESUME.of(folder.path)}"
        ) from refusal


def record_beginning(folder: RunFolder, journal: Journal, clock: Clock, command: str) -> None:
    """Record that this process begins to work on the run, and with which command.

    Raises:
        DiskRefuses: the journal takes nothing; nothing was asked yet.
    """
    where = computer_name()
    try:
        journal.record([Began(clock.now(), f"{command} by {operator_name()} on {where}, bulktap {__version__}")])
    except DiskRefuses as refusal:
        hint = f"{refusal.hint} Then: {Command.RESUME.of(folder.path)}"
        raise DiskRefuses(refusal.message, hint=hint) from refusal


def state_at_the_end(
    journal: Journal, clock: Clock, report: IssuanceReport, read_before: RunState | None = None
) -> RunState:
    """Record how this process ended, and return what the journal says then.

    A journal that does not take it any more is no reason to withhold results: then only they say how it ended.

    Args:
        journal: of the run.
        clock: tells when it ended.
        report: how it ended.
        read_before: what this process has read of the journal already, so that only the rest is read; it is used up.
    """
    ended = Ended(clock.now(), _how(report), report.throttled_steps)
    with suppress(BulktapError):
        journal.record([ended])
        return journal.state() if read_before is None else journal.catch_up(read_before)
    state = journal.state()
    state.fold(ended)
    return state


def _how(report: IssuanceReport) -> str:
    if report.failure is not None:
        return f"{STOPPED}: {report.failure.code}"
    if report.interrupted:
        return ProcessEnd.INTERRUPTED
    return ProcessEnd.FINISHED if report.complete else STOPPED
