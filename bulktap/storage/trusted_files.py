"""The one way in which files of a run are opened: never through a link, only regular files, never without a bound.

A run folder may come out of an archive that somebody sent, or lie in a folder that others may write to. A link in it
would lead a write to one of the user's own files, a pipe or a device would never come to an end, and a file of
gigabytes fills the memory. So a file is opened without following a link and without waiting, and is looked at through
the descriptor before a byte of it is read or changed.

On Windows the kind of the file, its names and its size are checked, and that the run folder's access list keeps others
out.
"""

from __future__ import annotations

import errno
import os
import shlex
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from bulktap.model.errors import Untrusted

if sys.platform == "win32":
    from bulktap.storage.access_lists import access_list, current_user, is_foreign, keeps_lists, name_of, strangers

MEGABYTE: Final = 1_000_000
_FLAGS: Final = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe without a writer would be waited for
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOINHERIT", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOCTTY", 0)
)
# What open(2) answers for a last component that is a link: ELOOP on Linux and macOS, EMLINK on FreeBSD.
_LINK_ERRORS: Final = frozenset({errno.ELOOP, errno.EMLINK})
_LOOK_HINT: Final = "Look at what is in that folder and who put it there; bulktap makes no such file."


def open_to_write(path: Path, *, create: bool = True, append: bool = False, shared: bool = False) -> int:
    """Open a file of a run for reading and writing and return its descriptor; nothing in it has been changed.

    A `shared` one may belong to somebody else.

    Raises:
        Untrusted: it is a link, no regular file, has a second name, or belongs to somebody else.
        OSError: it cannot be opened.
    """
    flags = os.O_RDWR | (os.O_CREAT if create else 0) | (os.O_APPEND if append else 0)
    descriptor = _opened(path, flags)
    try:
        found = os.fstat(descriptor)
        # A hard link would be emptied, or grow, under its other name too.
        if found.st_nlink > 1:
            raise _untrusted(path, "has a second name elsewhere (a hard link)")
        if not shared:
            _require_own(path, found)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def open_to_read(path: Path) -> int:
    """Open a file of a run for reading and return its descriptor.

    Raises:
        Untrusted: it is a link or no regular file.
        OSError: it cannot be opened.
    """
    return _opened(path, os.O_RDONLY)


def read_file(path: Path, *, at_most: int) -> bytes:
    """Return the content of a file of a run.

    Raises:
        Untrusted: it is a link, no regular file, or larger than that.
        OSError: it cannot be read.
    """
    with os.fdopen(open_to_read(path), "rb") as file:
        _require_small(path, os.fstat(file.fileno()).st_size, at_most)
        content = file.read(at_most + 1)
    _require_small(path, len(content), at_most)
    return content


def read_start(path: Path, length: int) -> bytes:
    """Return so many bytes from the beginning of a file of a run, fewer if it is shorter.

    Raises:
        Untrusted: it is a link or no regular file.
        OSError: it cannot be read.
    """
    with os.fdopen(open_to_read(path), "rb") as file:
        return file.read(length)


def read_end(path: Path, length: int) -> bytes:
    """Return so many bytes from the end of a file of a run, fewer if it is shorter.

    Raises:
        Untrusted: it is a link or no regular file.
        OSError: it cannot be read.
    """
    with os.fdopen(open_to_read(path), "rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - length, 0))
        return file.read(length)


def read_if_sound(path: Path, *, at_most: int) -> bytes | None:
    """Return the content of a file of a run, or None where there is none that can be trusted."""
    try:
        return read_file(path, at_most=at_most)
    except (OSError, Untrusted):
        return None


def require_sound(path: Path, *, at_most: int) -> None:
    """Make sure that another program may open a file of a run for writing, by its name, if it is there.

    Raises:
        Untrusted: it is a link, no regular file, has a second name, belongs to somebody else, or is too large.
        OSError: it cannot be opened.
    """
    try:
        descriptor = open_to_write(path, create=False)
    except FileNotFoundError:
        return
    try:
        size = os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)
    _require_small(path, size, at_most)


def require_private(folder: Path) -> None:
    """Make sure that nobody else can have put something into a run's folder.

    Raises:
        Untrusted: it belongs to somebody else, or others may write to it.
        OSError: it cannot be examined.
    """
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise Untrusted(f"{folder} is not a folder.", hint=_LOOK_HINT)
    if sys.platform == "win32":
        _require_own_list(folder, found)
        return
    if found.st_uid != os.geteuid():
        raise _foreign(folder)
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and _keeps_modes(folder):
        raise _open_to_others(folder, "Other users", f"chmod 700 {shlex.quote(str(folder))}")


if sys.platform == "win32":

    def _require_own_list(folder: Path, found: os.stat_result) -> None:
        if found.st_reparse_tag == stat.IO_REPARSE_TAG_MOUNT_POINT:
            raise Untrusted(f"{folder} is a junction, which leads to another folder.", hint=_LOOK_HINT)
        listed, user = access_list(folder), current_user()
        if listed is None:
            return
        foreign, writers = is_foreign(listed, user), strangers(listed, user)
        if not (foreign or writers) or not keeps_lists(folder):
            return
        if foreign:
            raise _foreign(folder)
        remove = " ".join(f'"*{one}"' for one in writers)
        # In quotes, both the Command Prompt and PowerShell hand these words on as they are.
        command = f'icacls "{folder}" /inheritance:r /grant:r "*{user}:(OI)(CI)F" /remove {remove}'
        raise _open_to_others(folder, f"Others ({', '.join(map(name_of, writers))})", command)


def _foreign(folder: Path) -> Untrusted:
    return Untrusted(
        f"The run folder {folder} belongs to another user.",
        hint="Work on a run as the user who began it, or make a copy of the folder as your own.",
    )


def _open_to_others(folder: Path, who: str, command: str) -> Untrusted:
    return Untrusted(
        f"{who} may write to the run folder {folder}, so that nobody can tell who wrote what is in it.",
        hint=f"If you know that nobody did, take it away from them ({command}) and try again.",
    )


def _opened(path: Path, flags: int) -> int:
    # Looked at first, because opening alone can do things to a device; and again once it is open, because it may have
    # been exchanged in between.
    with suppress(FileNotFoundError):
        _require_regular(path, path.lstat())
    try:
        descriptor = os.open(path, flags | _FLAGS, 0o600)
    except OSError as error:
        if error.errno in _LINK_ERRORS:
            raise _untrusted(path, "is a symbolic link") from None
        raise
    try:
        _require_regular(path, os.fstat(descriptor))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _require_regular(path: Path, found: os.stat_result) -> None:
    if stat.S_ISLNK(found.st_mode):
        raise _untrusted(path, "is a symbolic link")
    if not stat.S_ISREG(found.st_mode):
        raise _untrusted(path, "is not a file")


def _require_own(path: Path, found: os.stat_result) -> None:
    if sys.platform != "win32" and found.st_uid != os.geteuid():
        raise _untrusted(path, "belongs to another user")


def _require_small(path: Path, size: int, at_most: int) -> None:
    if size > at_most:
        raise _untrusted(path, f"is larger than {at_most / MEGABYTE:,.0f} MB")


def _untrusted(path: Path, what: str) -> Untrusted:
    return Untrusted(f"{path} {what}, so it is not used.", hint=_LOOK_HINT)


def _keeps_modes(folder: Path) -> bool:
    """Whether the folder's file system keeps permissions; FAT, and Windows drives under WSL, show 777 for all."""
    try:
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=".mode-")  # mode 0600
    except OSError:
        return True
    try:
        return stat.S_IMODE(os.fstat(descriptor).st_mode) == stat.S_IRUSR | stat.S_IWUSR
    finally:
        os.close(descriptor)
        with suppress(OSError):
            Path(name).unlink()
