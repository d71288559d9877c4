"""Rates as people write a limit: `20/s`, `3000/150s`, `600/m`, or bare `20`, which is a second's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bulktap.model.late_patterns import LatePattern

EXAMPLES = "20/s, 3000/150s or 20"
"""What a rate looks like, in words."""

_RATE = LatePattern(
    r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*(?:/\s*(\d{1,9}(?:\.\d{1,9})?)?\s*(s|sec|second|m|min|minute|h|hour)\s*)?\Z",
    re.ASCII | re.IGNORECASE,
)
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Rate:
    """So much in so much time."""

    amount: float
    seconds: float

    @property
    def per_second(self) -> float:
        """What it comes to in a second."""
        return self.amount / self.seconds


def read_rate(text: str) -> Rate:
    """Read a rate; the only place that does, wherever a limit is given.

    Raises:
        ValueError: it is none, or nothing could ever pass.
    """
    match = _RATE.match(text)
    if match is None:
        raise ValueError(f"{text!r} is no rate; write {EXAMPLES}.")
    rate = Rate(float(match[1]), float(match[2] or 1) * _SECONDS[(match[3] or "s")[0].lower()])
    if not rate.amount or not rate.seconds:
        raise ValueError(f"{text!r} lets nothing pass; write {EXAMPLES}.")
    return rate
