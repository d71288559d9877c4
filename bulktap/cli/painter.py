"""Painter: writes to the terminal on a thread of its own, so that a terminal which takes nothing stops nothing else.

Ctrl-S, text that is selected in a Windows console, or a pager at the other end of a pipe keep a write waiting for as
long as somebody likes. Meanwhile replies of the service have to be read. So whoever has something to say leaves it
here and goes on; lines are kept in order, and of a progress bar only the latest state is drawn.
"""

from __future__ import annotations

import queue
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

_BETWEEN_FRAMES = 0.1
"""Seconds; more frames than that nobody sees."""
_BETWEEN_BEATS = 1.0


class Bar(Protocol):
    """A progress bar below the lines; all of it is called on the painter's thread."""

    def clear(self) -> None:
        """Make room for a line."""

    def redraw(self) -> None:
        """Stand below the line again."""


class Painter:
    """Does what it is told in order, on a thread of its own; telling it never waits, not in a signal handler either."""

    def __init__(self, write: Callable[[str], None], beat: Callable[[], None] | None = None) -> None:
        """Begin.

        Args:
            write: writes lines to the terminal; may wait for as long as it likes.
            beat: called about once a second.
        """
        self._write = write
        self._beat = beat
        # A SimpleQueue, because its `put` may interrupt another one: a signal handler leaves its line here too.
        self._todo: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._bar: Bar | None = None
        self._frame: tuple[Callable[[], None], Bar | None] | None = None
        self._drawn_at = self._beat_at = time.monotonic()
        self._thread = threading.Thread(target=self._work, name="painter", daemon=True)
        self._thread.start()

    def line(self, text: str) -> None:
        """Write a line, above the bar if there is one."""
        self._todo.put(lambda: self._write_line(text))

    def frame(self, draw: Callable[[], None], bar: Bar | None = None) -> None:
        """Draw this when there is time for it, and in place of what was to be drawn before.

        Args:
            draw: draws it.
            bar: what is drawn; not before it has begun, since two bars at once are drawn by moving the cursor up.
        """
        self._frame = (draw, bar)
        self._todo.put(_nothing)

    def begin_bar(self, bar: Bar) -> None:
        """Keep lines above this bar from now on."""
        self._todo.put(lambda: self._set_bar(bar))

    def end_bar(self, finish: Callable[[], None]) -> None:
        """Leave the bar as `finish` draws it last."""
        self._frame = None
        self._todo.put(lambda: self._finish(finish))

    def drain(self) -> None:
        """Wait until all of it is on the terminal; KeyboardInterrupt ends the waiting."""
        done = threading.Event()
        self._todo.put(done.set)
        while not done.wait(1.0) and self._thread.is_alive():
            pass

    def stop(self) -> None:
        """Draw what is left and end."""
        self._todo.put(None)
        self._thread.join()

    def _work(self) -> None:
        while True:
            try:
                action = self._todo.get(timeout=self._pause())
            except queue.Empty:
                action = _nothing
            if action is None:
                return
            # A terminal that has gone, or a code page without the letter: the drawing suffers, the run does not.
            with suppress(OSError, ValueError):
                action()
                self._draw_what_is_due()

    def _pause(self) -> float | None:
        frame = self._frame
        if frame is not None and frame[1] is self._bar:
            return max(0.0, self._drawn_at + _BETWEEN_FRAMES - time.monotonic())
        return None if self._beat is None else _BETWEEN_BEATS

    def _draw_what_is_due(self) -> None:
        now = time.monotonic()
        frame = self._frame
        if frame is not None and frame[1] is self._bar and now - self._drawn_at >= _BETWEEN_FRAMES:
            self._frame, self._drawn_at = None, now
            frame[0]()
        if self._beat is not None and now - self._beat_at >= _BETWEEN_BEATS:
            self._beat_at = now
            self._beat()

    def _write_line(self, text: str) -> None:
        if self._bar is None:
            self._write(text)
            return
        self._bar.clear()
        self._write(text)
        self._bar.redraw()

    def _set_bar(self, bar: Bar | None) -> None:
        self._bar = bar

    def _finish(self, finish: Callable[[], None]) -> None:
        self._bar = None
        finish()


def _nothing() -> None:
    """Only wake the thread."""
