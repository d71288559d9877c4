"""The program on a pseudo-terminal, typed at from the other end; Unix only."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from whole_run import Program

_SILENCE_SECONDS = 180.0
"""A program that shows nothing for so long waits for an answer that a test does not have."""


def talk(
    program: Program,
    arguments: Sequence[str | Path],
    answers: Sequence[tuple[str, str]],
    columns: int = 110,
    **more: str,
) -> tuple[int, str]:
    """Run the program on a terminal; after each expected text type the answer. Return exit code and all it showed.

    The terminal is the program's own, so that a Ctrl-C on it reaches it.
    """
    import fcntl
    import pty
    import termios

    def on_the_terminal() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        # As a shell leaves them, whatever started these tests: what is run in the background is deaf to a Ctrl-C.
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)

    here, there = pty.openpty()
    termios.tcsetwinsize(there, (40, columns))
    process = subprocess.Popen(
        [sys.executable, "-m", "bulktap", *map(str, arguments)],
        cwd=program.cwd,
        env={**program.environment, "TERM": "xterm", "COLUMNS": str(columns), **more},
        stdin=there,
        stdout=there,
        stderr=there,
        start_new_session=True,
        preexec_fn=on_the_terminal,  # noqa: PLW1509 - no threads that matter
    )
    os.close(there)
    try:
        shown = _conversation(here, list(answers))
    finally:
        os.close(here)  # as if its window were closed: a program that still waits for an answer ends
    return process.wait(timeout=600), shown


def _conversation(terminal: int, waiting: list[tuple[str, str]]) -> str:
    """Answer until the program ends, or says nothing for minutes; return all that it showed."""
    shown, searched = "", 0
    while select.select([terminal], [], [], _SILENCE_SECONDS)[0]:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # the other end is closed: the program has ended
            break
        if not data:
            break
        shown += data.decode("utf-8", "replace")
        if waiting and waiting[0][0] in shown[searched:]:
            searched = len(shown)
            os.write(terminal, (waiting.pop(0)[1] + "\n").encode("utf-8", "surrogateescape"))
    return shown
