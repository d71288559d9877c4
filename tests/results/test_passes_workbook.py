"""The results workbook, read back by openpyxl."""

# ruff: noqa: DTZ001 - the moments in cells have no zone
from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string, range_boundaries

from bulktap.model.outcomes import InDoubt, Issued, IssuedPass
from bulktap.model.passes import AccessPass
from bulktap.model.plan import Action, Field
from bulktap.model.row_errors import RowErrorCode, Severity
from bulktap.model.run_events import Noted, Settled
from bulktap.model.secret import Secret
from bulktap.results.comparison import AsOf
from bulktap.results.passes_workbook import results_workbook
from bulktap.results.plan_file.plan_json import plan_digest

if TYPE_CHECKING:
    from types import ModuleType

    from bulktap.model.plan import Plan
    from bulktap.model.run_state import RunState

Read = Callable[[bytes, str], list[dict[str, Any]]]

HEADINGS = [
    "Sheet row", "User", "Sign-in name", "Display name", "Temporary Access Pass", "Starts", "Expires", "Time zone",
    "Start (UTC)", "Lifetime (minutes)", "One-time", "Usable", "Usability reason", "Pass ID", "Object ID",
    "Issued (UTC)", "Note",
]  # fmt: skip
"""As the contract says."""

PASSCODES = ["+drkzqAD", "=1+1", "-x", "@SUM(A1)", "a b c", " blank ", "'\"quoted\"'", "<r>1</r>", "0012", "_x0041_ü"]


@pytest.fixture
def write(build: ModuleType) -> Callable[[Plan, RunState], bytes]:
    """Write the workbook of a run."""

    def write_workbook(plan: Plan, state: RunState) -> bytes:
        as_of = AsOf(build.LATER)
        return results_workbook(build.run_view(plan, state, as_of))

    return write_workbook


def test_the_sheets_are_the_contracts(every_kind: tuple[Plan, RunState], write: Any) -> None:
    """Names and order of the sheets, and the headings of the passes with the roster's own behind them."""
    book = openpyxl.load_workbook(io.BytesIO(write(*every_kind)))

    assert book.sheetnames == ["Passes", "Not issued", "Summary"]
    headings = [cell.value for cell in book["Passes"][1]]
    assert sorted(headings) == sorted([*HEADINGS, "Works", "Class", "Joined", "Note (roster)"])
    assert headings[:6] == ["Display name", "Temporary Access Pass", "Class", "Sign-in name", "Works", "Note"]


def test_a_pass_says_everything_the_service_said(every_kind: tuple[Plan, RunState], write: Any, read: Read) -> None:
    """Each property in its column and type; local times are those of the plan's zone."""
    first = read(write(*every_kind), "Passes")[0]

    assert first == {
        "Sheet row": 2,
        "User": "ann@contoso.com",
        "Sign-in name": "ann@contoso.com",
        "Display name": "Ann",
        "Temporary Access Pass": "Abc1!xyz",
        "Starts": datetime(2035, 9, 3, 8, 0),
        "Expires": datetime(2035, 9, 3, 16, 0),
        "Time zone": "Europe/Berlin",
        "Start (UTC)": datetime(2035, 9, 3, 6, 0),
        "Lifetime (minutes)": 480,
        "One-time": "No",
        "Usable": "No",
        "Usability reason": "NotYetValid",
        "Pass ID": "pass-1",
        "Object ID": "00000000-0000-4000-8000-000000000001",
        "Issued (UTC)": datetime(2035, 8, 30, 14, 12, 7),
        "Note": None,
        "Works": "from Mon 2035-09-03 08:00 to 16:00",
        "Class": "5a",
        "Joined": datetime(2034, 8, 1),
        "Note (roster)": "left-handed",
    }


def test_there_is_one_row_for_each_pass(every_kind: tuple[Plan, RunState], write: Any, read: Read) -> None:
    """In the roster's order; rows that share a pass are named together, with what they differ in."""
    passes = read(write(*every_kind), "Passes")

    assert [(row["Sheet row"], row["Temporary Access Pass"], row["Class"]) for row in passes] == [
        (2, "Abc1!xyz", "5a"),
        (3, "Abc2!xyz", "5a"),
        ("4, 5", "Abc3!xyz", "5a, 5b"),
    ]


@pytest.mark.parametrize("passcode", PASSCODES)
def test_a_passcode_is_written_letter_by_letter(build: ModuleType, write: Any, passcode: str) -> None:
    """Whatever it starts with, it is a text cell in a fixed-width font."""
    plan = build.make_plan(build.plan_row(1, "ann"))
    state = build.make_state(plan, Settled(1, Issued(build.issued_pass(1, passcode))))

    cell = openpyxl.load_workbook(io.BytesIO(write(plan, state)))["Passes"]["B2"]
    assert (cell.value, cell.data_type, cell.font.name) == (passcode, "s", "Consolas")


def test_a_name_does_nothing(build: ModuleType, write: Any, read: Read) -> None:
    """Formulas, markup, emoji and right-to-left names are text like any other."""
    names = ['=HYPERLINK("http://fabrikam.com","x")', "<script>alert(1)</script>", "😀 Zoë", "محمد علي"]
    plan = build.make_plan(*(build.plan_row(n, f"u{n}", display_name=name) for n, name in enumerate(names, start=1)))
    state = build.make_state(plan, *(Settled(n, Issued(build.issued_pass(n))) for n in range(1, 5)))

    data = write(plan, state)
    assert [row["Display name"] for row in read(data, "Passes")] == names
    cells = openpyxl.load_workbook(io.BytesIO(data))["Passes"]["A"]
    assert [cell.data_type for cell in cells[1:]] == ["s"] * 4


def test_what_the_service_left_out_is_empty(build: ModuleType, write: Any, read: Read) -> None:
    """Nothing is made up where the reply said nothing."""
    plan = build.make_plan(build.plan_row(1, "ann", upn=None, display_name=None))
    state = build.make_state(plan, Settled(1, Issued(IssuedPass(AccessPass("p"), Secret("Abc")))))
    (row,) = read(write(plan, state), "Passes")

    empty = (
        "Sign-in name",
        "Display name",
        "Starts",
        "Expires",
        "Start (UTC)",
        "Lifetime (minutes)",
        "One-time",
        "Usable",
    )
    assert {row[heading] for heading in empty} == {None}
    assert row["Temporary Access Pass"] == "Abc"


def test_notes_and_warnings_stand_with_the_pass(build: ModuleType, write: Any, read: Read) -> None:
    """What its reader should know: the plan's warnings, the run's notes, and a comparison that is still to come."""
    warning = replace(build.fault(RowErrorCode.USER_DISABLED), severity=Severity.WARNING)
    plan = build.make_plan(build.plan_row(1, "ann", problems=(warning,)))
    events = (build.sent(1), build.sent(1), Settled(1, Issued(build.issued_pass(1))), Noted(1, "Issued again."))
    (row,) = read(write(plan, build.make_state(plan, *events, closed=False)), "Passes")

    warned, noted, unconfirmed = row["Note"].split("\n")
    assert (warned, noted) == ("user-disabled is what is wrong.", "Issued again.")
    assert "bulktap resume" in unconfirmed


def test_every_row_without_a_pass_says_why(every_kind: tuple[Plan, RunState], write: Any, read: Read) -> None:
    """Skipped, invalid, refused, in doubt and not sent, with code and what to do."""
    rows = read(write(*every_kind), "Not issued")

    assert [(row["Sheet row"], row["Reason"], row["Code"]) for row in rows] == [
        (6, "Skipped", "has-live-pass"),
        (7, "Invalid", "start-malformed\nuser-damaged"),
        (8, "Refused by the service", "refused"),
        (9, "In doubt", "in-doubt"),
        (10, "Not sent", None),
        (11, "Skipped", "left-alone"),
        (12, "Refused by the service", "refused-not-permitted"),
        (13, "Refused by the service", "refused-not-permitted"),
        (14, "In doubt", "in-doubt"),
    ]
    assert all(row["User"] and row["Explanation"] and row["What to do"] for row in rows)


def test_a_pass_that_is_not_known_to_be_live_is_not_handed_out(build: ModuleType, write: Any, read: Read) -> None:
    """A row in doubt may hold the passcode of a dead pass: it is not listed, and the row says which pass that was."""
    plan = build.make_plan(build.plan_row(1, "ann"))
    events = (
        build.sent(1),
        Settled(1, Issued(build.issued_pass(1))),
        Settled(1, InDoubt(build.fault(RowErrorCode.IN_DOUBT))),
    )
    data = write(plan, build.make_state(plan, *events))

    assert read(data, "Passes") == []
    (row,) = read(data, "Not issued")
    assert "(ID pass-1) is not known to be live" in row["Explanation"]
    assert not any("Abc1" in str(value) for value in row.values())


def test_a_passcode_that_cannot_be_read_is_said_to_be_missing(build: ModuleType, write: Any, read: Read) -> None:
    """A journal read without its passphrase gives no empty passes, and merged rows are told too."""
    plan = build.make_plan(*build.EVERY_KIND[2:4])
    lost = replace(build.issued_pass(3), value=Secret(""))
    data = write(plan, build.make_state(plan, Settled(3, Issued(lost))))

    assert read(data, "Passes") == []
    assert [(row["Sheet row"], row["Reason"]) for row in read(data, "Not issued")] == [
        (4, "Passcode not readable"),
        (5, "Passcode not readable"),
    ]


def test_the_summary_says_who_when_where_and_how_many(every_kind: tuple[Plan, RunState], write: Any) -> None:
    """Operator, times, tenant, roster, digest, counts, and how to handle the workbook."""
    plan, state = every_kind
    sheet = openpyxl.load_workbook(io.BytesIO(write(plan, state)))["Summary"]
    facts = {label: value for label, value in sheet.iter_rows(values_only=True) if label and value is not None}

    assert facts["Tenant"] == "Contoso School (11111111-2222-4333-8444-555555555555)"
    assert (facts["Carried out by"], facts["Run"], facts["bulktap"]) == ("admin@contoso.com", plan.run, "0.1.0")
    assert facts["Written"] == "2035-08-30 16:17 Europe/Berlin (2035-08-30 14:17 UTC)"
    assert (facts["Rows"], facts["Issued"], facts["Not sent"]) == (13, 2, 1)
    assert (facts["SHA-256"], facts["Plan digest (SHA-256)"]) == (plan.roster.sha256, plan_digest(plan))
    assert f"bulktap resume {plan.run}" in facts["State"]
    assert plan.run in facts["Forgetting"]


@pytest.mark.parametrize("simulated", [True, False])
def test_a_simulated_tenant_is_said_loudly(build: ModuleType, write: Any, simulated: bool) -> None:
    """Nobody takes a rehearsal's passes for real ones."""
    plan = build.make_plan()
    plan = replace(plan, tenant=replace(plan.tenant, simulated=simulated))
    sheet = openpyxl.load_workbook(io.BytesIO(write(plan, build.make_state(plan))))["Summary"]

    assert (sheet["A2"].value == "SIMULATED TENANT: these passes open nothing.") is simulated
    assert ("(simulated tenant)" in str(list(sheet.iter_rows(values_only=True)))) is simulated


def test_the_same_run_writes_the_same_workbook(every_kind: tuple[Plan, RunState], write: Any) -> None:
    """Built from the journal alone: nothing else gets in."""
    assert write(*every_kind) == write(*every_kind)


def outlined(write: Any, plan: Plan, state: RunState, sheet: str) -> tuple[list[str], list[str], int]:
    """Return the headings that are printed, those that are folded away, and how many pages wide a sheet is."""
    found = openpyxl.load_workbook(io.BytesIO(write(plan, state)))[sheet]
    headings = [str(cell.value) for cell in found[1]]
    *_, width = range_boundaries(str(found.print_area).replace("$", "").rpartition("!")[2])[:3]
    folded = []
    for first, dimension in found.column_dimensions.items():
        if dimension.hidden and dimension.outlineLevel == 1:
            at = column_index_from_string(first)
            folded += headings[at - 1 : max(dimension.max or at, at)]
    fits = found.sheet_properties.pageSetUpPr.fitToPage
    return headings[:width], folded, found.page_setup.fitToWidth or (1 if fits else 0)  # 1 is what is left out


def issued_plan(build: ModuleType, *rows: Any) -> tuple[Plan, RunState]:
    """Return a plan of these rows, all of which have their pass."""
    plan = build.make_plan(*rows)
    return plan, build.make_state(plan, *[Settled(one.number, Issued(build.issued_pass(one.number))) for one in rows])


def test_what_people_read_is_printed_on_one_page_across(build: ModuleType, write: Any) -> None:
    """Name, code and class first; what programs want stays under its heading, folded away on the right."""
    printed, folded, wide = outlined(write, *issued_plan(build, build.plan_row(1, "ann")), "Passes")

    assert printed == ["Display name", "Temporary Access Pass", "Class", "Sign-in name", "Works"]
    assert {"Sheet row", "User", "Usable", "Usability reason", "Pass ID", "Object ID"} <= set(folded)
    assert not {"Joined", "Note", "Note (roster)"} & set(folded)
    assert wide == 1


def test_notes_are_printed_where_there_are_any(build: ModuleType, write: Any) -> None:
    """And the roster's name of a user in the place of a sign-in name that is not known; never both."""
    plan, state = issued_plan(build, build.plan_row(1, "ann", upn=None), build.plan_row(2, "ben"))
    state.fold(Noted(1, "Issued again."))
    printed, folded, _ = outlined(write, plan, state, "Passes")

    assert printed[-3:] == ["User", "Works", "Note"]
    assert "Sign-in name" in folded


def test_a_roster_without_groups_is_printed_without_them(build: ModuleType, write: Any) -> None:
    """Nothing stands in their place."""
    plan, state = issued_plan(build, build.plan_row(1, "ann"))
    columns = replace(plan.columns, fields={Field.USER: (0,), Field.START: (1,)})
    printed, _, _ = outlined(write, replace(plan, columns=columns), state, "Passes")

    assert printed == ["Display name", "Temporary Access Pass", "Sign-in name", "Works"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "from Mon 2035-09-03 08:00 to 16:00"),
        ({"lifetime_minutes": 1_440}, "from Mon 2035-09-03 08:00 to Tue 2035-09-04 08:00"),
        ({"usable_once": True}, "from Mon 2035-09-03 08:00 to 16:00, once"),
        ({"usability": "DisabledByPolicy"}, "Does not work: see the note"),
        ({"is_usable": False, "usability": "Suspended"}, "Does not work: see the note"),
        ({"starts_at": None}, None),
        ({"lifetime_minutes": None}, None),
    ],
)
def test_when_a_pass_works_is_said_in_words(
    build: ModuleType, write: Any, read: Read, changes: dict[str, Any], words: str | None
) -> None:
    """Whatever the service's own word for it is, which stays in its column."""
    plan = build.make_plan(build.plan_row(1, "ann"))
    issued = build.issued_pass(1)
    changed = replace(issued, access_pass=replace(issued.access_pass, **changes))
    (row,) = read(write(plan, build.make_state(plan, Settled(1, Issued(changed)))), "Passes")

    assert row["Works"] == words
    assert row["Usability reason"] == changed.access_pass.usability


def test_rows_that_were_not_asked_for_fill_nothing(build: ModuleType, write: Any, read: Read) -> None:
    """They stand behind those that were, one line each, without the roster's columns."""
    left_out = replace(build.fault(RowErrorCode.NOT_SELECTED), severity=Severity.WARNING)
    rows = [build.plan_row(n, f"u{n}", action=Action.SKIP, problems=(left_out,)) for n in (1, 2)]
    plan = build.make_plan(*rows, build.plan_row(3, "ann", action=Action.REFUSE, problems=(build.fault(),)))
    found = read(write(plan, build.make_state(plan)), "Not issued")

    assert [row["Sheet row"] for row in found] == [4, 2, 3]
    assert [row["Class"] for row in found] == ["5a", None, None]
