"""The passphrase of a run: where it comes from, and how a new one is made up."""

from __future__ import annotations

import os
import secrets
import shlex
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from bulktap.errors import UsageError
from bulktap.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulktap.cli.console import Console

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters and digits that are mistaken for one another when read aloud."""
_GROUPS, _GROUP_LENGTH = 5, 5
_TRIES = 3
_SHORT = 12
"""Below this a warning: whoever gets the workbook may try passphrases as fast as their computer can."""


@dataclass(frozen=True, slots=True)
class PassphraseSource:
    """Where the passphrase comes from; at most one of the first three is set."""

    file: Path | None = None
    command: str | None = None
    generate: bool = False
    environment: Secret | None = None
    """`BULKTAP_PASSPHRASE`."""

    def require_usable(self, console: Console, *, simulated: bool) -> None:
        """Find out before the first request whether there will be a passphrase.

        Raises:
            UsageError: two sources at once, or none and nobody to ask.
        """
        named = [self.file is not None, self.command is not None, self.generate]
        if sum(named) > 1:
            raise UsageError(
                "The passphrase is named twice.",
                hint="Use one of --passphrase-file, --passphrase-command and --generate-passphrase.",
            )
        if self.generate and not simulated and not console.has_reader:
            raise UsageError(
                "A generated passphrase would be shown to nobody: there is no terminal.",
                hint="Use --passphrase-file, --passphrase-command or BULKTAP_PASSPHRASE instead.",
            )
        if not any(named) and not self.environment and not console.can_ask:
            raise UsageError(
                "There is no passphrase for the results workbook, and no terminal to ask on.",
                hint="Set BULKTAP_PASSPHRASE, or use --passphrase-file or --passphrase-command.",
            )

    def get(self, console: Console, *, new: bool) -> Secret:
        """Return the passphrase; a `new` one is asked for twice, or made up and shown.

        Raises:
            UsageError: it cannot be read, is empty, or was typed differently the second time.
        """
        if self.file is not None:
            return _from_file(self.file)
        if self.command is not None:
            return _from_command(self.command)
        if self.generate and new:
            return _made_up(console)
        if self.environment:
            return self.environment
        return _asked_for(console, new=new)


def roster_password(path: Path | None) -> Secret | None:
    """Return the password of a protected roster from its file, if one is named.

    Raises:
        UsageError: it cannot be read, or is empty.
    """
    return None if path is None else _from_file(path, "password")


def asks_for_password(console: Console) -> Callable[[str], Secret | None] | None:
    """Return what asks for the password of a protected roster; None where nobody can be asked."""
    if not console.can_ask:
        return None

    def ask(name: str) -> Secret | None:
        text = str(click.prompt(f"Password of {name}", hide_input=True, err=True, default="", show_default=False))
        return Secret(text) if text else None

    return ask


def _from_file(path: Path, kind: str = "passphrase") -> Secret:
    try:
        # The mark that Windows editors put in front is not part of what was typed.
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(
            f"The {kind} file {path} cannot be read: {reason}.", hint="Check its name, its folder and who may read it."
        ) from None
    return _first_line(text, f"The {kind} file {path}")


def _from_command(command: str) -> Secret:
    arguments = command if sys.platform == "win32" else shlex.split(command)
    try:
        # To run what the operator has named for it, with the operator's own rights, is all that this option is for.
        done = subprocess.run(arguments, stdout=subprocess.PIPE, check=True)  # noqa: S603 - and no shell reads it
        text = done.stdout.decode("utf-8-sig")
    except (OSError, ValueError, subprocess.CalledProcessError):
        raise UsageError(
            "The passphrase command did not work.",
            hint="Run it by itself: it must print the passphrase and exit with 0.",
        ) from None
    return _first_line(text, "The passphrase command")


def _first_line(text: str, source: str) -> Secret:
    line = text.splitlines()[0] if text.splitlines() else ""
    if not line:
        raise UsageError(f"{source} gives nothing.", hint="Its first line is what counts; write it there.")
    return Secret(line)


def _made_up(console: Console) -> Secret:
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    text = "-".join(groups)
    console.always(f"Passphrase for the workbook, shown only now: {text}")
    console.always("Write it down before you go on; without it nobody can open the passcodes.")
    return Secret(text)


def _asked_for(console: Console, *, new: bool) -> Secret:
    if not console.can_ask:
        raise UsageError(
            "There is no passphrase, and no terminal to ask on.",
            hint="Set BULKTAP_PASSPHRASE, or use --passphrase-file or --passphrase-command.",
        )
    if not new:
        return Secret(_typed("Passphrase of the run"))
    text = _typed_twice(console)
    if len(text) < _SHORT:
        console.warn(f"A passphrase of fewer than {_SHORT} characters can be guessed by trying.")
    return Secret(text)


def _typed_twice(console: Console) -> str:
    for _ in range(_TRIES):
        text = _typed("Choose a passphrase for the results workbook")
        if text == _typed("The same again"):
            return text
        console.warn("The two were different.")
    raise UsageError("The passphrase was not repeated.", hint="Nothing was sent; run the command again.")


def _typed(label: str) -> str:
    return str(click.prompt(label, hide_input=True, err=True))


def from_environment() -> Secret | None:
    """Return `BULKTAP_PASSPHRASE`, and take it out of what child processes inherit."""
    text = os.environ.pop("BULKTAP_PASSPHRASE", "")
    return Secret(text) if text else None
