"""Forecast: how long carrying out a plan will take; pure."""

from __future__ import annotations

from bulktap.plan import Forecast

_DIRECTORY_BURST, _DIRECTORY_RATE = 3_000, 20.0
"""Documented for directory writes, an application in one tenant: 3,000 in 150 s (throttling limits, identity)."""
_REPORTS_RATE = 0.5
"""Documented for the list that names `authenticationMethod`: 5 in 10 s, reads and writes alike."""


def forecast(steps: int) -> Forecast:
    """Say how long creating so many passes takes, between the two limits that Microsoft's documentation names."""
    low = max(0.0, steps - _DIRECTORY_BURST) / _DIRECTORY_RATE + steps / 400
    high = steps / _REPORTS_RATE
    return Forecast(
        steps=steps,
        seconds_low=round(low, 1),
        seconds_high=round(high, 1),
        assumption=(
            "Microsoft does not publish the limit for creating passes: the shorter time assumes the directory's "
            "limit (3,000 writes in 150 seconds), the longer one that of the reports service (5 in 10 seconds)."
        ),
    )
