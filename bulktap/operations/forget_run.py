"""Forget: the passcodes of a run are destroyed, and what verifying and revoking need is kept; no passphrase is needed.

    the key       taken out of the journal: without it nobody opens a passcode in any copy of its records
    the files     every results workbook of ours, and the hand-outs, overwritten and removed
    run.json      says when

In this order, so that a process killed in the middle leaves nothing that could be written anew; run again, it goes on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.journal import forget_key, glance
from bulktap.model.errors import BulktapError, DiskRefuses, NotConfirmed, PlanRefused, UnfinishedRun
from bulktap.model.row_phases import RowPhase
from bulktap.model.setting_names import Command, Setting
from bulktap.model.utc_times import utc_text
from bulktap.operations.handed_back import SUMMARY_BYTES, require_no_lost_journal, was_handed_back
from bulktap.operations.list_runs import list_runs
from bulktap.operations.who_and_where import operator_name
from bulktap.storage import read_if_sound, write_file
from bulktap.storage.destroying import copies_of, destroy_file, destroy_folder, files_below
from bulktap.storage.output_files import is_open
from bulktap.storage.perhaps_copies import perhaps_copies
from bulktap.storage.revocations import read_revocations
from bulktap.storage.run_folder import find_run
from bulktap.storage.untrusted_json import json_object

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from bulktap.journal import JournalGlance
    from bulktap.operations.context import OperationContext
    from bulktap.storage.run_folder import RunFolder


@dataclass(frozen=True, slots=True)
class ToForget:
    """What forgetting a run would destroy."""

    folder: RunFolder
    passes: int
    """Passcodes that its key opens."""
    live: int
    """Passes of these that have not ended yet."""
    live_until: datetime | None
    """When the last of them ends."""
    workbooks: tuple[Path, ...]
    handouts: tuple[Path, ...]
    """Files below the folder of hand-outs."""
    strange: tuple[Path, ...]
    """Files in the run's folder that bulktap did not name and that may hold passcodes; they are left there."""
    open_rows: int
    """Rows without an outcome."""
    forgotten_at: datetime | None
    """When its key was destroyed, if it was: what is left are files that could not be destroyed then."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A run whose passcodes are gone."""

    folder: RunFolder
    at: datetime
    """When its key was destroyed, which may be earlier."""
    passes: int
    files: int
    """Workbooks and hand-outs that were destroyed now."""
    left: tuple[Path, ...]
    """Files in its folder that may hold passcodes and are not bulktap's."""


def forget_run(
    run: Path, reports: Path, at: OperationContext, agrees: Callable[[ToForget], bool], *, unfinished: bool = False
) -> Forgotten:
    """Destroy the passcodes of a run, after asking.

    Args:
        run: what names it.
        reports: where runs are.
        at: what the operation works with.
        agrees: is shown what would be destroyed, and says whether it is.
        unfinished: whether that may be a run that is not finished, and then never will be.

    Raises:
        PlanRefused: the run was planned only.
        UnfinishedRun: it is not finished.
        NotConfirmed: the answer is no.
        InUse: a process is working on it.
        JournalDamaged, NewerJournal, Untrusted: its journal cannot be written.
        DiskRefuses: something of it cannot be destroyed.
    """
    folder = find_run(reports, run)
    at.front.run_is(folder)
    with folder.lock():
        found = _found(folder, at.clock.now(), unfinished=unfinished)
        if found.forgotten_at is None and not agrees(found):
            raise NotConfirmed("Nothing was destroyed.", hint="The run is as it was.")
        return _destroy(found, at.clock.now())


def forget_due(
    reports: Path, at: OperationContext, agrees: Callable[[Sequence[ToForget]], bool]
) -> tuple[list[Forgotten], list[BulktapError]]:
    """Destroy the passcodes of every run that was to be forgotten by now, after asking once.

    Returns:
        the runs that were forgotten, and what kept others from it.

    Raises:
        NotConfirmed: the answer is no.
        OSError: the reports folder cannot be read.
    """
    now = at.clock.now()
    found: list[ToForget] = []
    trouble: list[BulktapError] = []
    for listed in list_runs(reports):
        if listed.is_due(now):
            try:
                found.append(_found(listed.folder, now, unfinished=False))
            except BulktapError as refused:
                trouble.append(refused)
    if found and not agrees(found):
        raise NotConfirmed("Nothing was destroyed.", hint="The runs are as they were.")
    done: list[Forgotten] = []
    for one in found:
        try:
            with one.folder.lock():
                done.append(_destroy(_found(one.folder, now, unfinished=False), now))
        except BulktapError as refused:
            trouble.append(refused)
    return done, trouble


def _found(folder: RunFolder, now: datetime, *, unfinished: bool) -> ToForget:
    if not folder.journal.exists():
        require_no_lost_journal(folder)
        raise PlanRefused(
            f"The run {folder.run} was planned only; there is no passcode to forget.", hint="Delete its folder instead."
        )
    seen = glance(folder.journal)
    _require_finished(folder, seen, unfinished=unfinished)
    workbooks = tuple(copies_of(folder.workbook))
    opened = next((path for path in workbooks if is_open(path)), None)
    if opened is not None:
        raise DiskRefuses(
            f"{opened} is open in another program, which could save it again.",
            hint="Close it there, then forget the run again.",
        )
    rows = [row for row in seen.state.rows.values() if row.phase is RowPhase.ISSUED and row.issued]
    revoked = read_revocations(folder).revoked
    passes = [row.issued.access_pass for row in rows if row.issued]
    live = [one for one in passes if one.is_live(now) and one.pass_id not in revoked]
    return ToForget(
        folder,
        len(rows),
        len(live),
        max((one.expires_at for one in live if one.expires_at is not None), default=None),
        workbooks,
        tuple(files_below(folder.handouts)),
        tuple(perhaps_copies(folder)),
        sum(not row.phase.settled for row in seen.state.rows.values()),
        seen.header.forgotten_at,
    )


def _require_finished(folder: RunFolder, seen: JournalGlance, *, unfinished: bool) -> None:
    state = seen.state
    if unfinished or seen.header.forgotten_at is not None:
        return
    if state.closed and was_handed_back(folder, state.issuing_records, reopened=state.reopened):
        return
    open_rows = sum(not row.phase.settled for row in state.rows.values())
    why = f"{open_rows:,} of its rows are without an outcome" if open_rows else "its results were not handed back"
    raise UnfinishedRun(
        f"The run {folder.run} is not finished: {why}.",
        hint=f"Finish it first: {Command.RESUME.of(folder.path)}. Or give it up for good, and forget it, with "
        f"{Setting.UNFINISHED}.",
        run=folder.run,
    )


def _destroy(found: ToForget, now: datetime) -> Forgotten:
    """Destroy it all; what cannot be is told when everything else has been."""
    folder = found.folder
    forgotten_at = forget_key(folder.journal, now, operator_name())
    files, trouble = 0, None
    for path in (*found.workbooks, *copies_of(folder.journal)):
        if path == folder.journal:
            continue
        try:
            files += destroy_file(path)
        except DiskRefuses as refused:
            trouble = trouble or refused
    try:
        files += destroy_folder(folder.handouts)
    except DiskRefuses as refused:
        trouble = trouble or refused
    _note(folder, forgotten_at)
    if trouble is not None:
        raise DiskRefuses(
            f"The key of the run {folder.run} is destroyed, but not all of its files: {trouble.message}",
            hint=f"{trouble.hint} Then: {Command.FORGET.of(folder.path)}",
        ) from trouble
    return Forgotten(folder, forgotten_at, found.passes, files, found.strange)


def _note(folder: RunFolder, forgotten_at: datetime) -> None:
    """Say in run.json when the run was forgotten, where lists of runs look first."""
    members = json_object(read_if_sound(folder.summary, at_most=SUMMARY_BYTES) or b"")
    if members is not None:
        members["forgotten"] = utc_text(forgotten_at)
        write_file(folder.summary, json.dumps(members, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n")
