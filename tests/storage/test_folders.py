from __future__ import annotations

import stat
import sys
from typing import TYPE_CHECKING

import pytest

from bulktap.model.errors import DiskRefuses, Untrusted
from bulktap.storage import make_folder, make_private_folder, make_shared_folder, require_private

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def mode(path: Path) -> int:
    """Return the permissions of a file, with setuid, setgid and sticky bits."""
    return stat.S_IMODE(path.stat().st_mode)


POSIX_MODES = pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists instead of modes")
WINDOWS_LISTS = pytest.mark.skipif(sys.platform != "win32", reason="access lists are those of Windows")


@POSIX_MODES
def test_what_is_made_is_private(tmp_path: Path) -> None:
    """A reports folder that was not there, and the run's own folder: nobody else may enter them."""
    make_folder(tmp_path / "a" / "reports")
    assert make_private_folder(tmp_path / "a" / "reports" / "run")

    assert mode(tmp_path / "a" / "reports") == mode(tmp_path / "a" / "reports" / "run") == 0o700


@POSIX_MODES
@pytest.mark.parametrize("before", [0o755, 0o2770, 0o775, 0o1777, 0o700, 0o2755])
def test_a_folder_that_was_there_stays_as_it_is(tmp_path: Path, before: int) -> None:
    """Its mode, the setgid and sticky bits among it, is its owner's affair; the run inside is private all the same."""
    reports = tmp_path / "reports"
    reports.mkdir()
    reports.chmod(before)
    make_folder(reports)
    assert make_private_folder(reports / "run")

    assert mode(reports) == before
    assert mode(reports / "run") & 0o777 == 0o700


@POSIX_MODES
@pytest.mark.parametrize("above", [0o700, 0o2770, 0o775, 0o755])
@pytest.mark.parametrize("earlier", [False, True])
def test_a_folder_of_locks_is_open_to_whoever_may_use_the_one_above(
    tmp_path: Path, above: int, *, earlier: bool
) -> None:
    """Also one that an earlier bulktap made for itself alone."""
    reports = tmp_path / "reports"
    reports.mkdir()
    reports.chmod(above)
    if earlier:
        (reports / ".locks").mkdir(mode=0o700)
    make_shared_folder(reports / ".locks")

    assert mode(reports / ".locks") == above


@pytest.mark.parametrize("there", ["folder", "file", "link"])
def test_a_name_that_is_taken_is_not_made_into_a_run(tmp_path: Path, there: str) -> None:
    """Whoever made it is not us, so it is left alone."""
    path = tmp_path / "run"
    if there == "folder":
        path.mkdir()
    elif there == "file":
        path.write_text("mine")
    else:
        if sys.platform == "win32":
            pytest.skip("links need rights of their own on Windows")
        path.symlink_to(tmp_path / "elsewhere")

    assert not make_private_folder(path)


@pytest.mark.parametrize("make", [make_folder, make_private_folder, make_shared_folder])
def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, make: Callable[[Path], object]) -> None:
    """A file stands in its way: one sentence with the path, and what to do."""
    (tmp_path / "reports").write_text("")

    with pytest.raises(DiskRefuses, match="cannot be made") as refused:
        make(tmp_path / "reports" / "run")
    assert "reports" in refused.value.hint


@WINDOWS_LISTS
@pytest.mark.parametrize("make", [make_folder, make_private_folder])
def test_what_is_made_on_windows_admits_its_user_alone(tmp_path: Path, make: Callable[[Path], object]) -> None:
    """Its access list names nobody else who may write, and the user can write to it and read it back."""
    from bulktap.storage.access_lists import access_list, current_user

    make(tmp_path / "run")
    (tmp_path / "run" / "plan.json").write_text("{}")
    found = access_list(tmp_path / "run")

    assert found is not None
    assert found.allowed is not None
    # Wine adds the system to every list.
    assert {who for who, _ in found.allowed} - {"S-1-5-18"} == {current_user()}
    require_private(tmp_path / "run")
    assert (tmp_path / "run" / "plan.json").read_text() == "{}"


@WINDOWS_LISTS
def test_no_program_of_windows_is_needed_for_a_private_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Policies block icacls.exe and whoami.exe: none is started, whatever PATH and the system folder say."""
    started: list[object] = []
    sys.addaudithook(lambda event, given: started.append(given) if event.startswith("subprocess") else None)
    monkeypatch.setenv("PATH", "")

    assert make_private_folder(tmp_path / "run")
    require_private(tmp_path / "run")
    assert started == []


@WINDOWS_LISTS
def test_a_folder_on_windows_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    """The hint has the command that takes it away from them, in quotes that both shells of Windows understand."""
    from bulktap.storage.access_lists import current_user

    make_private_folder(tmp_path / "run")
    grant(tmp_path / "run", f"D:P(A;OICI;FA;;;{current_user()})(A;OICI;FA;;;WD)")

    with pytest.raises(Untrusted, match=r"Others \(Everyone\) may write to the run folder") as refused:
        require_private(tmp_path / "run")
    assert '/inheritance:r /grant:r "*S-1-5-' in refused.value.hint


def grant(path: Path, described: str) -> None:
    """Give a folder the access list that a text in Windows' own notation describes."""
    if sys.platform == "win32":
        import ctypes

        descriptor = ctypes.c_void_p()
        convert = ctypes.windll.advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW
        assert convert(ctypes.c_wchar_p(described), 1, ctypes.byref(descriptor), None)
        assert ctypes.windll.advapi32.SetFileSecurityW(ctypes.c_wchar_p(str(path)), 4, descriptor)
