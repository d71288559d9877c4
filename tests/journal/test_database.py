from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import bulktap
from bulktap.journal import Journal, salvage
from bulktap.model.row_phases import RowPhase

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.model.secret import Secret

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from bulktap.model.errors import DiskRefuses
from bulktap.journal import Journal
from bulktap.model.pass_terms import PassTerms
from bulktap.model.outcomes import Issued, IssuedPass
from bulktap.model.passes import AccessPass
from bulktap.model.run_events import Sent, Settled
from bulktap.model.secret import Secret

MOMENT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

def batch(attempt):
    rows = range(1, 9)
    sent = [Sent(row, MOMENT, PassTerms(), f"attempt {attempt}") for row in rows]
    access = [AccessPass(f"{attempt}-{row}") for row in rows]
    settled = [Settled(row, Issued(IssuedPass(access[row - 1], Secret(f"Pc{attempt}-{row}")))) for row in rows]
    return sent, settled

journal = Journal.open(Path(sys.argv[1]), Secret("correct horse, Straße"))
"""
"""The start of every program below, which runs as a process of its own."""
BATCH = 8


def program(text: str, path: Path, *, through: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    """Start a writer of the journal."""
    environment = {**os.environ, "PYTHONPATH": str(Path(bulktap.__file__).parents[1]), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [*through, sys.executable, "-c", WRITER + text, str(path)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8")


ENDLESS = """
attempt = 0
while True:
    for events in batch(attempt):
        journal.record(events)
        print(journal.record_count, flush=True)
    attempt += 1
"""


@pytest.mark.parametrize("commits", [1, 2, 3, 7, 20, 41])
def test_a_killed_writer_leaves_every_commit_that_returned(
    tmp_path: Path, write_journal: Callable[..., Path], passphrase: Secret, commits: int
) -> None:
    """Killed while it is committing again and again, it leaves whole commits only, and all that were confirmed."""
    path = write_journal(tmp_path / "journal.db", [])
    writer = program(ENDLESS, path)
    assert writer.stdout is not None
    confirmed = [int(writer.stdout.readline()) for _ in range(commits)][-1]
    writer.kill()
    writer.communicate()

    with Journal.open(path, passphrase) as journal:
        assert journal.record_count >= confirmed
        assert (journal.record_count - confirmed) % BATCH == 0
        phases = {row.phase for row in journal.state().rows.values()}
        assert len(phases) == 1
        assert journal.archive()


FILLING = """
import resource, signal
signal.signal(signal.SIGXFSZ, {action})
size = Path(sys.argv[1]).stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + {room}, resource.RLIM_INFINITY))
"""
NO_LIMITS = "Windows limits no process in the size of its files"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason=NO_LIMITS)
@pytest.mark.parametrize("room", [0, 1000, 4096, 5000, 8192, 20480])
def test_a_writer_that_dies_in_the_middle_of_a_write_leaves_whole_commits(
    tmp_path: Path, write_journal: Callable[..., Path], passphrase: Secret, room: int
) -> None:
    """The kernel kills it at the very byte; the unfinished commit is undone when the journal is opened."""
    path = write_journal(tmp_path / "journal.db", [])
    writer = program(FILLING.format(action="signal.SIG_DFL", room=room) + ENDLESS, path)
    lines = writer.communicate()[0].split()
    assert writer.returncode == -signal.SIGXFSZ
    assert path.with_name("journal.db-journal").stat().st_size > 0

    confirmed = int(lines[-1]) if lines else 9
    saved = salvage(path, passphrase)
    with Journal.open(path, passphrase) as journal:
        assert journal.record_count == confirmed
        assert journal.state() == saved.state
        assert journal.archive() == saved.archive


FULL_DISK = """
refused = 0
for attempt in range(6):
    for events in batch(attempt):
        try:
            journal.record(events)
            continue
        except DiskRefuses as error:
            refused += 1
            assert "Free space" in error.hint, error.hint
        try:
            journal.record(events)
            raise SystemExit("a full disk took a commit")
        except DiskRefuses:
            count = journal.record_count
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        journal.record(events)
        assert journal.record_count == count + len(events)
assert refused == 1
journal.close()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason=NO_LIMITS)
@pytest.mark.parametrize("room", [0, 1, 4096, 6000, 12288])
def test_a_full_disk_loses_nothing_once_there_is_room_again(
    tmp_path: Path, write_journal: Callable[..., Path], passphrase: Secret, room: int
) -> None:
    """The same call, repeated, writes each event once; what was refused in between left no trace."""
    path = write_journal(tmp_path / "journal.db", [])
    writer = program(FILLING.format(action="signal.SIG_IGN", room=room) + FULL_DISK, path)
    writer.communicate()
    assert writer.returncode == 0

    with Journal.open(path, passphrase) as journal:
        assert journal.record_count == 9 + 6 * 2 * BATCH
        for row in journal.state().rows.values():
            assert [sent.request_id for sent in row.attempts] == [f"attempt {n}" for n in range(6)]
            assert row.issued is not None
            assert row.issued.value.reveal() == f"Pc5-{row.number}"


ONE_FAULT = """
refused = 0
for attempt in range(2):
    for events in batch(attempt):
        for _ in range(3):
            try:
                journal.record(events)
                break
            except DiskRefuses:
                refused += 1
journal.close()
print(refused)
"""


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace lets a call fail; Windows has none")
@pytest.mark.parametrize(
    ("call", "nth"),
    [("pwrite64", 5), ("pwrite64", 13), ("fdatasync", 1), ("fdatasync", 4), ("fdatasync", 5), ("ftruncate", 1)],
)
def test_a_single_fault_of_the_disk_neither_loses_nor_doubles_anything(
    tmp_path: Path, write_journal: Callable[..., Path], passphrase: Secret, call: str, nth: int
) -> None:
    """Also when the commit had arrived and only its confirmation failed: the repeated call finds it there."""
    path = write_journal(tmp_path / "journal.db", [])
    log = tmp_path / "strace.log"
    through = ("strace", "-f", "-qq", "-o", str(log), "-e", f"trace={call}")
    writer = program(ONE_FAULT, path, through=(*through, "-e", f"inject={call}:error=EIO:when={nth}"))
    printed = writer.communicate()[0]
    if not log.is_file() or "INJECTED" not in log.read_text():
        pytest.skip("strace may not trace here, or SQLite makes fewer such calls")
    assert (writer.returncode, printed) == (0, "1\n")

    with Journal.open(path, passphrase) as journal:
        assert journal.record_count == 9 + 2 * 2 * BATCH
        for row in journal.state().rows.values():
            assert [sent.request_id for sent in row.attempts] == ["attempt 0", "attempt 1"]
            assert row.phase is RowPhase.ISSUED


GIVEN_UP = """
first, second = batch(0), batch(1)
refused = 0
try:
    journal.record(first[0])
except DiskRefuses:
    refused += 1
for _ in range(4):
    try:
        journal.record(second[0])
        break
    except DiskRefuses:
        refused += 1
journal.close()
print(refused)
"""


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace lets calls fail; Windows has none")
@pytest.mark.parametrize("when", ["5+3", "5+4", "5+5"])
def test_what_its_caller_gave_up_does_not_double_what_comes_after_it(
    tmp_path: Path, write_journal: Callable[..., Path], passphrase: Secret, when: str
) -> None:
    """The events after it, which arrived and were refused too, stand in the journal once, however often repeated."""
    path = write_journal(tmp_path / "journal.db", [])
    log = tmp_path / "strace.log"
    through = ("strace", "-f", "-qq", "-o", str(log), "-e", "trace=fdatasync")
    writer = program(GIVEN_UP, path, through=(*through, "-e", f"inject=fdatasync:error=EIO:when={when}"))
    writer.communicate()
    if not log.is_file() or "INJECTED" not in log.read_text():
        pytest.skip("strace may not trace here, or SQLite makes fewer such calls")
    assert writer.returncode == 0

    with Journal.open(path, passphrase) as journal:
        for row in journal.state().rows.values():
            assert [sent.request_id for sent in row.attempts] == ["attempt 0", "attempt 1"]


NO_ROOM_AT_ALL = """
import resource
from bulktap.journal import CHEAPEST, JournalHeader
resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, resource.RLIM_INFINITY))
header = JournalHeader("run", "tenant", "digest", MOMENT, "0.1.0", "roster.csv", True)
try:
    Journal.create(Path(sys.argv[1] + ".new"), header, [], bytes(100_000), Secret("pass"), cost=CHEAPEST)
except DiskRefuses as error:
    print(error.hint)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason=NO_LIMITS)
@pytest.mark.parametrize("room", [0, 4096, 65536])
def test_a_new_journal_that_cannot_be_written_is_not_there(
    tmp_path: Path, write_journal: Callable[..., Path], room: int
) -> None:
    """The file appears complete or not at all, and half a file is not left beside it."""
    path = write_journal(tmp_path / "journal.db", [])
    printed = program(NO_ROOM_AT_ALL.format(room=room), path).communicate()[0]

    assert "Free space" in printed
    assert "journal.db.new" not in [path.name for path in tmp_path.iterdir()]
    assert not list(tmp_path.glob("*.part"))
