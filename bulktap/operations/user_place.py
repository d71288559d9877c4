"""What this user's commands share on this machine, wherever their reports folders are.

Two people at two computers cannot be kept apart by files; one person at one computer can, also with reports in two
places, or with a run's folder copied elsewhere: the tenant's lock is held here too, and here it stands which run
folders issued last, so that the runs beside them are looked at as well.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulktap.model.errors import DiskRefuses
from bulktap.storage import make_folder, write_file
from bulktap.storage.run_folder import RunFolder, lock_of_tenant

if TYPE_CHECKING:
    from bulktap.storage import Lock

_MOST_RUNS = 50
_LONGEST_PATH = 32_768
"""What Windows takes at most."""


@dataclass(frozen=True, slots=True)
class UserPlace:
    """A folder of this user's on this machine."""

    path: Path

    def lock(self, tenant_id: str) -> Lock:
        """Hold the tenant for this user on this machine.

        Raises:
            InUse: another command of theirs is issuing for this tenant.
            DiskRefuses: the place cannot be written.
        """
        make_folder(self.path)
        return lock_of_tenant(self.path / "locks", tenant_id)

    def remember(self, folder: RunFolder) -> None:
        """Note that a run is about to issue; where that cannot be written, nothing is noted."""
        name = hashlib.sha256(os.fsencode(folder.path)).hexdigest()[:32]
        with suppress(DiskRefuses, OSError):
            make_folder(self.path)
            make_folder(self._runs)
            # A file for each, so that two commands that begin at once do not drop one another's.
            write_file(self._runs / name, os.fsencode(folder.path))
            for old in self._notes()[_MOST_RUNS:]:
                old.unlink(missing_ok=True)

    def remembered(self) -> list[RunFolder]:
        """Return the run folders that issued last and are still there, the latest first."""
        found = []
        for note in self._notes()[:_MOST_RUNS]:
            with suppress(OSError, ValueError), note.open("rb") as file:
                path = Path(os.fsdecode(file.read(_LONGEST_PATH)))
                if path.is_absolute() and path.is_dir():
                    found.append(RunFolder(path))
        return found

    @property
    def _runs(self) -> Path:
        return self.path / "runs"

    def _notes(self) -> list[Path]:
        try:
            with os.scandir(self._runs) as entries:
                notes = [
                    (entry.stat().st_mtime_ns, entry.name)
                    for entry in entries
                    if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)
                ]
        except OSError:
            return []
        return [self._runs / name for _, name in sorted(notes, reverse=True)]
