"""The cells of the league: which limit, behind what latency, with which manners, for how many rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from pacing_league.limits import Bucket, Course, FixedWindow, Limit, NoLimit, OnAndOff, Points, SlidingWindow, Steady

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = 20
"""Steps in a batch at most, as in Microsoft Graph."""
CONCURRENCY = 6
RETRY_AFTERS = ("exact", "whole", "fives", "lying", "always 1", "absent")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One situation; the same seed always makes the same one."""

    kind: str = "bucket"
    """`bucket`, `fixed`, `sliding` or `none`."""
    rate: float = 20.0
    """Steps a second, on average."""
    burst: float = 20.0
    """What a bucket holds; what a window allows."""
    rows: int = 300
    latency: float = 0.15
    retry_after: str = "exact"
    charge: float = 0.0
    """What a throttled step costs, in parts of an admitted one."""
    course: Course = field(default_factory=Steady)
    """How the rate of a bucket moves."""
    spent: bool = False
    """True if look-ups were counted, so that the limit is used up at the beginning."""
    chance: float = 0.0
    """Share of the steps that is throttled by chance."""
    header: bool = False
    """True if `x-ms-throttle-limit-percentage` comes from 80 % on."""
    clients: int = 1
    """How many of the same kind share the limit, each with all rows; the second comes ten seconds later."""
    seed: int = 1

    def limit(self) -> Limit:
        """Make the limit."""
        seconds = self.burst / self.rate
        match self.kind:
            case "none":
                return NoLimit()
            case "fixed":
                into = seconds * Random(self.seed).random()  # noqa: S311 - a simulation
                return FixedWindow(round(self.burst), seconds, into, self.spent)
            case "sliding":
                return SlidingWindow(round(self.burst), seconds, self.spent)
            case _:
                return Bucket(self.burst, self.rate, self.course, self.spent)

    @property
    def second_client(self) -> bool:
        """True if somebody else takes a part now and then."""
        return isinstance(self.course, OnAndOff)

    @property
    def name(self) -> str:
        """What sets it apart, in a few words."""
        limit = "no limit" if self.kind == "none" else f"{self.kind} {self.rate:g}/s of {self.burst:g}"
        parts = [limit, f"{self.rows} rows", f"{1000 * self.latency:.0f} ms", self.retry_after]
        parts += [f"charge {self.charge:g}"] if self.charge else []
        parts += [_moves(self.course)] if self.course != Steady() else []
        parts += ["spent"] if self.spent else []
        parts += [f"chance {self.chance:.1%}"] if self.chance else []
        parts += ["header"] if self.header else []
        parts += ["two"] if self.clients > 1 else []
        return ", ".join(parts)


def _moves(course: Course) -> str:
    if isinstance(course, OnAndOff):
        return f"neighbour {course.share:.0%} {course.seconds:g} s"
    assert isinstance(course, Points)
    return "moves " + " ".join(f"{at:.0f}s:{factor:.2g}" for at, factor in course.points)


def rows_for(rate: float, burst: float, seconds: float = 120.0) -> int:
    """Return how many rows keep a limit busy that long once its burst is used; 300 at least, 12,000 at most."""
    return int(min(12_000, max(300, burst + rate * seconds)))


def fixed_cells() -> list[Cell]:
    """Return the cells that are always played."""
    return [*_limits(), *_windows(), *_manners(), *_latencies(), *_moving(), *_neighbours(), *_pairs(), *_chance()]


def _limits() -> Iterator[Cell]:
    """Every rate with every burst, fewer where nothing new comes of it; the documented one at two latencies."""
    for rate in (0.5, 1.0, 2.0, 5.0, 20.0, 50.0, 100.0, 300.0, 600.0):
        for burst in sorted({1.0, max(1.0, rate), 10 * rate}):
            yield Cell(rate=rate, burst=burst, rows=rows_for(rate, burst, 60), charge=1.0, retry_after="whole")
    for latency in (0.15, 0.5):
        yield Cell(rate=20.0, burst=3_000.0, rows=6_000, latency=latency)
    yield Cell(kind="none", rows=10_000)
    yield Cell(kind="none", rows=300)
    yield Cell(kind="none", rows=5_000, latency=0.6)


def _windows() -> Iterator[Cell]:
    for kind in ("fixed", "sliding"):
        for size, seconds in ((5, 10.0), (5, 1.0), (20, 10.0), (100, 1.0), (200, 10.0), (3_000, 150.0), (300, 60.0)):
            rate = size / seconds
            yield Cell(kind=kind, rate=rate, burst=size, rows=rows_for(rate, size), charge=0.5, retry_after="whole")
    yield Cell(kind="fixed", rate=20.0, burst=200, rows=2_000, header=True)
    yield Cell(kind="sliding", rate=20.0, burst=200, rows=2_000, retry_after="absent")


def _manners() -> Iterator[Cell]:
    """Ways to word `Retry-After`, and what a throttled step costs."""
    for rate, burst in ((2.0, 2.0), (5.0, 5.0), (20.0, 20.0), (100.0, 100.0), (300.0, 3_000.0)):
        for number, retry_after in enumerate(RETRY_AFTERS):
            charge = (0.0, 0.1, 0.5, 1.0)[number % 4]
            yield Cell(rate=rate, burst=burst, rows=rows_for(rate, burst, 60), retry_after=retry_after, charge=charge)
    for charge in (0.0, 0.1, 0.5, 1.0):
        yield Cell(rate=20.0, burst=200.0, rows=2_000, charge=charge, spent=True)


def _latencies() -> Iterator[Cell]:
    for latency in (0.02, 0.05, 0.4, 0.8):
        for rate, burst in ((2.0, 20.0), (50.0, 50.0), (100.0, 1_000.0)):
            yield Cell(rate=rate, burst=burst, rows=rows_for(rate, burst, 60), latency=latency, charge=0.5)


def _moving() -> Iterator[Cell]:
    halved = Points(((0.0, 1.0), (60.0, 1.0), (60.0, 0.5), (120.0, 0.5), (120.0, 1.0)))
    raised = Points(((0.0, 1.0), (40.0, 1.0), (40.0, 5.0)))
    falls = Points(((0.0, 1.0), (40.0, 1.0), (40.0, 0.2)))
    ramp = Points(((0.0, 0.4), (120.0, 1.6), (240.0, 0.4)))
    for course in (halved, raised, falls, ramp):
        for rate, burst in ((5.0, 5.0), (20.0, 200.0), (100.0, 100.0)):
            header = rate == 20.0 and course in (halved, raised)
            yield Cell(
                rate=rate, burst=burst, rows=rows_for(rate, burst, 180), course=course, header=header, charge=0.1
            )


def _neighbours() -> Iterator[Cell]:
    for seconds in (1.0, 5.0, 20.0, 60.0):
        for rate, burst in ((5.0, 50.0), (20.0, 20.0), (20.0, 200.0), (100.0, 1_000.0)):
            course = OnAndOff(0.5, seconds, first=seconds)
            yield Cell(rate=rate, burst=burst, rows=rows_for(rate, burst, 150), course=course, charge=0.5)


def _pairs() -> Iterator[Cell]:
    for rate, burst in ((2.0, 20.0), (5.0, 5.0), (20.0, 20.0), (20.0, 200.0), (100.0, 100.0), (100.0, 1_000.0)):
        for retry_after in ("exact", "whole"):
            yield Cell(rate=rate, burst=burst, rows=rows_for(rate, burst, 60), clients=2, retry_after=retry_after)


def _chance() -> Iterator[Cell]:
    for chance in (0.001, 0.01):
        for rate, burst in ((2.0, 2.0), (20.0, 20.0), (20.0, 200.0), (100.0, 1_000.0)):
            yield Cell(rate=rate, burst=burst, rows=rows_for(rate, burst), chance=chance, charge=0.1)
        yield Cell(kind="none", rows=6_000, chance=chance)


def drawn_cells(seed: int, number: int) -> list[Cell]:
    """Draw cells; nothing else depends on the seed."""
    return [_drawn(Random(seed * 7_919 + index)) for index in range(number)]  # noqa: S311 - a simulation


def _drawn(random: Random) -> Cell:
    kind = random.choices(("bucket", "fixed", "sliding", "none"), (75, 10, 10, 5))[0]
    rate = 0.5 * (1_200 ** random.random())
    burst = random.choice((1.0, rate, rate * 10, rate * 10 ** random.uniform(-0.5, 2.0)))
    burst = max(1.0, burst) if kind == "bucket" else max(2.0, float(round(burst)))
    rows = max(300, int(min(12_000, burst + rate * random.uniform(30, 240))))
    moves = random.random() if kind == "bucket" else 1.0
    course: Course = Steady()
    if moves < 0.2:
        course = _drawn_points(random)
    elif moves < 0.4:
        seconds = random.choice((1.0, 5.0, 20.0, 60.0))
        course = OnAndOff(random.uniform(0.2, 0.7), seconds, random.uniform(0, 2 * seconds))
    return Cell(
        kind=kind,
        rate=rate,
        burst=burst,
        rows=rows,
        latency=0.02 * 40 ** random.random(),
        retry_after=random.choices(RETRY_AFTERS, (4, 4, 1, 1, 1, 1))[0],
        charge=random.choice((0.0, 0.1, 0.5, 1.0)),
        course=course,
        spent=kind != "none" and random.random() < 0.2,
        chance=random.choice((0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.001, 0.01)),
        header=random.random() < 0.25,
        clients=2 if course == Steady() and kind != "none" and random.random() < 0.15 else 1,
        seed=random.randrange(1_000_000),
    )


def _drawn_points(random: Random) -> Points:
    at, factor, points = 0.0, 1.0, [(0.0, 1.0)]
    for _ in range(random.randint(1, 4)):
        at += random.uniform(15, 90)
        points.append((at, factor))
        factor = random.choice((0.25, 0.5, 1.0, 2.0))
        at += random.choice((0.0, 0.0, random.uniform(20, 90)))
        points.append((at, factor))
    return Points(tuple(points))
