"""Ctrl-C: the first asks the run to stop tidily, the second stops it now; the journal is sound either way.

Plain signal handlers, because the event loop of Windows has no `add_signal_handler`. A terminal that is closed counts
as Ctrl-C, once: terminals and shells send that signal several times over, and nobody has pressed anything twice.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from types import FrameType

    from bulktap.cli.console import Console

_STOP_NOW = 130
_PRESSED = frozenset({signal.SIGINT, signal.SIGTERM})
"""What somebody means each time."""


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
        """Handle one signal; what is to be said is left to the thread that writes to the terminal."""
        del frame
        if self._asked:
            if number in _PRESSED:
                # Nothing is tidied up on purpose: what is committed is safe, and what is not is settled by `resume`.
                os._exit(_STOP_NOW)
            return
        self.ask()

    def ask(self) -> None:
        """Ask the run to stop tidily."""
        if self._asked:
            return
        self._asked = True
        self._console.always(
            "",  # the terminal has shown ^C on the line where the cursor was
            "Stopping: nothing more is sent, waiting for what is under way. Ctrl-C again stops at once.",
        )
        if self._stop is not None:
            self._stop()


def end_like_ctrl_c() -> None:
    """Answer a polite request to end, and the end of the terminal, as Ctrl-C is answered outside a run."""
    for number in _endings():
        signal.signal(number, signal.default_int_handler)


def _endings() -> list[signal.Signals]:
    """Return the signals that ask for an end besides Ctrl-C, as far as they are not ignored: `nohup` means it so."""
    names = ("SIGTERM", "SIGHUP", "SIGBREAK")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    return [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]


@contextmanager
def stop_switch(console: Console) -> Iterator[StopSwitch]:
    """Handle Ctrl-C, the polite request to end, and a terminal that is closed, while a run is going on."""
    # A handler must not wait for the terminal, nor write where a line was just begun: another thread does that.
    with console.drawn_apart():
        switch = StopSwitch(console)
        before = {number: signal.signal(number, switch.handle) for number in (signal.SIGINT, *_endings())}
        try:
            with _closing_window(switch.ask):
                yield switch
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


if sys.platform == "win32":
    import threading

    # SetConsoleCtrlHandler (Win32 API, "HandlerRoutine callback function"): closing the window, logging off, shutting
    # down. The process ends as soon as the routine returns, or some five seconds after the event whatever it does.
    _CLOSING = frozenset({2, 5, 6})
    _LONGEST = 30.0

    @contextmanager
    def _windows_events(ask: Callable[[], None]) -> Iterator[None]:
        import ctypes
        from ctypes import wintypes

        ended = threading.Event()

        def answer(event: int) -> bool:
            if event not in _CLOSING:
                return False
            ask()
            ended.wait(_LONGEST)
            return True

        routine = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)(answer)
        kernel = ctypes.windll.kernel32
        kernel.SetConsoleCtrlHandler(routine, True)
        try:
            yield
        finally:
            ended.set()
            kernel.SetConsoleCtrlHandler(routine, False)

    def _closing_window(ask: Callable[[], None]) -> AbstractContextManager[None]:
        return _windows_events(ask)

else:

    def _closing_window(ask: Callable[[], None]) -> AbstractContextManager[None]:
        """Do nothing: here a terminal that is closed sends SIGHUP."""
        del ask
        return nullcontext()
