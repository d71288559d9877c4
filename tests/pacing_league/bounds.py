"""What no client can beat: the time that latency, batches, concurrency and the limit take, whoever sends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pacing_league.cells import BATCH, CONCURRENCY, Cell
from pacing_league.service import latency_of

if TYPE_CHECKING:
    from pacing_league.limits import Limit

_SHORTEST = 0.8
"""The shortest latency, in parts of the usual one."""


def least_seconds(cell: Cell) -> float:
    """Return the seconds below which nobody can be done; true, though not always within reach.

    The batches are at least as many as full ones would be, and each lane carries one at a time; a bucket of fewer
    than twenty admits no more of a batch than it holds. The limit grants what `Limit.most` says, and the last step's
    reply takes half of a round trip.
    """
    return max(_of_the_line(cell), _of_the_limit(cell.limit(), cell.rows * cell.clients) + cell.latency * _SHORTEST / 2)


def _of_the_line(cell: Cell) -> float:
    holds = math.floor(cell.burst) if cell.kind != "none" else BATCH
    batches = math.ceil(cell.rows / min(BATCH, max(1, holds)))
    return sum(latency_of(cell, number) for number in range(batches)) / CONCURRENCY


def _of_the_limit(limit: Limit, rows: int) -> float:
    """Return when that many could have been admitted at the earliest."""
    if limit.most(0.0) >= rows:
        return 0.0
    low, high = 0.0, 1.0
    while limit.most(high) < rows - 1e-6:
        low, high = high, 2 * high
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (middle, high) if limit.most(middle) < rows - 1e-6 else (low, middle)
    return high
