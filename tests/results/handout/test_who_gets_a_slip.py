"""Who gets a slip: everybody with a pass that is theirs and works, or is going to; and how they are put together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from handout_sheets import look

from bulktap.model.outcomes import Issued
from bulktap.model.plan import Action
from bulktap.model.row_errors import RowErrorCode, Severity
from bulktap.model.run_events import Confirmed, Doubted, Noted, Settled
from bulktap.model.secret import Secret
from bulktap.model.usability import NOT_USABLE_NOTE
from bulktap.operations.handout_groups import arrangement, groups_of
from bulktap.operations.handout_making import sheets_of
from bulktap.operations.handout_people import people_of
from bulktap.planning.run_selection import chosen_rows
from bulktap.results.comparison import AsOf
from bulktap.results.handout.sheet_data import cover_data

if TYPE_CHECKING:
    from types import ModuleType

    from bulktap.operations.handout_people import Person


def one_person(build: ModuleType, *events: Any, closed: bool = True, **facts: Any) -> Person:
    """Return the one person of a run after these events; `facts` are `later`, `withdrawn` and what the row is."""
    later, withdrawn = facts.pop("later", timedelta()), facts.pop("withdrawn", {})
    plan = build.make_plan(build.plan_row(1, "ann", **facts))
    view = build.run_view(plan, build.make_state(plan, *events, closed=closed), AsOf(build.LATER + later))
    (person,) = people_of(view, withdrawn)
    return person


def issued(build: ModuleType, **changes: Any) -> Settled:
    """Return that the pass was issued, as the service described it but for these changes."""
    made = build.issued_pass(1)
    return Settled(1, Issued(replace(made, access_pass=replace(made.access_pass, **changes))))


def test_a_slip_says_what_the_service_said(build: ModuleType) -> None:
    """The code, from when until when, and whether it works once."""
    person = one_person(build, build.sent(1), issued(build))

    assert person.held is not None
    assert person.held.code.reveal() == "Abc1!xyz"
    assert person.held.ends - person.held.starts == timedelta(hours=8)
    assert (person.held.once, person.reason, person.doubts) == (False, "", ())


@pytest.mark.parametrize(
    ("changes", "facts", "reason"),
    [
        ({}, {"later": timedelta(days=30)}, "The pass ended on Mon 2035-09-03 16:00 Berlin"),
        ({}, {"withdrawn": {"pass-1": "revoked"}}, "The pass was revoked"),
        ({}, {"withdrawn": {"pass-1": "used"}}, "The pass was used"),
        ({}, {"withdrawn": {"pass-1": "gone"}}, "Somebody has deleted the pass"),
        ({}, {"withdrawn": {"pass-1": "replaced"}}, "Somebody else has issued another pass since"),
        ({}, {"withdrawn": {"pass-1": "something newer"}}, "The pass does not work any more"),
        ({"usability": "DisabledByPolicy"}, {}, "The pass does not work (the tenant's policy)"),
        ({"usability": "Suspended"}, {}, "The pass does not work (the tenant's policy)"),
        ({"lifetime_minutes": None, "starts_at": None, "created_at": None}, {"request": None},
         "When the pass ends is not known"),
    ],
)  # fmt: skip
def test_a_pass_that_does_not_work_has_no_slip(
    build: ModuleType, changes: dict[str, Any], facts: dict[str, Any], reason: str
) -> None:
    """And the reason is said in a few words."""
    person = one_person(build, build.sent(1), issued(build, **changes), **facts)
    assert (person.held, person.reason) == (None, reason)


def test_what_the_comparison_says_of_a_pass_counts(build: ModuleType) -> None:
    """A note that it does not work is enough."""
    person = one_person(build, build.sent(1), issued(build), Noted(1, NOT_USABLE_NOTE))
    assert "does not work" in person.reason


def test_a_pass_that_may_be_replaced_yet_waits(build: ModuleType) -> None:
    """Until it was compared; where nobody compares it any more, it is handed out, and whose it is is said."""
    events = (build.sent(1), Doubted(1, "no answer"), build.sent(1), issued(build))

    assert one_person(build, *events, closed=False).reason == "The pass is still to be compared"
    assert one_person(build, *events, closed=True).doubts != ()
    assert one_person(build, *events, Confirmed(1), closed=False).doubts == ()


@pytest.mark.parametrize(
    ("action", "code", "reason", "left_alone"),
    [
        (Action.REFUSE, RowErrorCode.USER_NOT_FOUND, "User not found", False),
        (Action.REFUSE, RowErrorCode.USER_MALFORMED, "Not a sign-in name", False),
        (Action.SKIP, RowErrorCode.HAS_LIVE_PASS, "Has a pass that works", True),
        (Action.SKIP, RowErrorCode.NEVER_LISTED, "Never gets a pass", True),
        (Action.ISSUE, RowErrorCode.USER_DISABLED, "Not issued yet", False),
    ],
)
def test_who_has_no_pass_is_named_with_the_reason(
    build: ModuleType, action: Action, code: RowErrorCode, reason: str, left_alone: bool
) -> None:
    """Only of those whom the plan left alone nothing is missing."""
    severity = Severity.ERROR if action is Action.REFUSE else Severity.WARNING
    problem = replace(build.fault(code), severity=severity)
    person = one_person(build, closed=False, action=action, problems=(problem,))
    assert (person.reason, person.left_alone) == (reason, left_alone)


def test_a_passcode_that_cannot_be_read_is_no_slip(build: ModuleType) -> None:
    """As in a journal that was damaged there."""
    made = replace(build.issued_pass(1), value=Secret(""))
    assert one_person(build, build.sent(1), Settled(1, Issued(made))).reason == "The passcode cannot be read"


def test_an_object_id_is_nothing_to_sign_in_with(build: ModuleType) -> None:
    """The slip leaves it out, and the screen says so."""
    request = build.plan_row(1, "ann").request
    guid = replace(request.user, text="00000000-0000-4000-8000-000000000001")
    person = one_person(build, build.sent(1), issued(build), upn=None, request=replace(request, user=guid))

    assert person.sign_in_name == ""
    assert "no sign-in name" in person.doubts[0]


@pytest.mark.parametrize(
    ("groups", "names"),
    [
        (["10a", "2a", "9b"], ["2a", "9b", "10a"]),
        (["7A", "7a ", "7a"], ["7a"]),
        (["Ｓüd", "Süd ", "Süd"], ["Süd"]),
        (["b", "Ä", "a"], ["a", "Ä", "b"]),
        (["1.10", "1.9", "1.2"], ["1.2", "1.9", "1.10"]),
        (["b", "", "a"], ["a", "b", "no Class"]),
        (["", "", ""], ["pupils"]),
    ],
)
def test_groups_stand_as_people_count_them(build: ModuleType, groups: list[str], names: list[str]) -> None:
    """Spellings of one group are one, under the usual one; people without a group come last."""
    rows = [build.plan_row(n, f"u{n}", group=group or None) for n, group in enumerate(groups, start=1)]
    plan = build.make_plan(*rows)
    state = build.make_state(plan, *[Settled(row.number, Issued(build.issued_pass(row.number))) for row in rows])
    people = people_of(build.run_view(plan, state, AsOf(build.LATER)), {})
    found = groups_of(people, {1, 2, 3}, arrangement(plan, (), None, None), "pupils")

    assert [group.name for group in found] == names
    assert sum(len(group.served) for group in found) == 3


@pytest.mark.parametrize(
    ("names", "users", "told"),
    [
        (["Max Meier", "Max Meier"], ["a", "b"], ["Max Meier (a)", "Max Meier (b)"]),
        (["Max Meier", "max  meier ", "Eva Ott"], ["a", "b", "c"], ["Max Meier (a)", "max meier (b)", "Eva Ott"]),
        (["Ana Ruiz", "Ana Ruiz", "Ana Ruiz"], ["a", "b", "c"], ["Ana Ruiz (a)", "Ana Ruiz (b)", "Ana Ruiz (c)"]),
        (["王伟", "王伟"], ["wei1", "wei2"], ["王伟 (wei1)", "王伟 (wei2)"]),
        (["Eva Ott", "Ida Ott"], ["a", "b"], ["Eva Ott", "Ida Ott"]),
        (["", ""], ["a", "b"], ["a", "b"]),
    ],
)
@pytest.mark.parametrize("served", [True, False])
def test_people_of_one_name_are_told_apart_on_covers(
    build: ModuleType, names: list[str], users: list[str], told: list[str], served: bool
) -> None:
    """Two of one name sign on two lines, and it is known which of them has no slip."""
    rows = [
        replace(build.plan_row(n, user, group="7b"), display_name=name, upn=user)
        for n, (name, user) in enumerate(zip(names, users, strict=True), start=1)
    ]
    plan = build.make_plan(*rows)
    events = [Settled(row.number, Issued(build.issued_pass(row.number))) for row in rows] if served else []
    people = people_of(build.run_view(plan, build.make_state(plan, *events), AsOf(build.LATER)), {})
    groups = groups_of(people, {row.number for row in rows}, arrangement(plan, (), None, None), "pupils")
    (sheet,) = cover_data(sheets_of(groups, "en"), look())["groups"]

    assert [*sheet["names"], *(one["name"] for one in sheet["unserved"])] == told


@pytest.mark.parametrize("name", ["7b", "7/b", "Klasse der " * 9, "一二三四五六七" * 12, "👩‍👩‍👧" * 20])
def test_no_part_of_a_group_takes_the_place_of_another_part(build: ModuleType, name: str) -> None:
    """Two people who lost their slips, one after the other; a file is named by its rows, the same ones each time."""
    rows = [build.plan_row(n, f"u{n}", group=name.strip()) for n in range(1, 41)]
    plan = build.make_plan(*rows)
    state = build.make_state(plan, *[Settled(row.number, Issued(build.issued_pass(row.number))) for row in rows])
    people = people_of(build.run_view(plan, state, AsOf(build.LATER)), {})
    every = set(range(1, 41))
    asked = [
        {1},
        {2},
        {1, 2},
        {1, 3},
        {2, 3},
        {1, 2, 3},
        every - {4},
        every - {5},
        {*range(1, 41, 2)},
        every - {40},
        every,
    ]

    def stems() -> list[str]:
        return [groups_of(people, one, arrangement(plan, (), None, None), "pupils")[0].stem for one in asked]

    assert stems() == stems()
    assert len({stem.casefold() for stem in stems()}) == len(asked)
    assert max(map(len, stems())) <= 60


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Anna\x00Berg", "Anna Berg"),
        ("Anna\nBerg", "Anna Berg"),
        ("  Anna\t Berg\x07 ", "Anna Berg"),
        ("Anna\u2028Berg\u0085", "Anna Berg"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627", "\u0645\u06cc\u200c\u062e\u0648\u0627"),
        ("\x1f\n", "u1"),
    ],
)
def test_what_has_no_picture_is_left_out_of_names(build: ModuleType, name: str, printed: str) -> None:
    """It would be an empty box; what joins letters is a part of how a name is written."""
    row = replace(build.plan_row(1, "u1", group="7b\x07"), display_name=name, upn="u1")
    plan = build.make_plan(row)
    people = people_of(build.run_view(plan, build.make_state(plan), AsOf(build.LATER)), {})
    (group,) = groups_of(people, {1}, arrangement(plan, (), None, None), "pupils")

    assert (people[0].name, group.name) == (printed, "7b")


@pytest.mark.parametrize("word", ["*", "not*", "not a user@contoso.com", "* a user*", "NOT A USER@CONTOSO.COM"])
@pytest.mark.parametrize("display_name", [None, "Eve Ende"])
def test_a_row_whose_user_is_none_is_chosen_by_what_it_says(
    build: ModuleType, word: str, display_name: str | None
) -> None:
    """Who was refused stands on the cover, and is named when everybody is asked for."""
    row = replace(build.plan_row(1, "not a user", action=Action.REFUSE), request=None, display_name=display_name)
    plan = build.make_plan(row)
    assert plan.user_text(row) == "not a user@contoso.com"
    assert chosen_rows(plan, (word,), ()) == {1}
