"""How rows are counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bulktap.model.outcomes import Issued, Refused
from bulktap.model.plan import Action, Plan
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.run_events import Noted, Settled
from bulktap.model.usability import NOT_USABLE_NOTE
from bulktap.results.row_results import RowResult, row_faults, row_results, run_counts, unusable_rows

if TYPE_CHECKING:
    from types import ModuleType

    from bulktap.model.run_state import RunState


def test_every_row_is_counted_once(every_kind: tuple[Plan, RunState]) -> None:
    """The contract's keys, in its order, disjoint and summing to the rows."""
    counts = run_counts(*every_kind)

    assert counts == {
        "rows": 13,
        "issued": 2,
        "replaced": 1,
        "merged": 1,
        "skipped": 2,
        "invalid": 1,
        "refused": 3,
        "in_doubt": 2,
        "not_sent": 1,
    }
    assert list(counts) == ["rows", *(result.value for result in RowResult)]
    assert sum(counts.values()) == 2 * counts["rows"]


def test_before_anything_is_sent_the_creating_rows_are_not_sent(every_kind: tuple[Plan, RunState]) -> None:
    """Without a journal the plan alone is counted; a merged row waits with the row that serves it."""
    counts = run_counts(every_kind[0], None)

    assert counts == {
        "rows": 13,
        "issued": 0,
        "replaced": 0,
        "merged": 0,
        "skipped": 1,
        "invalid": 1,
        "refused": 0,
        "in_doubt": 0,
        "not_sent": 11,
    }


def test_a_merged_row_shares_the_fate_of_the_row_that_serves_it(every_kind: tuple[Plan, RunState]) -> None:
    """It counts as merged with a pass, and like its target without; its reasons are the target's."""
    plan, state = every_kind
    found = row_results(plan, state)
    rows = {row.number: row for row in plan.rows}

    assert (found[4], found[12]) == (RowResult.MERGED, RowResult.REFUSED)
    assert [fault.code for fault in row_faults(rows[12], rows, state)] == [RowErrorCode.REFUSED_NOT_PERMITTED]


@pytest.mark.parametrize(
    ("code", "attempts", "result"),
    [
        (RowErrorCode.START_IN_PAST, 0, RowResult.INVALID),
        (RowErrorCode.HAS_LIVE_PASS, 0, RowResult.INVALID),
        (RowErrorCode.START_IN_PAST, 1, RowResult.REFUSED),
        (RowErrorCode.USER_NOT_FOUND, 0, RowResult.REFUSED),
    ],
)
def test_a_refusal_counts_for_the_one_who_refused(
    build: ModuleType, code: RowErrorCode, attempts: int, result: RowResult
) -> None:
    """A rule of ours at sending time makes a row invalid; what the service says, to a look-up too, is a refusal."""
    plan = build.make_plan(build.plan_row(1, "ann"))
    state = build.make_state(plan, *[build.sent(1)] * attempts, Settled(1, Refused(build.fault(code))))

    assert row_results(plan, state) == {1: result}


def test_warnings_keep_no_row_from_its_pass(every_kind: tuple[Plan, RunState]) -> None:
    """Only errors are given as the reason that a row has no pass."""
    plan, state = every_kind
    rows = {row.number: row for row in plan.rows}
    warned = replace(rows[7], problems=rows[5].problems)

    assert [fault.code for fault in row_faults(warned, rows | {7: warned}, state)] == [RowErrorCode.REFUSED]


def test_a_row_without_an_answer_says_how_to_settle_it(every_kind: tuple[Plan, RunState]) -> None:
    """Sent and unanswered is in doubt, and `resume` is what settles it."""
    plan, state = every_kind
    rows = {row.number: row for row in plan.rows}

    (fault,) = row_faults(rows[13], rows, state)
    assert fault.code is RowErrorCode.IN_DOUBT
    assert f"bulktap resume {plan.run}`" in fault.hint
    (elsewhere,) = row_faults(rows[13], rows, replace(state, typed=f"{plan.run} --reports 'b c'"))
    assert f"`bulktap resume {plan.run} --reports 'b c'`" in elsewhere.hint
    assert [row.action for row in plan.rows].count(Action.MERGE) == 2


@pytest.mark.parametrize(
    ("is_usable", "usability", "unusable"),
    [
        (True, "EnabledByPolicy", False),
        (False, "EnabledByPolicy", False),  # as Microsoft's own example of a later start shows it
        (False, "NotYetValid", False),
        (None, None, False),
        (False, None, False),
        (False, "DisabledByPolicy", True),
        (None, "DisabledByPolicy", True),
        (False, "Expired", True),
        (False, "BlockedBySomethingNew", True),
        (True, "SomethingNew", False),
    ],
)
def test_a_pass_that_exists_and_does_not_work_is_counted(
    build: ModuleType, is_usable: bool | None, usability: str | None, unusable: bool
) -> None:
    """One that is only going to work later is not."""
    plan = build.make_plan(build.plan_row(1, "ann"), build.plan_row(2, "bob"))
    issued = build.issued_pass(1)
    changed = replace(issued.access_pass, is_usable=is_usable, usability=usability)
    state = build.make_state(plan, Settled(1, Issued(replace(issued, access_pass=changed))))

    assert [row.number for row in unusable_rows(plan, state)] == ([1] if unusable else [])


def test_a_pass_whose_policy_was_found_out_by_comparing_is_counted(build: ModuleType) -> None:
    """The reply that created it said nothing of it."""
    plan = build.make_plan(build.plan_row(1, "ann"), build.plan_row(2, "bob"))
    issued = [Settled(number, Issued(build.issued_pass(number))) for number in (1, 2)]
    state = build.make_state(plan, *issued, Noted(1, "Moved."), Noted(2, NOT_USABLE_NOTE))

    assert [row.number for row in unusable_rows(plan, state)] == [2]
