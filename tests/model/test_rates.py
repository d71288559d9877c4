"""One way to write a limit, wherever one is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulktap.model.rates import read_rate
from bulktap.planning.forecast import read_limit
from bulktap.settings import declarations as declared
from bulktap.settings import server_declarations
from bulktap.simulator.limit_profiles import read_profile

if TYPE_CHECKING:
    from bulktap.settings.declaration import Declaration

LIMITS = (declared.SIMULATE_LIMITS, server_declarations.LIMITS)


@pytest.mark.parametrize(
    ("text", "amount", "seconds"),
    [
        ("20/s", 20, 1),
        ("20", 20, 1),
        ("3000/150s", 3000, 150),
        ("600/m", 600, 60),
        (" 7.5 / 2 min ", 7.5, 120),
        ("90000/H", 90_000, 3600),
        ("0.25/s", 0.25, 1),
    ],
)
def test_a_rate_is_so_much_in_so_long(text: str, amount: float, seconds: float) -> None:
    """A bare number is a second's."""
    rate = read_rate(text)
    assert (rate.amount, rate.seconds) == (amount, seconds)


@pytest.mark.parametrize("text", ["", "/s", "0", "0/s", "20/0s", "20/", "20/x", "-1/s", "inf/s", "9" * 5_000, "٣/s"])
def test_anything_else_is_none(text: str) -> None:
    """And the sentence shows what one looks like."""
    with pytest.raises(ValueError, match="20/s, 3000/150s or 20"):
        read_rate(text)


@pytest.mark.parametrize("text", ["20/s", "3000/150s", "20", "600/m", "0.5/s"])
def test_every_setting_for_a_limit_takes_it(text: str) -> None:
    """The ceiling, the forecast, and the pretend tenant of a rehearsal and of the server understand the same."""
    rate = read_rate(text)
    assert declared.MAX_RATE.kind.take(text) == rate.per_second
    assert read_limit(text).rate == rate.per_second
    for declaration in LIMITS:
        (quota,) = read_profile(declaration.kind.take(text), "owner").quotas
        limit = quota.limit
        assert (limit.capacity, limit.seconds) == (rate.amount, rate.seconds)


@pytest.mark.parametrize(
    "declaration", [declared.SIMULATE_LIMITS, server_declarations.LIMITS], ids=lambda one: one.name
)
@pytest.mark.parametrize("text", ["none", "directory", "reports,x2", "bucket:600/30,retry-after=date", "moving"])
def test_profiles_by_name_stay_what_they_are(declaration: Declaration[str], text: str) -> None:
    """Their options too."""
    assert declaration.kind.take(text) == text


def test_options_follow_a_rate_too() -> None:
    """As they follow a profile's name."""
    assert (
        server_declarations.LIMITS.kind.take("3000000/1.5s,retry-after=none") == "bucket:3000000/1.5,retry-after=none"
    )
