"""Reads what `strace -f -y` wrote down: which bytes went into which file, deleted ones included."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from harness.leaks import Leak, LeakSearch

STRACE: Final = (
    "strace", "-f", "-y", "-s", "4194304", "-e", "trace=openat,write,writev,pwrite64,pwritev,rename,unlink",
)  # fmt: skip
"""The command; `-o FILE` and the program follow."""

_CALL = re.compile(rb"(?:\d+ +)?(openat|write|writev|pwrite64|pwritev|rename|unlink)\(")
_TARGET = re.compile(rb"\d+<([^>]*)>")
_STRING = re.compile(rb'"([^"\\]*(?:\\.[^"\\]*)*)"(\.\.\.)?')
_PLACE = re.compile(rb", (\d+)(?:\)| <unfinished)")
_ESCAPE = re.compile(rb"\\(?:x([0-9a-f]{2})|([0-7]{1,3})|(.))")
_LETTERS: Final = {
    b"n": b"\n",
    b"t": b"\t",
    b"r": b"\r",
    b"v": b"\v",
    b"f": b"\f",
    b"a": b"\a",
    b"b": b"\b",
    b"e": b"\x1b",
}
_SOCKETS: Final = ("socket:", "TCP:", "TCPv6:", "UDP:", "UNIX", "NETLINK")


@dataclass(slots=True)
class WrittenFile:
    """What was written to one file between two openings that emptied or made it."""

    path: str
    chunks: list[tuple[int | None, bytes]] = field(default_factory=list)
    """Where, None for behind the last, and what."""

    def in_order(self) -> bytes:
        """Everything ever written, in the order of writing; what was overwritten is in it."""
        return b"".join(data for _, data in self.chunks)

    def image(self) -> bytes:
        """The file's content, as far as it was not there before."""
        content = bytearray()
        for place, data in self.chunks:
            start = len(content) if place is None else place
            content.extend(bytes(max(0, start - len(content))))
            content[start : start + len(data)] = data
        return bytes(content)


@dataclass(slots=True)
class Trace:
    """Everything that a program and its children wrote to files and pipes."""

    files: list[WrittenFile] = field(default_factory=list)
    names: list[bytes] = field(default_factory=list)
    """Every path that was opened, renamed or deleted."""

    def written_to(self, name: str) -> list[WrittenFile]:
        """Return the files whose path holds a text."""
        return [file for file in self.files if name in file.path and file.chunks]

    def leaks(self, search: LeakSearch) -> list[Leak]:
        """Search every byte that was written, and every name."""
        found = search.in_bytes(b"\n".join(self.names), "names of files")
        for file in self.files:
            found += search.in_bytes(file.in_order(), f"{file.path} (as written)")
            found += search.in_bytes(file.image(), f"{file.path} (put together)")
        return found


def read_trace(path: Path) -> Trace:
    """Read the output file of strace.

    Raises:
        ValueError: a string was cut short, so that not every byte is known.
    """
    trace, current = Trace(), dict[str, WrittenFile]()
    with path.open("rb") as lines:
        for line in lines:
            call = _CALL.match(line)
            if call is None:
                continue
            strings = _strings(line)
            if call[1] in {b"openat", b"rename", b"unlink"}:
                trace.names += strings
                if call[1] == b"openat":
                    _opened(line, current)
            else:
                _written(line, call[1], strings, trace, current)
    return trace


def _strings(line: bytes) -> Sequence[bytes]:
    found = []
    for match in _STRING.finditer(line):
        if match[2]:
            raise ValueError("strace cut a string short")
        found.append(unescape(match[1]))
    return found


def _opened(line: bytes, current: dict[str, WrittenFile]) -> None:
    """Begin a new file where this opening emptied or made one; what was written before stays known."""
    if b"O_TRUNC" in line or b"O_EXCL" in line:
        result = line.rpartition(b" = ")[2]
        if target := _TARGET.match(result):
            current.pop(target[1].decode(), None)


def _written(line: bytes, call: bytes, strings: Sequence[bytes], trace: Trace, current: dict[str, WrittenFile]) -> None:
    target = _TARGET.search(line)
    name = target[1].decode() if target else "?"
    if name.startswith(_SOCKETS):
        return
    if name not in current:
        current[name] = WrittenFile(name)
        trace.files.append(current[name])
    place = None
    if call in {b"pwrite64", b"pwritev"} and (places := _places(line)):
        place = places[-1]
    for data in strings:
        current[name].chunks.append((place, data))
        place = None if place is None else place + len(data)


def _places(line: bytes) -> list[int]:
    # Only what stands behind the last string is an argument; strings hold commas and digits too.
    return [int(match[1]) for match in _PLACE.finditer(line, line.rfind(b'"'))]


def unescape(text: bytes) -> bytes:
    r"""Undo strace's escapes: `\n`, `\"`, octal and `\x`."""
    return _ESCAPE.sub(_byte, text) if b"\\" in text else text


def _byte(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes.fromhex(match[1].decode())
    if match[2]:
        return bytes([int(match[2], 8)])
    return _LETTERS.get(match[3], match[3])
