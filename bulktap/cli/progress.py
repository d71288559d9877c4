"""Progress: what a run shows on the terminal; the only module that imports tqdm.

Nothing here waits for the terminal: lines and the bar are left to the console's painter.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bulktap.cli.time_left import TimeLeft, seconds_left
from bulktap.cli.told_text import duration

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Never, Self, TextIO

    from tqdm import tqdm

    from bulktap.cli.console import Console
    from bulktap.cli.painter import Painter
    from bulktap.dispatch.observer import Standing
    from bulktap.model.clock import Clock
    from bulktap.model.log_events import LogEvent

_SPEAK_EVERY = 60.0
"""Without a terminal, a line this often, in seconds."""
_BAR = "{desc}: {percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt} [{elapsed}{postfix}]"
"""Rate and time left are the pacer's: tqdm's own look back on rows that a full bucket let through."""


class Progress:
    """An observer that draws a line on the terminal."""

    def __init__(self, console: Console, clock: Clock) -> None:
        """Take where it is drawn, and what tells the time."""
        self._console = console
        self._clock = clock
        self._open = ExitStack()
        self._painter: Painter | None = None
        self._bar: _Bar | None = None
        self._name = ""
        self._time_left = TimeLeft()
        self._latest: tuple[Standing, float | None, float] | None = None
        self._spoken_at = clock.monotonic()
        self._speaking = threading.Lock()
        self.throttled = 0

    def __enter__(self) -> Self:
        self._painter = self._open.enter_context(self._console.drawn_apart(self._speak_if_due))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        self._open.close()

    def end(self) -> None:
        """Leave the progress line as it stands."""
        self._latest = None
        if self._bar is not None and self._painter is not None:
            self._painter.end_bar(self._bar.finish)
        self._bar = None

    def phase(self, name: str, total: int) -> None:
        """See the interface."""
        self.end()
        self._name = name
        self._time_left = TimeLeft()
        self._spoken_at = self._clock.monotonic()
        if total and self._console.shows_progress and self._painter is not None:
            self._bar = _Bar(name[:1].upper() + name[1:], total, self._console.progress_stream)
            self._painter.begin_bar(self._bar)
            self._painter.frame(self._bar.draw, self._bar)

    def standing(self, standing: Standing) -> None:
        """See the interface."""
        self.throttled = standing.throttled
        now = self._clock.monotonic()
        rate = self._time_left.rate(standing, now)
        if self._bar is not None and self._painter is not None:
            self._bar.state = standing.done, _details(standing, rate, limit_met=self._time_left.limit_met)
            self._painter.frame(self._bar.draw, self._bar)
            return
        self._latest = (standing, rate, now)
        self._speak_if_due()

    def warn(self, message: str) -> None:
        """See the interface."""
        self._console.warn(message)

    def log(self, event: LogEvent) -> None:
        """See the interface; events are for the log file, which is the operation's."""

    def _speak_if_due(self) -> None:
        """Say how far the phase has come, where nobody watches a line; also while nothing new is heard."""
        with self._speaking:
            now, latest = self._clock.monotonic(), self._latest
            if latest is None or now - self._spoken_at < _SPEAK_EVERY or not latest[0].total:
                return
            self._spoken_at = now
        standing, rate, heard_at = latest
        standing = replace(standing, held_seconds=max(0.0, standing.held_seconds - (now - heard_at)))
        details = _details(standing, rate, limit_met=self._time_left.limit_met)
        self._console.say(f"{self._name}: {standing.done} of {standing.total}. {details}".rstrip())


class _Bar:
    """tqdm's bar, made and drawn on the painter's thread; only `state` is set by others."""

    def __init__(self, name: str, total: int, stream: TextIO) -> None:
        self.state = (0, "")
        self._make = partial(_new_bar, name, total, stream)
        self._bar: tqdm[Never] | None = None

    def draw(self) -> None:
        """Draw the latest state."""
        if self._bar is None:
            self._bar = self._make()
        done, details = self.state
        self._bar.set_postfix_str(details, refresh=False)
        self._bar.update(done - self._bar.n)
        self._bar.refresh()

    def clear(self) -> None:
        """See the painter's interface."""
        if self._bar is not None:
            self._bar.clear()

    def redraw(self) -> None:
        """See the painter's interface."""
        if self._bar is not None:
            self._bar.refresh()

    def finish(self) -> None:
        """Draw the latest state and leave it there."""
        self.draw()
        if self._bar is not None:
            self._bar.close()


def _new_bar(name: str, total: int, stream: TextIO) -> tqdm[Never]:
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # else it starts a thread of its own that draws too
    return tqdm(
        total=total, desc=name, unit="row", file=stream, dynamic_ncols=True, leave=True, bar_format=_BAR
    )  # fmt: skip


def _details(standing: Standing, rate: float | None, *, limit_met: bool) -> str:
    """Return what there is to say, what people wait for first: a narrow terminal cuts the end off."""
    parts = []
    if rate:
        if standing.done < standing.total:
            # A full bucket lets everything through at first: that is no promise for the rest.
            least = "" if limit_met else "at least "
            parts.append(f"{least}{duration(seconds_left(standing, rate))} left")
        parts.append(f"{rate:.{0 if rate >= 10 else 1}f}/s")
    elif limit_met and standing.done < standing.total:
        parts.append("finding the limit")
    if standing.held_seconds >= 1:
        parts.append(f"held for {duration(standing.held_seconds)}")
    if standing.in_flight:
        parts.append(f"{standing.in_flight} in flight")
    if standing.in_doubt:
        parts.append(f"{standing.in_doubt} in doubt")
    if standing.throttled:
        parts.append(f"{standing.throttled} throttled")
    return ", ".join(parts)
