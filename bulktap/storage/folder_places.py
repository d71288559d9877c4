"""Where a folder is: in one that is synchronised, on another computer, in a git tree; it is only looked at."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import PurePath

_SYNCHRONISED = (
    # As each program names its folder by itself, on Windows, macOS and Linux.
    ("OneDrive", re.compile(r"onedrive(?: ?- ?.+|-.+)?")),
    ("Dropbox", re.compile(r"dropbox(?: \(.+\)|-.+)?")),
    ("iCloud", re.compile(r"iclouddrive|icloud drive|mobile documents|com~apple~clouddocs")),
    ("Google Drive", re.compile(r"google ?drive(?:-.+)?|my drive|drivefs")),
    ("Box", re.compile(r"box(?: sync|-box)?")),
    ("Nextcloud", re.compile(r"nextcloud(?:\d+)?|owncloud")),
    # macOS 12.3 and newer: whichever program it is has its folder in ~/Library/CloudStorage.
    ("a cloud service", re.compile(r"cloudstorage")),
)
_REMOTE = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "fuse.sshfs", "9p", "ceph", "afs", "davfs", "webdav"}
)
"""File systems of other computers (mount(8), filesystems(5))."""
_DRIVE_REMOTE = 4
"""Windows: GetDriveTypeW (fileapi.h)."""


def synchronised_by(path: PurePath) -> str:
    """Return the name of the program that copies what is in this folder elsewhere, as its path tells; empty if none."""
    parts = [part.casefold() for part in path.parts]
    return next((name for name, known in _SYNCHRONISED if any(known.fullmatch(part) for part in parts)), "")


def git_tree(path: Path) -> Path | None:
    """Return the top of the git work tree that the path is in; None if it is in none."""
    above = (path, *path.parents)
    return next((folder for folder in above if (folder / ".git").exists()), None)


def is_ignored(path: Path, tree: Path) -> bool:
    """Return true if the file `.gitignore` at the top of a tree plainly names the path, or a folder that it is in."""
    try:
        lines = (tree / ".gitignore").read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    inside = path.relative_to(tree)
    own = {inside.as_posix(), *(above.as_posix() for above in inside.parents), *inside.parts} - {"."}
    named = {re.sub(r"/\*{1,2}$", "", line.strip()).strip("/") for line in lines if not line.startswith(("#", "!"))}
    return not own.isdisjoint(named)


def is_elsewhere(path: Path) -> bool:
    r"""Return true if the path is on another computer: a UNC path (`\\server\share`), or a drive or mount of one."""
    if is_share(path):
        return True
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{path.anchor}") == _DRIVE_REMOTE)
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:  # macOS has no such file
        return False
    return kind_of_mount(path, mounts) in _REMOTE


def is_share(path: PurePath) -> bool:
    r"""Return true if a path of Windows names a share; `\\?\` and `\\.\` before a drive are ways to write a path."""
    drive = path.drive.replace("/", "\\").casefold()
    if drive.startswith(("\\\\?\\", "\\\\.\\")):
        return drive[4:].startswith("unc\\")
    return drive.startswith("\\\\")


def kind_of_mount(path: PurePath, mounts: Iterable[str]) -> str:
    """Return the kind of file system that a path is on, given lines as in `/proc/self/mounts`; empty if none fits."""
    best, kind = -1, ""
    for line in mounts:
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        # Blanks and backslashes in names are written in octal there (proc(5)).
        place = PurePosixPath(re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), parts[1]))
        depth = len(place.parts)
        if path.is_relative_to(place) and depth >= best:
            best, kind = depth, parts[2]
    return kind


def is_open_to_others(path: Path) -> bool:
    """Return true if anybody else on this computer may write to the folder; Windows says that in access lists."""
    return sys.platform != "win32" and bool(path.stat().st_mode & 0o002) and not path.stat().st_mode & 0o1000


def nearest(path: Path) -> Path:
    """Return the path, or of those above it the first that is there."""
    there = path.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    return there


def may_write(folder: Path) -> bool:
    """Return true if this user may make files in a folder, as far as that can be told without making one."""
    if sys.platform != "win32":
        return os.access(folder, os.W_OK | os.X_OK)
    import ctypes
    from ctypes import wintypes

    # A handle with which files and folders could be added: `os.access` reads no access list.
    kernel = ctypes.WinDLL("kernel32")
    kernel.CreateFileW.restype = wintypes.HANDLE
    kernel.CloseHandle.argtypes = [wintypes.HANDLE]
    wanted, all_sharing, there, a_folder = 0x2 | 0x4, 0x7, 3, 0x02000000  # winnt.h, fileapi.h
    handle = kernel.CreateFileW(ctypes.c_wchar_p(str(folder)), wanted, all_sharing, None, there, a_folder, None)
    if handle == wintypes.HANDLE(-1).value:
        return False
    kernel.CloseHandle(handle)
    return True
