"""Where folders are, told from their paths and from lists of mounts."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

import pytest

from bulktap.storage.folder_places import git_tree, is_ignored, is_share, kind_of_mount, may_write, synchronised_by

if TYPE_CHECKING:
    from pathlib import PurePath

MOUNTS = [
    "/dev/sda1 / ext4 rw 0 0",
    "//files/school /mnt/school cifs rw 0 0",
    "nas:/export /home/ann/the\\040share nfs4 rw 0 0",
    "broken",
    "tmpfs /mnt/school/fast tmpfs rw 0 0",
]


@pytest.mark.parametrize(
    ("path", "program"),
    [
        (PureWindowsPath(r"C:\Users\ann\OneDrive - Contoso School\Documents\reports"), "OneDrive"),
        (PureWindowsPath(r"C:\Users\ann\onedrive\reports"), "OneDrive"),
        (PureWindowsPath(r"D:\Dropbox (Contoso)\reports"), "Dropbox"),
        (PureWindowsPath(r"C:\Users\ann\iCloudDrive\reports"), "iCloud"),
        (PurePosixPath("/Users/ann/Library/Mobile Documents/com~apple~CloudDocs/reports"), "iCloud"),
        (PurePosixPath("/Users/ann/Library/CloudStorage/GoogleDrive-ann@contoso.com/My Drive"), "Google Drive"),
        (PurePosixPath("/Users/ann/Library/CloudStorage/ProtonDrive-ann@contoso.com"), "a cloud service"),
        (PurePosixPath("/home/ann/Nextcloud/reports"), "Nextcloud"),
        (PurePosixPath("/home/ann/boxes/reports"), ""),
        (PureWindowsPath(r"C:\Users\ann\My OneDrives notes\reports"), ""),
        (PurePosixPath("/srv/passes"), ""),
    ],
)
def test_programs_that_synchronise_are_known_by_their_folders(path: PurePath, program: str) -> None:
    """Under the names that they give by themselves."""
    assert synchronised_by(path) == program


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/reports", "ext4"),
        ("/mnt/school/reports", "cifs"),
        ("/mnt/schoolyard", "ext4"),
        ("/mnt/school/fast/reports", "tmpfs"),
        ("/home/ann/the share/reports", "nfs4"),
    ],
)
def test_the_deepest_mount_tells_the_file_system(path: str, kind: str) -> None:
    """Names with blanks included."""
    assert kind_of_mount(PurePosixPath(path), MOUNTS) == kind


@pytest.mark.parametrize(
    ("ignored", "expected"),
    [("reports/\n", True), ("/reports/*\n", True), ("# reports\n", False), ("!reports\n", False), ("results\n", False)],
)
def test_a_git_tree_is_found_with_what_it_ignores(tmp_path: Path, ignored: str, expected: bool) -> None:
    """As far as its own file says so plainly."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text(ignored)

    assert git_tree(tmp_path / "reports" / "deep") == tmp_path
    assert is_ignored(tmp_path / "reports" / "deep", tmp_path) is expected
    assert git_tree(Path(tmp_path.anchor)) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (r"\\server\share\reports", True),
        ("//server/share/reports", True),
        (r"\\?\UNC\server\share\reports", True),
        (r"\\?\C:\reports", False),
        (r"\\.\C:\reports", False),
        ("C:\\reports", False),
        ("C:reports", False),
        ("\\reports", False),
    ],
)
def test_a_share_is_told_from_other_ways_to_write_a_path(path: str, expected: bool) -> None:
    """With and without the prefix for long paths, relative to a drive or to its current folder."""
    assert is_share(PureWindowsPath(path)) is expected


def test_a_folder_in_which_files_can_be_made_is_told_from_none(tmp_path: Path) -> None:
    """Without making one."""
    assert may_write(tmp_path)
    assert not may_write(tmp_path / "missing")
    assert list(tmp_path.iterdir()) == []
