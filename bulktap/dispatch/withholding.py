"""Withholding: refusals that may be everybody's rather than the rows' own are not settled before that is known.

A permission that is gone, a policy that is off, or a licence that has ended refuses four thousand rows just as it
refuses the first twenty, at any time in a run; those are then to be sent again once it is put right, so they are
released, not settled. Whether a refusal is the row's own shows when something that was sent *after* it is accepted.
Rosters are sorted, and twenty administrators may stand in a row: so after twenty refusals a sample of the rows that
wait, taken from all over the roster, has to be refused as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.errors import BulktapError, NotPermitted, PolicyForbids
from bulktap.passes import Refused
from bulktap.row_errors import RowError, RowErrorCode
from bulktap.run_state import Event, Released, Settled

if TYPE_CHECKING:
    from bulktap.dispatch.handling import BatchOutcome
    from bulktap.dispatch.work import Work

REFUSALS_THAT_STOP = 20
"""So many refusals of a systematic kind in a row, and so many more of a sample: it is not the rows."""
_SYSTEMATIC = {RowErrorCode.REFUSED_NOT_PERMITTED, RowErrorCode.REFUSED_BY_POLICY}


class WithheldRefusals:
    """Keeps refusals back until it is known whether they are systematic."""

    def __init__(self) -> None:
        self._withheld: list[tuple[int, Work, RowError]] = []
        """Each with the number of the batch in which it was sent."""
        self._suspicious_at = 0
        """How many were withheld when the sampling began; 0 when it has not."""

    @property
    def suspicious(self) -> bool:
        """Whether so many were refused in a row that a sample has to show whether everybody is."""
        return len(self._withheld) >= REFUSALS_THAT_STOP

    @property
    def convincing(self) -> bool:
        """Whether the sample was refused as well."""
        return self.suspicious and len(self._withheld) - self._suspicious_at >= REFUSALS_THAT_STOP

    def take_in(self, outcome: BatchOutcome) -> list[Event]:
        """Return what to record of a batch's refusals."""
        events: list[Event] = []
        for work, error in outcome.refusals:
            if error.code in _SYSTEMATIC:
                events.append(Released(work.row.number, 403, perhaps_done=False))
                self._withheld.append((outcome.number, work, error))
            else:
                events.append(Settled(work.row.number, Refused(error)))
        if outcome.accepted:
            events += self._release(sent_by=outcome.number)
        if self.suspicious:
            self._suspicious_at = self._suspicious_at or len(self._withheld)
        return events

    def release(self) -> list[Event]:
        """Return the outcomes of all that were withheld: there were too few to call them systematic."""
        return self._release(sent_by=None)

    def _release(self, *, sent_by: int | None) -> list[Event]:
        """Settle what was sent no later than a batch of which something was accepted."""
        own = [(work, error) for number, work, error in self._withheld if sent_by is None or number <= sent_by]
        self._withheld = [] if sent_by is None else [one for one in self._withheld if one[0] > sent_by]
        self._suspicious_at = len(self._withheld) if self.suspicious else 0
        return [Settled(work.row.number, Refused(error)) for work, error in own]

    @property
    def kinds(self) -> set[RowErrorCode]:
        """The kinds of refusal that are withheld."""
        return {error.code for _, _, error in self._withheld}

    def stopped(self) -> BulktapError:
        """Return what the run says when it stops for refusals that would hit everybody."""
        count, error = len(self._withheld), self._withheld[-1][2]
        words = f"Stopped: the last {count} passes were refused one after the other, and none was issued in between."
        if error.code is RowErrorCode.REFUSED_NOT_PERMITTED:
            return NotPermitted(
                f"{words} {error.message}",
                hint="Grant the app UserAuthMethod-TAP.ReadWrite.All with admin consent, then run `bulktap resume`.",
            )
        return PolicyForbids(f"{words} {error.message}", hint=f"{error.hint} Then run `bulktap resume`.")
