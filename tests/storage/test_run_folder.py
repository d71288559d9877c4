"""How a run is named in a command that is to be typed."""

from __future__ import annotations

import os
import shlex
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

import pytest

from bulktap.model.errors import DiskRefuses
from bulktap.storage.run_folder import RunFolder, as_typed, new_run_folder

if TYPE_CHECKING:
    from pathlib import PurePath

RUN = "2035-09-01T0800Z-staff-1a2b"


@pytest.mark.parametrize("name", ["reports", "else where", "R&D", "it's", "a$HOME", "Klasse (7a)", "semi;colon"])
def test_a_posix_shell_takes_a_path_as_it_was_meant(name: str) -> None:
    """Blanks, dollars and ampersands lose their meaning; what needs no quotes has none."""
    assert shlex.split(as_typed(PurePosixPath(name), windows=False)) == [name]
    assert as_typed(PurePosixPath("out/reports-2"), windows=False) == "out/reports-2"


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        (PureWindowsPath("D:\\passes"), "D:\\passes"),
        (PureWindowsPath("D:\\"), "D:\\"),
        (PureWindowsPath("C:\\Users\\Eva Novak\\reports"), '"C:\\Users\\Eva Novak\\reports"'),
        (PureWindowsPath("D:\\R&D"), '"D:\\R&D"'),
        (PureWindowsPath("\\\\server\\My share\\"), '"\\\\server\\My share"'),
    ],
)
def test_a_windows_shell_takes_a_path_as_it_was_meant(path: PurePath, typed: str) -> None:
    """In double quotes, which both of its shells know; a backslash never stands before the closing one."""
    assert as_typed(path, windows=True) == typed


@pytest.mark.skipif(os.name == "nt", reason="Windows does not delete a folder that somebody works in")
def test_a_run_can_be_named_although_the_working_folder_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that ends there still hands back its results and says how it is finished."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    here.rmdir()

    assert RunFolder(tmp_path / "passes" / RUN).to_type == f"{RUN} --reports {tmp_path / 'passes'}"


@pytest.mark.skipif(os.name == "nt", reason="links need rights of their own on Windows")
def test_the_usual_folder_is_known_by_any_of_its_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows writes a drive that is a share, or a short name, in two ways, and a link does the same here."""
    (tmp_path / "real" / "reports" / RUN).mkdir(parents=True)
    (tmp_path / "other").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path / "real")

    assert RunFolder(tmp_path / "other" / "reports" / RUN).to_type == RUN


@pytest.mark.skipif(os.name == "nt", reason="Wine takes longer paths than Windows does")
def test_a_run_is_not_begun_where_its_files_would_not_fit(tmp_path: Path) -> None:
    """The folder that was made goes again, so that nothing is left."""
    deep = tmp_path
    while len(str(deep)) < 3_800:
        deep = deep / ("d" * 200)
    deep.mkdir(parents=True)
    reports = deep / ("e" * (4_039 - len(str(deep))))

    with pytest.raises(DiskRefuses, match="leaves no room"):
        new_run_folder(reports, "staff.csv", datetime(2035, 9, 1, 8, 0, tzinfo=UTC), bytes)
    assert list(reports.iterdir()) == []
