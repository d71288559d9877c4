"""What is wrong with rows, on the screen: equal faults once, however many rows have them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bulktap.cli.summary import problem_lines
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
from bulktap.model.row_errors import RowError, RowErrorCode

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
EMPTY = RowError(RowErrorCode.USER_MISSING, "No user.", "Write one.", "User")
LONG = RowError(RowErrorCode.LIFETIME_MALFORMED, "'long' is no time.", "Write minutes.", "Lifetime")
KINDS = [replace(EMPTY, code=code, message=f"{code}.") for code in list(RowErrorCode)[:8]]


def plan_of(*problems: RowError | None, sheets: Sequence[str | None] = ()) -> Plan:
    """Return a plan with a row for each problem, beginning with row 2."""
    rows = tuple(
        PlanRow(
            number,
            RosterRow("r.xlsx", sheets[number - 1] if sheets else None, number + 1, (f"u{number}@contoso.com",)),
            Action.REFUSE if problem else Action.ISSUE,
            problems=(problem,) if problem else (),
        )
        for number, problem in enumerate(problems, 1)
    )
    return Plan(
        "run", NOW, NOW + timedelta(days=1), TenantInfo("1", "Contoso", "global", simulated=True),
        RosterInfo("r.xlsx", None, "ab" * 32, len(rows)), RosterColumns(("User",), {Field.USER: (0,)}),
        PlanSettings("UTC", "skip"), rows,
    )  # fmt: skip


def unknown(number: int) -> RowError:
    """Return a fault that names its user."""
    return RowError(RowErrorCode.USER_NOT_FOUND, f"There is no user {number}.", "Check spelling.", "User")


@pytest.mark.parametrize(
    ("plan", "lines"),
    [
        (plan_of(EMPTY), ["  row 2, User [user-missing]: No user."]),
        (plan_of(*[EMPTY] * 4000), ["  rows 2-4001, User [user-missing]: No user."]),
        (
            plan_of(EMPTY, LONG, None, EMPTY, EMPTY),
            [
                "  rows 2, 5 and 6, User [user-missing]: No user.",
                "  row 3, Lifetime [lifetime-malformed]: 'long' is no time.",
            ],
        ),
        (
            plan_of(EMPTY, EMPTY, EMPTY, sheets=["7A", "7A", "7A"]),
            ["  7A, rows 2-4, User [user-missing]: No user."],
        ),
        (
            plan_of(EMPTY, EMPTY, EMPTY, sheets=["7A", "7A", "7B"]),
            ["  7A rows 2 and 3; 7B row 4, User [user-missing]: No user."],
        ),
        (
            plan_of(*map(unknown, range(40)), *[EMPTY] * 50),
            [
                "  50 x user-missing, rows 42-91; first: No user.",
                "  40 x user-not-found, rows 2-41; first: There is no user 0.",
            ],
        ),
        (plan_of(None, None), []),
    ],
)
def test_equal_faults_share_a_line(plan: Plan, lines: list[str]) -> None:
    """With the rows as ranges, each fault followed by what to do; many different ones are told by kind."""
    told = problem_lines(plan, every=False)

    assert told[::2] == lines
    assert all(line.startswith("      ") for line in told[1::2])


def test_kinds_beyond_the_most_frequent_are_counted() -> None:
    """Nothing is left out without a word."""
    told = problem_lines(plan_of(*(kind for kind in KINDS for _ in range(2))), every=False)

    assert told[-1] == "  6 more faults of other kinds: --verbose shows all"
    assert len(told) == 11


def test_verbose_tells_each_fault_and_equal_ones_once() -> None:
    """40 users by name, and 50 empty cells in one line."""
    told = problem_lines(plan_of(*map(unknown, range(40)), *[EMPTY] * 50), every=True)

    assert len(told) == 2 * 41
    assert told[-2] == "  rows 42-91, User [user-missing]: No user."
