"""Checked rows, findings and plans for deciding about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass, PassPolicy, PassRequest, PolicyState, UserRef
from bulktap.model.plan import (
    Field,
    Plan,
    PlanSettings,
    RosterColumns,
    RosterInfo,
    RosterRow,
    TenantFindings,
    TenantInfo,
    UserFinding,
)
from bulktap.planning.covered_rows import Selection
from bulktap.planning.decisions import PlanFrame, make_plan
from bulktap.planning.forecast import Sending
from bulktap.planning.guards import UserGuard
from bulktap.roster.model import CheckedRoster, CheckedRow

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
COLUMNS = RosterColumns(
    ("User", "Start", "Lifetime", "One-time", "Class"),
    {Field.USER: (0,), Field.START: (1,), Field.LIFETIME: (2,), Field.ONE_TIME: (3,), Field.GROUP: (4,)},
)
POLICY = PassPolicy(PolicyState.ENABLED, 60, 480, 60, 8, forces_one_time=False)


def checked(number: int, user: str = "", **members: Any) -> CheckedRow:
    """Return a well-formed row that asks for a pass of eight hours; `lifetime_minutes` and the like change that."""
    ref = UserRef(user or f"user{number}@contoso.com")
    asked = {name: members.pop(name) for name in ("starts_at", "lifetime_minutes", "usable_once") if name in members}
    row = CheckedRow(
        source=RosterRow("staff.xlsx", "Staff", number + 1, (ref.text, None, None, None, members.pop("cell", "5a"))),
        user=ref,
        request=PassRequest(ref, replace(PassTerms(None, 480, None), **asked)),
        display_name=None,
        group=None,
        device=None,
        problems=(),
    )
    return replace(row, **members)


def live(pass_id: str = "held") -> UserFinding:
    """Return the finding of a user with a live pass."""
    found = AccessPass(pass_id, NOW, NOW, 480, False, True, "EnabledByPolicy")
    return UserFinding(live_pass=found, listed_at=NOW)


@pytest.fixture
def decide() -> Any:
    """Return a way to plan rows with findings by user and options."""

    def make(*rows: CheckedRow, findings: dict[str, UserFinding] | None = None, **options: Any) -> Plan:
        info = RosterInfo("staff.xlsx", "Staff", "ab" * 32, len(rows))
        frame = PlanFrame(
            run="2035-09-01T0800Z-staff-1a2b",
            created_at=NOW,
            valid_for=timedelta(hours=24),
            tenant=TenantInfo("11111111-2222-4333-8444-555555555555", None, "global", simulated=False),
            settings=PlanSettings(options.get("timezone", "UTC"), options.get("existing", "skip")),
            selection=Selection(options.get("limit"), options.get("only", ()), options.get("exclude", ())),
            guard=options.get("guard") or UserGuard(),
            sending=options.get("sending", Sending()),
        )
        found = TenantFindings(users=findings or {}, policy=options.get("policy", POLICY), notes=("a note",))
        return make_plan(CheckedRoster(info, COLUMNS, rows), found, frame)

    return make


@pytest.fixture
def kit() -> SimpleNamespace:
    """Return what the tests build rows and findings with."""
    return SimpleNamespace(checked=checked, live=live, POLICY=POLICY, NOW=NOW, COLUMNS=COLUMNS)
