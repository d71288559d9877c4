"""What a run says in the end, and what it exits with."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.front_end import Terminal
from bulktap.cli.outcome import CommandOutcome
from bulktap.cli.progress import Progress
from bulktap.model.clock import SystemClock
from bulktap.model.errors import Interrupted, OutputLost
from bulktap.model.plan import TenantInfo
from bulktap.model.run_state import RunState
from bulktap.operations.hand_back import HandedBack
from bulktap.operations.issue_passes import RunEnd
from bulktap.results.row_results import no_counts
from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulktap.model.errors import BulktapError


class Unread:
    """A terminal whose standard output is a pipe that nobody reads any more."""

    def __init__(self, console: Console, progress: Progress, folder: Path) -> None:
        self.outcome = CommandOutcome()
        self._terminal = Terminal(console, progress, self.outcome)
        self._folder = RunFolder(folder)

    def conclude(self, code: int, failure: BulktapError | None) -> None:
        """Tell the end of a run."""
        plan: Any = SimpleNamespace(tenant=TenantInfo("1b3d", "Contoso", "global", simulated=True))
        state = RunState("run", "1b3d", {})
        self._terminal.conclude(RunEnd(self._folder, plan, state, HandedBack(no_counts(), (), code), 0, failure))


@pytest.fixture
def unread(tmp_path: Path) -> Iterator[Unread]:
    """A run whose standard output is a pipe that nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as out, (tmp_path / "screen.txt").open("w") as err:
        console = Console(ScreenSettings(), out, err)
        with Progress(console, SystemClock()) as progress:
            yield Unread(console, progress, tmp_path)


def test_what_stopped_a_run_is_told_although_its_counts_cannot_be_printed(unread: Unread) -> None:
    """The exit code and the command that finishes the run are the stop's."""
    stop = Interrupted("Stopped.", hint="To finish: bulktap resume")

    with pytest.raises(Interrupted) as told:
        unread.conclude(130, stop)

    assert told.value is stop
    assert unread.outcome.exit_code == 130


def test_counts_that_cannot_be_printed_do_not_go_unnoticed(unread: Unread) -> None:
    """The run is complete, but who reads standard output has not learnt it."""
    with pytest.raises(OutputLost):
        unread.conclude(0, None)
