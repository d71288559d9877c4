"""The files of a hand-out: no file lies there whose passphrase nobody has, at whatever instant the program is killed.

First the list of passphrases is written with those of all files, of the new ones and of those that they replace; then
the files, one by one; then the list again, with those that count. What an earlier hand-out left there stays listed as
long as its file is there. A list or file that somebody has open or has edited is not replaced: the new one gets `-2`.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from bulktap.model.errors import Locked
from bulktap.planning.patterns import folded
from bulktap.planning.selection import counting
from bulktap.results.handout.passphrase_list import SealedFile, passphrase_list, read_passphrase_list
from bulktap.results.wording import counted
from bulktap.storage import make_private_folder, read_if_sound, require_private
from bulktap.storage.files import refusal
from bulktap.storage.office_encryption import decrypt_workbook
from bulktap.storage.output_files import MOST_BYTES, OutputFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from bulktap.model.secret import Secret
    from bulktap.storage.office_encryption import WorkbookKey

COVERS: Final = "covers.pdf"
LIST: Final = "passphrases.xlsx"
_OURS: Final = re.compile(r"(covers|passphrases)(-kept-\d{8}T\d{6}Z)?(-\d+)?\.(pdf|xlsx)\Z")
"""Names that this module gives to what is no group's."""
_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class SealedGroup:
    """A group's file, made and sealed, not written yet."""

    group: str
    name: str
    """The file's usual name."""
    handed_to: str
    people: int
    opens_with: Secret | None
    """None if the run's passphrase does."""
    content: bytes

    def as_written(self, name: str, now: datetime) -> SealedFile:
        """Return its line in the list of passphrases."""
        digest = hashlib.sha256(self.content).hexdigest()
        return SealedFile(self.group, name, self.handed_to, self.people, self.opens_with, now, digest)


@dataclass(frozen=True, slots=True)
class WrittenHandout:
    """Where everything is."""

    groups: tuple[Path, ...]
    """The groups' files in their order."""
    listed: Path
    """The list of passphrases."""
    covers: Path | None
    notes: tuple[str, ...]
    """What is worth knowing, one sentence each."""


@dataclass(slots=True)
class HandoutPlace:
    """The folder of a run's hand-outs."""

    path: Path
    key: WorkbookKey
    """Seals the list of passphrases."""
    may_open: Sequence[Secret]
    """What may have sealed earlier lists."""
    zone: ZoneInfo
    now: datetime
    _files: OutputFiles = field(init=False)
    _known: set[bytes] = field(default_factory=set)
    """Digests of lists that were just written or opened: to open them again would cost half a second."""

    def __post_init__(self) -> None:
        """Make the folder, or look whether the one that is there is private.

        Raises:
            DiskRefuses, Untrusted: it cannot be used.
        """
        if not make_private_folder(self.path):
            try:
                require_private(self.path)
            except OSError as error:
                raise refusal(self.path, error, doing="examined") from error
        self._files = OutputFiles(self.path)

    def write(
        self, made: Sequence[SealedGroup], covers: bytes | None, title: str, *, partial: bool, step: Callable[[], None]
    ) -> WrittenHandout:
        """Write a hand-out.

        Args:
            made: the groups' files.
            covers: the cover sheets; None if they could not be made.
            title: of the list of passphrases.
            partial: whether it is of some groups only, so that covers of others are kept.
            step: called after each file.

        Raises:
            DiskRefuses: something cannot be written; what is there opens with what the list says.
        """
        earlier = self._still_there(self._earlier())
        wanted = [one.as_written(one.name, self.now) for one in made]
        self._write_list([*wanted, *earlier], title)
        self._files.expect({one.name: one.content for one in made})
        notes, paths = [], []
        for one in made:
            written = self._files.write(one.name, one.content, set_aside=lambda _: False, now=self.now)
            paths.append(written.path)
            notes += [written.note] if written.note else []
            step()
        covers_path = None
        if covers is not None:
            written = self._files.write(COVERS, covers, set_aside=lambda _: partial, now=self.now)
            covers_path = written.path
            notes += [written.note] if written.note else []
        current = [one.as_written(path.name, self.now) for one, path in zip(made, paths, strict=True)]
        new = {one.name for one in current}
        kept = [one for one in self._still_there(earlier) if one.name not in new]
        listed = self._write_list([*current, *kept], title)
        notes += self._notes_on_others({*new, *(one.name for one in kept)}, kept)
        return WrittenHandout(tuple(paths), listed[0], covers_path, (*notes, *listed[1]))

    def _write_list(self, files: Sequence[SealedFile], title: str) -> tuple[Path, list[str]]:
        content = self.key.encrypt(passphrase_list(files, self.zone, title, self.now))
        self._known.add(hashlib.sha256(content).digest())
        written = self._files.write(LIST, content, set_aside=self._is_strange, now=self.now)
        return written.path, [written.note] if written.note else []

    def _earlier(self) -> list[SealedFile]:
        """Return what the lists say that are there, the newest first."""
        found = []
        for path in sorted(self._lists(), key=lambda path: path.stat().st_mtime_ns, reverse=True):
            content = read_if_sound(path, at_most=MOST_BYTES)
            opened = None if content is None else self._opened(content)
            if opened is not None:
                found += read_passphrase_list(opened)
        return found

    def _is_strange(self, workbook: bytes) -> bool:
        return hashlib.sha256(workbook).digest() not in self._known and self._opened(workbook) is None

    def _opened(self, workbook: bytes) -> bytes | None:
        for passphrase in self.may_open:
            with suppress(Locked):
                opened = decrypt_workbook(workbook, passphrase)
                self._known.add(hashlib.sha256(workbook).digest())
                return opened
        return None

    def _still_there(self, listed: Iterable[SealedFile]) -> list[SealedFile]:
        """Return the lines that may open a file that is there: by its digest, and where none has it, by its name."""
        found: dict[tuple[str, str], SealedFile] = {}
        lines = list(listed)
        for path in self._others():
            content = read_if_sound(path, at_most=MOST_BYTES) or b""
            digest = hashlib.sha256(content).hexdigest()
            surely = next((line for line in lines if line.sha256 == digest), None)
            for line in [surely] if surely is not None else [line for line in lines if line.name == path.name]:
                found.setdefault((path.name, line.sha256), replace(line, name=path.name))
        return sorted(found.values(), key=lambda line: counting(folded(line.name)))

    def _others(self) -> list[Path]:
        """Return the sealed files that are there, by name."""
        return sorted(path for path in self._present() if not _OURS.match(path.name))

    def _lists(self) -> list[Path]:
        return [path for path in self._present() if path.suffix == ".xlsx" and _OURS.match(path.name)]

    def _present(self) -> list[Path]:
        return [
            path
            for path in self.path.iterdir()
            if path.suffix in {".pdf", ".xlsx"}
            and not path.name.startswith((".", "~"))
            and path.is_file()
            and not path.is_symlink()
        ]

    def _notes_on_others(self, listed: set[str], kept: Sequence[SealedFile]) -> list[str]:
        notes = []
        if kept:
            names = _named(dict.fromkeys(one.name for one in kept))
            notes.append(f"Left from an earlier hand-out, and in the list of passphrases too: {names}.")
        unknown = [path.name for path in self._others() if path.name not in listed]
        kept_lists = sorted(path.name for path in self._lists() if self._is_strange(path.read_bytes()))
        if kept_lists:
            notes.append(
                f"{_named(kept_lists)} opens with another passphrase than this run's, so it was kept"
                + (f"; look there for the words of {_named(unknown)}." if unknown else ".")
            )
        elif unknown:
            notes.append(
                f"No list has the words of {_named(unknown)}, of an earlier hand-out: delete what is of no use."
            )
        return notes


def _named(names: Iterable[str]) -> str:
    known = list(names)
    more = len(known) - _MOST_NAMED
    listed = ", ".join(known[:_MOST_NAMED])
    return f"{listed} and {counted(more, 'more file')}" if more > 0 else listed
