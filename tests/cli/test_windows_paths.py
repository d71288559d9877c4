"""Paths as people write them on Windows, and names that it keeps, changes or hides."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from in_process import command, place

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="elsewhere these paths mean something else")


@pytest.mark.parametrize(
    "form",
    [
        "Roster of 7a.csv",
        "ROSTER OF 7A.CSV",
        "sub/..\\Roster of 7a.csv",
        ".\\/Roster of 7a.csv",
        "{drive}Roster of 7a.csv",
        "{rooted}",
        "\\\\?\\{whole}",
        "{short}",
        "~\\Roster of 7a.csv",
    ],
)
def test_a_roster_is_found_however_its_path_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """In other capitals, with either slash, relative to a drive, long, short, and in the user's folder."""
    roster = tmp_path / "Roster of 7a.csv"
    roster.write_text("User\nann@contoso.com\n")
    (tmp_path / "sub").mkdir()
    whole = str(roster)
    word = form.format(drive=roster.drive, rooted=whole[2:], whole=whole, short=_short(whole))
    with place(tmp_path):
        monkeypatch.setenv("USERPROFILE", str(tmp_path))
        done = command("plan", word, "--offline", "--json")

    assert done.code == 0, done.err
    assert json.loads(done.out)["counts"]["rows"] == 1


@pytest.mark.parametrize(
    "name", ["aux.xlsx", "CON.xlsx", "lpt1.xlsx", "new.xlsx.", "new.xlsx ", "new.xlsx:hidden.xlsx", "new?.xlsx"]
)
def test_nothing_is_written_under_a_name_that_windows_changes(tmp_path: Path, name: str) -> None:
    """It would go to a device, be called otherwise, or be seen by nobody; the sentence says why."""
    with place(tmp_path):
        done = command("template", name)

    assert done.code == 2
    assert "Windows" in done.err
    assert list(tmp_path.iterdir()) == []


def _short(path: str) -> str:
    """Return a path as programs of the time before long names had it."""
    if sys.platform == "win32":
        import ctypes

        buffer = ctypes.create_unicode_buffer(1024)
        assert ctypes.windll.kernel32.GetShortPathNameW(path, buffer, len(buffer))
        return buffer.value
    return path
