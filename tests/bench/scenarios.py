"""What the contenders run against: limits, weather, how many rows, and what the limit would have allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LATENCY = ("--latency", "0.15", "--call-latency", "0.08")
"""Seconds for a batch and for a call on its own; the simulator spreads each by a fifth either way."""


@dataclass(frozen=True)
class Scenario:
    """One block of the table."""

    name: str
    limits: str
    """A profile of the simulator's."""
    rows: int
    rate: float | None
    """Steps a second that the limit refills; None without a limit, or where the weather throttles besides."""
    weather: str = "fair"
    slow_rows: int | None = None
    """Rows for the loop where all of them would take too long; its time is then multiplied."""
    moving: bool = False
    """Whether the rate is halved for the middle third of the accepted steps."""
    told: str = ""
    """How it was scaled, for the report."""

    def refilled(self, accepted_at: Sequence[float], begin: float, end: float) -> float:
        """Return how many steps the limit refilled between two moments.

        Args:
            accepted_at: the moments of all accepted steps, in order.
            begin: seconds, on the same clock.
            end: the same.
        """
        if self.rate is None:
            return 0.0
        if not self.moving or len(accepted_at) <= 2 * self.rows // 3:
            return self.rate * (end - begin)
        arrives, leaves = accepted_at[self.rows // 3], accepted_at[2 * self.rows // 3]
        shared = max(0.0, min(end, leaves) - max(begin, arrives))
        return self.rate * (end - begin) - self.rate / 2 * shared


SCENARIOS = (
    Scenario("none", "none", 10_000, None, slow_rows=1_000, told="the loop issued 1,000 rows; its times are x 10"),
    Scenario(
        "directory",
        "bucket:600/30",
        2_000,
        20.0,
        told="`directory` on a fifth of the time: 20/s as documented, a burst of 600 for 2,000 rows in place of 3,000 "
        "for 10,000",
    ),
    Scenario(
        "reports",
        "reports,x4",
        160,
        2.0,
        told="`reports` times four, 20 / 10 s: look-ups count too, so bulktap begins with an empty bucket",
    ),
    Scenario(
        "moving",
        "moving,rows=1500",
        1_500,
        20.0,
        moving=True,
        told="`moving` with 1,500 rows in place of 10,000: 20/s, 10/s for the middle third",
    ),
    Scenario("storm", "bucket:200/10", 400, None, weather="storm", told="`storm` under 20/s with a burst of 200"),
)

AT_FULL_SIZE = (
    Scenario("full-directory", "directory", 10_000, 20.0, told="3,000 / 150 s, as documented"),
    Scenario("full-directory-half", "directory,x0.5", 10_000, 10.0, told="half of it"),
    Scenario("full-directory-twice", "directory,x2", 10_000, 40.0, told="twice"),
    Scenario("full-directory-window", "directory-window", 10_000, 20.0, told="the same count in fixed windows"),
    Scenario("full-reports", "bucket:5/10", 1_000, 0.5, told="5 / 10 s for creates alone"),
    Scenario("full-reports-half", "bucket:5/20", 1_000, 0.25, told="half of it"),
    Scenario("full-reports-twice", "bucket:10/10", 1_000, 1.0, told="twice"),
    Scenario("full-reports-window", "window:5/10", 1_000, 0.5, told="the same count in fixed windows"),
    Scenario("full-moving", "moving", 10_000, 20.0, moving=True, told="20/s, 10/s for the middle third"),
)
"""Limits at the sizes that people meet; hours for a script, and up to 70 minutes for bulktap."""
