"""Files that are complete or absent, private to the user, and last; room on the disk for them."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from bulktap.model.errors import DiskRefuses
from bulktap.model.setting_names import Setting
from bulktap.storage.file_names import unfit_for_windows

if sys.platform == "darwin":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_Done = TypeVar("_Done")
_LONG_ON_WINDOWS: Final = 200
"""Characters; a file that is being written has some more than the path that is told."""
_TOO_LONG: Final = frozenset({errno.ENOENT, errno.EINVAL, errno.ENAMETOOLONG})
"""What a path that is too long is answered with; Windows says that there is no such folder."""
_PAUSES: Final = (0.01, 0.03, 0.06, 0.1, 0.2, 0.4, 0.5, 0.7)
# Of Windows (winerror.h): access denied, which is also said of a file that goes as soon as it is closed, sharing
# violation, lock violation, folder not empty.
_HELD: Final = frozenset({5, 32, 33, 145})
_JUNCTION: Final = 0xA0000003  # IO_REPARSE_TAG_MOUNT_POINT (winnt.h)
_LONGEST_NAME: Final = 56
"""Characters of what a run keeps in its folder: a workbook that was kept aside, while it is being written."""


def refusal(
    path: Path, error: OSError, *, doing: str = "written", windows: bool = sys.platform == "win32"
) -> DiskRefuses:
    """Return the exception that says why the path could not be written, and what to do."""
    reason = error.strerror or type(error).__name__
    length = len(str(path.absolute()))
    if windows and length > _LONG_ON_WINDOWS and error.errno in _TOO_LONG:
        hint = (
            f"The path has {length} characters; Windows takes 259, and 247 of a folder, unless its policy "
            f"'Enable Win32 long paths' is on: name a folder with a shorter path with {Setting.REPORTS}."
        )
    elif error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        hint = f"Free space on the disk that holds {path.parent}, then go on."
    elif error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        hint = f"Close {path.name} in other programs and check that you may write to {path.parent}."
    elif error.errno in {errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY}:
        hint = f"Something else has the name {path}, or that of a folder above it: move it elsewhere."
    elif error.errno in {errno.ENOENT, errno.ENAMETOOLONG, errno.ELOOP}:
        hint = f"Check that {path.parent} is there and is the folder that you mean."
    else:
        hint = f"Check the disk that holds {path.parent}."
    return DiskRefuses(f"{path} cannot be {doing}: {reason}.", hint=hint)


def is_link(mode: int, reparse_tag: int) -> bool:
    """Whether a file's mode, and on Windows its reparse tag, say that its name leads to another place.

    A junction does, which needs no rights to be made; what OneDrive has not fetched yet has a tag, and does not.
    """
    return stat.S_ISLNK(mode) or reparse_tag == _JUNCTION


def leads_elsewhere(path: Path) -> bool:
    """Whether something is a link, or a junction of Windows, which Python's own walks of folders enter."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return is_link(found.st_mode, getattr(found, "st_reparse_tag", 0))


def require_short_path(folder: Path) -> None:
    """Make sure that what a run keeps fits into its folder: paths have a greatest length, on Windows 259.

    Raises:
        DiskRefuses: it does not, or nothing can be written there.
    """
    trial = folder / f".{'x' * (_LONGEST_NAME - 1)}"
    try:
        os.close(os.open(trial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        patiently(trial.unlink)
    except OSError as error:
        if error.errno not in _TOO_LONG:
            raise refusal(folder, error, doing="written to") from error
        raise DiskRefuses(
            f"{folder} leaves no room for the files of a run: its path has {len(str(folder.absolute()))} characters.",
            hint=f"Name a folder with a shorter path with {Setting.REPORTS}.",
        ) from error


def free_bytes(path: Path) -> int:
    """Return how many bytes the user may still write on the disk that holds the path, or will hold it."""
    existing = path.absolute()
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    return shutil.disk_usage(existing).free


def require_space(path: Path, wanted: int) -> None:
    """Make sure that so many bytes can still be written where the path is.

    Raises:
        DiskRefuses: they cannot; the hint says how much there must be.
    """
    try:
        available = free_bytes(path)
    except OSError as error:
        raise refusal(path, error, doing="measured") from error
    if available < wanted:
        needed, there = (f"{size / 1_000_000:,.1f} MB" for size in (wanted, available))
        raise DiskRefuses(
            f"The disk that holds {path} has {there} free; {needed} are needed.",
            hint=f"Free space on it, or name a folder on another disk with {Setting.REPORTS}.",
        )


def sync_folder(path: Path) -> None:
    """Make the names in a folder last; Windows has no such call and keeps them by itself.

    Raises:
        OSError: the disk refused; EINVAL is tolerated, some file systems cannot do it.
    """
    if sys.platform == "win32":
        return
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(folder)


def _sync_file(path: Path) -> None:
    with patiently(lambda: path.open("r+b"), opening=True) as file:
        if sys.platform == "darwin":
            # fsync leaves the bytes in the drive's cache there (fsync(2) of macOS); not every file system offers this.
            with suppress(OSError):
                fcntl.fcntl(file.fileno(), fcntl.F_FULLFSYNC)
        os.fsync(file.fileno())


def patiently(
    act: Callable[[], _Done],
    wait: Callable[[float], None] = time.sleep,
    *,
    opening: bool = False,
    windows: bool = sys.platform == "win32",
) -> _Done:
    """Do something to a file's name, again while another program holds the file, for two seconds in all.

    On Windows virus scanners, indexers and synchronisation open a new file for a moment, which keeps it from being
    replaced, renamed, removed, or opened again to be written; elsewhere nothing does, and this happens once. Whoever is
    `opening` a file is told by the C library that it may not be, whatever the reason is.

    Raises:
        OSError: it does not work, or not in that time.
    """
    for pause in _PAUSES:
        try:
            return act()
        except OSError as error:
            number = getattr(error, "winerror", None)
            refused = windows and opening and number is None and error.errno == errno.EACCES
            if number not in _HELD and not refused:
                raise
        wait(pause)
    return act()


@contextmanager
def complete_file(path: Path) -> Iterator[Path]:
    """Yield the path of an empty private file beside the wanted one; what is in it afterwards takes that one's place.

    It does so at once, and lasts; if the block raises, the wanted file is as it was and nothing is left behind.

    Raises:
        DiskRefuses: in place of any OSError, also one that the block raises.
    """
    if sys.platform == "win32" and (why := unfit_for_windows(path.name)):
        raise DiskRefuses(f"{path} cannot be written: {why}.", hint="Give it another name.")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")  # mode 0600
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            _sync_file(temporary)
            patiently(lambda: temporary.replace(path))
        except BaseException:
            with suppress(OSError):
                patiently(temporary.unlink)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise refusal(path, error) from error


def write_file(path: Path, content: bytes) -> None:
    """Write a whole private file; it is there in full or as it was before.

    Raises:
        DiskRefuses: it cannot be written.
    """
    with complete_file(path) as temporary, patiently(lambda: temporary.open("wb"), opening=True) as file:
        file.write(content)
