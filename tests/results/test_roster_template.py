"""The template: filled in, in every language and with everybody's headings, it is read without options."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook, load_workbook

from bulktap.model.pass_terms import PassTerms
from bulktap.results.roster_template import TEMPLATE_LANGUAGES, TemplateLike, roster_template
from bulktap.roster.check import check_roster
from bulktap.roster.model import CheckedRoster, CheckOptions
from bulktap.roster.read import read_roster
from bulktap.roster.reading_options import ReadingOptions
from bulktap.settings import setup_declarations as setup_declared

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2035, 6, 1, 8, tzinfo=UTC)
YES = {"en": "Yes", "de": "Ja", "fr": "Oui", "es": "Sí", "nl": "Ja", "pt": "Sim", "it": "Sì", "ja": "はい"}
PASS = [datetime(2035, 9, 3, 8), "8h"]  # noqa: DTZ001 - cells know no time zone
PEOPLE: dict[TemplateLike | None, list[object]] = {
    None: ["anna@contoso.com", "Anna Arendt", "7-1"],
    TemplateLike.ENTRA: ["Anna Arendt", "anna@contoso.com", "7-1"],
    TemplateLike.INTUNE: ["PC-1", "S0012", "anna@contoso.com", "Anna Arendt"],
    TemplateLike.SDS: ["0012", "1", "Anna", "Arendt", "anna@contoso.com", "7", "7-1"],
}
KINDS = [(like, language) for like in (None, *TemplateLike) for language in TEMPLATE_LANGUAGES]


def filled(content: bytes, row: list[object]) -> Workbook:
    """Return the template with a person in it."""
    book = load_workbook(io.BytesIO(content))
    for column, value in enumerate(row, 1):
        book.worksheets[0].cell(2, column, value)
    return book


def checked(path: Path) -> CheckedRoster:
    """Read a file without options."""
    return check_roster(read_roster(path), CheckOptions(ReadingOptions(), ZoneInfo("UTC"), NOW, PassTerms()))


@pytest.mark.parametrize(("like", "language"), KINDS)
def test_filled_in_it_reads_without_options(like: TemplateLike | None, language: str, tmp_path: Path) -> None:
    """The person, the name, the class as it was typed, the start, the lifetime and one-time are what was filled in."""
    book = filled(roster_template(language, like), [*PEOPLE[like], *PASS, YES[language]])
    book.save(tmp_path / "filled.xlsx")
    (row,) = checked(tmp_path / "filled.xlsx").rows
    assert (row.user and row.user.text, row.display_name) == ("anna@contoso.com", "Anna Arendt")
    assert row.asked == PassTerms(starts_at=datetime(2035, 9, 3, 8, tzinfo=UTC), lifetime_minutes=480, usable_once=True)
    assert [problem for problem in row.problems if problem.refuses] == []
    assert row.group == (None if like is TemplateLike.INTUNE else "7-1")


@pytest.mark.parametrize(("like", "language"), KINDS)
def test_it_helps_whoever_fills_it_in(like: TemplateLike | None, language: str) -> None:
    """Each heading has a note; drop-downs and checks stand below those that need them, as texts keep their zeros."""
    sheet, notes = load_workbook(io.BytesIO(roster_template(language, like))).worksheets
    headings = [cell for cell in sheet[1] if cell.value]
    assert all(cell.comment is not None for cell in headings)
    assert notes.max_row == len(headings) + 2
    kinds = sorted(check.type for check in sheet.data_validations.dataValidation)
    assert kinds == ["custom", "date", "list", "list"]
    assert all("E2" not in str(check.sqref) or check.formula1 for check in sheet.data_validations.dataValidation)
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].style_id != 0 or sheet["A2"].number_format == "@"


def test_the_setting_has_every_language_and_kind() -> None:
    """What can be asked for is what there is."""
    assert setup_declared.TEMPLATE_LANGUAGE.kind.words == TEMPLATE_LANGUAGES  # type: ignore[attr-defined]
    assert setup_declared.LIKE.kind.words == tuple(one.value for one in TemplateLike)  # type: ignore[attr-defined]


@pytest.mark.long
@pytest.mark.parametrize("like", [None, TemplateLike.SDS])
def test_libreoffice_keeps_what_was_filled_in(like: TemplateLike | None, tmp_path: Path) -> None:
    """Opened and saved there, it still reads without options, drop-downs included."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    filled(roster_template("de", like), [*PEOPLE[like], *PASS, "Ja"]).save(tmp_path / "filled.xlsx")
    out = tmp_path / "out"
    command = [office, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(out), str(tmp_path / "filled.xlsx")], check=True, capture_output=True)
    (row,) = checked(out / "filled.xlsx").rows
    assert row.user is not None
    assert row.asked.lifetime_minutes == 480
    assert load_workbook(out / "filled.xlsx").worksheets[0].data_validations.count >= 3
