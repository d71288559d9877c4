"""The journal of a run: what was sent, what came back, and every passcode, sealed.

**What it is.** One SQLite file, `journal.db`. A *record* says one thing: here is the archive (plan and roster), this
row exists, its create was sent, released, doubted, issued, refused, skipped, left in doubt, confirmed, noted; the run
is closed; a process began to work on it, or ended. A record has a clear part (user, ids, times, error) and a sealed
part (the passcode, the archive), a number, and the tag of the record before it. The *head*, sealed too, holds how many
records there are and the last one's tag.
The *header* says which run this is and holds the data key, wrapped by the passphrase; it is kept twice.

**Commit.** `record` is one transaction: its records and the new head, together or not at all. When it has returned,
they are on the disk. Rollback journal truncated, `synchronous=EXTRA`, `fullfsync` on macOS, no write-ahead log (one
flipped bit in a log drops every commit behind it, silently). Whatever stops the process, or the machine, at whatever
instant, leaves the last commit that returned, perhaps also the one that was under way; nothing is torn, and opening
the file puts it in order. If the disk refuses, `record` raises and can be called again with the same events: it then
looks whether they had arrived after all, and writes them if not.

**What is assumed.** The file system keeps its order of writes and syncs, and a disk that has confirmed a sync keeps
the bytes. One process writes: whoever holds the run's lock (`storage.hold_lock`); the journal notices if somebody else
wrote all the same, and stops. The file was created complete, with all rows of the plan, before the first create left.

**What damage and strangers can do.** Every record is authenticated together with format, run, number, row, kind,
predecessor and clear part (AES-256-GCM), and all are read on opening. So any record that was changed, dropped,
swapped, repeated, cut off, or brought from another run or copy is noticed, and named; so is an edited header. Without
the passphrase nobody reads a passcode or writes a record that is believed; they can still destroy the file, see who
was given a pass and when, and put back an *older copy of the whole file*, which is consistent in itself:
`require_at_least` is there for those who remember a head count. Whoever has the passphrase can write anything.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Self

from bulktap.journal import database, file_checks
from bulktap.journal.database import translated
from bulktap.journal.entries import Entry, Kind, archive_entry, event_entry, row_entry
from bulktap.journal.file_checks import RESCUE_HINT
from bulktap.journal.header import JournalHeader, new_header
from bulktap.journal.records import NO_TAG, RecordSeal, Tail
from bulktap.journal.replay import empty_state, replay, state_of_rows
from bulktap.journal.sealing import PassphraseKey
from bulktap.journal.verifying import Verified, verified_records, verify
from bulktap.model.errors import DiskRefuses, InUse, JournalDamaged, NewerJournal, PlanRefused
from bulktap.model.setting_names import Command
from bulktap.storage import complete_file
from bulktap.storage.passphrase_cost import STANDARD, KdfCost

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bulktap.journal.entries import JournalRow
    from bulktap.model.run_events import RecordedEvent
    from bulktap.model.run_state import RunState
    from bulktap.model.secret import Secret


@dataclass(frozen=True, slots=True)
class _Attempt:
    entries: tuple[Entry, ...]
    tail: Tail
    """Where the journal ends if the attempt was committed."""


class Journal:
    """The journal of one run, open for writing; see the module for what it promises.

    Any thread may use it, one at a time. Close it, or use it as a context manager.
    """

    def __init__(self, path: Path, verified: Verified, connection: sqlite3.Connection) -> None:
        self.header = verified.header
        self._path = path
        self._seal = verified.seal
        self._tail = verified.tail
        self._rows = verified.rows
        self._read_on_opening = verified.state
        self._written_rows: Callable[[], RunState] | None = None
        self._connection: sqlite3.Connection | None = connection
        self._unsure: _Attempt | None = None
        self._arrived: tuple[Entry, ...] = ()
        self._closed = False

    @classmethod
    def create(
        cls,
        path: Path,
        header: JournalHeader,
        rows: Sequence[JournalRow],
        archive: bytes,
        passphrase: Secret | PassphraseKey,
        *,
        events: Sequence[RecordedEvent] = (),
        cost: KdfCost = STANDARD,
        random_bytes: Callable[[int], bytes] = os.urandom,
    ) -> Self:
        """Write a new journal, which is there in full or not at all, and return it open.

        Args:
            path: where it is to be.
            header: what it is bound to.
            rows: whom it is about.
            archive: the plan.
            passphrase: seals it; not empty; or the key that it becomes, if that is being made already.
            events: what is known of its rows from the beginning.
            cost: of making a key of the passphrase here.
            random_bytes: makes keys and nonces.

        Raises:
            PlanRefused: there is one already; it is never overwritten.
            DiskRefuses: it cannot be written.
        """
        numbers = _numbers(rows)
        if path.exists():
            message = f"There is a journal {path} already: this plan was carried out, or begun."
            raise PlanRefused(message, hint=f"Run {Command.RESUME} to finish it.")
        if not isinstance(passphrase, PassphraseKey):
            passphrase = PassphraseKey(passphrase, cost=cost, random_bytes=random_bytes)
        stored, key = new_header(header, passphrase, random_bytes)
        seal = RecordSeal(key, header.run)
        entries = (archive_entry(archive), *map(row_entry, rows), *map(event_entry, events))
        records, tail = seal.seal_all(entries, Tail(0, NO_TAG, b""))
        with translated(path):
            with complete_file(path) as temporary:
                database.fill_new_file(temporary, stored, records, tail.head)
            journal = cls(path, Verified(header, seal, tail, numbers), database.connect(path, writing=True))
        journal._written_rows = partial(state_of_rows, header, rows, record_count=1 + len(rows))
        return journal

    @classmethod
    def open(cls, path: Path, passphrase: Secret, *, random_bytes: Callable[[int], bytes] = os.urandom) -> Self:
        """Open a journal to go on with it; every record in it is verified first.

        Raises:
            WrongPassphrase: the passphrase is another one, or somebody edited header and checksum.
            JournalDamaged: the file or a record is damaged, missing, or from elsewhere; the message names it.
            NewerJournal: a newer bulktap wrote it.
            Untrusted: the file is a link, no regular file, has a second name, or belongs to somebody else.
            DiskRefuses: it cannot be read or written.
        """
        file_checks.require_file(path)
        with translated(path):
            file_checks.check_files(path, writing=True)
            connection = database.connect(path, writing=True)
            try:
                with database.bounded(connection, path):
                    verified = verify(connection, path, passphrase, random_bytes)
                return cls(path, verified, connection)
            except BaseException:
                database.disconnect(connection, tidy=False)
                raise

    @property
    def record_count(self) -> int:
        """How many records are known to be committed."""
        return self._tail.record_count

    def require_at_least(self, count: int) -> None:
        """Refuse, by `JournalDamaged`, a journal that is older than the workbook that was written from it."""
        if self.record_count < count:
            message = f"The journal has {self.record_count} records, but had {count} when the workbook was written."
            raise JournalDamaged(message, hint=f"An older copy of {self._path} was put back; put back the newest one.")

    def record(self, events: Sequence[RecordedEvent]) -> None:
        """Commit events together; when this returns they are on the disk.

        After `DiskRefuses` call it again with the same events, as often as it takes, before any others.

        Raises:
            DiskRefuses: it cannot be written; nothing is lost, and the hint says what to free.
            InUse: another process has written to the journal.
            JournalDamaged: the file was damaged since it was opened.
            ValueError: an event names a row that the journal does not have, or a moment without a time zone.
        """
        entries = tuple(event_entry(event) for event in events)
        unknown = {entry.row for entry in entries} - self._rows - {0}
        if unknown:
            raise ValueError(f"rows that the journal does not have: {sorted(unknown)[:5]}")
        with translated(self._path):
            connection = self._connected()
            arrived = self._arrived
            if arrived and entries[: len(arrived)] == arrived:
                entries = entries[len(arrived) :]
            else:
                self._arrived = ()  # given up by its caller; should this commit fail too, only its own is looked for
            if entries or arrived:  # after a commit that was reported as failed, another one makes it last
                self._commit(connection, entries)
                self._arrived = ()

    def state(self) -> RunState:
        """Read the whole journal and return what it adds up to, passcodes included; each time another object.

        The rows that this process wrote on creating it are not read again; nor, the first time, what was read on
        opening.

        Raises:
            JournalDamaged: a record is not as it was written.
            NewerJournal: a record is sound, and of a kind that this bulktap does not know.
            DiskRefuses: it cannot be read.
        """
        if self._written_rows is not None:
            return self.catch_up(self._written_rows())
        read, self._read_on_opening = self._read_on_opening, None
        return self.catch_up(empty_state(self.header) if read is None else read)

    def catch_up(self, state: RunState) -> RunState:
        """Read what was recorded since a state was read here, take it into account, and return the same state.

        Nobody else may have folded anything into it. After an error it is of no use any more.

        Raises:
            JournalDamaged, NewerJournal, DiskRefuses: as for `state`.
        """
        with translated(self._path):
            connection, known = self._connected(), state.record_count
            for record, secret in verified_records(connection, self._path, self._seal, self._tail, after=known):
                try:
                    replay(state, record, secret)
                except ValueError as error:
                    # It is as it was written: who wrote it had the passphrase, and knew more than this bulktap.
                    raise NewerJournal(
                        f"The journal's {record.label} was written by a newer bulktap.",
                        hint="Use the bulktap that wrote it, or a newer one.",
                    ) from error
        return state

    def archive(self) -> bytes:
        """Return what was put into the journal when it was created.

        Raises:
            JournalDamaged, DiskRefuses: as for `state`.
        """
        with translated(self._path):
            record = database.read_record(self._connected(), 1)
        secret = None if record is None or record.kind != Kind.ARCHIVE.encode() else self._seal.open(record)
        if secret is None:
            raise JournalDamaged("The archive in the journal is damaged.", hint=RESCUE_HINT)
        return secret

    def close(self) -> None:
        """Close the file for good; a second time does nothing."""
        self._closed = True
        self._disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _disconnect(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            database.disconnect(connection, tidy=self._unsure is None)

    def _commit(self, connection: sqlite3.Connection, entries: tuple[Entry, ...]) -> None:
        records, tail = self._seal.seal_all(entries, self._tail)
        # SQLite may fail, or a signal strike, after the point of no return. As long as this is set, the next call
        # looks at the file afresh, whose head tells whether the attempt is in it.
        self._unsure = _Attempt(entries, tail)
        try:
            written = database.append(connection, records, old_head=self._tail.head, new_head=tail.head)
        except BaseException:
            self._disconnect()
            raise
        if not written:
            raise self._somebody_else()
        self._tail, self._unsure = tail, None

    def _connected(self) -> sqlite3.Connection:
        if self._closed:
            raise ValueError("the journal is closed")
        if self._connection is not None and self._unsure is None:
            return self._connection
        if self._connection is None:
            if not self._path.is_file() or self._path.is_symlink():
                hint = f"Put back the disk or the folder {self._path.parent}."
                raise DiskRefuses(f"The journal {self._path} is gone.", hint=hint)
            self._connection = database.connect(self._path, writing=True)
        self._look_again(database.read_head(self._connection))
        return self._connection

    def _look_again(self, head: bytes) -> None:
        unsure = self._unsure
        if unsure is not None and head == unsure.tail.head:
            self._tail, self._arrived = unsure.tail, (*self._arrived, *unsure.entries)
        elif head != self._tail.head:
            raise self._somebody_else()
        self._unsure = None

    def _somebody_else(self) -> InUse:
        return InUse(f"Another process has written to {self._path}.", hint=f"Let it finish, then {Command.RESUME}.")


def _numbers(rows: Sequence[JournalRow]) -> frozenset[int]:
    numbers = frozenset(row.number for row in rows)
    if len(numbers) != len(rows) or any(number < 1 for number in numbers):
        raise ValueError("rows of a journal have numbers of their own, from 1")
    return numbers
