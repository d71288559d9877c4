"""Small files that people name in settings: secrets, tokens, certificates.

Nothing here waits or reads for ever: a file may be a pipe that nobody writes to, or endless.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        if stat.S_ISREG(os.fstat(descriptor).st_mode) or sys.platform == "win32":
            return file.read(at_most)
        return _awaited_bytes(descriptor, at_most, patience)


def _awaited_bytes(descriptor: int, at_most: int, patience: float) -> bytes:
    """Return what a pipe or a device gives until its end, as far as it gives it in time."""
    import select

    data, deadline = b"", time.monotonic() + patience
    while len(data) < at_most:
        if not select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError(0, f"it gave nothing within {patience:g} s")
        try:
            piece = os.read(descriptor, at_most - len(data))
        except BlockingIOError:
            continue
        if not piece:
            break
        data += piece
    return data
