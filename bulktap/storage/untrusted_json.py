"""JSON from a file that anybody may have written: an object, or nothing."""

from __future__ import annotations

import json
from typing import Any

_MOST_VALUES = 4_000_000
"""A row of a plan has about a dozen; each value takes up to a hundred bytes of memory."""


def json_object(data: bytes | str) -> dict[str, Any] | None:
    """Return the JSON object that the bytes hold; None where they hold something else, however deep or long it is.

    Numbers that JSON does not have (NaN, Infinity) are no JSON here either.
    """
    try:
        text = data.decode("utf-8-sig", "surrogatepass") if isinstance(data, bytes) else data
        if sum(map(text.count, ",[{")) > _MOST_VALUES:
            return None
        members = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return members if isinstance(members, dict) else None


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number of JSON")
