"""How posting one batch can end, and which ending a reply proves; pure.

What matters is what each ending proves about the steps in the batch:

    Answered                        each step has its own answer (or is missing from them)
    NotSent                         nothing was done: no byte of the request left this computer
    Throttled, Unauthorized,
    EnvelopeRefused                 nothing was done: the whole batch was rejected (429, 401, a 4xx that Graph words)
    Unavailable, Doubtful           any of the steps may have been done, now or later
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from bulktap.graph.batch import UnreadableReply, decode_batch
from bulktap.graph.error_detail import UNPROVEN_STATUSES, read_error, says_unavailable
from bulktap.graph.wire_times import parse_http_date, parse_retry_after

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from bulktap.graph.batch import BatchAnswer
    from bulktap.graph.error_detail import GraphErrorDetail

_CLAIMS = re.compile(r'\bclaims="([A-Za-z0-9+/_=-]+)"')
"""In `WWW-Authenticate: Bearer … error="insufficient_claims", claims="<base64 of JSON>"` (Microsoft's page on claims
challenges); both base64 alphabets are taken."""

_BEARER = re.compile(r"(?:^|,)\s*(?:Bearer|PoP)\b", re.IGNORECASE)
"""The schemes of Microsoft's tokens in `WWW-Authenticate` (RFC 6750, section 3)."""


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
    """401: the token was rejected."""

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


@dataclass(frozen=True, slots=True)
class RawReply:
    """An HTTP reply as it came."""

    status: int
    """The envelope's status."""
    headers: Mapping[str, str]
    """Looked up without regard to case."""
    payload: bytes = field(repr=False)
    """The body; passcodes may stand in it."""


class _Head(TypedDict):
    service_date: datetime | None
    response_id: str
    http_status: int


def read_reply(raw: RawReply, sent: Collection[str], seconds: float) -> BatchReply:
    """Return what the reply to a batch with these step ids proves."""
    service_date = parse_http_date(raw.headers.get("Date"))
    response_id = raw.headers.get("request-id", "")
    head = _Head(service_date=service_date, response_id=response_id, http_status=raw.status)
    wait = parse_retry_after(raw.headers.get("Retry-After"), service_date)
    reply: BatchReply
    match raw.status:
        case 429:
            reply = Throttled(wait, **head)
        case 503:
            reply = Unavailable(wait, **head)
        case 401:
            reply = _read_unauthorized(raw, head)
        case 511:  # a network that wants its users to sign in (RFC 6585, section 6)
            reply = Doubtful("HTTP 511, the network wants somebody to sign in", foreign=True, **head)
        # With a throttled step the envelope is 424 by the page on throttling, and 200 by the page on batching
        # (microsoft-graph-docs-contrib issue 8883): the body decides.
        case status if 200 <= status < 300 or status == 424:
            reply = _read_answers(raw, sent, seconds, head)
        case status if 400 <= status < 500:
            reply = _read_refusal(raw, wait, head)
        case status if 300 <= status < 400:
            # Not followed: a token goes to no other host, and what was done before redirecting is not known.
            reply = Doubtful(f"HTTP {status}, a redirect, which Microsoft Graph never answers", foreign=True, **head)
        case status:
            reply = Doubtful(f"HTTP {status}", **head)
    return reply


def _read_refusal(raw: RawReply, wait: float | None, head: _Head) -> BatchReply:
    """Return what a 4xx of the envelope proves: only Graph's own words prove that nothing was done."""
    detail = _read_detail(raw.payload)
    if says_unavailable(raw.status, detail):
        return Unavailable(wait, **head)
    if raw.status in UNPROVEN_STATUSES:
        return Doubtful(f"HTTP {raw.status}", **head)
    if not detail.is_graph_error:
        cause = f"HTTP {raw.status} without a Graph error: something on the way answered in place of Microsoft Graph"
        return Doubtful(cause, foreign=True, **head)
    return EnvelopeRefused(raw.status, detail.code, detail.message, **head)


def _read_unauthorized(raw: RawReply, head: _Head) -> BatchReply:
    """Return what a 401 proves: a proxy that wants a password says it too, and has not seen Graph's token at all."""
    challenge = raw.headers.get("WWW-Authenticate", "")
    if _BEARER.search(challenge) or _read_detail(raw.payload).is_graph_error:
        return Unauthorized(read_claims(challenge), **head)
    cause = "HTTP 401 without a word about the token: something on the way answered in place of Microsoft Graph"
    return Doubtful(cause, foreign=True, **head)


def read_claims(challenge: str) -> str | None:
    """Return the claims that a `WWW-Authenticate` header demands, as JSON text; None when it demands none."""
    found = _CLAIMS.search(challenge)
    if found is None:
        return None
    encoded = found[1].replace("-", "+").replace("_", "/").rstrip("=")
    try:
        text = base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        return text if isinstance(json.loads(text), dict) else None
    except ValueError:
        return None


def _read_answers(raw: RawReply, sent: Collection[str], seconds: float, head: _Head) -> BatchReply:
    try:
        return Answered(decode_batch(raw.payload, sent), seconds, **head)
    except UnreadableReply as unreadable:
        page = "html" in raw.headers.get("Content-Type", "").casefold()
        foreign = page or not _may_be_torn(raw.payload)
        return Doubtful(f"HTTP {raw.status}, {'a web page, ' if page else ''}{unreadable}", foreign=foreign, **head)


def _may_be_torn(payload: bytes) -> bool:
    """Return True if this may be the beginning of an answer of Graph's; what is whole, and none, is somebody else's."""
    if not payload.lstrip().startswith(b"{"):
        return False
    try:
        json.loads(payload)
    except (ValueError, RecursionError):
        return True
    return False


def _read_detail(payload: bytes) -> GraphErrorDetail:
    try:
        return read_error(json.loads(payload))
    except (ValueError, RecursionError):
        return read_error(None)
