"""What Graph says to a write that does not call its body JSON; the words are those that were seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.simulator import refusals

if TYPE_CHECKING:
    from bulktap.simulator.refusals import Refusal

WRITES = frozenset({"POST", "PATCH", "PUT"})
"""Methods with a body; a `DELETE` has none."""


def content_type_refusal(method: str, content_type: str | None) -> Refusal | None:
    """Return why a request's body is not looked at; None if it is, or has not to be."""
    if method not in WRITES:
        return None
    if content_type is None:
        return refusals.NO_CONTENT_TYPE
    kind = content_type.partition(";")[0].strip().lower()
    return None if kind == "application/json" else refusals.NOT_JSON
