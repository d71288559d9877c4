"""Patience: how long nothing was accepted beyond what there was reason to wait for; and the pauses after failures."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from bulktap.graph.error_detail import read_error
from bulktap.graph.replies import Answered, Doubtful, EnvelopeRefused, NotSent, Throttled, Unauthorized, Unavailable
from bulktap.model.errors import GaveUp, ServiceUnreachable, ThrottledTooLong
from bulktap.model.setting_names import Command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.graph.batch import StepResponse
    from bulktap.graph.replies import BatchReply
    from bulktap.model.clock import Clock

PATIENCE_SECONDS = 1800.0
"""Without an accepted step for so long, beyond what the service asked to wait, the run gives up."""
_DOUBLINGS = 6


class Patience:
    """Measures idleness; time that was excused does not count, however often the same time is excused."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._accepted_at = clock.monotonic()
        self._excused = 0.0
        self._excused_until = self._accepted_at
        self.unreachable = False
        """Whether the last attempt did not even find a connection."""
        self.cause: str | None = None
        """Why the last attempt came to nothing, in words; None where it did not, or was throttled."""
        self.throttled = False
        """Whether the last attempt was throttled."""

    @property
    def exhausted(self) -> bool:
        """Whether it is time to give up."""
        return self._clock.monotonic() - self._accepted_at - self._excused >= PATIENCE_SECONDS

    def accepted(self) -> None:
        """Take note that the service did something for us; a wait that goes on stays excused."""
        self._accepted_at = self._clock.monotonic()
        self._excused = max(0.0, self._excused_until - self._accepted_at)

    def excuse(self, until: float) -> None:
        """Excuse the time from now to a moment of the monotonic clock; waits that overlap count once."""
        began = max(self._clock.monotonic(), self._excused_until)
        self._excused += max(0.0, until - began)
        self._excused_until = max(self._excused_until, until)

    def failure(self) -> GaveUp:
        """Return what the run says when it gives up."""
        hint = f"Everything issued so far is safe; run {Command.RESUME} later to finish."
        said = f" The last cause: {self.cause}." if self.cause else ""
        if self.unreachable:
            return ServiceUnreachable(f"Microsoft Graph could not be reached for half an hour.{said}", hint=hint)
        if self.cause:
            return ServiceUnreachable(f"Microsoft Graph accepted nothing for half an hour.{said}", hint=hint)
        if self.throttled:
            hint = f"Other programs may be using the tenant's quota. {hint}"
        return ThrottledTooLong("The service accepted nothing for half an hour.", hint=hint)

    def note(self, reply: BatchReply) -> None:
        """Take note of how a batch ended, for what is said at the end."""
        self.unreachable = isinstance(reply, NotSent)
        self.cause, self.throttled = cause_of(reply), _is_throttled(reply)


def cause_of(reply: BatchReply) -> str | None:
    """Return in words why a batch came to nothing; None where it was throttled, or answered without a failed step."""
    match reply:
        case NotSent() | Doubtful():
            cause: str | None = reply.cause
        case Unavailable():
            cause = "HTTP 503"
        case EnvelopeRefused():
            cause = f"HTTP {reply.status} {reply.code}".rstrip()
        case Unauthorized():
            cause = "HTTP 401"
        case Answered():
            cause = _cause_in(list(reply.answer.responses.values()))
        case _:
            cause = None
    return cause


def _is_throttled(reply: BatchReply) -> bool:
    if isinstance(reply, Answered):
        return HTTPStatus.TOO_MANY_REQUESTS in {response.status for response in reply.answer.responses.values()}
    return isinstance(reply, Throttled)


def _cause_in(responses: Sequence[StepResponse]) -> str | None:
    if not responses:
        return "none of the answers in the reply could be read"
    statuses = {response.status for response in responses}
    if HTTPStatus.TOO_MANY_REQUESTS in statuses or max(statuses) < 400:
        return None
    return step_cause(max(responses, key=lambda response: response.status))


def step_cause(response: StepResponse) -> str:
    """Return in words what a step was answered."""
    if response.status < 400:
        return f"HTTP {response.status}, an answer that could not be read"
    return f"HTTP {response.status} {read_error(response.body).code}".rstrip()


def pause_after(failures: int) -> float:
    """Return the seconds until what the service failed at so many times is asked again: one at first, then twice that.

    A minute or so is the longest: it is the rows that wait, each for itself, and not the run.
    """
    return float(2 ** min(failures - 1, _DOUBLINGS))
