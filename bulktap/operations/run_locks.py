"""The guard of an issuing command: which places it holds against others, and which earlier runs it looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.errors import DiskRefuses
from bulktap.operations.recent_passes import recent_passes
from bulktap.storage.run_folder import places_to_guard, tenant_lock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import ExitStack
    from datetime import datetime
    from pathlib import Path

    from bulktap.model.passes import AccessPass
    from bulktap.operations.tenant_access import Access
    from bulktap.operations.user_place import UserPlace
    from bulktap.storage.run_folder import RunFolder

_UNNOTICED = "a command that issues at the same time with another reports folder would not be noticed"


@dataclass(frozen=True, slots=True)
class Guard:
    """What an issuing command holds and looks at; the same for `apply`, `apply RUN` and `resume`."""

    folder: RunFolder
    """The run's own."""
    access: Access
    held: tuple[Path, ...]
    """The reports folders: the run's own, and where commands look for runs."""
    user_place: UserPlace | None
    """None where there is none, and for a rehearsal: its tenant is nobody else's."""

    def hold(self, stack: ExitStack) -> tuple[str, ...]:
        """Hold tenant and run until the stack ends; return what could not be held, in a sentence.

        Raises:
            InUse: another command holds one of them.
            DiskRefuses: a reports folder cannot be written.
        """
        notes: list[str] = []
        tenant_id = self.access.tenant_id
        for place in self.held:
            stack.enter_context(tenant_lock(place, tenant_id))
        if self.user_place is not None:
            try:
                stack.enter_context(self.user_place.lock(tenant_id))
            except DiskRefuses:
                notes.append(f"{self.user_place.path} cannot be written, so {_UNNOTICED}.")
        elif not self.access.rehearsal:
            notes.append(f"This user has no home folder, so {_UNNOTICED}.")
        return tuple(notes)

    @property
    def places(self) -> tuple[Path, ...]:
        """The folders whose runs are looked at: those that are held, and those of the runs that issued last."""
        remembered = [] if self.user_place is None else [run.path.parent for run in self.user_place.remembered()]
        places: dict[Path, None] = dict.fromkeys([*(place.resolve() for place in self.held), *remembered])
        return tuple(places)

    def recent(self, now: datetime) -> Mapping[str, AccessPass]:
        """Return who was given a pass by another run a moment ago; `now` is the service's time."""
        if self.access.rehearsal:
            return {}
        return recent_passes(self.places, self.access.tenant_id, now, own=self.folder)

    def begin(self) -> None:
        """Note that the run is about to issue."""
        if self.user_place is not None:
            self.user_place.remember(self.folder)


def guard_of(folder: RunFolder, reports: Path, access: Access, user_place: UserPlace | None) -> Guard:
    """Return the guard of a run.

    Args:
        folder: the run's own.
        reports: where commands look for runs.
        access: the way into its tenant.
        user_place: what this user's commands share, if there is such a place.
    """
    held = tuple(places_to_guard(folder, reports))
    return Guard(folder, access, held, None if access.rehearsal else user_place)
