"""The service: batches that take their time, steps judged when they arrive, throttled ones charged and told to wait."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pacing_league.cells import Cell
    from pacing_league.limits import Limit


@dataclass(frozen=True)
class Judged:
    """What became of a batch."""

    accepted: int
    limited: int
    """Steps that the limit throttled."""
    unlucky: int
    """Steps that were throttled by chance."""
    retry_after: float | None
    percentage: float | None


def latency_of(cell: Cell, number: int) -> float:
    """Return how long the batch of that number takes: the same for everybody, a fifth more or less either way."""
    return cell.latency * (0.8 + 0.4 * Random(cell.seed * 1_000_003 + number).random())  # noqa: S311


class Service:
    """One service that several clients may share."""

    def __init__(self, cell: Cell) -> None:
        self.limit: Limit = cell.limit()
        self._cell = cell
        self._random = Random(cell.seed + 17)  # noqa: S311 - a simulation

    def judge(self, steps: int, now: float) -> Judged:
        """Judge the steps of a batch, one after the other, as it arrives."""
        cell = self._cell
        accepted = limited = unlucky = 0
        waits: list[float] = []
        for _ in range(steps):
            if cell.chance and self._random.random() < cell.chance:
                unlucky += 1
                waits.append(self._random.uniform(0.2, 1.0))
            elif self.limit.admit(now):
                accepted += 1
            else:
                limited += 1
                if cell.charge:
                    self.limit.charge(cell.charge, now)
        if limited:
            waits.append(self.limit.wait(now))
        told = [self._told(wait) for wait in waits]
        usage = self.limit.usage(now) if cell.header else 0.0
        return Judged(
            accepted,
            limited,
            unlucky,
            retry_after=max((wait for wait in told if wait is not None), default=None),
            percentage=round(usage, 2) if usage > 0.8 else None,
        )

    def _told(self, wait: float) -> float | None:
        """Return the `Retry-After` of one throttled step."""
        match self._cell.retry_after:
            case "exact":
                return math.ceil(wait * 1000) / 1000
            case "whole":
                return float(max(1, math.ceil(wait)))
            case "fives":
                return 5.0 * max(1, math.ceil(wait / 5))
            case "lying":
                return round(wait * self._random.uniform(0.2, 1.8), 3)
            case "always 1":
                return 1.0
            case "absent":
                return None
            case other:
                raise ValueError(other)
