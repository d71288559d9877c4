"""What the reply to a batch proves: status, headers and body become one of `replies`; pure."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from bulktap.graph.batch import UnreadableReply, decode_batch
from bulktap.graph.error_detail import UNPROVEN_STATUSES, read_error, says_unavailable
from bulktap.graph.moments import parse_http_date, parse_retry_after
from bulktap.graph.replies import (
    Answered,
    Doubtful,
    EnvelopeRefused,
    Throttled,
    Unauthorized,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from bulktap.graph.error_detail import GraphErrorDetail
    from bulktap.graph.replies import BatchReply

_CLAIMS = re.compile(r'\bclaims="([A-Za-z0-9+/_=-]+)"')


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


def read_reply(raw: RawReply, sent: Collection[str], seconds: float) -> BatchReply:
    """Return what the reply to a batch with these step ids proves."""
    service_date = parse_http_date(raw.headers.get("Date"))
    head = _Head(service_date=service_date, response_id=raw.headers.get("request-id", ""))
    wait = parse_retry_after(raw.headers.get("Retry-After"), service_date)
    reply: BatchReply
    match raw.status:
        case 429:
            reply = Throttled(wait, **head)
        case 503:
            reply = Unavailable(wait, **head)
        case 401:
            reply = Unauthorized(read_claims(raw.headers.get("WWW-Authenticate", "")), **head)
        # The documentation says both that a throttled batch answers 424 and that it answers 200: the body decides.
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
        return Doubtful(f"HTTP {raw.status}, {'a web page, ' if page else ''}{unreadable}", foreign=page, **head)


def _read_detail(payload: bytes) -> GraphErrorDetail:
    try:
        return read_error(json.loads(payload))
    except (ValueError, RecursionError):
        return read_error(None)
