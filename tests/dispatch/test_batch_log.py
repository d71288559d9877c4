from __future__ import annotations

import json
from typing import Any

import pytest

from bulktap.dispatch.batch_log import batch_replied
from bulktap.graph.batch import BatchAnswer, StepResponse
from bulktap.graph.replies import (
    Answered,
    BatchReply,
    Doubtful,
    EnvelopeRefused,
    NotSent,
    Throttled,
    Unauthorized,
    Unavailable,
)
from bulktap.model.log_events import log_line

ROWS = {"1": 7, "2": 8}
PASSCODE = "+drkzqAD"


def response(status: int, body: object = None, **headers: str) -> StepResponse:
    """Return a step's answer; underscores in header names become hyphens."""
    return StepResponse("1", status, {name.replace("_", "-"): text for name, text in headers.items()}, body)


def details_of(reply: BatchReply, steps: list[str], rows: dict[str, int]) -> dict[str, Any]:
    """Return what the log says of a reply."""
    return log_line(batch_replied(reply, steps, rows, client_request_id="ours", creates=True, seconds=0.1))


def error(outer_code: str, message: str = "words", **inner: object) -> dict[str, object]:
    """Return a Graph error."""
    return {"error": {"code": outer_code, "message": message, "innerError": {"request-id": "theirs-2", **inner}}}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (response(201, {"temporaryAccessPass": PASSCODE}), []),
        (response(204), []),
        (
            response(404, error("resourceNotFound")),
            [{"row": 7, "status": 404, "code": "resourceNotFound", "request_id": "theirs-2"}],
        ),
        (
            response(403, error("accessDenied", code="Inner")),
            [{"row": 7, "status": 403, "code": "accessDenied", "inner_code": "Inner", "request_id": "theirs-2"}],
        ),
        (
            response(429, error("TooManyRequests"), retry_after="2.1", x_ms_throttle_scope="Tenant/Write"),
            [
                {
                    "row": 7,
                    "status": 429,
                    "code": "TooManyRequests",
                    "request_id": "theirs-2",
                    "wait": "2.1",
                    "x-ms-throttle-scope": "Tenant/Write",
                }
            ],
        ),
        (response(503, f"<html>{PASSCODE}</html>"), [{"row": 7, "status": 503}]),
        (response(500, {"error": {"code": "x" * 9_000}}), [{"row": 7, "status": 500, "code": "x" * 120}]),
    ],
)
def test_a_step_that_failed_is_logged_with_what_support_asks_for(answer: StepResponse, expected: object) -> None:
    """Status, codes, wait, request id and row; a success is not worth a line."""
    details = details_of(Answered(BatchAnswer({"1": answer}), 0.1), ["1"], ROWS)
    assert details["failed"] == expected


def test_a_step_without_an_answer_is_logged() -> None:
    """One that was answered twice, and differently, too."""
    reply = Answered(BatchAnswer({}, repeated=frozenset({"2"})), 0.1)
    assert details_of(reply, ["1", "2"], ROWS)["failed"] == [
        {"row": 7, "status": None, "cause": "not answered"},
        {"row": 8, "status": None, "cause": "answered twice, differently"},
    ]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (NotSent("no connection to x:443: refused", permanent=True), {"cause": "no connection to x:443: refused"}),
        (Doubtful("HTTP 502", http_status=502), {"cause": "HTTP 502", "status": 502}),
        (EnvelopeRefused(400, "BadRequest", PASSCODE, http_status=400), {"code": "BadRequest", "status": 400}),
        (Throttled(3.5, http_status=429), {"wait": 3.5, "status": 429}),
        (Unavailable(None, http_status=503), {"wait": None, "status": 503}),
        (Unauthorized(f'{{"claims": "{PASSCODE}"}}', http_status=401), {"status": 401}),
    ],
)
def test_a_batch_that_came_to_nothing_is_logged_with_its_cause_and_rows(
    reply: BatchReply, expected: dict[str, object]
) -> None:
    """The envelope's status, and whom it was about."""
    details = details_of(reply, ["1", "2", "3"], ROWS)
    assert expected.items() <= details.items()
    assert details["reply"] == type(reply).__name__
    assert details["rows"] == [7, 8]


@pytest.mark.parametrize(
    "reply",
    [
        Answered(BatchAnswer({"1": response(200, {"temporaryAccessPass": PASSCODE})}), 0.1, response_id="theirs-1"),
        Answered(BatchAnswer({"1": response(400, error("badRequest", PASSCODE))}), 0.1, response_id="theirs-1"),
        Answered(BatchAnswer({"1": response(500, PASSCODE)}), 0.1, response_id="theirs-1"),
        EnvelopeRefused(400, "BadRequest", PASSCODE, response_id="theirs-1"),
        Unauthorized(PASSCODE, response_id="theirs-1"),
    ],
)
def test_the_log_has_microsofts_request_id_and_nothing_of_a_body(reply: BatchReply) -> None:
    """A passcode, or anything else, may stand in a body or a message."""
    details = details_of(reply, ["1"], ROWS)
    assert details["request_id"] == "theirs-1"
    assert PASSCODE not in json.dumps(details)
