"""Destroying: files are overwritten before their names go, so that nothing of them is left where they stood.

What a drive, a snapshot or a synchronised folder keeps of its own is beyond any program.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulktap.model.errors import Untrusted
from bulktap.storage.files import leads_elsewhere, patiently, refusal, sync_folder
from bulktap.storage.trusted_files import open_to_write

if sys.platform == "darwin":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK: Final = bytes(1 << 20)


def destroy_file(path: Path) -> bool:
    """Overwrite a file and remove it; False if there was none.

    A link is removed and not followed, and of a file with a second name only this one goes: somebody else's content is
    not ours to destroy. That a file is marked as one to be read only does not save it.

    Raises:
        DiskRefuses: it cannot be overwritten or removed, for example because another program has it open.
    """
    try:
        _unmark(path)
        with suppress(Untrusted):
            wipe_file(path)
        patiently(path.unlink)
        sync_folder(path.parent)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise refusal(path, error, doing="destroyed") from error
    return True


def _unmark(path: Path) -> None:
    """Let a file be written that was for reading only, which Windows does not even remove."""
    found = path.lstat()
    if stat.S_ISREG(found.st_mode) and not found.st_mode & stat.S_IWUSR:
        with suppress(OSError):  # then what comes next says why
            path.chmod(stat.S_IRUSR | stat.S_IWUSR)


def wipe_file(path: Path) -> None:
    """Overwrite a file with zeros, and make that last.

    Raises:
        Untrusted: it is a link, has a second name, or belongs to somebody else.
        OSError: it cannot be written.
    """
    descriptor = patiently(lambda: open_to_write(path, create=False), opening=True)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(_BLOCK[:left])
        if sys.platform == "darwin":
            with suppress(OSError):  # see `files`: an ordinary sync stays in the drive's cache there
                fcntl.fcntl(file.fileno(), fcntl.F_FULLFSYNC)
        os.fsync(file.fileno())


def files_below(folder: Path) -> list[Path]:
    """Return every file below a folder, and links to files; none if there is no such folder, or it is a link."""
    return [] if leads_elsewhere(folder) else [Path(top) / name for top, _, names in _walk(folder) for name in names]


def _walk(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """Walk as `os.walk` does, and enter no junction either."""
    for top, folders, names in os.walk(folder):
        yield top, folders.copy(), names
        folders[:] = [name for name in folders if not leads_elsewhere(Path(top) / name)]


def destroy_folder(folder: Path) -> int:
    """Overwrite and remove every file below a folder, and the folder; return how many files there were.

    Raises:
        DiskRefuses: something of it cannot be.
    """
    try:
        if leads_elsewhere(folder):
            patiently(folder.unlink)
            return 0
        count = sum(map(destroy_file, files_below(folder)))
        inside = [Path(top) / name for top, folders, _ in _walk(folder) for name in folders]
        for below in reversed(inside):  # what is in a folder comes after it
            patiently(below.unlink if leads_elsewhere(below) else below.rmdir)
        if folder.is_dir():
            patiently(folder.rmdir)
            sync_folder(folder.parent)
    except OSError as error:
        raise refusal(folder, error, doing="destroyed") from error
    return count


def copies_of(path: Path) -> Iterator[Path]:
    """Yield the files that bulktap gives the name of an output, or that name with a number, or keeps beside it.

    `results.xlsx`, `results-2.xlsx`, `results-kept-20350901T080000Z.xlsx`, and what a killed process left unfinished.
    """
    stem, ending = re.escape(path.stem), re.escape(path.suffix)
    ours = re.compile(
        rf"{stem}(-\d+)?(-kept-\d{{8}}T\d{{6}}Z(-\d+)?)?{ending}|\.{stem}(-\d+)?{ending}\.\w+\.part", re.IGNORECASE
    )
    with os.scandir(path.parent) as entries:
        names = sorted(entry.name for entry in entries if ours.fullmatch(entry.name))
    for name in names:
        one = path.with_name(name)
        if one.is_symlink() or not one.is_dir():
            yield one
