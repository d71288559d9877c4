"""Progress: what a run shows on the terminal and writes to its log; the door of tqdm."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bulktap.cli.console import duration
from bulktap.cli.time_left import TimeLeft, seconds_left

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Never, Self

    from tqdm import tqdm

    from bulktap.cli.console import Console
    from bulktap.clock import Clock
    from bulktap.dispatch.observer import LogValue, Standing
    from bulktap.durable import EventLog

_SPEAK_EVERY = 30.0
"""Without a terminal, a line this often, in seconds."""
_BAR = "{desc}: {percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt} [{elapsed}{postfix}]"
"""Rate and time left are the pacer's: tqdm's own look back on rows that a full bucket let through."""


class Progress:
    """An observer that draws a line on the terminal and appends events to the log."""

    def __init__(self, console: Console, clock: Clock) -> None:
        """Start silent; `write_to` adds the log once the run has a folder."""
        self._console = console
        self._clock = clock
        self._bar: tqdm[Never] | None = None
        self._name = ""
        self._time_left = TimeLeft()
        self._log: EventLog | None = None
        self._spoken_at = clock.monotonic()
        self.throttled = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close_bar()
        if self._log is not None:
            self._log.close()

    def write_to(self, log: EventLog) -> None:
        """Append events to this log from now on."""
        self._log = log

    def end_log(self) -> None:
        """Append nothing any more, and let go of the file."""
        if self._log is not None:
            self._log.close()
            self._log = None

    def end(self) -> None:
        """Leave the progress line as it stands."""
        self._close_bar()

    def phase(self, name: str, total: int) -> None:
        """See the interface."""
        self._close_bar()
        self._name = name
        self._time_left = TimeLeft()
        self._spoken_at = self._clock.monotonic()
        # What a phase costs this computer is the difference between two of these.
        self.log("phase", name=name, total=total, cpu_seconds=round(time.process_time(), 3))
        if total == 0:
            return
        if self._console.shows_progress:
            from tqdm import tqdm

            self._bar = tqdm(
                total=total,
                desc=name[:1].upper() + name[1:],
                unit="row",
                dynamic_ncols=True,
                leave=True,
                bar_format=_BAR,
            )

    def standing(self, standing: Standing) -> None:
        """See the interface."""
        self.throttled = standing.throttled
        now = self._clock.monotonic()
        details = _details(standing, self._time_left.rate(standing, now), limit_met=self._time_left.limit_met)
        if self._bar is not None:
            self._bar.set_postfix_str(details, refresh=False)
            self._bar.update(standing.done - self._bar.n)
            self._bar.refresh()
            return
        if now - self._spoken_at >= _SPEAK_EVERY and standing.total:
            self._spoken_at = now
            self._console.say(f"{self._name}: {standing.done} of {standing.total}. {details}".rstrip())

    def warn(self, message: str) -> None:
        """See the interface."""
        if self._bar is not None:
            self._bar.clear()
        self._console.warn(message)
        self.log("warning", message=message)

    def log(self, event: str, **details: LogValue) -> None:
        """See the interface."""
        if self._log is None:
            return
        trouble = self._log.append({"time": self._clock.now().isoformat(), "event": event, **details})
        if trouble is not None:
            self._console.warn(trouble)

    def _close_bar(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


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
