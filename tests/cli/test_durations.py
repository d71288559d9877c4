"""Lengths of time as options."""

from __future__ import annotations

import click
import pytest

from bulktap.cli.option_types import type_of
from bulktap.settings import declarations as declared

SECONDS, DAYS = type_of(declared.REPLY_TIMEOUT.kind), type_of(declared.PLAN_VALID_FOR.kind)


@pytest.mark.parametrize(
    ("typed", "seconds"), [("100s", 100), ("2m", 120), ("1.5m", 90), ("250ms", 0.25), ("30", 30), ("60m", 3_600)]
)
def test_a_length_of_time_becomes_seconds(typed: str, seconds: float) -> None:
    """With a unit, or bare seconds."""
    assert SECONDS.convert(typed, None, None) == seconds


@pytest.mark.parametrize("typed", ["", "soon", "-5s", "0", "10 weeks", "inf", "nan", "1e3", "9" * 400])
def test_anything_else_is_a_usage_error(typed: str) -> None:
    """And says what one looks like."""
    with pytest.raises(click.BadParameter, match="100s"):
        SECONDS.convert(typed, None, None)


@pytest.mark.parametrize("typed", ["2h", "61m", "9999999d", "99999999999s"])
def test_a_wait_that_nobody_means_is_refused(typed: str) -> None:
    """A reply is not awaited for days, and no date lies so far ahead."""
    with pytest.raises(click.BadParameter, match="longer than 1h"):
        SECONDS.convert(typed, None, None)


def test_a_plan_may_be_good_for_days() -> None:
    """Up to a year; dates after the year 9999 do not exist."""
    assert DAYS.convert("30d", None, None) == 30 * 86_400
    with pytest.raises(click.BadParameter, match="longer than 366d"):
        DAYS.convert("99999999999d", None, None)
