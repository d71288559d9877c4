"""Who runs the program, and on which computer, for the files that say so."""

from __future__ import annotations

import getpass
import os
import sys


def operator_name() -> str:
    """Return who runs the program, as the operating system knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def computer_name() -> str:
    """Return what the network calls this computer."""
    if sys.platform != "win32":
        return os.uname().nodename or "this computer"
    import platform

    return platform.node() or "this computer"
