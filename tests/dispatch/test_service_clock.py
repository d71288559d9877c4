from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bulktap.dispatch.service_clock import ServiceClock


@pytest.mark.parametrize(("wrong_by", "within"), [(0.0, 0.0), (0.9, 0.9), (-1.4, 1.4), (300.0, 1.0), (-300.0, 1.0)])
def test_the_service_time_is_read_off_its_date(world: Any, wrong_by: float, within: float) -> None:
    """A `Date` of whole seconds corrects our clock to a second; a difference that proves nothing is ignored."""
    clock = world(1).clock
    clock.wrong_by = timedelta(seconds=wrong_by)
    clock.seconds += 0.75
    known = ServiceClock(clock)
    known.observe(None)
    assert known.ahead == timedelta()
    known.observe(clock.service_now().replace(microsecond=0))
    assert abs((known.now() - clock.service_now()).total_seconds()) <= within
