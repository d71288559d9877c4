"""How much may be asked in how much time: token buckets, fixed windows, and buckets that others drink from.

Pure; every call is given the time in seconds. `limit_profiles` says which limits apply to which requests, and puts the
refusals into words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


class Limit(Protocol):
    """Something that runs out and comes back."""

    def wait(self, cost: float, now: float) -> float:
        """Return the seconds until `cost` could be taken; zero if it can be now."""

    def take(self, cost: float, now: float) -> None:
        """Take `cost`, even where it is not there: then it is owed, up to one capacity."""

    def usage(self, now: float) -> float:
        """Return the part in use: 1.0 when nothing is left, more when something is owed."""


@dataclass(slots=True)
class TokenBucket:
    """A bucket that refills steadily: how identity limits are documented to be counted."""

    capacity: float
    """What a full bucket holds."""
    seconds: float
    """The time in which an empty one fills."""
    _level: float = field(init=False)
    _filled_at: float = field(init=False, default=float("-inf"))

    def __post_init__(self) -> None:
        self._level = self.capacity

    def wait(self, cost: float, now: float) -> float:
        """See the interface."""
        self._refill(now)
        return max(0.0, (cost - self._level) * self.seconds / self.capacity)

    def take(self, cost: float, now: float) -> None:
        """See the interface."""
        self._refill(now)
        self._level = max(-self.capacity, self._level - cost)

    def usage(self, now: float) -> float:
        """See the interface."""
        self._refill(now)
        return 1.0 - self._level / self.capacity

    def _refill(self, now: float) -> None:
        if now > self._filled_at:
            gained = (now - self._filled_at) * self.capacity / self.seconds
            self._level = min(self.capacity, self._level + gained)
            self._filled_at = now


@dataclass(slots=True)
class FixedWindow:
    """A count that starts again at nought every so many seconds; the first request opens the first window."""

    capacity: float
    """What one window allows."""
    seconds: float
    """How long a window lasts."""
    _opened_at: float | None = None
    _taken: float = 0.0

    def wait(self, cost: float, now: float) -> float:
        """See the interface."""
        opened_at = self._roll(now)
        # A float's rounding must not leave a sum such as 0.1 + 0.2 above its limit.
        if self._taken + cost <= self.capacity + 1e-9:
            return 0.0
        windows = -(-(self._taken + cost - self.capacity) // self.capacity)
        return opened_at + max(1.0, windows) * self.seconds - now

    def take(self, cost: float, now: float) -> None:
        """See the interface."""
        self._roll(now)
        self._taken = min(2 * self.capacity, self._taken + cost)

    def usage(self, now: float) -> float:
        """See the interface."""
        self._roll(now)
        return self._taken / self.capacity

    def _roll(self, now: float) -> float:
        if self._opened_at is None:
            self._opened_at = now
        passed = int((now - self._opened_at) // self.seconds)
        if passed > 0:
            self._opened_at += passed * self.seconds
            self._taken = max(0.0, self._taken - passed * self.capacity)
        return self._opened_at


@dataclass(slots=True)
class SharedBucket:
    """A bucket of which another program takes half for a while: between two counts of accepted cost, or two times.

    While it is shared, it fills and holds half as much; what it holds is halved as the other program arrives.
    """

    capacity: float
    """What a full bucket holds while nobody else drinks from it."""
    seconds: float
    """The time in which an empty one fills."""
    shared_from: float
    """The accepted cost, or the seconds since the first request, at which the other program arrives."""
    shared_until: float
    """The same for when it leaves."""
    by_time: bool = False
    """Whether the two are seconds; otherwise they count what was accepted."""
    _alone: TokenBucket = field(init=False)
    _shared: TokenBucket = field(init=False)
    _accepted: float = 0.0
    _first_at: float | None = None
    _was_shared: bool = False

    def __post_init__(self) -> None:
        self._alone = TokenBucket(self.capacity, self.seconds)
        self._shared = TokenBucket(self.capacity / 2, self.seconds)

    def wait(self, cost: float, now: float) -> float:
        """See the interface."""
        return self._bucket(now).wait(cost, now)

    def take(self, cost: float, now: float) -> None:
        """See the interface."""
        bucket = self._bucket(now)
        if cost >= 1.0 and bucket.wait(cost, now) == 0.0:  # less than one is the charge for a throttled request
            self._accepted += cost
        bucket.take(cost, now)

    def usage(self, now: float) -> float:
        """See the interface."""
        return self._bucket(now).usage(now)

    def _bucket(self, now: float) -> TokenBucket:
        if self._first_at is None:
            self._first_at = now
        position = now - self._first_at if self.by_time else self._accepted
        shared = self.shared_from <= position < self.shared_until
        before, after = (self._shared, self._alone) if self._was_shared else (self._alone, self._shared)
        if shared == self._was_shared:
            return before
        # The part in use is carried over, so that neither arriving nor leaving is a gift.
        usage = before.usage(now)
        after.take(after.capacity * (usage - after.usage(now)), now)
        self._was_shared = shared
        return after
