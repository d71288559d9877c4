"""An error report is a roster again: mended, it is fed back in, round after round."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from bulktap.model.plan import Field, PlanSettings, TenantFindings, TenantInfo
from bulktap.model.report_headings import ErrorHeading
from bulktap.planning.covered_rows import Selection
from bulktap.planning.decisions import PlanFrame, make_plan
from bulktap.results.error_report import error_report
from bulktap.results.plan_view import PlanView
from bulktap.roster.check import check_roster
from bulktap.roster.read import read_roster

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulktap.roster.model import CheckedRoster, CheckOptions

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def checked(path: Path, options: Callable[..., CheckOptions]) -> CheckedRoster:
    """Return a roster, checked."""
    return check_roster(read_roster(path), options())


def report_on(roster: CheckedRoster) -> bytes | None:
    """Return the error report of a plan that nobody was asked about."""
    settings = PlanSettings("Europe/Berlin", "skip", offline=True)
    frame = PlanFrame("run", NOW, timedelta(hours=1), TenantInfo("", None, "", simulated=False), settings, Selection())
    return error_report(PlanView(make_plan(roster, TenantFindings(users={}), frame)))


def mend(report: bytes, path: Path, heading: str, changes: dict[str, str]) -> None:
    """Save the report with other values in one column, as somebody would type them over the wrong ones."""
    book = load_workbook(io.BytesIO(report))
    sheet = book.active
    column = next(cell.column for cell in sheet[1] if cell.value == heading)
    for row in range(2, sheet.max_row + 1):
        cell = sheet.cell(row, column)
        cell.value = changes.get(str(cell.value), cell.value)
    book.save(path)


def test_round_after_round(save: Callable[..., Path], tmp_path: Path, options: Callable[..., CheckOptions]) -> None:
    """Each round mends one column; the report has the roster's own columns only, and is empty in the end."""
    path = save(
        "User name,Name,Pass start,Lifetime,Password\n"
        "anna@contoso.com,Anna,2035-09-01 08:00,8h,hunter2\n"
        "ben moe@contoso.com,Ben,2035-09-01 08:00,8:00,hunter2\n"
        "cem@contoso.com,Cem,someday,8h,hunter2\n"
    )
    rounds = [
        ("User name", {"ben moe@contoso.com": "ben.moe@contoso.com"}),
        ("Lifetime", {"8:00": "480"}),
        ("Pass start", {"someday": "2035-09-01 08:00"}),
    ]
    for number, (heading, changes) in enumerate(rounds):
        roster = checked(path, options)
        assert roster.columns.headings == ("User name", "Name", "Pass start", "Lifetime")
        report = report_on(roster)
        assert report is not None
        assert b"hunter2" not in report
        headings = [cell.value for cell in load_workbook(io.BytesIO(report)).active[1]]
        assert headings == ["User name", "Name", "Pass start", "Lifetime", *ErrorHeading]
        path = tmp_path / f"errors{number}.xlsx"
        mend(report, path, heading, changes)
    mended = checked(path, options)
    assert [row.request is not None for row in mended.rows] == [True]
    assert report_on(mended) is None
    assert any("an error report added were left out" in note for note in mended.info.notes)


def test_roster_with_a_column_of_errors_keeps_it(save: Callable[..., Path]) -> None:
    """Only a file with all four headings is a report; a column called Error is somebody's own."""
    roster = read_roster(save("User name,Error,How to fix\nanna@contoso.com,late,call\n"))
    assert roster.headings == ("User name", "Error", "How to fix")


def test_report_on_the_sample(samples: Path, tmp_path: Path, options: Callable[..., CheckOptions]) -> None:
    """The report on the sample of mistakes says the same of every row when it is read unmended."""
    first = checked(samples / "roster-with-errors.xlsx", options)
    report = report_on(first)
    assert report is not None
    path = tmp_path / "errors.xlsx"
    path.write_bytes(report)
    second = checked(path, options)
    faults = [[e.code for e in row.problems] for row in first.rows if row.request is None]
    assert [[e.code for e in row.problems] for row in second.rows] == faults
    assert second.columns.heading(Field.USER) == first.columns.heading(Field.USER)
