"""Revocations: which passes of a run were to be deleted, and which were; `revoked.jsonl` in the run's folder.

A line for each thing that happened, appended, without a secret and without a passphrase: a pass is named by the id
that the service gave it. What was agreed to is forced to the disk before the first pass is deleted. A last line that
was cut short counts for nothing, so that its pass is looked at again when the command goes on.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self

from bulktap.storage import MEGABYTE, open_to_write, read_file
from bulktap.storage.files import refusal, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bulktap.storage.run_folder import RunFolder

_MOST_BYTES: Final = 200 * MEGABYTE
"""A pass takes about 200 bytes each time that it is revoked."""
_SYNC_EVERY: Final = 200
"""Lines; what is lost with the power is looked up again."""


@dataclass(slots=True)
class RevocationRecord:
    """What the file adds up to."""

    chosen: dict[str, int] = field(default_factory=dict)
    """The passes that the last revocation is about, by their id, and the plan number of each one's row."""
    settled: dict[str, str] = field(default_factory=dict)
    """What became of those that are through."""
    sent: set[str] = field(default_factory=set)
    """Passes whose deletion was asked for; of some the answer may have been lost."""
    unanswered: set[str] = field(default_factory=set)
    """Those of them of which nothing is recorded since: whether they are deleted is not known."""
    ended: dict[str, str] = field(default_factory=dict)
    """What became of all passes that a revocation, this one or an earlier one, found or made to be over."""
    revoked: dict[str, datetime] = field(default_factory=dict)
    """All passes that were deleted, in this revocation or in an earlier one, and when."""

    @property
    def left(self) -> dict[str, int]:
        """The passes of the last revocation that are not through."""
        return {pass_id: row for pass_id, row in self.chosen.items() if pass_id not in self.settled}

    def fold(self, line: Mapping[str, Any]) -> None:
        """Take one more line into account; one that means nothing is passed over."""
        match line:
            case {"event": "began", "passes": dict() as passes}:
                self.chosen = {str(pass_id): row for pass_id, row in passes.items() if type(row) is int}
                self.settled = {}
            case {"event": "sent", "pass": str(pass_id)}:
                self.sent.add(pass_id)
                self.unanswered.add(pass_id)
            case {"event": "settled", "pass": str(pass_id), "how": str(how), "at": str(at)}:
                self.settled[pass_id] = how
                self.unanswered.discard(pass_id)
                if how != REFUSED:
                    self.ended[pass_id] = how
                moment = _moment(at)
                if how == REVOKED and moment is not None:
                    self.revoked[pass_id] = moment
            case _:
                pass


REVOKED: Final = "revoked"
"""What became of a pass that was deleted."""
REFUSED: Final = "refused"
"""What became of one that the service did not let us delete: it is as it was."""


def revoked_passes(folder: RunFolder) -> Mapping[str, datetime]:
    """Return which passes of a run `revoke` deleted, by their id, and when: aware, in UTC.

    Empty where there are none; a pass that was issued to the same user afterwards has another id.

    Raises:
        Untrusted: the file is a link, no regular file, or larger than any such file.
        DiskRefuses: it cannot be read.
    """
    return read_revocations(folder).revoked


def read_revocations(folder: RunFolder) -> RevocationRecord:
    """Return what is recorded of the revocations of a run, also while one is going on.

    Raises:
        Untrusted: the file is a link, no regular file, or larger than any such file.
        DiskRefuses: it cannot be read.
    """
    record = RevocationRecord()
    try:
        content = read_file(folder.revocations, at_most=_MOST_BYTES)
    except FileNotFoundError:
        return record
    except OSError as error:
        raise refusal(folder.revocations, error, doing="read") from error
    for text in content.splitlines(keepends=True):
        if text.endswith(b"\n") and (line := _read(text)) is not None:
            record.fold(line)
    return record


class RevocationFile:
    """The file, open to be appended to; a context manager. The run's lock must be held."""

    def __init__(self, folder: RunFolder, now: Callable[[], datetime]) -> None:
        """Open it, or begin it.

        Raises:
            Untrusted: it is not as bulktap makes it.
            DiskRefuses: it cannot be written.
        """
        self._path, self._now = folder.revocations, now
        self._unsynced = 0
        try:
            self._descriptor = open_to_write(self._path, append=True)
            self._close_last_line()
            sync_folder(self._path.parent)
        except OSError as error:
            raise refusal(self._path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._sync()
        finally:
            os.close(self._descriptor)

    def began(self, passes: Mapping[str, int], process: str) -> None:
        """Record, so that it lasts, what was agreed to: pass ids, and the plan number of each one's row."""
        self._append({"event": "began", "process": process, "passes": dict(passes)})
        self._sync()

    def sent(self, pass_ids: Iterable[str]) -> None:
        """Record that these are about to be deleted."""
        for pass_id in pass_ids:
            self._append({"event": "sent", "pass": pass_id})

    def settled(self, pass_id: str, how: str) -> None:
        """Record what became of a pass."""
        self._append({"event": "settled", "pass": pass_id, "how": how})

    def _append(self, line: Mapping[str, object]) -> None:
        text = json.dumps({"at": self._now().astimezone(UTC).isoformat(), **line}, separators=(",", ":"))
        data = text.encode("ascii") + b"\n"
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError as error:
            raise refusal(self._path, error) from error
        self._unsynced += 1
        if self._unsynced >= _SYNC_EVERY:
            self._sync()

    def _sync(self) -> None:
        self._unsynced = 0
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            raise refusal(self._path, error) from error

    def _close_last_line(self) -> None:
        """End a line that a process left half written when it was killed."""
        if os.lseek(self._descriptor, 0, os.SEEK_END) > 0:
            os.lseek(self._descriptor, -1, os.SEEK_END)
            if os.read(self._descriptor, 1) != b"\n":
                os.write(self._descriptor, b"\n")


def _read(text: bytes) -> Mapping[str, Any] | None:
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return line if isinstance(line, dict) else None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None
