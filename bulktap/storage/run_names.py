"""What runs are called: their ids, the names that people gave them, and which one a word on the command line means.

    2026-09-01T0800Z-students-3fa9    an id, the name of the run's folder
    3fa9, students-3fa9               its tails
    autumn-5a                         a name that was given with the plan, kept in plan.json
    latest                            the most recent run that the command can work on

Few files are looked at, and none is opened but the first bytes of plans, where somebody asks for a name: a folder may
hold hundreds of runs.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from contextlib import suppress
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulktap.model.errors import Untrusted, UsageError
from bulktap.model.run_names import LATEST, checked_name
from bulktap.model.setting_names import Command, Setting
from bulktap.storage.trusted_files import read_start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PLAN_NAME: Final = "plan.json"
JOURNAL_NAME: Final = "journal.db"
MINUTE_LENGTH: Final = len("2026-09-01T0800Z")
_RUN_NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{4}Z-[A-Za-z0-9-]{1,40}-[0-9a-f]{4}\Z")
_NAME_IN_PLAN = re.compile(rb'"run"\s*:\s*"[^"]*"\s*,\s*"name"\s*:\s*("(?:[^"\\]|\\u[0-9a-fA-F]{4}){1,240}")')
_BEGINNING: Final = 800
"""Bytes of plan.json within which the name stands: it is its third member, and a member has at most forty letters."""
_CLOSE: Final = 0.6
_TAIL_LENGTH: Final = 4
_DEEPEST: Final = 3
"""Folders above a slip that was printed for one person, up to its run's."""
_MOST_TOLD: Final = 5
"""Runs that are named where several could be meant."""


def run_paths(reports: Path) -> Iterator[Path]:
    """Yield the folders that are named like runs, the newest first; they may be no runs, or closed to this user.

    Raises:
        OSError: the reports folder cannot be read.
    """
    try:
        with os.scandir(reports) as entries:
            names = [entry.name for entry in entries if _RUN_NAME.match(entry.name) and entry.is_dir()]
    except (FileNotFoundError, NotADirectoryError):
        return
    names.sort(reverse=True)
    for _, group in groupby(names, key=_minute):
        same_minute = [reports / name for name in group]
        yield from same_minute if len(same_minute) == 1 else sorted(same_minute, key=_begun_at, reverse=True)


def may_enter(path: Path) -> bool:
    """Whether this user may look into a folder."""
    try:
        with os.scandir(path):  # an access list of Windows says no here, and nowhere earlier
            return os.access(path, os.R_OK | os.X_OK)
    except OSError:
        return False


def is_run(path: Path) -> bool:
    """Whether a folder is a run's: the journal alone holds all that `resume` and `results` need."""
    # Something else of that name, a link or a pipe, is no reason to pass the run over in silence.
    return any(os.path.lexists(path / name) for name in (PLAN_NAME, JOURNAL_NAME))


def given_name(run: Path) -> str | None:
    """Return the name that somebody gave a run; None if it has none, or its plan cannot be read."""
    with suppress(OSError, Untrusted, ValueError):
        found = _NAME_IN_PLAN.search(read_start(run / PLAN_NAME, _BEGINNING))
        if found is not None:
            return checked_name(json.loads(found[1]))
    return None


def folded(name: str) -> str:
    """Return a name as names are compared: however it is capitalised, or its accents are composed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def found_run(reports: Path, given: Path, word: str | None) -> Path:
    """Return the folder of the run that is meant, if only one can be.

    Args:
        reports: where runs are.
        given: the path of its folder or of what is in there, or one from the reports folder on.
        word: a name, or a tail of an id; None where a path was given.

    Raises:
        UsageError: there is no such run, or several could be meant.
        Untrusted: it is another user's, who lets nobody look into it.
    """
    places = (given, reports / given)
    for path in places:
        if _is(path, Path.is_dir) and not may_enter(path):
            raise _closed(path)
        if is_run(path):
            return path
    meant = runs_meant(reports, word) if word else []
    if len(meant) > 1:
        told = ", ".join(map(_told, meant[:_MOST_TOLD])) + (", ..." if len(meant) > _MOST_TOLD else "")
        raise UsageError(f"{word} can mean {len(meant)} runs: {told}.", hint="Give the whole id of the one you mean.")
    if meant and not may_enter(meant[0]):
        raise _closed(meant[0])
    if meant:
        return meant[0]
    for path in places:
        around = _run_around(path)
        if around is not None:
            return around
    if _is(given, Path.is_file):
        raise UsageError(
            f"{given} is a file, and not one in the folder of a run.",
            hint=f"Give the folder of the run or its id. {Command.RUNS.of(reports)} lists the runs that there are.",
        )
    near = _nearest(reports, word) if word else None
    raise UsageError(
        f"There is no run {given}.",
        hint=(f"Did you mean {near}? " if near else "") + f"{Command.RUNS.of(reports)} lists the runs that there are.",
    )


def _is(path: Path, kind: Callable[[Path], bool]) -> bool:
    """Return what `Path.is_dir` or `is_file` says; False of what may not be looked at, for which these raise."""
    with suppress(OSError):
        return kind(path)
    return False


def _run_around(path: Path) -> Path | None:
    """Return the run in whose folder a file or folder is: somebody has dragged its workbook into the terminal.

    Raises:
        Untrusted: it is another user's, who lets nobody look into it.
    """
    folder = path.absolute().parent
    if _is(folder, Path.is_dir) and _RUN_NAME.match(folder.name) and not may_enter(folder):
        raise _closed(folder)
    if not os.path.lexists(path):
        return None
    return next((above for above in path.absolute().parents[:_DEEPEST] if is_run(above)), None)


def runs_meant(reports: Path, word: str) -> list[Path]:
    """Return the runs that a word can mean, the newest first: by id, else by name, else by the tail of their ids."""
    wanted, found = word.casefold(), _runs(reports)
    whole = [path for path in found if path.name.casefold() == wanted]
    if whole:
        return whole
    tails = [path for path in found if path.name.casefold().endswith(wanted)]
    return _named(found, word) or tails


def require_new_name(reports: Path, name: str) -> None:
    """Make sure that no run in the folder has this name.

    Raises:
        UsageError: one has.
    """
    taken = _named(_runs(reports), name)
    if taken:
        begun = os.path.lexists(taken[0] / JOURNAL_NAME)
        raise UsageError(
            f"The run {taken[0].name} is named {given_name(taken[0])} already.",
            hint=("" if begun else f"To carry out its plan: {Command.APPLY.of(taken[0])}. ")
            + f"Or give the new run another {Setting.NAME}.",
        )


def spellings(reports: Path) -> dict[str, str]:
    """Return every word that names a run, ids, names and their short tails, with the run's id; the newest first."""
    found: dict[str, str] = {}
    for path in _runs(reports):
        name = given_name(path)
        for word in (path.name, *((name,) if name else ()), path.name[-_TAIL_LENGTH:]):
            found.setdefault(word, path.name)
    return found


def _runs(reports: Path) -> list[Path]:
    """Return the runs, and the folders that are closed to this user; none where the reports folder is."""
    try:
        return [path for path in run_paths(reports) if is_run(path) or not may_enter(path)]
    except OSError:
        return []


def _named(found: list[Path], name: str) -> list[Path]:
    wanted = folded(name)
    return [path for path in found if folded(given_name(path) or "") == wanted]


def _nearest(reports: Path, word: str) -> str | None:
    """Return what is most like a word among ids, their tails, names, and `latest`, as somebody would type it."""
    typed = {folded(LATEST): LATEST}
    for spelling, run in spellings(reports).items():
        typed.setdefault(folded(spelling), spelling if len(spelling) > _TAIL_LENGTH else run)
        typed.setdefault(folded(run[MINUTE_LENGTH + 1 :]), run)
    close = get_close_matches(folded(word), typed, 1, _CLOSE)
    return typed[close[0]] if close else None


def _told(path: Path) -> str:
    name = given_name(path)
    return f"{path.name} ({name})" if name else path.name


def _closed(path: Path) -> Untrusted:
    return Untrusted(
        f"The folder {path} belongs to another user, and you may not look into it.",
        hint="Work on a run as the user who began it, or make a copy of the folder as your own.",
    )


def _minute(name: str) -> str:
    return name[:MINUTE_LENGTH]


def _begun_at(path: Path) -> tuple[int, str]:
    """Return when a run's plan was written: it is never written again."""
    plan = path / PLAN_NAME
    try:
        return (plan if plan.is_file() else path / JOURNAL_NAME).lstat().st_mtime_ns, path.name
    except OSError:
        return 0, path.name
