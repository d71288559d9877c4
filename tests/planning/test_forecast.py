from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulktap.planning.forecast import Sending, forecast, read_limit


def named(steps: int, limit: str, look_ups: int = 0, **ceilings: Any) -> float:
    """Return the forecast's seconds with the limit named."""
    made = forecast(steps, look_ups, Sending(read_limit(limit), **ceilings))
    assert made.seconds_low == made.seconds_high
    return made.seconds_low


@pytest.mark.parametrize(("steps", "low", "high"), [(0, 0.0, 0.0), (60, 0.9, 113), (4_000, 52, 19_693)])
def test_without_a_limit_it_lies_between_the_documented_ones(steps: int, low: float, high: float) -> None:
    """From the directory's burst and refill to the reports service's five in ten seconds."""
    made = forecast(steps)
    assert (made.steps, made.seconds_low, made.seconds_high) == (
        steps,
        pytest.approx(low, rel=0.05),
        pytest.approx(high, rel=0.05),
    )
    assert "3,000" in made.assumption


@pytest.mark.parametrize(
    ("limit", "seconds"),
    [("directory", 350), ("600/30s", 470), ("20/s", 499), (" 20/S ", 499), ("none", 15.2)],
)
def test_a_named_limit_gives_one_time(limit: str, seconds: float) -> None:
    """What the bucket holds goes at once, the rest as fast as it refills."""
    assert named(10_000, limit) == pytest.approx(seconds, rel=0.06)


def test_look_ups_are_part_of_it() -> None:
    """They take time on the line, some seconds for ten thousand; where listing counts, half of the limit or more."""
    seconds = named(10_000, "none", look_ups=10_000) - named(10_000, "none")
    assert seconds == pytest.approx(3.8, rel=0.05)
    assert named(20, "none", look_ups=20) - named(20, "none") == pytest.approx(0.45, abs=0.06)
    assert named(100, "reports", look_ups=100) == pytest.approx(2 * named(100, "reports"), rel=0.06)


def test_listings_that_grow_old_are_repeated() -> None:
    """A slow run lists every pass twice: to plan, and just before the create, where two paces share the limit."""
    assert named(2_000, "reports", look_ups=2_000) == pytest.approx((1 + 1 + 1.5) * 2_000 / 0.5, rel=0.06)


def test_a_ceiling_of_the_operator_s_counts() -> None:
    """`--max-rate 10` makes a thousand creates take a hundred seconds."""
    assert named(1_000, "none", max_rate=10.0) == pytest.approx(100, rel=0.02)
    assert named(1_000, "none", concurrency=1) > named(1_000, "none")


@settings(deadline=None)  # how long it takes depends on what else the machine does
@given(st.integers(0, 3_000), st.integers(0, 3_000), st.sampled_from(["directory", "reports", "none", "7/s", "90/60s"]))
def test_more_rows_never_take_less_time(steps: int, look_ups: int, limit: str) -> None:
    """Neither a create nor a look-up makes the run shorter, but for a step that need not be listed again."""
    assert named(steps, limit, look_ups) <= named(steps + 1, limit, look_ups) + 0.11
    step = {"reports": 2.1, "7/s": 0.2, "90/60s": 0.7}.get(limit, 0.11)
    assert named(steps, limit, look_ups) <= named(steps, limit, look_ups + 1) + step


@pytest.mark.parametrize("text", ["", "/s", "0/s", "0", "20/0s", "twenty", "20/x", "inf/s", "-1/s", "moving"])
def test_other_words_are_no_limit(text: str) -> None:
    """Whoever mistypes a profile hears of it."""
    with pytest.raises(ValueError, match="no limit"):
        read_limit(text)


@pytest.mark.parametrize("limit", ["directory", "reports", "none", "20/s", "600/30s"])
def test_look_ups_that_are_done_are_not_counted_again(limit: str) -> None:
    """What is left is the creates, at the pace that the look-ups have left of the limit."""
    sending = Sending(read_limit(limit))
    whole = forecast(500, 2_000, sending)
    to_come = forecast(500, 2_000, sending, looked_up=True)

    assert forecast(500, 0, sending).seconds_high - 0.2 <= to_come.seconds_high < whole.seconds_high
    assert "Looking the users up is included." in whole.assumption
    assert "Looking" not in to_come.assumption


def test_once_everybody_is_looked_up_nothing_to_create_takes_no_time() -> None:
    """A plan that skips everybody is done at once."""
    made = forecast(0, 4_000, looked_up=True)

    assert (made.seconds_low, made.seconds_high) == (0.0, 0.0)
