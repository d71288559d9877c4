"""The writer behind `log.jsonl`: one event a line, appended, private; it never stops a run."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Self

from bulktap.model.errors import Untrusted
from bulktap.storage.files import refusal
from bulktap.storage.trusted_files import open_to_write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bulktap.model.log_events import LogValue


class EventLog:
    """Appends JSON objects to a file, a line each.

    What the lines hold is said by `model.log_events`. The log is for diagnosis: it is not forced to the disk, and a
    disk that refuses it costs lines, not passes.
    """

    def __init__(self, path: Path, *, of_run: bool = True) -> None:
        """Take the file; with `of_run` it is one of a run's own, else one that the user named, which may be a link."""
        self._path = path
        self._of_run = of_run
        self._descriptor: int | None = None
        self._told = False

    def append(self, line: Mapping[str, LogValue]) -> str | None:
        """Write one line; return None, or a sentence to show when lines begin to get lost.

        The sentence comes once, not for every line; again only if writing worked in between.
        """
        text = json.dumps(line, separators=(",", ":")).encode() + b"\n"
        try:
            if self._descriptor is None:
                self._descriptor = self._open()
            written = os.write(self._descriptor, text)
            if written < len(text):
                os.write(self._descriptor, text[written:])
        except (OSError, Untrusted) as error:
            self.close()  # the next line looks at the file afresh, and starts a new line if this one was cut short
            if self._told:
                return None
            self._told = True
            trouble = error if isinstance(error, Untrusted) else refusal(self._path, error)
            return f"{trouble.message} The run goes on without its log."
        self._told = False
        return None

    def close(self) -> None:
        """Close the file; a later line opens it again."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> int:
        if self._of_run:
            descriptor = open_to_write(self._path, append=True)
        else:
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
            descriptor = os.open(self._path, flags, 0o600)
        try:
            # A process that was killed, or a full disk, may have left half a line.
            if os.lseek(descriptor, 0, os.SEEK_END) > 0:
                os.lseek(descriptor, -1, os.SEEK_END)
                if os.read(descriptor, 1) != b"\n":
                    os.write(descriptor, b"\n")
        except OSError:
            os.close(descriptor)
            raise
        return descriptor
