"""How a run is named in a command that is to be typed."""

from __future__ import annotations

import os
import shlex
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

import pytest

from bulktap.storage.run_folder import RunFolder, as_typed

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
