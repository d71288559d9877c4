"""Forecast: how long carrying out a plan will take; pure.

The time is that of everything that is still to be asked of the service: the look-ups (a step for fifteen users, and one
to list the passes of each) unless they are done, the creates, and a second listing for every pass whose finding is
older than ten minutes when its turn comes. A limit is a bucket: what it holds goes as fast as the line allows, the rest
as fast as it refills, less what the pacing loses. What the look-ups took out of it is missing afterwards.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import ceil

from bulktap.graph.batch_size import MAX_STEPS
from bulktap.model.plan import Forecast
from bulktap.model.rates import EXAMPLES, read_rate

_BATCH_SECONDS = 0.15
"""A batch's way there and back, as `reports/benchmarks.md` assumes it."""
_READ_WINDOW = MAX_STEPS * 24
"""Steps of look-ups in flight, from the start."""
_USERS_A_STEP = 15
_GROWTH = 1.25
"""How many times more steps leave with every round trip beyond one batch; up to there it is twice as many."""
_LINE_RATE = 700.0
"""Steps a second that one processor builds, sends and records."""
_PACED = 0.97
"""The part of a limit that the pacing makes use of, first throttles included."""
_FINDING_SECONDS = 600.0
"""A listing older than this is repeated before the create."""
_LISTED_AGAIN = 1.5
"""Steps that such a listing costs where it counts against the limit for creates: two paces have to share that one
(measured: `reports/benchmarks.md`)."""

ASSUMABLE = f"directory, reports, none, or a rate such as {EXAMPLES}"
"""What `assume` takes, in words."""


@dataclass(frozen=True, slots=True)
class AssumedLimit:
    """A limit for creating passes."""

    name: str
    """As it was written."""
    burst: float
    """Steps that a full bucket holds."""
    rate: float
    """Steps a second that it refills."""
    counts_reads: bool = False
    """Whether listing passes counts as well."""

    def seconds(self, steps: float) -> float:
        """Return when it has let so many steps through, from a full bucket."""
        return (steps - self.burst) / (self.rate * _PACED) if steps > self.burst else 0.0


DIRECTORY = AssumedLimit("directory", 3_000, 20.0)
"""Documented for directory writes, an application in one tenant: 3,000 in 150 s (throttling limits, identity)."""
REPORTS = AssumedLimit("reports", 5, 0.5, counts_reads=True)
"""Documented for the list that names `authenticationMethod`: 5 in 10 s, reads and writes alike."""
NO_LIMIT = AssumedLimit("none", float("inf"), float("inf"))


def read_limit(text: str) -> AssumedLimit:
    """Read what `assume` says.

    Raises:
        ValueError: it names no limit.
    """
    word = text.strip().casefold()
    named = {limit.name: limit for limit in (DIRECTORY, REPORTS, NO_LIMIT)}.get(word)
    if named is not None:
        return named
    try:
        rate = read_rate(word)
    except ValueError:
        raise ValueError(f"{text!r} is no limit that a forecast can assume.") from None
    return AssumedLimit(word, rate.amount, rate.per_second)


@dataclass(frozen=True, slots=True)
class Sending:
    """With which limits and ceilings the plan will be carried out."""

    assumed: AssumedLimit | None = None
    """`assume`; None for the range between the two limits that are documented."""
    concurrency: int = 6
    """Batches in flight."""
    max_rate: float | None = None
    """Steps a second at most."""


def forecast(steps: int, look_ups: int = 0, sending: Sending | None = None, *, looked_up: bool = False) -> Forecast:
    """Say how long looking users up and creating passes takes.

    Args:
        steps: passes to create.
        look_ups: users who are looked up and whose passes are listed before.
        sending: limits and ceilings.
        looked_up: whether the look-ups are done, so that only what comes after them counts.
    """
    sending = sending or Sending()
    limits = (DIRECTORY, REPORTS) if sending.assumed is None else (sending.assumed, sending.assumed)
    low, high = (_seconds(steps, look_ups, limit, sending, looked_up=looked_up) for limit in limits)
    included = "" if looked_up else " Looking the users up is included."
    if sending.assumed is not None:
        return Forecast(steps, low, high, _named(sending.assumed) + included)
    return Forecast(
        steps=steps,
        seconds_low=low,
        seconds_high=high,
        assumption=(
            "Microsoft does not publish the limit for creating passes: the shorter time assumes the directory's "
            "limit (3,000 writes in 150 seconds), the longer one that of the reports service (5 in 10 seconds, "
            f"listing passes included).{included}"
        ),
    )


def _seconds(steps: int, look_ups: int, limit: AssumedLimit, sending: Sending, *, looked_up: bool) -> float:
    begin, end = _course(steps, look_ups, limit, sending)
    return round(end - begin if looked_up else end, 1)


def _named(limit: AssumedLimit) -> str:
    if limit == NO_LIMIT:
        return "As asked, no limit is assumed."
    burst = f"{limit.burst:,.0f} at once, then " if limit.burst > limit.rate else ""
    reads = ", listing passes included" if limit.counts_reads else ""
    return f"As asked, the limit {limit.name} is assumed: {burst}{limit.rate:g} creates a second{reads}."


def _course(steps: int, look_ups: int, limit: AssumedLimit, sending: Sending) -> tuple[float, float]:
    """Return when the look-ups are done and when the last pass is created, in seconds from the beginning."""
    line = _Line(sending)
    # The tenant first, then the first users, then a sample of their passes; from then on the window is full.
    listing_from = 2 * _BATCH_SECONDS if look_ups else 0.0
    used = float(look_ups if limit.counts_reads else 0)
    reads = look_ups + ceil(look_ups / _USERS_A_STEP)
    creating_from = listing_from + max(ceil(reads / _READ_WINDOW) * _BATCH_SECONDS, limit.seconds(used))
    counting_from = listing_from if limit.counts_reads else creating_from
    at = creating_from
    # Only where lists count too does a step depend on all those before it.
    first = 1 if limit.counts_reads else max(1, steps)
    used += first - 1
    for step in range(first, steps + 1):
        used += 1
        at = max(creating_from + line.seconds(step), counting_from + limit.seconds(used))
        listed_at = listing_from + limit.seconds(round(step / steps * look_ups))
        if limit.counts_reads and at - listed_at > _FINDING_SECONDS:
            used += _LISTED_AGAIN
            at = max(at, counting_from + limit.seconds(used))
    return creating_from, at


class _Line:
    """How fast steps go where no limit is in the way: one first, then as many more as the pacing's window grows by."""

    def __init__(self, sending: Sending) -> None:
        most = MAX_STEPS * sending.concurrency
        self._sent = [0]
        window = 1.0
        while window < most:
            self._sent.append(self._sent[-1] + int(window))
            window *= 2 if window < MAX_STEPS else _GROWTH
        self._rate = min(most / _BATCH_SECONDS, _LINE_RATE)
        self._max_rate = sending.max_rate

    def seconds(self, steps: int) -> float:
        """Return when the last of so many steps has been answered."""
        if steps > self._sent[-1]:
            seconds = len(self._sent) * _BATCH_SECONDS + (steps - self._sent[-1]) / self._rate
        else:
            seconds = bisect_left(self._sent, steps) * _BATCH_SECONDS
        return max(seconds, (steps - 1) / self._max_rate) if self._max_rate and steps else seconds
