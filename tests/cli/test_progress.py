"""What the progress line says."""

from __future__ import annotations

import io
import threading
from datetime import UTC, datetime

from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.progress import Progress
from bulktap.dispatch.observer import Standing


class _SteeredClock:
    """A clock that stands still until the test moves it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        """Return a moment of no importance."""
        return datetime(2035, 9, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        """Return what the test says."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Move on at once."""
        self.seconds += seconds


def said(*standings: Standing) -> list[str]:
    """Return what is said where nobody watches a line, of standings that are a minute apart."""
    clock, err = _SteeredClock(), io.StringIO()
    with Progress(Console(ScreenSettings(), io.StringIO(), err), clock) as progress:
        progress.phase("issuing", 400)
        for standing in standings:
            clock.seconds += 60
            progress.standing(standing)
    return err.getvalue().splitlines()


def test_what_people_wait_for_comes_first() -> None:
    """A narrow terminal cuts the end of the line off; the time left and the rate are not what it should cut."""
    _, line = said(
        Standing(100, 400, rate=1.7, throttled=1),
        Standing(200, 400, in_flight=6, held_seconds=2, rate=1.7, throttled=9, in_doubt=3),
    )

    assert line == "issuing: 200 of 400. 2 min left, 1.7/s, held for 2 s, 6 in flight, 3 in doubt, 9 throttled"


def test_off_a_terminal_there_is_a_line_a_minute_and_no_more() -> None:
    """A log of a night's run stays readable."""
    clock, err = _SteeredClock(), io.StringIO()
    with Progress(Console(ScreenSettings(), io.StringIO(), err), clock) as progress:
        progress.phase("issuing", 400)
        for number in range(1, 181):
            clock.seconds += 1
            progress.standing(Standing(number, 400))

    assert err.getvalue().splitlines() == [f"issuing: {number} of 400." for number in (60, 120, 180)]


def test_a_long_silence_of_the_service_is_spoken_into() -> None:
    """Nothing new is heard during a hold of some minutes, and the line says how much of it is left."""
    clock, err = _SteeredClock(), _Spoken()
    with Progress(Console(ScreenSettings(), io.StringIO(), err), clock) as progress:
        progress.phase("issuing", 400)
        progress.standing(Standing(100, 400, held_seconds=300))
        clock.seconds += 60
        assert err.spoken.wait(60)

    assert err.getvalue().splitlines() == ["issuing: 100 of 400. held for 4 min"]


class _Spoken(io.StringIO):
    """A stream that says when something was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.spoken = threading.Event()

    def write(self, text: str, /) -> int:
        """Take it, and say so."""
        written = super().write(text)
        self.spoken.set()
        return written


def test_until_the_limit_is_known_no_time_is_promised() -> None:
    """After the first throttle nobody knows the rate yet; the words are short enough for any terminal."""
    (line,) = said(Standing(2, 400, throttled=2, rate=9.0))

    assert line == "issuing: 2 of 400. finding the limit, 2 throttled"
