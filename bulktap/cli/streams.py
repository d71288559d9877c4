"""Standard streams that take every letter: one that a code page lacks becomes a question mark, never a crash."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO


def replace_letters_that_are_missing() -> None:
    """Let standard output and error of this process take text that their encoding does not have.

    Windows gives pipes and files the code page of the machine (cp1252, cp437, cp932 ...), which few names fit into.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not takes_every_letter(stream):
            stream.reconfigure(errors="replace")


def takes_every_letter(stream: TextIO) -> bool:
    """Whether a stream's encoding has all of Unicode."""
    encoding = (getattr(stream, "encoding", None) or "utf-8").casefold().replace("_", "-")
    return encoding.startswith(("utf", "cp65001"))
