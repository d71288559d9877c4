"""The latest rehearsal of a roster, for a change board: told from the summaries of runs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from bulktap.operations.handed_back import SUMMARY_BYTES
from bulktap.results.board_facts import Rehearsal
from bulktap.results.row_results import RowResult
from bulktap.storage import read_if_sound
from bulktap.storage.run_folder import all_runs
from bulktap.storage.untrusted_json import json_object

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.storage.run_folder import RunFolder


def latest_rehearsal(reports: Path, sha256: str) -> Rehearsal | None:
    """Return the latest run of a roster that was carried out in a simulated tenant; None if there is none."""
    found = (_rehearsal(folder, sha256) for folder in all_runs(reports))
    return max((one for one in found if one is not None), key=lambda one: one.started_at, default=None)


def _rehearsal(folder: RunFolder, sha256: str) -> Rehearsal | None:
    """Return what a run's summary says, if it is of this roster; one that cannot be read is none."""
    try:
        members = json_object(read_if_sound(folder.summary, at_most=SUMMARY_BYTES) or b"") or {}
    except OSError:
        return None
    if _member(members, "roster", "sha256") != sha256 or _member(members, "tenant", "simulated") is not True:
        return None
    counts = {
        name: number
        for name in ("rows", *RowResult)
        if isinstance(number := _member(members, "counts", name), int) and not isinstance(number, bool)
    }
    try:
        started = datetime.fromisoformat(str(members.get("started")))
    except ValueError:
        return None
    return Rehearsal(folder.run, started, counts) if started.tzinfo is not None else None


def _member(members: dict[str, Any], outer: str, inner: str) -> object:
    part = members.get(outer)
    return part.get(inner) if isinstance(part, dict) else None
