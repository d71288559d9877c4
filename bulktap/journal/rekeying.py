"""Rekeying: another passphrase for a journal, or none for ever.

The data key that sealed every record stands in the header, wrapped by the passphrase. To give the journal another
passphrase is to wrap the same key anew; to forget the run is to leave the key out, and to say when. Both replace the
two copies of the header in one transaction: a process killed in the middle leaves the one or the other.

Nothing of the old wrapping stays in the file (`secure_delete`), nor in the rollback file: that is kept after the
commit, with its beginning zeroed so that SQLite does not use it any more, then overwritten, then removed.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from bulktap.journal import database, file_checks
from bulktap.journal.database import translated
from bulktap.journal.file_checks import RESCUE_HINT
from bulktap.journal.header import forgotten, forgotten_header, header_damaged, read_header, rewrapped_header
from bulktap.model.errors import BulktapError, DiskRefuses, JournalDamaged, Untrusted
from bulktap.storage.destroying import wipe_file
from bulktap.storage.files import refusal
from bulktap.storage.passphrase_cost import STANDARD, KdfCost

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from bulktap.journal.header import StoredHeader
    from bulktap.model.secret import Secret


def forget_key(path: Path, now: datetime, who: str) -> datetime:
    """Destroy a journal's key for good; return when that was done, which may be earlier.

    To be called by whoever holds the run's lock. What is in the clear, who was given which pass, stays.

    Raises:
        JournalDamaged: it is damaged, so that it cannot be written.
        NewerJournal, Untrusted: see `Journal.open`.
        DiskRefuses: it cannot be written; the key is there as before, or gone, never half.
    """
    stored = _stored_header(path)
    forgotten_at = read_header(stored).forgotten_at
    if forgotten_at is None:
        _replace_headers(path, forgotten_header(stored, now, who))
    _wipe_rollback(path)
    return forgotten_at or now


def require_remembered(path: Path) -> None:
    """Refuse a journal whose key was destroyed, before anybody is asked for its passphrase.

    What else is wrong with it is for whoever opens it to say.

    Raises:
        RunForgotten: it was.
    """
    forgotten_at = None
    with suppress(BulktapError):
        forgotten_at = read_header(_stored_header(path)).forgotten_at
    if forgotten_at is not None:
        raise forgotten(forgotten_at)


def rewrap_key(
    path: Path,
    passphrase: Secret,
    new: Secret,
    *,
    cost: KdfCost = STANDARD,
    random_bytes: Callable[[int], bytes] = os.urandom,
) -> None:
    """Give a journal another passphrase; from then on the old one does not open it.

    To be called by whoever holds the run's lock, while nobody has the journal open.

    Raises:
        WrongPassphrase, RunForgotten, JournalDamaged, NewerJournal, Untrusted: see `Journal.open`.
        DiskRefuses: it cannot be written; one of the two opens it, and which one can be tried.
    """
    stored = _stored_header(path)
    _replace_headers(path, rewrapped_header(stored, passphrase, new, cost, random_bytes))
    _wipe_rollback(path)


def _stored_header(path: Path) -> StoredHeader:
    """Return the header, of which both copies are as they were written."""
    file_checks.require_file(path)
    with translated(path):
        # As for a writer: SQLite removes a rollback file that it takes for a stale one, also for a reader.
        file_checks.check_files(path, writing=True)
        with closing(database.connect(path, writing=False)) as connection:
            database.check_tables(connection)
            headers = database.read_headers(connection)
    if len(headers) != 2 or headers[0] != headers[1] or not headers[0].is_intact:
        raise header_damaged()
    return headers[0]


def _replace_headers(path: Path, header: StoredHeader) -> None:
    with translated(path), closing(database.connect(path, writing=True)) as connection:
        if connection.execute("PRAGMA journal_mode=PERSIST").fetchall() != [(b"persist",)]:
            raise sqlite3.OperationalError("it does not take the rollback journal that is needed")
        if not database.replace_headers(connection, header):
            raise JournalDamaged("The journal's header is not where bulktap writes it.", hint=RESCUE_HINT)


def _wipe_rollback(path: Path) -> None:
    """Overwrite and remove what the commit left of the old pages; also what an earlier command did not come to."""
    rollback = path.with_name(f"{path.name}-journal")
    try:
        wipe_file(rollback)
        with suppress(PermissionError):  # Windows, while somebody looks at the run; there is nothing in it any more
            rollback.unlink()
    except FileNotFoundError:
        return
    except Untrusted as strange:
        raise DiskRefuses(strange.message, hint=strange.hint) from strange
    except OSError as error:
        raise refusal(rollback, error, doing="overwritten") from error
