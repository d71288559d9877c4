"""Whether strace is there and may trace."""

from __future__ import annotations

import shutil
import subprocess


def why_not_traced() -> str | None:
    """Return why nothing can be traced here; None where it can."""
    path = shutil.which("strace")
    if path is None:
        return "strace is not installed; Windows has none"
    tried = subprocess.run([path, "-o", "/dev/null", "true"], capture_output=True, text=True, check=False)
    return f"strace may not trace here: {tried.stderr.strip()}" if tried.returncode else None
