"""Pacer: how many steps may leave now, and when next; pure, the clock given. The package's docstring says how."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bulktap.graph.batch_size import MAX_STEPS
from bulktap.graph.pacing.backoff import Backoff
from bulktap.graph.pacing.bucket_model import BucketModel
from bulktap.graph.pacing.limit_estimate import LimitEstimate, Moment
from bulktap.graph.pacing.random_throttling import RandomThrottling
from bulktap.graph.pacing.recent_rate import RecentRate
from bulktap.graph.pacing.tuning import DEFAULT_TUNING
from bulktap.graph.pacing.usage_header import UsageHeader

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.graph.pacing.tuning import PacingTuning


class PacingState(Enum):
    """What the pacing knows of the service's limit; the package's docstring draws how one state leads to the next."""

    SEARCHING = "searching"
    """The limit was not met yet: a window of steps in flight grows with every accepted one."""
    MET_ONCE = "met once"
    """The limit was met, and one moment is no measurement: the window starts small and grows slowly."""
    PACED = "paced"
    """The limit is measured: steps leave at its pace."""
    SUSPECT = "suspect"
    """Paced, but throttles came earlier than the measurement allows; a few more, and they are chance's."""


@dataclass(frozen=True, slots=True)
class PacingLimits:
    """Our own restraint, whatever the service would allow."""

    concurrency: int = 6
    """Batches in flight at most."""
    max_rate: float | None = None
    """Steps per second at most; None for no ceiling."""
    full_from_start: bool = False
    """Whether all of them may be in flight before anything is known of the service's limit."""

    def __post_init__(self) -> None:
        if self.concurrency < 1 or (self.max_rate is not None and not self.max_rate > 0):
            raise ValueError("pacing limits are positive")


class Pacer:
    """Decides how many steps may leave; every `sent` is followed by one `answered` or `unanswered`."""

    def __init__(
        self,
        limits: PacingLimits,
        now: float,
        random: Callable[[], float] = lambda: 0.5,
        tuning: PacingTuning = DEFAULT_TUNING,
    ) -> None:
        """Begin with one step, or with all that the limits allow.

        Args:
            limits: the operator's ceilings.
            now: monotonic seconds, here and everywhere.
            random: gives numbers from 0 to 1, for the jitter.
            tuning: the constants.
        """
        self._limits = limits
        self._tuning = tuning
        self._backoff = Backoff(now, random, tuning)
        self._window = float(MAX_STEPS * limits.concurrency) if limits.full_from_start else 1.0
        self._estimate = LimitEstimate(tuning)
        self._random_throttling = RandomThrottling(tuning)
        self._stragglers = 0
        self._departures: deque[float] = deque()
        self._trip = 0.0
        self._throttled_at = 0
        self._steps_before = 0
        self._emptied_at = -1
        self._limited = 0
        self._in_a_row = 0
        self._usage_header = UsageHeader(tuning)
        self._departed_at = now
        self._bucket = BucketModel(now, tuning)
        self._saved = 0
        self._ceiling_free_at = now
        self._recent = RecentRate(now, tuning)
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
        return self._backoff.hold_until

    @property
    def state(self) -> PacingState:
        """What is known of the limit at present."""
        if self._estimate.limit is None:
            return PacingState.MET_ONCE if self._estimate.met_once else PacingState.SEARCHING
        return PacingState.SUSPECT if self._random_throttling.suspected else PacingState.PACED

    def allowance(self, now: float) -> int:
        """Return how many steps may leave now in one batch; 0 when none may."""
        if now < max(self.hold_until, self._ceiling_free_at) or self.in_flight >= self._limits.concurrency:
            return 0
        self._fill(now)
        self._shrink_after_rest(now)
        most = min(self._room(), self._largest_batch())
        if self._is_paced:
            most = min(most, self._bucket.level + 1e-6)
        return int(most) if most >= self._smallest_batch() else 0

    def next_at(self, now: float) -> float | None:
        """Return the earliest moment worth asking again; None when only a reply can change anything."""
        if self.in_flight >= self._limits.concurrency or self._room() < self._smallest_batch():
            return None
        at = max(now, self.hold_until, self._ceiling_free_at)
        if not self._is_paced:
            return at
        self._fill(now)
        rate = self._estimate.pace
        missing = self._smallest_batch() - self._bucket.at(at, rate)
        return at + max(0.0, missing / rate)

    def sent(self, steps: int, now: float) -> None:
        """Take note that a batch has left."""
        self._fill(now)
        if self._bucket.level > 2 * self._smallest_batch():
            self._saved += steps
        self._bucket.level -= steps
        self._departed_at = now
        self._departures.append(now)
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
        straggles = self._leave_flight(now)
        self.accepted_steps += accepted
        self.throttled_steps += throttled
        self._recent.note(self.accepted_steps, now)
        if accepted:
            self._estimate.note(now, self.accepted_steps)
            self._backoff.accepted()
        elif not throttled and not self.in_flight:
            self._estimate.lose_sight()
        self._fill(now)
        if not throttled:
            self._bucket.accepted(accepted)
            self._random_throttling.take_in(
                accepted,
                0,
                paced=self._is_paced,
                early=self._estimate.is_early,
                width=self._estimate.width,
                plausible=False,
                straggles=straggles,
                exhausted=False,
            )
            if accepted:
                self._advance(accepted, percentage or 0.0)
            return
        self._bucket.accepted(accepted)
        shallow = self._is_shallow(accepted, throttled, now, straggles=straggles)
        exhausted = percentage is not None and percentage >= self._tuning.throttled_at_limit
        met = self._meets_limit(accepted, throttled, straggles=straggles, exhausted=exhausted, shallow=shallow)
        begins = self.hold_until <= now
        # A service that carries out most of a batch works: a short pause is enough where it names none.
        well = accepted > throttled and not met
        self._backoff.throttled(retry_after, now, mostly_accepted=well, straggles=straggles)
        if met:
            self._find_empty(now, throttled, straggles=straggles, shallow=shallow)
        elif accepted:
            self._advance(accepted, percentage or 0.0)
        if self._tuning.much_throttled <= throttled > accepted and not met and self._window < MAX_STEPS:
            self._window = max(1.0, self._window / 2)
        self._bucket.hold(self.hold_until, begins=begins)

    def unanswered(self, now: float, latest: float | None = None) -> None:
        """Take note that a batch came to nothing, for a reason that says nothing about any limit.

        Args:
            now: monotonic seconds.
            latest: a moment at which somebody waits for another attempt (`backoff`).
        """
        self._leave_flight(None)
        if not self.in_flight:
            self._estimate.lose_sight()
        self._backoff.unanswered(now, latest)

    def _leave_flight(self, now: float | None) -> bool:
        """Count a batch as answered, and return True if it was under way when the limit was met.

        Args:
            now: when it was answered; None for a batch without an answer.
        """
        if self._departures:
            # Which batch this was is not asked: on average the oldest one is as good.
            departed = self._departures.popleft()
            if now is not None:
                share = self._tuning.trip_share if self._trip else 1.0
                self._trip += share * (now - departed - self._trip)
        # How large this batch was is not asked: an even share keeps the sum right, and it is exact for the last one.
        self.steps_in_flight -= round(self.steps_in_flight / max(1, self.in_flight))
        self.in_flight = max(0, self.in_flight - 1)
        straggles = self._stragglers > 0
        self._stragglers = max(0, self._stragglers - 1)
        return straggles

    def _is_shallow(self, accepted: int, throttled: int, now: float, *, straggles: bool) -> bool:
        """Return True if a batch was throttled because less was saved up during a hold than the model says."""
        if not self._is_paced:
            return False
        on_record, many = self._random_throttling.on_record, self._tuning.much_throttled <= throttled > accepted
        if on_record and not many:
            return False
        left_after_hold = not straggles and now - self.hold_until > self._tuning.shortest_trip * self._trip
        clear = left_after_hold and throttled >= accepted and not on_record
        return self._bucket.is_shallow(now, self._estimate.pace, self._estimate.drawn, clear=clear)

    def _meets_limit(self, accepted: int, throttled: int, *, straggles: bool, exhausted: bool, shallow: bool) -> bool:
        """Return True if the limit throttled a batch; climb, or search anew, where throttling proves random."""
        tuning, paced, trusted = self._tuning, self._is_paced, not self._random_throttling.on_record
        since = self.accepted_steps - self._throttled_at
        # Throttles that follow each other closely, again and again, are no chance: the limit has fallen.
        close = trusted and max(since, self._steps_before) < tuning.chance_steps
        early = shallow or (self._estimate.is_early and not close)
        if not straggles:
            self._steps_before = since
        alone = since > tuning.stray_steps
        self._throttled_at = self.accepted_steps
        if not straggles:
            self._in_a_row = 1 if alone else self._in_a_row + 1
        findings = self._random_throttling.findings
        expected = paced and not shallow and (not early or self._in_a_row >= tuning.early_in_a_row)
        met = self._random_throttling.take_in(
            accepted,
            throttled,
            paced=paced,
            early=early,
            width=self._estimate.width,
            plausible=expected or self._estimate.met_once,
            straggles=straggles,
            exhausted=exhausted or (shallow and trusted and throttled > tuning.few_throttled * (accepted + throttled)),
        )
        if self._random_throttling.findings > findings:
            if self._random_throttling.is_frequent:
                self._estimate = LimitEstimate(tuning)
            else:
                self._estimate.climb()
            self._bucket.forget_depth()
        elif paced and trusted and not met and early and not shallow and not straggles:
            self._estimate.lower()
        return met

    def _advance(self, accepted: int, percentage: float) -> None:
        """Grow after a good reply, unless the service says that its limit is near."""
        near_unmeasured = not self._is_paced and percentage >= self._tuning.near_limit
        if near_unmeasured and self._window > MAX_STEPS:
            # The first throttle hits all that is in flight: meet it with a single batch.
            self._window = max(float(MAX_STEPS), self._window / 2)
            return
        if percentage >= 1.0 and not self._is_paced and self._window >= MAX_STEPS:
            return
        # What a hold saved up says nothing about the pace.
        saved = min(accepted, self._saved)
        self._saved -= saved
        if accepted > saved:
            growth = self._usage_header.growth(percentage, self._estimate.pace)
            self._estimate.advance((accepted - saved) * growth)
        self._window += accepted / self._steps_to_grow()
        most = 1 if near_unmeasured else self._limits.concurrency
        self._window = min(self._window, float(MAX_STEPS * most))
        if self._is_paced:
            under_way = self._tuning.catching_up * self._estimate.pace * self._trip
            spare = self._tuning.saved_at_once * max(0.0, self._bucket.level)
            self._window = min(self._window, self._smallest_batch() + under_way + spare)

    def _steps_to_grow(self) -> float:
        """Return how many accepted steps make the window grow by one."""
        if self._window < MAX_STEPS:
            return 1
        match self.state:
            case PacingState.SEARCHING | PacingState.MET_ONCE:
                by_time = 1 / (self._tuning.growth * max(self._trip, self._tuning.shortest_span))
                lanes = max(1, self._limits.concurrency - 1)
                return max(self._tuning.growth_steps, self._tuning.search_steps / (MAX_STEPS * lanes), by_time)
            case PacingState.PACED | PacingState.SUSPECT:
                return 1

    def rate(self, now: float) -> float:
        """Return accepted steps per second: the measured limit, or the recent average where none is of use."""
        if self._estimate.limit is None or self._estimate.holds_are_costly:
            return self._recent.at(now)
        return self._estimate.limit

    @property
    def _is_paced(self) -> bool:
        return self._estimate.limit is not None

    def _room(self) -> float:
        """Return how many steps more may be in flight; enough for one batch when none is."""
        return max(self._window, self._smallest_batch()) - self.steps_in_flight

    def _largest_batch(self) -> int:
        ceiling = self._limits.max_rate
        return MAX_STEPS if ceiling is None else max(1, min(MAX_STEPS, int(ceiling)))

    def _smallest_batch(self) -> int:
        if not self._is_paced:
            return 1
        # Where a hold is costly, smaller batches keep their distance more evenly.
        least = 0.0 if self._estimate.holds_are_costly else self._tuning.batch_seconds
        seconds = max(least, self._trip / max(1, self._limits.concurrency - 1))
        return min(self._largest_batch(), max(1, int(min(self._bucket.depth, self._estimate.pace * seconds))))

    def _fill(self, now: float) -> None:
        self._bucket.fill(now, self._estimate.pace)
        if self._estimate.holds_are_costly:
            self._bucket.spare(self._smallest_batch())

    def _shrink_after_rest(self, now: float) -> None:
        """Begin small when nothing was under way for a while: the model's level is only a guess by then."""
        resting = now - self._departed_at if self.in_flight == 0 else 0.0
        if self._is_paced and resting > self._tuning.rest_seconds:
            self._window = min(self._window, self._smallest_batch())

    def _find_empty(self, now: float, throttled: int, *, straggles: bool, shallow: bool) -> None:
        """Take note that the service has nothing left."""
        if self._is_paced and not straggles and self.accepted_steps == self._emptied_at:
            self._bucket.hold_was_short()
        self._emptied_at = self.accepted_steps
        self._limited += throttled
        if not straggles or shallow:
            self._stragglers = self.in_flight
        if straggles and not shallow:
            self._estimate.still_throttled(now, self.accepted_steps, self._limited)
        elif not shallow:
            self._estimate.throttled(
                Moment(now, self.accepted_steps, self._limited, self._limited - throttled),
                batch=self._smallest_batch(),
                trip=self._trip,
                depth=self._bucket.depth,
                hold=self.hold_until - now,
                spends=self._bucket.is_spent_from(now, self._estimate.pace),
                random=self._random_throttling.on_record,
            )
        self._bucket.empty(throttled, again=straggles)
        self._saved = 0
        self._window = self._smallest_batch() + self._estimate.pace * self._trip
