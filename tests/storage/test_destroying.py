"""Destroying files: overwritten, then removed; nothing else is touched."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from bulktap.model.errors import DiskRefuses
from bulktap.storage.destroying import copies_of, destroy_file, destroy_folder, files_below

if TYPE_CHECKING:
    from pathlib import Path

links = pytest.mark.skipif(os.name == "nt", reason="links need rights of their own on Windows")


@pytest.mark.parametrize("size", [0, 1, 4096, (1 << 20) + 3])
def test_a_file_is_overwritten_before_its_name_goes(tmp_path: Path, size: int) -> None:
    """Whoever has it open sees zeros, all of its length."""
    path = tmp_path / "results.xlsx"
    path.write_bytes(os.urandom(size))
    with path.open("rb") as open_elsewhere:
        if sys.platform == "win32":  # a name cannot go there while the file is open; what it held is gone all the same
            with pytest.raises(DiskRefuses, match="cannot be destroyed"):
                destroy_file(path)
        else:
            assert destroy_file(path)
        assert open_elsewhere.read() == bytes(size)

    if sys.platform == "win32":
        assert destroy_file(path)
    assert not path.exists()
    assert not destroy_file(path)


@links
@pytest.mark.parametrize("kind", ["symbolic", "hard"])
def test_what_is_behind_a_link_is_left_alone(tmp_path: Path, kind: str) -> None:
    """Only the name goes: the content is somebody else's too."""
    precious, path = tmp_path / "precious", tmp_path / "results.xlsx"
    precious.write_bytes(b"precious")
    if kind == "hard":
        path.hardlink_to(precious)
    else:
        path.symlink_to(precious)

    assert destroy_file(path)
    assert not path.is_symlink()
    assert precious.read_bytes() == b"precious"


@links
def test_a_folder_goes_with_all_that_is_below_it(tmp_path: Path) -> None:
    """Files at any depth, and links to folders, which are not entered."""
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "handout"
    elsewhere.mkdir()
    (elsewhere / "precious").write_bytes(b"precious")
    (folder / "year 5" / "empty").mkdir(parents=True)
    for path in (folder / "5a.pdf", folder / "year 5" / "5b.pdf"):
        path.write_bytes(b"sealed")
    (folder / "link").symlink_to(elsewhere)
    assert len(files_below(folder)) == 2

    assert destroy_folder(folder) == 2
    assert not folder.exists()
    assert (elsewhere / "precious").read_bytes() == b"precious"
    folder.symlink_to(elsewhere)
    assert destroy_folder(folder) == len(files_below(folder)) == 0
    assert (elsewhere / "precious").exists()
    assert destroy_folder(tmp_path / "missing") == 0


@pytest.mark.parametrize("mode", [0o400, 0o444, 0o600])
def test_a_file_that_is_marked_as_read_only_is_destroyed_too(tmp_path: Path, mode: int) -> None:
    """Windows removes no such file as it is, and marks whole folders where somebody asks for it once."""
    folder = tmp_path / "handout"
    folder.mkdir()
    for path in (tmp_path / "results.xlsx", folder / "7a.pdf"):
        path.write_bytes(b"sealed")
        path.chmod(mode)

    assert destroy_file(tmp_path / "results.xlsx")
    assert destroy_folder(folder) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "win32", reason="junctions are those of Windows")
def test_what_is_behind_a_junction_is_left_alone(tmp_path: Path) -> None:
    """A folder that was moved to another drive leaves one, and Python's own walk would enter it."""
    if sys.platform == "win32":
        import _winapi

        elsewhere, folder = tmp_path / "elsewhere", tmp_path / "handout"
        (elsewhere / "deep").mkdir(parents=True)
        (elsewhere / "precious").write_bytes(b"precious")
        folder.mkdir()
        try:
            _winapi.CreateJunction(str(elsewhere), str(folder / "junction"))
        except OSError:
            pytest.skip("Wine 8 makes no junctions, as Windows does")

        assert files_below(folder) == []
        assert destroy_folder(folder) == 0
        assert not folder.exists()
        _winapi.CreateJunction(str(elsewhere), str(folder))
        assert destroy_folder(folder) == 0
        assert (elsewhere / "precious").read_bytes() == b"precious"
        assert (elsewhere / "deep").is_dir()


def test_only_what_bulktap_names_so_is_a_copy(tmp_path: Path) -> None:
    """With a number, kept aside, or left by a killed process; a file of the user's own is none."""
    ours = [
        "results.xlsx",
        "results-2.xlsx",
        "results-99.xlsx",
        "results-kept-20350901T080000Z.xlsx",
        "results-2-kept-20350901T080000Z-2.xlsx",
        ".results.xlsx.k3_9zq1a.part",
        ".results-3.xlsx.abcdefgh.part",
    ]
    others = [
        "results-mine.xlsx",
        "my results.xlsx",
        "results.xlsx.bak",
        "results.csv",
        "~$results.xlsx",
        "errors.xlsx",
    ]
    for name in (*ours, *others):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "results-7.xlsx").mkdir()

    assert sorted(path.name for path in copies_of(tmp_path / "results.xlsx")) == sorted(ours)


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="nothing is refused to root, and modes refuse nothing on Windows"
)
def test_a_file_that_cannot_be_removed_is_said(tmp_path: Path) -> None:
    """With what to do about it."""
    path = tmp_path / "shut" / "results.xlsx"
    path.parent.mkdir()
    path.write_bytes(b"sealed")
    path.parent.chmod(0o500)
    try:
        with pytest.raises(DiskRefuses, match="destroyed"):
            destroy_file(path)
    finally:
        path.parent.chmod(0o700)
