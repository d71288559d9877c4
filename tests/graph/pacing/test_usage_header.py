from __future__ import annotations

import pytest

from bulktap.graph.pacing.usage_header import UsageHeader


@pytest.mark.parametrize(("percentage", "growth"), [(0.0, 1.0), (0.85, 1.0), (1.0, 0.25), (1.8, 0.25)])
def test_near_the_limit_the_pace_grows_as_ever_and_at_it_slowly(percentage: float, growth: float) -> None:
    """Never not at all: some services call their limit used up for ever."""
    assert UsageHeader().growth(percentage, 20.0) == growth


def test_a_header_that_stops_makes_the_pace_grow_faster() -> None:
    """A fifth of the limit is free; at a step a second it comes and goes with every step, which says nothing."""
    header = UsageHeader()
    header.growth(0.9, 20.0)
    assert header.growth(0.0, 20.0) == 2.0
    assert header.growth(0.0, 1.0) == 1.0
