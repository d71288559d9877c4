"""Where a roster comes from: standard input, and files that the operating system does not give."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bulktap.model.errors import RosterError
from bulktap.roster.files.input_bytes import read_input, unreadable

CHILD = """
from pathlib import Path
from bulktap.model.errors import RosterError
from bulktap.roster.read import read_roster
try:
    roster = read_roster(Path("-"))
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


ROSTER = b"User name\nanna@contoso.com\n"
MEASURED = """
import json, os, resource, sys, time
from pathlib import Path
from bulktap.model.errors import RosterError
from bulktap.roster.read import read_roster
start = time.process_time()
try:
    said = str(len(read_roster(Path(sys.argv[1])).rows))
except RosterError as error:
    said = f"{error.exit_code} {error.message} | {error.hint}"
peak = next(int(line.split()[1]) >> 10 for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([said, time.process_time() - start, peak]))
"""


def sparse(folder: Path) -> str:
    """Return a file of 40 GB that takes no room."""
    path = folder / "roster.xlsx"
    with path.open("wb") as file:
        file.truncate(40 << 30)
    return str(path)


def pipe(folder: Path) -> str:
    """Return a named pipe that nobody writes to."""
    os.mkfifo(folder / "roster.csv")
    return str(folder / "roster.csv")


def link(folder: Path) -> str:
    """Return a link to a device, under the name of a roster."""
    (folder / "roster.csv").symlink_to("/dev/zero")
    return str(folder / "roster.csv")


WITHOUT_END = {
    "a device that never ends": (lambda _: "/dev/zero", b"", "/dev/zero is a device"),
    "a device of random bytes": (lambda _: "/dev/urandom", b"", "/dev/urandom is a device"),
    "a link to a device": (link, b"", "is a device"),
    "a pipe that nobody writes to": (pipe, b"", "is a pipe that no program writes to"),
    "a sparse file": (sparse, b"", "roster.xlsx has 40,960 MiB; the most that bulktap reads is 256 MiB"),
    "a folder": (str, b"", "is a folder"),
    "standard input without end": (lambda _: "-", None, "standard input has no end within what a roster may have"),
    "a pipe into standard input, as a file": (lambda _: "/dev/stdin", None, "stdin has no end"),
}


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="devices and pipes have names there")
@pytest.mark.parametrize("name", WITHOUT_END)
def test_what_has_no_end(name: str, tmp_path: Path) -> None:
    """It is refused within ten seconds of processor time and 600 MB, with what to do instead."""
    make, given, says = WITHOUT_END[name]
    command = [sys.executable, "-c", MEASURED, make(tmp_path)]
    if given is None:
        with subprocess.Popen(["/bin/cat", "/dev/zero"], stdout=subprocess.PIPE) as endless:
            child = subprocess.run(command, stdin=endless.stdout, capture_output=True, check=True, timeout=600)
            endless.kill()
    else:
        child = subprocess.run(command, input=given, capture_output=True, check=True, timeout=600)
    said, seconds, megabytes = json.loads(child.stdout)
    assert says in said
    assert said.startswith("4 ")
    assert ". | " in said, "no sentence, or no hint"
    assert seconds < 10
    assert megabytes < 600


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are no files on Windows")
def test_a_pipe_is_read_as_a_file_is(tmp_path: Path) -> None:
    """As shells give the output of a command: with a writer before, and with one that comes and takes its time."""
    path = tmp_path / "roster.csv"
    os.mkfifo(path)
    at_once = threading.Thread(target=path.write_bytes, args=(ROSTER,))
    at_once.start()
    assert read_input(path) == ROSTER
    at_once.join()

    long = ROSTER + b"x" * (1 << 20)  # more than a pipe holds, so that writing ends only after reading has begun
    writer = os.open(path, os.O_RDWR)  # holds the pipe open, as a slow program does
    answers: list[bytes] = []
    reader = threading.Thread(target=lambda: answers.append(read_input(path, patience=0)))
    reader.start()
    with os.fdopen(writer, "wb", buffering=0) as slow:
        slow.write(long[:5])
        for start in range(5, len(long), 4096):
            slow.write(long[start : start + 4096])
    reader.join(30)
    assert answers == [long]


@pytest.mark.parametrize("extra", [b"", b"x"])
def test_the_limit_itself(tmp_path: Path, extra: bytes) -> None:
    """A file of exactly the largest size is read, one byte more is not, even where it grew after it was opened."""
    path = tmp_path / "roster.csv"
    path.write_bytes(b"\n" * (2 << 20) + extra)
    if not extra:
        assert len(read_input(path, limit=2 << 20)) == 2 << 20
        return
    with pytest.raises(RosterError, match=r"roster.csv has 3 MiB; the most that bulktap reads is 2 MiB"):
        read_input(path, limit=2 << 20)


@pytest.mark.skipif(not Path("/proc/self/maps").is_file(), reason="there is no file of size 0 with content")
def test_a_file_that_holds_more_than_its_size() -> None:
    """As one does that grows while it is read: what counts is what comes out of it."""
    path = Path("/proc/self/maps")
    assert path.stat().st_size == 0
    assert read_input(path)
    with pytest.raises(RosterError, match="maps has no end"):
        read_input(path, limit=64)
