"""What `bulktap --version` says: the version, and what else a support case asks for first."""

from __future__ import annotations

import platform
from importlib.resources import files
from typing import TYPE_CHECKING

import click

from bulktap.version import __version__

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def version_line(package: Traversable | None = None) -> str:
    """Return version, Python, system and, where the package says so, the commit of which it was built.

    Args:
        package: where the package is; this one unless another is given.
    """
    system = " ".join(part for part in (platform.system(), platform.release(), platform.machine()) if part)
    told = [f"Python {platform.python_version()}", system]
    written = (package or files("bulktap")) / "commit.txt"
    if written.is_file():
        told.append(f"commit {written.read_text('ascii').strip()}")
    return f"bulktap {__version__} ({', '.join(told)})"


def show_version(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    """Print the line, and end."""
    del parameter
    if wanted and not context.resilient_parsing:
        click.echo(version_line())
        context.exit()
