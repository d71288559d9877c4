"""Lengths of time as options."""

from __future__ import annotations

import click
import pytest

from bulktap.cli.durations import SECONDS


@pytest.mark.parametrize(
    ("typed", "seconds"), [("100s", 100), ("2m", 120), ("1.5h", 5400), ("250ms", 0.25), ("30", 30), ("1d", 86_400)]
)
def test_a_length_of_time_becomes_seconds(typed: str, seconds: float) -> None:
    """With a unit, or bare seconds."""
    assert SECONDS.convert(typed, None, None) == seconds


@pytest.mark.parametrize("typed", ["", "soon", "-5s", "0", "10 weeks"])
def test_anything_else_is_a_usage_error(typed: str) -> None:
    """And says what one looks like."""
    with pytest.raises(click.BadParameter, match="100s"):
        SECONDS.convert(typed, None, None)
