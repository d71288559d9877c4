"""ListedRun: what a list says of one run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from bulktap.model.setting_names import Command

if TYPE_CHECKING:
    from bulktap.storage.run_folder import RunFolder


class Stand(StrEnum):
    """How a run stands."""

    PLANNED = "planned"
    RUNNING = "running"
    UNFINISHED = "unfinished"
    FINISHED = "finished"
    FORGOTTEN = "forgotten"
    """Its passcodes were destroyed on purpose."""
    DAMAGED = "damaged"
    NEWER = "newer"
    """A newer bulktap wrote its journal."""
    UNREADABLE = "unreadable"
    """The folder or its journal may not be read: another user's, or the disk refuses."""


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
    name: str | None = None
    """What somebody named it."""
    who: str | None = None
    """Who carried it out, or owns its folder; None if that is not known."""
    began_at: datetime | None = None
    """When passes began to be issued, aware; None of a run that was planned only."""
    live_until: datetime | None = None
    """When the last of its passes ends; None if there is none, or that is not known."""
    expires_at: datetime | None = None
    """Until when a plan may be carried out; None if that is not known, or it can not be."""
    forget_at: datetime | None = None
    """When it is to be forgotten, as its plan says; None if it does not say so."""
    forgotten_at: datetime | None = None
    """When its passcodes were destroyed."""
    revoked: int = 0
    """Passes of those that it has now which its own revocations deleted."""
    to_revoke: int = 0
    """Passes that are left of a revocation that was stopped."""

    @property
    def label(self) -> str:
        """How lists name the tenant."""
        return f"{self.tenant_id} (simulated)" if self.simulated else self.tenant_id

    @property
    def planned_at(self) -> datetime | None:
        """The minute in which it was planned, as its id begins with it."""
        try:
            return datetime.fromisoformat(self.folder.minute.removesuffix("Z")).replace(tzinfo=UTC)
        except ValueError:
            return None

    @property
    def at(self) -> datetime | None:
        """When it took place: when passes began to be issued, else when it was planned."""
        return self.began_at or self.planned_at

    def is_due(self, now: datetime) -> bool:
        """Whether it should have been forgotten by now, and was not, or not wholly."""
        if self.state is Stand.FORGOTTEN:
            return self._has_remains
        return self.state is Stand.FINISHED and self.forget_at is not None and self.forget_at <= now

    @property
    def _has_remains(self) -> bool:
        """Whether something with passcodes is left of a run that was forgotten."""
        return self.folder.workbook.exists() or self.folder.handouts.exists()

    def _is_over(self, now: datetime) -> bool:
        """Whether none of its passes works any more, nor is going to."""
        if self.issued is not None and self.revoked >= self.issued:
            return True
        return self.live_until is not None and self.live_until <= now

    def next_step(self, now: datetime) -> Command | None:
        """Return what is sensibly done with the run next; None if nothing is."""
        step: Command | None = None
        match self.state:
            case Stand.PLANNED if self.rows and self.expires_at is not None and self.expires_at > now:
                step = Command.APPLY
            case Stand.UNFINISHED:
                step = Command.RESUME
            case Stand.DAMAGED if self.folder.journal.exists():
                step = Command.RESULTS
            case Stand.FINISHED | Stand.FORGOTTEN if self.to_revoke:
                step = Command.REVOKE
            case Stand.FINISHED | Stand.FORGOTTEN if self.is_due(now):
                step = Command.FORGET
            case Stand.FINISHED if self.issued and self._is_over(now):
                step = Command.FORGET
            case Stand.FINISHED if self.issued:
                step = Command.VERIFY if self.folder.handouts.exists() else Command.HAND_OUT
            case _:
                pass
        return step
