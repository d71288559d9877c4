"""How posting one batch can end; values only.

What matters is what each ending proves about the steps in the batch:

    Answered                        each step has its own answer (or is missing from them)
    NotSent                         nothing was done: no byte of the request left this computer
    Throttled, Unauthorized,
    EnvelopeRefused                 nothing was done: the whole batch was rejected (429, 401, a 4xx that Graph words)
    Unavailable, Doubtful           any of the steps may have been done, now or later
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.graph.batch import BatchAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyHead:
    """What every reply may bring along."""

    service_date: datetime | None = None
    """The service's clock (`Date`), aware, in UTC."""
    response_id: str = ""
    """The response's `request-id`, which Microsoft's support asks for."""
    http_status: int = field(default=0, compare=False)
    """The envelope's HTTP status, for the log; 0 where no reply came."""


@dataclass(frozen=True, slots=True)
class Answered(ReplyHead):
    """The envelope was read."""

    answer: BatchAnswer
    """The answers of the steps."""
    seconds: float
    """From handing the batch over to the last byte of its reply."""


@dataclass(frozen=True, slots=True)
class NotSent(ReplyHead):
    """Could not connect: refused, no such name, no trust, or too slow."""

    cause: str
    """In words."""
    permanent: bool = False
    """True if waiting cannot heal the cause: a name, a certificate, a closed port, a proxy that wants a password."""
    hint: str = field(default="", compare=False)
    """What helps, with the name of the setting; empty where nothing is known."""


@dataclass(frozen=True, slots=True)
class Throttled(ReplyHead):
    """429 for the whole batch."""

    retry_after: float | None
    """Seconds; None when the service names none."""


@dataclass(frozen=True, slots=True)
class Unauthorized(ReplyHead):
    """401: the token was turned down."""

    claims: str | None
    """The claims challenge as JSON, to be handed to the next sign-in; None when there is none."""


@dataclass(frozen=True, slots=True)
class EnvelopeRefused(ReplyHead):
    """400 or another refusal of the batch as a whole."""

    status: int
    """The envelope's status."""
    code: str
    """The error's code; empty when the answer was not a Graph error."""
    message: str
    """The error's message, for people."""


@dataclass(frozen=True, slots=True)
class Unavailable(ReplyHead):
    """503 for the whole batch, or the same said with another status; any step may take effect all the same."""

    retry_after: float | None
    """Seconds; None when the service names none."""


@dataclass(frozen=True, slots=True)
class Doubtful(ReplyHead):
    """The batch left, and what became of it is not known."""

    cause: str
    """In words, without anything of the reply."""
    foreign: bool = False
    """True if it is no answer of Microsoft Graph: a redirect, a page for people, a 4xx without a Graph error."""


BatchReply = Answered | NotSent | Throttled | Unauthorized | EnvelopeRefused | Unavailable | Doubtful
