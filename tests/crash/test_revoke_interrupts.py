"""Ctrl-C while passes are being deleted."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import pytest
from harness.processes import wait_until
from harness.scene import QUICK, Scene, scene

from bulktap.storage.revocations import read_revocations
from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows sends these signals to whole consoles"),
]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_a_revocation_tidily(number: signal.Signals, tmp_path: Path) -> None:
    """What is under way is waited for and recorded, the command that goes on is named, and `resume` goes on."""
    with scene(tmp_path, 24, "--weather", "fair,delayed-batch=1,delay=0.5") as stage:
        assert stage.begin(*QUICK).ends().exit_code == 0
        folder = RunFolder(stage.folder)
        running = stage.operator.start("revoke", folder.run, "--yes", "--max-rate", "4", "--no-progress")
        wait_until(lambda: read_revocations(folder).revoked, 300, "the first pass to be deleted")
        running.send(number)
        ended = running.ends()
        record, live = read_revocations(folder), _live(stage)

        assert ended.exit_code == 130, ended.err
        assert f"bulktap revoke {folder.run}" in ended.err
        assert record.left
        assert record.left.keys() <= live
        assert record.sent == record.settled.keys(), "every delete that left has its outcome"

        resumed = stage.operator.run("resume", folder.run, "--no-progress")
        assert resumed.exit_code == 0, resumed.err
        assert read_revocations(folder).left == {}
        assert not record.chosen.keys() & _live(stage)


def _live(stage: Scene) -> set[str]:
    users = stage.tenant.truth().users.values()
    return {user.current_pass_id for user in users if user.current_pass_id}
