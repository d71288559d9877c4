"""Processes: the program as it is started, and how it ended."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bulktap

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable

REPOSITORY: Final = Path(bulktap.__file__).parents[1]
PROGRAM: Final = (sys.executable, "-m", "bulktap")
_POLL: Final = 0.01


class TooLate(AssertionError):
    """Something that a test waits for did not come in time."""


def wait_until(happened: Callable[[], object], seconds: float, what: str) -> None:
    """Wait until something has happened.

    Raises:
        TooLate: it has not, after so many seconds.
    """
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise TooLate(f"not within {seconds} s: {what}")
        time.sleep(_POLL)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The object that `--json` printed."""
        told = json.loads(self.out)
        assert isinstance(told, dict)
        return told


@dataclass(slots=True)
class Running:
    """A command under way."""

    process: subprocess.Popen[bytes]
    screen: Path
    """What it prints, with `.out` and `.err`."""

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def ends(self, seconds: float = 600.0) -> Ended:
        """Wait until it has ended by itself.

        Raises:
            TooLate: it had to be killed.
        """
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise TooLate(f"no end within {seconds} s: {self.said()}") from None
        return Ended(code, *(self.screen.with_suffix(end).read_text("utf-8") for end in (".out", ".err")))

    def said(self) -> str:
        """Return what it has said on standard error so far."""
        return self.screen.with_suffix(".err").read_text("utf-8")

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it the hard way; it cannot do anything about it."""
        self.process.kill()
        self.process.wait()
