"""LimitEstimate: what the service's limit is, as an interval measured between throttles; pure.

A throttled step says that the service has less than one step left. Between two such moments it granted what was
accepted, give or take a step, so that *accepted / elapsed* is the limit, whatever was done in between. Two things are
uncertain, and both raise the limit that is possible. A throttled step may have been charged like an accepted one. And
what was granted while the bucket was full was lost, in a long hold above all: at some moment the bucket was full, and
what was accepted from there on is what it held and what it refilled. How much it holds is seen where it was emptied
before. So each span gives a lowest and a highest rate; where a throttle came early, the limit is taken to be in the
lower part of it, otherwise in the upper.

The spans from older moments until now are longer and narrower. They are intersected from the latest to the oldest;
where one contradicts the later ones, or a throttle was long overdue, the limit moved, and older ones are forgotten.

The pace to send at follows a curve in *accepted steps* rather than seconds, so that small limits are treated like large
ones. It begins just below the limit, reaches the end of the interval after two periods, and from there on doubles every
few seconds, which finds a limit that was raised. A period is as long as it takes to tell apart what the interval leaves
open, and longer the more a throttle costs: the steps in flight, and what overflows during its hold; but a minute at
most, since a limit that was raised in the meantime costs time as well.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.graph.pacing.costly_holds import CostlyHolds, Meeting
from bulktap.graph.pacing.tuning import DEFAULT_TUNING

if TYPE_CHECKING:
    from bulktap.graph.pacing.tuning import PacingTuning


@dataclass(slots=True)
class Moment:
    """A moment at which the service had nothing left."""

    at: float
    accepted: int
    """Steps accepted until then."""
    throttled: int
    """Steps throttled until then, those of this moment included."""
    before: int
    """Steps throttled before this moment."""
    least: float = 0.0
    """Steps until then that were granted while the bucket was full, at least."""
    most: float = 0.0
    """The same at most."""


class LimitEstimate:
    """The measured limit, and the pace to send at."""

    def __init__(self, tuning: PacingTuning = DEFAULT_TUNING) -> None:
        self.limit: float | None = None
        """Steps per second; None before two throttles were seen."""
        self.width = 0.0
        """How far the ends of the interval are from the limit, in parts of it."""
        self._tuning = tuning
        self._throttles: deque[Moment] = deque()
        self._grown = 0.0
        self._period = float(tuning.first_period)
        self._doubling = float(tuning.first_period)
        self._loss = 2.0
        self.drawn = 1.0
        """The most that was ever accepted beyond what was refilled meanwhile."""
        self._first_points: list[tuple[float, int]] = []
        self._points: list[tuple[float, int]] = []
        self._costly = CostlyHolds(tuning)
        self._hold = 0.0

    @property
    def pace(self) -> float:
        """Steps per second to send at; 0 while nothing is known."""
        if self._costly.in_force:
            return self._costly.pace
        turned = self._grown / self._period - 1
        steep = self._tuning.below_limit if turned < 0 else max(self._tuning.below_limit, self.width)
        if turned <= 1:
            return (self.limit or 0.0) * (1 + steep * turned**3)
        doublings = (self._grown - 2 * self._period) / self._doubling
        climbed = math.exp(min(doublings, self._tuning.longest_climb) * math.log(self._tuning.climb))
        return (self.limit or 0.0) * (1 + steep) * climbed

    @property
    def holds_are_costly(self) -> bool:
        """True if a hold costs more than it saves up, so that the pace keeps away from the limit."""
        return self._costly.in_force

    @property
    def met_once(self) -> bool:
        """True if the limit was met, but is not measured yet."""
        return self.limit is None and bool(self._throttles)

    @property
    def is_early(self) -> bool:
        """True if a throttle now would be a surprise: the pace is below the limit, as far as that is known."""
        return self.limit is None or (
            self._grown < self._tuning.due * self._period and self.width < self._tuning.well_measured
        )

    def note(self, now: float, accepted: int) -> None:
        """Remember when how many steps had been accepted since the beginning."""
        self._points.append((now, accepted))
        if len(self._points) > self._tuning.remembered_points:
            del self._points[1:-1:2]

    def advance(self, accepted: float) -> None:
        """Move along the curve: this many steps were accepted at the pace; more or fewer, to grow faster or slower."""
        self._grown += accepted
        if self._costly.in_force:
            self._costly.advance(accepted)

    def climb(self) -> None:
        """Raise the pace from now on: the service throttles at random, and the limit may be far above what is known."""
        self._grown = max(self._grown, 2 * self._period)

    def lower(self) -> None:
        """Take note of a throttled step that came early: by chance, or because the limit is a little lower."""
        if self.limit is not None:
            self.limit = max(self.limit * (1 - self._tuning.early_fall), self._tuning.lowest_limit)

    def throttled(
        self,
        moment: Moment,
        *,
        batch: int,
        trip: float,
        depth: float,
        hold: float,
        spends: bool = False,
        random: bool = False,
    ) -> None:
        """Measure: the service has nothing left at that moment.

        Args:
            moment: when, and after how many steps.
            batch: steps in a batch.
            trip: seconds that a batch takes.
            depth: what the service saves up at most, as far as that is known.
            hold: seconds for which nothing leaves now.
            spends: True if what an earlier hold saved up was still being spent.
            random: True if the service throttles at random as well: its holds keep the limit from being met.
        """
        now, accepted = moment.at, moment.accepted
        # Nothing was accepted since the last throttle, so this belongs to the same measurement.
        if not self._throttles or accepted > self._throttles[-1].accepted:
            if self._throttles:
                pace = self.pace
                highest = self._measure(moment, batch, trip, depth, hold, spends=spends)
                if random:
                    self._doubling = self._period
                    self._costly.forget()
                else:
                    self._mind_hold(moment, hold, pace, highest)
            else:
                if self.limit is None:
                    self._first_points = [*self._points, (now, accepted)]
                self._points = [(now, accepted)]
            self._throttles.append(moment)
        elif self.limit is not None:
            last = self._throttles[-1]
            most = (1 + last.throttled - last.before) / self._seconds(now - last.at)
            self.limit = max(min(self.limit, most), self._tuning.lowest_limit)
        while len(self._throttles) > 2 and accepted - self._throttles[1].accepted > self._tuning.remembered_steps:
            self._throttles.popleft()
        while len(self._points) > 1 and self._points[0][0] < self._throttles[0].at:
            del self._points[0]
        self._grown = 0.0
        self._hold = hold

    def still_throttled(self, now: float, accepted: int, throttled: int) -> None:
        """Move the last throttle to now: a batch that was under way at the time was throttled too."""
        if self._throttles:
            last = self._throttles[-1]
            last.at, last.accepted, last.throttled = now, accepted, throttled

    def lose_sight(self) -> None:
        """Take note of a time in which the service did nothing for another reason: no span reaches across it."""
        self._throttles.clear()
        self._points.clear()

    def _measure(self, moment: Moment, batch: int, trip: float, depth: float, hold: float, *, spends: bool) -> float:
        """Measure the limit anew, and return the highest that explains all spans."""
        tuning = self._tuning
        least, most = self._overflow(moment, depth, spends=spends)
        moment.least = self._throttles[-1].least + least
        moment.most = self._throttles[-1].most + most
        low, high = self._intersected(moment)
        low, high = max(low, tuning.lowest_limit), max(high, tuning.lowest_limit)
        before = self.limit
        early = before is not None and self._grown < self._period
        upper = 1 - tuning.optimism if early else tuning.optimism
        limit = low ** (1 - upper) * high**upper
        self.limit = limit if self.limit is None else max(limit, self._least(moment))
        self.drawn = self._draw(self.limit)
        self.width = min(tuning.widest, max(high / self.limit - 1, 1 / (moment.accepted - self._throttles[0].accepted)))
        if before is not None:
            last = self._throttles[-1]
            self._loss += (last.throttled - last.before - self._loss) / 2
        overflows = max(0.0, self.limit * hold - min(depth, self.drawn))
        cost = min(self._loss, tuning.dearest) + overflows
        shortest = max(tuning.first_period, tuning.first_batches * batch + tuning.first_trips * self.limit * trip)
        longest = max(tuning.longest_steps, tuning.longest_period * self.limit)
        self._period = max(
            shortest,
            min(tuning.probe_period * cost, tuning.cautious * cost / self.width, longest),
        )
        self._doubling = max(shortest, min(self._period, tuning.climb_seconds * self.limit))
        return high

    def _mind_hold(self, moment: Moment, hold: float, pace: float, highest: float) -> None:
        """Let the pace keep away from the limit where holds cost more than they save up."""
        last = self._throttles[-1]
        self._costly.met(
            Meeting(
                pace=pace,
                gained=moment.accepted - last.accepted,
                seconds=self._seconds(moment.at - last.at),
                held=self._hold,
                hold=hold,
                highest=highest,
                depth=self._draw(highest),
            )
        )

    def _least(self, moment: Moment) -> float:
        """Return how low the limit may have fallen, by the share of steps that were throttled recently."""
        since = self._throttles[max(0, len(self._throttles) - 2)]
        throttled = moment.throttled - since.before
        share = throttled / (moment.accepted - since.accepted + throttled)
        if share >= self._tuning.few_throttled and throttled >= self._tuning.some_throttled:
            fall = self._tuning.deepest_fall
        else:
            fall = max(share, self._tuning.early_fall if self.is_early else self._tuning.due_fall)
        return (self.limit or 0.0) * (1 - fall)

    def _overflow(self, moment: Moment, depth: float, *, spends: bool) -> tuple[float, float]:
        """Return how many steps the service granted since the last throttle while its bucket was full.

        At some moment the bucket was full, and what was accepted since then is what it held and what it refilled. A
        lower rate with a deeper bucket may explain a span as well as a higher one with a shallower bucket: the most is
        that of the highest rate which explains it.
        """
        last = self._throttles[-1]
        gained, seconds = moment.accepted - last.accepted, self._seconds(moment.at - last.at)
        lowest = low = high = gained / seconds
        # Just before a step was accepted, the bucket may have been full.
        full = [
            (moment.at - at, moment.accepted - had)
            for (_before, had), (at, _accepted) in itertools.pairwise(self._points)
            if last.at <= at < moment.at - self._tuning.shortest_span
            and moment.accepted - had >= min(self._tuning.fewest_taken, gained / 2)
        ]
        deep = self._draw(lowest)
        for since, taken in full:
            low = max(low, (taken - deep) / since)
        high = rate = low
        most = self._highest(lowest, spends=spends)
        while rate < most:
            rate = min(most, rate * self._tuning.rate_step)
            shallow = self._tuning.depth_share * min(self._draw(rate, last.at), depth)
            if any(taken + 1 - shallow >= rate * since for since, taken in full):
                high = rate
        return (low - lowest) * seconds, (high - lowest) * seconds

    def _highest(self, lowest: float, *, spends: bool) -> float:
        """Return the highest rate worth believing, of a span in which that many steps a second were accepted."""
        if self.limit is None:
            return self._tuning.highest_first * lowest
        # What a hold saved up leaves faster than the pace: a throttle in the midst of it says nothing of the pace.
        return max(self.pace, lowest) * (self._tuning.highest_spent if spends else 1.0)

    def _draw(self, rate: float, until: float = math.inf) -> float:
        """Return the most that was ever accepted beyond what was refilled meanwhile: the bucket holds that."""
        deepest = 1.0
        for points in (self._first_points, self._points):
            drawn, (before, had) = 0.0, points[0] if points else (0.0, 0)
            for at, accepted in points:
                if at > until:
                    break
                drawn = max(0.0, drawn - rate * (at - before)) + accepted - had
                before, had = at, accepted
                deepest = max(deepest, drawn)
        return deepest

    def _intersected(self, moment: Moment) -> tuple[float, float]:
        """Return what all spans until now agree upon; forget the moments before the first that does not."""
        low, high = self._span(self._throttles[-1], moment)
        overdue = self.limit is not None and self._grown > self._tuning.overdue * self._period
        for index in range(len(self._throttles) - 2, -1, -1):
            lowest, highest = self._span(self._throttles[index], self._throttles[index + 1])
            apart = max(lowest / high, low / highest) > 1 + self._tuning.disagreement
            if overdue or apart:
                for _ in range(index + 1):
                    self._throttles.popleft()
                break
            lowest, highest = self._span(self._throttles[index], moment)
            low, high = max(low, lowest), min(high, highest)
            if low > high:
                low = high = (low + high) / 2
        return low, high

    def _span(self, since: Moment, until: Moment) -> tuple[float, float]:
        """Return the lowest and the highest rate between two moments."""
        gained = until.accepted - since.accepted
        charged = self._tuning.charged * (since.throttled - since.before)
        seconds = self._seconds(until.at - since.at)
        return (
            max(gained - 1 + until.least - since.least, 0.5) / seconds,
            (gained + 1 + charged + until.most - since.most) / seconds,
        )

    def _seconds(self, span: float) -> float:
        return max(span, self._tuning.shortest_span)
