"""What can be read of a journal when not everything is at hand: without the passphrase, or although it is damaged."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from bulktap.journal.carving import MOST_NONSENSE, FileContent, carve
from bulktap.journal.database import (
    as_header,
    as_record,
    bounded,
    check_tables,
    connect,
    read_headers,
    read_records,
    translated,
)
from bulktap.journal.entries import Kind
from bulktap.journal.file_checks import check_files, require_file
from bulktap.journal.header import JournalHeader, StoredHeader, best_header, header_damaged, read_header, unlock
from bulktap.journal.records import NO_TAG, Record, RecordSeal
from bulktap.journal.replay import empty_state, replay
from bulktap.model.errors import JournalDamaged, NewerJournal, WrongPassphrase
from bulktap.storage import MEGABYTE, open_to_read

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bulktap.journal.sealing import DataKey
    from bulktap.model.run_state import RunState
    from bulktap.model.secret import Secret


_MOST_SENTENCES: Final = 20
_MOST_TO_GLANCE_AT: Final = 500 * MEGABYTE


@dataclass(frozen=True, slots=True)
class JournalGlance:
    """What a journal says to those who have no passphrase; nothing of it is authenticated."""

    header: JournalHeader
    state: RunState
    """Every passcode in it is an empty secret."""
    damage: tuple[str, ...] = ()
    """Sentences on what could not be read; without the passphrase not every damage can be seen."""
    tags: tuple[bytes, ...] = ()
    """The tag of each record: another copy of the journal that lacks the last one of these does not hold all of it.

    Those of looks are not among them: whoever looked at a passcode in a copy has not gone on with the run there.
    """


@dataclass(frozen=True, slots=True)
class Salvage:
    """What is intact in a journal; all of it is authenticated."""

    header: JournalHeader
    archive: bytes | None
    """What was put into the journal when it was created; None if it is damaged."""
    state: RunState
    """What the intact records add up to; a row whose own record is lost has an empty user."""
    damage: tuple[str, ...] = ()
    """Sentences on what is damaged or missing; empty if nothing is."""


class _Rows(NamedTuple):
    headers: list[StoredHeader]
    records: list[Record]
    heads: list[bytes]


@dataclass(slots=True)
class _Sorted:
    intact: dict[int, tuple[Record, bytes]] = field(default_factory=dict)
    damaged: dict[int, Record] = field(default_factory=dict)


def glance(path: Path) -> JournalGlance:
    """Read the clear parts of a journal without its passphrase, also while a run is writing it.

    The writer waits for the moment that copying the rows takes, and for nothing else.

    Raises:
        JournalDamaged: there is no journal, or its header is damaged beyond reading.
        NewerJournal: a newer bulktap wrote it.
        Untrusted: the file is a link, no regular file, or larger than any journal.
        DiskRefuses: it cannot be read, or is busy for longer than some seconds.
    """
    rows, damage = _rows_by_sqlite_or_carving(path)
    stored = best_header(rows.headers)
    if stored is None:
        raise header_damaged()
    header = read_header(stored)
    state, previous, count = empty_state(header), NO_TAG, 0
    for record in sorted(rows.records, key=lambda record: record.number):
        if record.number != count + 1 or record.previous != previous:
            damage.append(f"Before {record.label} something is missing or was changed.")
        count, previous = record.number, record.tag
        try:
            replay(state, record, None)
        except ValueError:
            damage.append(f"{record.label.capitalize()} cannot be read.")
    in_order = sorted(rows.records, key=lambda record: record.number)
    tags = tuple(record.tag for record in in_order if record.kind != Kind.LOOKED.encode())
    return JournalGlance(header, state, _told(damage), tags)


def salvage(path: Path, passphrase: Secret) -> Salvage:
    """Read every record that is intact, whatever happened to the others; nothing is changed.

    To be called by whoever holds the run's lock: the file is read around SQLite.

    Raises:
        JournalDamaged: there is no journal, or both copies of its header are damaged.
        WrongPassphrase: the passphrase does not open it.
        DiskRefuses: it cannot be read.
    """
    require_file(path)
    # Undo a commit that a crash cut short, as SQLite does whenever it opens the file, if it still can.
    with suppress(JournalDamaged), translated(path):
        _rows_by_sqlite(path)
    rows = _carved(path)
    header, key = _unlocked(rows.headers, passphrase)
    seal = RecordSeal(key, header.run)
    found = _sort(rows.records, seal)
    heads = [head for sealed in rows.heads if (head := seal.open_head(sealed)) is not None]
    count = max((head.record_count for head in heads), default=None)
    damage = list(_damage_of(found, count))
    if best_header(rows.headers) is None or len({*rows.headers}) != 1 or len(rows.headers) < 2:
        damage.insert(0, "One of the two copies of the header is damaged.")
    state, archive = empty_state(header), None
    for _, (record, secret) in sorted(found.intact.items()):
        replay(state, record, secret)
        if record.kind == Kind.ARCHIVE.encode():
            archive = secret
    return Salvage(header, archive, state, _told(damage))


def _told(damage: list[str]) -> tuple[str, ...]:
    """Return the sentences that somebody may read, not thousands."""
    more = len(damage) - _MOST_SENTENCES
    return (*damage[:_MOST_SENTENCES], f"And {more} more places are damaged.") if more > 0 else tuple(damage)


def _rows_by_sqlite_or_carving(path: Path) -> tuple[_Rows, list[str]]:
    require_file(path)
    try:
        with translated(path):
            return _rows_by_sqlite(path), []
    except JournalDamaged as damage:
        # Whoever only looks does not wait for gigabytes; `salvage` does.
        if path.stat().st_size > _MOST_TO_GLANCE_AT:
            raise
        rows = _carved(path)
        return rows._replace(records=list({record.number: record for record in rows.records}.values())), [
            damage.message
        ]


def _rows_by_sqlite(path: Path) -> _Rows:
    """Return headers and records; of what is sealed in a record only its tag."""
    check_files(path, writing=False)
    connection = connect(path, writing=False)
    try:
        with bounded(connection, path):
            connection.execute("BEGIN")  # one view of all tables, taken quickly, let go before anything is understood
            check_tables(connection)
            headers, found = read_headers(connection), list(read_records(connection, path, tags_only=True))
            connection.execute("COMMIT")
    finally:
        connection.close()
    return _Rows(headers, [record for record in found if record is not None], [])


def _carved(path: Path) -> _Rows:
    with translated(path), os.fdopen(open_to_read(path), "rb") as file:
        return _understood(carve(FileContent(file)))


def _understood(carved: Iterable[tuple[object, ...]]) -> _Rows:
    rows, nonsense = _Rows([], [], []), 0
    for values in carved:
        if nonsense > MOST_NONSENSE:
            break
        number, *columns = values
        # The first column of each table is the row's own id, which SQLite stores as NULL inside the row.
        own, rest = columns[0] if columns else 0, tuple(columns[1:])
        if own is not None or not isinstance(number, int):
            nonsense += 1
            continue
        if len(rest) == 1 and isinstance(rest[0], bytes):
            rows.heads.append(rest[0])
        elif (header := as_header(rest)) is not None:
            rows.headers.append(header)
        elif (record := as_record((number, *rest))) is not None:
            rows.records.append(record)
        else:
            nonsense += 1
    return rows


def _unlocked(headers: list[StoredHeader], passphrase: Secret) -> tuple[JournalHeader, DataKey]:
    wrong: WrongPassphrase | None = None
    # One flipped bit in the checksum itself spoils nothing else, so a copy that looks damaged is tried as well.
    for stored in sorted(set(headers), key=lambda stored: not stored.is_intact):
        try:
            return read_header(stored), unlock(stored, passphrase, os.urandom)
        except WrongPassphrase as error:
            if stored.is_intact:
                wrong = error
        except (JournalDamaged, NewerJournal):
            # A copy that is intact was written so; else an accident made it look newer.
            if stored.is_intact:
                raise
    raise wrong or header_damaged()


def _sort(records: Iterable[Record], seal: RecordSeal) -> _Sorted:
    found = _Sorted()
    for record in records:
        secret = seal.open(record)
        if secret is not None:
            found.intact[record.number] = (record, secret)
        else:
            found.damaged[record.number] = record
    return found


def _damage_of(found: _Sorted, count: int | None) -> Iterable[str]:
    last = max(found.intact, default=0)
    if count is None:
        yield f"The head is damaged; whether there were records after {last} cannot be known."
    elif last > count:
        yield f"There are records up to {last}, but the head counts {count}."
    expected = count if count is not None else last
    missing = [number for number in range(1, expected + 1) if number not in found.intact]
    for number in missing:
        if number in found.damaged:
            yield f"{found.damaged[number].label.capitalize()} is damaged."
    for first, final in _ranges([number for number in missing if number not in found.damaged]):
        yield f"Record {first} is missing." if first == final else f"Records {first} to {final} are missing."
    for earlier, later in pairwise(sorted(found.intact)):
        if later == earlier + 1 and found.intact[later][0].previous != found.intact[earlier][0].tag:
            yield f"{found.intact[later][0].label.capitalize()} comes from another copy of this journal."


def _ranges(numbers: list[int]) -> Iterable[tuple[int, int]]:
    start = 0
    for index, number in enumerate(numbers):
        if index + 1 == len(numbers) or numbers[index + 1] != number + 1:
            yield numbers[start], number
            start = index + 1
