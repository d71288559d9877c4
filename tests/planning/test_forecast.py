from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulktap.model.plan import Action, PlanRow
from bulktap.planning.forecast import Sending, forecast, lasting_notes, read_limit

if TYPE_CHECKING:
    from types import SimpleNamespace


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
    """They take time on the line, and where listing counts, a third or more of the limit."""
    assert named(10_000, "none", look_ups=10_000) > 2.5 * named(10_000, "none")
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


@pytest.mark.parametrize("text", ["", "20", "/s", "0/s", "20/0s", "twenty", "20/m", "inf/s", "-1/s", "moving"])
def test_other_words_are_no_limit(text: str) -> None:
    """Whoever mistypes a profile hears of it."""
    with pytest.raises(ValueError, match="no limit"):
        read_limit(text)


def rows_of(kit: SimpleNamespace, count: int, **asked: Any) -> list[PlanRow]:
    """Return rows that are to be created."""
    checked = [kit.checked(number, **asked) for number in range(1, count + 1)]
    return [
        PlanRow(number=number, source=row.source, action=Action.ISSUE, request=row.request)
        for number, row in enumerate(checked, 1)
    ]


def notes_of(kit: SimpleNamespace, rows: list[PlanRow], limit: str | None) -> tuple[str, ...]:
    """Return the warnings about them."""
    sending = Sending(read_limit(limit) if limit else None)
    return lasting_notes(rows, len(rows), sending, kit.POLICY, kit.NOW)


def test_passes_that_expire_during_the_run_are_warned_of(kit: SimpleNamespace) -> None:
    """At half a create a second, the first of a thousand one-hour passes are dead before the last is there."""
    first, second = notes_of(kit, rows_of(kit, 1_000, lifetime_minutes=60), "reports")
    assert "expire before the run is finished" in first
    assert first.startswith("With the limit reports, ")
    assert "half an hour" in second


def test_the_tenant_s_default_counts_where_no_lifetime_is_asked(kit: SimpleNamespace) -> None:
    """The policy's default is an hour."""
    assert notes_of(kit, rows_of(kit, 1_000, lifetime_minutes=None), "reports") == notes_of(
        kit, rows_of(kit, 1_000, lifetime_minutes=60), "reports"
    )


@pytest.mark.parametrize("limit", ["directory", None])
def test_passes_that_last_are_not_warned_of(kit: SimpleNamespace, limit: str | None) -> None:
    """Eight hours are enough for a small run, whatever the limit."""
    assert notes_of(kit, rows_of(kit, 100, lifetime_minutes=480), limit) == ()


def test_little_time_to_hand_out_is_warned_of(kit: SimpleNamespace) -> None:
    """A pass of ten minutes survives a short run, but not the way to its owner."""
    (note,) = notes_of(kit, rows_of(kit, 10, lifetime_minutes=10), "directory")
    assert "10 of 10 passes leave less than half an hour to hand them out" in note


def test_a_later_start_keeps_passes_alive(kit: SimpleNamespace) -> None:
    """A pass counts its minutes from its start, not from its creation."""
    starts_at = kit.NOW + timedelta(hours=12)
    assert notes_of(kit, rows_of(kit, 1_000, lifetime_minutes=60, starts_at=starts_at), "reports") == ()
    assert notes_of(kit, [], None) == ()


def test_without_a_limit_the_warning_names_its_assumption(kit: SimpleNamespace) -> None:
    """It is meant for the slower of the documented limits, and says so."""
    assert notes_of(kit, rows_of(kit, 1_000, lifetime_minutes=60), None)[0].startswith("If the service is as strict as")
