"""LimitEstimate: what the service's limit is, measured between throttles; pure.

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

One measurement alone does not bring the figure down by much: a throttle may be random, a hold may have been longer than
the bucket is deep, and a sliding window gives back little at first. Where few steps were throttled recently, the limit
cannot be far below what was sent, so that it falls by about their share at most; where many were, it may halve.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.graph.pacing.tuning import DEFAULT_TUNING

if TYPE_CHECKING:
    from bulktap.graph.pacing.tuning import PacingTuning


@dataclass(frozen=True, slots=True)
class _Throttle:
    """A moment at which the service had nothing left."""

    at: float
    accepted: int
    """Steps accepted until then."""
    throttled: int
    """Steps throttled until then."""


class LimitEstimate:
    """The measured limit, and the pace to send at."""

    def __init__(self, tuning: PacingTuning = DEFAULT_TUNING) -> None:
        self.limit: float | None = None
        """Steps per second; None before two throttles were seen."""
        self._tuning = tuning
        self._throttles: deque[_Throttle] = deque()
        self._grown = 0.0
        self._period = tuning.first_period
        self._early_in_a_row = 0

    @property
    def pace(self) -> float:
        """Steps per second to send at; 0 while nothing is known."""
        return (self.limit or 0.0) * (1 + self._tuning.below_limit * (self._grown / self._period - 1) ** 3)

    @property
    def met_once(self) -> bool:
        """True if the limit was met, but is not measured yet."""
        return self.limit is None and bool(self._throttles)

    @property
    def is_early(self) -> bool:
        """True if a throttle now would be a surprise: the pace is below the limit, as far as that is known."""
        return self.limit is None or self._grown < self._tuning.due * self._period

    def is_plausible(self, now: float, accepted: int, *, early: bool) -> bool:
        """Return True if the limit could be met now: what was accepted since the last throttle is what it refills.

        Args:
            now: monotonic seconds.
            accepted: steps accepted since the beginning.
            early: True if the limit was to be met later only; otherwise any throttle is plausible.
        """
        if self.limit is None or not early:
            return bool(self._throttles)
        last = self._throttles[-1]
        gained = accepted - last.accepted
        if gained <= 0:
            return False
        # The two steps at the ends of a span may or may not belong to it.
        return gained / self._seconds(now - last.at) > self.limit * (1 - self._tuning.disagreement - 2 / gained)

    def advance(self, accepted: float) -> None:
        """Move along the curve: this many steps were accepted at the pace; more or fewer, to grow faster or slower."""
        self._grown += accepted

    def throttled(self, now: float, accepted: int, throttled: int, batch: int) -> None:
        """Measure: the service has nothing left now.

        Args:
            now: monotonic seconds.
            accepted: steps accepted since the beginning.
            throttled: steps throttled since the beginning.
            batch: steps that the next probe may lose.
        """
        moment = _Throttle(now, accepted, throttled)
        # Nothing was accepted since the last throttle, so this belongs to the same measurement.
        if not self._throttles or accepted > self._throttles[-1].accepted:
            if self._throttles:
                self._early_in_a_row = self._early_in_a_row + 1 if self.is_early else 0
                before, least = self.limit, self._least(moment)
                measured = self._measure(moment, batch)
                most = self._tuning.highest_rise * (before or 0.0)
                limit = measured if before is None else min(max(measured, least), most)
                # Holds and outages are in what is measured: among them little is accepted, whatever the limit is.
                self.limit = max(limit, self._tuning.lowest_limit)
            self._throttles.append(moment)
        while len(self._throttles) > 2 and accepted - self._throttles[1].accepted > self._tuning.remembered_steps:
            self._throttles.popleft()
        self._grown = 0.0

    def still_throttled(self, now: float, accepted: int, throttled: int) -> None:
        """Move the last throttle to now: a batch that was under way at the time was throttled too."""
        if self._throttles:
            self._throttles[-1] = _Throttle(now, accepted, throttled)

    def _least(self, moment: _Throttle) -> float:
        """Return how low the limit may have fallen, by the share of steps that were throttled recently."""
        since = self._throttles[max(0, len(self._throttles) - 2)]
        throttled = moment.throttled - since.throttled
        share = throttled / (moment.accepted - since.accepted + throttled)
        if share >= self._tuning.few_throttled:
            fall = self._tuning.deepest_fall
        else:
            fall = max(share, self._tuning.early_fall if self.is_early else self._tuning.due_fall)
        return (self.limit or 0.0) * (1 - fall)

    def _measure(self, moment: _Throttle, batch: int) -> float:
        """Return what the throttles say the limit is, and set the next period."""
        tuning = self._tuning
        latest = self._rate(self._throttles[-1], moment)
        overall = self._rate(self._throttles[0], moment)
        if self.limit is not None and self._grown > tuning.overdue * self._period + 2 * batch:
            # The bucket was full for a while, or the limit was raised: it lies between what was accepted on average
            # and the pace that emptied the bucket in the end.
            self._throttles.clear()
            return math.sqrt(latest * max(latest, min(tuning.highest_rise * self.limit, self.pace)))
        if (since := self._moved_since(moment, overall)) is not None:
            self._period, self._throttles = tuning.first_period, deque([since])
            return self._rate(since, moment)
        if self._early_in_a_row < tuning.early_in_a_row:
            self._period = min(2 * self._period, tuning.probe_period * (batch + 1))
        else:
            self._period = max(tuning.first_period, self._period // 2)
        return overall

    def _moved_since(self, moment: _Throttle, overall: float) -> _Throttle | None:
        """Return the latest throttle since which the limit was another than on the whole, if there is one.

        A span of a few steps proves nothing by itself, because a step more or less is a large part of it; throttles
        that come early, one after the other, make a longer one.
        """
        for since in reversed(self._throttles):
            gained = moment.accepted - since.accepted
            if abs(self._rate(since, moment) / overall - 1) > self._tuning.disagreement + 2 / gained:
                return since
        return None

    def _rate(self, since: _Throttle, until: _Throttle) -> float:
        """Return accepted steps per second between two throttles."""
        return (until.accepted - since.accepted) / self._seconds(until.at - since.at)

    def _seconds(self, span: float) -> float:
        return max(span, self._tuning.shortest_span)
