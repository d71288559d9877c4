"""What the log keeps of a batch, so that a support case can be made of it; pure.

Microsoft's support asks for `request-id`, `client-request-id` and time. Of a step that was not a success there are its
status, Graph's code, the wait that was asked for and its row. Never a body, a message or an address: a passcode may
stand in the first, anything in the second, and a person's name in the third.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.graph.error_detail import read_error
from bulktap.graph.replies import Answered, Doubtful, EnvelopeRefused, NotSent, Throttled, Unavailable
from bulktap.model.log_events import ABSENT, BatchReplied, StepFailed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulktap.graph.batch import StepResponse
    from bulktap.graph.replies import BatchReply
    from bulktap.model.log_events import Absent

_LONGEST_TEXT = 120


def batch_replied(
    reply: BatchReply,
    steps: Sequence[str],
    rows: Mapping[str, int],
    *,
    client_request_id: str,
    creates: bool,
    seconds: float,
) -> BatchReplied:
    """Return what the log says of a batch and its reply.

    Args:
        reply: how the batch went.
        steps: the ids of the steps that were sent.
        rows: the row that each step is about, where that is known.
        client_request_id: went out with the batch.
        creates: true if a step creates something.
        seconds: from sending to the end of the reply.
    """
    told = BatchReplied(
        client_request_id=client_request_id,
        steps=len(steps),
        creates=creates,
        seconds=seconds,
        reply=type(reply).__name__,
        status=reply.http_status or ABSENT,
        request_id=_text(reply.response_id),
        failed=_failed_steps(reply, steps, rows) if isinstance(reply, Answered) else ABSENT,
    )
    if isinstance(reply, Answered):
        return told
    told = replace(told, rows=tuple(rows[step_id] for step_id in steps if step_id in rows) or ABSENT)
    match reply:
        case NotSent():
            return replace(told, cause=reply.cause, permanent=reply.permanent)
        case Doubtful():
            return replace(told, cause=reply.cause)
        case EnvelopeRefused():
            return replace(told, code=reply.code[:_LONGEST_TEXT])
        case Throttled() | Unavailable():
            return replace(told, wait=reply.retry_after)
        case _:
            return told


def _failed_steps(reply: Answered, steps: Sequence[str], rows: Mapping[str, int]) -> tuple[StepFailed, ...]:
    responses = reply.answer.responses
    good = {step_id for step_id, response in responses.items() if 200 <= response.status < 300}
    return tuple(_step(reply, step_id, rows) for step_id in steps if step_id not in good)


def _step(reply: Answered, step_id: str, rows: Mapping[str, int]) -> StepFailed:
    """Return what there is to say of a step that was not a success."""
    response = reply.answer.responses.get(step_id)
    row = rows.get(step_id, ABSENT)
    if response is None:
        repeated = step_id in reply.answer.repeated
        return StepFailed(row, None, "answered twice, differently" if repeated else "not answered")
    return _failed(response, row)


def _failed(response: StepResponse, row: int | Absent) -> StepFailed:
    detail = read_error(response.body)
    return StepFailed(
        row,
        response.status,
        code=_text(detail.code),
        inner_code=_text(detail.innermost_code) if detail.innermost_code != detail.code else ABSENT,
        request_id=_text(detail.request_id),
        wait=_text(response.headers.get("retry-after", "")),
        throttle_scope=_text(response.headers.get("x-ms-throttle-scope", "")),
        throttle_information=_text(response.headers.get("x-ms-throttle-information", "")),
        throttle_percentage=_text(response.headers.get("x-ms-throttle-limit-percentage", "")),
    )


def _text(text: str) -> str | Absent:
    """Return a short text of the service's, if there is one; it may be anything, but it is no essay."""
    return text[:_LONGEST_TEXT] or ABSENT
