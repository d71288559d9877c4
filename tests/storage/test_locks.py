from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import bulktap
from bulktap.model.errors import DiskRefuses, InUse
from bulktap.storage import hold_lock, is_held

HOLDER = """
import sys
from pathlib import Path
from bulktap.storage import hold_lock
with hold_lock(Path(sys.argv[1]), "The run", ""):
    print("held", flush=True)
    sys.stdin.readline()
"""


def holder_of(path: Path) -> subprocess.Popen[str]:
    """Start a process that holds the lock until it reads a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        cwd=Path(bulktap.__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    """With its number, and with the caller's hint; when it has ended the lock is free."""
    path = tmp_path / "run.lock"
    process = holder_of(path)

    with pytest.raises(InUse) as raised:
        hold_lock(path, "The run", "Wait for it.", wait=lambda _: None)
    process.communicate("done\n")

    assert raised.value.message == f"The run is in use by another process (process {process.pid})."
    assert raised.value.hint == "Wait for it."
    hold_lock(path, "The run", "").release()


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    """The file with its number is still there; that means nothing."""
    path = tmp_path / "run.lock"
    process = holder_of(path)
    assert is_held(path)
    process.kill()
    process.communicate()

    assert path.read_text() == f"{process.pid}\n"
    assert not is_held(path)
    hold_lock(path, "The run", "").release()


def test_one_process_cannot_hold_a_lock_twice(tmp_path: Path) -> None:
    """Two commands in one process are two holders."""
    path = tmp_path / "run.lock"
    with hold_lock(path, "The run", ""):
        assert is_held(path)
        with pytest.raises(InUse, match=f"process {os.getpid()}"):
            hold_lock(path, "The run", "", wait=lambda _: None)

    assert not is_held(path)


def test_looking_does_not_take_the_lock(tmp_path: Path) -> None:
    """Nor does it create the file."""
    path = tmp_path / "run.lock"
    assert not is_held(path)
    assert not path.exists()

    hold_lock(path, "The run", "").release()
    assert not is_held(path)
    hold_lock(path, "The run", "").release()


def test_a_lock_that_is_released_meanwhile_is_taken(tmp_path: Path) -> None:
    """A holder of a moment, such as somebody who looks, is waited for."""
    path = tmp_path / "run.lock"
    first = hold_lock(path, "The run", "")

    with hold_lock(path, "The run", "", wait=lambda _: first.release()):
        assert is_held(path)


def test_releasing_twice_does_nothing(tmp_path: Path) -> None:
    """The second time the lock may be somebody else's."""
    path = tmp_path / "run.lock"
    lock = hold_lock(path, "The run", "")
    lock.release()
    with hold_lock(path, "The run", ""):
        lock.release()

        assert is_held(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists instead of modes")
def test_the_lock_file_is_private(tmp_path: Path) -> None:
    """Like every file of a run."""
    with hold_lock(tmp_path / "run.lock", "The run", ""):
        assert stat.S_IMODE((tmp_path / "run.lock").stat().st_mode) == 0o600


def test_a_lock_that_cannot_be_created_is_the_disk_refusing(tmp_path: Path) -> None:
    """Not somebody else's use."""
    with pytest.raises(DiskRefuses):
        hold_lock(tmp_path / "gone" / "run.lock", "The run", "")


def test_a_program_that_is_started_does_not_inherit_the_lock(tmp_path: Path) -> None:
    """A helper that lives longer does not keep the run locked."""
    path = tmp_path / "run.lock"
    with hold_lock(path, "The run", ""):
        waiting = [sys.executable, "-c", "import sys; sys.stdin.readline()"]
        helper = subprocess.Popen(waiting, stdin=subprocess.PIPE, text=True, close_fds=False)

    assert not is_held(path)
    helper.communicate("done\n")
