from __future__ import annotations

import ast
import dataclasses
import inspect
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import log_schema
import pytest

import bulktap
from bulktap.model.log_events import (
    BatchReplied,
    CreatesNotSent,
    JournalBlocked,
    LogEvent,
    PassRevoked,
    PhaseBegun,
    SignInUnanswered,
    StepFailed,
    TokenRefreshed,
    WarningShown,
    WorkEnded,
    log_line,
)
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = BatchReplied(client_request_id="ours", steps=2, creates=True, seconds=0.1, reply="Answered")
STEP = StepFailed(7, 429, code="TooManyRequests", wait="2", throttle_scope="Tenant/Write")
ONE_OF_EACH: list[tuple[LogEvent, dict[str, Any]]] = [
    (PhaseBegun("issuing", 4, 0.5), {"event": "phase", "name": "issuing", "total": 4, "cpu_seconds": 0.5}),
    (WarningShown("Slow."), {"event": "warning", "message": "Slow."}),
    (SignInUnanswered("x", permanent=True), {"event": "sign-in", "cause": "x", "permanent": True}),
    (TokenRefreshed(claims=False), {"event": "token-refreshed", "claims": False}),
    (CreatesNotSent("refused"), {"event": "not-sent", "cause": "refused"}),
    (
        PassRevoked(7, "an-id", "gone"),
        {"event": "revoked", "row": 7, "pass_id": "an-id", "outcome": "gone"},
    ),
    (JournalBlocked("The disk is full."), {"event": "journal-blocked", "reason": "The disk is full."}),
    (WorkEnded(3, 12), {"event": "end", "exit_code": 3, "throttled_steps": 12}),
    (
        dataclasses.replace(BATCH, status=429, wait=None, rows=(7, 8)),
        {
            "event": "batch",
            "client_request_id": "ours",
            "steps": 2,
            "creates": True,
            "seconds": 0.1,
            "reply": "Answered",
            "status": 429,
            "wait": None,
            "rows": [7, 8],
        },
    ),
]


@pytest.mark.parametrize(("event", "line"), ONE_OF_EACH, ids=lambda one: getattr(one, "kind", ""))
def test_a_line_has_the_members_of_its_event_and_keeps_to_the_schema(event: LogEvent, line: dict[str, Any]) -> None:
    """What is absent has no member, None is null."""
    assert log_line(event) == line
    assert log_schema.faults_of_lines(json.dumps({"time": "2026-08-24T08:00:00+00:00", **log_line(event)})) == []


def test_each_kind_of_event_is_in_that_table() -> None:
    """And in the published schema, under a name of its own."""
    kinds = [event.kind for event in log_schema.EVENTS]
    assert set(log_schema.EVENTS) == {type(event) for event, _ in ONE_OF_EACH}
    assert len(set(kinds)) == len(kinds)


def test_a_step_that_failed_has_the_names_of_its_headers() -> None:
    """As the service writes them, hyphens and all; what is absent is left out."""
    line = log_line(dataclasses.replace(BATCH, failed=(STEP,)))
    assert line["failed"] == [
        {"row": 7, "status": 429, "code": "TooManyRequests", "wait": "2", "x-ms-throttle-scope": "Tenant/Write"}
    ]


def test_the_published_schema_is_that_of_the_classes() -> None:
    """`python tests/log_schema.py` writes it anew."""
    assert log_schema.PUBLISHED.read_text("utf-8") == log_schema.text_of(log_schema.schema())


def test_the_schema_is_one() -> None:
    """It is itself valid."""
    pytest.importorskip("jsonschema").Draft202012Validator.check_schema(log_schema.schema())


@pytest.mark.parametrize(
    "line",
    [
        {"event": "phase", "name": "issuing", "total": "4", "cpu_seconds": 1},
        {"event": "phase", "name": "issuing", "total": 4},
        {"event": "unheard-of"},
        {"event": "warning", "message": "x", "more": 1},
        {"event": "batch", **{k: v for k, v in ONE_OF_EACH[-1][1].items() if k != "event"}, "failed": [{"row": 7}]},
        {"event": "end", "exit_code": None, "throttled_steps": 0},
    ],
)
def test_a_line_that_leaves_the_schema_is_found(line: dict[str, Any]) -> None:
    """Another type, a member too few, a member too many, an event that has no class."""
    assert log_schema.faults_of_lines(json.dumps({"time": "2026-08-24T08:00:00+00:00", **line}))


@pytest.mark.parametrize("value", [Secret("Pc!001"), b"Pc!001", object(), {"a": 1}, (Secret("Pc!001"),)])
def test_nothing_but_plain_values_gets_into_a_line(value: Any) -> None:
    """Types refuse it when the program is checked, and the line when it is made."""
    with pytest.raises(TypeError):
        log_line(WarningShown(value))


def test_a_secret_is_no_type_of_a_field() -> None:
    """The schema can be made of plain types only, so a class with another field fails here."""
    for hint in (Secret, object, Any, Secret | None, tuple[Secret, ...]):
        with pytest.raises(TypeError):
            log_schema._type(hint)  # noqa: SLF001 - the rule itself


def _logged() -> Iterator[str]:
    """Yield what the program hands to a log, wherever it does."""
    names = {event.__name__ for event in log_schema.EVENTS}
    for path in Path(inspect.getfile(bulktap)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield node.func.id


def test_each_kind_of_event_is_logged_somewhere() -> None:
    """None stands in the schema for nothing."""
    assert set(_logged()) == {event.__name__ for event in log_schema.EVENTS}
