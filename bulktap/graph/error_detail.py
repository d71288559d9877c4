"""What a Graph error says about itself; pure.

The envelope is `{"error": {"code", "message", "innerError": {...}}}`, everything in it optional and nested to any
depth. Authentication-methods errors repeat the message inside; `innerError` is spelt in two ways.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.secret import struck

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

UNPROVEN_STATUSES = frozenset({408, 409, 412, 421, 423, 425})
"""4xx statuses that do not prove that nothing was done; RFC 9110 defines them, RFC 4918 (423) and RFC 8470 (425).

A gateway that repeats a POST by itself gets the answer to the repetition: a conflict with the pass that its own first
POST has made (409, 412), a lock that this holds (423), a request that came too early or to the wrong host (425, 421).
"""


@dataclass(frozen=True, slots=True)
class GraphErrorDetail:
    """What a Graph error says about itself; empty texts where it says nothing."""

    code: str = ""
    """The outer `code`."""
    message: str = ""
    """For people; it may change at any time."""
    innermost_code: str = ""
    """The most exact `code` of the nested inner errors."""
    request_id: str = ""
    """What Microsoft's support asks for."""
    client_request_id: str = ""
    """Our own id of the request, given back."""

    @property
    def is_graph_error(self) -> bool:
        """True if the body was a Graph error at all; a page of a gateway or proxy is none."""
        return bool(self.code or self.message)


def read_error(body: object) -> GraphErrorDetail:
    """Return what an error body says; everything is optional and `innerError` is spelt in two ways."""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return GraphErrorDetail()
    levels = [error, *_inner_errors(error)]
    codes = [code for level in levels if (code := _text(level, "code"))]
    messages = [message for level in levels if (message := _text(level, "message"))]
    return GraphErrorDetail(
        code=_text(error, "code"),
        message=messages[0] if messages else "",
        innermost_code=codes[-1] if codes else "",
        request_id=_first(levels, "request-id", "requestId"),
        client_request_id=_first(levels, "client-request-id", "clientRequestId"),
    )


def _inner_errors(error: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    level: object = error
    for _ in range(10):
        level = (level.get("innerError") or level.get("innererror")) if isinstance(level, dict) else None
        if not isinstance(level, dict):
            return
        yield level


def _first(levels: Sequence[Mapping[str, object]], *names: str) -> str:
    return next((text for level in levels for name in names if (text := _text(level, name))), "")


def _text(level: Mapping[str, object], name: str) -> str:
    value = level.get(name)
    return struck(value.strip()) if isinstance(value, str) else ""


def is_refusal(status: int, detail: GraphErrorDetail) -> bool:
    """Return True if the service refuses the request itself, in its own words; a gateway's page has none.

    401 and 429 are about the token and the pace. 424 may stand for a throttled step: Microsoft's page on throttling
    says so, and its page on batching says otherwise (microsoft-graph-docs-contrib issue 8883).
    """
    if not 400 <= status < 500 or status in UNPROVEN_STATUSES | {401, 424, 429}:
        return False
    return detail.is_graph_error and not says_unavailable(status, detail)


def says_unavailable(status: int, detail: GraphErrorDetail) -> bool:
    """Return True if a 400 is a 503 by its words (seen: microsoft-graph-docs issue 8188)."""
    return status == 400 and "serviceunavailable" in {detail.code.casefold(), detail.innermost_code.casefold()}
