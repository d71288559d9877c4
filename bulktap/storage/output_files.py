"""OutputFiles: what a run hands back, each file by itself, never over one that somebody has open or has edited.

A workbook that was corrected or annotated is somebody's work, and one that is open would be saved over the new one.
So what was written is remembered by its digest, in a small file beside it, and a file that is not as it was written
keeps its name: the new one becomes `results-2.xlsx`, and so on.
"""

from __future__ import annotations

import errno
import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bulktap.model.errors import DiskRefuses, Untrusted
from bulktap.storage import MEGABYTE, read_file, read_if_sound, write_file
from bulktap.storage.files import patiently, refusal
from bulktap.storage.untrusted_json import json_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

MOST_BYTES: Final = 500 * MEGABYTE
"""What no workbook of a run comes near."""
_RECORD: Final = ".handed-back.json"
_RECORD_BYTES: Final = 20 * MEGABYTE
"""What the record of ten thousand files does not come near."""
_MOST_NAMES: Final = 99
_REMEMBERED: Final = 4
# What rename(2), and Windows in its place, answers when the file that is to be replaced is open or protected.
_TAKEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY})


class Written(NamedTuple):
    """A file that was written."""

    path: Path
    note: str = ""
    """Why it does not have its usual name, and which files beside it are older; empty where neither is to be said."""


class OutputFiles:
    """Writes the outputs of one run, and remembers what it wrote."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._record = json_object(read_if_sound(folder / _RECORD, at_most=_RECORD_BYTES) or b"") or {}

    def write(self, name: str, content: bytes, *, set_aside: Callable[[bytes], bool], now: datetime) -> Written:
        """Write a file under its name, or under the next one that is free.

        Args:
            name: the usual name.
            content: all of it.
            set_aside: told what is there now, whether that is to be kept under another name.
            now: names what is set aside.

        Raises:
            DiskRefuses: it cannot be written.
        """
        first: DiskRefuses | None = None
        reasons: list[str] = []
        for path in _names(self._folder / name):
            why = self._why_kept(path)
            if why is None:
                try:
                    self._clear(path, set_aside, now)
                    self._remember(path.name, content)
                    write_file(path, content)
                except DiskRefuses as refused:
                    cause = refused.__cause__
                    first = first or refused
                    if not (isinstance(cause, OSError) and cause.errno in _TAKEN and path.is_file()):
                        break
                    why = "cannot be replaced; it is open in another program, or protected"
                else:
                    over = f"{reasons[0]}, so the new one is {path.name}." if reasons else ""
                    return Written(path, " ".join(filter(None, (over, self._older_than(path, len(reasons), name)))))
            reasons.append(f"{path.name} {why}")
        raise first or DiskRefuses(
            f"{self._folder / name} cannot be written: {reasons[0]}.", hint=f"Move the {name} files elsewhere."
        )

    def expect(self, contents: Mapping[str, bytes]) -> None:
        """Remember in one go what is about to be written under these names, where there are many."""
        for name, content in contents.items():
            self._note_digest(name, content)
        self._keep_record()

    def remove(self, name: str) -> str:
        """Remove a file that is out of date; return a sentence if it has to stay."""
        path = self._folder / name
        if not path.is_file() and not path.is_symlink():
            return ""
        why = self._why_kept(path)
        if why is None:
            try:
                patiently(path.unlink)
            except OSError as error:
                why = f"cannot be removed ({error.strerror})"
        return f"{name} {why}; it is out of date." if why else ""

    def mark_complete(self, record_count: int) -> None:
        """Remember that what a journal of so many records says was handed back, as far as it could be written."""
        self._record["complete"] = record_count
        self._keep_record()

    def _clear(self, path: Path, set_aside: Callable[[bytes], bool], now: datetime) -> None:
        """Give what is there another name, where it is to be kept.

        Raises:
            DiskRefuses: it cannot be renamed; its cause says why.
        """
        if path.is_symlink() or not path.is_file():
            return  # a link is replaced, not followed
        try:
            content = read_file(path, at_most=MOST_BYTES)
        except OSError as error:
            raise refusal(path, error, doing="read") from error
        except Untrusted as strange:
            raise DiskRefuses(strange.message, hint=strange.hint) from strange
        if set_aside(content):
            _rename_aside(path, now)

    def _older_than(self, written: Path, passed_over: int, name: str) -> str:
        """Return a sentence on the files with a later number, which earlier commands wrote; empty if there are none."""
        older = [path.name for path in list(_names(self._folder / name))[passed_over + 1 :] if path.is_file()]
        if not older:
            return ""
        return f"The current file is {written.name}; {', '.join(older)} {'is' if len(older) == 1 else 'are'} older."

    def _why_kept(self, path: Path) -> str | None:
        """Return why the file of that name must not be replaced, in words that follow its name."""
        if not path.is_file() or path.is_symlink():
            return None
        if is_open(path):
            return "is open in another program"
        known = self._digests(path.name)
        if not known:
            return None  # of an older bulktap, which remembered nothing
        content = read_if_sound(path, at_most=MOST_BYTES)
        if content is None or hashlib.sha256(content).hexdigest() not in known:
            return "was edited after it was written"
        return None

    def _digests(self, name: str) -> list[str]:
        files = self._record.get("files")
        found = files.get(name) if isinstance(files, dict) else None
        return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []

    def _remember(self, name: str, content: bytes) -> None:
        # Before the file is written, and with those before it: a process killed in between, perhaps more than once,
        # must not make what is there look edited.
        if self._note_digest(name, content):
            self._keep_record()

    def _note_digest(self, name: str, content: bytes) -> bool:
        """Note the digest of a content; return False if it is the last one that was noted for that name."""
        digest, known = hashlib.sha256(content).hexdigest(), self._digests(name)
        if known[:1] == [digest]:
            return False
        files: Any = self._record.get("files")
        if not isinstance(files, dict):
            files = self._record["files"] = {}
        files[name] = [digest, *known[:_REMEMBERED]]
        return True

    def _keep_record(self) -> None:
        with suppress(DiskRefuses):  # then the next command knows less, and is none the worse for it
            write_file(self._folder / _RECORD, json.dumps(self._record).encode())


def was_completed(folder: Path, record_count: int) -> bool:
    """Whether what a journal of so many records says was handed back, as far as it could be written."""
    record = json_object(read_if_sound(folder / _RECORD, at_most=_RECORD_BYTES) or b"") or {}
    return record.get("complete") == record_count


def all_copies(path: Path) -> list[Path]:
    """Return the files that have that name, or the name with a number, as far as they are there."""
    return [one for one in _names(path) if one.is_file()]


def is_open(path: Path) -> bool:
    """Whether Excel or LibreOffice has a workbook open, which each says by a file beside it."""
    return any((path.parent / mark).exists() for mark in (f"~${path.name}", f".~lock.{path.name}#"))


def usual_name(name: str) -> str:
    """Return the name of an output without the number that it got because the name was taken."""
    stem, dot, ending = name.rpartition(".")
    usual, dash, number = stem.rpartition("-")
    return f"{usual}{dot}{ending}" if dash and number.isdecimal() else name


def _names(path: Path) -> Iterator[Path]:
    yield path
    for number in range(2, _MOST_NAMES + 1):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")


def _rename_aside(path: Path, now: datetime) -> None:
    kept = path.with_name(f"{path.stem}-kept-{now:%Y%m%dT%H%M%SZ}{path.suffix}")
    # Two commands in one second: the one that was kept first keeps its name.
    free = next(name for name in _names(kept) if not name.exists() and not name.is_symlink())
    try:
        patiently(lambda: path.rename(free))
    except OSError as error:
        raise refusal(path, error, doing="kept under another name") from error
