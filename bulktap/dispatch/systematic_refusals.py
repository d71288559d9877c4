"""Withholding: refusals that may be everybody's rather than the rows' own are not settled before that is known.

A permission that is gone, a policy that is off, or a licence that has ended refuses four thousand rows just as it
refuses the first twenty, at any time in a run; those are then to be sent again once it is put right, so they are
released, not settled. Whether a refusal is the row's own shows when something that was sent *after* it is accepted.
Rosters are sorted, and twenty administrators may stand in a row: so after twenty refusals a sample of the rows that
wait, taken from all over the roster, has to be refused as well.

What the policy forbids to the *terms* of a pass is told by nobody else's pass, for others may have asked for less. The
plan was checked against the policy, so that it has become narrower since, and the rows are right as they are: the
policy itself is asked, at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.dispatch.reissuing import refusal
from bulktap.model.errors import BulktapError, NotPermitted, PolicyForbids, ServiceContradiction
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.run_events import Event, Released
from bulktap.model.setting_names import Command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet

    from bulktap.dispatch.create_outcomes import BatchOutcome
    from bulktap.dispatch.row_queues import RowWork
    from bulktap.model.passes import PassPolicy

REFUSALS_THAT_STOP = 20
"""So many refusals of a systematic kind in a row, and so many more of a sample: it is not the rows."""
_BY_TERMS = frozenset({RowErrorCode.LIFETIME_OUTSIDE_POLICY, RowErrorCode.ONE_TIME_FORCED})
"""What the service answers where the policy allows passes, but none on such terms."""
OF_POLICY = _BY_TERMS | {RowErrorCode.REFUSED_BY_POLICY}
"""What the service answers for the sake of the tenant's policy."""
_SYSTEMATIC = OF_POLICY | {
    RowErrorCode.REFUSED_NOT_PERMITTED,
    RowErrorCode.REFUSED_REQUEST,
    RowErrorCode.TENANT_NOT_LICENSED,
}
_MENDED = (
    "Nothing is refused for good. Have the authentication methods policy changed back (it takes some minutes to "
    f"apply), then run {Command.RESUME}."
)


class Withheld:
    """Refusals in a row, each with the number of the batch in which it was sent."""

    def __init__(self) -> None:
        self._withheld: list[tuple[int, RowWork, RowError]] = []
        self._suspicious_at = 0
        """How many were withheld when the sampling began; 0 when it has not."""
        self._tried_again: set[int] = set()
        """Rows that were tried once more after a refusal, and not answered otherwise since."""
        self._beside: set[int] = set()
        """Rows that were refused in one batch with somebody who was served; no refusals in a row."""

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
        return self.in_a_row >= REFUSALS_THAT_STOP

    @property
    def in_a_row(self) -> int:
        """How many were refused without anybody being served in between."""
        return sum(work.row.number not in self._beside for _, work, _ in self._withheld)

    @property
    def convincing(self) -> bool:
        """Whether the sample was refused as well."""
        return self.suspicious and self.in_a_row - self._suspicious_at >= REFUSALS_THAT_STOP

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
            self._suspicious_at = self._suspicious_at or self.in_a_row

    def release(self, sent_by: int | None = None) -> list[tuple[RowWork, RowError]]:
        """Return, and forget, what was sent no later than a batch of which something was accepted; None for all."""
        return self._take_out(lambda number, error: sent_by is None or (number <= sent_by and self._is_told(error)))

    def _is_told(self, error: RowError) -> bool:
        """Return True if the pass that somebody else gets shows that a refusal is the row's own."""
        del error
        return True

    def _take_out(self, wanted: Callable[[int, RowError], bool]) -> list[tuple[RowWork, RowError]]:
        taken = [(work, error) for number, work, error in self._withheld if wanted(number, error)]
        self._withheld = [one for one in self._withheld if not wanted(one[0], one[2])]
        self._beside.difference_update(work.row.number for work, _ in taken)
        self._suspicious_at = self.in_a_row if self.suspicious else 0
        return taken

    def answered_otherwise(self, rows: Iterable[int]) -> None:
        """Take note of rows that were not refused: what is refused after that may be everybody's once more."""
        self._tried_again.difference_update(rows)

    def told_apart(
        self, *, asked: bool, sent_by: int | None = None
    ) -> tuple[list[tuple[RowWork, RowError]], list[RowWork]]:
        """Return, and forget, what `release` would: those to be settled, and those to be tried once more.

        Others are served now (`asked`), but may not have been at the time of the refusals.
        """
        beside = set(self._beside)
        return self._tried_apart(self.release(sent_by), beside, asked=asked)

    def _tried_apart(
        self, released: list[tuple[RowWork, RowError]], beside: AbstractSet[int], *, asked: bool
    ) -> tuple[list[tuple[RowWork, RowError]], list[RowWork]]:
        told = self._tried_again | beside
        again = [work for work, _ in released if asked and work.row.number not in told]
        self._tried_again.update(work.row.number for work in again)
        tried = {id(work) for work in again}
        return [(work, error) for work, error in released if id(work) not in tried], again


class WithheldRefusals(Withheld):
    """Keeps refused creates back until it is known whether they are systematic."""

    def __init__(self, planned: PassPolicy | None = None) -> None:
        """Take the policy that the plan was checked against, if it could be read."""
        super().__init__()
        self._policy_tells = planned is not None
        """Whether a policy that allows less than it did can be told from one that never allowed it."""

    @property
    def by_terms(self) -> bool:
        """Whether the policy is to be asked about the terms of some of them."""
        return self._policy_tells and not self.kinds.isdisjoint(_BY_TERMS)

    def policy_tells_nothing(self) -> None:
        """Take note that the policy cannot be read any more: those are refusals like others then."""
        self._policy_tells = False

    def _is_told(self, error: RowError) -> bool:
        return not self._policy_tells or error.code not in _BY_TERMS

    def narrowed_by(self, policy: PassPolicy) -> BulktapError | None:
        """Return what the run says when it stops for a policy that forbids terms which the plan had been allowed."""
        if not policy.is_on:
            return self.stopped(policy)
        forbidden = [
            error
            for _, work, error in self._withheld
            if error.code in _BY_TERMS and work.row.request and not policy.allows(work.row.request.terms)
        ]
        if not forbidden:
            return None
        return PolicyForbids(
            f"Stopped: the tenant's policy allows less than when this run was planned. {forbidden[-1].message}",
            hint=_MENDED,
        )

    def allowed_by_policy(self) -> tuple[list[tuple[RowWork, RowError]], list[RowWork]]:
        """Return, and forget, those whose terms the policy allows after all, as `told_apart` does."""
        return self._tried_apart(self._take_out(lambda _number, error: error.code in _BY_TERMS), set(), asked=True)

    def take_in(self, outcome: BatchOutcome, sent: int) -> tuple[list[Event], list[RowWork]]:
        """Return what to record of a batch's refusals, and the rows that are to be sent once more.

        A permission may have been taken away and given back: a pass that is issued by a later batch does not show that
        an earlier refusal was the row's own. It may have been taken away within a batch too, or while several were
        under way: who was refused beside others that were served waits for a batch that left after the answer.

        Args:
            outcome: what became of the batch.
            sent: batches that have left by now.
        """
        systematic = [(work, error) for work, error in outcome.refusals if error.code in _SYSTEMATIC]
        events: list[Event] = [
            refusal(work.state, error) for work, error in outcome.refusals if error.code not in _SYSTEMATIC
        ]
        events += [Released(work.row.number, 403, perhaps_done=False) for work, _ in systematic]
        if outcome.accepted:
            self._beside.update(work.row.number for work, error in systematic if self._is_told(error))
        self.add(sent if outcome.accepted else outcome.number, systematic)
        self.answered_otherwise(outcome.unproven)
        if not outcome.accepted:
            return events, []
        earlier, again = self.told_apart(asked=True, sent_by=outcome.number - 1)
        return [*events, *settled(earlier)], again

    def stopped(self, policy: PassPolicy | None = None) -> BulktapError:
        """Return what the run says when it stops for refusals that would hit everybody.

        Args:
            policy: what the tenant allows by now, where that was asked and answered.
        """
        if policy is not None and not policy.is_on:
            return PolicyForbids(
                "Stopped: the tenant's policy has Temporary Access Pass switched off, so that nobody gets one.",
                hint=_MENDED,
            )
        words = (
            f"Stopped: the last {len(self)} passes were refused one after the other, and none was issued in between."
        )
        words = f"{words} {self.last.message}"
        if not self.kinds.isdisjoint(OF_POLICY):
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
