"""The encrypted workbook opens in LibreOffice with the passphrase, and without it does not."""

from __future__ import annotations

import csv
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from bulktap.model.outcomes import Issued
from bulktap.model.run_events import Settled
from bulktap.model.secret import Secret
from bulktap.results.comparison import AsOf
from bulktap.results.passes_workbook import results_workbook
from bulktap.storage.office_encryption import WorkbookKey

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

SOFFICE = shutil.which("soffice")

pytestmark = [pytest.mark.long, pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")]

PASSPHRASE = "Grüße 7 Pferde"
PASSCODES = ["+drkzqAD", "=1+1", "-x", "@SUM(A1)", "a b c", "0012", 'q"q', "<r>1</r>", "1e5", "TRUE"]

MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Export(source, target, password)
  Dim opening(1) As New com.sun.star.beans.PropertyValue
  Dim saving(1) As New com.sun.star.beans.PropertyValue
  On Error GoTo Finish
  opening(0).Name = "Hidden"
  opening(0).Value = True
  opening(1).Name = "Password"
  opening(1).Value = password
  book = StarDesktop.loadComponentFromURL(source, "_blank", 0, opening())
  saving(0).Name = "FilterName"
  saving(0).Value = "Text - txt - csv (StarCalc)"
  saving(1).Name = "FilterOptions"
  saving(1).Value = "44,34,76,1,,0,false,true"
  book.storeToURL(target, saving())
  book.close(True)
Finish:
End Sub
</script:module>
"""

LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Module1"/></library:library>
"""


def run_libreoffice(profile: Path, *arguments: str) -> None:
    """Run LibreOffice without a screen, with settings of its own."""
    command = [SOFFICE or "", "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}", *arguments]
    subprocess.run(command, capture_output=True, timeout=600, check=False, cwd=profile.parent)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """LibreOffice's settings with the macro among them: its command line takes no password."""
    run_libreoffice(tmp_path / "profile", "--terminate_after_init")  # its first start writes an empty library
    library = tmp_path / "profile" / "user" / "basic" / "Standard"
    library.mkdir(parents=True, exist_ok=True)
    (library / "Module1.xba").write_text(MACRO, encoding="utf-8")
    (library / "script.xlb").write_text(LIBRARY, encoding="utf-8")
    return tmp_path / "profile"


def export(profile: Path, source: Path, password: str) -> Path:
    """Let LibreOffice open the workbook and write its first sheet as text; return where."""
    target = source.with_suffix(".csv")
    job = f'macro:///Standard.Module1.Export("{source.as_uri()}","{target.as_uri()}","{password}")'
    run_libreoffice(profile, job)
    return target


@pytest.fixture
def workbook(tmp_path: Path, build: ModuleType) -> Path:
    """A run's workbook with passcodes that look like something else, encrypted as always."""
    plan = build.make_plan(*(build.plan_row(number, f"user{number}") for number in range(1, len(PASSCODES) + 1)))
    events = (
        Settled(number, Issued(build.issued_pass(number, text))) for number, text in enumerate(PASSCODES, start=1)
    )
    state, as_of = build.make_state(plan, *events), AsOf(build.LATER)
    data = results_workbook(build.run_view(plan, state, as_of))
    path = tmp_path / "results.xlsx"
    path.write_bytes(WorkbookKey(Secret(PASSPHRASE)).encrypt(data))
    return path


def test_the_passphrase_opens_it_and_no_other_does(profile: Path, workbook: Path) -> None:
    """LibreOffice reads each passcode letter by letter; with another passphrase nothing comes out."""
    assert not export(profile, workbook, PASSPHRASE.lower()).exists()

    with export(profile, workbook, PASSPHRASE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Temporary Access Pass"] for row in rows] == PASSCODES
    assert rows[0]["Starts"] == "2035-09-03 08:00"
