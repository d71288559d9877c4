"""Where a roster comes from: standard input, and files that the operating system does not give."""

from __future__ import annotations

import errno
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bulktap.roster.reader import unreadable

CHILD = """
from pathlib import Path
from bulktap.errors import RosterError
from bulktap.roster.reader import ReadOptions, read_roster
try:
    roster = read_roster(Path("-"), ReadOptions())
    print(roster.file, [row.cells[0] for row in roster.rows])
except RosterError as error:
    print(error.message)
"""
INPUTS = [
    pytest.param(b"User name\nanna@contoso.com\n", "standard input ['anna@contoso.com']", id="A36 standard input"),
    pytest.param(b"", "standard input is empty.", id="A25 nothing on standard input"),
]
REFUSALS = [
    pytest.param(PermissionError(errno.EACCES, "Permission denied"), "open in another program", id="A28 open in Excel"),
    pytest.param(FileNotFoundError(errno.ENOENT, "No such file"), "There is no file", id="no file"),
    pytest.param(IsADirectoryError(errno.EISDIR, "Is a directory"), "is a folder", id="folder"),
    pytest.param(OSError(errno.EIO, "Input/output error"), "cannot be read .Input/output error", id="bad disk"),
]


@pytest.mark.parametrize(("given", "says"), INPUTS)
def test_standard_input(given: bytes, says: str) -> None:
    """`-` is read as a file would be."""
    child = subprocess.run([sys.executable, "-c", CHILD], input=given, capture_output=True, check=True)
    assert child.stdout.decode().strip() == says


@pytest.mark.parametrize(("error", "says"), REFUSALS)
def test_files_that_cannot_be_had(error: OSError, says: str) -> None:
    """What the operating system says becomes a sentence with a way out."""
    refusal = unreadable(Path("roster.xlsx"), error)
    assert re.search(says, refusal.message)
    assert refusal.message.startswith(("roster.xlsx", "There is no file roster.xlsx"))
    assert refusal.hint
