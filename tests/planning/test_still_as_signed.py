"""A saved plan that says something else than its roster, its directory or the policy of today is found out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bulktap.model.plan import Action, Plan, TenantFindings, UserFinding
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.planning.still_as_signed import changed_by_policy, disagreement, not_shown, to_resolve
from bulktap.roster.model import CheckedRoster

IDS = {number: f"00000000-0000-4000-8000-{number:012d}" for number in range(1, 7)}
SOON = datetime(2035, 9, 2, 8, 0, tzinfo=UTC)


def found(number: int, **members: Any) -> UserFinding:
    """Return what the directory says of a user."""
    user = UserFinding(IDS[number], f"user{number}@contoso.com", f"User {number}", enabled=True)
    return replace(user, **members)


@pytest.fixture
def scene(decide: Any, kit: Any) -> tuple[Plan, CheckedRoster, dict[str, UserFinding]]:
    """A plan of five people, the fifth of whom has two rows, and what it was made from."""
    rows = [*(kit.checked(number) for number in range(1, 6)), kit.checked(6, "user5@contoso.com")]
    findings = {f"user{number}@contoso.com": found(number) for number in range(1, 6)}
    plan = decide(*rows, findings=findings)
    return plan, CheckedRoster(plan.roster, kit.COLUMNS, tuple(rows)), findings


def edited(plan: Plan, index: int, **members: Any) -> Plan:
    """Return the plan with one row changed."""
    rows = list(plan.rows)
    rows[index] = replace(rows[index], **members)
    return replace(plan, rows=tuple(rows))


def asked(plan: Plan, index: int, **members: Any) -> Plan:
    """Return the plan with the pass of one row changed."""
    request = plan.rows[index].request
    assert request is not None
    return edited(plan, index, request=replace(request, **members))


def test_a_plan_that_nobody_touched_agrees(scene: Any) -> None:
    """Row by row, merged ones too."""
    plan, checked, findings = scene
    assert [row.action for row in plan.rows] == [Action.ISSUE] * 5 + [Action.MERGE]
    assert disagreement(plan, checked, TenantFindings(findings, plan.policy)) is None
    assert len(to_resolve(plan, checked)) == 6


def test_rows_that_get_no_pass_are_not_asked_about(decide: Any, kit: Any) -> None:
    """Cut, skipped and refused ones: whatever is wrong with them harms nobody."""
    rows = [kit.checked(number) for number in range(1, 5)]
    findings = {"user1@contoso.com": kit.live(), "user2@contoso.com": UserFinding(external_guest=True)}
    plan = decide(*rows, findings=findings, only=("2", "3", "4"))
    checked = CheckedRoster(plan.roster, kit.COLUMNS, tuple(rows))
    assert [row.action for row in plan.rows] == [Action.SKIP, Action.REFUSE, Action.ISSUE, Action.SKIP]
    assert [row.user.text for row in to_resolve(plan, checked)] == ["user3@contoso.com"]
    assert disagreement(plan, checked, TenantFindings({"user3@contoso.com": UserFinding()}, plan.policy)) is None


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda plan: edited(plan, 1, object_id=IDS[6]), "object id is not that of user2@contoso.com"),
        (lambda plan: edited(plan, 1, object_id=IDS[1]), "object id is not that of user2@contoso.com"),
        (lambda plan: asked(plan, 1, user=replace(plan.rows[1].request.user, text="mallory@contoso.com")), "names mal"),
        (
            lambda plan: asked(plan, 1, terms=replace(plan.rows[1].request.terms, lifetime_minutes=60)),
            "lifetime is different",
        ),
        (
            lambda plan: asked(plan, 1, terms=replace(plan.rows[1].request.terms, lifetime_minutes=None)),
            "lifetime is different",
        ),
        (
            lambda plan: asked(plan, 1, terms=replace(plan.rows[1].request.terms, usable_once=True)),
            "one-time setting is different",
        ),
        (lambda plan: asked(plan, 1, terms=replace(plan.rows[1].request.terms, starts_at=SOON)), "start is different"),
        (lambda plan: edited(plan, 1, action=Action.REPLACE, existing_pass_id="a"), "replaces a pass"),
        (lambda plan: edited(plan, 1, existing_pass_id="a"), "replaces a pass"),
        (lambda plan: edited(plan, 1, action=Action.MERGE, merged_into=1), "which rows one pass serves"),
        (lambda plan: edited(plan, 1, upn="user3@contoso.com"), "sign-in name user3@contoso.com is not that"),
        (lambda plan: edited(plan, 1, display_name="User 3"), "name User 3 is not that"),
        (lambda plan: edited(plan, 1, group="7b"), "group is different"),
        (lambda plan: edited(plan, 1, number=3), "number 3"),
    ],
)
def test_an_edited_row_is_named(scene: Any, edit: Any, told: str) -> None:
    """Whatever was changed in it, however right the digest of the file is made."""
    plan, checked, findings = scene
    sentence = disagreement(edit(plan), checked, TenantFindings(findings, plan.policy))
    assert sentence is not None
    assert "Row 3 of sheet Staff" in sentence
    assert told in sentence


def test_two_rows_of_one_person_never_become_two_passes(scene: Any) -> None:
    """The second create would kill the first pass."""
    plan, checked, findings = scene
    split = edited(plan, 5, action=Action.ISSUE, merged_into=None)
    assert "which rows one pass serves" in str(disagreement(split, checked, TenantFindings(findings, plan.policy)))


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (found(6, upn="user2@contoso.com"), "object id is not that"),
        (found(2, external_guest=True), "another organisation"),
        (found(2, display_name="Somebody Else"), "name User 2 is not that"),
    ],
)
def test_a_person_who_has_changed_since_is_named(scene: Any, now: UserFinding, told: str) -> None:
    """The directory's word of today counts, and an id that nobody can look up is not believed."""
    plan, checked, findings = scene
    sentence = disagreement(plan, checked, TenantFindings(findings | {"user2@contoso.com": now}, plan.policy))
    assert told in str(sentence)
    assert "Row 3" in str(sentence)


NOT_SHOWN = [
    UserFinding(error=RowError(code, "Says why.", "Says what to do."))
    for code in (
        RowErrorCode.USER_NOT_FOUND,
        RowErrorCode.SERVICE_FAILED,
        RowErrorCode.USER_NOT_READY,
        RowErrorCode.REFUSED,
        RowErrorCode.REFUSED_NOT_PERMITTED,
    )
]


@pytest.mark.parametrize("now", [*NOT_SHOWN, UserFinding()])
@pytest.mark.parametrize("number", [2, 5])
def test_a_user_whom_the_directory_does_not_show_is_left_out_alone(scene: Any, now: UserFinding, number: int) -> None:
    """Also one whose pass serves two rows; nothing else of the plan is contradicted by that."""
    plan, checked, findings = scene
    today = TenantFindings(findings | {f"user{number}@contoso.com": now}, plan.policy)
    left_out = not_shown(plan, checked, today)
    assert left_out.keys() == {number}
    assert left_out[number].refuses
    assert left_out[number].column == "User"
    assert disagreement(plan, checked, today, left_out) is None
    assert "Row" in str(disagreement(plan, checked, today))


@pytest.mark.parametrize("now", NOT_SHOWN)
def test_where_nobody_is_shown_no_row_is_left_out(scene: Any, now: UserFinding) -> None:
    """Then it is not about the rows, and the plan is refused by name."""
    plan, checked, findings = scene
    today = TenantFindings(dict.fromkeys(findings, now), plan.policy)
    assert not_shown(plan, checked, today) == {}
    assert "Row" in str(disagreement(plan, checked, today))


def test_a_row_that_is_left_out_hides_no_other_change(scene: Any) -> None:
    """Each of the others is still held against the roster."""
    plan, checked, findings = scene
    today = TenantFindings(findings | {"user2@contoso.com": NOT_SHOWN[0]}, plan.policy)
    changed = edited(plan, 2, object_id=IDS[6])
    assert "Row 4" in str(disagreement(changed, checked, today, not_shown(changed, checked, today)))


def test_a_roster_of_object_ids_needs_no_directory(decide: Any, kit: Any) -> None:
    """Where users may not be looked up, the id can only come from the roster itself."""
    rows = [kit.checked(number, IDS[number]) for number in (1, 2)]
    plan = decide(*rows)
    checked = CheckedRoster(plan.roster, kit.COLUMNS, tuple(rows))
    assert disagreement(plan, checked, TenantFindings({}, plan.policy)) is None
    assert "object id" in str(disagreement(edited(plan, 0, object_id=IDS[3]), checked, TenantFindings({}, plan.policy)))


def test_other_columns_are_found_out(scene: Any) -> None:
    """They say which cells stand beside a passcode in the workbook."""
    plan, checked, findings = scene
    other = replace(plan, columns=replace(plan.columns, headings=("Mail", *plan.columns.headings[1:])))
    assert "columns" in str(disagreement(other, checked, TenantFindings(findings, plan.policy)))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"maximum_lifetime_minutes": 240}, "60 to 240 minutes, and 5 rows of this plan (first: row 2) ask for 480"),
        ({"minimum_lifetime_minutes": 500, "maximum_lifetime_minutes": 600}, "500 to 600 minutes"),
        ({"forces_one_time": True}, "one-time passes only"),
        ({"default_lifetime_minutes": 120}, None),
        ({"default_length": 12}, None),
        ({"minimum_lifetime_minutes": 10, "maximum_lifetime_minutes": 43_200}, None),
        ({}, None),
    ],
)
def test_a_policy_counts_where_it_forbids_what_was_signed(scene: Any, change: dict[str, Any], told: str | None) -> None:
    """A default that changes does not matter to rows that state their terms."""
    plan = scene[0]
    sentence = changed_by_policy(plan, replace(plan.policy, **change))
    assert (sentence is None) if told is None else (told in str(sentence))


@pytest.mark.parametrize(
    ("left_open", "change", "told"),
    [
        ({"lifetime_minutes": None}, {"default_lifetime_minutes": 120}, "120 minutes now, not 60"),
        ({"usable_once": None}, {"forces_one_time": True}, "one-time passes only"),
        ({"lifetime_minutes": None}, {"forces_one_time": False}, None),
        ({"usable_once": None}, {"default_lifetime_minutes": 120}, None),
    ],
)
def test_what_a_row_leaves_to_the_tenant_must_be_what_it_was(
    scene: Any, left_open: dict[str, None], change: dict[str, Any], told: str | None
) -> None:
    """Only then is what is sent what was signed."""
    plan = asked(scene[0], 2, terms=replace(scene[0].rows[2].request.terms, **left_open))
    only = replace(plan, rows=(plan.rows[2],))
    sentence = changed_by_policy(only, replace(plan.policy, **change))
    assert (sentence is None) if told is None else (told in str(sentence))


def test_a_policy_that_cannot_be_read_says_nothing(scene: Any) -> None:
    """The terms are in each create; the service has the last word."""
    assert changed_by_policy(scene[0], None) is None
