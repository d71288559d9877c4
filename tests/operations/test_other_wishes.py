"""What a command asks for besides a saved plan is what the plan does, or it is refused by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bulktap.model.errors import UsageError
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import PassRequest, UserRef
from bulktap.model.plan import (
    Action,
    Field,
    Plan,
    PlanRow,
    PlanSettings,
    RosterColumns,
    RosterInfo,
    RosterRow,
    TenantInfo,
)
from bulktap.operations.look_up_and_decide import plan_settings
from bulktap.operations.run_settings import CareSettings, PassSettings, ReadingSettings, RunSettings
from bulktap.operations.saved_plan import SETTLING, require_no_other_wish
from bulktap.roster.reading_options import ReadingOptions

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
START = NOW + timedelta(hours=2)
KEPT = PlanSettings("UTC", "skip", PassTerms(START, 480, usable_once=True), ticket="CHG1", reason="term")
PLAN = Plan(
    "2035-09-01T0800Z-staff-1a2b",
    NOW,
    NOW + timedelta(days=1),
    TenantInfo("1b3d", None, "global", simulated=False),
    RosterInfo("r.csv", None, "ab" * 32, 2),
    RosterColumns(("User",), {Field.USER: (0,)}),
    KEPT,
    tuple(
        PlanRow(number, RosterRow("r.csv", None, number + 1, (user,)), Action.ISSUE, PassRequest(UserRef(user)))
        for number, user in ((1, "ann@contoso.com"), (2, "bob@contoso.com"))
    ),
)


def ask(passes: PassSettings = PassSettings(), care: CareSettings = CareSettings(), **asked: str) -> None:  # noqa: B008
    """Ask for something besides the plan."""
    reading = ReadingSettings(ReadingOptions(timezone="UTC"))
    settings = RunSettings(Path(), reading, passes, care, asked=asked)
    require_no_other_wish(PLAN, settings, plan_settings(settings, NOW))


@pytest.mark.parametrize(
    ("wish", "asked"),
    [
        ({"passes": PassSettings(lifetime="8h")}, "lifetime"),
        ({"passes": PassSettings(start="2035-09-01 10:00")}, "start"),
        ({"passes": PassSettings(usable_once=True)}, "one_time"),
        ({"passes": PassSettings(existing="skip")}, "existing"),
        ({"care": CareSettings(ticket="CHG1")}, "ticket"),
        ({"care": CareSettings(reason="term")}, "reason"),
        ({"care": CareSettings(limit=2)}, "limit"),
        ({"care": CareSettings(limit=99)}, "limit"),
        ({"care": CareSettings(strict=True)}, "strict"),
    ],
)
def test_what_the_plan_does_anyway_may_be_asked_for(wish: dict[str, Any], asked: str) -> None:
    """And what decides about nothing that was settled."""
    ask(**wish, **{asked: f"--{asked}"})


@pytest.mark.parametrize(
    ("wish", "asked"),
    [
        ({"passes": PassSettings(lifetime="7h")}, "lifetime"),
        ({"passes": PassSettings(start="2035-09-01 11:00")}, "start"),
        ({"passes": PassSettings(start="now")}, "start"),
        ({"passes": PassSettings(usable_once=False)}, "one_time"),
        ({"passes": PassSettings(existing="replace")}, "existing"),
        ({"care": CareSettings(ticket="CHG2")}, "ticket"),
        ({"care": CareSettings(reason="another")}, "reason"),
        ({"care": CareSettings(limit=1)}, "limit"),
        ({"care": CareSettings(limit=0)}, "limit"),
        ({"care": CareSettings(only=("2",))}, "only"),
    ],
)
def test_anything_else_is_refused_as_it_was_written(wish: dict[str, Any], asked: str) -> None:
    """With the plan's run; a variable that says the same is for new plans."""
    with pytest.raises(UsageError, match=f"--like-{asked} .*{PLAN.run}"):
        ask(**wish, **{asked: f"--like-{asked}"})

    ask(**wish)
    assert asked in SETTLING
