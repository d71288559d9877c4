"""Forecast: how long carrying out a plan will take, and whether its passes last until then; pure.

The time is that of everything that is asked of the service: the look-ups (two for each user), the creates, and a
second listing for every pass whose finding is older than ten minutes when its turn comes. A limit is a bucket: what it
holds goes as fast as the line allows, the rest as fast as it refills, less what the pacing loses.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bulktap.model.pass_terms import PassTerms
from bulktap.model.plan import Forecast, sending_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.passes import PassPolicy
    from bulktap.model.plan import PlanRow

_BATCH_STEPS = 20
_BATCH_SECONDS = 0.15
"""A batch's way there and back, as `reports/benchmarks.md` assumes it."""
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
_HAND_OUT = timedelta(minutes=30)
"""For how long a pass should still work when the results are there: it has to be handed out and used."""
_DEFAULT_LIFETIME_MINUTES = 60
"""Microsoft's default, where the tenant's is not known."""

_CUSTOM = re.compile(r"(\d+(?:\.\d+)?)/(\d+(?:\.\d+)?)?s\Z")
ASSUMABLE = "directory, reports, none, a rate such as 20/s, or a bucket such as 600/30s"
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
    custom = _CUSTOM.match(word)
    if custom is None or not float(custom[1]) or (custom[2] is not None and not float(custom[2])):
        raise ValueError(f"{text!r} is no limit that a forecast can assume.")
    amount, seconds = float(custom[1]), float(custom[2] or 1)
    return AssumedLimit(word, amount, amount / seconds)


@dataclass(frozen=True, slots=True)
class Sending:
    """With which limits and ceilings the plan will be carried out."""

    assumed: AssumedLimit | None = None
    """`assume`; None for the range between the two limits that are documented."""
    concurrency: int = 6
    """Batches in flight."""
    max_rate: float | None = None
    """Steps a second at most."""


def forecast(steps: int, look_ups: int = 0, sending: Sending | None = None) -> Forecast:
    """Say how long looking users up and creating passes takes.

    Args:
        steps: passes to create.
        look_ups: users who are looked up and whose passes are listed before.
        sending: limits and ceilings.
    """
    sending = sending or Sending()
    if sending.assumed is not None:
        seconds = round(_course(steps, look_ups, sending.assumed, sending)[-1], 1)
        return Forecast(steps, seconds, seconds, _named(sending.assumed))
    low, high = (_course(steps, look_ups, limit, sending)[-1] for limit in (DIRECTORY, REPORTS))
    return Forecast(
        steps=steps,
        seconds_low=round(low, 1),
        seconds_high=round(high, 1),
        assumption=(
            "Microsoft does not publish the limit for creating passes: the shorter time assumes the directory's "
            "limit (3,000 writes in 150 seconds), the longer one that of the reports service (5 in 10 seconds, "
            "listing passes included). Looking the users up is part of both."
        ),
    )


def _named(limit: AssumedLimit) -> str:
    if limit == NO_LIMIT:
        return "As asked, no limit is assumed; looking the users up is included."
    burst = f"{limit.burst:,.0f} at once, then " if limit.burst > limit.rate else ""
    reads = ", listing passes included" if limit.counts_reads else ""
    return (
        f"As asked, the limit {limit.name} is assumed: {burst}{limit.rate:g} creates a second{reads}. "
        "Looking the users up is included."
    )


def lasting_notes(
    rows: Sequence[PlanRow], look_ups: int, sending: Sending, policy: PassPolicy | None, now: datetime
) -> tuple[str, ...]:
    """Warn of passes that would expire before the run can finish, or too soon after it to be handed out.

    Args:
        rows: for which a pass will be created, in the order of the roster.
        look_ups: users who are looked up before.
        sending: limits and ceilings; without an assumed one, the slower of the documented ones is meant.
        policy: the tenant's, where it is known.
        now: when the plan is made; the run is taken to begin then.
    """
    limit = sending.assumed or REPORTS
    course = _course(len(rows), look_ups, limit, sending)
    finished = now + timedelta(seconds=course[-1])
    default = policy.default_lifetime_minutes if policy else _DEFAULT_LIFETIME_MINUTES
    ends = [
        _expiry(row, now + timedelta(seconds=seconds), default)
        for row, seconds in zip(sorted(rows, key=sending_order), course[1:], strict=True)
    ]
    expired = sum(end <= finished for end in ends)
    soon = sum(end <= finished + _HAND_OUT for end in ends) - expired
    when = (
        f"With the limit {limit.name}"
        if sending.assumed
        else "If the service is as strict as its documentation allows (5 in 10 seconds)"
    )
    notes = ((expired, "expire before the run is finished"), (soon, "leave less than half an hour to hand them out"))
    return tuple(
        f"{when}, {count:,} of {len(rows):,} passes {what}: ask for a longer lifetime or a later start, or "
        "make smaller runs."
        for count, what in notes
        if count
    )


def _expiry(row: PlanRow, created_at: datetime, default_minutes: int) -> datetime:
    terms = row.request.terms if row.request else PassTerms()
    return (terms.starts_at or created_at) + timedelta(minutes=terms.lifetime_minutes or default_minutes)


def _course(steps: int, look_ups: int, limit: AssumedLimit, sending: Sending) -> list[float]:
    """Return when the look-ups are done, then when each pass is created, in seconds from the beginning."""
    line = _Line(sending)
    listing_from = (2 * _BATCH_SECONDS if look_ups else 0.0) + line.seconds(look_ups)
    used = float(look_ups if limit.counts_reads else 0)
    creating_from = listing_from + max(line.seconds(look_ups), limit.seconds(used))
    counting_from = listing_from if limit.counts_reads else creating_from
    course = [creating_from]
    for step in range(1, steps + 1):
        used += 1
        at = max(creating_from + line.seconds(step), counting_from + limit.seconds(used))
        listed_at = listing_from + limit.seconds(round(step / steps * look_ups))
        if limit.counts_reads and at - listed_at > _FINDING_SECONDS:
            used += _LISTED_AGAIN
            at = max(at, counting_from + limit.seconds(used))
        course.append(at)
    return course


class _Line:
    """How fast steps go where no limit is in the way: one first, then as many more as the pacing's window grows by."""

    def __init__(self, sending: Sending) -> None:
        most = _BATCH_STEPS * sending.concurrency
        self._sent = [0]
        window = 1.0
        while window < most:
            self._sent.append(self._sent[-1] + int(window))
            window *= 2 if window < _BATCH_STEPS else _GROWTH
        self._rate = min(most / _BATCH_SECONDS, _LINE_RATE)
        self._max_rate = sending.max_rate

    def seconds(self, steps: int) -> float:
        """Return when the last of so many steps has been answered."""
        if steps > self._sent[-1]:
            seconds = len(self._sent) * _BATCH_SECONDS + (steps - self._sent[-1]) / self._rate
        else:
            seconds = bisect_left(self._sent, steps) * _BATCH_SECONDS
        return max(seconds, (steps - 1) / self._max_rate) if self._max_rate and steps else seconds
