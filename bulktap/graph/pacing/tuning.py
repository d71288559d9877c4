"""PacingTuning: every constant of the pacing, in one value that tests and experiments can vary.

Where a figure comes from stands beside it. How most of them were first chosen is not recorded; *tried* is what was
measured afterwards:

    documented   Microsoft says so; the page is named
    tried        in simulated time, half of it or twice as much is worse, as said; the whole table is in
                 reports/benchmarks.md, and `python tests/bench/bench_pacing.py` makes it again
    chosen       by reasoning, or no source is known; half and twice change little or nothing, unless it is said

The percentages are parts of what a limit grants, or of the steps sent.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PacingTuning:
    """The constants of the pacing; the defaults are what bulktap runs with."""

    # Window and batches: `pacer`

    batch_seconds: float = 0.25
    """A paced batch holds this many seconds' worth of steps.

    Tried: half throttles 0.5 % more where the limit moves, twice uses 4 % less there and 7 % less of a sliding window.
    """
    growth_steps: int = 4
    """Accepted steps for each step by which the window grows beyond one batch while searching.

    Tried: half throttles 1 % more where the limit moves, twice 2 % more; with random throttling both are 12 % slower.
    """
    cautious_growth_steps: int = 16
    """The same once the limit was met and is not measured yet.

    Tried: half throttles 0.7 % more at small limits; twice changes little.
    """
    rest_seconds: float = 2.0
    """Seconds without a departure after which the window starts small again.

    Chosen; half uses 3 % less of a limit behind random throttling.
    """

    # How long nothing leaves: `backoff`

    first_backoff: float = 1.0
    """Seconds of the first hold when the service names none.

    Chosen: Microsoft asks for an exponential backoff there (page on throttling) and names no figure; its Python client
    begins with 3. Twice uses 27 % less of a bucket of one step; half would use 12 % more of it.
    """
    partial_backoff: float = 0.25
    """The same where the service accepted most of the batch. Chosen."""
    longest_backoff: float = 60.0
    """Seconds; neither doubling nor jitter goes beyond.

    Tried: twice uses 8 % less of a sliding window. Microsoft's Python client caps it at 120.
    """
    shortest_hold: float = 0.05
    """Seconds; a hold of zero would be no hold, and services do answer 0.124 (microsoft-graph-docs issue 3877).

    Tried: twice uses 2 % less where the limit moves.
    """
    most_doublings: int = 10
    """Keeps the power of two small; `longest_backoff` is reached long before. Chosen."""
    trusted_waits: int = 2
    """How often in a row a wait that the service names is kept as it is; the next ones double it. Chosen."""

    # What `x-ms-throttle-limit-percentage` changes: `usage_header` and `pacer`

    near_limit: float = 0.8
    """Usage from which the service sends the header.

    Documented: the page on throttling limits, identity and access service.
    """
    throttled_at_limit: float = 0.95
    """Usage from which a throttled step in the same reply is the limit's and not random.

    Chosen: just below 1.0, where throttling begins (documented, as above).
    """
    unused_growth: float = 2.0
    """How many times faster the pace grows while a service that sends the header stops sending it.

    Documented: a fifth of the limit is free then. Tried: without it 3 % less is used where the limit moves; twice as
    much gains nothing.
    """
    exhausted_growth: float = 0.25
    """How many times faster it grows while the header says that the limit is used up; zero would stop it for ever.

    Tried: half uses 4 % less of a bucket of one step, which always says so; twice uses 4 % more of it.
    """
    coarsest_pace: float = 1.5
    """Steps a second up to which a missing header says nothing.

    Chosen: there one step moves the usage by a fifth, so that the header comes and goes.
    """

    # Accepted steps per second before the limit is measured: `recent_rate`

    recent_seconds: float = 20.0
    """How far the average looks back. Chosen, for the progress line; it paces nothing."""

    # Measuring the limit: `limit_estimate`

    below_limit: float = 0.03
    """How far below the measured limit the curve of the pace begins, as a share of it.

    Tried: half finds a raised limit more slowly, twice uses 2 % less of fixed windows and is otherwise no worse.
    """
    first_period: int = 16
    """Accepted steps in the first period after a new measurement; it doubles from one throttle to the next.

    Tried: half throttles 8 % more of sliding windows, twice uses 11 % less of small buckets.
    """
    probe_period: int = 50
    """Accepted steps in the longest period, for every step that the next probe may lose: about 1 % of them are lost.

    Tried: twice uses 15 % less where the limit moves, half throttles more wherever it moves or is raised. It was 75
    until hints that never move and sliding windows were simulated.
    """
    remembered_steps: int = 600
    """Throttles are remembered for this many accepted steps. Tried: half and twice use 1 % less of fixed windows."""
    due: float = 0.7
    """Periods after which a throttle is no surprise. Tried: half uses 7 % less of a limit behind random throttling."""
    overdue: float = 2.2
    """Periods after which a throttle should have come if the measured limit were right.

    Tried: half throttles 2 to 3 % more where the limit moves, twice uses 18 % less of small buckets.
    """
    early_in_a_row: int = 2
    """Early throttles that show the measurement to be wrong; a single one may be random.

    Tried: 1 throttles 1 to 3 % more, 4 uses 7 % less of fixed windows and of a limit behind random throttling.
    """
    few_throttled: float = 0.1
    """Share of steps throttled recently below which the limit cannot be far below the pace.

    Tried: half uses 2 % less of sliding windows, twice throttles 6 % more of them.
    """
    early_fall: float = 0.01
    """Share by which an early throttle after few others lowers the limit at most.

    Tried: no better with half; twice uses 1 % less where the limit moves.
    """
    due_fall: float = 0.03
    """The same for a throttle that was due. Tried: twice uses 1 % less where the limit moves."""
    deepest_fall: float = 0.5
    """The same after many throttled steps.

    Tried: half throttles 1 % more where the limit moves, 0.9 uses 18 % less of sliding windows.
    """
    highest_rise: int = 3
    """How many times its former value a limit may rise to at once.

    Tried: 2 finds a raised limit more slowly, 6 uses 3 % less of a limit behind random throttling.
    """
    lowest_limit: float = 0.1
    """Steps per second; no limit is measured to be lower.

    Chosen: a fifth of the lowest limit that may apply, 5 steps in 10 s (page on throttling limits, reports).
    """
    shortest_span: float = 0.001
    """Seconds; two throttles are never taken to be closer, so that nothing is divided by zero. Chosen."""
    disagreement: float = 0.2
    """How far the rate since a throttle may be off the whole before older throttles are forgotten.

    Tried: half and twice throttle 1 % more where the limit moves.
    """

    # Telling random throttling from the limit: `random_throttling`

    proof: float = 4.0
    """Evidence that proves a limit, as a logarithm: odds of about 50 to 1.

    Tried: half uses 14 % less of a limit behind random throttling; twice gains a little here and loses a little there.
    """
    largest_random_share: float = 0.15
    """The largest share of steps that random throttling takes while searching.

    Tried: half uses 11 % less of small buckets. Nothing is known of real services but that it happens below the
    published limits (page on throttling).
    """
    smallest_limit_share: float = 0.6
    """The smallest share that a limit takes while it is far exceeded. Chosen."""
    noticeable_excess: float = 0.15
    """How much more than its usual share is throttled when it is not random alone.

    Tried: half uses 6 % less of sliding windows, twice 6 % less of a limit behind random throttling.
    """
    recorded_share: float = 0.01
    """Forgiven steps among those sent before the limit; fewer are no record. Chosen."""
    recorded_batches: int = 3
    """Batches with forgiven steps; fewer are no record.

    Tried: 2 uses 40 % less of a limit behind random throttling, 6 uses 7 % less.
    """
    smallest_usual_share: float = 0.03
    """The smallest share that random throttling is believed to take.

    Tried: twice uses 19 % less of a limit behind random throttling.
    """
    largest_usual_share: float = 0.3
    """The largest share that it is believed to take. Chosen."""
    share_memory: int = 200
    """Steps within which the known share follows a new one.

    Chosen; half uses 4 % more of a limit behind random throttling, twice 1 % less.
    """
    stray_share: float = 0.01
    """Batches throttled early, per step, with a limit that was measured well.

    Tried: half uses 3 % less where the limit moves.
    """
    suspicious_share: float = 0.07
    """The same with random throttling. Chosen."""
    first_suspicion: float = 6.5
    """Suspicion that opens the record: four early batches without much between them.

    Tried: half throttles 9 % more of fixed windows, twice is 4 % slower where it sets in later.
    """
    highest_suspicion: float = 100.0
    """However often suspicion was in vain, no more than this is asked for. Chosen."""


DEFAULT_TUNING = PacingTuning()
"""What bulktap runs with."""
