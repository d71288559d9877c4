"""Records: entries with a number, a predecessor and a seal; the head that says how many there are.

Into a record's associated data go format, run, number, row, kind, the tag of the record before it, and the clear
part. A record that was edited, moved, repeated, or brought from another run does not open; one that is missing at the
end, or comes from another copy of the same run, does not fit the head.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from bulktap.journal.sealing import TAG_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulktap.journal.entries import Entry
    from bulktap.journal.sealing import DataKey

SCHEMA_VERSION: Final = 1
"""The format of the journal; a newer one is refused."""
NO_TAG: Final = bytes(TAG_BYTES)
"""What the first record names as its predecessor."""
_numbers = struct.Struct(">qqB").pack


class Record(NamedTuple):
    """One record as it is stored; the fields are the columns."""

    number: int
    """From 1, without a gap."""
    row: int
    kind: bytes
    public: bytes
    previous: bytes
    """The tag of the record before it."""
    sealed: bytes

    @property
    def tag(self) -> bytes:
        """What stands for the whole record in the next one, and in the head."""
        return self.sealed[-TAG_BYTES:]

    @property
    def label(self) -> str:
        """How messages name it."""
        kind = self.kind.decode("ascii", "replace")
        kind = kind if kind.isprintable() else "?"  # the bytes of a damaged one do not go to a terminal
        return f"record {self.number} ({kind}, row {self.row})" if self.row else f"record {self.number} ({kind})"


@dataclass(frozen=True, slots=True)
class Tail:
    """Where a journal ends."""

    record_count: int
    """Records up to there."""
    tag: bytes
    """The last one's tag."""
    head: bytes
    """The sealed head as it is stored; no two are the same bytes, so it tells one commit from another."""


class RecordSeal:
    """Seals and opens the records, and the head, of one run with its data key."""

    __slots__ = ("_head", "_key", "_record")

    def __init__(self, key: DataKey, run: str) -> None:
        named = struct.pack(">H", len(run.encode())) + run.encode()
        self._key = key
        self._record = b"bulktap journal %d record\0" % SCHEMA_VERSION + named
        self._head = b"bulktap journal %d head\0" % SCHEMA_VERSION + named

    def seal(self, number: int, entry: Entry, previous: bytes) -> Record:
        """Return the entry as the record of that number, following the one with that tag."""
        kind, public = entry.kind.encode(), entry.public.encode("ascii")
        sealed = self._key.seal(entry.secret, self._associated(number, entry.row, kind, public, previous))
        return Record(number, entry.row, kind, public, previous, sealed)

    def seal_all(self, entries: Iterable[Entry], tail: Tail) -> tuple[list[Record], Tail]:
        """Return the entries as records that follow the tail, and the new tail."""
        records: list[Record] = []
        count, tag = tail.record_count, tail.tag
        for entry in entries:
            record = self.seal(count + 1, entry, tag)
            records.append(record)
            count, tag = record.number, record.tag
        return records, Tail(count, tag, self.seal_head(count, tag))

    def open(self, record: Record) -> bytes | None:
        """Return the sealed part, or None if anything about the record is not as it was written."""
        number, row, kind, public, previous, sealed = record
        if len(previous) != TAG_BYTES or len(kind) > 255:
            return None
        return self._key.open(sealed, self._associated(number, row, kind, public, previous))

    def seal_head(self, count: int, tag: bytes) -> bytes:
        """Return the head: how many records there are, and the tag of the last."""
        return self._key.seal(struct.pack(">Q", count) + tag, self._head)

    def open_head(self, head: bytes) -> Tail | None:
        """Return where the journal ends, or None if the head is not as it was written."""
        content = self._key.open(head, self._head)
        if content is None or len(content) != 8 + TAG_BYTES:
            return None
        return Tail(struct.unpack(">Q", content[:8])[0], content[8:], head)

    def _associated(self, number: int, row: int, kind: bytes, public: bytes, previous: bytes) -> bytes:
        return b"".join((self._record, _numbers(number, row, len(kind)), kind, previous, public))
