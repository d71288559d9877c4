"""A real small disk for the reports, and a file that fills it."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAGE: Final = 4096
_UNMOUNT: Final = ("umount", "--lazy")


def why_no_small_disk(folder: Path) -> str | None:
    """Return why no small disk can be made here; None where one can."""
    if shutil.which("mount") is None:
        return "there is no mount command"
    try:
        with small_disk(folder / "tried", 1_000_000):
            return None
    except OSError as error:
        return str(error)


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """Mount a file system of that many bytes, in memory, at a new folder.

    Raises:
        OSError: it is not permitted here.
    """
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        raise OSError(f"a small disk cannot be mounted: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run([*_UNMOUNT, str(folder)], check=True)


def fill(disk: Path, *, leave: int) -> Path:
    """Fill the disk but for so many bytes, rounded down to whole pages; return the file to delete."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        room = os.statvfs(disk).f_bavail * _PAGE - leave // _PAGE * _PAGE
        os.posix_fallocate(file.fileno(), 0, room)
    return filler
