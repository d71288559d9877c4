from __future__ import annotations

import pytest

from bulktap.planning.forecast import forecast


@pytest.mark.parametrize(("steps", "low", "high"), [(0, 0.0, 0.0), (60, 0.1, 120.0), (4000, 60.0, 8000.0)])
def test_the_forecast_lies_between_the_documented_limits(steps: int, low: float, high: float) -> None:
    """From the directory's burst and refill to the reports service's five in ten seconds."""
    made = forecast(steps)
    assert (made.steps, made.seconds_low, made.seconds_high) == (steps, pytest.approx(low, abs=0.06), high)
    assert "3,000" in made.assumption
