"""What the log keeps of a batch, so that a support case can be made of it; pure.

Microsoft's support asks for `request-id`, `client-request-id` and time. Of a step that was not a success there are its
status, Graph's code, the wait that was asked for and its row. Never a body, a message or an address: a passcode may
stand in the first, anything in the second, and a person's name in the third.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.graph.error_detail import read_error
from bulktap.graph.replies import Answered, Doubtful, EnvelopeRefused, NotSent, Throttled, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulktap.dispatch.observer import LogValue
    from bulktap.graph.batch import StepResponse
    from bulktap.graph.replies import BatchReply

_LONGEST_TEXT = 120
_THROTTLE_HEADERS = ("x-ms-throttle-scope", "x-ms-throttle-information", "x-ms-throttle-limit-percentage")


def batch_details(reply: BatchReply, steps: Sequence[str], rows: Mapping[str, int]) -> dict[str, LogValue]:
    """Return what the log says of a reply.

    Args:
        reply: how the batch went.
        steps: the ids of the steps that were sent.
        rows: the row that each step is about, where that is known.
    """
    details: dict[str, LogValue] = {"reply": type(reply).__name__}
    if reply.http_status:
        details["status"] = reply.http_status
    if reply.response_id:
        details["request_id"] = _text(reply.response_id)
    match reply:
        case Answered():
            failed = [_step(reply, step_id, rows) for step_id in steps]
            details["failed"] = [step for step in failed if step is not None]
            return details
        case NotSent():
            details |= {"cause": reply.cause, "permanent": reply.permanent}
        case Doubtful():
            details["cause"] = reply.cause
        case EnvelopeRefused():
            details["code"] = _text(reply.code)
        case Throttled() | Unavailable():
            details["wait"] = reply.retry_after
        case _:
            pass
    if concerned := [rows[step_id] for step_id in steps if step_id in rows]:
        details["rows"] = concerned
    return details


def _step(reply: Answered, step_id: str, rows: Mapping[str, int]) -> dict[str, LogValue] | None:
    """Return what there is to say of a step that was not a success."""
    response = reply.answer.responses.get(step_id)
    if response is not None and 200 <= response.status < 300:
        return None
    row: dict[str, LogValue] = {"row": rows[step_id]} if step_id in rows else {}
    if response is None:
        repeated = step_id in reply.answer.repeated
        return {**row, "status": None, "cause": "answered twice, differently" if repeated else "not answered"}
    return {**row, "status": response.status, **_error(response)}


def _error(response: StepResponse) -> dict[str, LogValue]:
    detail = read_error(response.body)
    found: dict[str, LogValue] = {
        "code": _text(detail.code),
        "inner_code": _text(detail.innermost_code) if detail.innermost_code != detail.code else "",
        "request_id": _text(detail.request_id),
        "wait": _text(response.headers.get("retry-after", "")),
        **{name: _text(response.headers.get(name, "")) for name in _THROTTLE_HEADERS},
    }
    return {name: value for name, value in found.items() if value}


def _text(text: str) -> str:
    """Return a short text of the service's; it may be anything, but it is no essay."""
    return text[:_LONGEST_TEXT]
