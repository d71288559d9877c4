"""Searches bytes, files and folders for secrets, however they are wrapped.

Each secret is looked for in UTF-8 and in UTF-16 of both byte orders; zip and gzip are inflated, streams of Office's
compound files taken out, and cells of SQLite databases read, all of them inside one another too. What a file says it
is does not count: a zip is recognised by the marks of its members, so that a torn or embedded one is opened as well.
"""

from __future__ import annotations

import io
import os
import re
import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_DEEPEST: Final = 6
_ZIP_MEMBER: Final = b"PK\x03\x04"
_GZIP: Final = b"\x1f\x8b\x08"
_COMPOUND: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_SQLITE: Final = b"SQLite format 3\x00"
_STORED, _DEFLATED = 0, 8
_WIDTHS: Final = {"utf-8": 1, "utf-16-le": 2, "utf-16-be": 2}


@dataclass(frozen=True, slots=True)
class Leak:
    """One secret in the clear; the secret itself is not told."""

    where: str
    """A path, and behind ` > ` what was unpacked from it."""
    encoding: str
    number: int
    """Which of the secrets, from 0."""


class LeakSearch:
    """Looks for secrets of at least four ASCII characters."""

    def __init__(self, secrets: Collection[str]) -> None:
        self._numbers = {secret.encode("ascii"): number for number, secret in enumerate(secrets)}
        if not self._numbers or any(len(secret) < 4 for secret in self._numbers):
            raise ValueError("a search needs secrets, and none so short that chance would write it")
        self._lengths = sorted({len(secret) for secret in self._numbers})
        letters = b"[" + re.escape(bytes(sorted(set(b"".join(self._numbers))))) + b"]"
        shortest = b"{%d,}" % self._lengths[0]
        self._runs = {
            "utf-8": re.compile(letters + shortest),
            "utf-16-le": re.compile(b"(?:" + letters + b"\x00)" + shortest),
            "utf-16-be": re.compile(b"(?:\x00" + letters + b")" + shortest),
        }

    def in_folder(self, folder: Path) -> list[Leak]:
        """Search every file below a folder, and every name."""
        found: list[Leak] = []
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder.parent))
            found += self.in_bytes(os.fsencode(path.name), f"the name of {path.parent.name}/…")
            if path.is_file() and not path.is_symlink():
                found += self.in_bytes(path.read_bytes(), name)
        return found

    def in_bytes(self, data: bytes, where: str) -> list[Leak]:
        """Search bytes and all that can be unpacked from them."""
        return list(self._search(data, where, 0))

    def _search(self, data: bytes, where: str, depth: int) -> Iterator[Leak]:
        yield from self._plain(data, where)
        if depth < _DEEPEST:
            for name, inner in _unpacked(data):
                yield from self._search(inner, f"{where} > {name}", depth + 1)

    def _plain(self, data: bytes, where: str) -> Iterator[Leak]:
        for encoding, runs in self._runs.items():
            width = _WIDTHS[encoding]
            for match in runs.finditer(data):
                text = match[0][1 if encoding == "utf-16-be" else 0 :: width]
                for number in self._in_run(text):
                    yield Leak(where, encoding, number)

    def _in_run(self, text: bytes) -> Iterator[int]:
        # Letters of secrets rarely stand in such long runs, so that a look-up for every window is cheap.
        for length in self._lengths:
            for start in range(len(text) - length + 1):
                number = self._numbers.get(text[start : start + length])
                if number is not None:
                    yield number


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    yield from _zip_members(data)
    if data.startswith(_GZIP):
        yield "gzip", _inflate(data, 31)
    if data.startswith(_COMPOUND):
        yield from _compound_streams(data)
    if data.startswith(_SQLITE):
        yield from _cells(data)


def _zip_members(data: bytes) -> Iterator[tuple[str, bytes]]:
    start = data.find(_ZIP_MEMBER)
    while start >= 0:
        header = data[start : start + 30]
        if len(header) == 30:
            method = int.from_bytes(header[8:10], "little")
            size = int.from_bytes(header[18:22], "little")
            name_length, extra_length = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
            name = data[start + 30 : start + 30 + name_length].decode("utf-8", "replace")
            body = start + 30 + name_length + extra_length
            if method == _DEFLATED:
                yield name, _inflate(data[body:], -15)
            elif method == _STORED:
                yield name, data[body : body + size] if size else data[body:]
        start = data.find(_ZIP_MEMBER, start + 4)


def _inflate(data: bytes, window: int) -> bytes:
    """Return what comes out; of a stream that is cut short or spoilt, what comes out before that."""
    inflater = zlib.decompressobj(window)
    out = bytearray()
    for start in range(0, len(data), 1024):
        try:
            out += inflater.decompress(data[start : start + 1024])
        except zlib.error:
            break
        if inflater.eof:
            break
    return bytes(out)


def _compound_streams(data: bytes) -> Iterator[tuple[str, bytes]]:
    import olefile  # type: ignore[import-untyped]  # it ships no types

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as compound:
            for path in compound.listdir(streams=True, storages=False):
                yield "/".join(path), compound.openstream(path).read()
    except OSError:
        return  # torn: its sectors were searched as they are


def _cells(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Read every cell: a long one is spread over pages in the file, and found in one piece only here."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.text_factory = bytes
        try:
            database.deserialize(data)
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for name in tables:
                yield from _cells_of(database, name.decode("utf-8", "replace"))
        except (sqlite3.Error, UnicodeDecodeError):
            return  # damaged: its pages were searched as they are


def _cells_of(database: sqlite3.Connection, table: str) -> Iterator[tuple[str, bytes]]:
    quoted = table.replace('"', '""')
    for number, row in enumerate(database.execute(f'SELECT * FROM "{quoted}"'), 1):  # noqa: S608 - the name is quoted
        for column, cell in enumerate(row, 1):
            if isinstance(cell, bytes):
                yield f"table {table}, row {number}, column {column}", cell
