"""RunGuards: what keeps a run that is under way from going on, or single rows from being sent: the operator's wish."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulktap.dispatch.reissuing import is_not_reissued
from bulktap.model.errors import GuardTripped
from bulktap.model.outcomes import InDoubt, Refused
from bulktap.model.run_events import Settled
from bulktap.model.setting_names import Command, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bulktap.model.guards import FailureLimit
    from bulktap.model.row_errors import RowError
    from bulktap.model.run_events import Event
    from bulktap.model.run_state import RowState


@dataclass(frozen=True, slots=True)
class RunGuards:
    """What the operator wants of a run while it is under way."""

    barred: Mapping[int, RowError] = field(default_factory=dict)
    """Rows for which no create leaves any more, by plan number, and what they say then."""
    stop_after: tuple[FailureLimit, ...] = ()
    """The run stops as soon as so many of its rows have failed."""


class FailureWatch:
    """Counts the rows that fail while this process works on the run, and says when it is to stop.

    What an earlier process met was looked at by whoever resumes the run, so that it does not count again.
    """

    def __init__(self, guards: RunGuards, rows: int) -> None:
        """Take the guards, and how many rows the run has."""
        self._barred = guards.barred
        self._limits = [(limit.rows(rows), limit) for limit in guards.stop_after]
        self._failed: set[int] = set()
        self._reason: RowError | None = None
        self._tripped: tuple[int, FailureLimit] | None = None

    def hear(self, events: Iterable[Event]) -> None:
        """Take outcomes into account; a row that a guard keeps out has not failed."""
        for event in events:
            if isinstance(event, Settled) and event.row not in self._barred:
                match event.outcome:
                    case Refused(error) | InDoubt(error):
                        self._failed.add(event.row)
                        self._reason = error
                    case outcome if is_not_reissued(outcome):
                        self._failed.add(event.row)
                    case _:
                        self._failed.discard(event.row)

    def trips(self, withheld: int) -> bool:
        """Return True if the run is to stop; `withheld` rows were refused too, perhaps as everybody would be."""
        failed = len(self._failed) + withheld
        reached = next((limit for rows, limit in self._limits if failed >= rows), None)
        if reached is not None and self._tripped is None:
            self._tripped = failed, reached
        return reached is not None

    def failure(self, rows: Iterable[RowState], withheld: RowError | None) -> GuardTripped | None:
        """Return what the run says if it was stopped; `withheld` is a refusal that no row has yet."""
        if self._tripped is None:
            return None
        failed, limit = self._tripped
        unsent = sum(not row.phase.settled for row in rows)
        reason = self._reason or withheld
        said = f" The last one: {reason.message}" if reason else ""
        have = "row has" if failed == 1 else "rows have"
        return GuardTripped(
            f"Stopped: {failed:,} {have} failed, and {Setting.STOP_AFTER_FAILURES.to(limit.text)} was given.{said}",
            hint=f"Look into it first. Then {Command.RESUME} goes on with the {unsent:,} rows that are left.",
            failed=failed,
            unsent=unsent,
        )
