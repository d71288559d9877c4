"""Keeps what this process knows out of the reach of other programs, as far as the platform allows.

Secrets are taken out of the environment, so that no command that is started inherits them. On Linux the memory in
which the environment was handed over, which `/proc/PID/environ` shows, is overwritten; the process leaves no core dump
and cannot be attached to by programs of the same user. What remains, and on which platform, stands in
`bulktap help security`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bulktap.model.secret import PROXY_VARIABLES, SECRET_VARIABLES

_SET_DUMPABLE = 4  # PR_SET_DUMPABLE, linux/prctl.h
_ENVIRONMENT_BEGINS, _ENVIRONMENT_ENDS = 50, 51  # env_start and env_end in /proc/self/stat, proc_pid_stat(5)


def keep_to_itself() -> None:
    """Make memory and environment of this process private; `os.environ`, which is a copy, stays as it is."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        _overwrite_environment()
        _set_not_dumpable()


def _set_not_dumpable() -> None:
    import ctypes

    ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def _overwrite_environment() -> None:
    """Overwrite the secrets in the block of memory that the kernel wrote the environment to."""
    named = [f"{name}=".encode() for name in (*SECRET_VARIABLES, *PROXY_VARIABLES)]
    try:
        # The second field, the program's name in brackets, may hold anything; two fields are before its end.
        fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
        begin, end = (int(fields[number - 3]) for number in (_ENVIRONMENT_BEGINS, _ENVIRONMENT_ENDS))
        block = Path("/proc/self/environ").read_bytes()
        if not block or end - begin != len(block):
            return
        for name in PROXY_VARIABLES:
            if name in os.environ:
                os.environ[name] = os.environ[name]  # a copy elsewhere, which commands that are started inherit
        with Path("/proc/self/mem").open("r+b", buffering=0) as memory:
            place = begin
            for entry in block.split(b"\0"):
                for start in named:
                    if entry.startswith(start):
                        memory.seek(place + len(start))
                        memory.write(bytes(len(entry) - len(start)))
                place += len(entry) + 1
    except (OSError, ValueError, IndexError):
        return  # no /proc, or a kernel that forbids it: the rest of the protection stands
