"""Where a secret is read from: a file, a command, or a variable; each gives one line.

One line end behind it is what editors, shells and secret stores add, and is cut off. A second line is refused, since it
cannot be told which of them is meant. Windows PowerShell 5.1 writes UTF-16 with a mark in front when output is
redirected with `>`. Nothing here waits or reads for ever: a file may be a pipe that nobody writes to, or endless.
"""

from __future__ import annotations

import os
import shlex
import stat
import sys
import threading
import time
from typing import TYPE_CHECKING, BinaryIO

from bulktap.model.errors import UsageError
from bulktap.model.plain_text import marked_encoding
from bulktap.model.secret import Secret

if sys.platform == "win32":
    from bulktap.cli.windows_command import command_line, program_of

if TYPE_CHECKING:
    from pathlib import Path

_MOST_BYTES = 65_536
_UTF_8_HINT = (
    "Save it as UTF-8; a command of PowerShell prints it after [Console]::OutputEncoding = [Text.Encoding]::UTF8."
)
PIPE_PATIENCE = 10.0
"""Seconds to wait for a pipe."""
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
        data = _file_bytes(path, patience)
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


def _file_bytes(path: Path, patience: float) -> bytes:
    # Without O_NONBLOCK, opening a pipe waits for somebody to write to it.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        if stat.S_ISREG(os.fstat(descriptor).st_mode) or sys.platform == "win32":
            return file.read(_MOST_BYTES + 1)
        return _awaited_bytes(descriptor, patience)


def _awaited_bytes(descriptor: int, patience: float) -> bytes:
    """Return what a pipe or a device gives until its end, as far as it gives it in time."""
    import select

    data, deadline = b"", time.monotonic() + patience
    while len(data) <= _MOST_BYTES:
        if not select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError(0, f"it gave nothing within {patience:g} s")
        try:
            piece = os.read(descriptor, _MOST_BYTES)
        except BlockingIOError:
            continue
        if not piece:
            break
        data += piece
    return data


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
