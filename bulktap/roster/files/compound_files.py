"""A stream of a compound file, and a plain compound file around a stream: the shell of old workbooks ([MS-CFB]).

Such a file is a little file system: sectors, a table that chains them (the FAT), and a directory of streams. Chains are
followed no further than the file has sectors, whatever the tables claim.
"""

from __future__ import annotations

import struct
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of every such file."""
WORKBOOK_STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")
"""What the stream of an old workbook is called: by Excel 97, by Excel 95, and by programs that write capitals."""

_SECTOR = 4096  # of the files that are written
_MINI_SECTOR, _MINI_LIMIT = 64, 4096
_DIRECTORY_ENTRY = 128
_RESERVED = 0xFFFFFFFA  # from here on a number is no sector
_END, _FREE, _OF_THE_TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_IN_HEADER = 109  # sectors of the table that the header itself lists
_ROOT, _STREAM = 5, 2


class DamagedFileError(ValueError):
    """The sectors or chains of a compound file make no sense."""


class _Sectors(NamedTuple):
    """Sectors and their chains."""

    data: bytes
    size: int
    following: Sequence[int]
    """The sector after each sector."""

    def read(self, start: int) -> bytes:
        """Return the content of a chain."""
        pieces: list[bytes] = []
        sector = start
        while sector < _RESERVED:
            if (
                sector >= len(self.following)
                or sector * self.size >= len(self.data)
                or len(pieces) > _sector_count(self)
            ):
                raise DamagedFileError
            pieces.append(self.data[sector * self.size : (sector + 1) * self.size])
            sector = self.following[sector]
        return b"".join(pieces)


def _sector_count(sectors: _Sectors) -> int:
    """Return how many sectors there are, the last perhaps cut short."""
    return -(-len(sectors.data) // sectors.size)


def read_stream(data: bytes, names: Sequence[str]) -> bytes | None:
    """Return the first stream of one of these names, in their order; None if there is none.

    Raises:
        DamagedFileError: the file's tables lead nowhere, or in a circle.
    """
    try:
        major, shift = struct.unpack_from("<H2xH", data, 26)
        directory_start, mini_start = struct.unpack_from("<I8xI", data, 48)
    except struct.error:
        raise DamagedFileError from None
    if shift not in {9, 12}:
        raise DamagedFileError
    size = 1 << shift
    sectors = _Sectors(data[size:], size, ())
    sectors = _Sectors(sectors.data, size, _table(data, sectors))
    directory = sectors.read(directory_start)
    entries = [directory[at : at + _DIRECTORY_ENTRY] for at in range(0, len(directory), _DIRECTORY_ENTRY)]
    by_name = {_name(entry): entry for entry in reversed(entries) if len(entry) == _DIRECTORY_ENTRY and entry[66]}
    entry = next((by_name[name] for name in names if name in by_name), None)
    if entry is None:
        return None
    start, length = struct.unpack_from("<IQ", entry, 116)
    length = length if major > 3 else length & 0xFFFFFFFF
    if length >= _MINI_LIMIT:
        return sectors.read(start)[:length]
    mini_table = sectors.read(mini_start)
    root_start = struct.unpack_from("<I", entries[0], 116)[0]
    following = struct.unpack(f"<{len(mini_table) // 4}I", mini_table)
    return _Sectors(sectors.read(root_start), _MINI_SECTOR, following).read(start)[:length]


def _name(entry: bytes) -> str:
    length = min(int.from_bytes(entry[64:66], "little"), 64)
    return entry[: max(length - 2, 0)].decode("utf-16-le", "replace")


def _table(data: bytes, sectors: _Sectors) -> Sequence[int]:
    """Return the table that chains the sectors; the header and a chain of its own say where its parts are."""
    per_sector = sectors.size // 4
    count = _sector_count(sectors)
    needed = -(-count // per_sector)
    listed = list(struct.unpack_from(f"<{_IN_HEADER}I", data, 76))
    more = struct.unpack_from("<I", data, 68)[0]
    for _ in range(count):
        if more >= _RESERVED or len(listed) >= needed + _IN_HEADER:
            break
        part = sectors.data[more * sectors.size : (more + 1) * sectors.size]
        if len(part) < sectors.size:
            raise DamagedFileError
        *places, more = struct.unpack(f"<{per_sector}I", part)
        listed.extend(places)
    places = [place for place in listed if place < _RESERVED][:needed]
    parts = [sectors.data[place * sectors.size : (place + 1) * sectors.size] for place in places]
    return list(chain.from_iterable(struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4]) for part in parts))


def has_entry(data: bytes, name: str) -> bool:
    """Return true if the directory of a compound file has an entry of this name, whatever its tables say.

    Entries have 128 bytes on 128-byte borders, each beginning with a name in UTF-16 and its length at byte 64
    ([MS-CFB] 2.6.1). They are looked for there, so that text in a cell is never taken for one.
    """
    wanted = name.encode("utf-16-le") + b"\0\0"
    position = data.find(wanted, 512)
    while position >= 0:
        length = int.from_bytes(data[position + 64 : position + 66], "little")
        if position % 128 == 0 and length == len(wanted):
            return True
        position = data.find(wanted, position + 2)
    return False


def plain_file(name: str, stream: bytes) -> bytes:
    """Return a compound file that holds this one stream.

    Raises:
        ValueError: the stream is longer than 400 MiB.
    """
    count = max(-(-len(stream) // _SECTOR), 1)  # a shorter one would belong among the mini sectors
    per_sector = _SECTOR // 4
    parts = next(parts for parts in range(1, count + 2) if parts * per_sector >= parts + 1 + count)
    if parts > _IN_HEADER:
        raise ValueError(len(stream))
    first = parts + 1
    table = [_OF_THE_TABLE] * parts + [_END] + [*range(first + 1, first + count), _END]
    table += [_FREE] * (parts * per_sector - len(table))
    places = [*range(parts), *[_FREE] * (_IN_HEADER - parts)]
    header = MARK + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 4, 0xFFFE, 12, 6)
    header += struct.pack("<IIIIIIIIII", 1, parts, parts, 0, _MINI_LIMIT, _END, 0, _END, 0, places[0])
    header += struct.pack(f"<{_IN_HEADER - 1}I", *places[1:])
    directory = _entry("Root Entry", _ROOT, 0, 0, child=1) + _entry(name, _STREAM, first, count * _SECTOR)
    return b"".join(
        (
            header.ljust(_SECTOR, b"\0"),
            struct.pack(f"<{len(table)}I", *table),
            directory.ljust(_SECTOR, b"\0"),
            stream.ljust(count * _SECTOR, b"\0"),
        )
    )


def _entry(name: str, kind: int, start: int, length: int, child: int = _FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    described = struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
    return text.ljust(64, b"\0") + described + bytes(36) + struct.pack("<IQ", start, length)
