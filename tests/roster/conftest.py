"""Fixtures of the roster's tests: real files in a temporary folder, read and checked as the program does it."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from bulktap.roster.reader import ReadOptions, Roster, read_roster
from bulktap.roster.validation import CheckedRoster, CheckOptions, PassDefaults, check_roster

Save = Callable[..., Path]
Check = Callable[..., CheckedRoster]

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def check_options(**changes: object) -> CheckOptions:
    """Return options for Berlin in November 2026, with changes."""
    zone = str(changes.pop("zone", "Europe/Berlin"))
    values: dict[str, object] = {
        "timezone": ZoneInfo(zone), "timezone_name": zone, "now": NOW, "defaults": PassDefaults(), "mapping": {},
        "domain": None, "date_order": None,
    } | changes  # fmt: skip
    return CheckOptions(**values)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def options() -> Callable[..., CheckOptions]:
    """Give the maker of options to tests that need their own."""
    return check_options


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write text, bytes or rows to a file and return its path; rows become a workbook."""

    def write(content: str | bytes | Sequence[Sequence[object]], name: str = "roster.csv") -> Path:
        path = tmp_path / name
        if isinstance(content, str):
            content = content.encode()
        elif not isinstance(content, bytes):
            book = Workbook()
            for row in content:
                book.active.append(list(row))
            buffer = io.BytesIO()
            book.save(buffer)
            content = buffer.getvalue()
        path.write_bytes(content)
        return path

    return write


@pytest.fixture
def read(save: Save) -> Callable[..., Roster]:
    """Write a roster and read it."""

    def write_and_read(content: object, name: str = "roster.csv", **changes: object) -> Roster:
        return read_roster(save(content, name), ReadOptions(**changes))  # type: ignore[arg-type]

    return write_and_read


@pytest.fixture
def check(read: Callable[..., Roster]) -> Check:
    """Write a roster, read it and check it."""

    def write_and_check(content: object, name: str = "roster.csv", **changes: object) -> CheckedRoster:
        return check_roster(read(content, name), check_options(**changes))

    return write_and_check


@pytest.fixture
def real_files() -> Path:
    """Give the folder of real rosters from outside, which is not part of the project."""
    folder = Path(__file__).parents[3] / "shared" / "rosters"
    if not folder.is_dir():
        pytest.skip(f"the folder of real rosters is not there ({folder})")
    return folder


@pytest.fixture
def samples() -> Path:
    """Give the folder of the project's own samples."""
    return Path(__file__).parents[2] / "samples"
