"""A disk that fills up while passes are being issued: a few amounts of room; `many_kills.py` does many."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from harness.full_disk import FullDiskRun, Relief, full_disk_run
from harness.small_disk import small_disk, why_no_small_disk

with tempfile.TemporaryDirectory() as _folder:
    _REASON = why_no_small_disk(Path(_folder))
pytestmark = pytest.mark.skipif(_REASON is not None, reason=_REASON or "")

ROWS = 12
TO_ISSUE = 11
# Nothing, or a page or two of the journal; or about the journal, but not the workbook.
CASES = ((0, Relief.FREED), (4_096, Relief.KILLED), (20_480, Relief.FREED))


def test_whatever_write_fails_nothing_is_lost(tmp_path: Path) -> None:
    """The run waits and goes on, or gives up with 7 or is killed; then `resume` finishes it."""

    def one(case: tuple[int, Relief]) -> FullDiskRun:
        return full_disk_run(tmp_path / str(case[0]), ROWS, left=case[0], relief=case[1])

    with ThreadPoolExecutor(len(CASES)) as pool:
        runs = list(pool.map(one, CASES))

    assert [run for run in runs if not run.sound] == []
    assert {run.issued for run in runs} == {TO_ISSUE}
    assert {run.exit_codes[-1] for run in runs} == {0}
    assert {run.exit_codes[0] for run in runs} <= {0, 7}
    assert [run.waited for run in runs[:2]] == [True, True]


def test_a_disk_without_room_is_noticed_before_anything_is_sent(tmp_path: Path) -> None:
    """Exit 7, with what is needed and what there is; the tenant was only asked."""
    from harness.scene import scene

    with scene(tmp_path, 2) as stage, small_disk(tmp_path / "disk", 2_000_000) as disk:
        stage.operator.reports = disk / "reports"
        ended = stage.begin().ends()

        assert ended.exit_code == 7
        assert "are needed" in ended.err
        assert stage.tenant.truth().attempts == ()
