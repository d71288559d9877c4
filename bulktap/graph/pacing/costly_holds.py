"""CostlyHolds: the pace where a throttle costs more time than the service saves up during its hold; pure.

A service that names coarse waits, five seconds say, holds longer than its bucket needs, and what overflows meanwhile is
lost: of a bucket that fills in a second, four seconds' worth with each throttle. What was accepted per second, holds
included, is then far below what the limit allows, and a pace that follows it climbs for minutes, only to be thrown back
by the next hold.

So the pace is searched directly, between one that was throttled soon and one that held: halfway between the two, in
proportion, after a throttle that came soon; a little higher after each stretch without one. A stretch is so long that a
hold at its end costs a small share of it. Chance throttles at any pace: unless throttles follow each other closely, the
pace stays above a share of the highest that was chosen, and always above what was accepted with all the holds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.graph.pacing.tuning import DEFAULT_TUNING

if TYPE_CHECKING:
    from bulktap.graph.pacing.tuning import PacingTuning


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """What is known when the limit was met again."""

    pace: float
    """Steps a second that were sent at last."""
    gained: int
    """Steps accepted since the limit was met before."""
    seconds: float
    """Seconds since then."""
    held: float
    """Seconds of them for which nothing left."""
    hold: float
    """Seconds for which nothing leaves now."""
    highest: float
    """The highest limit that explains them, steps a second."""
    depth: float
    """What the service saves up at most if that is the limit."""

    @property
    def rate(self) -> float:
        """Steps a second that were accepted, the hold included."""
        return self.gained / self.seconds

    @property
    def cost(self) -> float:
        """Seconds of this hold in which nothing more is saved up."""
        return self.hold - self.depth / max(self.highest, self.rate)


class CostlyHolds:
    """Whether holds cost more than they save up, and the pace if they do."""

    def __init__(self, tuning: PacingTuning = DEFAULT_TUNING) -> None:
        self.in_force = False
        """True if the pace is searched here."""
        self.pace = 0.0
        """Steps per second to send at, while in force."""
        self._tuning = tuning
        self._held = self._stretch = 0.0
        self._good = self._bad = self._highest = 0.0
        self._gained = 0
        self._raises = 0

    def forget(self) -> None:
        """Leave the pace to the measured limit."""
        self.in_force = False

    def met(self, meeting: Meeting) -> None:
        """Take note that the limit was met, and choose the pace after the hold."""
        if meeting.hold < self._tuning.costly_hold:
            self.in_force = False
        elif self.in_force:
            self._fall(meeting)
        elif self._is_costly(meeting):
            self.in_force = True
            # Beyond what explains the span only what was saved up was spent.
            self._bad = min(meeting.pace, self._tuning.beyond_highest * meeting.highest)
            self._good = self._tuning.first_fall * self._bad
            self.pace = self._highest = math.sqrt(self._good * self._bad)
            self._stretch = self._stretch_for(meeting.cost)
            self._gained = meeting.gained
        self._held, self._raises = 0.0, 0

    def advance(self, accepted: float) -> None:
        """Take note of steps accepted at the pace; raise it where a stretch went by without a throttle."""
        self._held += accepted / self.pace
        if self._held < self._stretch:
            return
        step = self._tuning.hold_raise * 2**self._raises
        raised = self.pace * (1 + step)
        self._good, self._held = self.pace, 0.0
        if self._good < self._bad <= raised:
            raised = math.sqrt(self._good * self._bad)
            # It is long ago: the limit may have risen.
            self._bad *= 1 + 2 * step
        self._raises = min(self._raises + 1, self._tuning.most_raises)
        self.pace = raised

    def _is_costly(self, meeting: Meeting) -> bool:
        """Return True if a hold costs much, by what a span of which most was spent sending tells of the limit."""
        tuning, cost = self._tuning, meeting.cost
        return (
            meeting.pace > 0
            and meeting.seconds - meeting.held >= meeting.hold
            and cost > tuning.costly_seconds
            and cost * meeting.highest >= tuning.costly_steps
            and meeting.highest > tuning.costly_excess * meeting.rate
        )

    def _stretch_for(self, cost: float) -> float:
        """Return the seconds without a throttle after which one may be risked: it costs time, and steps."""
        return max(cost / self._tuning.hold_share, self._tuning.probe_period / self.pace)

    def _fall(self, meeting: Meeting) -> None:
        tuning = self._tuning
        self._stretch = self._stretch_for(max(meeting.cost, meeting.hold / 2))
        if self._held >= tuning.due * self._stretch:
            self._bad, chosen = self.pace * (1 + tuning.hold_raise), self.pace * (1 - tuning.below_limit)
        else:
            self._bad = self.pace
            if self._good >= self._bad * (1 - tuning.hold_raise):
                self._good = tuning.first_fall * self._bad
            chosen = math.sqrt(self._good * self._bad)
        if max(meeting.gained, self._gained) < tuning.close_steps:
            self._highest = chosen
        self._gained = meeting.gained
        self._highest = max(self._highest, chosen)
        # What was accepted with all the holds in between needs no going slower.
        self.pace = max(chosen, tuning.lowest_share * self._highest, meeting.rate)
        self._good = min(self._good, self.pace)
