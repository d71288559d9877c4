"""Small files that people name in settings: secrets, tokens, certificates.

Nothing here waits or reads for ever: a file may be a pipe that nobody writes to, or endless.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import FileIO
    from pathlib import Path

PIPE_PATIENCE = 10.0
"""Seconds to wait for a pipe."""


def start_of(path: Path, at_most: int, patience: float = PIPE_PATIENCE) -> bytes:
    """Return what a file begins with, all of it where it is not longer.

    Args:
        path: the file, or a pipe, such as a shell makes of `<(command)`.
        at_most: bytes that are read.
        patience: seconds that a pipe is waited for.

    Raises:
        OSError: it cannot be read, or gives nothing in time.
    """
    # Without O_NONBLOCK, opening a pipe waits for somebody to write to it.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
    descriptor = os.open(path, flags)
    file = os.fdopen(descriptor, "rb", buffering=0)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        with file:
            return file.read(at_most)
    if sys.platform == "win32":
        return _read_beside(file, at_most, patience)
    with file:
        return _awaited_bytes(descriptor, at_most, patience)


def _read_beside(file: FileIO, at_most: int, patience: float) -> bytes:
    r"""Return what a pipe gives until its end, read on a thread of its own.

    Windows' `select` takes sockets alone, and no way of opening its pipes, `\\.\pipe\name`, makes reads return at once.
    """
    data, failures = bytearray(), list[OSError]()

    def read() -> None:
        with file:  # here: closing a file waits until whoever reads it is through
            try:
                while len(data) < at_most and (piece := file.read(at_most - len(data))):
                    data.extend(piece)
            except OSError as failure:
                failures.append(failure)

    thread = Thread(target=read, daemon=True)
    thread.start()
    thread.join(patience)
    if thread.is_alive():
        raise _gave_nothing(patience)
    if failures:
        raise failures[0]
    return bytes(data)


def _gave_nothing(patience: float) -> TimeoutError:
    return TimeoutError(0, f"it gave nothing within {patience:g} s")


def _awaited_bytes(descriptor: int, at_most: int, patience: float) -> bytes:
    """Return what a pipe or a device gives until its end, as far as it gives it in time."""
    import select

    data, deadline = b"", time.monotonic() + patience
    while len(data) < at_most:
        if not select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise _gave_nothing(patience)
        try:
            piece = os.read(descriptor, at_most - len(data))
        except BlockingIOError:
            continue
        if not piece:
            break
        data += piece
    return data
