"""The rules of `$batch`: what an envelope may hold. Its steps run in the order in which they stand.

Steps depend on nothing, each on the one before it, or all on the first one; on a later one none can.

A broken rule refuses the whole envelope with 400 and nothing is done; the wording is what the service was seen to say.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from bulktap.simulator import refusals
from bulktap.simulator.content_types import WRITES, content_type_refusal
from bulktap.simulator.refusals import Refusal

MAX_STEPS = 20
"""The most steps that one batch may hold."""


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a batch, or a request on its own."""

    step_id: str
    method: str
    """In capitals."""
    url: str
    """Relative to the version root, as it came."""
    headers: dict[str, str] = field(default_factory=dict)
    """By name in lower case."""
    body: object = None
    depends_on: tuple[str, ...] = ()
    """Ids of steps that must have succeeded, in lower case."""


def read_call(method: str, url: str, headers: dict[str, str], raw: bytes) -> Step | Refusal:
    """Read a request that came on its own; `headers` have their names in lower case."""
    body: object = None
    if raw and method in WRITES:
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            return content_type_refusal(method, headers.get("content-type")) or refusals.NOT_READABLE
    return Step("1", method, url, headers, body)


def read_envelope(raw: bytes) -> list[Step] | Refusal:
    """Read a batch, or say which rule it breaks."""
    try:
        envelope = json.loads(raw)
    except (ValueError, RecursionError):
        return refusals.PAYLOAD_FORMAT
    items = envelope.get("requests") if isinstance(envelope, dict) else None
    if not isinstance(items, list) or not items:
        return refusals.PAYLOAD_FORMAT
    if len(items) > MAX_STEPS:
        return refusals.TOO_MANY_STEPS
    steps: dict[str, Step] = {}
    for item in items:
        step = _read_step(item)
        if isinstance(step, Refusal):
            return step
        if step.step_id.lower() in steps:
            return refusals.repeated_id(step.step_id)
        steps[step.step_id.lower()] = step
    return _dependency_refusal(list(steps.values())) or list(steps.values())


def _read_step(item: Any) -> Step | Refusal:
    if not isinstance(item, dict):
        return refusals.PAYLOAD_FORMAT
    step_id, method, url = (item.get(name) for name in ("id", "method", "url"))
    if not (isinstance(step_id, str) and step_id and isinstance(method, str) and isinstance(url, str) and url):
        return refusals.PAYLOAD_FORMAT
    headers, depends_on = item.get("headers") or {}, item.get("dependsOn") or []
    if not isinstance(headers, dict) or not isinstance(depends_on, list):
        return refusals.PAYLOAD_FORMAT
    named = {str(name).lower(): str(value) for name, value in headers.items()}
    method = method.upper()
    if method in WRITES and ("content-type" not in named or item.get("body") is None):
        return refusals.write_without_body(step_id)
    return Step(step_id, method, url, named, item.get("body"), tuple(str(other).lower() for other in depends_on))


def _dependency_refusal(steps: list[Step]) -> Refusal | None:
    earlier: set[str] = set()
    for step in steps:
        if not earlier.issuperset(step.depends_on):
            return refusals.invalid_dependency(step.step_id)
        earlier.add(step.step_id.lower())
    if not any(step.depends_on for step in steps):
        return None
    ids = [step.step_id.lower() for step in steps]
    serial = all(before in step.depends_on for before, step in zip(ids, steps[1:], strict=False))
    on_one = all(set(step.depends_on) == {ids[0]} for step in steps[1:])
    # microsoft-graph-docs 16280: the order of an example that was neither was refused so.
    return None if serial or on_one else refusals.MIXED_DEPENDENCIES
