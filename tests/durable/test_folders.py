from __future__ import annotations

import stat
import sys
from typing import TYPE_CHECKING

import pytest

from bulktap.durable import make_private_folder
from bulktap.durable.folders import sid_in
from bulktap.errors import DiskRefuses

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists instead of modes")
def test_a_folder_is_made_private_with_those_above_it(tmp_path: Path) -> None:
    """Nobody else may enter it, also if it was there and open before."""
    path = tmp_path / "reports" / "run"
    make_private_folder(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o700

    path.chmod(0o755)
    make_private_folder(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file stands in its way."""
    (tmp_path / "reports").write_text("")

    with pytest.raises(DiskRefuses, match="private folder"):
        make_private_folder(tmp_path / "reports" / "run")


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
