"""The files that a roster consists of: those of a folder, of a zip, or several that were named.

What lies there and is no spreadsheet is told, and not read. Nothing is unpacked to disk, and each file is fetched only
when it is its turn.
"""

from __future__ import annotations

import os
import posixpath
import re
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.errors import RosterError
from bulktap.roster.files.archives import belongs_to_the_system, is_spreadsheet, open_archive, require_inside
from bulktap.roster.files.file_kinds import FileKind, recognise
from bulktap.roster.files.input_bytes import STANDARD_INPUT, RosterInput, read_input
from bulktap.storage.files import leads_elsewhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MOST_FILES = 1_000
_OURS = frozenset({"bulktap.toml", "never.txt"})
_RUN = ("plan.json", "journal.db")
_LOCKS = ("~$", ".~lock.", ".")
_NUMBER = re.compile(r"(\d+)")
_ZIP = ".zip"


class InputFile(NamedTuple):
    """One of the files."""

    name: str
    """What messages call it: without its folder, but with that of an archive."""
    fetch: Callable[[], bytes]
    is_text_by_name: bool
    """True for `.txt` and the like, which may be a roster and may be a letter."""

    @property
    def stem(self) -> str:
        """Its name without folder and ending: what its people are a group of, if nothing else says it."""
        return posixpath.basename(self.name).rpartition(".")[0] or posixpath.basename(self.name)


@dataclass(frozen=True, slots=True)
class InputFiles:
    """All of them."""

    name: str
    """What messages call all of them together."""
    files: tuple[InputFile, ...]
    others: tuple[str, ...] = ()
    """Names of those that are no spreadsheets."""
    archived: bool = field(default=False)
    """True if they are those of one archive."""
    named: frozenset[str] = field(default=frozenset())
    """Those of several that were given by name, not by their folder; without folders, in small letters."""


def several_files(source: RosterInput, beside: Path | None = None) -> InputFiles | None:
    """Return the files that a roster consists of; None if it is a single one, whatever that is.

    Args:
        source: what was named.
        beside: a file that may lie among them and is none of them.

    Raises:
        RosterError: there is no spreadsheet among them, or a folder or an archive cannot be read.
    """
    first = source.paths[0]
    if len(source.paths) == 1 and not first.is_dir():
        return None if first == STANDARD_INPUT else _of_archive_alone(source)
    files: list[InputFile] = []
    others: list[str] = []
    names = _names_of(source.paths)
    for path in source.paths:
        if path.is_dir():
            base = "" if len(source.paths) == 1 else f"{names[path]}/"
            for found in _walk(path, base):
                if beside is None or found[1].resolve() != beside.resolve():
                    _sort_in(found, files, others)
        else:
            files += _of_one(names[path], path)
    if not files:
        told = f" There are {len(others)} other files: {', '.join(others[:4])}." if others else ""
        hint = "Give the folder that the spreadsheets with the people lie in, or these spreadsheets."
        what = "is a folder that holds" if first.is_dir() else "hold"
        raise RosterError(f"{source.name} {what} no spreadsheet.{told}", hint=hint)
    if len(files) > _MOST_FILES:
        hint = "Give the folder with the class lists alone."
        raise RosterError(f"{source.name} holds more than {_MOST_FILES:,} spreadsheets.", hint=hint)
    named = frozenset(path.name.lower() for path in source.paths if not path.is_dir())
    return InputFiles(source.name, tuple(files), tuple(others), named=named)


def _names_of(paths: Sequence[Path]) -> dict[Path, str]:
    """Return what each is called: its name, with its folder where several have the same."""
    names = [path.name or str(path) for path in paths]
    return {
        path: name if names.count(name) == 1 or not path.parent.name else f"{path.parent.name}/{name}"
        for path, name in zip(paths, names, strict=True)
    }


def _walk(folder: Path, base: str) -> Iterator[tuple[str, Path]]:
    """Yield the files below a folder, in the order in which people count, without those of runs.

    Raises:
        RosterError: a folder cannot be read.
    """

    def refused(error: OSError) -> None:
        raise RosterError(f"{error.filename} cannot be read ({error.strerror}).", hint="Check who may read it.")

    for place, folders, names in os.walk(folder, onerror=refused):
        if any(name in names for name in _RUN):
            folders.clear()
            continue
        # Junctions too: those in a user's folders of Windows lead in circles, or to what nobody may read.
        entered = (one for one in folders if not one.startswith((".", "__MACOSX")))
        folders[:] = sorted((one for one in entered if not leads_elsewhere(Path(place, one))), key=_counting)
        inside = Path(place).relative_to(folder).as_posix()
        before = base if inside == "." else f"{base}{inside}/"
        for name in sorted(names, key=_counting):
            if not name.startswith(_LOCKS) and name not in _OURS and not belongs_to_the_system(name):
                yield f"{before}{name}", Path(place, name)


def _sort_in(found: tuple[str, Path], files: list[InputFile], others: list[str]) -> None:
    name, path = found
    if is_spreadsheet(name) or name.lower().endswith(_ZIP):
        files += _of_one(name, path)
    else:
        others.append(name)


def _of_one(name: str, path: Path) -> list[InputFile]:
    """Return a file, or the spreadsheets in it if it is an archive."""
    if name.lower().endswith(_ZIP):
        return list(_members(read_input(path), name).files)
    return [InputFile(name, partial(read_input, path), _may_be_a_letter(name))]


def _of_archive_alone(source: RosterInput) -> InputFiles | None:
    """Return the spreadsheets in the one archive that was named; None if it is none, or there is only one in it."""
    if source.path.is_file() and not source.begins_with(b"PK"):
        return None
    data = source.read()
    if recognise(data, source.name) is not FileKind.ARCHIVE:
        return None
    found = _members(data, source.name)
    if not found.files:
        what = "holds another archive" if any(one.lower().endswith(_ZIP) for one in found.others) else None
        hint = "Unpack it and give the spreadsheet itself."
        raise RosterError(f"{source.name} {what or 'holds no spreadsheet'}.", hint=hint)
    return found


def _members(data: bytes, name: str) -> InputFiles:
    with open_archive(data, name) as archive:
        paths = [info.filename for info in archive.infolist() if not info.is_dir()]
    require_inside(paths, name)
    people = sorted((path for path in paths if not belongs_to_the_system(path)), key=_counting)
    top = _common_folder([_slashed(path) for path in people if is_spreadsheet(path)])
    sheets = tuple(
        InputFile(f"{name}/{_slashed(path).removeprefix(top)}", _fetch(data, name, path), _may_be_a_letter(path))
        for path in people
        if is_spreadsheet(path)
    )
    others = tuple(posixpath.basename(_slashed(path)) for path in people if not is_spreadsheet(path))
    return InputFiles(name, sheets, others, archived=True)


def _slashed(path: str) -> str:
    return path.replace("\\", "/")


def _common_folder(paths: Sequence[str]) -> str:
    """Return the folder, with its slash, that all of them are in."""
    folder = posixpath.commonpath([posixpath.dirname(path) for path in paths]) if paths else ""
    return f"{folder}/" if folder else ""


def _fetch(data: bytes, name: str, path: str) -> Callable[[], bytes]:
    def fetch() -> bytes:
        with open_archive(data, name) as archive:
            return archive.read(path)

    return fetch


def _may_be_a_letter(name: str) -> bool:
    return name.lower().endswith((".txt", ".dat"))


def _counting(name: str) -> list[tuple[int, int, str]]:
    parts = _NUMBER.split(name.casefold())
    return [(0, int(part), "") if part.isascii() and part.isdecimal() else (1, 0, part) for part in parts if part]
