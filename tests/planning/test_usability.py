"""Passes that will exist and serve nobody are said: row by row where a start is stated, else once for all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.model.plan import UserFinding
from bulktap.model.row_errors import RowError, RowErrorCode, Severity
from bulktap.planning.forecast import Sending, read_limit
from bulktap.planning.plan_review import review

if TYPE_CHECKING:
    from types import SimpleNamespace

    from bulktap.model.plan import Plan

MONDAY = datetime(2035, 9, 3, tzinfo=UTC)
OUTSIDE, BEGINS, ENDS, PASSED = (
    RowErrorCode.OUTSIDE_WORKING_HOURS,
    RowErrorCode.STARTS_OUTSIDE_WORKING_HOURS,
    RowErrorCode.ENDS_BEFORE_HAND_OUT,
    RowErrorCode.START_PASSED,
)


def told(plan: Plan) -> list[list[RowErrorCode]]:
    """Return what each row is told, all of it warnings."""
    assert all(problem.severity is Severity.WARNING for row in plan.rows for problem in row.problems)
    return [[problem.code for problem in row.problems] for row in plan.rows]


def kinds(plan: Plan, now: datetime | None = None) -> dict[RowErrorCode, tuple[int, ...]]:
    """Return the rows of each kind of warning."""
    return {kind.code: kind.rows for kind in review(plan, now=now).warnings}


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        (MONDAY + timedelta(hours=8), 480, []),
        (MONDAY + timedelta(hours=20), 480, [OUTSIDE]),
        (MONDAY - timedelta(hours=14), 480, [OUTSIDE]),  # Sunday, 10:00
        (MONDAY, 60, [OUTSIDE]),
        (MONDAY, 480, [BEGINS]),  # to 8:00 in the morning
        (MONDAY + timedelta(hours=3), 480, [BEGINS]),
        (MONDAY - timedelta(hours=16), 1440, [BEGINS]),  # Sunday, 8:00, to Monday, 8:00
        (MONDAY - timedelta(days=2), 4320, [BEGINS]),  # Saturday, 0:00, for three days
        (MONDAY + timedelta(hours=18), 1440, [BEGINS]),
        (MONDAY + timedelta(hours=7), 660, []),
        (MONDAY + timedelta(hours=17, minutes=59), 480, []),
        (MONDAY - timedelta(hours=16), 10_080, []),  # a week, whenever it begins
        (None, 480, []),
    ],
)
def test_a_stated_start_at_which_nobody_is_there_is_said_of_its_row(
    decide: Any, kit: SimpleNamespace, start: datetime | None, minutes: int, expected: list[RowErrorCode]
) -> None:
    """The row names its column, and when the pass would work."""
    wide = replace(kit.POLICY, maximum_lifetime_minutes=43_200)

    plan = decide(kit.checked(1, starts_at=start, lifetime_minutes=minutes), policy=wide)

    assert told(plan) == [expected]
    if expected:
        problem = plan.rows[0].problems[0]
        assert problem.column == "Start"
        assert "UTC" in problem.message


def test_passes_that_start_at_once_on_a_weekend_are_one_warning(decide: Any, kit: SimpleNamespace) -> None:
    """The plan of these tests is made on a Saturday; no row is told so, the review says it once."""
    plan = decide(*(kit.checked(number) for number in range(1, 41)))

    assert told(plan) == [[]] * 40
    assert kinds(plan) == {OUTSIDE: tuple(range(2, 42))}
    assert review(plan).warnings[0].text == (
        "40 passes work only at night or on a weekend: rows 2-41, first user1@contoso.com"
    )
    assert kinds(plan, MONDAY + timedelta(hours=8)) == {}


def test_rows_that_are_refused_or_skipped_are_not_judged(decide: Any, kit: SimpleNamespace) -> None:
    """There is no pass whose times could be wrong."""
    night = MONDAY + timedelta(hours=20)
    rows = [kit.checked(number, starts_at=night) for number in (1, 2)]

    plan = decide(*rows, findings={"user1@contoso.com": kit.live()}, only=("user1@contoso.com",))

    assert [OUTSIDE in codes for codes in told(plan)] == [False, False]


@pytest.mark.parametrize(
    ("count", "limit", "minutes", "ending"),
    [
        (100, "directory", 480, 0),
        (10, "directory", 10, 10),  # they survive the run, but not the way to their owners
        (1_000, "reports", 60, 650),
        (1_000, "none", 60, 0),
    ],
)
def test_passes_that_end_too_early_are_one_warning(
    kit: SimpleNamespace, decide: Any, count: int, limit: str, minutes: int, ending: int
) -> None:
    """By the forecast, with the limit that is assumed; and how much time is left otherwise."""
    policy = kit.POLICY
    policy = type(policy)(policy.state, 10, 480, 60, 8, forces_one_time=False)
    rows = [kit.checked(number, lifetime_minutes=minutes) for number in range(count)]

    plan = decide(*rows, policy=policy, sending=Sending(read_limit(limit)))
    found = review(plan)

    assert len(kinds(plan).get(ENDS, ())) == pytest.approx(ending, rel=0.05)
    assert plan.forecast is not None
    assert found.least_left == timedelta(minutes=minutes) - timedelta(seconds=plan.forecast.seconds_high)


def test_those_that_end_too_early_are_the_first_to_be_issued(decide: Any, kit: SimpleNamespace) -> None:
    """At half a create a second the first hours' passes are dead before the last is there, later ones are not."""
    rows = [kit.checked(number, lifetime_minutes=60) for number in range(1, 4_001)]

    ending = kinds(decide(*rows, sending=Sending(read_limit("0.5/s"))))[ENDS]

    assert ending[0] == 2
    assert len(ending) == pytest.approx(4_000 - 900, rel=0.05)  # the last half hour's leave half an hour and more


def test_a_later_start_keeps_passes_alive(decide: Any, kit: SimpleNamespace) -> None:
    """A pass counts its minutes from its start, not from its creation."""
    start = MONDAY + timedelta(hours=8)
    rows = [kit.checked(number, lifetime_minutes=60, starts_at=start) for number in range(1_000)]

    assert kinds(decide(*rows, sending=Sending(read_limit("reports")))) == {}


def test_a_stated_start_that_ends_too_early_is_said_of_its_row(decide: Any, kit: SimpleNamespace) -> None:
    """Its message names the end, and the kind how long the run is taken to last."""
    rows = [kit.checked(number, starts_at=kit.NOW + timedelta(hours=1), lifetime_minutes=60) for number in range(6_000)]

    plan = decide(*rows, sending=Sending(read_limit("0.5/s")))

    assert ENDS in told(plan)[5_999]
    assert "ends at Sat 2035-09-01 10:00 UTC, before the run is finished" in plan.rows[0].problems[-1].message
    assert "(if the run takes 3 h 26 min)" in {kind.code: kind.text for kind in review(plan).warnings}[ENDS]


def test_a_start_that_came_while_the_plan_waited_is_said(decide: Any, kit: SimpleNamespace) -> None:
    """Carried out later, its passes start when they are issued, or are over."""
    plan = decide(
        kit.checked(1, starts_at=MONDAY + timedelta(hours=8)),
        kit.checked(2, starts_at=MONDAY + timedelta(hours=16), lifetime_minutes=60),
        kit.checked(3, starts_at=MONDAY + timedelta(hours=8), lifetime_minutes=60),
    )

    assert kinds(plan) == {}
    assert kinds(plan, MONDAY + timedelta(hours=10)) == {PASSED: (2,), RowErrorCode.START_IN_PAST: (4,)}


def test_the_look_ups_are_over_when_the_creates_begin(decide: Any, kit: SimpleNamespace) -> None:
    """What counts is when the last user was looked up, not when the roster was read."""
    late = UserFinding(listed_at=kit.NOW + timedelta(hours=3))
    plan = decide(kit.checked(1), findings={"user1@contoso.com": late})

    assert review(plan).usable == ("as soon as issued, for 8 h: issued now, until Sat 2035-09-01 19:00 UTC",)


def test_starts_at_night_are_one_line_whatever_they_end_at(decide: Any, kit: SimpleNamespace) -> None:
    """The screen has the count and the first row of those whose passes run while everybody sleeps."""
    nights = [kit.checked(number, starts_at=MONDAY + timedelta(hours=number)) for number in range(6)]

    plan = decide(*nights, kit.checked(9, starts_at=MONDAY + timedelta(hours=9)))

    assert [warning.text for warning in review(plan).warnings] == [
        "6 passes begin to work at night or on a weekend: rows 1-6, first user0@contoso.com"
    ]


@pytest.mark.parametrize(
    ("minutes", "expected"), [(480, []), (720, []), (1_440, []), (60, [OUTSIDE]), (420, [OUTSIDE])]
)
def test_a_date_without_a_time_is_told_once_that_its_pass_begins_at_midnight(
    decide: Any, kit: SimpleNamespace, minutes: int, expected: list[RowErrorCode]
) -> None:
    """That it never works while somebody is there is another matter."""
    told_already = RowError(RowErrorCode.START_WITHOUT_TIME, "A date.", "Add a time.", severity=Severity.WARNING)
    row = kit.checked(1, starts_at=MONDAY, lifetime_minutes=minutes, problems=(told_already,))

    plan = decide(row, policy=replace(kit.POLICY, maximum_lifetime_minutes=43_200))

    assert told(plan) == [[RowErrorCode.START_WITHOUT_TIME, *expected]]
