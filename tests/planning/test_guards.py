"""Who gets no pass whatever the roster says, and what has to be typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bulktap.model.guards import Guards
from bulktap.model.plan import Action, TenantInfo, UserFinding
from bulktap.model.row_errors import RowErrorCode
from bulktap.planning.guards import UserGuard, UserNames, barred_rows, typed_confirmation
from bulktap.planning.never_list import NeverList, read_never_list

ID = "6f9619ff-8b86-4d01-b42d-00c04fc964ff"
OTHER = "11111111-8b86-4d01-b42d-00c04fc964ff"
NEVER, DENIED, NOT_ALLOWED = RowErrorCode.NEVER_LISTED, RowErrorCode.DENIED, RowErrorCode.NOT_ALLOWED
ANNA = UserNames("anna@students.contoso.com", "anna@students.contoso.com", ID)
BY_ID = UserNames(ID, "anna@students.contoso.com", ID)
ALIAS = UserNames("anna@alias.org", "anna@students.contoso.com", ID)
BARE_NAME = UserNames("anna@students.contoso.com")
BARE_ID = UserNames(ID)


def never(*lines: str) -> NeverList:
    """Return a kept list."""
    return NeverList(read_never_list("\n".join(lines).encode(), "never.txt"))


@pytest.mark.parametrize(
    ("guards", "listed", "names", "code"),
    [
        (Guards(allow=(("*@students.contoso.com",),)), (), ANNA, None),
        (Guards(allow=(("*@STUDENTS.contoso.com",),)), (), BY_ID, None),
        (Guards(allow=(("*@alias.org",),)), (), ALIAS, NOT_ALLOWED),
        (Guards(allow=(("*@students.contoso.com",),)), (), ALIAS, None),
        (Guards(allow=(("*@staff.contoso.com", "anna@*"),)), (), ANNA, None),
        (Guards(allow=(("*@students.contoso.com",), ("ben@*",))), (), ANNA, NOT_ALLOWED),
        (Guards(allow=((ID.upper(),),)), (), ANNA, None),
        (Guards(allow=(("*@students.contoso.com",),)), (), BARE_ID, NOT_ALLOWED),
        (Guards(deny=("*@students.contoso.com",)), (), BY_ID, DENIED),
        (Guards(deny=("*@students.contoso.com",)), (), ALIAS, DENIED),
        (Guards(deny=("*@alias.org",)), (), ALIAS, DENIED),
        (Guards(deny=(ID,)), (), ANNA, DENIED),
        (Guards(deny=("ben@*",)), (), ANNA, None),
        (Guards(deny=("*@staff.contoso.com",)), (), BARE_ID, DENIED),
        (Guards(deny=(OTHER,)), (), BARE_NAME, DENIED),
        (Guards(deny=(OTHER,)), (), ANNA, None),
        (Guards(allow=(("*",),)), ("anna@students.contoso.com",), ANNA, NEVER),
        (Guards(), (ID,), ALIAS, NEVER),
        (Guards(), ("anna@*",), BY_ID, NEVER),
        (Guards(), ("ben@contoso.com",), BARE_ID, NEVER),
        (Guards(), (OTHER,), BARE_NAME, NEVER),
        (Guards(), (f"ben@contoso.com {OTHER}",), BARE_ID, None),
        (Guards(), (f"ben@contoso.com {OTHER}",), BARE_NAME, None),
        (Guards(), ("ben@contoso.com",), ANNA, None),
        (Guards(deny=("*@students*",)), ("anna@students.contoso.com",), ANNA, NEVER),
    ],
)
def test_a_user_is_compared_by_every_name(
    guards: Guards, listed: tuple[str, ...], names: UserNames, code: RowErrorCode | None
) -> None:
    """An object id or an alias does not slip through, and where a name is not known, the guard holds."""
    error = UserGuard(guards, never(*listed)).fault(names)
    assert (error.code if error else None) is code


@pytest.mark.parametrize(
    "guard", [UserGuard(Guards(deny=(OTHER,)), asked=False), UserGuard(None, never(OTHER), asked=False)]
)
def test_offline_only_what_is_known_is_compared(guard: UserGuard) -> None:
    """Such a plan cannot be carried out, and would have nobody in it."""
    assert guard.fault(BARE_NAME) is None
    assert guard.fault(UserNames(OTHER)) is not None


def test_a_guarded_row_is_refused_with_all_that_is_wrong(decide: Any, kit: Any) -> None:
    """By the name that the directory gives, in the user's column; the others are planned."""
    findings = {"user1@contoso.com": UserFinding(OTHER, "breakglass@contoso.com")}
    guard = UserGuard(Guards(deny=("user2@*",)), never("breakglass@contoso.com"), asked=False)

    plan = decide(*(kit.checked(number) for number in (1, 2, 3)), findings=findings, guard=guard)

    assert [row.action for row in plan.rows] == [Action.REFUSE, Action.REFUSE, Action.ISSUE]
    assert [row.problems[-1].code for row in plan.rows[:2]] == [NEVER, DENIED]
    assert {row.problems[-1].column for row in plan.rows[:2]} == {"User"}
    assert "never.txt, line 1" in plan.rows[0].problems[-1].message


def test_the_pass_of_a_merged_row_is_barred_by_either_name(decide: Any, kit: Any) -> None:
    """What serves two rows is refused if one of them names the account."""
    rows = [kit.checked(1, "zoe@contoso.com"), kit.checked(2, ID)]
    same = UserFinding(ID)
    plan = decide(*rows, findings={"zoe@contoso.com": same, ID: same})
    assert plan.rows[1].action is Action.MERGE

    assert list(barred_rows(plan, UserGuard(Guards(deny=("zoe@contoso.com",)), asked=False))) == [1]


@pytest.mark.parametrize(
    ("guards", "because"),
    [
        (Guards(), None),
        (Guards(type_from_rows=3), ("3 passes",)),
        (Guards(type_from_rows=4), None),
        (Guards(type_from_lifetime=480), ("passes that work for up to 8 h",)),
        (Guards(type_from_lifetime=481), None),
        (Guards(type_from_replacements=1), ("1 pass replaced",)),
        (Guards(type_from_replacements=2), None),
        (Guards(type_from_rows=1, type_from_replacements=1), ("3 passes", "1 pass replaced")),
        (Guards(max_rows=1), None),
    ],
)
def test_from_a_size_on_a_name_is_typed(decide: Any, kit: Any, guards: Guards, because: tuple[str, ...] | None) -> None:
    """Passes, the longest lifetime, replacements: what is as large as that is said."""
    findings = {"user1@contoso.com": kit.live()}
    plan = decide(*(kit.checked(number) for number in (1, 2, 3)), findings=findings, existing="replace")
    typed = typed_confirmation(plan, guards, {})
    assert (typed.because if typed else None) == because


def test_rows_that_get_no_pass_after_all_do_not_count(decide: Any, kit: Any) -> None:
    """Of a signed plan, some may be left out."""
    plan = decide(kit.checked(1), kit.checked(2))
    assert typed_confirmation(plan, Guards(type_from_rows=2), {1: kit}) is None


def test_a_lifetime_that_nobody_can_read_counts_as_the_longest(decide: Any, kit: Any) -> None:
    """Where the tenant's default is not known, it may be thirty days."""
    plan = decide(kit.checked(1, lifetime_minutes=None), policy=None)
    assert typed_confirmation(plan, Guards(type_from_lifetime=2_000), {}) is not None


@pytest.mark.parametrize(
    ("answer", "agrees"),
    [
        ("Contoso Schools", True),
        (" contoso  schools ", True),
        ("11111111-2222-4333-8444-555555555555", True),
        ("yes", False),
        ("contoso.onmicrosoft.com", True),
        ("Students.Contoso.com", True),
        ("Contoso", False),
        ("", False),
    ],
)
def test_a_domain_of_the_tenant_its_name_or_its_id_is_the_answer(
    decide: Any, kit: Any, answer: str, agrees: bool
) -> None:
    """Whatever the case, and however many blanks; the domain of most users is asked for."""
    plan = decide(kit.checked(1))
    named = replace(plan, tenant=TenantInfo(plan.tenant.tenant_id, "Contoso Schools", "global", simulated=False))
    domains = ("students.contoso.com", "contoso.com", "contoso.onmicrosoft.com")
    typed = typed_confirmation(named, Guards(type_from_rows=1), {}, domains)
    assert typed is not None
    assert (typed.words[0], typed.kind) == ("contoso.com", "domain")
    assert typed.is_answered_by(answer) is agrees
