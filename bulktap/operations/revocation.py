"""Revocation: which passes of a run were chosen to be revoked, how each stood, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.dispatch.deletes import DeletedPass, DeleteOutcome
from bulktap.dispatch.pass_states import PassState
from bulktap.model.exit_codes import ExitCode

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bulktap.dispatch.pass_states import Finding
    from bulktap.model.errors import BulktapError
    from bulktap.model.plan import TenantInfo
    from bulktap.operations.recorded_rows import RecordedRow
    from bulktap.storage.run_folder import RunFolder

WORKS = frozenset({PassState.LIVE, PassState.NOT_YET_VALID, PassState.DISABLED})
"""The passes that are to be deleted: those that work, or may some day."""
OVER = {
    PassState.USED: DeleteOutcome.USED,
    PassState.EXPIRED: DeleteOutcome.EXPIRED,
    PassState.REPLACED: DeleteOutcome.REPLACED,
    PassState.GONE: DeleteOutcome.GONE,
    PassState.REVOKED: DeleteOutcome.REVOKED,
}
"""The passes that do not work any more, and what has become of them."""


@dataclass(frozen=True, slots=True)
class ChosenPass:
    """One pass that was chosen, how it stood, and what became of it."""

    row: RecordedRow
    finding: Finding
    meant: bool
    """Whether it is, or was, to be deleted."""
    done: DeletedPass | None = None
    """What became of it; None of one that was not begun or not finished."""

    @property
    def pass_id(self) -> str:
        """Its id, as the journal has it, or as it is listed where the service named none when it was issued."""
        held = self.row.access_pass
        return (held.pass_id if held is not None else "") or self.finding.pass_id

    @property
    def is_over(self) -> bool:
        """Whether it does not work any more, whoever saw to that."""
        if self.done is not None:
            return self.done.outcome.is_over
        return not self.meant and self.finding.state in OVER


@dataclass(frozen=True, slots=True)
class RevokePreview:
    """What somebody agrees to."""

    folder: RunFolder
    tenant: TenantInfo
    passes: tuple[ChosenPass, ...]
    goes_on: bool
    """Whether an earlier revocation, which was agreed to, is gone on with."""
    not_found: tuple[str, ...]
    """Rows of a list of received slips that are nobody of the run."""
    in_doubt: int
    """Rows of the run that may have a pass whose id nobody knows."""
    so_far: bool
    """Whether the run is not finished."""
    zone: ZoneInfo
    """Zone of the run's times."""

    @property
    def meant(self) -> tuple[ChosenPass, ...]:
        """The passes that are to be deleted."""
        return tuple(one for one in self.passes if one.meant)


@dataclass(frozen=True, slots=True)
class Revocation(RevokePreview):
    """What came of it."""

    dry: bool = False
    throttled_steps: int = 0
    failure: BulktapError | None = None
    """What stopped it, if something did."""

    @property
    def counts(self) -> dict[str, int]:
        """How many passes have each outcome; those that were not begun, or not finished, are `left`."""
        found = dict.fromkeys((*(one.value for one in DeleteOutcome), "left"), 0)
        for one in self.passes:
            if one.done is not None:
                found[one.done.outcome] += 1
            elif one.meant:
                found["left"] += 1
            else:
                found[OVER.get(one.finding.state, DeleteOutcome.REFUSED)] += 1
        return found

    @property
    def exit_code(self) -> ExitCode:
        """With which the command ends."""
        if self.failure is not None:
            return self.failure.exit_code
        over = self.dry or all(one.is_over for one in self.passes)
        return ExitCode.DONE if over else ExitCode.INCOMPLETE
