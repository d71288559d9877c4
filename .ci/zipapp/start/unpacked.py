"""The packages of a single-file bulktap, unpacked: compiled modules cannot be imported out of a zip file.

They are kept in a folder that is the user's alone, each archive's under a name made of the digest of all that is in
it. What is there is not believed: every start looks for a file that is missing, too many or of another length, and
compares each with the archive's digest of it if anything was written since that was last done, or it was a day ago. (It
is not done every time, because virus scanners look into each of some thousand files that are opened.) A copy that is
not sound, because it was cut short, cleaned up, edited or quarantined, is left alone, since another process may be
running from it, and a new one is made beside it. A copy gets its name only when it is complete, by renaming, so that
two first starts at once do not see each other's halves.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import re
import shutil
import stat
import sys
import time
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Packed = Mapping[str, tuple[int, str]]

PLACE: Final = "BULKTAP_UNPACK_IN"
"""The variable that names another folder for the copies."""
_COPIES: Final = 50
_OURS: Final = re.compile(r"[0-9a-f]{16}-\d+(?:\.checked)?|[0-9a-f]{16}\.[0-9a-f]{16}")
_DAY: Final = 86400
_UNUSED: Final = 30 * _DAY
_UNFINISHED: Final = _DAY
# A virus scanner holds new files for a moment, and Windows renames no folder with an open file in it.
_WAITS: Final = (0.1, 0.2, 0.5, 1, 2, 4, 8)


class CannotStart(Exception):
    """What keeps the program from starting, with what to do about it."""

    def __init__(self, exit_code: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.exit_code, self.message, self.hint = exit_code, message, hint


def packages_of(archive: str, told: bytes, sleep: Callable[[float], None] = time.sleep) -> Path:
    """Return the folder with the sound copy of an archive's packages, made now if there is none.

    Args:
        archive: the single file.
        told: its `packages.json`, which has length and digest of each file.
        sleep: waits for a virus scanner.

    Raises:
        CannotStart: there is no place for it, the place is not this user's alone, or the archive is damaged.
    """
    packed: Packed = json.loads(told)["files"]
    key = hashlib.sha256(told).hexdigest()[:16]
    place = _place()
    try:
        _make_private(place)
        for _ in range(3):  # once more where another first start was faster
            for copy in (place / f"{key}-{number}" for number in range(_COPIES)):
                if not copy.exists():
                    break
                if is_sound(copy, packed):
                    os.utime(copy)
                    return copy
            else:
                raise CannotStart(7, f"None of the {_COPIES} copies in {place} is sound.", f"Delete {place}.")
            if _make_copy(archive, packed, copy, sleep):
                return copy  # the next start reads it back, when it is on the disk
        raise CannotStart(7, f"What is unpacked in {place} does not stay as it is.", _elsewhere())
    except OSError as trouble:
        raise CannotStart(7, f"bulktap cannot be unpacked in {place}: {trouble}.", _elsewhere()) from trouble


def is_sound(copy: Path, packed: Packed) -> bool:
    """Whether a copy has exactly the files that were packed; what Python compiles by itself is not counted."""
    mark, began = copy.with_name(f"{copy.name}.checked"), time.time()
    try:
        found = dict(_files_below(str(copy)))
        if {name: length for name, (length, _) in found.items()} != {name: one[0] for name, one in packed.items()}:
            return False
        checked = mark.lstat().st_mtime if mark.exists() else 0.0
        if began - _DAY < checked <= began and all(changed <= checked for _, changed in found.values()):
            return True
        # Hashing and reading release Python's lock, and a virus scanner looks into several files at once.
        with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
            names = list(packed)
            parts = [names[first::8] for first in range(8)]
            if not all(pool.map(lambda part: _are_sound(copy, part, packed), parts)):
                return False
        mark.touch()
        os.utime(mark, (began, began))
    except OSError:
        return False
    return True


def without_other_packages(paths: Iterable[str], archive: str) -> Iterator[str]:
    """Yield the folders of Python's own library: packages installed on this machine may be of other versions."""
    others = {"site-packages", "dist-packages"}
    for path in paths:
        if os.path.realpath(path) != os.path.realpath(archive) and others.isdisjoint(Path(path).parts):
            yield path


def _are_sound(copy: Path, names: Sequence[str], packed: Packed) -> bool:
    return all(hashlib.sha256((copy / name).read_bytes()).hexdigest() == packed[name][1] for name in names)


def _files_below(folder: str, prefix: str = "") -> Iterator[tuple[str, tuple[int, float]]]:
    """Yield the name of each file, with its length and when anything of it was changed."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    yield from _files_below(entry.path, f"{prefix}{entry.name}/")
            elif entry.is_symlink():  # to wherever, whoever may write there
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), entry.path)
            else:
                status = entry.stat()
                # The time of change cannot be set back, but on Windows this field is the time of creation.
                yield prefix + entry.name, (status.st_size, max(status.st_mtime, status.st_ctime))


def _place() -> Path:
    """Return the folder for copies: the one that is asked for, or that of what this user's programs may do without."""
    named = os.environ.get(PLACE)
    if named:
        return Path(named).absolute()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        if local:
            return Path(local) / "bulktap" / "unpacked"
        raise CannotStart(2, "Windows does not name a folder for this user's programs (LOCALAPPDATA).", _elsewhere())
    try:
        home = Path.home()
    except RuntimeError:  # no HOME, and a user whom the system does not know
        raise CannotStart(2, "The system does not name a home folder for this user.", _elsewhere()) from None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "bulktap" / "unpacked"
    # The XDG Base Directory Specification wants relative paths ignored.
    cache = Path(os.environ.get("XDG_CACHE_HOME") or ".")
    return (cache if cache.is_absolute() else home / ".cache") / "bulktap" / "unpacked"


def _elsewhere() -> str:
    return f"Set {PLACE} to a folder on a local disk with 300 MB of room, in which only you may write."


def _make_private(place: Path) -> None:
    """Make the folder for this user alone, or see that it is: what stands there is run."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        if sys.platform == "win32":
            from access_lists import make_for_current_user

            make_for_current_user(place)
        else:
            place.mkdir(mode=0o700)
    others = _others(place)
    if others:
        raise CannotStart(
            2,
            f"{place} is no place to run a program from: {others}.",
            f"Delete it, or set {PLACE} to a folder that is yours alone.",
        )


def _others(place: Path) -> str:
    """Say who else may change what is in a folder; empty if nobody may."""
    if sys.platform == "win32":
        from access_lists import access_list, current_user, is_foreign, name_of, strangers

        found, user = access_list(place), current_user()
        if found is None:
            return ""  # FAT keeps nobody out, and says so of every folder
        if is_foreign(found, user):
            return "it belongs to another user"
        return ", ".join(f"{name_of(who)} may write to it" for who in strangers(found, user))
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return "it is no folder"
    if found.st_uid != os.geteuid():
        return "it belongs to another user"
    return "others may write to it" if found.st_mode & 0o022 else ""


def _make_copy(archive: str, packed: Packed, copy: Path, sleep: Callable[[float], None]) -> bool:
    """Unpack the archive beside the place of a copy, and give it that name; whether no other start was faster."""
    _remove_old(copy.parent)
    sys.stderr.write(f"bulktap unpacks itself into {copy.parent}, once; that may take a minute.\n")
    unfinished = copy.with_name(f"{copy.name.partition('-')[0]}.{token_hex(8)}")
    unfinished.mkdir(mode=0o700)
    try:
        _unpack(archive, packed, unfinished)
        return _rename(unfinished, copy, sleep)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _rename(unfinished: Path, copy: Path, sleep: Callable[[float], None]) -> bool:
    for wait in _WAITS if sys.platform == "win32" else ():
        with suppress(OSError):
            unfinished.rename(copy)
            return True
        if copy.exists():
            return False
        sleep(wait)
    try:
        unfinished.rename(copy)
    except OSError:
        if not copy.exists():
            raise
        return False
    return True


def _unpack(archive: str, packed: Packed, folder: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as outer, zipfile.ZipFile(io.BytesIO(outer.read("packages.zip"))) as inner:
            for name, (_, digest) in packed.items():
                content = inner.read(name)
                if hashlib.sha256(content).hexdigest() != digest:
                    raise zipfile.BadZipFile(name)
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    except (zipfile.BadZipFile, KeyError, EOFError, zlib.error) as fault:
        raise CannotStart(2, f"{archive} is damaged ({fault}).", "Get the file again.") from fault


def _remove_old(place: Path) -> None:
    """Remove copies that nobody has started for a month, and what a start that was killed has left."""
    now = time.time()
    for path in place.iterdir():
        if _OURS.fullmatch(path.name):
            kept = _UNUSED if "-" in path.name else _UNFINISHED
            with suppress(OSError):
                if now - path.stat().st_mtime <= kept:
                    continue
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()
