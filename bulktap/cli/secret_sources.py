"""Where a secret is read from: a file, a command, or a variable; each gives one line.

One line end behind it is what editors, shells and secret stores add, and is cut off. A second line is refused, since it
cannot be told which of them is meant. Windows PowerShell 5.1 writes UTF-16 with a mark in front when output is
redirected with `>`. Nothing here waits or reads for ever.
"""

from __future__ import annotations

import shlex
import sys
import threading
from typing import TYPE_CHECKING, BinaryIO

from bulktap.model.errors import UsageError
from bulktap.model.plain_text import marked_encoding
from bulktap.model.secret import Secret
from bulktap.storage.named_files import PIPE_PATIENCE, start_of

if sys.platform == "win32":
    from bulktap.cli.windows_command import command_line, program_of

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 65_536
_UTF_8_HINT = (
    "Save it as UTF-8; a command of PowerShell prints it after [Console]::OutputEncoding = [Text.Encoding]::UTF8."
)
COMMAND_PATIENCE = 30.0
"""Seconds to wait for a command that has nobody to ask."""
ATTENDED_PATIENCE = 300.0
"""Seconds to wait for a command that may ask somebody at a terminal, for a key to be touched for instance."""


def from_file(path: Path, kind: str = "passphrase", patience: float = PIPE_PATIENCE) -> Secret:
    """Return what a file holds, which is one line.

    Raises:
        UsageError: it cannot be read, is empty, or holds more than a line.
    """
    source = f"The {kind} file {path}"
    try:
        data = start_of(path, _MOST_BYTES + 1, patience)
    except OSError as error:
        raise UsageError(
            f"{source} cannot be read: {error.strerror or error}.",
            hint="Check its name, its folder and who may read it.",
        ) from None
    return _one_line(_decoded(data, source), source)


def from_command(command: str, patience: float = COMMAND_PATIENCE, kind: str = "passphrase") -> Secret:
    """Return what a command prints, which is one line.

    Args:
        command: program and arguments, in quotes where they hold blanks; no shell reads it.
        patience: seconds that it may take.
        kind: what it prints.

    Raises:
        UsageError: it cannot be run, fails, takes too long, or prints nothing or too much.
    """
    source = f"The {kind} command"
    data = _printed(_arguments(command, source), patience, source, kind)
    return _one_line(_decoded(data, source), source)


def from_text(text: str, source: str) -> Secret:
    """Return what a variable holds, which is one line.

    Raises:
        UsageError: it is empty, or holds more than a line.
    """
    return _one_line(text.removeprefix("\ufeff"), source)


def _one_line(text: str, source: str) -> Secret:
    for end in ("\r\n", "\n", "\r"):
        if text.endswith(end):
            text = text.removesuffix(end)
            break
    if "\n" in text or "\r" in text:
        raise UsageError(f"{source} holds more than one line.", hint="Leave the one line that is meant.")
    if not text:
        raise UsageError(f"{source} gives nothing.", hint="It must give one line of text.")
    return Secret(text)


def _decoded(data: bytes, source: str) -> str:
    if len(data) > _MOST_BYTES:
        raise UsageError(f"{source} gives more than {_MOST_BYTES:,} bytes.", hint="It must give one line of text.")
    try:
        return data.decode(marked_encoding(data))
    except UnicodeDecodeError:
        raise UsageError(f"{source} does not give UTF-8 text.", hint=_UTF_8_HINT) from None


def _arguments(command: str, source: str) -> str | list[str]:
    try:
        if sys.platform == "win32":
            arguments: str | list[str] = command_line(command)
        else:
            arguments = shlex.split(command)
    except ValueError:
        raise UsageError(f"{source} has a quote that is not closed.", hint="Close it.") from None
    if not command.strip() or not arguments:
        raise UsageError(f"{source} is empty.", hint="Name the program, with its arguments.")
    return arguments


def _printed(arguments: str | list[str], patience: float, source: str, kind: str) -> bytes:
    """Return what a command prints, and a byte more than is allowed at most."""
    import subprocess

    hint = f"Run it by itself: it must print the {kind} and exit with 0."
    try:
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE)  # noqa: S603 - no shell; the operator names this program in a setting, to have it run with the operator's own rights
    except (OSError, ValueError) as error:
        if sys.platform == "win32" and program_of(str(arguments)).casefold().endswith(".ps1"):
            hint = "Windows starts no script by its name alone: write `powershell -NoProfile -File` before it."
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise UsageError(f"{source} cannot be run: {reason}.", hint=hint) from None
    answer: list[bytes] = []
    # A thread, because pipes of Windows know no timeout, and a grandchild may hold this one open for ever.
    reader = threading.Thread(target=_read_all, args=(process.stdout, answer), daemon=True)
    reader.start()
    try:
        reader.join(patience)
        if reader.is_alive():
            raise UsageError(f"{source} printed nothing within {patience:g} s.", hint=hint)
        if answer and len(answer[0]) > _MOST_BYTES:
            return answer[0]
        code = process.wait(patience)
    except subprocess.TimeoutExpired:
        raise UsageError(f"{source} did not end within {patience:g} s.", hint=hint) from None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if code != 0 or not answer:
        raise UsageError(f"{source} ended with code {code}.", hint=hint)
    return answer[0]


def _read_all(stream: BinaryIO, answer: list[bytes]) -> None:
    with stream:
        answer.append(stream.read(_MOST_BYTES + 1))
