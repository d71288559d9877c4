"""Withholding: refusals that may be the tenant's rather than the rows' are not settled before something is accepted.

A permission that is missing, or a policy that is off, refuses four thousand rows just as it refuses the first twenty;
those twenty are then to be sent again once it is mended, so they are released, not settled.
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
"""So many refusals of a systematic kind, and nothing accepted: it is the tenant, not the rows."""
_SYSTEMATIC = {RowErrorCode.REFUSED_NOT_PERMITTED, RowErrorCode.REFUSED_BY_POLICY}


class WithheldRefusals:
    """Keeps refusals back until it is known whether they are systematic."""

    def __init__(self) -> None:
        self._accepted = False
        self._withheld: list[tuple[Work, RowError]] = []

    def take_in(self, outcome: BatchOutcome) -> list[Event]:
        """Return what to record of a batch's refusals; the outcome's failure is set when they stop the run."""
        self._accepted = self._accepted or outcome.accepted > 0
        events: list[Event] = []
        for work, error in outcome.refusals:
            if self._accepted or error.code not in _SYSTEMATIC:
                events.append(Settled(work.row.number, Refused(error)))
            else:
                events.append(Released(work.row.number, 403, perhaps_done=False))
                self._withheld.append((work, error))
        if self._accepted:
            events += self.release()
        if len(self._withheld) >= REFUSALS_THAT_STOP:
            outcome.failure = outcome.failure or _stopped_by(self._withheld[0][1])
        return events

    def release(self) -> list[Event]:
        """Return the outcomes of those that were withheld: there were too few to call them systematic."""
        withheld, self._withheld = self._withheld, []
        return [Settled(work.row.number, Refused(error)) for work, error in withheld]


def _stopped_by(error: RowError) -> BulktapError:
    if error.code is RowErrorCode.REFUSED_BY_POLICY:
        return PolicyForbids(
            f"Stopped: the tenant's policy refused every pass so far. {error.message}",
            hint=f"{error.hint} Then run `bulktap resume`.",
        )
    return NotPermitted(
        f"Stopped: the service refused every pass so far for lack of permission. {error.message}",
        hint="Grant the app UserAuthMethod-TAP.ReadWrite.All with admin consent, then run `bulktap resume`.",
    )
