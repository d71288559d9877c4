"""Each row's two names are compared, knowing all the others; many that differ are a question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bulktap.model.person_name import PersonName
from bulktap.model.plan import Action, Plan, UserFinding
from bulktap.model.row_error_catalogue import about_users
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.setting_names import Setting
from bulktap.planning.name_checks import NO_NAMES_IN_ROSTER, NO_NAMES_IN_TENANT, names_question, too_many_differ
from bulktap.roster.model import CheckedRoster, CheckedRow

STAFF = (
    "Anna Schmidt",
    "Bob Miller",
    "Chen Wei",
    "Dilara Kaya",
    "Emma Petit",
    "Finn de Jong",
    "Gosia Nowak",
    "Hugo Ruiz",
)


@pytest.fixture
def people(decide: Any, kit: Any) -> Any:
    """Return a way to plan rows of these names for accounts of those names."""

    def make(names: list[str], accounts: list[str | None], **options: Any) -> tuple[Plan, CheckedRoster]:
        rows: list[CheckedRow] = [
            kit.checked(number, name=PersonName(name), display_name=name or None)
            for number, name in enumerate(names, 1)
        ]
        findings = {
            f"user{number}@contoso.com": UserFinding(
                f"00000000-0000-4000-8000-{number:012d}", f"user{number}@contoso.com", account, enabled=True
            )
            for number, account in enumerate(accounts, 1)
        }
        plan = decide(*rows, findings=findings, **options)
        return plan, CheckedRoster(plan.roster, plan.columns, tuple(rows))

    return make


def checks(plan: Plan) -> str:
    """Return a letter for each row: a(grees), d(iffers), u(nknown), or - for not compared."""
    return "".join(row.name_check.value[0] if row.name_check else "-" for row in plan.rows)


def test_a_name_that_differs_is_a_warning_with_both_names(people: Any) -> None:
    """The row still gets its pass; whoever agrees to it has been told."""
    plan, _ = people(list(STAFF), [*STAFF[:3], "Zoe Young", *STAFF[4:]])

    assert checks(plan) == "aaadaaaa"
    row = plan.rows[3]
    assert row.action is Action.ISSUE
    [warning] = [problem for problem in row.problems if problem.code is RowErrorCode.NAME_DIFFERS]
    assert (warning.refuses, warning.column) == (False, "User")
    assert "Dilara Kaya" in warning.message
    assert "Zoe Young" in warning.message


def test_rows_that_get_no_pass_are_not_compared(people: Any) -> None:
    """Skipped, cut and refused ones: nobody is handed anything by them."""
    plan, checked = people(list(STAFF[:4]), ["X Y", "X Y", "X Y", "X Y"], only=("3", "4"), limit=1)

    assert checks(plan) == "-d--"
    assert names_question(plan, checked) is not None


@pytest.mark.parametrize(
    ("differing", "rows", "asked"),
    [(0, 40, False), (1, 2, False), (2, 40, False), (2, 3, False), (3, 60, False), (3, 59, True), (3, 8, True),
     (1, 1, True), (2, 2, True), (40, 40, True)],
)  # fmt: skip
def test_many_names_that_differ_are_a_question(people: Any, differing: int, rows: int, asked: bool) -> None:
    """Over 5 % of those compared and at least three, or all that there are."""
    names = [
        f"{STAFF[number % 8].split()[0]} Van{chr(97 + number // 8)}sen{number % 8 * 'o'}" for number in range(rows)
    ]
    plan, checked = people(names, ["Quentin Xavierson"] * differing + names[differing:])

    assert checks(plan).count("d") == differing
    assert too_many_differ(plan) is asked
    assert (names_question(plan, checked) is not None) is asked


def test_the_question_names_the_first_ones(people: Any) -> None:
    """With a count, samples, and the setting that answers it."""
    plan, checked = people(list(STAFF), [*STAFF[1:], STAFF[0]])
    question = names_question(plan, checked)

    assert question is not None
    assert (question.setting, question.code) == (Setting.NAMES, "names-differ")
    assert question.text.startswith("8 of 8 rows name somebody else than the tenant does; was the list sorted? ")
    assert "row 2: roster Anna Schmidt, tenant Bob Miller" in question.text
    assert len(question.details) == 3
    assert "roster Chen Wei, tenant Dilara Kaya" in question.details[2]
    assert {choice.value for choice in question.choices} == {"accept", "refuse"}
    accepted = replace(plan, settings=replace(plan.settings, names="accept"))
    assert names_question(accepted, checked) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Emma Schmidt", "Emma Fischer"),
        ("Jan de Vries", "Jana de Vries"),
        ("Tom Meier", "Tom Maier"),
        ("Anna Schmidt", "Annika Schmidt"),
        ("王小明", "王小红"),
        ("Victoria Clark", "方桂英"),
    ],
)
def test_two_rows_that_were_swapped_are_found_by_one_another(people: Any, one: str, other: str) -> None:
    """What might be a marriage, a pet name or a slip is none where the other account bears that very name."""
    plan, _ = people([*STAFF, one, other], [*STAFF, other, one])
    assert checks(plan) == "aaaaaaaadd"

    alone, _ = people([*STAFF, one], [*STAFF, other])
    assert checks(alone) in {"aaaaaaaaa", "aaaaaaaau"}


def test_people_of_one_name_do_not_witness_against_each_other(people: Any) -> None:
    """Robert Miller whose account is his own is no reason to doubt Bob Miller, whose account says Robert."""
    plan, _ = people(["Bob Miller", "Robert Miller", "Anna Vogel", "Anna Schmidt"],
                     ["Robert Miller", "Robert Miller", "Anna Schmidt", "Anna Schmidt"])  # fmt: skip

    assert checks(plan) == "aaaa"


def test_a_name_that_was_filled_down_is_found_in_any_script(people: Any) -> None:
    """Many accounts of one name are only that person's."""
    plan, checked = people(["王伟"] * 5, ["王伟", "Anna Schmidt", "Bob Miller", "Emma Petit", "Hugo Ruiz"])

    assert checks(plan) == "adddd"
    assert names_question(plan, checked) is not None


@pytest.mark.parametrize(
    ("upn_shown", "expected"), [("user1", "u"), ("USER1@contoso.com", "u"), ("eva.vogel", "d"), ("aschmidt", "a")]
)
def test_an_account_that_shows_its_sign_in_name_is_compared_where_that_is_a_name(
    people: Any, upn_shown: str, expected: str
) -> None:
    """New tenants often show no more than that."""
    plan, _ = people(["Anna Schmidt", *STAFF[1:]], [upn_shown, *STAFF[1:]])

    assert checks(plan)[0] == expected


def test_it_is_said_where_nothing_could_be_compared(people: Any) -> None:
    """Because the roster, or the directory, names nobody; offline nobody was asked."""
    nameless, _ = people(["", ""], ["Anna Schmidt", "Bob Miller"])
    assert NO_NAMES_IN_ROSTER in nameless.notes
    unread, _ = people(["Anna Schmidt"], [])
    assert unread.notes == ("a note",)
    both, _ = people(list(STAFF), list(STAFF))
    assert both.notes == ("a note",)


def test_it_is_said_where_the_directory_may_not_be_read(decide: Any, kit: Any) -> None:
    """Without the permission every finding is empty."""
    row = kit.checked(1, name=PersonName("Anna Schmidt"))

    plan = decide(row, findings={"user1@contoso.com": UserFinding()})

    assert NO_NAMES_IN_TENANT in plan.notes
    assert checks(plan) == "-"


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        ([UserFinding(error=about_users.user_not_found("x"))] * 3, False),
        ([UserFinding(error=about_users.user_not_found("x")), UserFinding()], True),
        ([UserFinding(error=about_users.user_not_found("x")), UserFinding("1", "x", "Anna Schmidt")], False),
        ([UserFinding(error=about_users.not_ready("x"))] * 2, False),
        ([UserFinding(), UserFinding()], True),
    ],
)
def test_names_that_could_not_be_read_are_those_of_users_who_are_there(
    decide: Any, kit: Any, findings: list[UserFinding], said: bool
) -> None:
    """Of a roster whose users do not exist, nothing is said about permissions."""
    rows = [kit.checked(number, name=PersonName("Anna Schmidt")) for number in range(1, len(findings) + 1)]

    plan = decide(*rows, findings={f"user{n}@contoso.com": one for n, one in enumerate(findings, 1)})

    assert (NO_NAMES_IN_TENANT in plan.notes) is said
