"""Ctrl-C once, twice, and the polite request to end."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from harness.processes import wait_until
from harness.scene import QUICK, SLOWLY, Scene, scene

if TYPE_CHECKING:
    from pathlib import Path

    from harness.processes import Running

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows sends these signals to whole consoles"),
]

ROWS = 12
TO_ISSUE = 11
# Every batch of creates is under way for a second, so that a signal finds one there.
SLOW = ("--weather", "fair,delayed-batch=1,delay=1")


def begun(stage: Scene) -> Running:
    """Start a run and wait until the first creates have been answered and the next are under way."""
    running = stage.begin(*QUICK, *SLOWLY)
    wait_until(lambda: stage.operator.creates_answered() >= 1, 300, "the first create")
    answered = len(stage.tenant.truth().attempts)
    wait_until(lambda: len(stage.tenant.truth().attempts) > answered, 300, "another create under way")
    return running


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_the_run_tidily(number: signal.Signals, tmp_path: Path) -> None:
    """No create leaves any more, what is under way is waited for, results are written, and resume finishes."""
    with scene(tmp_path, ROWS, *SLOW) as stage:
        running = begun(stage)
        running.send(number)
        wait_until(lambda: "Stopping" in running.said(), 300, "the answer to the signal")
        answered_at = datetime.now(UTC)
        ended = running.ends()
        truth, stopped = stage.tenant.truth(), stage.workbook()

        assert ended.exit_code == 130
        assert f"bulktap resume {stage.folder.name}" in ended.err
        assert [attempt for attempt in truth.attempts if attempt.received > answered_at] == []
        assert {one.object_id for one in stopped.passes} == {one.user for one in truth.attempts if one.pass_id}
        assert 0 < len(stopped.passes) < TO_ISSUE

        resumed = stage.resume(*QUICK)
        assert resumed.exit_code == 0, resumed.err
        assert f"Resuming {stage.folder.name}." in resumed.err
        assert len(stage.workbook().passes) == TO_ISSUE
        assert stage.violations() == []
        assert {one.pass_id for one in stopped.passes} <= {one.pass_id for one in stage.workbook().passes}


def test_a_second_ctrl_c_ends_the_run_at_once(tmp_path: Path) -> None:
    """It waits for nothing; the journal is sound, and resume settles what was under way."""
    with scene(tmp_path, ROWS, *SLOW) as stage:
        running = begun(stage)
        running.send(signal.SIGINT)
        wait_until(lambda: "Stopping" in running.said(), 300, "the answer to the first")
        running.send(signal.SIGINT)
        ended = running.ends()

        assert ended.exit_code == 130
        assert stage.operator.creates_answered() < len(stage.tenant.truth().attempts), "a batch was waited for"
        assert not (stage.folder / "results.xlsx").exists()

        resumed = stage.resume(*QUICK)
        assert resumed.exit_code == 0, resumed.err
        assert len(stage.workbook().passes) == TO_ISSUE
        assert stage.violations() == []
