"""Carving: reading rows out of a damaged SQLite file, page by page, without SQLite.

SQLite gives up on a whole file when its first page or its length is wrong, and on many rows when one inner page is.
The rows themselves stand in leaf pages that can be read one by one (sections 1.5, 1.6 and 2.1 of sqlite.org's "Database
File Format"). What is carved proves nothing: the caller authenticates every row, and throws away what fails.
"""

from __future__ import annotations

from contextlib import suppress
from os import SEEK_END
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

from bulktap.journal.file_checks import PAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

# All that follows is SQLite's file format (sqlite.org/fileformat2.html), sections 1.6 (pages) and 2.1 (records).
_OTHER_PAGES: Final = {0x00, 0x02, 0x05, 0x0A}  # overflow pages begin with a page number, thus with zero
# Of a row longer than the first, as much as the second says at least is on its own page, the rest on overflow pages.
_MOST_LOCAL: Final = PAGE_BYTES - 35
_LEAST_LOCAL: Final = (PAGE_BYTES - 12) * 32 // 255 - 23
_MOST_TIMES: Final = 16
_MOST_ROWS: Final = 128  # on one page; our shortest row, a record without a word in it, takes sixty bytes
_BLOCK_BYTES: Final = 256 * PAGE_BYTES
_NOTHING: Final = bytes(_BLOCK_BYTES)
MOST_NONSENSE: Final = 300_000
"""Rows that are none, in one file."""
# Serial types; 7 is a float and is not among what we store.
_INTEGER_BYTES: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 8: 0, 9: 0}


class Content(Protocol):
    """The bytes of a file, of which parts can be asked for."""

    def __len__(self) -> int:
        """Return how many there are."""

    def __getitem__(self, part: slice, /) -> bytes:
        """Return a part, cut where the file ends."""


class FileContent:
    """The bytes of an open file, read as they are asked for: a damaged one may be larger than the memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = file.seek(0, SEEK_END)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice, /) -> bytes:
        if part.start >= self._size:
            return b""
        self._file.seek(part.start)
        return self._file.read(part.stop - part.start)


class _Budget:
    """How much of a file may still be read; an honest one, however damaged, does not come near it."""

    def __init__(self, left: int) -> None:
        self._left = left
        self._failures_left = MOST_NONSENSE

    def spend(self, count: int) -> None:
        """Take off so many bytes of rows.

        Raises:
            _Exhausted: there are none left.
        """
        self._left -= count
        if self._left < 0:
            raise _Exhausted

    def fail(self) -> None:
        """Take note of a row that is none.

        Raises:
            _Exhausted: there were too many.
        """
        self._failures_left -= 1
        if self._failures_left < 0:
            raise _Exhausted


class _Exhausted(Exception):
    """More was read than an honest file holds."""


def carve(content: Content) -> Iterator[tuple[object, ...]]:
    """Yield every row of every table that can still be read from the bytes of a file, first the row's own id.

    Texts come as bytes. A row may come twice, or be nonsense. Every byte is part of one row only, so a file whose rows
    add up to many times its size, or of which nearly everything is nonsense, was made to keep its reader busy, and is
    given up.
    """
    budget = _Budget(_MOST_TIMES * len(content) + PAGE_BYTES)
    with suppress(_Exhausted):
        for first in range(0, len(content), _BLOCK_BYTES):
            block = content[first : first + _BLOCK_BYTES]
            if block == _NOTHING:  # a file can have gigabytes of it that take no room on the disk
                continue
            for start in range(0, len(block), PAGE_BYTES):
                page = block[start : start + PAGE_BYTES]
                header = 100 if first + start == 0 else 0
                if len(page) > header and page[header] not in _OTHER_PAGES:
                    yield from _rows_on(page, header, content, budget)


def _rows_on(page: bytes, header: int, content: Content, budget: _Budget) -> Iterator[tuple[object, ...]]:
    count = int.from_bytes(page[header + 3 : header + 5], "big")
    position = header + 8
    for index in range(_MOST_ROWS):
        pointer = int.from_bytes(page[position + 2 * index : position + 2 * index + 2], "big")
        if pointer == 0 and index >= count:  # behind the pointers comes zeroed room; the count may be the damage
            return
        try:
            yield _row_at(page, pointer, content, budget)
        except (ValueError, IndexError):
            budget.fail()


def _row_at(page: bytes, position: int, content: Content, budget: _Budget) -> tuple[object, ...]:
    size, position = _varint(page, position)
    number, position = _varint(page, position)
    if not 0 < size <= len(content):
        raise ValueError("no row is as long as that")
    if size <= _MOST_LOCAL:
        payload = page[position : position + size]
        budget.spend(len(payload))
    else:
        local = _LEAST_LOCAL + (size - _LEAST_LOCAL) % (PAGE_BYTES - 4)
        local = local if local <= _MOST_LOCAL else _LEAST_LOCAL
        following = int.from_bytes(page[position + local : position + local + 4], "big")
        payload = page[position : position + local] + _overflow(content, following, size - local, budget)
    if len(payload) < size:
        raise ValueError("cut short")
    return (number, *_columns(payload))


def _overflow(content: Content, page_number: int, size: int, budget: _Budget) -> bytes:
    parts: list[bytes] = []
    while size > 0:
        start = (page_number - 1) * PAGE_BYTES
        part = content[start + 4 : start + min(PAGE_BYTES, size + 4)] if page_number > 0 else b""
        if not part:
            raise ValueError("the chain of pages is broken")
        budget.spend(len(part))
        page_number = int.from_bytes(content[start : start + 4], "big")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _columns(payload: bytes) -> list[object]:
    end, position = _varint(payload, 0)
    if end > 32:
        raise ValueError("no table of ours has so many columns")
    types: list[int] = []
    while position < end:
        kind, position = _varint(payload, position)
        types.append(kind)
    values: list[object] = []
    for kind in types:
        size = (kind - 12) // 2 if kind >= 12 else _INTEGER_BYTES.get(kind, 0)
        part = payload[position : position + size]
        position += size
        if len(part) < size:
            raise ValueError("cut short")
        values.append(_value(kind, part))
    return values


def _value(kind: int, part: bytes) -> object:
    if kind >= 12:
        return part
    if kind in {8, 9}:
        return kind - 8
    return int.from_bytes(part, "big", signed=True) if kind in _INTEGER_BYTES else None


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = 0
    for index in range(9):
        byte = data[position + index]
        if index == 8:
            value = value << 8 | byte
            break
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    else:
        index = 8
    return value, position + index + 1
