"""The error report, read back by openpyxl and calamine."""

# ruff: noqa: DTZ001 - the moments in cells have no zone
from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from bulktap.model.outcomes import Issued
from bulktap.model.plan import Action, Plan
from bulktap.model.report_headings import ErrorHeading
from bulktap.model.run_events import Settled
from bulktap.results.error_report import error_report, own_columns
from bulktap.results.plan_view import PlanView

if TYPE_CHECKING:
    from types import ModuleType

    from bulktap.model.run_state import RunState

Read = Callable[[bytes, str], list[dict[str, Any]]]

OURS = ["Error column", "Error code", "Error", "How to fix", "Sheet row"]
"""As the contract says."""


def test_only_rows_to_be_mended_are_in_it(every_kind: tuple[Plan, RunState], read: Read) -> None:
    """Invalid, refused and in doubt; not those that have a pass, were skipped, or wait to be sent."""
    report = error_report(PlanView(*every_kind))
    assert report is not None

    assert [row["Sheet row"] for row in read(report, "Pupils")] == [7, 8, 9, 12, 13, 14]


def test_the_rosters_columns_come_first_as_they_were(every_kind: tuple[Plan, RunState], read: Read) -> None:
    """Own headings and typed values, then the columns that say what is wrong, in the contract's order."""
    report = error_report(PlanView(*every_kind))
    assert report is not None
    row = read(report, "Pupils")[0]

    assert list(row) == ["Sign-in", "Pass start", "Class", "Joined", "Note", *OURS]
    assert list(row.values())[:5] == [
        "eve@contoso.com",
        datetime(2035, 9, 3, 8, 0),
        "5a",
        datetime(2034, 8, 1),
        "left-handed",
    ]
    assert list(ErrorHeading) == OURS


def test_all_errors_of_a_row_are_in_one_row(every_kind: tuple[Plan, RunState], read: Read) -> None:
    """One to a line, in the same order in each column, each line with the heading that it is about."""
    report = error_report(PlanView(*every_kind))
    assert report is not None
    row = read(report, "Pupils")[0]

    assert row["Error column"] == "Pass start\nSign-in"
    assert row["Error code"] == "start-malformed\nuser-damaged"
    for column in ("Error", "How to fix"):
        assert [line.partition(": ")[0] for line in row[column].split("\n")] == ["Pass start", "Sign-in"]


def test_an_error_of_the_whole_row_names_no_column(build: ModuleType, read: Read) -> None:
    """Only what is about a cell begins with its heading."""
    plan = build.make_plan(build.plan_row(1, "ann", Action.REFUSE, problems=(build.fault(column=None),)))
    report = error_report(PlanView(plan))
    assert report is not None

    assert read(report, "Pupils")[0]["How to fix"] == "Mend the cell."


def test_the_cells_at_fault_are_coloured(every_kind: tuple[Plan, RunState]) -> None:
    """The cells that the errors name; where an error names none, the user."""
    report = error_report(PlanView(*every_kind))
    assert report is not None
    sheet = openpyxl.load_workbook(io.BytesIO(report))["Pupils"]

    coloured = {row: [cell.column_letter for cell in sheet[row] if cell.fill.fill_type == "solid"] for row in (2, 3)}
    assert coloured == {2: ["A", "B"], 3: ["A"]}
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:J7")


def test_without_such_rows_there_is_no_report(build: ModuleType) -> None:
    """The file is absent when there is nothing in it."""
    plan = build.make_plan(build.plan_row(1, "ann"), build.plan_row(2, "bob", Action.SKIP))

    assert error_report(PlanView(plan)) is None
    assert error_report(PlanView(plan, build.make_state(plan, Settled(1, Issued(build.issued_pass(1)))))) is None


def test_a_plan_alone_reports_its_invalid_rows(every_kind: tuple[Plan, RunState], read: Read) -> None:
    """Before anything was sent, what bulktap refuses is known already."""
    report = error_report(PlanView(every_kind[0]))
    assert report is not None

    assert [row["Sheet row"] for row in read(report, "Pupils")] == [7]


def test_a_second_round_does_not_repeat_our_columns(build: ModuleType, read: Read) -> None:
    """A report that was mended in part and fed back in gives a report of the same shape."""
    first = build.plan_row(1, "ann", Action.REFUSE, problems=(build.fault(column="Start"),))
    cells = ("ann@contoso.com", "soon", "Start", "start-malformed", "old error", "old hint", 77)
    again = replace(first, source=replace(first.source, cells=cells))
    plan = build.make_plan(again, headings=("Sign-in", "Start", *OURS))
    report = error_report(PlanView(plan))
    assert report is not None

    assert read(report, "Pupils") == [
        {
            "Sign-in": "ann@contoso.com",
            "Start": "soon",
            "Error column": "Start",
            "Error code": "start-malformed",
            "Error": "Start: start-malformed is what is wrong.",
            "How to fix": "Start: Mend the cell.",
            "Sheet row": 2,
        }
    ]


def test_a_heading_of_the_rosters_own_is_kept_beside_ours(build: ModuleType, read: Read) -> None:
    """A roster that happens to have a column `Error` is no error report, and loses nothing."""
    first = build.plan_row(1, "ann", Action.REFUSE, problems=(build.fault(),))
    row = replace(first, source=replace(first.source, cells=("ann@contoso.com", "mine")))
    plan = build.make_plan(row, headings=("Sign-in", "Error"))
    report = error_report(PlanView(plan))
    assert report is not None

    assert list(read(report, "Pupils")[0]) == ["Sign-in", "Error (roster)", *OURS]
    assert read(report, "Pupils")[0]["Error (roster)"] == "mine"
    assert own_columns(plan.columns) == [0, 1]


@pytest.mark.parametrize("sheet", [None, "a/b:c", "Klasse 5"])
def test_the_sheet_keeps_its_name(build: ModuleType, sheet: str | None) -> None:
    """The same `--sheet` finds it again; a text file's report has a name all the same."""
    plan = build.make_plan(build.plan_row(1, "ann", Action.REFUSE, problems=(build.fault(),)))
    report = error_report(PlanView(replace(plan, roster=replace(plan.roster, sheet=sheet))))
    assert report is not None

    assert openpyxl.load_workbook(io.BytesIO(report)).sheetnames == [{None: "Roster", "a/b:c": "abc"}.get(sheet, sheet)]


def test_cells_come_back_as_they_were_typed(build: ModuleType) -> None:
    """A reader of rosters finds text, numbers and dates as the roster had them, and text that looks like a formula."""
    values = ("00123", 123, 4.5, True, date(2035, 9, 3), datetime(2035, 9, 3, 8, 20), "=1+1", "2035-09-03", None)
    first = build.plan_row(1, "ann", Action.REFUSE, problems=(build.fault(),))
    row = replace(first, source=replace(first.source, cells=values))
    report = error_report(PlanView(build.make_plan(row, headings=tuple("abcdefghi"))))
    assert report is not None

    read = CalamineWorkbook.from_filelike(io.BytesIO(report)).get_sheet_by_index(0).to_python()
    assert read[1][:9] == ["00123", 123, 4.5, True, *values[4:8], ""]
