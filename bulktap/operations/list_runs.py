"""Runs: which ones there are and how they stand, read without a passphrase, and only as many as are asked for."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from bulktap.operations.listed_run import ListedRun, Stand
from bulktap.operations.run_glimpse import glimpse
from bulktap.storage.run_folder import RunFolder, newest_runs
from bulktap.storage.run_names import is_run, may_enter, run_paths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["ListedRun", "Stand", "latest_unfinished", "list_runs", "newest_listed"]


def list_runs(reports: Path) -> list[ListedRun]:
    """Return every run in the folder, oldest first; a live run may be looked at too.

    Raises:
        OSError: the folder itself cannot be read.
    """
    return list(_listed(reports))[::-1]


def newest_listed(reports: Path, most: int | None) -> tuple[list[ListedRun], int]:
    """Return so many runs of the folder, or all, the newest first, and how many there are; the others are not read.

    Raises:
        OSError: the folder itself cannot be read.
    """
    runs = _listed(reports)
    found = list(islice(runs, most))
    return found, len(found) if most is None else sum(map(_counts, run_paths(reports)))


def _counts(path: Path) -> bool:
    return is_run(path) or not may_enter(path)


def _listed(reports: Path) -> Iterator[ListedRun]:
    for path in run_paths(reports):
        if not may_enter(path):
            yield ListedRun(RunFolder(path.absolute()), Stand.UNREADABLE, why="The folder belongs to another user.")
        elif is_run(path):
            yield glimpse(RunFolder(path.resolve()))


def latest_unfinished(reports: Path) -> RunFolder | None:
    """Return the most recent run that `resume` can finish; failing that one that it cannot open, to say so."""
    locked = None
    for folder in newest_runs(reports):
        if not folder.journal.exists():
            continue
        state = glimpse(folder).state
        if state in {Stand.UNFINISHED, Stand.RUNNING}:
            return folder
        if state in {Stand.DAMAGED, Stand.NEWER} and locked is None:
            locked = folder
    return locked
