"""The journal's SQLite file: its tables, the settings that make a commit last, and what SQLite's errors mean.

Nothing is understood here; rows go in and come out as bytes.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final

from bulktap.durable.files import refusal
from bulktap.errors import BulktapError, DiskRefuses, JournalDamaged
from bulktap.journal.header import StoredHeader
from bulktap.journal.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PAGE_BYTES: Final = 4096
FILE_FAULTS: Final = (sqlite3.Error, UnicodeDecodeError)
"""What the `sqlite3` module raises over a damaged file: the second when SQLite's message quotes the damage."""
RESCUE_HINT: Final = "`bulktap results RUN` writes every passcode that is intact; a backup may hold the rest."
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
_SELECT_HEADERS: Final = (
    "SELECT version, public, wrapped, checksum FROM header",
    "SELECT version, public, wrapped, checksum FROM spare",
)
_SELECT_RECORDS: Final = "SELECT number, row, kind, public, previous, sealed FROM record"


def connect(path: Path, *, writing: bool) -> sqlite3.Connection:
    """Return a connection with the settings of a writer, or of a reader that leaves everything as it is.

    A reader too may have to undo a commit that a crash cut short; SQLite then does so under its own locks.
    """
    connection = sqlite3.connect(
        path, timeout=_WRITER_WAITS if writing else _READER_WAITS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.text_factory = bytes
        connection.execute("PRAGMA trusted_schema=OFF")
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
    connection.execute("BEGIN IMMEDIATE")
    try:
        if read_head(connection) != old_head:
            connection.execute("ROLLBACK")
            return False
        insert_records(connection, records)
        connection.execute("UPDATE head SET sealed = ? WHERE id = 1", (new_head,))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise
    return True


def check_layout(connection: sqlite3.Connection) -> None:
    """Make sure that tables and pages are as bulktap makes them: no trigger, no stray table, no broken page list.

    Raises:
        JournalDamaged: they are not.
    """
    found = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    expected = {(b"table", name.encode(), sql.encode()) for name, sql in _SCHEMA.items()}
    if set(found) != expected or len(found) != len(expected):
        raise JournalDamaged("The journal's tables are not those that bulktap makes.", hint=RESCUE_HINT)
    if connection.execute("PRAGMA quick_check(1)").fetchall() != [(b"ok",)]:
        raise JournalDamaged("The journal's file is damaged: its pages do not fit together.", hint=RESCUE_HINT)


def require_file(path: Path) -> None:
    """Make sure that there is a journal.

    Raises:
        JournalDamaged: there is none.
    """
    if not path.is_file():
        hint = "Nothing was sent under this run, or its folder is incomplete."
        raise JournalDamaged(f"There is no journal {path}.", hint=hint)


def check_first_page(path: Path) -> None:
    """Make sure that the file says it is what bulktap writes: SQLite, our page size, no write-ahead log.

    It is read before SQLite sees it, because SQLite obeys these bytes (section 1.3 of its file format).

    Raises:
        JournalDamaged: it does not.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(100)
    if start[:16] != b"SQLite format 3\0" or start[16:20] != bytes((PAGE_BYTES >> 8, PAGE_BYTES & 255, 1, 1)):
        raise JournalDamaged(f"{path.name} is not a journal, or its first page is damaged.", hint=RESCUE_HINT)


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


def read_records(connection: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    """Yield what the columns hold, by number; a damaged file may hold anything there."""
    with closing(connection.execute(f"{_SELECT_RECORDS} ORDER BY number")) as cursor:
        yield from cursor


def read_record(connection: sqlite3.Connection, number: int) -> Record | None:
    """Return one record, if it is there and has the right types."""
    rows = connection.execute(f"{_SELECT_RECORDS} WHERE number = ?", (number,)).fetchall()
    return as_record(rows[0]) if len(rows) == 1 else None


def as_record(values: tuple[object, ...]) -> Record | None:
    """Return columns as a record, if their types allow it."""
    match values:
        case (
            int() as number,
            int() as row,
            bytes() as kind,
            bytes() as public,
            bytes() as previous,
            bytes() as sealed,
        ):
            return Record(number, row, kind, public, previous, sealed)
        case _:
            return None


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
        case _:
            # SQLite's own words are left out: they may quote bytes of the damaged file to the terminal.
            name = getattr(error, "sqlite_errorname", type(error).__name__)
            return JournalDamaged(f"The journal {path} is damaged ({name}).", hint=RESCUE_HINT)
    return DiskRefuses(f"The journal {path} cannot be read or written: {error}.", hint=hint)
