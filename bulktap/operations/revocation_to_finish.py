"""Which run has a revocation that was stopped; apart from revoking, so that `resume` loads no more than it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.storage.revocations import read_revocations
from bulktap.storage.run_folder import all_runs, find_run

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.storage.run_folder import RunFolder


def revocation_to_finish(run: Path | None, reports: Path) -> RunFolder | None:
    """Return the run whose revocation was stopped: the named one, if it was; else the most recent of all.

    Raises:
        UsageError: there is no run of that name.
        Untrusted, DiskRefuses: see `storage.revocations.read_revocations`.
    """
    for folder in [find_run(reports, run)] if run is not None else reversed(all_runs(reports)):
        if folder.revocations.exists() and read_revocations(folder).left:
            return folder
    return None
