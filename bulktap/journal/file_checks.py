"""What must be true of a journal's files before SQLite is let at them; it obeys what lies beside them unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulktap.model.errors import JournalDamaged
from bulktap.model.setting_names import Command
from bulktap.storage import MEGABYTE, read_end, read_start, require_sound

if TYPE_CHECKING:
    from pathlib import Path

PAGE_BYTES: Final = 4096  # SQLite's own choice since 3.12; carving counts on it
RESCUE_HINT: Final = f"{Command.RESULTS} writes every passcode that is intact; a backup may hold the rest."
MOST_BYTES: Final = 4000 * MEGABYTE
"""What no journal comes near: a row takes about two kilobytes, and a sheet has a million rows at most."""
# What a rollback file ends in that names another file (aJournalMagic in sqlite.org's pager.c).
_ROLLBACK_OF_SEVERAL: Final = bytes.fromhex("d9d505f920a163d7")


def require_file(path: Path) -> None:
    """Make sure that there is a journal.

    Raises:
        JournalDamaged: there is none.
    """
    if not path.is_file() and not path.is_symlink():
        hint = "Nothing was sent under this run, or its folder is incomplete."
        raise JournalDamaged(f"There is no journal {path}.", hint=hint)


def check_first_page(path: Path) -> None:
    """Make sure that the file says it is what bulktap writes: SQLite, our page size, no write-ahead log.

    It is read before SQLite sees it, because SQLite obeys these bytes (section 1.3 of its file format).

    Raises:
        JournalDamaged: it does not.
        Untrusted: it is a link or no regular file.
        OSError: it cannot be read.
    """
    start = read_start(path, 100)
    if start[:16] != b"SQLite format 3\0" or start[16:20] != bytes((PAGE_BYTES >> 8, PAGE_BYTES & 255, 1, 1)):
        raise JournalDamaged(f"{path.name} is not a journal, or its first page is damaged.", hint=RESCUE_HINT)


def check_companions(path: Path) -> None:
    """Make sure that the files beside the journal that SQLite obeys unasked are those of bulktap.

    SQLite takes pages from a write-ahead log that is there, whatever the journal's first page says, and after undoing
    a commit it deletes a file that the rollback file names at its end (`pager_playback` and `pager_delsuper` in
    sqlite.org's pager.c): that name stands only in commits to several databases at once, which bulktap never makes.

    Raises:
        JournalDamaged: there is one that bulktap does not make.
        Untrusted: the rollback file is a link, no regular file, has a second name, or belongs to somebody else.
        OSError: it cannot be read.
    """
    for ending in ("-wal", "-shm"):
        stray = path.with_name(path.name + ending)
        if stray.exists() or stray.is_symlink():
            message = f"There is a file {stray.name} beside the journal, which bulktap never makes."
            raise JournalDamaged(message, hint=f"Move {stray} elsewhere, then try again.")
    rollback = path.with_name(path.name + "-journal")
    try:
        end = read_end(rollback, len(_ROLLBACK_OF_SEVERAL))
    except FileNotFoundError:
        return
    if end == _ROLLBACK_OF_SEVERAL:
        message = f"The file {rollback.name} beside the journal is not one that bulktap makes."
        raise JournalDamaged(message, hint=f"Move {rollback} elsewhere, then try again.")


def check_files(path: Path, *, writing: bool) -> None:
    """Make sure that SQLite may be let at the journal, before it is.

    Raises:
        JournalDamaged, Untrusted, OSError: see `check_first_page` and `check_companions`.
    """
    check_first_page(path)
    check_companions(path)
    if writing:
        for one in (path, path.with_name(path.name + "-journal")):
            require_sound(one, at_most=MOST_BYTES)
