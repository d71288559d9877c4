"""Runs: which ones there are and how they stand, read without a passphrase."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bulktap.errors import DiskRefuses, Locked
from bulktap.journal import glance
from bulktap.pipeline.handing_back import was_handed_back
from bulktap.pipeline.run_folder import all_runs
from bulktap.run_state import RowPhase

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.pipeline.run_folder import RunFolder


class Stand(StrEnum):
    """How a run stands."""

    PLANNED = "planned"
    RUNNING = "running"
    UNFINISHED = "unfinished"
    FINISHED = "finished"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class ListedRun:
    """One run in a list."""

    folder: RunFolder
    state: Stand
    tenant_id: str = ""
    simulated: bool = False
    roster_file: str = ""
    rows: int = 0
    """Rows that the plan creates a pass for."""
    issued: int = 0
    open_rows: int = 0
    """Rows without an outcome."""

    @property
    def label(self) -> str:
        """How lists name the tenant."""
        return f"{self.tenant_id} (simulated)" if self.simulated else self.tenant_id


def list_runs(reports: Path) -> list[ListedRun]:
    """Return every run in the folder, oldest first; a live run may be looked at too."""
    return [_listed(folder) for folder in all_runs(reports)]


def latest_unfinished(reports: Path) -> RunFolder | None:
    """Return the most recent run that `resume` can finish; failing that one whose journal is damaged, to say so."""
    runs = list_runs(reports)
    for wanted in ({Stand.UNFINISHED, Stand.RUNNING}, {Stand.DAMAGED}):
        found = [run.folder for run in runs if run.state in wanted and run.folder.journal.exists()]
        if found:
            return found[-1]
    return None


def _listed(folder: RunFolder) -> ListedRun:
    if not folder.journal.exists():
        return _planned(folder)
    try:
        seen = glance(folder.journal)
    except Locked:
        return ListedRun(folder, Stand.DAMAGED)
    except DiskRefuses:
        # Stopped in the middle of a commit, or on a disk that takes seconds for one: no reason to hide the other runs.
        if folder.in_use():
            return ListedRun(folder, Stand.RUNNING)
        raise
    if seen.damage and not seen.state.closed and not folder.in_use():
        return ListedRun(folder, Stand.DAMAGED, seen.header.tenant_id, seen.header.simulated, seen.header.roster_file)
    rows = seen.state.rows.values()
    # Every row settled, but killed before its workbook was written: to be resumed like any other.
    finished = seen.state.closed and was_handed_back(folder, seen.state.record_count)
    state = Stand.RUNNING if folder.in_use() else Stand.FINISHED if finished else Stand.UNFINISHED
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


def _planned(folder: RunFolder) -> ListedRun:
    try:
        plan = json.loads(folder.plan.read_bytes())
        tenant, roster = plan["tenant"], plan["roster"]
        return ListedRun(folder, Stand.PLANNED, tenant["id"], tenant["simulated"], roster["file"])
    except (OSError, ValueError, KeyError, TypeError):
        return ListedRun(folder, Stand.DAMAGED)
