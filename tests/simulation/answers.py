"""What the pretend service says: the bodies of its refusals and failures, and replies to batches as a whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bulktap.graph.replies import Doubtful, NotSent, RawReply, read_reply

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bulktap.graph.replies import BatchReply

PAGE = "<html><body>Please sign in to the proxy</body></html>"


def error(code: str, message: str) -> dict[str, object]:
    """Return the body of a Graph error."""
    return {"error": {"code": code, "message": message, "innerError": {"request-id": "r"}}}


FAILED = error("generalException", "An unexpected error occurred.")
CONFLICT = error("conflict", "A conflicting object is present.")
SAID_UNAVAILABLE = error("ServiceUnavailable", "The service is unavailable.")
TOO_MANY = error("TooManyRequests", "Too many requests.")
UNAUTHORIZED = error("InvalidAuthenticationToken", "Access token has expired.")
FORBIDDEN = error("accessDenied", "Request Authorization failed")
SWITCHED_OFF = error("badRequest", "Temporary Access Pass cannot be added: UserCredentialPolicy does not allow it.")
UNKNOWN_USER = error("resourceNotFound", "User not found.")
PAST_START = error("badRequest", "Invalid startDateTime: it is in the past.")
BAD_REQUEST = error("badRequest", "The batch is not well formed.")

FAILED_STATUSES = (500, 502, 504, 507, 509, 501)
CONFLICT_STATUSES = (408, 409, 412, 421, 423, 424, 425)

_WHOLE: dict[str, Sequence[tuple[int, object]]] = {
    "throttled": [(429, TOO_MANY)],
    "unavailable": [(503, FAILED), (503, PAGE)],
    "failed": [(500, FAILED), (502, PAGE), (504, FAILED), (507, FAILED), (509, PAGE)],
    "conflict": [(status, CONFLICT) for status in (408, 409, 412, 421, 423, 425)],
    "said-unavailable": [(400, SAID_UNAVAILABLE)],
    "page": [(403, PAGE), (404, PAGE), (400, PAGE), (200, PAGE)],
    "unauthorized": [(401, UNAUTHORIZED)],
    "bad-request": [(400, BAD_REQUEST)],
    "redirect": [(302, PAGE), (307, PAGE)],
    "truncated": [(200, '{"responses":[{"id":"1","sta')],
    "forbidden": [(403, FORBIDDEN)],
}
NOTHING_DONE = frozenset({"throttled", "unauthorized", "bad-request", "forbidden", "refused-connection"})
"""Faults of a whole batch that prove that nothing was done."""

NO_REPLY = frozenset({"refused-connection", "reset", "silence"})


def whole_reply(fault: str, drawn: float, sent: Sequence[str], wait: float | None, date: datetime | None) -> BatchReply:
    """Return what the client makes of a reply to a batch as a whole, which its own code reads.

    Args:
        fault: what happened.
        drawn: which of its members, from 0 to 1.
        sent: the step ids.
        wait: seconds that the service asks to wait.
        date: the service's time as it says it.
    """
    if fault == "refused-connection":
        return NotSent("connection refused")
    if fault in {"reset", "silence"}:
        return Doubtful("the connection was reset")
    members = _WHOLE[fault]
    status, body = members[int(drawn * len(members))]
    headers = {}
    if date is not None:
        headers["Date"] = f"{date:%a, %d %b %Y %H:%M:%S GMT}"
    if wait is not None:
        headers["Retry-After"] = f"{wait:.0f}"
    payload = body if isinstance(body, str) else json.dumps(body)
    return read_reply(RawReply(status, headers, payload.encode()), sent, 0.1)
