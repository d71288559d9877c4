from __future__ import annotations

import stat
import sys
from typing import TYPE_CHECKING

import pytest

from bulktap.model.errors import DiskRefuses
from bulktap.storage import make_folder, make_private_folder, make_shared_folder
from bulktap.storage.folders import sid_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def mode(path: Path) -> int:
    """Return the permissions of a file, with setuid, setgid and sticky bits."""
    return stat.S_IMODE(path.stat().st_mode)


POSIX_MODES = pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists instead of modes")


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
        path.symlink_to(tmp_path / "elsewhere")

    assert not make_private_folder(path)


@pytest.mark.parametrize("make", [make_folder, make_private_folder, make_shared_folder])
def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, make: Callable[[Path], object]) -> None:
    """A file stands in its way: one sentence with the path, and what to do."""
    (tmp_path / "reports").write_text("")

    with pytest.raises(DiskRefuses, match="cannot be made") as refused:
        make(tmp_path / "reports" / "run")
    assert "reports" in refused.value.hint


@pytest.mark.skipif(sys.platform != "win32", reason="access lists are those of Windows")
def test_a_folder_on_windows_still_admits_its_user(tmp_path: Path) -> None:
    """Whoever made it can write to it and read it back."""
    make_private_folder(tmp_path / "run")
    (tmp_path / "run" / "plan.json").write_text("{}")

    assert (tmp_path / "run" / "plan.json").read_text() == "{}"


def test_the_user_is_found_in_what_windows_prints() -> None:
    """The name may hold anything, in any language."""
    assert sid_in('"CONTOSO\\Zo\u00eb, M\u00fcller","S-1-5-21-1-2-3-1001"\r\n') == "S-1-5-21-1-2-3-1001"


@pytest.mark.parametrize("printed", ["", "ERROR: no", '"CONTOSO\\adele"', '"a","S-1-5-21; del *"'])
def test_anything_else_is_not_taken_for_a_user(printed: str) -> None:
    """Rather no folder than one open to somebody unknown."""
    with pytest.raises(OSError, match="current user"):
        sid_in(printed)
