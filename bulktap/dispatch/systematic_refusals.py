"""Withholding: refusals that may be everybody's rather than the rows' own are not settled before that is known.

A permission that is gone, a policy that is off, or a licence that has ended refuses four thousand rows just as it
refuses the first twenty, at any time in a run; those are then to be sent again once it is put right, so they are
released, not settled. Whether a refusal is the row's own shows when something that was sent *after* it is accepted.
Rosters are sorted, and twenty administrators may stand in a row: so after twenty refusals a sample of the rows that
wait, taken from all over the roster, has to be refused as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.dispatch.reissuing import refusal
from bulktap.model.errors import BulktapError, NotPermitted, PolicyForbids, ServiceContradiction
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.run_events import Event, Released
from bulktap.model.setting_names import Command

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulktap.dispatch.create_outcomes import BatchOutcome
    from bulktap.dispatch.row_queues import RowWork

REFUSALS_THAT_STOP = 20
"""So many refusals of a systematic kind in a row, and so many more of a sample: it is not the rows."""
_SYSTEMATIC = {
    RowErrorCode.REFUSED_NOT_PERMITTED,
    RowErrorCode.REFUSED_BY_POLICY,
    RowErrorCode.REFUSED_REQUEST,
    RowErrorCode.TENANT_NOT_LICENSED,
}


class Withheld:
    """Refusals in a row, each with the number of the batch in which it was sent."""

    def __init__(self) -> None:
        self._withheld: list[tuple[int, RowWork, RowError]] = []
        self._suspicious_at = 0
        """How many were withheld when the sampling began; 0 when it has not."""
        self._tried_again: set[int] = set()
        """Rows that were tried once more after a refusal, and not answered otherwise since."""

    def __len__(self) -> int:
        return len(self._withheld)

    def __contains__(self, work: RowWork) -> bool:
        return any(one is work for _, one, _ in self._withheld)

    @property
    def were_listed(self) -> bool:
        """Whether somebody among them could be listed before."""
        return any(work.listed_at is not None for _, work, _ in self._withheld)

    @property
    def suspicious(self) -> bool:
        """Whether so many were refused in a row that a sample has to show whether everybody is."""
        return len(self._withheld) >= REFUSALS_THAT_STOP

    @property
    def convincing(self) -> bool:
        """Whether the sample was refused as well."""
        return self.suspicious and len(self._withheld) - self._suspicious_at >= REFUSALS_THAT_STOP

    @property
    def kinds(self) -> set[RowErrorCode]:
        """The kinds of refusal that are withheld."""
        return {error.code for _, _, error in self._withheld}

    @property
    def targets(self) -> list[str]:
        """The users who were refused."""
        return [work.target for _, work, _ in self._withheld]

    @property
    def last(self) -> RowError:
        """The last of them."""
        return self._withheld[-1][2]

    def add(self, number: int, refused: Iterable[tuple[RowWork, RowError]]) -> None:
        """Withhold the refusals of a batch."""
        self._withheld += [(number, work, error) for work, error in refused]
        if self.suspicious:
            self._suspicious_at = self._suspicious_at or len(self._withheld)

    def release(self, sent_by: int | None = None) -> list[tuple[RowWork, RowError]]:
        """Return, and forget, what was sent no later than a batch of which something was accepted; None for all."""
        own = [(work, error) for number, work, error in self._withheld if sent_by is None or number <= sent_by]
        self._withheld = [] if sent_by is None else [one for one in self._withheld if one[0] > sent_by]
        self._suspicious_at = len(self._withheld) if self.suspicious else 0
        return own

    def answered_otherwise(self, rows: Iterable[int]) -> None:
        """Take note of rows that were not refused: what is refused after that may be everybody's once more."""
        self._tried_again.difference_update(rows)

    def told_apart(
        self, *, asked: bool, sent_by: int | None = None
    ) -> tuple[list[tuple[RowWork, RowError]], list[RowWork]]:
        """Return, and forget, what `release` would: those to be settled, and those to be tried once more.

        Others are served now (`asked`), but may not have been at the time of the refusals.
        """
        released = self.release(sent_by)
        again = [work for work, _ in released if asked and work.row.number not in self._tried_again]
        self._tried_again.update(work.row.number for work in again)
        tried = {id(work) for work in again}
        return [(work, error) for work, error in released if id(work) not in tried], again


class WithheldRefusals(Withheld):
    """Keeps refused creates back until it is known whether they are systematic."""

    def take_in(self, outcome: BatchOutcome) -> tuple[list[Event], list[RowWork]]:
        """Return what to record of a batch's refusals, and the rows that are to be sent once more.

        A permission may have been taken away and given back: a pass that is issued by a later batch does not show that
        an earlier refusal was the row's own.
        """
        systematic = [(work, error) for work, error in outcome.refusals if error.code in _SYSTEMATIC]
        events: list[Event] = [
            refusal(work.state, error) for work, error in outcome.refusals if error.code not in _SYSTEMATIC
        ]
        events += [Released(work.row.number, 403, perhaps_done=False) for work, _ in systematic]
        self.add(outcome.number, systematic)
        self.answered_otherwise(outcome.unproven)
        if not outcome.accepted:
            return events, []
        earlier, again = self.told_apart(asked=True, sent_by=outcome.number - 1)
        return [*events, *settled([*earlier, *self.release(outcome.number)])], again

    def stopped(self) -> BulktapError:
        """Return what the run says when it stops for refusals that would hit everybody."""
        words = (
            f"Stopped: the last {len(self)} passes were refused one after the other, and none was issued in between."
        )
        words = f"{words} {self.last.message}"
        if RowErrorCode.REFUSED_BY_POLICY in self.kinds:
            return PolicyForbids(words, hint=f"{self.last.hint} Then run {Command.RESUME}.")
        if RowErrorCode.REFUSED_REQUEST in self.kinds:
            return ServiceContradiction(
                words, hint=f"Please report this with the log file; {Command.RESUME} finishes the run."
            )
        if RowErrorCode.TENANT_NOT_LICENSED in self.kinds:
            return NotPermitted(words, hint=f"{self.last.hint} Then run {Command.RESUME}.")
        return NotPermitted(
            words,
            hint=f"Grant the app UserAuthMethod-TAP.ReadWrite.All with admin consent, then run {Command.RESUME}.",
        )


def settled(refused: Iterable[tuple[RowWork, RowError]]) -> list[Event]:
    """Return the outcomes of refusals that are the rows' own."""
    return [refusal(work.state, error) for work, error in refused]
