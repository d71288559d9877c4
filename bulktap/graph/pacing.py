"""Pacer: how many steps may leave now, and when next; pure, the clock given.

Nobody publishes the limit for creating passes; it differs by tenant and moves while others use it up. The pacer finds
it from the only evidence there is: which steps were accepted, and when.

**Searching.** As long as nothing was throttled there is no rate, only a *window* of steps in flight: one step first,
then as many more as were accepted, which doubles it with every round trip up to one batch of twenty. From there on it
grows by a quarter, up to `concurrency` batches: all that is in flight is lost at the first throttle.

**Pacing.** Two throttles are a measurement, and `limit_estimate` says how: what was accepted between them is what the
service refilled, and the pace to send at is a curve from just under that limit to just over it. Steps are paid from a
model of the service's bucket: empty at a throttle, filled at that pace, also during a hold, so that what a long
`Retry-After` saved up is used afterwards. Batches shrink to a quarter of a second's worth, so that running into the
limit costs little.

**Holding.** Any throttled step holds everybody until the longest `Retry-After` of them has passed; without one, until
an exponential backoff with jitter has; and longer while the service accepts nothing at all. Nothing leaves before.
After the limit was met, the window starts small and doubles again.

**Chance.** A service may also turn steps away at random, at any rate. `chance` tells this from the limit: a step that
is turned away by chance costs its hold and nothing else, neither window nor pace. Only what the limit turned away is
measured. A batch without an answer is neither (`unanswered`): more of them in a row back off.

**Ceilings.** `max_rate` is kept exactly where batches are begun: between any two no more steps than it allows for the
time in between. `x-ms-throttle-limit-percentage` is only a hint: near the limit the search goes on with a single batch
in flight; at the limit the pace grows slowly, and what is turned away there is the limit's work, not chance's. Where
hints came before and none comes now, the limit was raised, or measured too low: the pace then grows faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.graph.batch import MAX_STEPS
from bulktap.graph.chance import Chance
from bulktap.graph.hints import NEAR, Hints
from bulktap.graph.hold import Hold
from bulktap.graph.limit_estimate import LimitEstimate
from bulktap.graph.recent_rate import RecentRate

if TYPE_CHECKING:
    from collections.abc import Callable

_BATCH_SECONDS = 0.25
"""A paced batch holds this many seconds' worth of steps."""
_USED_UP = 0.95
"""`x-ms-throttle-limit-percentage` from which a throttled step beside it is the limit's and not chance's."""
_SLOW, _SLOWEST = 4, 16
"""Accepted steps for each by which the search's window grows beyond a batch: before the limit was met, and after."""
_REST = 2.0
"""Seconds without a departure after which the window begins small again."""


@dataclass(frozen=True, slots=True)
class PacingLimits:
    """Our own restraint, whatever the service would allow."""

    concurrency: int = 6
    """Batches in flight at most."""
    max_rate: float | None = None
    """Steps per second at most; None for no ceiling."""

    def __post_init__(self) -> None:
        if self.concurrency < 1 or (self.max_rate is not None and not self.max_rate > 0):
            raise ValueError("pacing limits are positive")


class Pacer:
    """Decides how many steps may leave; every `sent` is followed by one `answered` or `unanswered`."""

    def __init__(self, limits: PacingLimits, now: float, random: Callable[[], float] = lambda: 0.5) -> None:
        """Begin with one step; `now` is in monotonic seconds everywhere, `random` from 0 to 1, for the jitter."""
        self._limits = limits
        self._hold = Hold(now, random)
        self._window = 1.0
        self._estimate = LimitEstimate()
        self._chance = Chance()
        self._stragglers = 0
        self._hints = Hints()
        self._departed_at = now
        self._level = 0.0
        self._saved = 0
        self._level_at = now
        self._ceiling_free_at = now
        self._recent = RecentRate(now)
        self.in_flight = 0
        """Batches without an answer."""
        self.steps_in_flight = 0
        """Steps in them."""
        self.accepted_steps = 0
        """Steps that the service did not throttle, so far."""
        self.throttled_steps = 0
        """Steps that it did throttle, so far."""

    @property
    def hold_until(self) -> float:
        """No batch leaves before this moment."""
        return self._hold.until

    def allowance(self, now: float) -> int:
        """Return how many steps may leave now in one batch; 0 when none may."""
        if now < max(self.hold_until, self._ceiling_free_at) or self.in_flight >= self._limits.concurrency:
            return 0
        self._fill(now)
        self._shrink_after_rest(now)
        most = min(self._room(), self._largest_batch())
        if self._estimate.limit is not None:
            most = min(most, self._level + 1e-6)
        return int(most) if most >= self._smallest_batch() else 0

    def next_at(self, now: float) -> float | None:
        """Return the earliest moment worth asking again; None when only a reply can change anything."""
        if self.in_flight >= self._limits.concurrency or self._room() < self._smallest_batch():
            return None
        at = max(now, self.hold_until, self._ceiling_free_at)
        if self._estimate.limit is None:
            return at
        self._fill(now)
        rate = self._estimate.pace
        missing = self._smallest_batch() - (self._level + rate * (at - now))
        return at + max(0.0, missing / rate)

    def sent(self, steps: int, now: float) -> None:
        """Take note that a batch has left."""
        self._fill(now)
        if self._level > 2 * self._smallest_batch():
            self._saved += steps
        self._level -= steps
        self._departed_at = now
        self.in_flight += 1
        self.steps_in_flight += steps
        if self._limits.max_rate is not None:
            self._ceiling_free_at = now + steps / self._limits.max_rate

    def answered(
        self, *, accepted: int, throttled: int, retry_after: float | None, now: float, percentage: float | None = None
    ) -> None:
        """Take note of what became of a batch.

        Args:
            accepted: steps that the service did not throttle, whatever else it said about them.
            throttled: steps that it throttled; the whole batch's when its envelope was a 429.
            retry_after: the longest wait that it named, seconds; None when it named none.
            now: monotonic seconds.
            percentage: `x-ms-throttle-limit-percentage`, where it came; 1.0 is the limit.
        """
        straggles = self._leave_flight()
        self.accepted_steps += accepted
        self.throttled_steps += throttled
        self._recent.note(self.accepted_steps, now)
        if accepted:
            self._hold.accepted()
        told = percentage is not None and percentage >= _USED_UP
        met = self._meets_limit(accepted, throttled, now, straggles=straggles, told=told)
        if throttled:
            # A service that carries out most of a batch is well: a short pause is enough where it names none.
            well = accepted > throttled and not met
            self._hold.throttled(retry_after, now, mostly_accepted=well, straggles=straggles)
        if met:
            self._find_empty(now, straggles=straggles)
        elif accepted:
            self._advance(accepted, percentage or 0.0)

    def unanswered(self, now: float) -> None:
        """Take note that a batch came to nothing, for a reason that says nothing about any limit."""
        self._leave_flight()
        self._hold.unanswered(now)

    def _leave_flight(self) -> bool:
        """Count a batch as answered; say whether it was under way when the limit was met."""
        # How large this batch was is not asked: an even share keeps the sum right, and it is exact for the last one.
        self.steps_in_flight -= round(self.steps_in_flight / max(1, self.in_flight))
        self.in_flight = max(0, self.in_flight - 1)
        straggles = self._stragglers > 0
        self._stragglers = max(0, self._stragglers - 1)
        return straggles

    def _meets_limit(self, accepted: int, throttled: int, now: float, *, straggles: bool, told: bool) -> bool:
        """Say whether the limit turned a batch away, wholly or in part; forget the measured one if it was chance."""
        paced, trusted = self._estimate.limit is not None, not self._chance.on_record
        self._fill(now)
        saved = paced and self._level >= 2 * self._smallest_batch()
        early = saved or self._estimate.is_early
        plausible = self._estimate.is_plausible(now, self.accepted_steps, early=early)
        met = self._chance.take_in(
            accepted, throttled, paced=paced, early=early, plausible=plausible, straggles=straggles, told=told
        )
        if paced and trusted and not met and self._chance.on_record:
            self._estimate = LimitEstimate()
        return met

    def _advance(self, accepted: int, percentage: float) -> None:
        """Grow after a good reply, unless the service says that its limit is near."""
        if self._estimate.limit is None and percentage >= NEAR and self._window > MAX_STEPS:
            # The first throttle turns away all that is in flight: meet it with a single batch.
            self._window = max(float(MAX_STEPS), self._window / 2)
            return
        if percentage >= 1.0 and self._estimate.limit is None and self._window >= MAX_STEPS:
            return
        # What a hold saved up says nothing about the pace.
        saved = min(accepted, self._saved)
        self._saved -= saved
        if accepted > saved:
            self._estimate.advance((accepted - saved) * self._hints.haste(percentage, self._estimate.pace))
        slowness = 1 if self._window < MAX_STEPS or self._estimate.limit is not None else _SLOW
        self._window += accepted / (_SLOWEST if slowness > 1 and self._estimate.met_once else slowness)
        searching_nearby = self._estimate.limit is None and percentage >= NEAR
        most = 1 if searching_nearby else self._limits.concurrency
        self._window = min(self._window, float(MAX_STEPS * most))

    def rate(self, now: float) -> float:
        """Return accepted steps per second: the measured limit, or the average of late where none was met."""
        return self._recent.at(now) if self._estimate.limit is None else self._estimate.limit

    def _room(self) -> float:
        """Return how many steps more may be in flight; enough for one batch when none is."""
        return max(self._window, self._smallest_batch()) - self.steps_in_flight

    def _largest_batch(self) -> int:
        ceiling = self._limits.max_rate
        return MAX_STEPS if ceiling is None else max(1, min(MAX_STEPS, int(ceiling)))

    def _smallest_batch(self) -> int:
        if self._estimate.limit is None:
            return 1
        return min(self._largest_batch(), max(1, int(self._estimate.pace * _BATCH_SECONDS)))

    def _fill(self, now: float) -> None:
        if self._estimate.limit is not None:
            self._level += self._estimate.pace * max(0.0, now - self._level_at)
        self._level_at = now

    def _shrink_after_rest(self, now: float) -> None:
        """Begin small when nothing was under way for a while: the model's level is only a guess by then."""
        if self._estimate.limit is not None and self.in_flight == 0 and now - self._departed_at > _REST:
            self._window = min(self._window, self._smallest_batch())

    def _find_empty(self, now: float, *, straggles: bool) -> None:
        """Take note that the service has nothing left."""
        if straggles:
            self._estimate.still_throttled(now, self.accepted_steps, self.throttled_steps)
        else:
            self._stragglers = self.in_flight
            self._estimate.throttled(now, self.accepted_steps, self.throttled_steps, self._smallest_batch())
        self._level, self._level_at, self._saved = 0.0, now, 0
        self._window = self._smallest_batch()
