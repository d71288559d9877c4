"""What a reply to a batch of creates means for each of its rows: a verdict, events, the next step; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, assert_never

from bulktap.dispatch.giving_up import pause_after
from bulktap.dispatch.reissuing import is_doubted, issued_anew
from bulktap.graph.access_passes import (
    Created,
    CreateDoubtful,
    CreateRefused,
    CreateThrottled,
    CreateUnauthorized,
    CreateUnavailable,
    CreateVerdict,
    judge_create,
    limit_percentage,
)
from bulktap.graph.client import Answered, Doubtful, EnvelopeRefused, NotSent, Throttled, Unauthorized, Unavailable
from bulktap.model.errors import BulktapError, NotPermitted, SignInFailed
from bulktap.model.row_error_catalogue import about_passes
from bulktap.model.run_events import Doubted, Event, Noted, Released, Settled
from bulktap.model.setting_names import Command
from bulktap.model.usability import not_usable_note

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bulktap.dispatch.row_queues import RowWork
    from bulktap.graph.client import BatchReply
    from bulktap.model.passes import PassRequest
    from bulktap.model.row_errors import RowError


@dataclass(frozen=True, slots=True)
class NeverSent:
    """The connection was refused: nothing left."""

    cause: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """The whole batch was refused for its form: nothing was done."""

    status: int
    code: str
    message: str


RowVerdict = CreateVerdict | NeverSent | TurnedDown


def verdicts_of(reply: BatchReply, requests: Mapping[str, PassRequest], service_now: datetime) -> dict[str, RowVerdict]:
    """Judge a batch of creates row by row.

    Args:
        reply: how the batch went.
        requests: what was asked, by step id; the answer has a verdict for each of them.
        service_now: the service's time.
    """
    match reply:
        case Answered():
            responses = reply.answer.responses
            return {
                step_id: judge_create(responses[step_id], request, service_now)
                if step_id in responses
                else CreateDoubtful("the reply has no answer for this request")
                for step_id, request in requests.items()
            }
        case _:
            verdict = _verdict_for_all(reply)
            return dict.fromkeys(requests, verdict)


def used_share(reply: BatchReply) -> float | None:
    """Return the highest `x-ms-throttle-limit-percentage` among the answers, if any of them has one."""
    if not isinstance(reply, Answered):
        return None
    hints = (limit_percentage(response) for response in reply.answer.responses.values())
    return max((hint for hint in hints if hint is not None), default=None)


def _verdict_for_all(
    reply: NotSent | Throttled | Unauthorized | EnvelopeRefused | Unavailable | Doubtful,
) -> RowVerdict:
    match reply:
        case NotSent():
            return NeverSent(reply.cause, reply.hint)
        case Throttled():
            return CreateThrottled(reply.retry_after, {})
        case Unauthorized():
            return CreateUnauthorized()
        case EnvelopeRefused():
            return TurnedDown(reply.status, reply.code, reply.message)
        case Unavailable():
            return CreateUnavailable(reply.retry_after)
        case Doubtful():
            return CreateDoubtful(reply.cause)
        case _:
            assert_never(reply)


class NextStep(Enum):
    """Where a row goes after its verdict, unless it is settled."""

    AGAIN = auto()
    DOUBT = auto()
    NOT_READY = auto()


@dataclass(frozen=True, slots=True)
class Move:
    """One row and what is next."""

    work: RowWork
    to: NextStep
    wait: float = 0.0
    """Seconds that it is to wait at least."""


class BatchOutcome:
    """What a batch of creates came to."""

    def __init__(self, number: int = 0) -> None:
        self.number = number
        """Counts the batches of creates in the order in which they were sent."""
        self.events: list[Event] = []
        """For the journal; refusals are not among them."""
        self.moves: list[Move] = []
        """Rows that are not settled yet."""
        self.refusals: list[tuple[RowWork, RowError]] = []
        """Rows that the service will not give a pass."""
        self.accepted = 0
        """Passes created."""
        self.answered_otherwise = 0
        """Refusals: the service worked on them, so that they show it is alive."""
        self.throttled = 0
        """Steps turned away for a while."""
        self.retry_after: float | None = None
        """The longest wait, in seconds, that any of them named."""
        self.unproven: list[int] = []
        """Rows whose answer proves nothing."""
        self.unavailable_for = 0.0
        """Seconds that the service asked to wait because it was unavailable."""
        self.unproven_cause = ""
        """Why the last of them does not."""
        self.never_sent: NeverSent | None = None
        """Why nothing left, if nothing did."""
        self.percentage: float | None = None
        """How far the limit is used up, by the highest hint among the answers; 1.0 is where throttling begins."""
        self.failure: BulktapError | None = None
        """What stops the run."""
        self.paced = False
        """Whether the pacer knows of it."""

    def take_in(self, work: RowWork, verdict: RowVerdict) -> None:
        """Turn one verdict into events, and say where the row goes."""
        before, work.turned_down = work.turned_down, isinstance(verdict, CreateUnauthorized)
        match verdict:
            case Created():
                self.accepted += 1
                outcome = issued_anew(work.state, verdict.issued, work.zone)
                self.events += [Settled(work.row.number, outcome), *_usability(work, verdict)]
            case CreateRefused():
                self.answered_otherwise += 1
                self._refuse(work, verdict.error)
            case CreateThrottled():
                self._throttle(verdict.retry_after)
                self._send_again(work, 429)
            case CreateUnavailable():
                # It says nothing about a limit, but whoever is asked to wait waits.
                self.unavailable_for = max(self.unavailable_for, verdict.retry_after or 0.0)
                self._doubt(work, "HTTP 503", verdict.retry_after or 0.0)
            case CreateDoubtful():
                self._doubt(work, verdict.cause)
            case CreateUnauthorized():
                self.failure = self.failure or (_token_turned_down() if before else None)
                self._send_again(work, 401)
            case NeverSent():
                self.never_sent = verdict
                self._send_again(work, 0)
            case TurnedDown():
                self._reject(work, verdict)
            case _:
                assert_never(verdict)

    def _send_again(self, work: RowWork, status: int) -> None:
        self.events.append(Released(work.row.number, status, perhaps_done=False))
        self.moves.append(Move(work, NextStep.AGAIN))

    def _reject(self, work: RowWork, verdict: TurnedDown) -> None:
        """Let a row whose batch was rejected travel alone; rejected alone as well, it is refused."""
        self.failure = self.failure or not_permitted(verdict)
        if self.failure is None and work.is_malformed():
            self.answered_otherwise += 1
            self.refusals.append((work, rejected(work.user, verdict)))
        else:
            self._send_again(work, verdict.status)

    def _doubt(self, work: RowWork, cause: str, wait: float = 0.0) -> None:
        self.unproven.append(work.row.number)
        self.unproven_cause = cause
        self.events.append(Doubted(work.row.number, cause))
        self.moves.append(Move(work, NextStep.DOUBT, wait))

    def _refuse(self, work: RowWork, error: RowError) -> None:
        if work.is_awaited(error):
            self.events.append(Released(work.row.number, 404, perhaps_done=False))
            self.moves.append(Move(work, NextStep.NOT_READY, pause_after(work.unknown)))
            return
        error = work.told_of_unknown(error)
        # Its own attempt has been answered; what is open besides may have made a pass.
        doubted = is_doubted(work.state)
        self.refusals.append((work, about_passes.refused_after_doubt(error) if doubted else error))

    def _throttle(self, retry_after: float | None) -> None:
        self.throttled += 1
        if retry_after is not None:
            self.retry_after = max(retry_after, self.retry_after or 0.0)


def _usability(work: RowWork, created: Created) -> list[Event]:
    """Say so when a pass was created and its user may not use it (azure-docs issue 70884)."""
    note = not_usable_note(created.issued.access_pass)
    return [] if note is None else [Noted(work.row.number, note)]


def _token_turned_down() -> SignInFailed:
    return SignInFailed(
        "Microsoft Graph turned down a fresh access token for single requests of a batch.",
        hint=f"Check the app registration and its permissions, then run {Command.RESUME}.",
    )


def not_permitted(verdict: TurnedDown | EnvelopeRefused) -> NotPermitted | None:
    """Return what stops the run when Graph itself forbids a whole batch, whoever is in it."""
    if verdict.status != 403:
        return None
    return NotPermitted(
        f"Microsoft Graph refused the batch: {verdict.message or verdict.code}.",
        hint=f"Grant the app UserAuthMethod-TAP.ReadWrite.All with admin consent, then run {Command.RESUME}.",
    )


def rejected(user: str, verdict: TurnedDown | EnvelopeRefused) -> RowError:
    """Return what a row says whose request makes Graph reject the batch, though nothing else is in it."""
    return about_passes.malformed_request(user, f"{verdict.status} {verdict.code}")
