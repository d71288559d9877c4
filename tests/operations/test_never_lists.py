"""Where `never.txt` may be, and what a file that somebody planted there can do: stop the command, no more."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from bulktap.model.errors import UsageError
from bulktap.model.exit_codes import ExitCode
from bulktap.operations.never_lists import folders_of_lists, never_list, note_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no links, pipes and modes like those of Unix")


def test_every_list_holds(tmp_path: Path) -> None:
    """Beside the roster, in the reports folder and in the user's own: together, each read once."""
    for name in ("rosters", "reports", "mine"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "never.txt").write_text(f"{name}@contoso.com\n", "utf-8")
    folders = folders_of_lists(str(tmp_path / "rosters" / "r.csv"), tmp_path / "reports", tmp_path / "mine", None)

    found = never_list((*folders, tmp_path / "mine" / ".." / "reports", tmp_path / "nowhere"))

    assert [entry.names[0] for entry in found.entries] == [
        "rosters@contoso.com",
        "reports@contoso.com",
        "mine@contoso.com",
    ]
    (note,) = note_of(found)
    assert note.count("never.txt") == 3


def test_where_there_is_none_nothing_is_said(tmp_path: Path) -> None:
    """Also where a folder is a file, or the roster came from standard input."""
    (tmp_path / "file").write_text("x")
    found = never_list((*folders_of_lists("-", tmp_path), tmp_path / "file"))
    assert not found
    assert note_of(found) == ()
    assert set(folders_of_lists("", None)) == set(folders_of_lists("-", None)) == {None}


def a_folder(path: Path) -> None:
    """Make a folder of that name."""
    path.mkdir()


def a_pipe(path: Path) -> None:
    """Make a pipe that nobody writes to."""
    os.mkfifo(path)


def a_link_to_nowhere(path: Path) -> None:
    """Make a link that leads to no file."""
    path.symlink_to(path.parent / "gone")


def a_link_in_a_circle(path: Path) -> None:
    """Make a link that leads to itself."""
    path.symlink_to(path)


def a_device(path: Path) -> None:
    """Make a link to what never ends."""
    path.symlink_to("/dev/zero")


def gigabytes(path: Path) -> None:
    """Make a file that is larger than memory, and takes no room."""
    with path.open("wb") as file:
        file.truncate(1 << 33)


def a_typo(path: Path) -> None:
    """Write a line that names nobody."""
    path.write_bytes(b"breakglass\n")


def nothing_but_zeros(path: Path) -> None:
    """Write what a disk leaves behind."""
    path.write_bytes(bytes(4_000))


@pytest.mark.parametrize(
    "plant",
    [
        a_folder, gigabytes, a_typo, nothing_but_zeros,
        *(pytest.param(one, marks=unix) for one in (a_pipe, a_link_to_nowhere, a_link_in_a_circle, a_device)),
    ],
    ids=lambda one: one.__name__,
)  # fmt: skip
def test_a_list_that_cannot_be_read_stops_the_command(tmp_path: Path, plant: Callable[[Path], None]) -> None:
    """Exit 2, with the file's name, at once; never passed over."""
    plant(tmp_path / "never.txt")

    with pytest.raises(UsageError) as caught:
        never_list([tmp_path])

    assert caught.value.exit_code is ExitCode.USAGE
    assert "never.txt" in caught.value.message
    assert "never get a pass" in caught.value.hint
    assert caught.value.message.isprintable()


@unix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_list_that_may_not_be_read_stops_the_command(tmp_path: Path) -> None:
    """Nor one in a folder that may not be entered."""
    (tmp_path / "never.txt").write_text("a@b.org\n")
    (tmp_path / "never.txt").chmod(0)
    with pytest.raises(UsageError):
        never_list([tmp_path])


@unix
def test_a_link_to_a_list_is_followed(tmp_path: Path) -> None:
    """Several machines may share one."""
    (tmp_path / "shared.txt").write_text("a@b.org\n")
    (tmp_path / "never.txt").symlink_to("shared.txt")
    assert [entry.names for entry in never_list([tmp_path]).entries] == [("a@b.org",)]


@pytest.mark.parametrize("name", ["never.txt.txt", "Never.txt", "NEVER.TXT"])
def test_a_list_under_another_name_stops_the_command(tmp_path: Path, name: str) -> None:
    """Windows hides extensions; where case makes no difference, the file is the list itself."""
    (tmp_path / name).write_text("a@b.org\n")
    if (tmp_path / "never.txt").exists():
        assert never_list([tmp_path]).place_of(["a@b.org"])
        return
    with pytest.raises(UsageError, match=name) as caught:
        never_list([tmp_path])
    assert "Rename it to never.txt" in caught.value.hint


@pytest.mark.parametrize("name", ["never", "nevers.txt", "never.txt.bak", "now-or-never.txt"])
def test_other_files_are_none_of_its_business(tmp_path: Path, name: str) -> None:
    """Only what is as good as certain is asked about."""
    (tmp_path / name).write_text("whatever\n")
    assert not never_list([tmp_path])
