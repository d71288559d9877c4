"""Deletes: passes that were issued are deleted by their id, until each has an outcome or somebody says stop.

A pass is named by the id that the service gave it, so that whatever was issued to the same user since is out of reach,
and deleting one twice does no harm. That a delete is about to leave is recorded before it does. Where its answer proves
nothing, the user's passes are listed before it is repeated; that the pass is not there any more means then that the
first delete was carried out.

Refusals that would hit everybody stop the run, as they do where passes are issued. The passes are deleted in an order
that is spread over the roster, so that twenty administrators in a row are not taken for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from bulktap.dispatch.bulk_query import BulkQuery
from bulktap.dispatch.pass_states import PassState, judge_pass
from bulktap.dispatch.queries import AskLater, Query, Wording
from bulktap.dispatch.reachability import Reachability
from bulktap.dispatch.systematic_refusals import REFUSALS_THAT_STOP
from bulktap.graph.access_passes import (
    Deleted,
    DeleteRefused,
    DeleteRetry,
    ListRefused,
    ListRetry,
    NotThere,
    delete_step,
    judge_delete,
    judge_list,
    list_step,
)
from bulktap.model.errors import NotPermitted, ServiceContradiction
from bulktap.model.log_events import PassRevoked
from bulktap.model.setting_names import Command

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from bulktap.dispatch.dependencies import ReadTools
    from bulktap.dispatch.pass_states import Finding
    from bulktap.graph.batch import BatchStep, StepResponse
    from bulktap.model.passes import AccessPass
    from bulktap.model.row_errors import RowError

_RECORDED = "what was deleted is recorded"
_WORDING = Wording("the requests to delete passes", _RECORDED, f"run {Command.REVOKE}")
_LIVING = frozenset({PassState.LIVE, PassState.NOT_YET_VALID, PassState.DISABLED, PassState.GONE})
"""What is deleted: also what a list does not show, since lists lag; where it is not there, nothing is deleted."""


class DeleteOutcome(StrEnum):
    """What became of a pass that was to be deleted."""

    REVOKED = "revoked"
    GONE = "gone"
    """It was not there any more, and not because of us."""
    REPLACED = "replaced"
    USED = "used"
    EXPIRED = "expired"
    REFUSED = "refused"
    """The service does not let us."""
    FAILED = "failed"
    """The service failed at it again and again; whether it is deleted is not known."""

    @property
    def is_over(self) -> bool:
        """Whether the pass does not work any more."""
        return self not in {DeleteOutcome.REFUSED, DeleteOutcome.FAILED}


@dataclass(frozen=True, slots=True)
class DeletedPass:
    """The outcome of one pass."""

    outcome: DeleteOutcome
    detail: str = ""
    """A sentence without its full stop, where there is more to say."""
    finding: Finding | None = None
    """What was listed where that decided."""

    def told(self, zone: ZoneInfo) -> str:
        """Return what more there is to say, with moments by the clocks of a zone."""
        return self.detail or (self.finding.told(zone) if self.finding is not None else "")


@dataclass(frozen=True, slots=True)
class PassToDelete:
    """One pass that is to be deleted."""

    row: int
    """Plan number."""
    sheet_row: int
    """As the sheet numbers it, for the log."""
    target: str
    """Whose it is: an object id, or a sign-in name where that is not known."""
    user: str
    """The roster's text."""
    access_pass: AccessPass
    """As it was issued, with its id."""


class DeletionRecord(Protocol):
    """Keeps what happens; `storage.revocations.RevocationFile` is one."""

    def sent(self, pass_ids: Collection[str]) -> None:
        """Record that these are about to be deleted."""

    def settled(self, pass_id: str, how: str) -> None:
        """Record what became of a pass."""


class Deletes:
    """Deletes passes."""

    def __init__(
        self, passes: Sequence[PassToDelete], tools: ReadTools, record: DeletionRecord, sent_before: Collection[str]
    ) -> None:
        """Take the passes; `sent_before` are those that an earlier process asked to delete, by their id."""
        self._passes = {str(one.row): one for one in passes}
        self._tools = tools
        self._record = record
        self._sent = set(sent_before)
        self._doubtful = {one.access_pass.pass_id for one in passes} & self._sent
        """Passes of which the last delete proved nothing, so that they are listed first."""
        self._listing: set[str] = set()
        """Subjects whose step is a list."""
        self._outcomes: dict[str, DeletedPass] = {}
        self._withheld: list[tuple[str, RowError, int]] = []
        """Refusals in a row, each of which may be everybody's."""
        self._worked = False
        rows = {subject: one.sheet_row for subject, one in self._passes.items()}
        query = Query[DeletedPass](self._step, self._judge, self._give_up, rows=rows, wording=_WORDING)
        reachability = Reachability(tools.clock, tools.observer, _RECORDED)
        self._bulk = BulkQuery(tools, query, reachability, len(passes))

    def stop(self) -> None:
        """Let nothing leave any more; what is under way is waited for."""
        self._bulk.stop()

    @property
    def outcomes(self) -> Mapping[int, DeletedPass]:
        """What became of each pass that is through, by row; some are missing where it was stopped."""
        return {self._passes[subject].row: outcome for subject, outcome in self._outcomes.items()}

    async def carry_out(self) -> None:
        """Delete them; see `outcomes`.

        Raises:
            NotPermitted: the app may not delete passes.
            ServiceContradiction: the service rejects one well-formed request after the other.
            SignInFailed, ServiceUnreachable, ThrottledTooLong: see `bulk_query.BulkQuery`.
        """
        self._tools.observer.phase("deleting passes", len(self._passes))
        async with self._bulk as bulk:
            await bulk.read(_spread(list(self._passes)))
        if self._withheld and not self._worked and any(status == HTTPStatus.FORBIDDEN for *_, status in self._withheld):
            raise self._everybodys()
        self._settle_refusals()

    def _step(self, step_id: str, subject: str) -> BatchStep:
        one = self._passes[subject]
        pass_id = one.access_pass.pass_id
        if pass_id in self._doubtful or subject in self._outcomes:
            self._listing.add(subject)
            return list_step(step_id, one.target)
        self._listing.discard(subject)
        self._record.sent([pass_id])
        self._doubtful.add(pass_id)
        return delete_step(step_id, one.target, pass_id)

    def _judge(self, subject: str, response: StepResponse) -> DeletedPass | ListRetry | AskLater:
        if subject in self._listing:
            return self._judge_list(subject, response)
        one = self._passes[subject]
        pass_id = one.access_pass.pass_id
        verdict = judge_delete(response, one.user, self._tools.service_clock.now())
        match verdict:
            case Deleted():
                return self._settled(subject, DeletedPass(DeleteOutcome.REVOKED))
            case NotThere():
                ours = pass_id in self._sent
                return self._settled(subject, DeletedPass(DeleteOutcome.REVOKED if ours else DeleteOutcome.GONE))
            case DeleteRefused():
                self._doubtful.discard(pass_id)
                return self._refused(subject, verdict.error, verdict.status)
            case DeleteRetry():
                if verdict.unproven:
                    self._sent.add(pass_id)
                else:
                    self._doubtful.discard(pass_id)
                return ListRetry(verdict.retry_after, verdict.throttled)

    def _judge_list(self, subject: str, response: StepResponse) -> DeletedPass | ListRetry | AskLater:
        """Look at what is listed where a delete proved nothing: it is repeated unless the pass is over anyway."""
        one, now = self._passes[subject], self._tools.service_clock.now()
        verdict = judge_list(response, one.user, now)
        if isinstance(verdict, ListRetry):
            return verdict
        # A delete whose answer never came, batch and all, was sent too.
        self._sent.add(one.access_pass.pass_id)
        if isinstance(verdict, ListRefused):
            if response.status != HTTPStatus.NOT_FOUND:
                return self._refused(subject, verdict.error, verdict.status)
        else:
            finding = judge_pass(one.access_pass, verdict.passes, now)
            if finding.state not in _LIVING:
                return self._settled(subject, DeletedPass(DeleteOutcome(finding.state.value), finding=finding))
        self._doubtful.discard(one.access_pass.pass_id)
        return AskLater(0.0)

    def _give_up(self, subject: str, cause: str, times: int) -> DeletedPass:
        return self._settled(subject, DeletedPass(DeleteOutcome.FAILED, f"the service failed {times} times: {cause}"))

    def _settled(self, subject: str, outcome: DeletedPass) -> DeletedPass:
        if subject not in self._outcomes:
            one = self._passes[subject]
            self._outcomes[subject] = outcome
            if outcome.outcome.is_over:
                self._worked = True
                self._settle_refusals()
            if outcome.outcome is not DeleteOutcome.FAILED:  # the next command tries that one again
                self._record.settled(one.access_pass.pass_id, outcome.outcome)
            self._tools.observer.log(PassRevoked(one.sheet_row, one.access_pass.pass_id, outcome.outcome.value))
        return self._outcomes[subject]

    def _refused(self, subject: str, error: RowError, status: int) -> DeletedPass:
        """Withhold a refusal until something is carried out after it: it may be everybody's."""
        self._withheld.append((subject, error, status))
        if len(self._withheld) >= REFUSALS_THAT_STOP:
            raise self._everybodys()
        return DeletedPass(DeleteOutcome.REFUSED, error.message.rstrip("."))

    def _settle_refusals(self) -> None:
        withheld, self._withheld = self._withheld, []
        for subject, error, _ in withheld:
            self._settled(subject, DeletedPass(DeleteOutcome.REFUSED, error.message.rstrip(".")))

    def _everybodys(self) -> NotPermitted | ServiceContradiction:
        _, error, status = self._withheld[-1]
        count = len(self._withheld)
        several = f"Stopped: {count} passes in a row were not deleted, and none was in between."
        words = f"{several if count > 1 else 'The pass was not deleted.'} {error.message}"
        if status != HTTPStatus.FORBIDDEN:
            return ServiceContradiction(words, hint="Please report this with the log file of the run.")
        return NotPermitted(
            words,
            hint="Grant the app UserAuthMethod-TAP.ReadWrite.All with admin consent, then run "
            f"{Command.REVOKE}. The passes of administrators may be protected all the same.",
        )


def _spread(subjects: Sequence[str]) -> list[str]:
    """Return them in an order in which any twenty neighbours come from all over."""
    rounds = max(1, -(-len(subjects) // REFUSALS_THAT_STOP))
    return [subject for first in range(rounds) for subject in subjects[first::rounds]]
