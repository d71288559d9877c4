"""Files as bundles have them, written into folders and archives, and read as one roster."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from bulktap.model.pass_terms import PassTerms
from bulktap.roster.check import check_roster
from bulktap.roster.files.input_bytes import RosterInput
from bulktap.roster.model import CheckedRoster, CheckOptions
from bulktap.roster.read import read_roster
from bulktap.roster.reading_options import ReadingOptions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
TODAY = NOW.date()


def book(**sheets: list[list[object]]) -> bytes:
    """Return a workbook of these sheets."""
    workbook = Workbook()
    del workbook[workbook.active.title]  # type: ignore[union-attr]
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def laid(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a folder and return it."""
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Return an archive of these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, inner in files.items():
            archive.writestr(name, inner)
    return content.getvalue()


def checked(*paths: Path, day: date = TODAY, **said: object) -> CheckedRoster:
    """Read paths as one roster on some day, with these options."""
    options = ReadingOptions(**said)  # type: ignore[arg-type]
    return check_roster(
        read_roster(RosterInput(paths), options, day=day),
        CheckOptions(options, ZoneInfo("UTC"), NOW, PassTerms()),
    )


def people(roster: CheckedRoster) -> list[tuple[str, str | None, int, str | None, str | None]]:
    """Return file, sheet, row, user and group of each row that asks for a pass."""
    return [
        (row.source.file, row.source.sheet, row.source.number, row.user.text if row.user else None, row.group)
        for row in roster.rows
        if row.request is not None
    ]
