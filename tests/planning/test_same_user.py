from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulktap.model.person_name import PersonName
from bulktap.model.plan import Action, UserFinding
from bulktap.model.row_errors import RowError, RowErrorCode

SOON = datetime(2035, 9, 2, 8, 0, tzinfo=UTC)
LATER = datetime(2035, 9, 3, 8, 0, tzinfo=UTC)
ID = "abcdef00-0000-4000-8000-000000000001"


def test_rows_with_the_same_values_are_one_pass(decide: Any, kit: Any) -> None:
    """The first row gets it, the others are merged into it; case does not matter."""
    plan = decide(kit.checked(1, "Zoe@contoso.com"), kit.checked(2), kit.checked(3, "zoe@Contoso.com"))
    first, _, third = plan.rows
    assert (first.action, first.merged_rows) == (Action.ISSUE, (3,))
    assert (third.action, third.merged_into) == (Action.MERGE, 1)
    assert first.request.terms.usable_once is kit.POLICY.forces_one_time


def test_a_name_and_an_object_id_of_one_person_are_one_pass(decide: Any, kit: Any) -> None:
    """Resolved to one object id, they are never two creates."""
    finding = UserFinding(object_id=ID)
    plan = decide(
        kit.checked(1, "zoe@contoso.com"),
        kit.checked(2, ID.upper()),
        findings={"zoe@contoso.com": finding, ID: finding},
    )
    assert [row.action for row in plan.rows] == [Action.ISSUE, Action.MERGE]


def test_several_devices_share_a_multi_use_pass(decide: Any, kit: Any) -> None:
    """The first sign-in must not use it up."""
    rows = [kit.checked(n, "zoe@contoso.com", device=f"LAPTOP-{n}") for n in (1, 2)]
    assert decide(*rows).rows[0].request.terms.usable_once is False
    same = [kit.checked(n, "zoe@contoso.com", device="LAPTOP-1") for n in (1, 2)]
    assert decide(*same, policy=None).rows[0].request.terms.usable_once is None


@pytest.mark.parametrize("forced", [True, False])
def test_several_devices_cannot_share_a_one_time_pass(decide: Any, kit: Any, forced: bool) -> None:
    """Asked for, or forced by the tenant: a row error for each of the rows."""
    asked = None if forced else True
    rows = [kit.checked(n, "zoe@contoso.com", device=f"LAPTOP-{n}", usable_once=asked) for n in (1, 2)]
    plan = decide(*rows, policy=replace(kit.POLICY, forces_one_time=forced))
    assert [row.action for row in plan.rows] == [Action.REFUSE] * 2
    assert {problem.code for row in plan.rows for problem in row.problems} == {RowErrorCode.DUPLICATE_ONE_TIME}
    assert "Rows 2 and 3" in plan.rows[0].problems[0].message


def test_rows_that_ask_for_different_passes_are_refused(decide: Any, kit: Any) -> None:
    """A person can hold only one pass, and nobody can say which is meant."""
    plan = decide(kit.checked(1, "zoe@contoso.com"), kit.checked(2, "zoe@contoso.com", lifetime_minutes=60))
    assert [row.action for row in plan.rows] == [Action.REFUSE] * 2
    assert plan.rows[0].problems[0].code is RowErrorCode.DUPLICATE_CONFLICT


@pytest.mark.parametrize(
    "names",
    [
        ("Anna Schmidt", "Eva Vogel"),
        ("Anna Schmidt", "Eva Schmidt"),
        ("Anna Schmidt", "Anna Vogel"),
        ("Anna Schmidt", "", "Jan de Vries"),
        ("王伟", "李娜"),
        ("Anna Schmidt", "Bob Miller", "Chen Wei", "Dilara Kaya", "Emma Petit"),
    ],
)
def test_rows_of_one_user_that_name_different_people_are_refused(decide: Any, kit: Any, names: tuple[str, ...]) -> None:
    """A cell was copied down: the pass of one would be handed to all; each row says who they are."""
    rows = [kit.checked(n, "zoe@contoso.com", name=PersonName(name)) for n, name in enumerate(names, 1)]
    plan = decide(*rows, kit.checked(9))

    assert [row.action for row in plan.rows] == [Action.REFUSE] * len(names) + [Action.ISSUE]
    for row in plan.rows[:-1]:
        [problem] = row.problems
        assert problem.code is RowErrorCode.DIFFERENT_PEOPLE
        assert problem.column == "User"
        assert "zoe@contoso.com" in problem.message
        assert all(f"{name} in row " in problem.message for name in names[:3] if name)
        assert problem.message.startswith("Rows 2")


@pytest.mark.parametrize(
    "names",
    [
        ("Anna Schmidt", "Schmidt, Anna"),
        ("Anna Schmidt", ""),
        ("", ""),
        ("Bob Miller", "Robert Miller"),
        ("Jürgen Müller", "Juergen Mueller"),
        ("山田太郎", "Taro Yamada"),
    ],
)
def test_rows_of_one_user_that_name_one_person_or_nobody_are_one_pass(
    decide: Any, kit: Any, names: tuple[str, str]
) -> None:
    """Several devices of one person, whose name is written in two ways."""
    rows = [kit.checked(n, "zoe@contoso.com", name=PersonName(name), device=f"PC-{n}") for n, name in enumerate(names)]

    assert [row.action for row in decide(*rows).rows] == [Action.ISSUE, Action.MERGE]


def test_rows_that_get_no_pass_tell_of_other_people_too(decide: Any, kit: Any) -> None:
    """The row that was not chosen, or is faulty itself, may be the one whose user is right."""
    fault = RowError(RowErrorCode.LIFETIME_MALFORMED, "'x' is no lifetime.", "Write 8h.", "Lifetime")
    anna = kit.checked(1, "zoe@contoso.com", name=PersonName("Anna Schmidt"))
    faulty = kit.checked(1, "zoe@contoso.com", name=PersonName("Anna Schmidt"), request=None, problems=(fault,))
    eva = kit.checked(2, "zoe@contoso.com", name=PersonName("Eva Vogel"))

    chosen = decide(anna, eva, only=("3",))
    assert [row.action for row in chosen.rows] == [Action.SKIP, Action.REFUSE]
    assert chosen.rows[1].problems[0].code is RowErrorCode.DIFFERENT_PEOPLE
    both = decide(faulty, eva)
    assert [[problem.code for problem in row.problems] for row in both.rows] == [
        [RowErrorCode.LIFETIME_MALFORMED, RowErrorCode.DIFFERENT_PEOPLE],
        [RowErrorCode.DIFFERENT_PEOPLE],
    ]


def cells(kit: Any, number: int, *, start: Any = None, lifetime: Any = None, once: Any = None, **asked: Any) -> Any:
    """Return a row of one user with these cells."""
    row = kit.checked(number, "zoe@contoso.com", **asked)
    return replace(row, source=replace(row.source, cells=("zoe@contoso.com", start, lifetime, once, "5a")))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"lifetime": "60", "lifetime_minutes": 60}),
        ({}, {"once": "no", "usable_once": False}),
        ({"once": "yes", "usable_once": True}, {}),
        ({}, {"start": "2035-09-02 08:00", "starts_at": SOON}),
        ({"lifetime": "1h", "lifetime_minutes": 60}, {"lifetime": 60, "lifetime_minutes": 60}),
        ({"lifetime": "1h", "lifetime_minutes": 60}, {"once": "no", "usable_once": False}),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_blank_cell_does_not_contradict_one_that_says_something(
    decide: Any, kit: Any, first: dict[str, Any], second: dict[str, Any], turned: bool
) -> None:
    """The pass is the one that is asked for in words, whichever row says it, also where an option fills the blanks."""
    said = {**first, **second}
    rows = [
        cells(kit, number, **asked) for number, asked in enumerate((second, first) if turned else (first, second), 1)
    ]
    plan = decide(*rows)

    assert [row.action for row in plan.rows] == [Action.ISSUE, Action.MERGE]
    terms = plan.rows[0].request.terms
    assert terms.lifetime_minutes == said.get("lifetime_minutes", 480)
    assert terms.usable_once is said.get("usable_once", False)
    assert terms.starts_at == said.get("starts_at")
    assert plan.rows[1].request.terms == terms


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (
            {"lifetime": "8h", "lifetime_minutes": 480},
            {"lifetime": "60", "lifetime_minutes": 60},
            "Lifetime: 8h in row 2, 60 in row 3",
        ),
        (
            {"once": "yes", "usable_once": True},
            {"once": "no", "usable_once": False},
            "One-time: yes in row 2, no in row 3",
        ),
        (
            {"start": "2035-09-02", "starts_at": SOON},
            {"start": "2035-09-03", "starts_at": LATER},
            "Start: 2035-09-02 in row 2, 2035-09-03 in row 3",
        ),
    ],
)
def test_a_contradiction_names_the_column_and_the_values(
    decide: Any, kit: Any, first: dict[str, Any], second: dict[str, Any], told: str
) -> None:
    """Whoever mends it need not compare the rows."""
    plan = decide(cells(kit, 1, **first), cells(kit, 2, **second))

    assert [row.action for row in plan.rows] == [Action.REFUSE] * 2
    problem = plan.rows[0].problems[0]
    assert problem.code is RowErrorCode.DUPLICATE_CONFLICT
    assert problem.column == told.partition(":")[0]
    assert told in problem.message


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.sampled_from([60, 480, 900])), max_size=8),
    existing=st.sampled_from(["skip", "replace", "fail"]),
    limit=st.none() | st.integers(0, 4),
)
def test_nobody_is_ever_created_twice(
    decide: Any, kit: Any, rows: list[tuple[int, bool, int]], existing: str, limit: int | None
) -> None:
    """However a roster repeats people, there is at most one create each, and every row has a reason or a pass."""
    findings = {}
    checked = []
    for number, (person, by_id, minutes) in enumerate(rows, 1):
        object_id = f"abcdef00-0000-4000-8000-{person:012d}"
        user = object_id if by_id else f"p{person}@contoso.com"
        findings[user] = replace(kit.live() if person == 0 else UserFinding(), object_id=object_id)
        checked.append(kit.checked(number, user, lifetime_minutes=minutes))
    plan = decide(*checked, findings=findings, existing=existing, limit=limit)
    created = [row.object_id for row in plan.creating()]
    assert len(created) == len(set(created))
    assert limit is None or len(created) <= limit
    for row in plan.rows:
        if row.action is Action.MERGE:
            assert plan.rows[row.merged_into - 1].action.creates
            assert row.number in plan.rows[row.merged_into - 1].merged_rows
        elif not row.action.creates:
            assert row.problems
