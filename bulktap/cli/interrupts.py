"""Ctrl-C: the first asks the run to stop tidily, the second stops it now; the journal is sound either way.

Plain signal handlers, because the event loop of Windows has no `add_signal_handler`.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from bulktap.cli.console import Console

_STOP_NOW = 130


class StopSwitch:
    """Turns signals into one tidy stop and, if that is not enough, an immediate one."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._stop: Callable[[], object] | None = None
        self._asked = False

    def arm(self, stop: Callable[[], object]) -> None:
        """Take the function that makes the run stop tidily; call it at once if that was asked for meanwhile."""
        self._stop = stop
        if self._asked:
            stop()

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Handle one signal."""
        del number, frame
        if self._asked:
            # Nothing is tidied up on purpose: what is committed is safe, and what is not is settled by `resume`.
            os._exit(_STOP_NOW)
        self._asked = True
        self._console.always(
            "\nStopping: nothing more is sent, waiting for what is under way. Ctrl-C again stops at once."
        )
        if self._stop is not None:
            self._stop()


@contextmanager
def stop_switch(console: Console) -> Iterator[StopSwitch]:
    """Handle Ctrl-C and the polite request to end, while a run is going on."""
    switch = StopSwitch(console)
    numbers = [signal.SIGINT, signal.SIGTERM]
    if sys.platform == "win32":
        numbers.append(signal.SIGBREAK)
    before = {number: signal.signal(number, switch.handle) for number in numbers}
    try:
        yield switch
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
