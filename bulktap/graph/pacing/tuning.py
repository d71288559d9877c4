"""PacingTuning: every constant of the pacing, in one value that tests and experiments can vary.

Where a figure comes from stands beside it. How most of them were first chosen is not recorded; *tried* is what was
measured afterwards:

    documented   Microsoft says so; the page is named
    tried        in simulated time, half of it or twice as much is worse, as said; the whole table is in
                 reports/benchmarks.md, and `python tests/bench/bench_pacing.py` makes it again
    league       in the cells of `python tests/bench/league.py`, fixed ones and those of seeds 1 and 2
    chosen       by reasoning, or no source is known; half and twice change little or nothing, unless it is said

The percentages are parts of what a limit grants, or of the steps sent.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PacingTuning:
    """The constants of the pacing; the defaults are what bulktap runs with."""

    # Window and batches: `pacer`

    batch_seconds: float = 0.1
    """A paced batch holds this many seconds' worth of steps, or what keeps the line busy, if that is more.

    League: 0.25 cannot follow buckets of one step and throttles more with every probe; 0.15 is no better than 0.1.
    """
    growth: float = 1.6
    """By how much of itself the searching window grows in a second, beyond one batch: what is in flight is lost once.

    League: 0.8 is slower without a limit, and two clients at once share less evenly; 3.0 throttles 3 % in more cells.
    """
    search_steps: float = 400.0
    """Accepted steps until the searching window is as large as it may be: all that is in flight is lost once.

    League: 240 throttles more behind buckets of ten seconds, 800 is slower without a limit.
    """
    growth_steps: float = 4.0
    """Accepted steps for each step by which it grows, at least, however many batches may be in flight.

    Tried: half throttles 1 % more where the limit moves, twice 2 % more; with random throttling both are 12 % slower.
    """
    catching_up: float = 6.0
    """How many times what the pace keeps under way may be in flight at a measured limit.

    Chosen: it bounds what is lost where less was saved up than the model says.
    """
    saved_at_once: float = 0.05
    """Share of what is saved up that may be in flight besides. Tried: without it 5 % less of a limit behind chance."""
    trip_share: float = 0.1
    """How much the last round trip counts in the usual one. Chosen."""
    much_throttled: int = 2
    """Throttled steps from which a small batch that was mostly throttled halves the window, though no limit is proved.

    Tried: without it a limit of a step in four seconds throttles 0.5 % more of a thousand steps.
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

    # What is saved up: `bucket_model`

    known_depth: float = 0.7
    """Share of what the bucket held once, below which a throttle says nothing about its depth. Chosen."""
    fewest_saved: float = 1.3
    """Steps that a hold saved up, below which a throttle after it says nothing about the depth.

    League: 2 never learns the depth of buckets of one step a second behind waits of five seconds.
    """
    depth_hints: float = 2.0
    """Throttles after holds that prove a depth below what seems to have been drawn once; one more where that is twice
    as much, two more where it is four times as much.

    League: without them a bucket of one step is sent two at once after every hold, and 10 % of it are used; without the
    further ones a neighbour's steps are taken for a shallow bucket.
    """
    hint_steps: int = 200
    """Accepted steps after which such a throttle no longer counts: chance throttles after holds too. Chosen."""
    shortest_trip: float = 0.7
    """Shortest round trip, in parts of the usual one: what is answered sooner after a hold left before it. Chosen."""

    # Measuring the limit: `limit_estimate`

    below_limit: float = 0.03
    """How far below the measured limit the curve of the pace begins, as a share of it.

    Tried: half finds a raised limit more slowly, twice uses 2 % less of fixed windows and is otherwise no worse.
    """
    first_period: int = 3
    """Accepted steps in a period at least. League: 5 throttles a little more and is no faster."""
    first_batches: int = 2
    """Batches in a period at least. League: 8 takes minutes to find a limit of one step a second."""
    first_trips: float = 8.0
    """Round trips in a period at least: the pace must not outrun its replies.

    League: with 4 what is in flight is lost more often at 100 steps a second and more.
    """
    probe_period: int = 110
    """Accepted steps in the longest period, for every step that a throttle costs: about half a percent of them is lost.

    League: 50 throttles a fifth more in steady cells, 150 follows a second client of 20 s too slowly; tried: 100
    throttles one step in a thousand more of small buckets.
    """
    longest_period: float = 60.0
    """Seconds' worth of steps in the longest period.

    League: without it a small limit that is raised fourfold is found after minutes; 20 throttles small limits more.
    """
    longest_steps: float = 200.0
    """Accepted steps that the longest period may have in any case.

    League: with 120 a limit of half a step a second throttles 3 % of 300 steps.
    """
    dearest: float = 6.0
    """Throttled steps that a throttle is taken to cost at most, however many it did. League: 3 throttles more."""
    cautious: float = 2.0
    """How many times the cost of a throttle a period may lose by a pace that is off by the width of the interval.

    Chosen: a period of `1 / width` steps tells two rates apart by one step.
    """
    climb: float = 2.0
    """How many times faster the pace becomes with each step of its climb beyond the second period.

    League: 1.3 is too slow for a limit that is raised fivefold; 4 throttles all that is in flight.
    """
    climb_seconds: float = 10.0
    """Seconds' worth of steps in which it becomes that much faster, at the measured limit, and a period at most.

    League: 5 loses much beside a second client of five seconds, 20 is slower where the limit moves.
    """
    longest_climb: float = 12.0
    """How often it becomes that much faster. Chosen."""
    remembered_steps: int = 600
    """Throttles are remembered for this many accepted steps. Tried: half and twice use 1 % less of fixed windows."""
    remembered_points: int = 200
    """Replies that are remembered within a span; beyond that every other is forgotten. Chosen."""
    due: float = 0.7
    """Periods after which a throttle is no surprise. Tried: half uses 7 % less of a limit behind random throttling."""
    overdue: float = 2.5
    """Periods after which a throttle should have come if the measured limit were right. Chosen."""
    well_measured: float = 0.1
    """Width of the interval above which no throttle is a surprise.

    League: without it a limit of half a step a second is taken for chance after its first measurement.
    """
    optimism: float = 0.6
    """Where in the interval the limit is taken to be, 1.0 being its upper end; the opposite after an early throttle.

    League: 0.5 loses a tenth of small limits; 0.7 throttles buckets of half a step a second more than 2 %.
    """
    widest: float = 0.5
    """The widest interval that the curve follows. Chosen."""
    highest_first: float = 4.0
    """How many times what was accepted on average the first measurement may be.

    League: 3 takes what a bucket held for what it refills; 6 throttles more at a step a second; 16 sends sixteen times
    too fast at a step in four seconds.
    """
    highest_spent: float = 3.0
    """How many times the pace the limit may be where a throttle came while a hold's savings were being spent.

    League: with 1 a bucket of a second behind waits of five is taken for a third of its rate.
    """
    charged: float = 0.7
    """How much of an accepted step a throttled one may have been charged.

    League: 0.5 takes 5 % more of the cells out of their regret, 1.0 throttles more where nothing is charged.
    """
    depth_share: float = 1.0
    """How much of what the bucket held before it is taken to hold again. League: 0.5 throttles a third more."""
    fewest_taken: int = 10
    """Steps from which the end of a span counts, if it is not half of it: fewer say little about the rate. Chosen."""
    rate_step: float = 1.08
    """How many times higher each rate is than the one before it that is tried for a span. Chosen."""
    chance_steps: int = 4
    """Accepted steps between throttles: twice in a row fewer are no chance but a limit that fell.

    League: without it 0.4 % more is throttled; asking for six, once, loses a third of a limit behind 10 % of chance.
    """
    stray_steps: int = 30
    """Accepted steps between two throttles from which each comes alone. Chosen: chance takes 3 % at least otherwise."""
    early_in_a_row: int = 2
    """Early throttles that are measured; those before lower the limit a little.

    League: 3 follows a limit that fell more slowly, and without it chance of 5 % takes the pace down for good.
    """
    early_fall: float = 0.004
    """Share by which an early throttle that comes alone lowers the limit.

    Tried: 0.01 loses 20 % of a limit behind 2 % of chance.
    """
    few_throttled: float = 0.1
    """Share of steps throttled recently below which the limit cannot be far below the pace.

    Tried: half uses 2 % less of sliding windows, twice throttles 6 % more of them.
    """
    some_throttled: int = 3
    """Throttled steps that are enough for such a share. Chosen: one of two steps is none."""
    due_fall: float = 0.03
    """Share by which few throttled steps lower the limit at most. Tried: twice uses 1 % less where the limit moves."""
    deepest_fall: float = 0.36
    """The same after many throttled steps.

    Tried: 0.5 uses 4 % less of a sliding window of a minute, 0.3 throttles small buckets 0.5 % more.
    """
    lowest_limit: float = 0.1
    """Steps per second; no limit is measured to be lower.

    Chosen: a fifth of the lowest limit that may apply, 5 steps in 10 s (page on throttling limits, reports).
    """
    shortest_span: float = 0.001
    """Seconds; two throttles are never taken to be closer, so that nothing is divided by zero. Chosen."""
    disagreement: float = 0.05
    """How far the intervals of two spans may be apart before the older one is forgotten. Chosen."""

    # Where holds cost more than they save up: `costly_holds`

    costly_hold: float = 2.0
    """Seconds from which a hold may be costly.

    League: 0.9, which takes in whole seconds, has a tenth less regret, throttles a little more, and two clients at once
    share less evenly.
    """
    costly_seconds: float = 0.5
    """Seconds of a hold in which nothing more is saved up, from which it is. Chosen."""
    costly_steps: float = 5.0
    """Steps that are lost then, from which it is.

    League: without it 2 % more regret, with limits of a step a second above all.
    """
    costly_excess: float = 1.3
    """How many times what was accepted on average the limit is at least, for that to be believed. Chosen."""
    beyond_highest: float = 1.2
    """How many times the highest limit that explains a span the pace may be that ended it. Chosen."""
    first_fall: float = 0.7
    """Share of a pace that was throttled soon which is taken to be safe. League: half is slower."""
    hold_share: float = 0.1
    """Share of a stretch that the hold at its end may cost. League: 0.06 is slower, 0.15 is no faster."""
    hold_raise: float = 0.05
    """Share by which the pace rises after a stretch; twice as much after each further one. League: 0.1 is slower."""
    most_raises: int = 4
    """How often that doubles. Chosen."""
    close_steps: int = 20
    """Accepted steps between throttles: twice in a row fewer are no chance. Chosen."""
    lowest_share: float = 0.6
    """Share of the highest pace chosen below which throttles do not take it that are far apart.

    Chosen: a chance of 1 % behind waits of five seconds would halve what 100 steps a second give; the league has no
    such cell.
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
    recorded_share: float = 0.003
    """Forgiven steps among those sent before the limit; fewer are no record. Chosen."""
    recorded_batches: int = 3
    """Batches with forgiven steps; fewer are no record.

    Tried: 2 uses 40 % less of a limit behind random throttling, 6 uses 7 % less.
    """
    missed_steps: float = 20.0
    """Steps that it should have hit until the record is closed, without any; two more for each batch that it did hit.

    League: with 4 chance of one in a hundred, of which a share of 3 % is believed, is taken to be over again and again.
    """
    frequent_share: float = 0.04
    """Share from which a limit that was measured meanwhile is worth nothing, and is searched for anew.

    League: 0.03 throttles 2 % more behind chance of one in a hundred; tried: twice is half as fast where chance of one
    in ten sets in later.
    """
    risen_times: float = 3.0
    """How many times the known share it is, if it has become more frequent; no more is believed at once. Chosen."""
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
    least_stray_share: float = 0.003
    """Batches throttled early, per step, with a limit that was measured exactly.

    League: 0.01 does not notice chance of one in a hundred, which then takes the pace down for good.
    """
    most_stray_share: float = 0.01
    """The same with a limit that was measured roughly. Tried: twice is 13 % slower where chance sets in later."""
    stray_share_of_width: float = 0.2
    """The same for the width between, in parts of it.

    League: 0.6 finds chance of one in a hundred later; nothing at all takes a limit of a step in four seconds for it.
    """
    suspicious_times: float = 7.0
    """How many times as many it is with random throttling. Tried: half is 13 % slower where that sets in later."""
    risen_suspicion: float = 16.0
    """Suspicion that raises the share on the record.

    Simulated: 7 takes limits that fell to a fifth for it, and throttles half of what comes then; with 35 chance that
    becomes ten times more frequent costs twice the time.
    """
    first_suspicion: float = 7.0
    """Suspicion that opens the record: four early batches without much between them.

    League: with 6 more cells throttle 3 %, with 8 chance of one in a hundred is noticed later. Tried: half throttles
    1.4 % more of fixed windows.
    """
    highest_suspicion: float = 100.0
    """However often suspicion was in vain, no more than this is asked for. Chosen."""


DEFAULT_TUNING = PacingTuning()
"""What bulktap runs with."""
