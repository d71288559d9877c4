"""What services count by: token buckets, fixed and sliding windows; each also says what it grants at most."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol


class Course(Protocol):
    """How the rate of a limit changes over time, as a factor."""

    def total(self, now: float) -> float:
        """Return the integral of the factor from zero to now."""


@dataclass(frozen=True)
class Steady:
    """The factor is one."""

    def total(self, now: float) -> float:
        """See the interface."""
        return now


@dataclass(frozen=True)
class Points:
    """Straight lines between (time, factor) points, in order; a step is two points at the same time."""

    points: tuple[tuple[float, float], ...]

    def total(self, now: float) -> float:
        """See the interface."""
        whole, (at, factor) = 0.0, self.points[0]
        for next_at, next_factor in self.points[1:]:
            if next_at >= now:
                span = next_at - at
                reached = factor + (next_factor - factor) * ((now - at) / span if span else 0.0)
                return whole + (now - at) * (factor + reached) / 2
            whole += (next_at - at) * (factor + next_factor) / 2
            at, factor = next_at, next_factor
        return whole + (now - at) * factor


@dataclass(frozen=True)
class OnAndOff:
    """A second client that is served first takes `share` of the limit, for so many seconds on and as many off."""

    share: float
    seconds: float
    first: float = 0.0
    """Seconds into its cycle at the beginning."""

    def total(self, now: float) -> float:
        """See the interface."""
        return now - self.share * (self._on(now + self.first) - self._on(self.first))

    def _on(self, at: float) -> float:
        cycles, rest = divmod(at, 2 * self.seconds)
        return cycles * self.seconds + min(rest, self.seconds)


class Limit(Protocol):
    """One limit; `now` never goes back."""

    def admit(self, now: float) -> bool:
        """Admit one step, or not."""

    def charge(self, amount: float, now: float) -> None:
        """Count a throttled step as this part of an admitted one; what is owed stays below one capacity."""

    def wait(self, now: float) -> float:
        """Return the seconds until one step would be admitted, if nothing else came."""

    def usage(self, now: float) -> float:
        """Return the part that is used up."""

    def most(self, now: float) -> float:
        """Return how many steps could be admitted until now at most, whoever sends them and when."""


@dataclass
class NoLimit:
    """Admits everything."""

    def admit(self, now: float) -> bool:  # noqa: ARG002
        """See the interface."""
        return True

    def charge(self, amount: float, now: float) -> None:
        """See the interface."""

    def wait(self, now: float) -> float:  # noqa: ARG002
        """See the interface."""
        return 0.0

    def usage(self, now: float) -> float:  # noqa: ARG002
        """See the interface."""
        return 0.0

    def most(self, now: float) -> float:  # noqa: ARG002
        """See the interface."""
        return math.inf


@dataclass
class Bucket:
    """A token bucket."""

    capacity: float
    rate: float
    course: Course = field(default_factory=Steady)
    spent: bool = False
    """True if it is empty at the beginning: look-ups counted too, or somebody was here before."""
    _level: float = field(init=False)
    _total: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._level = 0.0 if self.spent else self.capacity

    def admit(self, now: float) -> bool:
        """See the interface."""
        self._fill(now)
        if self._level < 1 - 1e-9:
            return False
        self._level -= 1
        return True

    def charge(self, amount: float, now: float) -> None:
        """See the interface."""
        self._fill(now)
        self._level = max(-self.capacity, self._level - amount)

    def wait(self, now: float) -> float:
        """See the interface."""
        self._fill(now)
        if self._level >= 1 - 1e-9:
            return 0.0
        missing = self._total + (1 - self._level) / self.rate
        low, high = now, now + 1.0
        while self.course.total(high) < missing:
            low, high = high, now + 2 * (high - now)
        while high - low > 1e-6:
            middle = (low + high) / 2
            low, high = (middle, high) if self.course.total(middle) < missing else (low, middle)
        return high - now

    def usage(self, now: float) -> float:
        """See the interface."""
        self._fill(now)
        return 1 - self._level / self.capacity

    def most(self, now: float) -> float:
        """See the interface."""
        return (0.0 if self.spent else self.capacity) + self.rate * self.course.total(now)

    def _fill(self, now: float) -> None:
        total = self.course.total(now)
        self._level = min(self.capacity, self._level + (total - self._total) * self.rate)
        self._total = total


@dataclass
class FixedWindow:
    """A count that starts again at zero every so many seconds, by the service's clock."""

    size: int
    seconds: float
    into: float = 0.0
    """Seconds of the first window that have passed at the beginning."""
    spent: bool = False
    """True if the first window is used up at the beginning."""
    _number: int = field(init=False, default=0)
    _used: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._used = float(self.size) if self.spent else 0.0

    def admit(self, now: float) -> bool:
        """See the interface."""
        self._roll(now)
        if self._used + 1 > self.size + 1e-9:
            return False
        self._used += 1
        return True

    def charge(self, amount: float, now: float) -> None:
        """See the interface."""
        self._roll(now)
        self._used = min(2.0 * self.size, self._used + amount)

    def wait(self, now: float) -> float:
        """See the interface."""
        self._roll(now)
        if self._used + 1 <= self.size + 1e-9:
            return 0.0
        return self.seconds - (now + self.into) % self.seconds

    def usage(self, now: float) -> float:
        """See the interface."""
        self._roll(now)
        return self._used / self.size

    def most(self, now: float) -> float:
        """See the interface."""
        return self.size * (int((now + self.into) // self.seconds) + (0 if self.spent else 1))

    def _roll(self, now: float) -> None:
        number = int((now + self.into) // self.seconds)
        if number > self._number:
            self._number, self._used = number, 0.0


@dataclass
class SlidingWindow:
    """At most `size` in any span of `seconds`; a throttled step that is charged stands in the log like another."""

    size: int
    seconds: float
    spent: bool = False
    """True if everything was used just before the beginning."""
    _log: deque[tuple[float, float]] = field(init=False, default_factory=deque)
    _used: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        if self.spent:
            self._note(float(self.size), 0.0)

    def admit(self, now: float) -> bool:
        """See the interface."""
        self._forget(now)
        if self._used + 1 > self.size + 1e-9:
            return False
        self._note(1.0, now)
        return True

    def charge(self, amount: float, now: float) -> None:
        """See the interface."""
        self._forget(now)
        self._note(min(amount, 2.0 * self.size - self._used), now)

    def wait(self, now: float) -> float:
        """See the interface."""
        self._forget(now)
        used = self._used
        for at, amount in self._log:
            if used + 1 <= self.size + 1e-9:
                break
            used -= amount
            if used + 1 <= self.size + 1e-9:
                return max(0.0, at + self.seconds - now)
        return 0.0

    def usage(self, now: float) -> float:
        """See the interface."""
        self._forget(now)
        return self._used / self.size

    def most(self, now: float) -> float:
        """See the interface."""
        return self.size * (int(now // self.seconds) + (0 if self.spent else 1))

    def _note(self, amount: float, now: float) -> None:
        if amount > 0:
            self._log.append((now, amount))
            self._used += amount

    def _forget(self, now: float) -> None:
        while self._log and self._log[0][0] <= now - self.seconds + 1e-9:
            self._used -= self._log.popleft()[1]
