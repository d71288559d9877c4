"""Runs: which ones there are and how they stand, read without a passphrase."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bulktap.journal import glance
from bulktap.model.errors import DiskRefuses, Locked, NewerJournal, Untrusted
from bulktap.model.plan import Action
from bulktap.model.run_state import RowPhase
from bulktap.operations.handed_back import require_no_lost_journal, was_handed_back
from bulktap.results.plan_file.plan_json import json_head
from bulktap.storage import read_start
from bulktap.storage.run_folder import all_runs, closed_to_us

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.storage.run_folder import RunFolder


class Stand(StrEnum):
    """How a run stands."""

    PLANNED = "planned"
    RUNNING = "running"
    UNFINISHED = "unfinished"
    FINISHED = "finished"
    DAMAGED = "damaged"
    NEWER = "newer"
    """A newer bulktap wrote its journal."""
    UNREADABLE = "unreadable"
    """The folder or its journal may not be read: another user's, or the disk refuses."""


_HEAD_BYTES = 1_000_000
"""As much of plan.json as is read: the rows, which come last, may be hundreds of thousands."""


@dataclass(frozen=True, slots=True)
class ListedRun:
    """One run in a list."""

    folder: RunFolder
    state: Stand
    tenant_id: str = ""
    simulated: bool = False
    roster_file: str = ""
    rows: int | None = None
    """Rows that the plan creates a pass for; None, as for the other counts, if that is not known."""
    issued: int | None = None
    open_rows: int | None = None
    """Rows without an outcome."""
    why: str = ""
    """What keeps the run from being told about; empty where nothing does."""

    @property
    def label(self) -> str:
        """How lists name the tenant."""
        return f"{self.tenant_id} (simulated)" if self.simulated else self.tenant_id


def list_runs(reports: Path) -> list[ListedRun]:
    """Return every run in the folder, oldest first; a live run may be looked at too.

    Raises:
        OSError: the folder itself cannot be read.
    """
    hidden = [
        ListedRun(folder, Stand.UNREADABLE, why="The folder belongs to another user.")
        for folder in closed_to_us(reports)
    ]
    listed = hidden + [_listed(folder) for folder in all_runs(reports)]
    return sorted(listed, key=lambda run: run.folder.minute) if hidden else listed


def latest_unfinished(reports: Path) -> RunFolder | None:
    """Return the most recent run that `resume` can finish; failing that one that it cannot open, to say so."""
    runs = list_runs(reports)
    for wanted in ({Stand.UNFINISHED, Stand.RUNNING}, {Stand.DAMAGED, Stand.NEWER}):
        found = [run.folder for run in runs if run.state in wanted and run.folder.journal.exists()]
        if found:
            return found[-1]
    return None


def _listed(folder: RunFolder) -> ListedRun:
    try:
        return _from_journal(folder) if folder.has_journal else _planned(folder)
    except NewerJournal as newer:
        return ListedRun(folder, Stand.NEWER, why=f"{newer.message} {newer.hint}")
    except Locked as damage:
        return ListedRun(folder, Stand.DAMAGED, why=damage.message)
    except DiskRefuses as refusal:
        # Stopped in the middle of a commit, or on a disk that takes seconds for one: no reason to hide the other runs.
        running = _is_held(folder)
        return ListedRun(folder, Stand.RUNNING if running else Stand.UNREADABLE, why=refusal.message)
    except OSError as error:
        return ListedRun(folder, Stand.UNREADABLE, why=f"It cannot be read: {error.strerror}.")


def _from_journal(folder: RunFolder) -> ListedRun:
    seen, held = glance(folder.journal), _is_held(folder)
    if seen.damage and not seen.state.closed and not held:
        header = seen.header
        return ListedRun(
            folder, Stand.DAMAGED, header.tenant_id, header.simulated, header.roster_file, why=seen.damage[0]
        )
    rows = seen.state.rows.values()
    # Every row settled, but killed before its workbook was written: to be resumed like any other.
    finished = seen.state.closed and was_handed_back(folder, seen.state.record_count)
    state = Stand.RUNNING if held else Stand.FINISHED if finished else Stand.UNFINISHED
    return ListedRun(
        folder,
        state,
        seen.header.tenant_id,
        seen.header.simulated,
        seen.header.roster_file,
        rows=len(rows),
        issued=sum(row.phase is RowPhase.ISSUED for row in rows),
        open_rows=sum(not row.phase.settled for row in rows),
    )


def _is_held(folder: RunFolder) -> bool:
    try:
        return folder.in_use()
    except (DiskRefuses, Untrusted):  # a lock that cannot be looked at hides nothing of what the journal says
        return False


def _planned(folder: RunFolder) -> ListedRun:
    require_no_lost_journal(folder)
    head = json_head(read_start(folder.plan, _HEAD_BYTES))
    tenant, roster = head.get("tenant"), head.get("roster")
    if isinstance(tenant, dict) and isinstance(roster, dict):
        tenant_id, simulated, file = tenant.get("id"), tenant.get("simulated"), roster.get("file")
        if isinstance(tenant_id, str) and isinstance(simulated, bool) and isinstance(file, str):
            rows = _creates(head.get("counts"))
            return ListedRun(folder, Stand.PLANNED, tenant_id, simulated, file, rows, 0, rows)
    return ListedRun(folder, Stand.DAMAGED, why="Its plan.json cannot be read.")


def _creates(counts: object) -> int | None:
    """Return how many passes a plan's counts say that it creates; None if they do not say it."""
    if not isinstance(counts, dict):
        return None
    found = [counts.get(action.value) for action in Action if action.creates]
    numbers = [number for number in found if isinstance(number, int) and not isinstance(number, bool)]
    return sum(numbers) if len(numbers) == len(found) else None
