"""What the tenant's policy says about the rows of a roster, those that are refused already included."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.cli.setting_options import with_options
from bulktap.model.pass_terms import PassTerms
from bulktap.model.plan import Action, UserFinding
from bulktap.model.row_errors import RowError, RowErrorCode

if TYPE_CHECKING:
    from bulktap.model.passes import PassPolicy

USER_FAULT = RowError(RowErrorCode.USER_MALFORMED, "'anna' has no '@'.", "Write the domain.", "User")
WORDS = RowError(RowErrorCode.LIFETIME_MALFORMED, "'long' is not a duration.", "Write minutes.", "Lifetime")
TOO_LONG = RowError(
    RowErrorCode.LIFETIME_OUT_OF_RANGE,
    "'45 days' is too long: no tenant allows more.",
    "Choose 10 to 43,200.",
    "Lifetime",
)
PERHAPS = RowError(RowErrorCode.ONE_TIME_MALFORMED, "'perhaps' is neither yes nor no.", "Write yes or no.", "One-time")


def refused(kit: Any, *problems: RowError, cells: tuple[object, ...] = (), **asked: Any) -> Any:
    """Return a row that reading refused, of which so much could be read."""
    row = kit.checked(1, request=None, problems=problems, asked=PassTerms(**asked))
    return replace(row, source=replace(row.source, cells=cells)) if cells else row


def policy(kit: Any, low: int = 60, high: int = 480, *, forced: bool = False) -> PassPolicy:
    """Return a policy with this range."""
    return replace(kit.POLICY, minimum_lifetime_minutes=low, maximum_lifetime_minutes=high, forces_one_time=forced)


def test_a_refused_row_is_held_against_the_policy_too(decide: Any, kit: Any) -> None:
    """All that is wrong with a row is said at once, so that one round of mending is enough."""
    row = decide(refused(kit, USER_FAULT, lifetime_minutes=1440, usable_once=False), policy=policy(kit, forced=True))
    assert row.rows[0].action is Action.REFUSE
    assert [(problem.code, problem.column) for problem in row.rows[0].problems] == [
        (RowErrorCode.USER_MALFORMED, "User"),
        (RowErrorCode.LIFETIME_OUTSIDE_POLICY, "Lifetime"),
        (RowErrorCode.ONE_TIME_FORCED, "One-time"),
    ]


def test_what_could_not_be_read_is_not_judged(decide: Any, kit: Any) -> None:
    """A cell that cannot be read has one fault, not a second one for a value that nobody wrote."""
    plan = decide(refused(kit, USER_FAULT, WORDS))
    assert [problem.code for problem in plan.rows[0].problems] == [USER_FAULT.code, WORDS.code]


def test_rows_that_the_directory_refuses_are_judged_too(decide: Any, kit: Any) -> None:
    """A user who was not found and a lifetime that is not allowed are said together."""
    missing = UserFinding(error=RowError(RowErrorCode.USER_NOT_FOUND, "No such user.", "Check it."))
    plan = decide(kit.checked(1, lifetime_minutes=1440), findings={"user1@contoso.com": missing})
    codes = [problem.code for problem in plan.rows[0].problems]
    assert codes == [RowErrorCode.USER_NOT_FOUND, RowErrorCode.LIFETIME_OUTSIDE_POLICY]


def test_skipped_rows_are_left_in_peace(decide: Any, kit: Any) -> None:
    """What `--only` leaves out is no fault."""
    plan = decide(kit.checked(1), kit.checked(2, lifetime_minutes=1440), only=("user1@contoso.com",))
    assert [row.action for row in plan.rows] == [Action.ISSUE, Action.SKIP]
    assert [problem.code for problem in plan.rows[1].problems] == [RowErrorCode.NOT_SELECTED]


@pytest.mark.parametrize("problem", [WORDS, TOO_LONG])
@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (60, 480, "Choose 60 to 480 minutes (this tenant's policy), such as 60 (1 hour) or 480 (8 hours)."),
        (10, 43_200, "Choose 10 to 43,200 minutes (this tenant's policy), such as 10 or 480 (8 hours)."),
        (10, 30, "Choose 10 to 30 minutes (this tenant's policy), such as 10 or 30."),
        (600, 2_880, "Choose 600 to 2,880 minutes (this tenant's policy), such as 600 (10 hours) or 2880 (48 hours)."),
        (60, 60, "Choose 60 minutes (this tenant's policy), such as 60 (1 hour)."),
    ],
)  # fmt: skip
def test_hints_about_lifetimes_name_the_tenants_range(
    decide: Any, kit: Any, problem: RowError, low: int, high: int, says: str
) -> None:
    """What reading could say of every tenant only is completed, with an example that this tenant accepts."""
    plan = decide(refused(kit, problem), policy=policy(kit, low, high))
    assert [(found.message, found.hint) for found in plan.rows[0].problems] == [
        (problem.message.replace(": no tenant allows more", ""), says)
    ]


def test_hints_stay_where_the_policy_is_unknown(decide: Any, kit: Any) -> None:
    """Without the tenant's word the general hint is all there is."""
    assert decide(refused(kit, WORDS), policy=None).rows[0].problems == (WORDS,)


def test_a_tenant_that_forces_one_time_says_so_in_the_hint(decide: Any, kit: Any) -> None:
    """Nobody is told to write a no that would be refused."""
    plan = decide(refused(kit, PERHAPS), policy=policy(kit, forced=True))
    assert "one-time passes only" in plan.rows[0].problems[0].hint
    assert decide(refused(kit, PERHAPS)).rows[0].problems == (PERHAPS,)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("1d", "'1d' (1,440 minutes) is outside this tenant's 60 to 480 minutes."),
        (1440, "'1440' is outside this tenant's 60 to 480 minutes."),
        ("1440 min", "'1440 min' is outside this tenant's 60 to 480 minutes."),
    ],
)
def test_the_lifetime_is_shown_as_the_cell_has_it(decide: Any, kit: Any, cell: object, message: str) -> None:
    """The value as typed, with the minutes that it means only where they are not what it says."""
    cells = ("user1@contoso.com", None, cell, None, "5a")
    problem = decide(refused(kit, cells=cells, lifetime_minutes=1440)).rows[0].problems[0]
    assert problem.message == message
    assert problem.hint.startswith("Choose 60 to 480 minutes (this tenant's policy)")


def test_what_an_option_asks_for_is_mended_by_the_option(decide: Any, kit: Any) -> None:
    """Where the cell is empty, no cell of the row is at fault."""
    forced = policy(kit, forced=True)
    lifetime, once = decide(kit.checked(1, lifetime_minutes=1440, usable_once=False), policy=forced).rows[0].problems
    assert lifetime.message == "The lifetime of 1,440 minutes is outside this tenant's 60 to 480 minutes."
    assert "run bulktap again with --lifetime 480" in with_options(lifetime.hint)
    assert "run bulktap again without --multi-use" in with_options(once.hint)


def test_a_live_pass_is_a_fault_of_a_refused_row_too(decide: Any, kit: Any) -> None:
    """With `--existing fail` it is said along with what is wrong already; otherwise it is none."""
    row, held = refused(kit, WORDS), {"user1@contoso.com": kit.live()}
    failing = decide(row, findings=held, existing="fail", policy=None).rows[0]
    assert [problem.code for problem in failing.problems] == [WORDS.code, RowErrorCode.HAS_LIVE_PASS]
    assert decide(row, findings=held, policy=None).rows[0].problems == (WORDS,)
