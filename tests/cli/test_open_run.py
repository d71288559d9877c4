"""What a run says in the end, and what it exits with."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.open_run import OpenRun
from bulktap.cli.outcome import CommandOutcome
from bulktap.cli.progress import Progress
from bulktap.model.clock import SystemClock
from bulktap.model.errors import Interrupted, OutputLost
from bulktap.model.plan import TenantInfo
from bulktap.operations.hand_back import HandedBack
from bulktap.operations.run_journal import RunEnd
from bulktap.results.row_results import no_counts
from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def unread(tmp_path: Path) -> Iterator[OpenRun]:
    """A run whose standard output is a pipe that nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    plan: Any = SimpleNamespace(tenant=TenantInfo("1b3d", "Contoso", "global", simulated=True))
    sending: Any = None
    clock = SystemClock()
    with os.fdopen(writer, "w") as out, (tmp_path / "screen.txt").open("w") as err:
        console = Console(ScreenSettings(), out, err)
        with Progress(console, clock) as progress:
            yield OpenRun(console, CommandOutcome(), plan, RunFolder(tmp_path), None, progress, clock, sending)


def test_what_stopped_a_run_is_told_although_its_counts_cannot_be_printed(unread: OpenRun) -> None:
    """The exit code and the command that finishes the run are the stop's."""
    stop = Interrupted("Stopped.", hint="To finish: bulktap resume")

    with pytest.raises(Interrupted) as told:
        unread.conclude(RunEnd(HandedBack(no_counts(), (), 130), 0, stop))

    assert told.value is stop
    assert unread.outcome.exit_code == 130


def test_counts_that_cannot_be_printed_do_not_go_unnoticed(unread: OpenRun) -> None:
    """The run is complete, but who reads standard output has not learnt it."""
    with pytest.raises(OutputLost):
        unread.conclude(RunEnd(HandedBack(no_counts(), (), 0), 0, None))
