"""One run that is killed at a random instant and resumed, perhaps killed again, until it is finished."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING, Final

from harness.handed_out import require_whole
from harness.operators import PASSPHRASE
from harness.processes import TooLate
from harness.scene import RESUME, Scene, scene

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from harness.invariants import Violation
    from harness.leaks import Leak
    from harness.processes import Ended, Running

_FINISHED: Final = {0, 3}
_LONGEST: Final = 900.0
_POLL: Final = 0.005


class Moment(StrEnum):
    """When a kill strikes, roughly; the exact instant is drawn."""

    ANY = "some seconds after the start of the process"
    SENDING = "while creates are being sent"
    SETTLING = "while the last rows are being settled"
    WRITING = "while results are being written"


_CHANCES: Final = {Moment.ANY: 0.15, Moment.SENDING: 0.55, Moment.SETTLING: 0.15, Moment.WRITING: 0.15}


@dataclass(slots=True)
class KilledRun:
    """What became of one run."""

    seed: int
    kills: Counter[Moment] = field(default_factory=Counter)
    """Kills that struck a living process."""
    missed: int = 0
    """Kills that came after the process had ended by itself."""
    resumes: int = 0
    exit_codes: list[int] = field(default_factory=list)
    """Of the processes that ended by themselves."""
    issued: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    """Rows in the sheet `Not issued`, by reason."""
    noted: int = 0
    """Rows with a note."""
    faults: Counter[str] = field(default_factory=Counter)
    """The weather that it met."""
    violations: list[Violation] = field(default_factory=list)
    leaks: list[Leak] = field(default_factory=list)
    trouble: str = ""
    """What else went wrong: a command that did not end, or with a code that it must not have."""
    seconds: float = 0.0

    @property
    def sound(self) -> bool:
        """Whether everything held."""
        return not (self.violations or self.leaks or self.trouble)


def killed_run(root: Path, seed: int, rows: int, weather: str) -> KilledRun:
    """Let a run be killed and resumed to its end, and check what is left; everything random follows from the seed."""
    began = time.monotonic()
    told = KilledRun(seed)
    with scene(root, rows, "--weather", f"{weather},seed={seed}") as stage:
        try:
            Killing(stage, told, rows).carry_out()
            judge(stage, told)
        except Exception as error:  # noqa: BLE001 - one run in trouble must not hide how the others went
            told.trouble = f"{type(error).__name__}: {error}"
        told.faults.update(stage.tenant.statistics()["faults"])
    told.seconds = time.monotonic() - began
    return told


class Killing:
    """Kills what works on a run, and lets `resume` go on with it."""

    def __init__(self, stage: Scene, told: KilledRun, rows: int) -> None:
        self._stage = stage
        self._told = told
        self._rows = rows
        """Creates that will have been answered when all is done, if none is lost."""
        self._random = Random(told.seed)  # noqa: S311 - a repeatable draw, not a secret

    def begin(self) -> Running:
        """Start what is killed."""
        return self._stage.begin()

    def has_begun(self) -> bool:
        """Whether there is something that `resume` can finish."""
        return any((folder / "journal.db").exists() for folder in self._stage.operator.run_folders())

    def carry_out(self) -> None:
        """Kill, resume and kill as the seed has it, until it is finished."""
        ended = self._struck(self.begin())
        again = self._random.choices((0, 1, 2), (0.5, 0.3, 0.2))[0]
        for _ in range(again):
            if ended is None and self.has_begun():
                self._told.resumes += 1
                ended = self._struck(self._stage.operator.start(*RESUME, self._stage.folder.name))
        if not self.has_begun():
            # Killed before anything could be sent: there is nothing to resume, and nothing in the way of a new run.
            ended = self._noted(self.begin().ends(_LONGEST))
        repeats = 0 if ended is not None else 1
        if self._random.random() < 0.2:
            repeats = 3
        for _ in range(repeats):
            self._told.resumes += 1
            self._noted(self._stage.resume(self._stage.folder.name, seconds=_LONGEST))

    def _noted(self, ended: Ended) -> Ended:
        self._told.exit_codes.append(ended.exit_code)
        assert ended.exit_code in _FINISHED, f"exit {ended.exit_code}: {ended.err[-600:]}"
        return ended

    def _struck(self, running: Running) -> Ended | None:
        """Kill the process at the instant that is drawn; return how it ended if it was faster."""
        moment = self._random.choices(tuple(_CHANCES), tuple(_CHANCES.values()))[0]
        if self._wait_for(moment, running):
            running.kill()
            self._told.kills[moment] += 1
            for folder in self._stage.operator.run_folders():
                require_whole(folder, PASSPHRASE)
            return None
        self._told.missed += 1
        return self._noted(running.ends(_LONGEST))

    def _wait_for(self, moment: Moment, running: Running) -> bool:
        """Wait for the instant; tell whether the process was still alive then."""
        operator, draw = self._stage.operator, self._random.uniform
        written, answered = sum(event.get("name") == "writing results" for event in operator.events()), 0
        match moment:
            case Moment.ANY:
                return self._lives_on(running, draw(0.0, 6.0))
            case Moment.SENDING:
                answered, delay = operator.creates_answered() + int(draw(0, self._left())), draw(0.0, 0.4)
                arrived = self._lives_until(running, lambda: operator.creates_answered() > answered)
            case Moment.SETTLING:
                answered, delay = operator.creates_answered() + int(self._left() * 0.97), draw(0.0, 6.0)
                arrived = self._lives_until(running, lambda: operator.creates_answered() >= answered)
            case _:
                delay = draw(0.0, 0.7)
                arrived = self._lives_until(running, lambda: operator.begun("writing results", times=written + 1))
        return arrived and self._lives_on(running, delay)

    def _left(self) -> int:
        return max(1, self._rows - self._stage.operator.creates_answered())

    def _lives_until(self, running: Running, happened: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + _LONGEST
        while not happened():
            if not running.alive:
                return False
            if time.monotonic() > deadline:
                running.kill()
                raise TooLate(f"the moment of the kill never came: {running.said()[-300:]}")
            time.sleep(_POLL)
        return running.alive

    def _lives_on(self, running: Running, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while running.alive and time.monotonic() < deadline:
            time.sleep(min(_POLL, max(0.0, deadline - time.monotonic())))
        return running.alive


def judge(stage: Scene, told: KilledRun) -> None:
    """Compare what was handed out with the tenant."""
    workbook = stage.workbook()
    told.issued = len(workbook.passes)
    told.left_out.update(one.reason for one in workbook.left_out)
    told.noted = sum(bool(one.note) for one in workbook.passes)
    told.violations = stage.violations()
    told.leaks = stage.leaks()
    unsettled = told.left_out["Not sent"]
    assert not unsettled, f"{unsettled} rows were never sent"
