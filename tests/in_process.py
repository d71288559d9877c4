"""The program in this very process, hundreds of times a minute, for tests that try many files."""

from __future__ import annotations

import contextlib
import io
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest import mock

import click
from cheap_passphrases import cheap_passphrases

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Ended:
    """How one command ended."""

    code: int
    out: str
    err: str
    seconds: float
    """Of processor time: how long it takes depends on what else the computer does."""

    @property
    def is_sound(self) -> bool:
        """True if it ended with an exit code that the contract has for a file that is not as it should be."""
        return self.code != 1 and self.seconds < 10 and "Traceback" not in self.err


def command(*arguments: str | Path) -> Ended:
    """Run one command of the program; whatever it raises travels on."""
    from bulktap.cli.main import cli

    out, err = io.StringIO(), io.StringIO()
    began, code = time.process_time(), 0
    with cheap_passphrases(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main([str(one) for one in arguments], prog_name="bulktap", standalone_mode=False)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except click.ClickException as wrong:  # words that are not understood, which `main` answers
            code = 2
            err.write(wrong.format_message())
    return Ended(code, out.getvalue(), err.getvalue(), time.process_time() - began)


@contextlib.contextmanager
def place(folder: Path) -> Iterator[None]:
    """Work in that folder, with no settings of this machine's."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("AZURE_", "BULKTAP_"))}
    more = {"BULKTAP_TIMEZONE": "Europe/Berlin", "HOME": str(folder)}
    with mock.patch.dict(os.environ, kept | more, clear=True), contextlib.chdir(folder):
        yield
