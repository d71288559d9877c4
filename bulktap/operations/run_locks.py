"""RunLocks: which places an issuing command holds against others, and which earlier runs it looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.errors import DiskRefuses
from bulktap.operations.earlier_doubts import earlier_doubts
from bulktap.operations.recent_passes import recent_passes
from bulktap.storage.run_folder import places_to_guard, tenant_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import ExitStack
    from datetime import datetime
    from pathlib import Path

    from bulktap.model.earlier_doubts import EarlierDoubt
    from bulktap.model.passes import AccessPass
    from bulktap.operations.tenant_access import TenantAccess
    from bulktap.operations.user_place import UserPlace
    from bulktap.storage.run_folder import RunFolder

_UNNOTICED = "a command that issues at the same time with another reports folder would not be noticed"


@dataclass(frozen=True, slots=True)
class RunLocks:
    """What an issuing command holds and looks at; the same for `apply`, `apply RUN` and `resume`."""

    folder: RunFolder
    """The run's own."""
    access: TenantAccess
    held: tuple[Path, ...]
    """The reports folders: the run's own, and where commands look for runs."""
    user_place: UserPlace | None
    """None where there is none, and for a rehearsal: its tenant is nobody else's."""

    def hold_tenant(self, stack: ExitStack, say: Callable[[str], None]) -> None:
        """Hold the tenant, wherever another command would look, until the stack ends; say where that is not possible.

        Raises:
            InUse: another command holds it.
            DiskRefuses: a reports folder cannot be written.
        """
        tenant_id = self.access.tenant_id
        for place in self.held:
            stack.enter_context(tenant_lock(place, tenant_id))
        if self.user_place is not None:
            try:
                stack.enter_context(self.user_place.lock(tenant_id))
            except DiskRefuses:
                say(f"Note: {self.user_place.path} cannot be written, so {_UNNOTICED}.")
        elif not self.access.rehearsal:
            say(f"Note: This user has no home folder, so {_UNNOTICED}.")

    @property
    def places(self) -> tuple[Path, ...]:
        """The folders whose runs are looked at: those that are held, and those of the runs that issued last."""
        remembered = [] if self.user_place is None else [run.path.parent for run in self.user_place.remembered()]
        places: dict[Path, None] = dict.fromkeys([*(place.resolve() for place in self.held), *remembered])
        return tuple(places)

    def recent(self, now: datetime) -> Mapping[str, AccessPass]:
        """Return who was given a pass by another run a moment ago; `now` is the service's time."""
        return recent_passes(self.places, self.access.tenant_id, now, own=self.folder)

    def doubts(self, now: datetime) -> Mapping[str, EarlierDoubt]:
        """Return whom earlier runs have left in doubt; `now` is the service's time."""
        return earlier_doubts(self.places, self.access.tenant_id, now, own=self.folder)

    def begin(self) -> None:
        """Note that the run is about to issue."""
        if self.user_place is not None:
            self.user_place.remember(self.folder)


def run_locks(folder: RunFolder, reports: Path, access: TenantAccess, user_place: UserPlace | None) -> RunLocks:
    """Return what an issuing command holds for a run.

    Args:
        folder: the run's own.
        reports: where commands look for runs.
        access: the way into its tenant.
        user_place: what this user's commands share, if there is such a place.
    """
    held = tuple(places_to_guard(folder, reports))
    return RunLocks(folder, access, held, None if access.rehearsal else user_place)
