"""When passes were asked about, and when those were issued that took their place, in the times of the run."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bulktap.cli.verification import lines_of
from bulktap.dispatch.pass_states import judge_pass
from bulktap.model.passes import AccessPass
from bulktap.model.plan import TenantInfo
from bulktap.operations.verification import Verification, VerifiedPass

NOON = datetime(2035, 7, 2, 12, 0, tzinfo=UTC)


def held(pass_id: str, created_at: datetime) -> AccessPass:
    """Return a pass of eight hours."""
    return AccessPass(pass_id=pass_id, starts_at=created_at, lifetime_minutes=480, created_at=created_at)


@pytest.mark.parametrize(
    ("zone", "asked", "issued"),
    [
        ("Europe/Berlin", "14:00 Berlin", "Mon 2035-07-02 13:30 Berlin"),
        ("America/New_York", "08:00 New York", "Mon 2035-07-02 07:30 New York"),
        ("Asia/Kolkata", "17:30 Kolkata", "Mon 2035-07-02 17:00 Kolkata"),
        ("Pacific/Auckland", "00:00 Auckland", "Mon 2035-07-02 23:30 Auckland"),
        ("UTC", "12:00 UTC", "Mon 2035-07-02 11:30 UTC"),
        ("Etc/GMT-5", "17:00 UTC+5", "Mon 2035-07-02 16:30 UTC+5"),
    ],
)
def test_moments_are_told_as_the_clocks_of_the_run_show_them(zone: str, asked: str, issued: str) -> None:
    """As in its plan and on its slips: whoever reads it at the desk has no other clock."""
    ours, other = held("ours", NOON.replace(hour=10)), held("other", NOON.replace(hour=11, minute=30))
    finding = judge_pass(ours, [other], NOON)
    passes = [VerifiedPass("ann@contoso.com", "id", ours, finding, "ann@contoso.com", "Ann", "7B", None)]
    found = Verification(
        TenantInfo("t", "Contoso", "global", simulated=False), NOON, passes, so_far=False, zone=ZoneInfo(zone)
    )

    lines = lines_of(found)

    assert f"1 pass, asked about at {asked}" in lines
    assert any(f"another pass of {issued} (ID other) is there instead" in line for line in lines)
