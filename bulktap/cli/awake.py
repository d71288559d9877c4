"""Keeps the computer awake during a run, where the platform allows it.

A laptop that falls asleep loses the replies that are on their way. Windows has a call for it, macOS and Linux with
systemd a program each, which ends with this process whatever happens to it. Where there is none, nothing is done: a run
that was cut short can be resumed.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

if sys.platform == "win32":
    # SetThreadExecutionState (Win32 API, winbase.h)
    _CONTINUOUS = 0x80000000
    _SYSTEM_REQUIRED = 0x00000001

    @contextmanager
    def kept_awake() -> Iterator[bool]:
        """Keep the computer awake meanwhile; say whether the platform agreed."""
        import ctypes

        agreed = ctypes.windll.kernel32.SetThreadExecutionState(_CONTINUOUS | _SYSTEM_REQUIRED) != 0
        try:
            yield agreed
        finally:
            ctypes.windll.kernel32.SetThreadExecutionState(_CONTINUOUS)

else:
    _SYSTEM_FOLDERS = "/usr/bin:/bin:/run/current-system/sw/bin"
    """Where these programs are, on NixOS too; not PATH, in which a folder of somebody else's may come first."""

    @contextmanager
    def kept_awake() -> Iterator[bool]:
        """Keep the computer awake meanwhile; say whether there is a way to."""
        import subprocess

        command = inhibitor(os.getpid())
        keeper = None
        if command is not None:
            try:
                # There is no call for it, only these programs of the system's.
                keeper = subprocess.Popen(  # noqa: S603 - no shell, nothing from outside: a path of the system's own folders, fixed words, our process id
                    command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            except OSError:
                keeper = None
        try:
            yield keeper is not None
        finally:
            if keeper is not None:
                keeper.terminate()
                keeper.wait()

    def inhibitor(pid: int) -> list[str] | None:
        """Return the command that keeps the computer awake until that process ends; None where there is none."""
        if sys.platform == "darwin":
            caffeinate = shutil.which("caffeinate", path=_SYSTEM_FOLDERS)
            return [caffeinate, "-i", "-m", "-s", "-w", str(pid)] if caffeinate else None
        inhibit, tail = (shutil.which(name, path=_SYSTEM_FOLDERS) for name in ("systemd-inhibit", "tail"))
        if inhibit is None or tail is None or not Path("/run/systemd/system").is_dir():
            return None
        why = ["--what=idle:sleep", "--who=bulktap", "--why=Issuing Temporary Access Passes", "--mode=block"]
        return [inhibit, *why, tail, f"--pid={pid}", "-f", "/dev/null"]
