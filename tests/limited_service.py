"""A service with a limit, in simulated time, and a pacer that sends rows through it."""

from __future__ import annotations

import heapq
import math
from collections import deque
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Protocol

from bulktap.graph.pacing import Pacer, PacingLimits, PacingTuning

if TYPE_CHECKING:
    from collections.abc import Callable


class Limit(Protocol):
    """What a service counts by."""

    refilled: float
    """Steps that it has granted the caller so far, used or not."""

    def take(self, steps: int, now: float) -> int:
        """Accept as many of the steps as there is room for."""

    def wait(self) -> float:
        """Seconds until there is room for one step."""

    def share(self) -> float:
        """How much of the limit is used up."""


class Bucket:
    """A token bucket, full at first; `rate` may change with the steps accepted so far."""

    def __init__(self, capacity: float, rate: float | Callable[[int], float]) -> None:
        self.capacity, self.level, self.at = capacity, capacity, 0.0
        self.rate = rate if callable(rate) else lambda _accepted: rate
        self.accepted = 0
        self.refilled = 0.0

    def take(self, steps: int, now: float) -> int:
        """See the interface."""
        gained = self.rate(self.accepted) * (now - self.at)
        self.level, self.at, self.refilled = min(self.capacity, self.level + gained), now, self.refilled + gained
        accepted = min(steps, int(self.level + 1e-9))
        self.level -= accepted
        self.accepted += accepted
        return accepted

    def wait(self) -> float:
        """See the interface."""
        return max(0.0, 1 - self.level) / self.rate(self.accepted)

    def share(self) -> float:
        """See the interface."""
        return 1 - self.level / self.capacity


class Window:
    """A fixed window."""

    def __init__(self, size: int, seconds: float) -> None:
        self.size, self.seconds = size, seconds
        self.number, self.used, self.at = 0, 0, 0.0
        self.refilled = 0.0

    def take(self, steps: int, now: float) -> int:
        """See the interface."""
        self.refilled += (now - self.at) * self.size / self.seconds
        self.at = now
        if int(now // self.seconds) != self.number:
            self.number, self.used = int(now // self.seconds), 0
        accepted = min(steps, self.size - self.used)
        self.used += accepted
        return accepted

    def wait(self) -> float:
        """See the interface."""
        return (self.number + 1) * self.seconds - self.at

    def share(self) -> float:
        """See the interface."""
        return self.used / self.size


class Sliding:
    """A window that slides: no more than `size` steps in any span of `seconds`."""

    def __init__(self, size: int, seconds: float) -> None:
        self.size, self.seconds, self.at = size, seconds, 0.0
        self.taken: deque[tuple[float, int]] = deque()
        self.refilled = 0.0

    def take(self, steps: int, now: float) -> int:
        """See the interface."""
        self.refilled += (now - self.at) * self.size / self.seconds
        self.at = now
        while self.taken and self.taken[0][0] <= now - self.seconds + 1e-9:
            self.taken.popleft()
        accepted = min(steps, self.size - self._used())
        if accepted:
            self.taken.append((now, accepted))
        return accepted

    def wait(self) -> float:
        """See the interface."""
        return self.taken[0][0] + self.seconds - self.at if self._used() >= self.size else 0.0

    def share(self) -> float:
        """See the interface."""
        return self._used() / self.size

    def _used(self) -> int:
        return sum(steps for _at, steps in self.taken)


Manners = dict[str, "Callable[[float], float | None]"]
MANNERS: Manners = {
    "exact": lambda wait: wait,
    "whole": lambda wait: float(math.ceil(wait)),
    "fives": lambda wait: 5.0 * max(1, math.ceil(wait / 5)),
    "always 1": lambda _wait: 1.0,
    "none": lambda _wait: None,
    "300": lambda _wait: 300.0,
}
"""How a service words its `Retry-After`."""


@dataclass
class Course:
    """How a run went."""

    seconds: float
    use: float
    """Accepted steps over those granted, from the first throttle on."""
    throttled: float
    """Share of the steps sent."""
    departures: list[tuple[float, int]]
    limited: float
    """Share of the steps sent that the limit itself throttled."""


def drive(
    limit: Limit,
    rows: int,
    *,
    manner: str = "exact",
    hints: bool = False,
    pacing: PacingLimits | None = None,
    seed: int = 1,
    chance: float | Callable[[int], float] = 0.0,
    tuning: PacingTuning | None = None,
) -> Course:
    """Send that many rows through a pacer; a batch takes 120 to 180 ms, and its steps are judged half-way.

    With `chance` that share of the steps is throttled before the limit sees them, for 0.2 to 1 s.
    """
    random = Random(seed)  # noqa: S311 - a simulation
    pacer = Pacer(pacing or PacingLimits(), 0.0, random.random, tuning or PacingTuning())
    events: list[tuple[float, int, str, int, int, float | None, float | None]] = []
    now, left, number = 0.0, rows, 0
    first: tuple[int, float] | None = None
    limited = 0
    departures: list[tuple[float, int]] = []
    while pacer.accepted_steps < rows:
        steps = min(pacer.allowance(now), left)
        if steps:
            assert now >= pacer.hold_until
            pacer.sent(steps, now)
            departures.append((now, steps))
            left, number = left - steps, number + 1
            heapq.heappush(events, (now + random.uniform(0.06, 0.09), number, "arrives", steps, 0, None, None))
            continue
        ask = pacer.next_at(now) if left else None
        if events and (ask is None or events[0][0] <= ask):
            now, number_, kind, steps, throttled, wait, share = heapq.heappop(events)
            if kind == "arrives":
                share_lost = chance(pacer.accepted_steps) if callable(chance) else chance
                unlucky = sum(random.random() < share_lost for _ in range(steps)) if share_lost else 0
                accepted = limit.take(steps - unlucky, now)
                throttled = steps - accepted
                limited += throttled - unlucky
                wait = MANNERS[manner](limit.wait()) if throttled > unlucky else None
                wait = max([random.uniform(0.2, 1.0) for _ in range(unlucky)] + [wait or 0.0]) if unlucky else wait
                share = limit.share() if hints and limit.share() >= 0.8 else None
                if throttled > unlucky and first is None:
                    first = (pacer.accepted_steps, limit.refilled)
                back = now + random.uniform(0.06, 0.09)
                heapq.heappush(events, (back, number_, "answered", accepted, throttled, wait, share))
            else:
                left += throttled
                pacer.answered(accepted=steps, throttled=throttled, retry_after=wait, now=now, percentage=share)
        else:
            assert ask is not None, "starved"
            assert ask > now, "asked to ask again at once"
            now = ask
    limit.take(0, now)
    sent = sum(steps for _at, steps in departures)
    accepted_before, refilled_before = first or (0, 0.0)
    granted = limit.refilled - refilled_before
    use = (rows - accepted_before) / granted if first and granted else math.nan
    return Course(now, use, pacer.throttled_steps / sent, departures, limited / sent)
