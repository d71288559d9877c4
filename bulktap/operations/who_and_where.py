"""Who runs the program, and on which computer, for the files that say so."""

from __future__ import annotations

import getpass
import platform


def operator_name() -> str:
    """Return who runs the program, as the operating system knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def computer_name() -> str:
    """Return what the network calls this computer."""
    return platform.node() or "this computer"
