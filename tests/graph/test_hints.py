from __future__ import annotations

import pytest

from bulktap.graph.hints import Hints


@pytest.mark.parametrize(("percentage", "haste"), [(0.0, 1.0), (0.85, 1.0), (1.0, 0.25), (1.8, 0.25)])
def test_near_the_limit_the_pace_grows_as_ever_and_at_it_slowly(percentage: float, haste: float) -> None:
    """Never not at all: some services call their limit used up for ever."""
    assert Hints().haste(percentage, 20.0) == haste


def test_hints_that_stop_make_haste() -> None:
    """A fifth of the limit is free; at a step a second they come and go with every step, which says nothing."""
    hints = Hints()
    hints.haste(0.9, 20.0)
    assert hints.haste(0.0, 20.0) == 2.0
    assert hints.haste(0.0, 1.0) == 1.0
