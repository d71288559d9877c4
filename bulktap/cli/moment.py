"""Showing something for a moment: on the terminal's alternate screen, which leaves nothing behind, and then wiped.

What stands there is never in the window's scrollback. It goes when Enter is pressed, when the time is up, at Ctrl-C, at
a request to end, and when the window is closed: until then signals only wake the one who waits, so that none of them
can come between the showing and the wiping. `kill -9` leaves the wiping to whoever closes the window.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Wait = Callable[[float, int, list[int]], None]
    """Waits for so many seconds, or for the pipe, or for a signal."""

# XTerm Control Sequences: private mode 1049 (alternate screen), mode 25 (cursor), CUP, and ED from the cursor on. ED of
# the whole screen would do the same, but some terminals then push what they erase into the scrollback.
_SHOW = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[J"
_WIPE = "\x1b[H\x1b[J\x1b[?25h\x1b[?1049l"
_ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
"""Signals that ask for an end, as far as this system has them."""
_STOPPING = ("SIGTSTP", "SIGTTIN", "SIGTTOU")
"""Signals that would leave the shell's prompt below what is shown."""


def show_for_a_moment(out: TextIO, text: str, seconds: float) -> bool:
    """Show text until Enter is pressed or the time is up, then wipe it; return True if somebody asked for an end.

    Args:
        out: the terminal.
        text: what is shown.
        seconds: for how long at most.

    Raises:
        OSError: the terminal does not take it.
    """
    with woken_by_signals() as (wake, asked):
        with _keys() as wait:
            try:
                out.write(_SHOW + text)
                out.flush()
                wait(seconds, wake, asked)
            finally:
                with suppress(OSError, ValueError):  # a window that was closed shows nothing any more
                    out.write(_WIPE)
                    out.flush()
        return bool(asked)


@contextmanager
def woken_by_signals() -> Iterator[tuple[int, list[int]]]:
    """Let signals that ask for an end do nothing but wake; yield a pipe's end that they write to, and which came."""
    reader, writer = os.pipe()
    asked: list[int] = []
    before = {number: signal.signal(number, lambda came, _: asked.append(came)) for number in _there(_ENDINGS)}
    before |= {number: signal.signal(number, signal.SIG_IGN) for number in _there(_STOPPING)}
    with _written_at_once(writer):
        try:
            yield reader, asked
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
    os.close(reader)
    os.close(writer)


def _there(names: tuple[str, ...]) -> list[signal.Signals]:
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


if sys.platform == "win32":
    import ctypes
    import msvcrt
    from contextlib import nullcontext

    _STANDARD_OUTPUT = -11
    _UNDERSTANDS_SEQUENCES = 0x0004  # ENABLE_VIRTUAL_TERMINAL_PROCESSING
    _LOOK_EVERY = 0.05

    def _written_at_once(_: int) -> nullcontext[None]:
        return nullcontext()  # nobody waits for the pipe

    def can_show(out: TextIO) -> bool:
        """Whether the console understands the sequences; those before Windows 10 do not."""
        return out.isatty() and _set_mode(_UNDERSTANDS_SEQUENCES) is not None

    def _set_mode(more: int, exactly: int | None = None) -> int | None:
        """Set the console's output mode; return the one that it had, or None if it does not take that."""
        kernel = ctypes.windll.kernel32
        handle, mode = kernel.GetStdHandle(_STANDARD_OUTPUT), ctypes.c_ulong()
        if not kernel.GetConsoleMode(handle, ctypes.byref(mode)):
            return None
        wanted = mode.value | more if exactly is None else exactly
        return mode.value if kernel.SetConsoleMode(handle, wanted) else None

    @contextmanager
    def _keys() -> Iterator[_Wait]:
        """Let the console understand the sequences meanwhile; yield what waits for Enter, a signal, or the time."""
        before = _set_mode(_UNDERSTANDS_SEQUENCES)

        def wait(seconds: float, wake: int, asked: list[int]) -> None:
            del wake  # Windows cannot wait for a pipe and the keyboard at once
            end = time.monotonic() + seconds
            while time.monotonic() < end and not asked:
                while msvcrt.kbhit():
                    if msvcrt.getwch() in "\r\n":
                        return
                time.sleep(_LOOK_EVERY)

        try:
            yield wait
        finally:
            if before is not None:
                _set_mode(0, exactly=before)

else:
    import select
    import termios

    @contextmanager
    def _written_at_once(writer: int) -> Iterator[None]:
        """Let the system's own handler write to the pipe.

        Python's handlers run between two steps of the interpreter: a signal that comes just before a wait begins would
        be noticed at its end only (Python's documentation of `signal`, execution of handlers).
        """
        os.set_blocking(writer, False)
        before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)

    def can_show(out: TextIO) -> bool:
        """Whether this is a terminal; the sequences are understood by all that do not call themselves dumb."""
        return out.isatty()

    @contextmanager
    def _keys() -> Iterator[_Wait]:
        """Let nothing be shown that is typed meanwhile; yield what waits for Enter, a signal, or the time."""
        keyboard = sys.stdin.fileno()
        before = termios.tcgetattr(keyboard)
        silent = [*before]
        silent[3] = before[3] & ~termios.ECHO
        termios.tcsetattr(keyboard, termios.TCSAFLUSH, silent)  # what was typed ahead is no Enter of now

        def wait(seconds: float, wake: int, asked: list[int]) -> None:
            end = time.monotonic() + seconds
            while not asked and (left := end - time.monotonic()) > 0:
                ready, _, _ = select.select([keyboard, wake], [], [], left)
                if keyboard in ready:
                    return
                if ready:
                    os.read(wake, 512)  # another signal than those that ask for an end writes there too

        try:
            yield wait
        finally:
            with suppress(termios.error):
                termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)
