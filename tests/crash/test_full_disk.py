"""A disk that fills up while passes are being issued: a few amounts of room; `many_kills.py` does many."""

from __future__ import annotations

import signal
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from harness.full_disk import FullDiskRun, Relief, full_disk_run
from harness.processes import wait_until
from harness.scene import QUICK, SLOWLY, scene
from harness.small_disk import fill, small_disk, why_no_small_disk

with tempfile.TemporaryDirectory() as _folder:
    _REASON = why_no_small_disk(Path(_folder))
pytestmark = [pytest.mark.long, pytest.mark.skipif(_REASON is not None, reason=_REASON or "")]

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
    with scene(tmp_path, 2) as stage, small_disk(tmp_path / "disk", 2_000_000) as disk:
        stage.operator.reports = disk / "reports"
        ended = stage.begin().ends()

        assert ended.exit_code == 7
        assert "are needed" in ended.err
        assert stage.tenant.truth().attempts == ()


def test_results_that_cannot_be_written_are_not_taken_for_passes_that_were_not_issued(tmp_path: Path) -> None:
    """A workbook in whose place there is a folder: exit 7, the true counts, and the command that writes it later."""
    with scene(tmp_path, ROWS) as stage:
        running = stage.begin(*QUICK, *SLOWLY)
        wait_until(lambda: stage.operator.creates_answered() >= 2, 300, "two creates")
        running.send(signal.SIGINT)
        assert running.ends().exit_code == 130
        workbook = stage.folder / "results.xlsx"
        workbook.unlink()
        workbook.mkdir()

        refused = stage.resume(*QUICK, "--json")
        assert refused.exit_code == 7, refused.err
        assert refused.json["counts"]["issued"] == TO_ISSUE
        assert f"bulktap results {stage.folder.name}" in refused.json["error"]["hint"]

        workbook.rmdir()
        attempts = stage.tenant.truth().attempts
        assert stage.operator.run("results", stage.folder.name).exit_code == 0
        assert stage.tenant.truth().attempts == attempts
        assert stage.violations() == []


def test_a_disk_without_room_is_noticed_before_a_run_is_resumed(tmp_path: Path) -> None:
    """Exit 7 before the tenant is asked anything; once there is room, `resume` finishes the run."""
    with scene(tmp_path, ROWS, "--latency", "0.05") as stage, small_disk(tmp_path / "disk", 16_000_000) as disk:
        stage.operator.reports = disk / "reports"
        running = stage.begin(*QUICK, *SLOWLY)
        wait_until(lambda: stage.operator.creates_answered() >= 2, 300, "two creates")
        running.kill()
        filler = fill(disk, leave=100_000)
        asked = stage.tenant.statistics()

        refused = stage.resume(*QUICK)
        assert refused.exit_code == 7
        assert "are needed" in refused.err
        assert f"bulktap resume {stage.folder.name}" in refused.err
        assert stage.tenant.statistics() == asked

        filler.unlink()
        assert stage.resume(*QUICK).exit_code == 0
        assert stage.violations() == []
