"""The words of a command line that the program writes out, as the shells of this system read them."""

from __future__ import annotations

import shlex
import sys


def shell_words(line: str) -> list[str]:
    """Return the words of a command line, without their quotes."""
    if sys.platform == "win32":  # a backslash there is part of a path, and only double quotes are quotes
        reader = shlex.shlex(line, posix=True, punctuation_chars=False)
        reader.whitespace_split, reader.escape, reader.quotes, reader.commenters = True, "", '"', ""
        return list(reader)
    return shlex.split(line)
