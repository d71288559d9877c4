"""PacingTuning: every constant of the pacing, in one value that tests and experiments can vary.

Where a figure comes from stands beside it: *documented* by Microsoft, or *tried* in simulated time.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PacingTuning:
    """The constants of the pacing; the defaults are what bulktap runs with."""

    # Window and batches: `pacer`

    batch_seconds: float = 0.25
    """A paced batch holds this many seconds' worth of steps."""
    growth_steps: int = 4
    """Accepted steps for each step by which the window grows beyond one batch while searching."""
    cautious_growth_steps: int = 16
    """The same once the limit was met and is not measured yet."""
    rest_seconds: float = 2.0
    """Seconds without a departure after which the window starts small again."""

    # How long nothing leaves: `backoff`

    first_backoff: float = 1.0
    """Seconds of the first hold when the service names none."""
    partial_backoff: float = 0.25
    """The same where the service accepted most of the batch."""
    longest_backoff: float = 60.0
    """Seconds; neither doubling nor jitter goes beyond."""
    shortest_hold: float = 0.05
    """Seconds; a hold of zero would be no hold."""
    most_doublings: int = 10
    """Keeps the power of two small; `longest_backoff` is reached long before."""
    trusted_waits: int = 2
    """How often in a row a wait that the service names is kept as it is; the next ones double it."""

    # What `x-ms-throttle-limit-percentage` changes: `usage_header` and `pacer`

    near_limit: float = 0.8
    """Usage from which the service sends the header."""
    throttled_at_limit: float = 0.95
    """Usage from which a throttled step in the same reply is the limit's and not random."""
    unused_growth: float = 2.0
    """How many times faster the pace grows while a service that sends the header stops sending it."""
    exhausted_growth: float = 0.25
    """How many times faster it grows while the header says that the limit is used up; zero would stop it for ever."""
    coarsest_pace: float = 1.5
    """Steps a second up to which a missing header says nothing."""

    # Accepted steps per second before the limit is measured: `recent_rate`

    recent_seconds: float = 20.0
    """How far the average looks back."""

    # Measuring the limit: `limit_estimate`

    below_limit: float = 0.03
    """How far below the measured limit the curve of the pace begins, as a share of it."""
    first_period: int = 16
    """Accepted steps in the first period after a new measurement; it doubles from one throttle to the next."""
    probe_period: int = 50
    """Accepted steps in the longest period, for every step that the next probe may lose."""
    remembered_steps: int = 600
    """Throttles are remembered for this many accepted steps."""
    due: float = 0.7
    """Periods after which a throttle is no surprise."""
    overdue: float = 2.2
    """Periods after which a throttle should have come if the measured limit were right."""
    early_in_a_row: int = 2
    """Early throttles that show the measurement to be wrong; a single one may be random."""
    few_throttled: float = 0.1
    """Share of steps throttled recently below which the limit cannot be far below the pace."""
    early_fall: float = 0.01
    """Share by which an early throttle after few others lowers the limit at most."""
    due_fall: float = 0.03
    """The same for a throttle that was due."""
    deepest_fall: float = 0.5
    """The same after many throttled steps."""
    highest_rise: int = 3
    """How many times its former value a limit may rise to at once."""
    lowest_limit: float = 0.1
    """Steps per second; no limit is measured to be lower."""
    shortest_span: float = 0.001
    """Seconds; two throttles are never taken to be closer, so that nothing is divided by zero."""
    disagreement: float = 0.2
    """How far the rate since a throttle may be off the whole before older throttles are forgotten."""

    # Telling random throttling from the limit: `random_throttling`

    proof: float = 4.0
    """Evidence that proves a limit, as a logarithm: odds of about 50 to 1."""
    largest_random_share: float = 0.15
    """The largest share of steps that random throttling takes while searching."""
    smallest_limit_share: float = 0.6
    """The smallest share that a limit takes while it is far exceeded."""
    noticeable_excess: float = 0.15
    """How much more than its usual share is throttled when it is not random alone."""
    recorded_share: float = 0.01
    """Forgiven steps among those sent before the limit; fewer are no record."""
    recorded_batches: int = 3
    """Batches with forgiven steps; fewer are no record."""
    smallest_usual_share: float = 0.03
    """The smallest share that random throttling is believed to take."""
    largest_usual_share: float = 0.3
    """The largest share that it is believed to take."""
    share_memory: int = 200
    """Steps within which the known share follows a new one."""
    stray_share: float = 0.01
    """Batches throttled early, per step, with a limit that was measured well."""
    suspicious_share: float = 0.07
    """The same with random throttling."""
    first_suspicion: float = 6.5
    """Suspicion that opens the record: four early batches without much between them."""
    highest_suspicion: float = 100.0
    """However often suspicion was in vain, no more than this is asked for."""


DEFAULT_TUNING = PacingTuning()
"""What bulktap runs with."""
