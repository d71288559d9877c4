"""A terminal that takes nothing for a while, and one that is closed: the wire does not wait for either."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from whole_run import USERS, Program, live_digests, sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bulktap.simulator.embedded import EmbeddedSimulator

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals"),
]

ROWS = [["User"], *([user] for user in USERS)]
SLOWLY = ("--max-rate", "4", "--concurrency", "1")
STOP, GO_ON = b"\x13", b"\x11"  # Ctrl-S, Ctrl-Q


@dataclass
class Terminal:
    """A program on a terminal, and the keyboard and screen of whoever sits there."""

    here: int
    process: subprocess.Popen[bytes]
    screen: str = ""

    def read_until(self, text: str, seconds: float = 600.0) -> None:
        """Read the screen until a text is on it."""
        deadline = time.monotonic() + seconds
        while text not in self.screen:
            assert time.monotonic() < deadline, f"not on the screen: {text}\n{self.screen}"
            if select.select([self.here], [], [], 0.5)[0]:
                self.screen += os.read(self.here, 65536).decode("utf-8", "replace")

    def close(self) -> None:
        """Close it, once: the number may be another file's by the second time."""
        if self.here >= 0:
            os.close(self.here)
        self.here = -1

    def read_on(self) -> int:
        """Read the screen until the program has ended; return its exit code."""
        while True:
            try:
                data = os.read(self.here, 65536)
            except OSError:  # the other end is closed
                return self.process.wait(600)
            if not data:
                return self.process.wait(600)
            self.screen += data.decode("utf-8", "replace")


def until(happened: Callable[[], bool], seconds: float = 600.0) -> None:
    """Wait until something has happened elsewhere."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        select.select([], [], [], 0.05)


@pytest.fixture
def terminal(connected: Program) -> Iterator[Terminal]:
    """A run in progress on a terminal of its own, a dozen passes at four a second."""
    import pty
    import termios

    here, there = pty.openpty()
    termios.tcsetwinsize(there, (40, 110))
    # Under `nohup`, or in a shell's background, signals are ignored, and programs that are started inherit that.
    before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGHUP, signal.SIGINT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "bulktap", "apply", connected.roster(ROWS), "--yes", *SLOWLY],
        cwd=connected.cwd,
        env={**connected.environment, "TERM": "xterm"},
        stdin=there,
        stdout=there,
        stderr=there,
        start_new_session=True,
    )
    for number, handler in before.items():
        signal.signal(number, handler)
    os.close(there)
    running = Terminal(here, process)
    yield running
    process.kill()
    process.wait()
    running.close()


def test_output_that_is_paused_does_not_stop_the_wire(terminal: Terminal, service: EmbeddedSimulator) -> None:
    """After Ctrl-S the passes go on being issued; what was to be seen meanwhile comes with Ctrl-Q."""
    terminal.read_until("Issuing")
    os.write(terminal.here, STOP)
    issued = len(live_digests(service))
    assert issued < len(USERS)

    until(lambda: len(live_digests(service)) == len(USERS))
    os.write(terminal.here, GO_ON)

    assert terminal.read_on() == 0, terminal.screen
    assert "12 issued" in terminal.screen


def test_a_terminal_that_is_paused_can_still_be_left(terminal: Terminal, service: EmbeddedSimulator) -> None:
    """Ctrl-C twice ends a run whose terminal takes nothing; the first one alone stops sending."""
    terminal.read_until("Issuing")
    os.write(terminal.here, STOP)

    terminal.process.send_signal(signal.SIGINT)
    stopped = -1

    def still() -> bool:
        nonlocal stopped
        before, stopped = stopped, len(live_digests(service))
        time_enough = select.select([], [], [], 0.6)[0] == []
        return time_enough and before == stopped

    until(still)
    terminal.process.send_signal(signal.SIGINT)

    assert terminal.process.wait(600) == 130
    assert len(live_digests(service)) < len(USERS)


@pytest.mark.parametrize("times", [1, 3])
def test_a_terminal_that_is_closed_stops_the_run_tidily(
    connected: Program, terminal: Terminal, service: EmbeddedSimulator, times: int
) -> None:
    """As Ctrl-C does, however often the signal comes: exit 130, the results so far written, and resume finishes."""
    terminal.read_until("Issuing")
    until(lambda: len(live_digests(service)) > 0)

    terminal.close()
    for _ in range(times):
        terminal.process.send_signal(signal.SIGHUP)

    assert terminal.process.wait(600) == 130
    (run,) = (connected.cwd / "reports").glob("20*")
    assert 0 < len(sheet(run)) == len(live_digests(service)) < len(USERS)
    resumed = connected("resume", "--json")
    assert resumed.json["counts"]["issued"] == len(USERS)


def test_a_program_that_was_told_to_outlive_its_terminal_does(connected: Program, service: EmbeddedSimulator) -> None:
    """Under `nohup` the signal is ignored, and stays so."""
    process = subprocess.Popen(
        ["nohup", sys.executable, "-m", "bulktap", "apply", connected.roster(ROWS), "--yes", *SLOWLY],
        cwd=connected.cwd,
        env=connected.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: len(live_digests(service)) > 0)
    process.send_signal(signal.SIGHUP)

    assert process.wait(600) == 0
    assert len(live_digests(service)) == len(USERS)


def test_a_pipe_that_nobody_empties_does_not_stop_the_wire(connected: Program, service: EmbeddedSimulator) -> None:
    """A pager at the other end of standard error, full of what was said before."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    while True:
        try:
            os.write(writer, b"x" * 4096)
        except BlockingIOError:
            break
    os.set_blocking(writer, True)
    process = subprocess.Popen(
        [sys.executable, "-m", "bulktap", "apply", connected.roster(ROWS), "--yes", *SLOWLY],
        cwd=connected.cwd,
        env=connected.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=writer,
    )
    os.close(writer)
    try:
        until(lambda: len(live_digests(service)) == len(USERS))
        while os.read(reader, 65536):
            pass
        assert process.wait(600) == 0
    finally:
        process.kill()
        os.close(reader)
