"""errors.xlsx, opened and saved in LibreOffice before it comes back: nothing of its rows is lost on the way."""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest
from whole_run import USERS, sheet

if TYPE_CHECKING:
    from pathlib import Path

    from whole_run import Program

pytestmark = pytest.mark.long

HEADINGS = ["User", "Class", "Student No", "Start", "Lifetime", "One-time", "Room"]
ROW = ["not a name", "7-1", "0012", datetime.fromisoformat("2035-09-03T07:30"), "8h", True, "=B 014"]


def saved_in_libreoffice(file: Path, kind: str, folder: Path) -> Path:
    """Return the file as LibreOffice saves it."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    command = [office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", kind]
    subprocess.run([*command, "--outdir", str(folder / "out"), str(file)], check=True, capture_output=True)
    return folder / "out" / f"{file.stem}.{kind}"


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_row_that_was_fixed_there_is_the_row_that_it_was(connected: Program, tmp_path: Path, kind: str) -> None:
    """Zeros in front, a class that looks like a date, the start, the lifetime, once, and what looks like a formula."""
    book = openpyxl.Workbook()
    table = book.worksheets[0]
    table.append(HEADINGS)
    table.append(ROW)
    table.cell(2, 7).data_type = "s"
    table.append([USERS[1], *ROW[1:6], "015"])
    book.save(connected.cwd / "roster.xlsx")
    first = connected("apply", "roster.xlsx", "--yes", "--json", "--timezone", "Europe/Berlin", code=3)
    errors = openpyxl.load_workbook(first.folder / "errors.xlsx")
    errors.worksheets[0].cell(2, 1).value = USERS[5]
    errors.save(tmp_path / "fixed.xlsx")

    back = saved_in_libreoffice(tmp_path / "fixed.xlsx", kind, tmp_path)
    second = connected("apply", back, "--yes", "--json", "--timezone", "Europe/Berlin")

    (row,) = sheet(second.folder)
    (before,) = sheet(first.folder)
    assert row["Sign-in name"] == USERS[5]
    assert [row[name] for name in ("Class", "Student No", "Works")] == [
        before[name] for name in ("Class", "Student No", "Works")
    ]
    assert row["Class"] == "7-1"
    assert row["Student No"] == "0012"
    assert row["Room"] == "=B 014"
    assert "once" in row["Works"]
