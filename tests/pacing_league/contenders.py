"""The contenders: bulktap's own pacer, five well-known algorithms, and a client that knows the limit.

All of them get what bulktap's dispatch gives its pacer, keep at most six batches of twenty in flight, and hold
everything until the longest `Retry-After` has passed; where the service names none, an exponential backoff with jitter
takes its place. What sets them apart is how much they send otherwise.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.exceptions import CapacityNotAvailableError
from botocore.retries.adaptive import RateClocker
from botocore.retries.bucket import TokenBucket
from botocore.retries.throttling import CubicCalculator

from bulktap.graph.pacing import Pacer, PacingLimits
from pacing_league.cells import BATCH, CONCURRENCY

if TYPE_CHECKING:
    from collections.abc import Callable

    from pacing_league.cells import Cell
    from pacing_league.league import Client, Place

_POLL = 0.05
"""Seconds after which a client that sends nothing by its own choice looks again."""


def bulktap(place: Place) -> Client:
    """Make the real pacer, as dispatch makes it."""
    return Pacer(PacingLimits(concurrency=CONCURRENCY), place.now, place.random)


class Contender:
    """Holds and flight; what may leave besides is up to each contender."""

    def __init__(self, place: Place) -> None:
        self.cell = place.cell
        self.random = place.random
        self.hold_until = place.now
        self.in_flight = 0
        self.steps_in_flight = 0
        self._throttles = 0
        self._sizes: deque[int] = deque()

    def allowance(self, now: float) -> int:
        """See `Client`."""
        if now < self.hold_until or self.in_flight >= CONCURRENCY:
            return 0
        return min(BATCH, self.room(now))

    def next_at(self, now: float) -> float | None:
        """See `Client`."""
        if self.in_flight >= CONCURRENCY:
            return None
        at = self.room_at(max(now, self.hold_until))
        return None if at is None else max(at, self.hold_until)

    def sent(self, steps: int, now: float) -> None:
        """See `Client`."""
        self.in_flight += 1
        self.steps_in_flight += steps
        self.leave(steps, now)

    def answered(
        self, *, accepted: int, throttled: int, retry_after: float | None, now: float, percentage: float | None = None
    ) -> None:
        """See `Client`."""
        del percentage
        self.in_flight -= 1
        self.steps_in_flight -= accepted + throttled
        if throttled:
            wait = retry_after if retry_after is not None else min(60.0, 2**self._throttles) * (0.5 + self.random())
            self._throttles = 0 if accepted else min(self._throttles + 1, 10)
            self.hold_until = max(self.hold_until, now + max(0.05, wait))
        else:
            self._throttles = 0
        self.learn(accepted, throttled, now)

    def room(self, now: float) -> int:
        """Return how many steps may leave now."""
        raise NotImplementedError

    def room_at(self, now: float) -> float | None:
        """Return when there is room for a step; None when only a reply makes some."""
        raise NotImplementedError

    def leave(self, steps: int, now: float) -> None:
        """Take note that steps leave."""

    def learn(self, accepted: int, throttled: int, now: float) -> None:
        """Learn from a reply."""


class Windowed(Contender):
    """A window of steps in flight, and nothing else."""

    window = float(BATCH)

    def room(self, now: float) -> int:
        """See `Contender`."""
        del now
        return max(0, int(self.window) - self.steps_in_flight)

    def room_at(self, now: float) -> float | None:
        """See `Contender`."""
        return now if self.room(now) else None


class Aimd(Windowed):
    """One step more in flight for each round trip, half as many after a throttle, as TCP Reno does."""

    _held = -math.inf

    def learn(self, accepted: int, throttled: int, now: float) -> None:
        """See `Contender`."""
        if throttled and now > self._held:
            self.window = max(1.0, self.window / 2)
            self._held = self.hold_until
        elif not throttled:
            self.window = min(float(BATCH * CONCURRENCY), self.window + accepted / self.window)


class Gradient(Windowed):
    """Netflix's Gradient2: the window follows the round trip's length, and falls by a tenth where a batch fails."""

    _long = 0.0
    _shortest = 0.2
    _smoothing = 0.2

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._departures: deque[float] = deque()

    def leave(self, steps: int, now: float) -> None:
        """See `Contender`."""
        del steps
        self._departures.append(now)

    def learn(self, accepted: int, throttled: int, now: float) -> None:
        """See `Contender`."""
        del accepted
        trip = now - self._departures.popleft()
        self._long = 0.9 * self._long + 0.1 * trip if self._long else trip
        if throttled:
            self.window = max(1.0, 0.9 * self.window)
            return
        gradient = max(0.5, min(1.0, 1.5 * self._long / max(trip, 1e-6)))
        wanted = self.window * gradient + math.sqrt(self.window)
        self.window = min(float(BATCH * CONCURRENCY), (1 - self._smoothing) * self.window + self._smoothing * wanted)


class Cubic(Contender):
    """botocore's adaptive mode: its own rate clock, token bucket and CUBIC, one request for each step."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._now = place.now
        self._cubic = CubicCalculator(starting_max_rate=0, start_time=place.now)
        self._bucket = TokenBucket(max_rate=1, clock=self)
        self._clock = RateClocker(self)
        self._enabled = False
        self._paid = 0

    def current_time(self) -> float:
        """Be botocore's clock."""
        return self._now

    def room(self, now: float) -> int:
        """See `Contender`."""
        self._now = now
        if not self._enabled:
            return BATCH
        while self._paid < BATCH and self._pay():
            self._paid += 1
        return self._paid

    def _pay(self) -> bool:
        try:
            return bool(self._bucket.acquire(1, block=False))
        except CapacityNotAvailableError:
            return False

    def room_at(self, now: float) -> float | None:
        """See `Contender`."""
        if not self._enabled or self._paid:
            return now
        return now + max(0.0, 1 - self._bucket.available_capacity) / self._bucket.max_rate + 1e-6

    def leave(self, steps: int, now: float) -> None:
        """See `Contender`."""
        del now
        self._paid = max(0, self._paid - steps) if self._enabled else 0

    def learn(self, accepted: int, throttled: int, now: float) -> None:
        """See `Contender`; step by step what `ClientRateLimiter.on_receiving_response` does."""
        self._now = now
        for ok in [True] * accepted + [False] * throttled:
            measured = self._clock.record()
            if ok:
                rate = self._cubic.success_received(now)
            else:
                rate = self._cubic.error_received(
                    min(measured, self._bucket.max_rate) if self._enabled else measured, now
                )
                self._enabled = True
            self._bucket.max_rate = min(rate, 2.0 * measured)


class Sre(Contender):
    """Client-side throttling of the SRE book, K = 2: rejects itself by the share that was accepted in two minutes."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._seen: deque[tuple[float, int, int]] = deque()
        self._requests = self._accepts = 0
        self._drawn: int | None = None
        self._free_at = place.now

    def room(self, now: float) -> int:
        """See `Contender`."""
        while self._seen and self._seen[0][0] < now - 120:
            _at, requests, accepts = self._seen.popleft()
            self._requests -= requests
            self._accepts -= accepts
        if self._drawn is None and now >= self._free_at:
            refused = max(0.0, (self._requests - 2 * self._accepts) / (self._requests + 1))
            self._drawn = sum(self.random() >= refused for _ in range(BATCH))
            self._note(now, BATCH - self._drawn, 0)
            if not self._drawn:
                self._drawn, self._free_at = None, now + _POLL
        return self._drawn or 0

    def room_at(self, now: float) -> float | None:
        """See `Contender`."""
        return max(now, self._free_at)

    def leave(self, steps: int, now: float) -> None:
        """See `Contender`."""
        self._drawn = None
        self._note(now, steps, 0)

    def learn(self, accepted: int, throttled: int, now: float) -> None:
        """See `Contender`."""
        del throttled
        self._note(now, 0, accepted)

    def _note(self, now: float, requests: int, accepts: int) -> None:
        self._seen.append((now, requests, accepts))
        self._requests += requests
        self._accepts += accepts


class Fixed(Contender):
    """80 % of the rate that the limit has by its name, evenly, a quarter of a second's worth in a batch."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._rate = math.inf if self.cell.kind == "none" else 0.8 * self.cell.rate
        self._size = int(max(1.0, min(BATCH, self._rate / 4, self.cell.burst)))
        self._level, self._at = float(self._size), place.now

    def room(self, now: float) -> int:
        """See `Contender`."""
        if self._rate == math.inf:
            return BATCH
        self._level = min(float(BATCH), self._level + (now - self._at) * self._rate)
        self._at = now
        return self._size if self._level >= self._size - 1e-6 else 0

    def room_at(self, now: float) -> float | None:
        """See `Contender`."""
        return now if self._rate == math.inf else now + max(0.0, self._size - self._level) / self._rate + 1e-6

    def leave(self, steps: int, now: float) -> None:
        """See `Contender`."""
        del now
        if self._rate < math.inf:
            self._level -= steps


class Oracle(Contender):
    """Knows the limit and what it has sent, but neither latencies to come nor chance; sends what will be granted."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        part = _certain_part(self.cell)
        self._limit = part.limit()
        self._size = max(1, min(BATCH, int(part.burst))) if self.cell.kind != "none" else BATCH
        self._granted = 0

    def room(self, now: float) -> int:
        """See `Contender`."""
        while self._granted < self._size and self._limit.admit(self._arrival(now)):
            self._granted += 1
        return self._granted

    def _arrival(self, now: float) -> float:
        """Return when a batch that leaves now arrives at the earliest."""
        return now + 0.4 * self.cell.latency

    def room_at(self, now: float) -> float | None:
        """See `Contender`."""
        return now if self._granted else now + self._limit.wait(self._arrival(now)) + 1e-5

    def leave(self, steps: int, now: float) -> None:
        """See `Contender`."""
        del now
        self._granted -= steps


def _certain_part(cell: Cell) -> Cell:
    """Return the limit less what latencies can upset: two steps may arrive a fifth of a round trip closer together."""
    rate, burst, spread = cell.rate / cell.clients, max(1.0, cell.burst / cell.clients), 0.2 * cell.latency
    if cell.kind == "sliding":
        rate = round(burst) / (burst / rate + spread)
    elif cell.kind == "bucket":
        at_once = max(1.0, burst - rate * spread)
        missing = max(0.0, spread - (burst - 1.0) / rate)
        rate, burst = 1 / (1 / rate + missing), at_once
    return replace(cell, rate=rate, burst=burst)


CONTENDERS: dict[str, Callable[[Place], Client]] = {
    "bulktap": bulktap,
    "CUBIC": Cubic,
    "SRE": Sre,
    "AIMD": Aimd,
    "gradient": Gradient,
    "80 %": Fixed,
    "oracle": Oracle,
}
