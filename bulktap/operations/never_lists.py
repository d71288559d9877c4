"""Where the kept lists of accounts that never get a pass are, and how they are read: `never.txt`.

One may lie in the folder of the roster, one in the reports folder, and one in the user's configuration folder; all that
are there hold together, for every command that creates passes, and no option takes one away. Whoever plants one can
only keep accounts from a pass. So a list that cannot be read, or not be understood, stops the command: what it would
have guarded is not known.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from bulktap.model.errors import BulktapError, UsageError
from bulktap.planning.never_list import FILE_NAME, NeverList, read_never_list
from bulktap.storage import MEGABYTE, read_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulktap.planning.never_list import NeverEntry

_HINT = (
    "Put the list right, one account or pattern a line, or take the file away: the accounts in it never get a pass, so "
    "it is not passed over."
)


def never_list(folders: Iterable[Path | None]) -> NeverList:
    """Return the accounts of the lists in these folders; where there is no folder or no list, nothing is added.

    Raises:
        UsageError: one of them cannot be read, or a line of it cannot be meant.
    """
    entries: list[NeverEntry] = []
    for folder in dict.fromkeys(os.path.realpath(folder) for folder in folders if folder is not None):
        entries += _entries(Path(folder) / FILE_NAME)
    return NeverList(entries)


def note_of(never: NeverList) -> tuple[str, ...]:
    """Return the sentence that says which lists were looked into, if there is one."""
    if not never:
        return ()
    lists = dict.fromkeys(entry.place.rpartition(", line ")[0] for entry in never.entries)
    return (f"Accounts that never get a pass are listed in {', '.join(lists)}.",)


def folders_of_lists(roster: str, *others: Path | None) -> tuple[Path | None, ...]:
    """Return where lists may be: beside a roster (its paths, one a line), in its folders, and in other folders."""
    places = [] if roster == "-" else list(map(Path, roster.split("\n"))) if roster else []
    inside = [place for place in places if place.is_dir()]
    return (*(place.parent for place in places), *inside, *others)


_MISNAMED = ("never.txt.txt", "Never.txt", "NEVER.TXT", "NEVER.txt")
"""What Windows makes of the name where it hides extensions, and what only some file systems take for the same."""


def _require_no_other_name(folder: Path) -> None:
    """Make sure that no list lies there under a name by which it would not be found."""
    found = [name for name in _MISNAMED if os.path.lexists(folder / name)]
    if found:
        raise UsageError(
            f"{folder / found[0]} looks like a list of accounts that never get a pass, and has another name.",
            hint=f"Rename it to {FILE_NAME}.",
        )


def _entries(path: Path) -> list[NeverEntry]:
    try:
        # Through a link too: a list that several machines share may be one. What it leads to is looked at then.
        if not stat.S_ISLNK(path.lstat().st_mode):
            return read_never_list(read_file(path, at_most=MEGABYTE), str(path))
        return read_never_list(read_file(Path(os.path.realpath(path)), at_most=MEGABYTE), str(path))
    except (FileNotFoundError, NotADirectoryError) as error:
        if os.path.lexists(path):
            raise _unreadable(path, error.strerror or "it leads nowhere") from None
        _require_no_other_name(path.parent)
        return []
    except OSError as error:
        raise _unreadable(path, error.strerror or type(error).__name__) from None
    except ValueError as wrong:
        raise _unreadable(path, str(wrong)) from None
    except BulktapError as trouble:
        raise _unreadable(path, trouble.message) from None


def _unreadable(path: Path, why: str) -> UsageError:
    return UsageError(f"{path} cannot be read: {why.rstrip('.')}.", hint=_HINT)
