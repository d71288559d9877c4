"""The journal's SQLite file: its tables, the settings that make a commit last, and what SQLite's errors mean.

Nothing is understood here; rows go in and come out as bytes.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final

from bulktap.journal.file_checks import PAGE_BYTES, RESCUE_HINT
from bulktap.journal.header import StoredHeader, newer
from bulktap.journal.records import SCHEMA_VERSION, Record
from bulktap.model.errors import BulktapError, DiskRefuses, JournalDamaged
from bulktap.storage import MEGABYTE
from bulktap.storage.files import refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FILE_FAULTS: Final = (sqlite3.Error, UnicodeDecodeError)
"""What the `sqlite3` module raises over a damaged file: the second when SQLite's message quotes the damage."""
_MOST_VALUE: Final = 500 * MEGABYTE
_STEPS_BETWEEN: Final = 10_000
# Seconds. A virus scanner or a backup may hold the file for a moment.
_WRITER_WAITS: Final = 30.0
_READER_WAITS: Final = 5.0
# The header is kept twice, on two pages: with both copies lost nothing could be opened any more.
_SCHEMA: Final = {
    "header": "CREATE TABLE header (id INTEGER PRIMARY KEY, version INTEGER, public TEXT, wrapped BLOB, checksum BLOB)",
    "spare": "CREATE TABLE spare (id INTEGER PRIMARY KEY, version INTEGER, public TEXT, wrapped BLOB, checksum BLOB)",
    "head": "CREATE TABLE head (id INTEGER PRIMARY KEY, sealed BLOB)",
    "record": "CREATE TABLE record (number INTEGER PRIMARY KEY, row INTEGER, kind TEXT, public TEXT, previous BLOB,"
    " sealed BLOB)",
}
_INSERT_HEADERS: Final = ("INSERT INTO header VALUES (1, ?, ?, ?, ?)", "INSERT INTO spare VALUES (1, ?, ?, ?, ?)")
_UPDATE_HEADERS: Final = (
    "UPDATE header SET version = ?, public = ?, wrapped = ?, checksum = ?",
    "UPDATE spare SET version = ?, public = ?, wrapped = ?, checksum = ?",
)
_SELECT_HEADERS: Final = (
    "SELECT version, public, wrapped, checksum FROM header",
    "SELECT version, public, wrapped, checksum FROM spare",
)
_SELECT_VERSIONS: Final = ("SELECT version FROM header LIMIT 2", "SELECT version FROM spare LIMIT 2")
# A table of nothing but columns: to read it runs nothing that somebody wrote into the file.
_PLAIN_TABLE: Final = re.compile(rb"CREATE TABLE \w+ ?\([\w ,]+\)\Z")
_SELECT_RECORDS: Final = "SELECT number, row, kind, public, previous, sealed FROM record"
_RECORD_TYPES: Final = (int, int, bytes, bytes, bytes, bytes)
_SELECT_TAGS: Final = "SELECT number, row, kind, public, previous, substr(sealed, -16) FROM record"


def connect(path: Path, *, writing: bool) -> sqlite3.Connection:
    """Return a connection with the settings of a writer, or of a reader that leaves everything as it is.

    A reader too may have to undo a commit that a crash cut short; SQLite then does so under its own locks.
    """
    connection = sqlite3.connect(
        path, timeout=_WRITER_WAITS if writing else _READER_WAITS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.text_factory = bytes
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_VALUE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 0)
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA cell_size_check=ON")
        connection.execute("PRAGMA temp_store=MEMORY")
        if writing:
            connection.execute("PRAGMA secure_delete=ON")
            if connection.execute("PRAGMA journal_mode=TRUNCATE").fetchall() != [(b"truncate",)]:
                raise sqlite3.OperationalError("it does not take the rollback journal that a run needs")
            connection.execute("PRAGMA synchronous=EXTRA")
            # Without effect except on macOS, where an ordinary sync leaves the bytes in the drive's cache.
            connection.execute("PRAGMA fullfsync=ON")
            connection.execute("PRAGMA checkpoint_fullfsync=ON")
        else:
            connection.execute("PRAGMA query_only=ON")
    except BaseException:
        connection.close()
        raise
    return connection


def disconnect(connection: sqlite3.Connection, *, tidy: bool) -> None:
    """Close the connection; a tidy end leaves no empty rollback file beside the journal.

    After a failed commit the rollback file is what undoes it; then nothing is to be tidied.
    """
    if tidy:
        with suppress(sqlite3.Error):
            connection.execute("PRAGMA journal_mode=DELETE")
    with suppress(sqlite3.Error):
        connection.close()


def fill_new_file(path: Path, header: StoredHeader, records: Iterable[Record], head: bytes) -> None:
    """Write tables, header, records and head into an empty file that nobody else knows yet.

    No rollback file and no syncing: if this fails the file is thrown away, and the caller makes it last when it is
    complete.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN EXCLUSIVE")
        for statement in _SCHEMA.values():
            connection.execute(statement)
        version, public, wrapped, checksum = header
        for statement in _INSERT_HEADERS:
            connection.execute(statement, (version, public.decode("ascii"), wrapped, checksum))
        insert_records(connection, records)
        connection.execute("INSERT INTO head VALUES (1, ?)", (head,))
        connection.execute("COMMIT")
    finally:
        connection.close()


def insert_records(connection: sqlite3.Connection, records: Iterable[Record]) -> None:
    """Add records; part of the caller's transaction."""
    rows = (
        (number, row, str(kind, "ascii"), str(public, "ascii"), *rest) for number, row, kind, public, *rest in records
    )
    connection.executemany("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)", rows)


def append(connection: sqlite3.Connection, records: Iterable[Record], *, old_head: bytes, new_head: bytes) -> bool:
    """Commit records and head together; False, and nothing written, if the head is not the one expected.

    Raises:
        sqlite3.Error: nothing was committed, or (after a fault at the very end) it cannot be known.
    """
    with _transaction(connection):
        if read_head(connection) != old_head:
            connection.execute("ROLLBACK")
            return False
        insert_records(connection, records)
        connection.execute("UPDATE head SET sealed = ? WHERE id = 1", (new_head,))
        connection.execute("COMMIT")
    return True


def replace_headers(connection: sqlite3.Connection, header: StoredHeader) -> bool:
    """Commit another header in place of both copies; False, and nothing written, if they are not where they should be.

    Raises:
        sqlite3.Error: nothing was committed, or (after a fault at the very end) it cannot be known.
    """
    version, public, wrapped, checksum = header
    values = (version, public.decode("ascii"), wrapped, checksum)
    with _transaction(connection):
        written = [connection.execute(statement, values).rowcount for statement in _UPDATE_HEADERS]
        connection.execute("COMMIT" if written == [1, 1] else "ROLLBACK")
    return written == [1, 1]


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Undo what the block did not come to commit."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise


def check_tables(connection: sqlite3.Connection) -> None:
    """Make sure that the tables are those that bulktap makes: no view, no trigger, no stray or virtual table.

    To be called before anything is read from them: a view can stand where a table is expected, and never end.

    Raises:
        NewerJournal: a newer bulktap made them.
        JournalDamaged: they are not.
    """
    found = connection.execute("SELECT type, name, sql FROM sqlite_master LIMIT 50").fetchall()
    _refuse_newer(connection, found)
    expected = {(b"table", name.encode(), sql.encode()) for name, sql in _SCHEMA.items()}
    if set(found) != expected or len(found) != len(expected):
        raise JournalDamaged("The journal's tables are not those that bulktap makes.", hint=RESCUE_HINT)


def check_pages(connection: sqlite3.Connection) -> None:
    """Make sure that the pages fit together.

    Raises:
        JournalDamaged: they do not.
    """
    if connection.execute("PRAGMA quick_check(1)").fetchall() != [(b"ok",)]:
        raise JournalDamaged("The journal's file is damaged: its pages do not fit together.", hint=RESCUE_HINT)


def _refuse_newer(connection: sqlite3.Connection, found: list[tuple[bytes, bytes, bytes]]) -> None:
    """Say of a journal whose two headers agree on a newer format that it is newer, whatever tables it has."""
    plain = {name for kind, name, sql in found if kind == b"table" and sql and _PLAIN_TABLE.match(sql)}
    if not {b"header", b"spare"} <= plain:
        return
    versions = [row[0] for query in _SELECT_VERSIONS for row in connection.execute(query).fetchall()]
    # One flipped bit makes one of the two look newer; two that agree were written so.
    if len(versions) == 2 and versions[0] == versions[1] and isinstance(versions[0], int):
        version = versions[0]
        if SCHEMA_VERSION < version < 2**31:
            raise newer(version)


@contextmanager
def bounded(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Stop what takes SQLite more steps in the block than any journal of that size does.

    Raises:
        sqlite3.OperationalError: it was stopped (SQLITE_INTERRUPT).
    """
    left = 1_000 + path.stat().st_size * 10 // _STEPS_BETWEEN

    def one_more() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    connection.set_progress_handler(one_more, _STEPS_BETWEEN)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)


def read_headers(connection: sqlite3.Connection) -> list[StoredHeader]:
    """Return the header and its spare, as far as they are there and have the right types."""
    found: list[tuple[object, ...]] = []
    for query in _SELECT_HEADERS:
        found += connection.execute(query).fetchall()
    return [header for row in found if (header := as_header(row)) is not None]


def read_head(connection: sqlite3.Connection) -> bytes:
    """Return the sealed head; empty if there is not exactly one."""
    rows = connection.execute("SELECT sealed FROM head").fetchall()
    return rows[0][0] if len(rows) == 1 and isinstance(rows[0][0], bytes) else b""


def read_records(
    connection: sqlite3.Connection, path: Path, *, after: int = -1, tags_only: bool = False
) -> Iterator[Record | None]:
    """Yield records, by number; None for one whose columns hold other kinds of values, as in a damaged file.

    Args:
        connection: to the file.
        path: the file.
        after: only records with a higher number than this.
        tags_only: the sealed part is cut down to its tag: an archive can be large.

    Raises:
        JournalDamaged: the records are more than the file can hold: pages are used twice.
    """
    left = path.stat().st_size
    query = _SELECT_TAGS if tags_only else _SELECT_RECORDS
    # No number is left out by its default: what a damaged file has below the first record is damage too.
    only, values_of = (" WHERE number > ?", (after,)) if after >= 0 else ("", ())
    with closing(connection.execute(f"{query}{only} ORDER BY number", values_of)) as cursor:
        for values in cursor:
            record = as_record(values)
            if record is None:
                left -= sum([len(value) for value in values if isinstance(value, bytes)])
            else:
                _, _, kind, public, previous, sealed = record
                left -= len(kind) + len(public) + len(previous) + len(sealed)
            if left < 0:
                raise JournalDamaged("The journal's records are more than its file can hold.", hint=RESCUE_HINT)
            yield record


def read_record(connection: sqlite3.Connection, number: int) -> Record | None:
    """Return one record, if it is there and has the right types."""
    rows = connection.execute(f"{_SELECT_RECORDS} WHERE number = ?", (number,)).fetchall()
    return as_record(rows[0]) if len(rows) == 1 else None


def as_record(values: tuple[object, ...]) -> Record | None:
    """Return columns as a record, if their types allow it."""
    return Record._make(values) if tuple(map(type, values)) == _RECORD_TYPES else None


def as_header(values: tuple[object, ...]) -> StoredHeader | None:
    """Return columns as a header, if their types allow it."""
    match values:
        case (int() as version, bytes() as public, bytes() as wrapped, bytes() as checksum) if 0 < version < 2**31:
            return StoredHeader(version, public, wrapped, checksum)
        case _:
            return None


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk raise in the block into what it means to the run."""
    try:
        yield
    except FILE_FAULTS as error:
        raise meaning_of(error, path) from error
    except OSError as error:
        raise refusal(path, error, doing="read") from error


def meaning_of(error: Exception, path: Path) -> BulktapError:
    """Return what one of `FILE_FAULTS` means to the run."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    match code:
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            hint = f"Free space on the disk that holds {path.parent}."
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            hint = f"Close the other programs that have {path.name} open."
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_AUTH:
            hint = f"Check that {path.parent} is there and that you may write to it."
        case sqlite3.SQLITE_INTERRUPT:
            return JournalDamaged(f"The journal {path} does not come to an end.", hint=RESCUE_HINT)
        case _:
            # SQLite's own words are left out: they may quote bytes of the damaged file to the terminal.
            name = getattr(error, "sqlite_errorname", type(error).__name__)
            return JournalDamaged(f"The journal {path} is damaged ({name}).", hint=RESCUE_HINT)
    return DiskRefuses(f"The journal {path} cannot be read or written: {error}.", hint=hint)
