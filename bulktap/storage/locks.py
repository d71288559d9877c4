"""Operating-system locks: one holder at a time, and a process that dies, however it dies, holds none any more.

A lock file is open to whoever may write to its folder, so that the members of a team exclude one another; in a private
folder that is its owner alone.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from bulktap.model.errors import InUse
from bulktap.storage.files import refusal
from bulktap.storage.trusted_files import open_to_read, open_to_write

if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# A shared probe (`is_held`) keeps the exclusive lock out for microseconds; only after these waits is it somebody's.
_LOCK_RETRIES = (0.01, 0.03, 0.1)
# Windows locks bytes against reading too, so the locked one lies far behind the holder's number.
_LOCKED_BYTE = 1 << 20


class Lock:
    """An operating-system lock on a file, held until released or until the process ends, however it ends.

    The file stays where it is; only the lock on it means anything. Not inherited by programs that are started.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let go; a second time does nothing."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        with suppress(OSError):
            _erase(descriptor)
            _unlock(descriptor)
        os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def hold_lock(
    path: Path, what: str, hint: str, *, shared: bool = False, wait: Callable[[float], None] = time.sleep
) -> Lock:
    """Take the lock of that file for as long as this process lives, or until it is released.

    `what` starts the sentence that a second process is told: "The run …", "The tenant …". The file of a `shared` lock
    may have been made by another user.

    Raises:
        InUse: another process, or another part of this one, holds it.
        Untrusted: the file is a link, no regular file, or somebody else's.
        DiskRefuses: the file cannot be created, or its file system has no locks.
    """
    try:
        descriptor = _lock_file(path, shared=shared)
    except OSError as error:
        raise refusal(path, error, doing="locked") from error
    try:
        for pause in (*_LOCK_RETRIES, None):
            if _try_lock(descriptor, exclusive=True):
                break
            if pause is None:
                raise InUse(f"{what} is in use by another process{_holder(descriptor)}.", hint=hint)
            wait(pause)
        if _erase(descriptor):
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, f"{os.getpid()}\n".encode())
    except OSError as error:
        os.close(descriptor)
        raise refusal(path, error, doing="locked") from error
    except BaseException:
        os.close(descriptor)
        raise
    return Lock(descriptor)


def is_held(path: Path) -> bool:
    """Tell whether a living process holds the lock of that file; looking does not take it, and needs no write access.

    Raises:
        Untrusted: the file is a link or no regular file.
        DiskRefuses: it cannot be read.
    """
    try:
        descriptor = open_to_read(path)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise refusal(path, error, doing="examined") from error
    try:
        return not _try_lock(descriptor, exclusive=False)
    except OSError as error:
        raise refusal(path, error, doing="examined") from error
    finally:
        os.close(descriptor)


def _lock_file(path: Path, *, shared: bool) -> int:
    """Open the file, made if need be, and readable and writable for whoever may write to its folder."""
    try:
        descriptor = open_to_write(path, shared=shared)
    except PermissionError:
        if not shared:
            raise
        return open_to_read(path)  # enough for a lock, if not for saying who holds it; not on every network drive
    if sys.platform != "win32":
        found, wanted = os.fstat(descriptor), stat.S_IMODE(path.parent.stat().st_mode) & 0o666
        if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) != wanted:
            with suppress(OSError):  # a file system without permissions; then none of this matters
                os.fchmod(descriptor, wanted)
    return descriptor


def _erase(descriptor: int) -> bool:
    """Empty the file; False if it was opened for reading only, because it is another user's."""
    try:
        os.ftruncate(descriptor, 0)
    except OSError as error:
        if error.errno in {errno.EINVAL, errno.EBADF, errno.EACCES}:  # ftruncate(2): not open for writing
            return False
        raise
    return True


if sys.platform == "win32":
    # LockFileEx (Win32 API, fileapi.h): unlike the C library's `locking` it knows shared locks, answers at once, and
    # says which error means "taken". It belongs to the handle, so that one process can be two holders.
    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _FAIL_IMMEDIATELY, _EXCLUSIVE = 0x1, 0x2
    _TAKEN = frozenset({33, 997})  # ERROR_LOCK_VIOLATION, ERROR_IO_PENDING

    class _Place(ctypes.Structure):
        """OVERLAPPED (minwinbase.h), which says where the locked bytes begin."""

        _fields_ = (
            ("internal", ctypes.c_void_p),
            ("internal_high", ctypes.c_void_p),
            ("offset", wintypes.DWORD),
            ("offset_high", wintypes.DWORD),
            ("event", wintypes.HANDLE),
        )

    def _locked_place() -> _Place:
        return _Place(None, None, _LOCKED_BYTE, 0, None)

    def _try_lock(descriptor: int, *, exclusive: bool) -> bool:
        handle = wintypes.HANDLE(msvcrt.get_osfhandle(descriptor))
        flags = wintypes.DWORD(_FAIL_IMMEDIATELY | (_EXCLUSIVE if exclusive else 0))
        one, none = wintypes.DWORD(1), wintypes.DWORD(0)
        if _kernel.LockFileEx(handle, flags, none, one, none, ctypes.byref(_locked_place())):
            return True
        if (code := ctypes.get_last_error()) in _TAKEN:
            return False
        raise ctypes.WinError(code)

    def _unlock(descriptor: int) -> None:
        handle = wintypes.HANDLE(msvcrt.get_osfhandle(descriptor))
        one, none = wintypes.DWORD(1), wintypes.DWORD(0)
        _kernel.UnlockFileEx(handle, none, one, none, ctypes.byref(_locked_place()))

else:

    def _try_lock(descriptor: int, *, exclusive: bool) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        # Closing alone would do, but for a program that was started just now and has not dropped the file yet.
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _holder(descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    number = os.read(descriptor, 20).strip()
    return f" (process {int(number)})" if number.isdigit() else ""
