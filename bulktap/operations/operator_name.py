"""Who runs the program, for the files that say who asked."""

from __future__ import annotations

import getpass


def operator_name() -> str:
    """Return who runs the program, as the operating system knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
