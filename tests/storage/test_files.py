from __future__ import annotations

import errno
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import bulktap
from bulktap.model.errors import DiskRefuses
from bulktap.storage import complete_file, free_bytes, require_space, write_file
from bulktap.storage.files import is_link, leads_elsewhere, patiently, require_short_path

POSIX_MODES = pytest.mark.skipif(sys.platform == "win32", reason="on Windows the folder's access list applies")


def test_a_file_is_written_whole_and_replaces_the_old_one(tmp_path: Path) -> None:
    """And nothing else is left in the folder."""
    path = tmp_path / "plan.json"
    write_file(path, b"old")
    write_file(path, b"new")

    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@POSIX_MODES
def test_a_file_is_private_whatever_was_there(tmp_path: Path) -> None:
    """Mode 0600, also if the file that is replaced was open to all."""
    path = tmp_path / "results.xlsx"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_file(path, b"new")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@POSIX_MODES
def test_a_file_is_private_from_its_first_byte(tmp_path: Path) -> None:
    """The temporary file is never more open than the final one."""
    with complete_file(tmp_path / "results.xlsx") as temporary:
        assert temporary.parent == tmp_path
        assert stat.S_IMODE(temporary.stat().st_mode) == 0o600
        assert not (tmp_path / "results.xlsx").exists()


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt])
def test_a_file_whose_writing_stops_is_as_it_was(tmp_path: Path, fault: type[BaseException]) -> None:
    """The old content stays, the half-written one goes."""
    path = tmp_path / "plan.json"
    write_file(path, b"old")

    def write_half() -> None:
        with complete_file(path) as temporary:
            temporary.write_bytes(b"ne")
            raise fault

    with pytest.raises(fault):
        write_half()

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_refusal_names_the_path_and_the_remedy(tmp_path: Path) -> None:
    """A folder that is gone is the disk refusing."""
    with pytest.raises(DiskRefuses) as raised:
        write_file(tmp_path / "gone" / "plan.json", b"")

    assert str(tmp_path / "gone" / "plan.json") in raised.value.message
    assert str(tmp_path / "gone") in raised.value.hint


def test_a_folder_in_the_files_place_is_a_refusal(tmp_path: Path) -> None:
    """Replacing fails at the very end; what was written is gone again."""
    (tmp_path / "plan.json" / "inside").mkdir(parents=True)

    with pytest.raises(DiskRefuses):
        write_file(tmp_path / "plan.json", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


@pytest.mark.skipif(
    not sys.platform.startswith("linux"),
    reason="Windows limits no process in the size of its files",
)
def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """A write that does not fit is refused with what to free, and the old file stays."""
    path = tmp_path / "plan.json"
    write_file(path, b"old")
    program = (
        "import resource, sys; from pathlib import Path; from bulktap.storage import write_file\n"
        "from bulktap.model.errors import DiskRefuses\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: write_file(Path(sys.argv[1]), bytes(5000))\n"
        "except DiskRefuses as error: print(error.hint)"
    )
    root = Path(bulktap.__file__).parents[1]

    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], cwd=root, capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith("Free space on the disk that holds")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_room_is_measured_where_the_file_will_be(tmp_path: Path) -> None:
    """Also if its folder is not there yet."""
    available = free_bytes(tmp_path / "not" / "yet" / "there")

    assert available > 0
    require_space(tmp_path / "not" / "yet", 1)


def test_too_little_room_is_told_with_both_numbers(tmp_path: Path) -> None:
    """How much there is, and how much there must be."""
    with pytest.raises(DiskRefuses, match=r"MB free; 1,000,000,000\.0 MB are needed"):
        require_space(tmp_path, 10**15)


class Held(OSError):
    """What Windows answers, with a number of its own."""

    def __init__(self, number: int) -> None:
        super().__init__(13, "Permission denied")
        self.winerror = number


@pytest.mark.parametrize("number", [5, 32, 33, 145])
@pytest.mark.parametrize("times", [1, 3, 8])
def test_a_file_that_is_held_for_a_moment_is_waited_for(number: int, times: int) -> None:
    """A virus scanner looks at every new file; it lets go after a moment."""
    answers: list[OSError] = [Held(number)] * times
    waits: list[float] = []

    def act() -> str:
        if answers:
            raise answers.pop()
        return "done"

    assert patiently(act, waits.append) == "done"
    assert len(waits) == times


@pytest.mark.parametrize(
    ("error", "tries"), [(Held(5), 9), (Held(32), 9), (Held(2), 1), (Held(183), 1), (PermissionError(13, ""), 1)]
)
def test_waiting_for_a_file_comes_to_an_end(error: OSError, tries: int) -> None:
    """After two seconds in all; what no waiting heals is told at once."""
    waits: list[float] = []
    tried: list[int] = []

    def act() -> None:
        tried.append(1)
        raise error

    with pytest.raises(type(error)):
        patiently(act, waits.append)
    assert len(tried) == tries
    assert sum(waits) <= 2.0 + 1e-9


@pytest.mark.parametrize(
    ("number", "opening", "windows", "tries"),
    [
        (errno.EACCES, True, True, 9),
        (errno.EACCES, True, False, 1),
        (errno.EACCES, False, True, 1),
        (errno.ENOENT, True, True, 1),
        (errno.ENOSPC, True, True, 1),
    ],
)
def test_opening_waits_where_windows_says_no_more_than_that_it_may_not(
    number: int, opening: bool, windows: bool, tries: int
) -> None:
    """Its C library gives no number of Windows' own; elsewhere a refusal is one."""
    tried: list[int] = []

    def act() -> None:
        tried.append(1)
        raise OSError(number, "")

    with pytest.raises(OSError, match=str(number)):
        patiently(act, lambda _: None, opening=opening, windows=windows)
    assert len(tried) == tries


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows lets a program keep all others from a file")
def test_a_file_that_a_scanner_keeps_for_itself_is_opened_later(tmp_path: Path) -> None:
    """It lets go while the writer waits."""
    if sys.platform == "win32":
        import ctypes
        from ctypes import wintypes

        path = tmp_path / ".run.json.abc.part"
        path.write_bytes(b"")
        kernel = ctypes.WinDLL("kernel32")
        kernel.CreateFileW.restype = wintypes.HANDLE
        kernel.CloseHandle.argtypes = [wintypes.HANDLE]
        alone = kernel.CreateFileW(ctypes.c_wchar_p(str(path)), 0x80000000, 0, None, 3, 0, None)
        with pytest.raises(PermissionError):
            path.open("r+b")

        patiently(lambda: path.write_bytes(b"new"), lambda _: kernel.CloseHandle(alone), opening=True)

        assert path.read_bytes() == b"new"


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows keeps an open file from being replaced")
def test_a_file_that_a_program_opens_for_a_moment_is_replaced(tmp_path: Path) -> None:
    """The program closes it while the writer waits."""
    path = tmp_path / "run.json"
    path.write_bytes(b"old")
    (tmp_path / "new").write_bytes(b"new")
    with path.open("rb") as held:
        patiently(lambda: (tmp_path / "new").replace(path), lambda _: held.close())

    assert path.read_bytes() == b"new"


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows keeps an open file from being replaced")
def test_a_file_that_stays_open_is_told_and_kept(tmp_path: Path) -> None:
    """As it was, with nothing beside it."""
    path = tmp_path / "run.json"
    path.write_bytes(b"old")
    with path.open("rb"), pytest.raises(DiskRefuses, match="cannot be written") as refused:
        write_file(path, b"new")

    assert "Close run.json in other programs" in refused.value.hint
    assert [one.name for one in tmp_path.iterdir()] == ["run.json"]


@pytest.mark.parametrize(
    ("mode", "reparse_tag", "expected"),
    [
        (stat.S_IFLNK, 0xA000000C, True),  # a symbolic link
        (stat.S_IFDIR, 0xA0000003, True),  # a junction
        (stat.S_IFDIR, 0x9000301A, False),  # OneDrive: kept elsewhere until it is opened
        (stat.S_IFREG, 0x80000013, False),  # deduplicated by the server
        (stat.S_IFREG, 0x80000017, False),  # compressed by the system
        (stat.S_IFDIR, 0, False),
    ],
)
def test_links_and_junctions_lead_elsewhere(mode: int, reparse_tag: int, expected: bool) -> None:
    """By the tags that winnt.h gives; other tags say how a file is kept, not that it is another one."""
    assert is_link(mode, reparse_tag) is expected


def test_what_is_there_or_is_not_leads_nowhere_else(tmp_path: Path) -> None:
    """A folder, a file, and a name without anything."""
    (tmp_path / "file").write_bytes(b"")

    assert not any(map(leads_elsewhere, (tmp_path, tmp_path / "file", tmp_path / "missing")))


@pytest.mark.skipif(sys.platform == "win32", reason="Wine takes longer paths than Windows does")
def test_a_folder_whose_path_leaves_no_room_is_told(tmp_path: Path) -> None:
    """Before anything is in it; one that leaves room is as it was."""
    deep = tmp_path
    while len(str(deep)) < 4_060:  # PATH_MAX of Linux is 4,096, of macOS 1,024: there the folders are refused
        try:
            (deep := deep / ("d" * min(200, 4_075 - len(str(deep))))).mkdir()
        except OSError:
            deep = deep.parent
            break
    require_short_path(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == [deep.relative_to(tmp_path).parts[0]]
    with pytest.raises(DiskRefuses, match="leaves no room"):
        require_short_path(deep)
    assert list(deep.iterdir()) == []


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere these names are like any other")
@pytest.mark.parametrize("name", ["CON.txt", "aux.xlsx", "NUL", "run.json.", "run.json ", "run.json:stream"])
def test_what_would_be_written_somewhere_else_is_refused(tmp_path: Path, name: str) -> None:
    """To a device, under a shorter name, or into a stream that nobody sees."""
    with pytest.raises(DiskRefuses, match=r"on Windows|Windows keeps"):
        write_file(Path(f"{tmp_path}\\{name}"), b"new")
    assert list(tmp_path.iterdir()) == []
