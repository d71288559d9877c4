"""What a plan asks for where neither the row nor an option says it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bulktap.model.plan import Action
from bulktap.model.row_errors import RowErrorCode

LEFT_OPEN: dict[str, Any] = {"lifetime_minutes": None, "usable_once": None}


@pytest.mark.parametrize(
    ("asked", "default", "forced", "stated"),
    [
        (LEFT_OPEN, 60, False, (60, False)),
        (LEFT_OPEN, 480, False, (480, False)),
        (LEFT_OPEN, 60, True, (60, True)),
        (LEFT_OPEN | {"lifetime_minutes": 120}, 60, False, (120, False)),
        (LEFT_OPEN | {"usable_once": True}, 90, False, (90, True)),
        ({"lifetime_minutes": 240, "usable_once": False}, 60, False, (240, False)),
        ({"lifetime_minutes": 240, "usable_once": True}, 60, True, (240, True)),
    ],
)
def test_what_is_left_open_is_the_policys(
    decide: Any, kit: Any, asked: dict[str, Any], default: int, forced: bool, stated: tuple[int, bool]
) -> None:
    """Every row that gets a pass states its terms."""
    policy = replace(kit.POLICY, default_lifetime_minutes=default, forces_one_time=forced)
    request = decide(kit.checked(1, **asked), policy=policy).rows[0].request
    assert (request.terms.lifetime_minutes, request.terms.usable_once) == stated


def test_without_the_policy_the_terms_stay_open(decide: Any, kit: Any) -> None:
    """Nobody can state what nobody could read."""
    request = decide(kit.checked(1, **LEFT_OPEN), policy=None).rows[0].request
    assert (request.terms.lifetime_minutes, request.terms.usable_once) == (None, None)


def test_whoever_holds_a_pass_is_planned_with_terms_too(decide: Any, kit: Any) -> None:
    """A replaced pass states them as a first one does."""
    row = decide(kit.checked(1, **LEFT_OPEN), findings={"user1@contoso.com": kit.live()}, existing="replace").rows[0]
    assert row.action is Action.REPLACE
    assert (row.request.terms.lifetime_minutes, row.request.terms.usable_once) == (60, False)


@pytest.mark.parametrize(
    ("other", "merged"),
    [
        ({"lifetime_minutes": 60}, True),
        ({"usable_once": False}, True),
        ({"lifetime_minutes": 60, "usable_once": False}, True),
        ({"lifetime_minutes": 120}, False),
        ({"usable_once": True}, False),
    ],
)
def test_a_row_that_writes_the_default_out_asks_for_the_same_pass(
    decide: Any, kit: Any, other: dict[str, Any], merged: bool
) -> None:
    """Two rows of one person are compared by what would be sent."""
    rows = (kit.checked(1, "zoe@contoso.com", **LEFT_OPEN), kit.checked(2, "zoe@contoso.com", **(LEFT_OPEN | other)))
    first, second = decide(*rows).rows
    if merged:
        assert (first.action, second.action) == (Action.ISSUE, Action.MERGE)
        assert first.request.terms.lifetime_minutes == second.request.terms.lifetime_minutes == 60
    else:
        assert [problem.code for problem in first.problems] == [RowErrorCode.DUPLICATE_CONFLICT]
        assert second.action is Action.REFUSE
