"""What concerns every row for one reason is one question; what rows have for reasons of their own is none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.cli.setting_options import with_options
from bulktap.model.errors import QuestionOpen
from bulktap.model.pass_scope import PassScope, PassTarget
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import PolicyState
from bulktap.model.plan import (
    Field,
    PlanSettings,
    RosterColumns,
    RosterInfo,
    TenantFindings,
    TenantInfo,
    UserFinding,
)
from bulktap.model.questions import REFUSE
from bulktap.model.row_error_catalogue import about_users
from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.model.setting_names import Setting
from bulktap.planning.common_causes import common_causes
from bulktap.planning.covered_rows import Selection
from bulktap.planning.decisions import PlanFrame, make_plan
from bulktap.roster.model import CheckedRoster, CheckedRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.model.passes import PassPolicy
    from bulktap.model.plan import Plan
    from bulktap.model.questions import Question

NO_TERMS_COLUMNS = RosterColumns(("User", "", "", "", "Class"), {Field.USER: (0,), Field.GROUP: (4,)})
EMPTY = RowError(RowErrorCode.USER_MISSING, "No user.", "Write one.", "User")
PAST = RowError(RowErrorCode.START_IN_PAST, "The start 2035-09-01 09:00 is over.", "Give a later one.", "Start")
LONG = RowError(RowErrorCode.LIFETIME_MALFORMED, "'long' is not a duration.", "Write minutes.", "Lifetime")
MISSING = UserFinding(error=about_users.user_not_found("somebody"))
OUTSIDE = UserFinding(object_id="1", in_scope=False)
GROUP_ONLY = PassScope((PassTarget("group-1"),))


@dataclass(frozen=True)
class Case:
    """Rows, what the tenant says of them, and the settings."""

    rows: list[CheckedRow]
    findings: dict[str, UserFinding] = field(default_factory=dict)
    policy: Any = None
    terms: PassTerms = field(default_factory=PassTerms)
    existing: str = "skip"
    only: tuple[str, ...] = ()
    columns: RosterColumns | None = None
    tenant: TenantFindings = field(default_factory=lambda: TenantFindings({}))
    reading: dict[str, str] = field(default_factory=dict)

    def plan(self, kit: Any) -> tuple[Plan, CheckedRoster, TenantFindings]:
        """Decide about the rows."""
        roster = CheckedRoster(
            RosterInfo("staff.xlsx", "Staff", "ab" * 32, len(self.rows)),
            self.columns or kit.COLUMNS,
            tuple(self.rows),
        )
        findings = replace(self.tenant, users=self.findings, policy=self.policy or kit.POLICY, tenant_name="Contoso")
        frame = PlanFrame(
            "2035-09-01T0800Z-staff-1a2b", kit.NOW, timedelta(hours=24),
            TenantInfo("1", "Contoso", "global", simulated=False),
            PlanSettings("Asia/Tokyo", self.existing, self.terms, reading=self.reading),
            Selection(None, self.only),
        )  # fmt: skip
        return make_plan(roster, findings, frame), roster, findings

    def causes(self, kit: Any, *accepted: str) -> list[Question]:
        """Return what concerns all of them."""
        return common_causes(*self.plan(kit), accepted)


def many(kit: Any, count: int, **members: Any) -> list[CheckedRow]:
    """Return so many rows alike."""
    return [kit.checked(number, **members) for number in range(1, count + 1)]


def faulty(kit: Any, count: int, *problems: RowError) -> list[CheckedRow]:
    """Return so many rows that reading refused."""
    return many(kit, count, request=None, problems=problems)


def everybody(rows: list[CheckedRow], finding: UserFinding) -> dict[str, UserFinding]:
    """Return the same finding for the user of every row."""
    return {row.user.folded: finding for row in rows if row.user is not None}


def with_cell(rows: list[CheckedRow], column: int, text: str) -> list[CheckedRow]:
    """Return the rows with this text in one of their cells."""
    found = []
    for row in rows:
        cells = list(row.source.cells)
        cells[column] = text
        found.append(replace(row, source=replace(row.source, cells=tuple(cells))))
    return found


def policy(kit: Any, low: int = 60, high: int = 480, *, forced: bool = False) -> PassPolicy:
    """Return a policy with this range."""
    return replace(kit.POLICY, minimum_lifetime_minutes=low, maximum_lifetime_minutes=high, forces_one_time=forced)


def too_long(kit: Any) -> Case:
    """A day, where eight hours are the most."""
    return Case(many(kit, 61, lifetime_minutes=1440), terms=PassTerms(lifetime_minutes=1440))


def too_short(kit: Any) -> Case:
    """Half an hour, where an hour is the least; and one row only."""
    return Case(many(kit, 1, lifetime_minutes=30), terms=PassTerms(lifetime_minutes=30), columns=NO_TERMS_COLUMNS)


def odd_maximum(kit: Any) -> Case:
    """A day, where an hour and a half is the most."""
    return Case(many(kit, 4, lifetime_minutes=1440), policy=policy(kit, 10, 90), terms=PassTerms(lifetime_minutes=1440))


def some_cells(kit: Any) -> Case:
    """The setting is for the rows that say nothing themselves; the others ask for an hour."""
    rows = with_cell(many(kit, 5, lifetime_minutes=60), 2, "1h")
    more = [kit.checked(number, lifetime_minutes=1440) for number in range(6, 10)]
    return Case([*rows, *more], terms=PassTerms(lifetime_minutes=1440))


def multi_use(kit: Any) -> Case:
    """Many times, where the tenant wants once."""
    return Case(many(kit, 12, usable_once=False), policy=policy(kit, forced=True), terms=PassTerms(usable_once=False))


def all_hold(kit: Any) -> Case:
    """Everybody has a pass, and that was to be a fault."""
    rows = many(kit, 8)
    return Case(rows, everybody(rows, kit.live()), existing="fail")


def all_unknown(kit: Any) -> Case:
    """Another tenant's roster."""
    rows = [kit.checked(number, f"user{number}@fabrikam.com") for number in range(1, 62)]
    tenant = TenantFindings({}, domains=("contoso.com", "students.contoso.com"))
    return Case(rows, everybody(rows, MISSING), tenant=tenant)


def mostly_unknown(kit: Any) -> Case:
    """Eleven of twenty."""
    rows = many(kit, 20)
    return Case(rows, everybody(rows[:11], MISSING) | everybody(rows[11:], UserFinding(object_id="1")))


def bare_names(kit: Any) -> Case:
    """Bare names with the wrong one of the tenant's domains."""
    rows = with_cell(many(kit, 9), 0, "user")
    tenant = TenantFindings({}, domains=("contoso.com", "s.contoso.com"), elsewhere={"s.contoso.com": 5})
    return Case(rows, everybody(rows, MISSING), tenant=tenant, reading={"domain": "contoso.com"})


def whole_names(kit: Any) -> Case:
    """The same with whole names."""
    rows = many(kit, 9)
    tenant = TenantFindings({}, domains=("contoso.com", "s.contoso.com"), elsewhere={"s.contoso.com": 5})
    return Case(rows, everybody(rows, MISSING), tenant=tenant)


def none_in_scope(kit: Any) -> Case:
    """A policy for a group that nobody is in."""
    rows = [kit.checked(number) for number in (1, 2)]
    findings = {row.user.folded: replace(OUTSIDE, object_id=str(row.source.number)) for row in rows if row.user}
    return Case(rows, findings, tenant=TenantFindings({}, scope=GROUP_ONLY))


def no_users(kit: Any) -> Case:
    """A column without users."""
    rows = [replace(row, user=None) for row in faulty(kit, 30, EMPTY)]
    return Case(rows)


def all_over(kit: Any) -> Case:
    """Starts that are over, in a zone that may be another."""
    return Case(faulty(kit, 4, PAST))


def long_column(kit: Any) -> Case:
    """A column whose every cell asks for a day."""
    return Case(with_cell(many(kit, 7, lifetime_minutes=1440), 2, "1d"))


CAUSES: list[tuple[Callable[[Any], Case], str, str, str]] = [
    (
        too_long,
        "lifetime-outside-policy",
        "--lifetime 1d is outside what Contoso allows, 60 to 480 minutes; it applies to all 61 rows.",
        "--lifetime 8h",
    ),
    (too_short, "lifetime-outside-policy", "--lifetime 30m is outside", "--lifetime 1h"),
    (odd_maximum, "lifetime-outside-policy", "10 to 90 minutes", "--lifetime 90m"),
    (some_cells, "lifetime-outside-policy", "4 of 9 rows", "--lifetime 8h"),
    (multi_use, "one-time-forced", "Contoso allows one-time passes only", "--one-time."),
    (all_hold, "has-live-pass", "all 8 rows are theirs", "--existing skip or --existing replace"),
    (
        all_unknown,
        "users-unknown",
        "Its domains are contoso.com and students.contoso.com; the roster's is fabrikam.com (61). Is this the right",
        "--accept users-unknown",
    ),
    (mostly_unknown, "users-unknown", "11 of the 20 users do not exist", "--accept users-unknown"),
    (bare_names, "users-unknown", "5 are there as …@s.contoso.com", "--domain s.contoso.com"),
    (whole_names, "users-unknown", "5 are there as …@s.contoso.com", "Write s.contoso.com for the domain"),
    (none_in_scope, "not-in-scope", "None of the 2 users who would get a pass is in scope", "--accept not-in-scope"),
    (no_users, "user-missing", "All 30 rows are refused for one reason in column User: No user.", "Write one."),
    (all_over, "start-in-past", "All 4 rows", "Times are read in Asia/Tokyo, unless --timezone"),
    (long_column, "lifetime-outside-policy", "All 7 rows are refused for one reason in column Lifetime: '1d'", "480"),
]


@pytest.mark.parametrize(("case", "code", "words", "remedy"), CAUSES, ids=[case.__name__ for case, *_ in CAUSES])
def test_a_cause_is_told_once(case: Callable[[Any], Case], code: str, words: str, remedy: str, kit: Any) -> None:
    """With its code, how many rows it concerns, and the setting or the deed that settles it."""
    (cause,) = case(kit).causes(kit)

    assert cause.code == code
    assert words in with_options(cause.text)
    assert remedy in with_options(QuestionOpen([cause]).hint)
    assert cause.choices[-1].value == REFUSE


@pytest.mark.parametrize("case", [case for case, *_ in CAUSES], ids=lambda case: case.__name__)
def test_what_is_accepted_is_no_cause_any_more(case: Callable[[Any], Case], kit: Any) -> None:
    """Its rows are told as rows."""
    made = case(kit)
    (cause,) = made.causes(kit)

    assert made.causes(kit, cause.code) == []


def one_typo(kit: Any) -> Case:
    """Five unknown users of 400."""
    rows = many(kit, 400)
    return Case(rows, everybody(rows[:5], MISSING) | everybody(rows[5:], UserFinding(object_id="1")))


def small_and_unknown(kit: Any) -> Case:
    """Two rows, each of which says for itself that its user is unknown."""
    rows = many(kit, 2)
    return Case(rows, everybody(rows, MISSING))


def half_unknown(kit: Any) -> Case:
    """Nine of twelve are fewer than ten."""
    rows = many(kit, 12)
    return Case(rows, everybody(rows[:9], MISSING) | everybody(rows[9:], UserFinding(object_id="1")))


def cells_too_long(kit: Any) -> Case:
    """Some rows' own cells ask for too much."""
    return Case([*with_cell(many(kit, 5, lifetime_minutes=1440), 2, "1d"), kit.checked(9)])


def different_faults(kit: Any) -> Case:
    """No fault is every row's."""
    return Case([*faulty(kit, 5, PAST), *faulty(kit, 4, LONG)])


def one_is_fine(kit: Any) -> Case:
    """One row has another fault, one none."""
    return Case([*faulty(kit, 50, PAST), kit.checked(99)])


def some_hold(kit: Any) -> Case:
    """Not everybody has a pass."""
    rows = many(kit, 8)
    return Case(rows, everybody(rows[:7], kit.live()), existing="fail")


def all_skipped(kit: Any) -> Case:
    """Everybody has a pass, and is left alone as usual."""
    rows = many(kit, 8)
    return Case(rows, everybody(rows, kit.live()))


def one_in_scope(kit: Any) -> Case:
    """The policy is for somebody."""
    rows = many(kit, 8)
    return Case(rows, everybody(rows[:1], UserFinding(object_id="a", in_scope=True)) | everybody(rows[1:], OUTSIDE))


def left_out(kit: Any) -> Case:
    """Only rows that are to get a pass count: here none of them."""
    return Case(faulty(kit, 5, PAST), only=("Class=9z",))


def all_disabled(kit: Any) -> Case:
    """Accounts that are enabled later get their passes."""
    rows = many(kit, 5)
    return Case(rows, everybody(rows, UserFinding(enabled=False)))


def policy_off(kit: Any) -> Case:
    """A tenant that allows no passes at all says so by itself."""
    off = replace(kit.POLICY, state=PolicyState.DISABLED)
    return Case(many(kit, 5, lifetime_minutes=1440), policy=off, terms=PassTerms(lifetime_minutes=1440))


HONEST = [
    policy_off,
    one_typo, small_and_unknown, half_unknown, cells_too_long, different_faults, one_is_fine, some_hold, all_skipped,
    one_in_scope, left_out, all_disabled,
]  # fmt: skip


@pytest.mark.parametrize("case", HONEST, ids=[case.__name__ for case in HONEST])
def test_a_roster_with_faults_of_its_own_has_no_common_cause(case: Callable[[Any], Case], kit: Any) -> None:
    """Its rows say what is wrong with them."""
    assert case(kit).causes(kit) == []


@pytest.mark.parametrize(
    ("terms", "forced", "scoped", "expected"),
    [
        ((1440, False), True, False, [Setting.LIFETIME, Setting.ONE_TIME]),
        ((1440, False), True, True, [Setting.LIFETIME, Setting.ONE_TIME, Setting.ACCEPT]),
        ((1440, None), False, True, [Setting.LIFETIME, Setting.ACCEPT]),
        ((30, None), False, True, [Setting.LIFETIME, Setting.ACCEPT]),
        ((480, False), True, True, [Setting.ONE_TIME, Setting.ACCEPT]),
        ((480, None), False, True, [Setting.ACCEPT]),
    ],
)
def test_several_causes_are_told_together(
    kit: Any, terms: tuple[int, bool | None], forced: bool, scoped: bool, expected: list[Setting]
) -> None:
    """Each with a setting of its own, so that whoever settles them is not stopped by the next one."""
    rows = many(kit, 5, lifetime_minutes=terms[0], usable_once=terms[1])
    case = Case(
        rows,
        everybody(rows, OUTSIDE) if scoped else {},
        policy=policy(kit, forced=forced),
        terms=PassTerms(lifetime_minutes=terms[0], usable_once=terms[1]),
        tenant=TenantFindings({}, scope=GROUP_ONLY if scoped else None),
    )

    causes = case.causes(kit)

    assert [cause.setting for cause in causes] == expected
    if scoped:
        assert "group that the policy includes" in QuestionOpen(causes).hint


def test_the_plan_says_once_what_concerns_all_its_passes(kit: Any) -> None:
    """That all accounts are blocked, and how many users the policy covers."""
    rows = many(kit, 3)
    findings = {
        row.user.folded: UserFinding(str(row.source.number), enabled=False, in_scope=row is rows[0])
        for row in rows
        if row.user
    }
    plan, _, _ = Case(rows, findings, tenant=TenantFindings({}, scope=GROUP_ONLY)).plan(kit)

    blocked, scope = [note for note in plan.notes if ("account" in note and "blocked" in note) or "scope" in note]
    assert blocked.startswith("All 3 accounts that would get a pass are blocked")
    assert "1 of 3 users are in scope" in scope
    assert [any(problem.code is RowErrorCode.NOT_IN_SCOPE for problem in row.problems) for row in plan.rows] == [
        False, True, True,
    ]  # fmt: skip
