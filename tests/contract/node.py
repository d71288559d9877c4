"""Programs of Node.js that npm has put somewhere: where they are, and how they are started."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NODE = shutil.which("node")
MODULES = Path(os.environ.get("BULKTAP_NODE_MODULES", "node_modules"))
"""Where `npm install` has put packages."""


def why_not(package: str) -> str | None:
    """Return why nothing can be done with a package; None where it is there."""
    if NODE is None:
        return "Node.js is not there"
    if not (MODULES / package / "package.json").is_file():
        return f"{package} is not there: npm install {package}, or set BULKTAP_NODE_MODULES"
    return None


def version(package: str) -> str:
    """Return the version of a package that is there."""
    return str(json.loads((MODULES / package / "package.json").read_text("utf-8"))["version"])


def command_of(package: str, name: str) -> list[str]:
    """Return how one of a package's programs is started."""
    programs = json.loads((MODULES / package / "package.json").read_text("utf-8"))["bin"]
    return [str(NODE), str((MODULES / package / programs[name]).resolve())]


@contextmanager
def listening(command: Sequence[str], ready: str, **environment: str) -> Iterator[None]:
    """Start a server, wait until it says that it is ready, and end it at the end.

    Raises:
        RuntimeError: it ended before; the message is what it wrote.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **environment},
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if ready in line:
                break
        else:
            raise RuntimeError("".join(said))
        try:
            yield
        finally:
            process.terminate()
            process.stdout.read()  # or its last words would block it
