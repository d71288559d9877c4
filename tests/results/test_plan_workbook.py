"""plan.xlsx, read back by openpyxl."""

# ruff: noqa: DTZ001 - the moments in cells have no zone
from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from bulktap.results.plan_file.plan_json import plan_digest, shown_digest
from bulktap.results.plan_report.plan_workbook import plan_workbook
from bulktap.results.plan_view import PlanView

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from bulktap.model.plan import Plan
    from bulktap.model.run_state import RunState

    Table = list[dict[str, Any]]

SOFFICE = shutil.which("soffice")


@pytest.fixture
def data(every_kind: tuple[Plan, RunState]) -> bytes:
    """The workbook of a plan with a row of every action."""
    return plan_workbook(PlanView(every_kind[0]))


def facts(data: bytes, sheet: str) -> list[tuple[Any, Any]]:
    """Return the labels and values of a sheet of facts."""
    return [(row[0], row[1]) for row in openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True)]


def test_its_sheets_are_the_four(data: bytes) -> None:
    """Summary, Passes, Problems, Settings."""
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == ["Summary", "Passes", "Problems", "Settings"]


def test_the_summary_counts(data: bytes, every_kind: tuple[Plan, RunState]) -> None:
    """Counts are numbers, and the digest is shown as on the page."""
    told = facts(data, "Summary")

    assert ("Will be issued", 8) in told
    assert ("Will be refused", 1) in told
    assert ("Digest", shown_digest(every_kind[0])) in told
    assert ("Assumed", "3,000 writes in 150 s") in told


def test_its_charts_are_native_and_point_at_the_cells(data: bytes) -> None:
    """Each chart's categories and values are the labels and numbers that stand on the sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Summary"]
    archive = zipfile.ZipFile(io.BytesIO(data))
    drawn = {}
    for name in archive.namelist():
        if name.startswith("xl/charts/chart"):
            ranges = re.findall(r"<c:f>Summary!\$([AB])\$(\d+)(?::\$[AB]\$(\d+))?</c:f>", archive.read(name).decode())
            (_, heading, _), *numbers = sorted(set(ranges), key=lambda place: int(place[1]))
            (_, first, last), values = sorted(numbers)
            assert values == ("B", first, last)
            rows = sheet.iter_rows(int(first), int(last or first), max_col=2, values_only=True)
            drawn[sheet[f"A{heading}"].value] = list(rows)

    assert drawn["Rows of the roster (13)"][0] == ("Will be issued", 8)
    assert drawn.keys() == {"Rows of the roster (13)", "Problems by kind"}  # the others have bars of one length
    assert ("5a", 9) in facts(data, "Summary")


def test_passes_are_those_that_will_be_created(data: bytes, read: Callable[[bytes, str], Table]) -> None:
    """One row a pass, several roster rows on one line, times as real dates by both clocks."""
    rows = read(data, "Passes")

    assert len(rows) == 9
    assert (rows[1]["What happens"], rows[1]["Existing pass ID"]) == ("Replace", "old-2")
    assert rows[2]["Sheet row"] == "4, 5"
    assert (rows[0]["Starts"], rows[0]["Start (UTC)"]) == (datetime(2035, 9, 3, 8, 0), datetime(2035, 9, 3, 6, 0))
    assert (rows[0]["Expires"], rows[0]["Time zone"]) == (datetime(2035, 9, 3, 16, 0), "Europe/Berlin")


def test_problems_begin_with_their_reason(data: bytes, read: Callable[[bytes, str], Table]) -> None:
    """Reason and remedy first, under the headings of the error report, then the row."""
    rows = read(data, "Problems")

    assert list(rows[0])[:4] == ["Error", "How to fix", "Error column", "Error code"]
    assert [(row["Error code"], row["Sheet row"], row["Severity"]) for row in rows] == [
        ("has-live-pass", 6, "Warning"),
        ("start-malformed", 7, "Error"),
        ("user-damaged", 7, "Error"),
    ]


def test_settings_name_roster_policy_and_digest(data: bytes, every_kind: tuple[Plan, RunState]) -> None:
    """What shaped the plan, in full."""
    told = facts(data, "Settings")

    assert ("Existing passes", "Left alone (skip)") in told
    assert ("Longest lifetime", "8 h") in told
    assert ("Fingerprint (SHA-256)", "ab" * 32) in told
    assert ("Digest (SHA-256)", plan_digest(every_kind[0])) in told


def test_hostile_names_are_text(build: ModuleType, read: Callable[[bytes, str], Table]) -> None:
    """No formula, no link; a name that would turn the text round is marked."""
    data = plan_workbook(PlanView(build.hostile_plan(60)))
    book = openpyxl.load_workbook(io.BytesIO(data))

    for sheet in book:
        for row in sheet.iter_rows():
            assert not [cell for cell in row if cell.data_type == "f" or cell.hyperlink]
    names = {row["Display name"] for row in read(data, "Passes")}
    assert build.HOSTILE[3] in names
    assert "evil\ufffdmoc.osotnoc" in names
    assert book["Summary"]["A2"].value.startswith("SIMULATED TENANT")


def test_the_same_plan_gives_the_same_bytes(build: ModuleType) -> None:
    """Nothing of the workbook depends on when it was made."""
    assert plan_workbook(PlanView(build.hostile_plan(5))) == plan_workbook(PlanView(build.hostile_plan(5)))


@pytest.mark.long
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_with_its_charts(build: ModuleType, tmp_path: Path) -> None:
    """Hostile names included; each chart arrives as a chart, and no formula or link does."""
    (tmp_path / "plan.xlsx").write_bytes(plan_workbook(PlanView(build.hostile_plan(60))))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [SOFFICE or "", "--headless", "--norestore", profile, "--convert-to", "fods", "plan.xlsx"]
    subprocess.run(command, capture_output=True, timeout=600, check=False, cwd=tmp_path)
    opened = (tmp_path / "plan.fods").read_text(encoding="utf-8")

    assert opened.count("<chart:chart ") == 3  # rows, starts and groups; the others have bars of one length
    assert "table:formula" not in opened
    assert "fabrikam.com" in opened
    assert 'xlink:href="http' not in opened
