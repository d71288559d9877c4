"""One run whose disk fills up while passes are being issued, and has room again later."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from harness.processes import wait_until
from harness.scene import QUICK, Scene, scene
from harness.small_disk import fill, small_disk

if TYPE_CHECKING:
    from pathlib import Path

    from harness.invariants import Violation
    from harness.leaks import Leak

_DISK: Final = 16_000_000
_AS_LONG_AS_IT_TAKES: Final = 120.0
_STANDSTILL: Final = 1.5


class Relief(StrEnum):
    """What happens when the disk has refused a write."""

    FREED = "space is freed while the run waits"
    KILLED = "the run is killed while it waits, then space is freed"


@dataclass(slots=True)
class FullDiskRun:
    """What became of one run."""

    left: int
    """Bytes that were left when creates were under way."""
    relief: Relief
    waited: bool = False
    """Whether the run stood still for want of space."""
    exit_codes: list[int] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)
    issued: int = 0
    not_sent: int = 0
    sent_while_full: int = 0
    """Creates that left after the run had said that nothing is sent."""

    @property
    def sound(self) -> bool:
        """Whether everything held, and the run was finished in the end."""
        finished = self.exit_codes[-1:] in ([0], [3]) and set(self.exit_codes) <= {0, 3, 7} and not self.not_sent
        return finished and not (self.violations or self.leaks or self.sent_while_full)


def full_disk_run(root: Path, rows: int, *, left: int, relief: Relief, weather: str = "fair") -> FullDiskRun:
    """Let the disk fill up during a run, free it, finish the run, and check what is left.

    Raises:
        OSError: no small disk can be made here.
    """
    told = FullDiskRun(left, relief)
    with (
        scene(root, rows, "--weather", weather, "--latency", "0.05") as stage,
        small_disk(root / "disk", _DISK) as disk,
    ):
        stage.operator.reports = disk / "reports"
        _until_it_stops(stage, disk, told)
        _finish(stage, told)
        workbook = stage.workbook()
        told.issued = len(workbook.passes)
        told.not_sent = sum(one.reason == "Not sent" for one in workbook.left_out)
        told.violations = stage.violations()
        told.leaks = [*stage.leaks(), *stage.leaks_in(disk)]
    return told


def _until_it_stops(stage: Scene, disk: Path, told: FullDiskRun) -> None:
    running = stage.begin("--max-rate", "20", *QUICK)
    wait_until(lambda: stage.operator.creates_answered() >= 2 or not running.alive, 300, "two creates")
    assert running.alive, f"it ended before the disk was full: {running.said()[-300:]}"
    filler = fill(disk, leave=told.left)
    wait_until(lambda: "Nothing more is sent" in running.said() or not running.alive, 300, "a full disk or the end")
    told.waited = running.alive
    if told.waited:
        told.sent_while_full = _sent_while_waiting(stage)
        if told.relief is Relief.KILLED:
            running.kill()
    filler.unlink()
    if not (told.waited and told.relief is Relief.KILLED):
        told.exit_codes.append(running.ends(_AS_LONG_AS_IT_TAKES).exit_code)


def _sent_while_waiting(stage: Scene) -> int:
    """Count the creates that arrive although nothing may be sent; those under way when it was said are none."""
    time.sleep(0.2)  # what had left by then has arrived
    before = len(stage.tenant.truth().attempts)
    time.sleep(_STANDSTILL)  # there is no event to wait for: that nothing happens is what is looked for
    return len(stage.tenant.truth().attempts) - before


def _finish(stage: Scene, told: FullDiskRun) -> None:
    ended = stage.resume(stage.folder.name, *QUICK)
    told.exit_codes.append(ended.exit_code)
