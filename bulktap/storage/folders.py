"""Folders: a private one for each run, one for locks with the permissions of the folder that it is in.

A folder that was there belongs to whoever made it: its mode, group, access list and owner are never changed.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from bulktap.storage.files import refusal, sync_folder

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform == "win32":
    from bulktap.storage.access_lists import make_for_current_user


def make_folder(path: Path) -> None:
    """Create a folder, and those above it, for the current user alone (0700); one that is there stays as it is.

    Raises:
        DiskRefuses: it cannot be created.
    """
    try:
        created = [folder for folder in (path, *path.parents) if not folder.exists()]
        if sys.platform == "win32" and path in created:
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):  # somebody else was faster, so it is theirs
                make_for_current_user(path)
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in created:
            sync_folder(folder.parent)
    except OSError as error:
        raise refusal(path, error, doing="made") from error


def make_private_folder(path: Path) -> bool:
    """Create a folder that only the current user may enter: 0700, an access list on Windows; the one above is there.

    Return False, and touch nothing, if there is something of that name already.

    Raises:
        DiskRefuses: it cannot be created, or not be made private.
    """
    try:
        try:
            if sys.platform == "win32":
                make_for_current_user(path)
            else:
                path.mkdir(mode=0o700)
        except FileExistsError:
            return False
        sync_folder(path.parent)
    except OSError as error:
        raise refusal(path, error, doing="made a private folder") from error
    return True


def make_shared_folder(path: Path) -> None:
    """Create a folder for whoever may use the one above it, which is there: the same group, the same permissions.

    Raises:
        DiskRefuses: it cannot be created, or is no folder.
    """
    try:
        path.mkdir(exist_ok=True)
        if sys.platform == "win32":
            return  # it has inherited the access list
        above, own = path.parent.stat(), path.lstat()
        wanted = stat.S_IMODE(above.st_mode)
        if not stat.S_ISDIR(own.st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        # Also one that an earlier bulktap made for itself alone, in a folder that is the team's.
        if own.st_uid == os.geteuid() and stat.S_IMODE(own.st_mode) != wanted:
            if own.st_gid != above.st_gid:
                with suppress(OSError):  # whoever is no member of that group keeps their own
                    os.chown(path, -1, above.st_gid, follow_symlinks=False)
            path.chmod(wanted)
    except OSError as error:
        raise refusal(path, error, doing="made") from error
