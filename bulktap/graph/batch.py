"""`$batch` on the wire: steps into one request body, one reply body into answers matched by step id.

Pure. The contract is Microsoft's page on JSON batching: at most 20 steps, ids unique without regard to case, answers
in any order, each with its own status under an envelope that says 200. What the page leaves open is read with
suspicion: an item that cannot be understood is an item that is missing, and so is one that was answered twice in two
ways, because a create that may have happened must never be taken for one that did not.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from bulktap.graph.batch_size import MAX_STEPS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
UNRESERVED = re.compile(r"[A-Za-z0-9._~@-]+")  # RFC 3986, section 2.3, and the `@` that Graph takes as it is
_STATUS_AS_TEXT = re.compile(r"[1-5][0-9]{2}")
_CREATED = 201


@dataclass(frozen=True, slots=True)
class BatchStep:
    """One request inside a batch."""

    step_id: str
    """Unique in the batch, case ignored."""
    method: str
    """GET, POST or DELETE."""
    url: str
    """Relative to the version root, with a leading slash, already encoded."""
    body: Mapping[str, object] | None = None
    """JSON members; a write sends at least an empty object."""


@dataclass(frozen=True, slots=True)
class StepResponse:
    """What one step was answered."""

    step_id: str
    """As it was sent."""
    status: int
    """HTTP status of the step."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: object | None = field(repr=False)
    """Decoded JSON, text where the service answered something else, None where it answered nothing.

    Kept out of listings, because a passcode may stand in it.
    """


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """The answers of one batch; a step that was sent and is not here has no answer."""

    responses: Mapping[str, StepResponse]
    """By step id as it was sent."""
    unknown: int = 0
    """Answers to ids that were never sent; they are ignored."""
    repeated: frozenset[str] = field(default_factory=frozenset)
    """Ids that were answered twice, and differently: nobody knows which is true."""


class UnreadableReply(Exception):
    """A reply is not what a batch is answered with; carries its length and digest, nothing of its text."""

    def __init__(self, payload: bytes) -> None:
        self.length = len(payload)
        self.digest = hashlib.sha256(payload).hexdigest()[:16]
        super().__init__(f"unreadable reply of {self.length} bytes, sha256 {self.digest}")


def encode_batch(steps: Sequence[BatchStep]) -> bytes:
    """Return the body of the batch request.

    Raises:
        ValueError: there are no steps, more than `MAX_STEPS`, or two with the same id.
    """
    if not 0 < len(steps) <= MAX_STEPS:
        raise ValueError(f"a batch holds 1 to {MAX_STEPS} steps, not {len(steps)}")
    # Ids are compared without regard to case; a repeated one makes the whole batch a 400 (page on JSON batching).
    if len({step.step_id.casefold() for step in steps}) != len(steps):
        raise ValueError("two steps of a batch have the same id")
    document = {"requests": [_encode_step(step) for step in steps]}
    return json.dumps(document, separators=(",", ":")).encode("ascii")


def _encode_step(step: BatchStep) -> dict[str, object]:
    item: dict[str, object] = {"id": step.step_id, "method": step.method, "url": step.url}
    if step.body is not None:
        # The outer request's headers do not reach the steps, and a write without these two makes the whole batch a 400:
        # "Write request id : 1 does not contain Content-Type header or body." (msgraph-sdk-dotnet issue 2628)
        item["headers"] = {"Content-Type": "application/json"}
        item["body"] = step.body
    return item


def decode_batch(payload: bytes, sent: Collection[str]) -> BatchAnswer:
    """Return the answers to the ids that were sent.

    Raises:
        UnreadableReply: the payload is not a batch reply at all.
    """
    items = _items(payload)
    if items is None:
        # Raised outside any except block: a decoding error keeps the whole text, passcodes included, and would
        # travel along as this exception's context.
        raise UnreadableReply(payload)
    by_folded = {step_id.casefold(): step_id for step_id in sent}
    readings: dict[str, StepResponse | None] = {}
    differing: set[str] = set()
    unknown = 0
    for item in items:
        step_id = by_folded.get(_item_id(item))
        if step_id is None:
            unknown += 1
            continue
        reading = _decode_item(step_id, item)
        if step_id not in readings:
            readings[step_id] = reading
        elif not _agree(readings[step_id], reading):
            differing.add(step_id)
    known = readings.items()
    agreed = {step_id: one for step_id, one in known if one is not None and step_id not in differing}
    return BatchAnswer(agreed, unknown, frozenset(differing))


def _agree(one: StepResponse | None, other: StepResponse | None) -> bool:
    """Return True if two readings of one step say the same; one that cannot be read says nothing."""
    return one is not None and other is not None and (one.status, one.body) == (other.status, other.body)


def _items(payload: bytes) -> list[object] | None:
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    items = document.get("responses") if isinstance(document, dict) else None
    return items if isinstance(items, list) else None


def _item_id(item: object) -> str:
    """Return the folded id, or nothing; whatever rewrites JSON on the way may have made 1 or 1.0 of the text "1"."""
    step_id = item.get("id") if isinstance(item, dict) else None
    if isinstance(step_id, str):
        return step_id.casefold()
    if isinstance(step_id, float) and step_id.is_integer():
        return str(int(step_id))
    return str(step_id) if type(step_id) is int else ""


def _decode_item(step_id: str, item: object) -> StepResponse | None:
    if not isinstance(item, dict):
        return None
    status, headers, body = _status(item.get("status")), item.get("headers"), item.get("body")
    if status is None and isinstance(body, dict) and isinstance(body.get("temporaryAccessPass"), str):
        # Whatever became of the number: a passcode is shown by the answer that creates it, and by nothing else.
        status = _CREATED
    if status is None:
        return None
    # Names come in any case, `Retry-After` and `retry-after` both (pages on batching and on throttling).
    named = headers.items() if isinstance(headers, dict) else ()
    lowered = {name.lower(): str(value) for name, value in named if value is not None}
    return StepResponse(step_id, status, lowered, body)


def _status(value: object) -> int | None:
    """Return an HTTP status, or None; whatever rewrites JSON on the way may have made a text or 201.0 of the number."""
    if type(value) is int:
        return value if 100 <= value <= 599 else None
    if isinstance(value, str) and _STATUS_AS_TEXT.fullmatch(value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 100 <= value <= 599:
        return None
    return int(value) if int(value) == value else None


def user_path(user: str) -> str:
    """Return the path of a user, given by object id or user principal name, encoded for a step's url.

    Everything but unreserved characters and `@` is percent-encoded. A name that starts with `$` is only found in the
    form of a key, where OData doubles single quotes (documentation of `GET /users/{id}`).
    """
    # A guest's `#EXT#` cuts the address off unless it is encoded: 404 (msgraph-sdk-powershell issue 1947).
    if UNRESERVED.fullmatch(user):
        return f"/users/{user}"
    if not user.startswith("$"):
        return f"/users/{quote(user, safe='@')}"
    # `/users/$x@y.com` fails (page on `GET /users/{id}`).
    key = quote(user.replace("'", "''"), safe="@$'")
    return f"/users('{key}')"
