"""What stands on the first sheet of the page that is signed, and what a change board gets."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import PassRequest, UserRef
from bulktap.model.plan import Action, NameCheck, PlanSettings
from bulktap.model.row_error_catalogue import about_cells
from bulktap.model.row_errors import RowErrorCode, Severity
from bulktap.results.board_facts import BoardFacts, Rehearsal
from bulktap.results.figures import Mark
from bulktap.results.plan_report.change_board import board_groups
from bulktap.results.plan_report.plan_page import plan_page
from bulktap.results.plan_report.sign_off_summary import sign_off_facts, tiles

if TYPE_CHECKING:
    from types import ModuleType

    from bulktap.model.plan import Plan
    from bulktap.results.sign_off_view import SignOffView


def facts(view: SignOffView) -> dict[str, str]:
    """Return labels and values; what goes on below an empty label is joined."""
    found: dict[str, str] = {}
    last = ""
    for label, text in sign_off_facts(view):
        last = label or last
        found[last] = f"{found[last]} | {text}" if not label else text
    return found


def words(page: bytes) -> str:
    """Return the text of a page in front of its script."""
    text = re.sub(r"<style>.*?</style>|<script.*", "", page.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def with_settings(plan: Plan, **members: Any) -> Plan:
    """Return the plan with other settings."""
    return replace(plan, settings=replace(plan.settings, **members))


def test_it_says_who_asks_and_why(build: ModuleType) -> None:
    """Account, computer and app, ticket and reason; what was not given is said, too."""
    plan = build.make_plan(build.plan_row(1, "ann"))
    asked = facts(build.sign_off(with_settings(plan, ticket="CHG1", reason="First day"), app_id="9f6a"))

    assert asked["Asked for by"] == "otto, on ADMIN-PC; signed in as app 9f6a"
    assert (asked["Ticket"], asked["Reason"]) == ("CHG1", "First day")
    silent = facts(build.sign_off(plan))
    assert silent["Asked for by"] == "otto, on ADMIN-PC"
    assert (silent["Ticket"], silent["Reason"]) == ("None given", "None given")


@pytest.mark.parametrize(
    ("groups", "told"),
    [
        (["10a", "5b", "5a"], "5a, 5b, 10a"),
        ([f"{number}a" for number in range(1, 161)], "160, 1a to 160a"),
        (["5a", None], "5a"),
        (["王小明", "Łódź"], "Łódź, 王小明"),
        ([None, None], None),
    ],
)
def test_it_says_for_whom(build: ModuleType, groups: list[str | None], told: str | None) -> None:
    """The classes that get passes, in the order in which people count."""
    rows = [build.plan_row(number, f"u{number}", group=group) for number, group in enumerate(groups, 1)]

    assert facts(build.sign_off(build.make_plan(*rows))).get("Class") == told


@pytest.mark.parametrize(
    ("checks", "told"),
    [
        ([NameCheck.AGREES] * 3, "3 of 3 names agree"),
        ([NameCheck.AGREES, NameCheck.DIFFERS], "1 of 2 names agree; 1 names somebody else than the tenant does"),
        ([NameCheck.AGREES], "1 of 1 name agrees"),
        (
            [NameCheck.UNKNOWN, NameCheck.AGREES, None],
            "1 of 2 names agree; 1 cannot be told, such as names in two scripts; 1 row has no name to compare",
        ),
        ([NameCheck.DIFFERS, NameCheck.DIFFERS], "0 of 2 names agree; 2 name somebody else than the tenant does"),
        ([None, None], None),
    ],
)
def test_it_says_how_many_names_agree(build: ModuleType, checks: list[NameCheck | None], told: str | None) -> None:
    """Nothing is said where no names were compared."""
    rows = [build.plan_row(number, f"u{number}", name_check=check) for number, check in enumerate(checks, 1)]

    assert facts(build.sign_off(build.make_plan(*rows))).get("Names") == told


@pytest.mark.parametrize(
    ("once", "told"),
    [
        ([True, True], "Once"),
        ([False, False], "Many times until it ends"),
        ([None], "As often as the tenant's policy says"),
        ([True, True, False], "2 once; 1 many times until it ends"),
        ([False, None, False], "2 many times until it ends; 1 as often as the tenant's policy says"),
    ],
)
def test_it_says_how_often_a_pass_works(build: ModuleType, once: list[bool | None], told: str) -> None:
    """One way where all rows agree, otherwise how many of each."""
    rows = [
        build.plan_row(number, "u", request=PassRequest(UserRef("u"), PassTerms(build.START, 480, usable_once)))
        for number, usable_once in enumerate(once, 1)
    ]

    assert facts(build.sign_off(build.make_plan(*rows)))["Each pass works"] == told


@pytest.mark.parametrize(
    ("existing", "action", "told"),
    [
        ("skip", Action.SKIP, r"is left alone\. That is 2 rows: rows 3 and 4"),
        ("replace", Action.REPLACE, r"is replaced: .* cannot be brought back\. That is 2 rows: rows 3 and 4"),
        ("skip", Action.ISSUE, r"is left alone; nobody has one"),
        ("fail", Action.ISSUE, r"reported as an error, and gets none; nobody has one"),
    ],
)
def test_it_says_what_becomes_of_existing_passes(build: ModuleType, existing: str, action: Action, told: str) -> None:
    """The rule, and how many rows it meets."""
    live = (replace(build.fault(RowErrorCode.HAS_LIVE_PASS), severity=Severity.WARNING),)
    rows = [
        build.plan_row(1, "ann"),
        *(build.plan_row(n, f"u{n}", action, problems=live if action is Action.SKIP else ()) for n in (2, 3)),
    ]
    plan = with_settings(build.make_plan(*rows), existing=existing)

    assert re.search(told, facts(build.sign_off(plan))["Existing passes"])


@pytest.mark.parametrize("offline", [True, False])
def test_what_was_not_asked_is_not_counted(build: ModuleType, offline: bool) -> None:
    """Offline, or where lists could not be read, nobody knows who has a pass: no zero stands for that."""
    row = build.plan_row(1, "ann", listed_at=build.ISSUED_AT if offline else None)
    view = build.sign_off(with_settings(build.make_plan(row), offline=offline))

    told = {tile.words for tile in tiles(view)}
    assert "will be issued" in told
    assert not {"will replace a pass that works", "will be skipped"} & told
    assert facts(view)["Existing passes"].endswith("who has one was not asked")


def test_the_tiles_count_all_there_is(build: ModuleType) -> None:
    """Issued, replaced, skipped, refused, left out while reading, and with a warning; zeros that are known too."""
    warned = replace(build.fault(RowErrorCode.USER_DISABLED), severity=Severity.WARNING)
    twice = (warned, replace(warned, code=RowErrorCode.NAME_DIFFERS))
    rows = (
        build.plan_row(1, "ann", problems=twice),
        build.plan_row(2, "bob", Action.REFUSE, problems=(build.fault(),)),
    )
    others = (
        build.plan_row(number, user, Action.SKIP, problems=(about_cells.left_out(reason, "Look."),))
        for number, user, reason in ((8, "cem", "hidden"), (9, "dan", "hidden"), (11, "eve", "inactive"))
    )
    view = build.sign_off(build.make_plan(*rows, *others))

    assert [(tile.number, tile.words, tile.mark) for tile in tiles(view)] == [
        (1, "will be issued", Mark.PASS),
        (0, "will replace a pass that works", Mark.REPLACE),
        (0, "will be skipped", Mark.SKIP),
        (1, "will be refused", Mark.FAULT),
        (3, "left out while reading", Mark.SKIP),
        (1, "with a warning", Mark.WAIT),
    ]
    assert facts(view)["Left out while reading"] == "2 hidden: rows 9 and 10 | 1 inactive: row 12"


def test_it_says_how_to_take_it_back(build: ModuleType) -> None:
    """Before and after, with the ids that the results have; no command that does not exist."""
    back = facts(build.sign_off(build.make_plan(build.plan_row(1, "ann"))))["How to take it back"]

    assert "Before: nothing is issued until" in back
    assert "DELETE /users/{Object ID}/authentication/temporaryAccessPassMethods/{Pass ID}" in back
    assert "results.xlsx" in back
    assert "revoke" not in back


def test_who_is_not_served_stands_there_with_row_ranges(build: ModuleType) -> None:
    """A kind once, with its rows; warnings in the words of the question."""
    refused = [build.plan_row(n, f"u{n}", Action.REFUSE, problems=(build.fault(),)) for n in (*range(1, 20), 25)]
    blocked = (replace(build.fault(RowErrorCode.USER_DISABLED), severity=Severity.WARNING),)
    view = build.sign_off(build.make_plan(*refused, build.plan_row(30, "kim", problems=blocked)))
    text = words(plan_page(view))

    assert "Who gets no pass, and why: 20 rows Error Start malformed 20 rows: 2-20 and 26" in text
    (warning,) = view.facts.review.warnings
    assert f"Warnings for people who get one {warning.text}" in text


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("What changes", "2 people get a Temporary Access Pass"),
        ("Cannot be undone", "1 passcode that works now stops working"),
        ("If nobody does anything", "The last pass ends by itself: 2035-09-03 16:00"),
        ("By", "App 9f6a"),
        ("From", "Computer ADMIN-PC, by otto, with bulktap"),
        ("When", "Within 2035-08-30 16:00 to 2035-08-31 16:00 (Europe/Berlin), for less than a second to 12 seconds"),
        ("What alerts see", "Admin registered temporary access pass method for user"),
        ("The person from", "Sign-in"),
        ("Kept as they are", "Joined, Note"),
        ("Never read", "Kennwort, Geburtsdatum"),
        ("Of this roster", "2035-08-29T0900Z-pupils-1a2b, in a simulated tenant"),
        ("Rows", "62: 60 issued; 2 invalid"),
    ],
)
def test_a_change_board_gets_its_facts(build: ModuleType, label: str, told: str) -> None:
    """Risk, back-out, what the security team will see, columns, and the rehearsal of the same roster."""
    plan = build.make_plan(build.plan_row(1, "ann"), build.plan_row(2, "bob", Action.REPLACE, existing_pass_id="p"))
    plan = replace(plan, roster=replace(plan.roster, dropped=("Kennwort", "Geburtsdatum")))
    counts = {"rows": 62, "issued": 60, "invalid": 2, "refused": 0}
    board = BoardFacts(Rehearsal("2035-08-29T0900Z-pupils-1a2b", build.ISSUED_AT - timedelta(days=1), counts))
    view = build.sign_off(plan, app_id="9f6a", board=board)
    found = {label: text for group in board_groups(view, board) for label, text in group.facts if label}

    assert told in found[label]
    assert "For the change board" in words(plan_page(view))
    assert told in words(plan_page(view))


def test_without_a_board_nothing_of_it_is_there(build: ModuleType) -> None:
    """It is on demand; a board that asks before any rehearsal is told so."""
    plan = build.make_plan(build.plan_row(1, "ann"))

    assert "For the change board" not in words(plan_page(build.sign_off(plan)))
    text = words(plan_page(build.sign_off(plan, board=BoardFacts(None))))
    assert "Of this roster None in this reports folder" in text
    assert "Never read None" in text


def test_settings_that_nobody_knows_do_not_break_it(build: ModuleType) -> None:
    """A plan of a later version may have another rule for existing passes: its own word stands there."""
    plan = build.make_plan(build.plan_row(1, "ann"))
    view = build.sign_off(replace(plan, settings=PlanSettings("Europe/Berlin", "ask")))

    assert facts(view)["Existing passes"].startswith("ask")
