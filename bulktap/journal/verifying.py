"""Verifying: a journal is believed only after its header, its tables, its head and every record have been checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.journal import database
from bulktap.journal.entries import Kind
from bulktap.journal.file_checks import RESCUE_HINT
from bulktap.journal.header import JournalHeader, header_damaged, read_header, unlock
from bulktap.journal.records import NO_TAG, Record, RecordSeal, Tail
from bulktap.journal.replay import empty_state, replay
from bulktap.model.errors import JournalDamaged

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bulktap.model.run_state import RunState
    from bulktap.model.secret import Secret


@dataclass(frozen=True, slots=True)
class Verified:
    """What is known of a journal when all of it has been checked."""

    header: JournalHeader
    seal: RecordSeal
    tail: Tail
    rows: frozenset[int]
    """The plan numbers that it has."""
    state: RunState | None = None
    """What its records add up to, passcodes included; None if that was not worked out, or a record is unknown."""


def verify(
    connection: sqlite3.Connection, path: Path, passphrase: Secret, random_bytes: Callable[[int], bytes]
) -> Verified:
    """Check a whole journal.

    Raises:
        WrongPassphrase, JournalDamaged, NewerJournal: see `Journal.open`.
        sqlite3.Error: SQLite cannot read the file.
    """
    database.check_tables(connection)
    headers = database.read_headers(connection)
    if len(headers) != 2 or headers[0] != headers[1] or not headers[0].is_intact:
        raise header_damaged()
    header = read_header(headers[0])
    database.check_pages(connection)
    seal = RecordSeal(unlock(headers[0], passphrase, random_bytes), header.run)
    tail = seal.open_head(database.read_head(connection))
    if tail is None:
        raise JournalDamaged("The journal's head is damaged.", hint=RESCUE_HINT)
    row_kind, rows = Kind.ROW.encode(), set[int]()
    state: RunState | None = empty_state(header)
    for record, secret in verified_records(connection, path, seal, tail):
        if record.kind == row_kind:
            rows.add(record.row)
        if state is not None:
            try:
                replay(state, record, secret)
            except ValueError:
                state = None  # of a newer bulktap: `Journal.state` says so to whoever asks for it
    return Verified(header, seal, tail, frozenset(rows), state)


def verified_records(
    connection: sqlite3.Connection, path: Path, seal: RecordSeal, tail: Tail, *, after: int = 0
) -> Iterator[tuple[Record, bytes]]:
    """Yield every record with its opened sealed part, in order, up to the tail.

    Args:
        connection: to the file.
        path: the file.
        seal: opens the records.
        tail: where they end.
        after: so many were read before; the one with that number is checked once more, for the next follows it.

    Raises:
        JournalDamaged: a record is not as it was written, not in its place, missing or too many.
        sqlite3.Error: SQLite cannot read the file.
    """
    count, previous = after, _tag_of(connection, seal, after) if after else NO_TAG
    for record in database.read_records(connection, path, after=after or -1):
        if record is None or record.number != count + 1:
            raise JournalDamaged(f"Record {count + 1} of the journal is missing or damaged.", hint=RESCUE_HINT)
        secret = seal.open(record)
        if secret is None or record.previous != previous:
            raise JournalDamaged(f"In the journal {record.label} is damaged.", hint=RESCUE_HINT)
        yield record, secret
        count += 1
        previous = record.tag
    if (count, previous) != (tail.record_count, tail.tag):
        message = f"The journal has {count} records, but its head counts {tail.record_count}."
        raise JournalDamaged(message, hint=RESCUE_HINT)


def _tag_of(connection: sqlite3.Connection, seal: RecordSeal, number: int) -> bytes:
    record = database.read_record(connection, number)
    if record is None or seal.open(record) is None:
        raise JournalDamaged(f"Record {number} of the journal is missing or damaged.", hint=RESCUE_HINT)
    return record.tag
