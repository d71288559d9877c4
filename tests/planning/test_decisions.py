from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bulktap.model.plan import Action, UserFinding
from bulktap.model.row_errors import RowError, RowErrorCode, Severity
from bulktap.planning.name_checks import NO_NAMES_IN_ROSTER


def codes(row: Any) -> list[RowErrorCode]:
    """Return the codes of a row's problems."""
    return [problem.code for problem in row.problems]


def test_a_plain_row_is_issued(decide: Any, kit: Any) -> None:
    """Number, names, findings and forecast are in the plan."""
    finding = UserFinding("abc", "user1@contoso.com", "User One", enabled=True, listed_at=kit.NOW)
    plan = decide(kit.checked(1), kit.checked(2), findings={"user1@contoso.com": finding})
    first, second = plan.rows
    assert (first.number, first.action, first.object_id, first.display_name) == (1, Action.ISSUE, "abc", "User One")
    assert first.listed_at == kit.NOW
    assert (second.upn, second.object_id, second.listed_at) == ("user2@contoso.com", None, None)
    assert plan.forecast.steps == 2
    assert 0 < plan.forecast.seconds_low <= plan.forecast.seconds_high
    assert (plan.expires_at - plan.created_at).total_seconds() == 86_400
    assert plan.notes == ("a note", NO_NAMES_IN_ROSTER)


@pytest.mark.parametrize(
    ("existing", "action", "severity"),
    [
        ("skip", Action.SKIP, Severity.WARNING),
        ("replace", Action.REPLACE, None),
        ("fail", Action.REFUSE, Severity.ERROR),
    ],
)
def test_a_live_pass_means_what_the_operator_says(
    decide: Any, kit: Any, existing: str, action: Action, severity: Severity | None
) -> None:
    """Skip leaves it alone, replace issues anew, fail is a row error; the plan names the pass each time."""
    row = decide(kit.checked(1), findings={"user1@contoso.com": kit.live()}, existing=existing).rows[0]
    assert row.action is action
    assert row.existing_pass_id == "held"
    assert [problem.severity for problem in row.problems] == ([severity] if severity else [])


def test_what_the_tenant_knows_of_the_user_is_judged(decide: Any, kit: Any) -> None:
    """Unknown users and external guests are refused, disabled accounts and other guests get a warning."""
    error = RowError(RowErrorCode.USER_NOT_FOUND, "No such user.", "Check it.")
    plan = decide(
        kit.checked(1), kit.checked(2), kit.checked(3), kit.checked(4), kit.checked(5),
        findings={
            "user1@contoso.com": UserFinding(error=error),
            "user2@contoso.com": UserFinding(external_guest=True, guest=True),
            "user3@contoso.com": UserFinding(enabled=False),
            "user4@contoso.com": UserFinding(guest=True),
            "user5@contoso.com": UserFinding(guest=True, enabled=False),
        },
    )  # fmt: skip
    assert [row.action for row in plan.rows] == [Action.REFUSE] * 2 + [Action.ISSUE] * 3
    assert [codes(row) for row in plan.rows] == [
        [RowErrorCode.USER_NOT_FOUND], [RowErrorCode.USER_EXTERNAL_GUEST], [RowErrorCode.USER_DISABLED],
        [RowErrorCode.USER_GUEST], [RowErrorCode.USER_GUEST, RowErrorCode.USER_DISABLED],
    ]  # fmt: skip
    assert all(problem.column == "User" for row in plan.rows for problem in row.problems)


@pytest.mark.parametrize(("minutes", "allowed"), [(59, False), (60, True), (480, True), (481, False), (None, True)])
def test_lifetimes_outside_the_policy_are_refused(decide: Any, kit: Any, minutes: int | None, allowed: bool) -> None:
    """The tenant's own range decides before anything is sent, where it may be read."""
    row = kit.checked(1, lifetime_minutes=minutes)
    assert decide(row).rows[0].action is (Action.ISSUE if allowed else Action.REFUSE)
    assert decide(row, policy=None).rows[0].action is Action.ISSUE


def test_a_multi_use_pass_where_one_time_is_forced_is_refused(decide: Any, kit: Any) -> None:
    """Asking for nothing is fine, asking for multi-use is not."""
    forced = replace(kit.POLICY, forces_one_time=True)
    plan = decide(kit.checked(1, usable_once=False), kit.checked(2), policy=forced)
    assert [row.action for row in plan.rows] == [Action.REFUSE, Action.ISSUE]
    assert codes(plan.rows[0]) == [RowErrorCode.ONE_TIME_FORCED]


def test_a_row_with_faults_of_its_own_is_refused(decide: Any, kit: Any) -> None:
    """What the roster's check found stays, and the row is never issued."""
    fault = RowError(RowErrorCode.START_MALFORMED, "Not a date.", "Write a date.", "Start")
    plan = decide(replace(kit.checked(1), user=None, request=None, problems=(fault,)))
    assert plan.rows[0].action is Action.REFUSE
    assert plan.counts()[Action.REFUSE] == 1


def test_merged_rows_share_the_fate_of_their_row(decide: Any, kit: Any) -> None:
    """Where the serving row is skipped or refused, the rows merged into it are too, with the same reason."""
    rows = [kit.checked(n, "same@contoso.com") for n in (1, 2, 3)]
    plan = decide(*rows, findings={"same@contoso.com": kit.live()})
    assert [row.action for row in plan.rows] == [Action.SKIP] * 3
    assert all(codes(row) == [RowErrorCode.HAS_LIVE_PASS] for row in plan.rows)
    assert all(row.merged_into is None and row.merged_rows == () for row in plan.rows)
    plan = decide(*rows, policy=replace(kit.POLICY, maximum_lifetime_minutes=100))
    assert [row.action for row in plan.rows] == [Action.REFUSE] * 3


def test_stating_the_terms_of_the_tenant_changes_nothing_else_about_a_row(decide: Any, kit: Any) -> None:
    """Names, findings, groups, problems and who shares a pass are the same with a policy and without."""
    rows = [
        kit.checked(1, group="5a", display_name="One"),
        kit.checked(2, user="user1@contoso.com", group="5a", display_name="One"),
        kit.checked(3, group="5b"),
        kit.checked(4, user="abcdef00-0000-4000-8000-000000000007", display_name="Four"),
        kit.checked(5),
    ]
    findings = {
        "user1@contoso.com": UserFinding("abc", "one@contoso.com", "User One", guest=True, listed_at=kit.NOW),
        "user3@contoso.com": UserFinding("def", "three@contoso.com", "User Three", enabled=False, listed_at=kit.NOW),
        "user5@contoso.com": kit.live(),
    }

    stated = decide(*rows, findings=findings, existing="replace").rows
    left_open = decide(*rows, findings=findings, existing="replace", policy=None).rows

    assert [row.request.terms.usable_once for row in stated] == [False] * 5
    assert [row.request.terms.usable_once for row in left_open] == [None] * 5
    assert [replace(row, request=None) for row in stated] == [replace(row, request=None) for row in left_open]


@pytest.mark.parametrize(
    ("timezone", "until"),
    [
        ("UTC", "Sat 2035-09-01 16:00 UTC"),
        ("Europe/Berlin", "Sat 2035-09-01 18:00 Berlin"),
        ("Asia/Kathmandu", "Sat 2035-09-01 21:45 Kathmandu"),
        ("Pacific/Auckland", "Sun 2035-09-02 04:00 Auckland"),
        ("America/New_York", "Sat 2035-09-01 12:00 New York"),
    ],
)
@pytest.mark.parametrize("existing", ["skip", "fail"])
def test_until_when_a_live_pass_works_is_told_by_the_clocks_of_the_run(
    decide: Any, kit: Any, timezone: str, until: str, existing: str
) -> None:
    """Whoever reads the plan or the report at a desk has no other clock."""
    plan = decide(kit.checked(1), findings={"user1@contoso.com": kit.live()}, timezone=timezone, existing=existing)
    assert plan.rows[0].problems[-1].message == f"The user already has a pass that works until {until}."
