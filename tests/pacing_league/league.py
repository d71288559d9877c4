"""Plays a cell with a contender, in virtual time, and measures what came of it."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Protocol

from pacing_league.bounds import least_seconds
from pacing_league.service import Judged, Service, latency_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pacing_league.cells import Cell

_SHORTEST_WAIT = 0.002
"""Seconds; the loop that sends sleeps no shorter."""
_LATER = 10.0
"""Seconds after the first client that a second one begins."""
_PATIENCE = 6.0
"""A client is stopped after this many times the least possible time, and ten minutes."""


class Client(Protocol):
    """What paces: how many steps may leave, when to ask again, and what became of them."""

    def allowance(self, now: float) -> int:
        """Return how many steps may leave now in one batch; 0 when none may."""

    def next_at(self, now: float) -> float | None:
        """Return when to ask again; None when only a reply can change anything."""

    def sent(self, steps: int, now: float) -> None:
        """Take note that a batch has left."""

    def answered(
        self, *, accepted: int, throttled: int, retry_after: float | None, now: float, percentage: float | None = None
    ) -> None:
        """Take note of what became of a batch."""


@dataclass
class Place:
    """What a client is told when it is made."""

    cell: Cell
    now: float
    random: Callable[[], float]


@dataclass
class Run:
    """One client and its rows."""

    client: Client
    begins: float
    left: int
    batches: int = 0
    accepted: int = 0
    limited: int = 0
    unlucky: int = 0
    sent_at: list[float] = field(default_factory=list)
    done_at: float = math.inf


@dataclass(frozen=True)
class Figures:
    """What came of one contender in one cell."""

    seconds: float
    least: float
    """The seconds below which nobody can be."""
    share: float
    """Accepted steps in parts of what the limit granted until the last one, or the line carried without a limit."""
    wasted: int
    """Steps that the limit throttled."""
    rows: int
    jain: float
    """Jain's index of what two clients got while both were at it; 1 with one client."""
    finished: bool = True

    @property
    def regret(self) -> float:
        """Seconds more than the least."""
        return self.seconds - self.least


def play(cell: Cell, make: Callable[[Place], Client]) -> Figures:
    """Play one cell."""
    return _Game(cell, make).play()


class _Game:
    def __init__(self, cell: Cell, make: Callable[[Place], Client]) -> None:
        self.cell = cell
        self.service = Service(cell)
        self.least = least_seconds(cell)
        self.events: list[tuple[float, int, int, int, float, Judged | None]] = []
        self.serial = 0
        self.runs = []
        for number in range(cell.clients):
            begins = number * _LATER
            random = Random(cell.seed + 31 * number)  # noqa: S311 - a simulation
            self.runs.append(Run(make(Place(cell, begins, random.random)), begins, cell.rows))

    def play(self) -> Figures:
        now, end = 0.0, _PATIENCE * self.least + 600
        while now < end and any(run.accepted < self.cell.rows for run in self.runs):
            asks = [ask for run in self.runs if (ask := self._let_leave(run, now)) is not None]
            soonest = max(min(asks), now + _SHORTEST_WAIT) if asks else math.inf
            if self.events and self.events[0][0] <= soonest:
                now = self._next_event()
            elif asks:
                now = soonest
            else:
                raise RuntimeError(f"starved: {self.cell.name}")
        return self._figures(now)

    def _let_leave(self, run: Run, now: float) -> float | None:
        """Send what may be sent, and return when to ask again."""
        if now < run.begins:
            return run.begins
        while run.left and (steps := min(run.client.allowance(now), run.left)):
            run.client.sent(steps, now)
            latency = latency_of(self.cell, run.batches)
            run.batches += 1
            run.left -= steps
            self._push(now + latency / 2, run, steps, latency, None)
        return run.client.next_at(now) if run.left else None

    def _push(self, at: float, run: Run, steps: int, latency: float, judged: Judged | None) -> None:
        self.serial += 1
        heapq.heappush(self.events, (at, self.serial, self.runs.index(run), steps, latency, judged))

    def _next_event(self) -> float:
        now, _serial, index, steps, latency, judged = heapq.heappop(self.events)
        run = self.runs[index]
        if judged is None:
            judged = self.service.judge(steps, now)
            self._push(now + latency / 2, run, steps, latency, judged)
            return now
        throttled = judged.limited + judged.unlucky
        run.left += throttled
        run.accepted += judged.accepted
        run.limited += judged.limited
        run.unlucky += judged.unlucky
        run.sent_at.extend([now] * judged.accepted)
        run.client.answered(
            accepted=judged.accepted,
            throttled=throttled,
            retry_after=judged.retry_after,
            now=now,
            percentage=judged.percentage,
        )
        if run.accepted >= self.cell.rows:
            run.done_at = min(run.done_at, now)
        return now

    def _figures(self, now: float) -> Figures:
        accepted = sum(run.accepted for run in self.runs)
        granted = min(self.service.limit.most(now), accepted * now / self.least)
        return Figures(
            seconds=now,
            least=self.least,
            share=min(1.0, accepted / granted) if granted else 0.0,
            wasted=sum(run.limited for run in self.runs),
            rows=self.cell.rows * self.cell.clients,
            jain=self._jain(),
            finished=all(run.accepted >= self.cell.rows for run in self.runs),
        )

    def _jain(self) -> float:
        if len(self.runs) < 2:
            return 1.0
        begin = max(run.begins for run in self.runs)
        end = min(run.done_at for run in self.runs)
        got = [sum(begin <= at <= end for at in run.sent_at) for run in self.runs]
        squares = sum(number**2 for number in got)
        return sum(got) ** 2 / (len(got) * squares) if squares else 1.0
