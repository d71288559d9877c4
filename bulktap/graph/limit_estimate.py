"""LimitEstimate: what the service's limit is, measured between throttles; pure, used by `pacing` alone.

A throttled step says that the service's bucket is empty (or its window used up). Between two such moments exactly
what was refilled has been accepted, so *accepted / elapsed* between two throttles is the limit, however large the
bucket is and whatever was done in between. Older moments make the figure more exact as long as the limit stands
still; when the time since one of them disagrees with the whole, those before it are forgotten.

The pace to send at follows a cubic curve around the limit, in *accepted steps* rather than seconds, so that small
limits are treated like large ones: 97 % at first, flat near the limit, 103 % after two periods, steeper the longer
nothing is throttled, which finds a limit that was raised. When throttles come early twice in a row, the limit was
measured too low, or moved, and the period shrinks again. What was saved under the limit is used above it, so that on
average the limit itself is reached. A period is long enough for the steps lost in one probe to stay near 1 % of the
accepted ones.

One measurement alone does not bring the figure down by much: a throttle may be chance, a hold may have been longer than
the bucket is deep, and a sliding window gives back little at first. Where few steps were turned away of late, the limit
cannot lie far under what was sent, so that it falls by about their share at most; where many were, it may halve.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

UNDER = 0.03
"""How far under the measured limit the curve begins."""
_SHORTEST_PERIOD = 16
"""Accepted steps in the first period after a new measurement; it doubles from one throttle to the next."""
_PROBE_SHARE = 50
"""Accepted steps in half a cycle for every step that a probe is expected to lose."""
_REMEMBERED_STEPS = 600
"""Throttles are remembered for this many accepted steps."""
_DUE = 0.7
"""Periods from which on a throttle is no surprise."""
_OVERDUE = 2.2
"""Periods after which a throttle should have come, if the measured limit were right."""
_FEW_LOST = 0.1
"""Share of steps turned away since the last throttle but one, under which the limit is not far below the pace."""
_SURPRISE_FALL, _LEAST_FALL, _MOST_FALL = 0.01, 0.03, 0.5
"""By how much a throttle may lower the limit: an early one and another after few lost steps; any after many."""
_HIGHEST_LIFT = 3
"""A limit is not believed to have been raised to more than so many times its old value at once."""
_LOWEST_LIMIT = 0.1
"""Steps per second. Holds and outages are in what is measured: among them little is accepted, whatever the limit is."""
_SHORTEST_SPAN = 0.001
"""Seconds; two throttles are never taken to be closer."""
_DISAGREES = 0.2
"""How far the time since a throttle may be off the whole before older ones are forgotten."""


@dataclass(frozen=True, slots=True)
class _Throttle:
    """A moment at which the service had nothing left."""

    at: float
    accepted: int
    lost: int


class LimitEstimate:
    """The measured limit, and the pace to send at."""

    def __init__(self) -> None:
        self.limit: float | None = None
        """Steps per second; None before two throttles were seen."""
        self._throttles: deque[_Throttle] = deque()
        self._grown = 0.0
        self._period = _SHORTEST_PERIOD
        self._early_ones = 0

    @property
    def pace(self) -> float:
        """Steps per second to send at; 0 while nothing is known."""
        return (self.limit or 0.0) * (1 + UNDER * (self._grown / self._period - 1) ** 3)

    @property
    def met_once(self) -> bool:
        """Whether the limit was met, but not measured yet."""
        return self.limit is None and bool(self._throttles)

    @property
    def is_early(self) -> bool:
        """Whether a throttle now would be a surprise: the pace is under the limit, as far as that is known."""
        return self.limit is None or self._grown < _DUE * self._period

    def is_plausible(self, now: float, accepted: int, *, early: bool) -> bool:
        """Return whether the limit could be met now: what was accepted since the last throttle is what it refills.

        Args:
            now: monotonic seconds.
            accepted: steps accepted since the beginning.
            early: whether the limit was to be met later only; when it was not, any throttle is plausible.
        """
        if self.limit is None or not early:
            return bool(self._throttles)
        last = self._throttles[-1]
        gained = accepted - last.accepted
        return gained > 0 and gained / max(now - last.at, _SHORTEST_SPAN) > self.limit * (1 - _DISAGREES - 2 / gained)

    def advance(self, accepted: float) -> None:
        """Move along the curve: this many steps were accepted at the pace; more or fewer, for more or less haste."""
        self._grown += accepted

    def throttled(self, now: float, accepted: int, lost: int, batch: int) -> None:
        """Measure: the service has nothing left now, after so many accepted steps in all.

        Args:
            now: monotonic seconds.
            accepted: steps accepted since the beginning.
            lost: steps throttled since the beginning.
            batch: steps that the next probe may lose.
        """
        moment = _Throttle(now, accepted, lost)
        # Without a step accepted since the last throttle it is still the same emptiness, and the span goes on.
        if not self._throttles or accepted > self._throttles[-1].accepted:
            if self._throttles:
                self._early_ones = self._early_ones + 1 if self.is_early else 0
                before, least = self.limit, self._least(moment)
                measured = self._measure(moment, batch)
                limit = measured if before is None else min(max(measured, least), _HIGHEST_LIFT * before)
                self.limit = max(limit, _LOWEST_LIMIT)
            self._throttles.append(moment)
        while len(self._throttles) > 2 and accepted - self._throttles[1].accepted > _REMEMBERED_STEPS:
            self._throttles.popleft()
        self._grown = 0.0

    def still_throttled(self, now: float, accepted: int, lost: int) -> None:
        """Move the last throttle to now: a batch that was under way at the time was turned away too."""
        if self._throttles:
            self._throttles[-1] = _Throttle(now, accepted, lost)

    def _least(self, moment: _Throttle) -> float:
        """Return how low the limit may have fallen, by the share of steps that were turned away of late."""
        since = self._throttles[max(0, len(self._throttles) - 2)]
        lost = moment.lost - since.lost
        share = lost / (moment.accepted - since.accepted + lost)
        fall = _MOST_FALL if share >= _FEW_LOST else max(share, _SURPRISE_FALL if self.is_early else _LEAST_FALL)
        return (self.limit or 0.0) * (1 - fall)

    def _measure(self, moment: _Throttle, batch: int) -> float:
        """Return what the throttles say the limit is, and set the next period."""
        latest = _rate(self._throttles[-1], moment)
        overall = _rate(self._throttles[0], moment)
        if self.limit is not None and self._grown > _OVERDUE * self._period + 2 * batch:
            # The bucket was full for a while, or the limit was raised: it lies between what was accepted on average
            # and the pace that emptied the bucket in the end.
            self._throttles.clear()
            return math.sqrt(latest * max(latest, min(_HIGHEST_LIFT * self.limit, self.pace)))
        if (since := self._moved_since(moment, overall)) is not None:
            self._period, self._throttles = _SHORTEST_PERIOD, deque([since])
            return _rate(since, moment)
        longer = min(2 * self._period, _PROBE_SHARE * (batch + 1))
        self._period = longer if self._early_ones < 2 else max(_SHORTEST_PERIOD, self._period // 2)
        return overall

    def _moved_since(self, moment: _Throttle, overall: float) -> _Throttle | None:
        """Return the latest throttle since which the limit was another than on the whole, if there is one.

        A span of a few steps proves nothing by itself, because a step more or less is a large part of it; throttles
        that come early, one after the other, make a longer one.
        """
        for since in reversed(self._throttles):
            gained = moment.accepted - since.accepted
            if abs(_rate(since, moment) / overall - 1) > _DISAGREES + 2 / gained:
                return since
        return None


def _rate(since: _Throttle, until: _Throttle) -> float:
    """Return accepted steps per second between two throttles."""
    return (until.accepted - since.accepted) / max(until.at - since.at, _SHORTEST_SPAN)
