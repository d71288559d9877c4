"""How files of a run are opened: what is not a plain file of ours is left untouched, and said."""

from __future__ import annotations

import os
import shlex
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from bulktap.model.errors import InUse, Untrusted
from bulktap.storage import (
    EventLog,
    hold_lock,
    is_held,
    open_to_write,
    read_end,
    read_file,
    read_if_sound,
    read_start,
    require_private,
    require_sound,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no links, pipes and devices like those of POSIX"
)
AS_ROOT = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can give a file away, and Windows has none"
)
PRECIOUS = b"the user's own file\n"


def symbolic_link(path: Path) -> None:
    """A link to the user's file."""
    path.symlink_to(path.parent / "precious")


def hard_link(path: Path) -> None:
    """The user's file under a second name."""
    path.hardlink_to(path.parent / "precious")


def dangling_link(path: Path) -> None:
    """A link to a file that would be made."""
    path.symlink_to(path.parent / "not there yet")


def pipe(path: Path) -> None:
    """A pipe that nobody writes to."""
    os.mkfifo(path)


def folder(path: Path) -> None:
    """A folder with something in it."""
    path.mkdir()
    (path / "x").write_bytes(b"")


def device(path: Path) -> None:
    """A link to a device that never ends."""
    path.symlink_to("/dev/zero")


def local_socket(path: Path) -> None:
    """A socket that nobody serves."""
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)


def chain(path: Path) -> None:
    """A link to itself."""
    path.symlink_to(path)


PLANTS = [symbolic_link, hard_link, dangling_link, pipe, folder, device, local_socket, chain]


@pytest.fixture
def planted(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of something planted, beside the user's own file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "precious").write_bytes(PRECIOUS)
    path = tmp_path / "planted"
    plant: Callable[[Path], None] = request.param
    plant(path)
    return path


@pytest.mark.parametrize("planted", PLANTS, indirect=True)
def test_nothing_is_written_into_what_was_planted(planted: Path) -> None:
    """Neither as a lock, nor as a log, nor otherwise; the user's file is as it was, and none is made."""
    before = sorted(one.name for one in planted.parent.iterdir())
    for write in (
        lambda: open_to_write(planted),
        lambda: hold_lock(planted, "The run", ""),
        lambda: hold_lock(planted, "The run", "", shared=True),
        lambda: require_sound(planted, at_most=1_000),
    ):
        with pytest.raises(Untrusted, match="planted") as refused:
            write()
        assert refused.value.hint
    with EventLog(planted) as log:
        assert "planted" in (log.append({"event": 1}) or "")

    assert (planted.parent / "precious").read_bytes() == PRECIOUS
    assert sorted(one.name for one in planted.parent.iterdir()) == before


@pytest.mark.parametrize("planted", [one for one in PLANTS if one is not hard_link], indirect=True)
def test_nothing_is_read_from_what_was_planted(planted: Path) -> None:
    """At once, whatever it is; a second name harms no reader."""
    for read in (
        lambda: read_file(planted, at_most=1_000),
        lambda: read_start(planted, 10),
        lambda: read_end(planted, 10),
        lambda: is_held(planted),
    ):
        with pytest.raises(Untrusted, match="planted"):
            read()
    assert read_if_sound(planted, at_most=1_000) is None


def test_a_file_without_an_end_is_not_read(tmp_path: Path) -> None:
    """Two gigabytes that take no room on the disk are refused by their size."""
    path = tmp_path / "run.json"
    with path.open("wb") as file:
        file.truncate(2 << 30)

    with pytest.raises(Untrusted, match="larger than 1 MB"):
        read_file(path, at_most=1_000_000)
    assert read_start(path, 4) == read_end(path, 4) == bytes(4)


def test_a_plain_file_is_opened(tmp_path: Path) -> None:
    """Made for the user alone, written, and read in whole and in part."""
    path = tmp_path / "log"
    descriptor = open_to_write(path, append=True)
    os.write(descriptor, b"abcdef")
    os.close(descriptor)

    assert path.stat().st_mode & 0o777 == 0o600
    assert (read_file(path, at_most=6), read_start(path, 2), read_end(path, 2)) == (b"abcdef", b"ab", b"ef")
    require_sound(path, at_most=6)


def test_a_log_that_the_user_named_may_be_a_link(tmp_path: Path) -> None:
    """`--log-file` is the user's choice; a run's own log is not."""
    (tmp_path / "link").symlink_to(tmp_path / "log")
    with EventLog(tmp_path / "link", of_run=False) as log:
        assert log.append({"event": 1}) is None

    assert (tmp_path / "log").read_bytes() == b'{"event":1}\n'


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o720, 0o702, 0o2775])
def test_a_run_folder_that_others_may_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    """By its name, with the command that takes it away from them."""
    tmp_path.chmod(mode)

    with pytest.raises(Untrusted, match="Other users may write") as refused:
        require_private(tmp_path)
    assert f"(chmod 700 {shlex.quote(str(tmp_path))})" in refused.value.hint, "works in every folder"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o500, 0o2750])
def test_a_run_folder_that_others_may_only_read_is_used(tmp_path: Path, mode: int) -> None:
    """Whoever may not write put nothing into it."""
    tmp_path.chmod(mode)
    require_private(tmp_path)


@AS_ROOT
def test_what_belongs_to_somebody_else_is_refused(tmp_path: Path) -> None:
    """A run folder, and a lock in one of ours; a lock that is shared may be anybody's."""
    run = tmp_path / "run"
    run.mkdir()
    (run / ".lock").write_bytes(b"")
    os.chown(run / ".lock", 12345, 12345)
    with pytest.raises(Untrusted, match="another user"):
        hold_lock(run / ".lock", "The run", "")
    hold_lock(run / ".lock", "The run", "", shared=True).release()

    os.chown(run, 12345, 12345)
    with pytest.raises(Untrusted, match="another user"):
        require_private(run)


def as_user(number: int, action: Callable[[], None]) -> int:
    """Do something as another user of the group 777, in a process of its own; return its exit code."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([777])
            os.setgid(777)
            os.setuid(number)
            action()
        except InUse:
            os._exit(11)
        except BaseException:  # noqa: BLE001 - a forked test must not return
            os._exit(99)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@AS_ROOT
@pytest.mark.parametrize("mode", [0o2770, 0o2775, 0o1777, 0o777])
def test_members_of_a_team_exclude_one_another(tmp_path: Path, mode: int) -> None:
    """Whoever made the lock file, the next member gets in when it is free and is told when it is not."""
    for above in (tmp_path, *tmp_path.parents[:3]):
        above.chmod(above.stat().st_mode | 0o055)
    locks = tmp_path / "locks"
    locks.mkdir()
    os.chown(locks, 12345, 777)
    locks.chmod(mode)
    path = locks / "tenant.lock"

    def lock() -> None:
        hold_lock(path, "Issuing", "", shared=True, wait=lambda _: None).release()

    assert as_user(12345, lock) == 0
    assert as_user(12346, lock) == 0
    path.chmod(0o644)  # as an earlier bulktap, or a strict umask, may have left it: reading is enough for a lock
    assert as_user(12346, lock) == 0
    with hold_lock(path, "Issuing", "", shared=True):
        assert as_user(12346, lock) == 11


def test_looking_at_a_lock_needs_no_right_to_write(tmp_path: Path) -> None:
    """A copy of a run on a read-only medium is listed like any other."""
    path = tmp_path / ".lock"
    hold_lock(path, "The run", "").release()
    path.chmod(0o400)
    tmp_path.chmod(0o500)

    assert not is_held(path)
