"""The bytes of whatever is given as the roster, and never more of them than a roster can have.

A name can stand for a device that never ends, for a pipe that nobody writes to, or for a file of terabytes that takes
no room on the disk. None of them may cost more than the largest roster does.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from bulktap.model.errors import RosterError
from bulktap.roster.files.size_limits import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    class _Source(Protocol):
        def read(self, size: int, /) -> bytes | None: ...


STANDARD_INPUT = Path("-")
"""The path that means standard input."""
NAME_OF_STANDARD_INPUT = "standard input"
PATIENCE = 5.0
"""Seconds within which somebody must have opened a named pipe for writing."""
_PIECE = 1 << 20


class RosterInput:
    """What is given as the roster, to be read several times: what cannot be read twice is kept."""

    def __init__(self, path: Path | Sequence[Path]) -> None:
        """Take its path, or those of several files."""
        self.paths = tuple(dict.fromkeys([path] if isinstance(path, Path) else path))
        self.path = self.paths[0]
        self._kept: bytes | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        if self.path == STANDARD_INPUT:
            return NAME_OF_STANDARD_INPUT
        first = self.path.name or self.path.resolve().name or str(self.path)
        more = len(self.paths) - 1
        return f"{first} and {more} more" if more else first

    @property
    def title(self) -> str:
        """What a run of it is called after, with the ending of a file's name."""
        return self.name if len(self.paths) == 1 and not self.path.is_dir() else f"{self.name}."

    @property
    def told(self) -> str:
        """The whole paths, one a line; empty for standard input."""
        return "" if self.path == STANDARD_INPUT else "\n".join(str(path.resolve()) for path in self.paths)

    def begins_with(self, mark: bytes) -> bool:
        """Return whether the one file begins like this, without reading more of it where that is possible."""
        if self._kept is None and self.path != STANDARD_INPUT and self.path.is_file():
            try:
                with self.path.open("rb") as file:
                    return file.read(len(mark)) == mark
            except OSError:
                return False
        return self._kept is not None and self._kept.startswith(mark)

    def read(self) -> bytes:
        """Return its content; see `read_input`."""
        if self._kept is not None:
            return self._kept
        content = read_input(self.path)
        if self.path == STANDARD_INPUT or not self.path.is_file():
            self._kept = content
        return content


def paths_of(roster: str | Path | Sequence[str | Path]) -> tuple[Path, ...]:
    """Return the paths of a roster: of one file, or of several."""
    return (Path(roster),) if isinstance(roster, str | Path) else tuple(map(Path, roster))


def paths_told(text: str) -> tuple[Path, ...]:
    """Return the paths that `RosterInput.told` wrote."""
    return tuple(map(Path, text.split("\n"))) if text else ()


def home_of(roster: Path) -> Path:
    """Return the folder in which what belongs to a roster lies beside it: a folder is its own."""
    return roster if roster != STANDARD_INPUT and roster.is_dir() else roster.parent


def read_input(path: Path, *, limit: int = MAX_BYTES, patience: float = PATIENCE) -> bytes:
    """Return the content of a file, a pipe, or standard input (`-`), which has at most `limit` bytes.

    Raises:
        RosterError: it cannot be read, has more, is a device, or is a pipe that nobody writes to.
    """
    if path == STANDARD_INPUT:
        if sys.stdin is None:
            raise RosterError("There is no standard input.", hint="Give the name of a file.")
        return _bounded(sys.stdin.buffer, NAME_OF_STANDARD_INPUT, limit)
    try:
        with closing(_opened(path)) as file:
            kind = os.fstat(file.fileno())
            if stat.S_ISDIR(kind.st_mode):
                raise IsADirectoryError
            if stat.S_ISCHR(kind.st_mode) or stat.S_ISBLK(kind.st_mode):
                raise RosterError(f"{path} is a device, not a file.", hint="Give the spreadsheet with the people.")
            if kind.st_size > limit and stat.S_ISREG(kind.st_mode):
                _refuse_large(path.name, kind.st_size, limit)
            first = _first_of_pipe(file, path, patience) if stat.S_ISFIFO(kind.st_mode) else b""
            return _bounded(file, path.name, limit, first)
    except OSError as error:
        raise unreadable(path, error) from None


def unreadable(path: Path, error: OSError) -> RosterError:
    """Return the refusal of a file that the operating system does not give."""
    match error:
        case FileNotFoundError():
            return RosterError(f"There is no file {path}.", hint="Check the name and the folder.")
        case IsADirectoryError():
            return RosterError(f"{path} is a folder.", hint="Give the spreadsheet that lies in it.")
        case PermissionError() if path.is_dir():  # what Windows says of a folder
            return RosterError(f"{path} is a folder.", hint="Give the spreadsheet that lies in it.")
        case PermissionError():
            message = f"{path.name} cannot be opened: it is open in another program, or you may not read it."
            return RosterError(message, hint="Close it in Excel and everywhere else, and run again.")
        case _:
            message = f"{path.name} cannot be read ({error.strerror})."
            return RosterError(message, hint="Copy it to this machine and give the copy.")


def _opened(path: Path) -> BinaryIO:
    """Open a file for reading; a named pipe too, without waiting for somebody who writes."""
    if sys.platform == "win32":
        return path.open("rb", buffering=0)
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb", buffering=0)


def _first_of_pipe(pipe: BinaryIO, path: Path, patience: float) -> bytes:
    """Wait until a named pipe is written to, and return what came with that; a slow writer is waited for.

    Raises:
        RosterError: nobody has opened it for writing.
    """
    if sys.platform == "win32":
        return b""  # named pipes have no place among its files
    import select

    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    first: bytes | None = b""
    if not poll.poll(patience * 1000):
        first = pipe.read(1)  # without waiting: nothing is the end, which is that nobody writes; None is "not yet"
        if first == b"":
            hint = "Start the program that fills it, or save its output into a file and give that."
            raise RosterError(f"{path} is a pipe that no program writes to.", hint=hint)
    os.set_blocking(pipe.fileno(), True)
    return first or b""


def _bounded(source: _Source, name: str, limit: int, first: bytes = b"") -> bytes:
    content = bytearray(first)
    while piece := source.read(_PIECE):
        content += piece
        if len(content) > limit:
            del content[:]
            _refuse_large(name, None, limit)
    return bytes(content)


def _refuse_large(name: str, size: int | None, limit: int) -> NoReturn:
    told = f"{-(-size // (1 << 20)):,} MiB" if size is not None else "no end within what a roster may have"
    message = f"{name} has {told}; the most that bulktap reads is {limit >> 20:,} MiB."
    hint = "Save the rows and columns of the people as a file of their own, or in several parts, and give that."
    raise RosterError(message, hint=hint)
