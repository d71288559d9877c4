"""The block above the question: everything that a yes agrees to, readable on any terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from bulktap.cli.plan_block import plan_lines
from bulktap.cli.summary import problem_lines
from bulktap.cli.wrapping import wrapped
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import PassPolicy, PassRequest, PolicyState, UserRef
from bulktap.model.plain_text import width_of
from bulktap.model.plan import (
    Action,
    Field,
    Forecast,
    NameCheck,
    Plan,
    PlanRow,
    PlanSettings,
    RosterColumns,
    RosterInfo,
    RosterRow,
    TenantInfo,
)
from bulktap.model.row_error_catalogue import about_cells, about_passes, about_users
from bulktap.planning.plan_review import review

if TYPE_CHECKING:
    from bulktap.model.row_errors import RowError

MONDAY = datetime(2035, 9, 3, 6, 0, tzinfo=UTC)
PEOPLE = (
    ("Jürgen Müller-Lüdenscheidt", "juergen.mueller-luedenscheidt@schule.contoso.com"),
    ("عمر بن عبد العزيز الحسيني", "omar@contoso.com"),
    ("歐陽 小龍", "xiaolong@contoso.com"),
    ("山田 太郎", "taro@contoso.com"),
    ("Đặng Thị Thu Thủy", "thuy@contoso.com"),
    ("Søren Kjærgård", "soren@contoso.com"),
    ("สมชาย ใจดี", "somchai@contoso.com"),
)


def row(number: int, action: Action = Action.ISSUE, *problems: RowError, **members: Any) -> PlanRow:
    """Return a row of the plan for one of these people."""
    name, user = PEOPLE[number % len(PEOPLE)]
    request = PassRequest(UserRef(f"{number}.{user}"), PassTerms(members.pop("start", MONDAY), 480, None))
    source = RosterRow("students.xlsx", members.pop("sheet", None), number + 1, (request.user.text,))
    return PlanRow(number, source, action, request=request, display_name=name, problems=problems, **members)


def plan_of(*rows: PlanRow, **members: Any) -> Plan:
    """Return a plan of these rows."""
    made = Plan(
        run="2035-08-30T1400Z-students-3fa9",
        created_at=MONDAY - timedelta(days=4),
        expires_at=MONDAY,
        tenant=TenantInfo("11111111-2222-4333-8444-555555555555", "Contoso 第一中學", "global", simulated=True),
        roster=RosterInfo("students.xlsx", "5. Jahrgang", "ab" * 32, len(rows)),
        columns=RosterColumns(("User",), {Field.USER: (0,)}),
        settings=PlanSettings("Europe/Berlin", "replace"),
        rows=rows,
        policy=PassPolicy(PolicyState.ENABLED, 60, 480, 60, 8, forces_one_time=False),
        forecast=Forecast(len(rows), 52.0, 19_693.0, "the documented limits"),
    )
    return replace(made, **members)


def everything() -> Plan:
    """Return a plan with something of each kind."""
    disabled, night = about_users.user_disabled(), about_passes.outside_working_hours("Sun 2035-09-02 22:00 to 23:00")
    return plan_of(
        *(row(number, Action.ISSUE, name_check=NameCheck.AGREES) for number in range(1, 9)),
        *(row(number, Action.ISSUE, disabled, name_check=NameCheck.DIFFERS) for number in range(9, 14)),
        *(row(number, Action.REPLACE, existing_pass_id="p", name_check=NameCheck.UNKNOWN) for number in range(14, 22)),
        row(22, Action.ISSUE, night, start=MONDAY - timedelta(hours=10)),
        row(23, Action.ISSUE, start=None, merged_rows=(24,)),
        row(24, Action.MERGE, merged_into=23),
        row(25, Action.SKIP, about_passes.has_live_pass(_live(), ZoneInfo("UTC"), refused=False)),
        row(26, Action.SKIP, about_passes.not_selected("--only does not name this row.")),
        *(row(number, Action.REFUSE, about_users.user_not_found(PEOPLE[number % 7][1])) for number in (27, 28, 30)),
        row(31, Action.ISSUE, about_cells.start_without_time("2035-09-04"), start=MONDAY + timedelta(days=1)),
    )


def _live() -> Any:
    from bulktap.model.passes import AccessPass

    return AccessPass("held", MONDAY, MONDAY, 480, False, True, "EnabledByPolicy")


def labelled(plan: Plan, label: str, **options: Any) -> list[str]:
    """Return what stands after a label."""
    lines = plan_lines(plan, review(plan), **options)
    return [line[11:] for line in lines if line[:11].strip() == label]


def test_all_that_a_yes_agrees_to_is_there() -> None:
    """Counts, people, times, names, and a line for each kind of warning."""
    plan = everything()

    lines = plan_lines(plan, review(plan))

    assert [line[:11].strip() for line in lines if not line.startswith("Warn")] == [
        "Tenant", "Roster", "Issue", "Replace", "Skip", "Leave out", "Refuse", "Usable", "Usable", "Names", "Duration",
    ]  # fmt: skip
    assert labelled(plan, "Issue") == ["24 passes; 1 more row shares one of them"]
    assert labelled(plan, "Refuse") == ["3 rows that need fixing: rows 28, 29 and 31"]
    assert labelled(plan, "Names") == [
        "8 of 21 names agree with the tenant's; 5 differ; 8 cannot be told; 4 rows have no name to compare"
    ]
    assert any(
        line.startswith("5 accounts are blocked from signing in") and "rows 10-14" in line
        for line in labelled(plan, "Warn")
    )


def test_who_would_be_replaced_is_named() -> None:
    """The first five by name and sign-in name, and how many more there are."""
    (line,) = labelled(everything(), "Replace")

    assert line.startswith("8, in place of passes that work now: Jürgen Müller-Lüdenscheidt (14.juergen")
    assert line.count("@") == 5
    assert line.endswith(" and 3 more")


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_no_word_is_broken_and_no_line_too_long(columns: int) -> None:
    """Names in any script, a sheet's name, a tenant's: every line fits, and its words are whole."""
    plan = everything()
    lines = [f"  {line}" for line in plan_lines(plan, review(plan), blocked=2)] + problem_lines(plan, every=False)

    for line in lines:
        shown = wrapped(line, columns)
        assert shown.split() == line.split()
        assert max(width_of(part) for part in shown.split("\n")) <= columns, shown


@pytest.mark.parametrize("columns", [80, 120])
def test_what_follows_a_break_stands_below_its_text(columns: int) -> None:
    """Labels stand alone in their column, those of two words too."""
    plan = everything()

    for line in plan_lines(plan, review(plan)):
        _, *others = wrapped(f"  {line}", columns).split("\n")
        assert all(other.startswith(" " * 13) and other[13] != " " for other in others)


def test_how_long_passes_last_is_said_where_it_matters() -> None:
    """A pass that starts at once and a run of hours: what is left of the first one when the last is issued."""
    at_once = plan_of(row(1, start=None), row(2, start=None))
    (said,) = labelled(at_once, "Duration")
    (far,) = labelled(plan_of(row(1, start=MONDAY + timedelta(days=30))), "Duration")

    assert said.endswith("; the first pass still has at least 2 h 32 min when the last is issued")
    assert "first pass" not in far


@pytest.mark.parametrize(
    ("low", "high", "begins", "ends"),
    [
        (52.0, 52.0, "about 52 s; the first pass still has", " is issued. As documented."),
        (9.0, 9.0, "about 9 s; the first pass still has", " is issued. As documented."),
        (52.1, 52.3, "about 52 s; the first pass still has", " is issued"),
        (30.0, 52.0, "between 30 s and 52 s, depending on", " at least 7 h 59 min when the last is issued"),
        (120.0, 600.0, "between 2 min and 10 min, depending on", " is issued"),
    ],
)  # fmt: skip
def test_how_long_it_takes_is_one_sentence(low: float, high: float, begins: str, ends: str) -> None:
    """What is left of the first pass belongs to how long it takes; what that counts on stands behind."""
    (said,) = labelled(plan_of(row(1, start=None), forecast=Forecast(1, low, high, "As documented.")), "Duration")

    assert said.startswith(begins)
    assert said.endswith(ends)
    assert ".;" not in said


def test_a_pass_that_ends_before_the_last_is_issued_is_a_warning_instead() -> None:
    """Nothing reassuring stands beside it."""
    slow = plan_of(row(1, start=None), forecast=Forecast(1, 52.0, 40_000.0, "the documented limits"))

    assert "first pass" not in labelled(slow, "Duration")[0]
    assert any(
        "before, or less than half an hour after, the last one is issued (if the run takes 11 h 7 min)" in line
        for line in labelled(slow, "Warn")
    )


def test_what_changed_since_a_plan_was_made_has_a_line() -> None:
    """Passes that fell out, accounts that were blocked."""
    from types import SimpleNamespace

    plan = plan_of(row(1), row(2), row(3))
    still = SimpleNamespace(left_out={1: about_users.user_not_found("x")}, blocked={2: "blocked"})

    lines = plan_lines(plan, review(plan, still), blocked=1)

    assert "Issue      2 passes" in lines
    assert (
        "Changed    since the plan was made: 1 pass is not issued after all, see above; 1 account was blocked from "
        "signing in" in lines
    )


def test_a_plan_that_issues_nothing_says_no_times() -> None:
    """Neither times nor a duration are made up."""
    plan = plan_of(row(1, Action.SKIP, about_passes.has_live_pass(_live(), ZoneInfo("UTC"), refused=False)))

    assert [line[:11].strip() for line in plan_lines(plan, review(plan))] == ["Tenant", "Roster", "Issue", "Skip"]
