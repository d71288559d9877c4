"""What each constant of the pacing is worth, in simulated time: limits as in the tests, with it halved and doubled.

python tests/bench/bench_pacing.py [--set NAME=VALUE ...] [--only NAME ...] [--report FILE]

One cell says how much of the limit was used in the worst run of its kind, and what share of the steps was throttled in
the worst; for random throttling, how fast it went in parts of what the holds alone allow. Nothing is sent anywhere, and
the same constants always give the same figures.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))
from limited_service import Bucket, Course, Sliding, Window, drive

from bulktap.graph.pacing import PacingTuning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Figures = Sequence[tuple[float, float]]
"""The worst use and the worst share throttled, kind by kind."""
BEGIN, END = "<!-- bench_pacing -->", "<!-- end of bench_pacing -->"
SEEDS = (1, 2)
_CLEARLY_LESS, _CLEARLY_MORE = 0.02, 0.005
"""Use lost, and steps throttled on top, in parts of all, from which a cell is bold."""


@dataclass(frozen=True)
class Kind:
    """One kind of limit."""

    name: str
    courses: Callable[[PacingTuning], Iterator[Course]]


def steady(tuning: PacingTuning) -> Iterator[Course]:
    """Buckets eighty times apart, with every way to word `Retry-After`."""
    for capacity, rate, rows in [(500, 40.0, 5_000), (5, 0.5, 600), (1, 0.7, 600)]:
        for manner in ("exact", "always 1", "none"):
            yield drive(Bucket(capacity, rate), rows, manner=manner, tuning=tuning)


def told(tuning: PacingTuning) -> Iterator[Course]:
    """Buckets whose service sends `x-ms-throttle-limit-percentage`."""
    for seed in SEEDS:
        for capacity, rate, rows in [(1_000, 20.0, 4_000), (200, 20.0, 4_000), (1, 0.7, 600)]:
            yield drive(Bucket(capacity, rate), rows, hints=True, seed=seed, tuning=tuning)


def moving(tuning: PacingTuning) -> Iterator[Course]:
    """A limit that is halved for the middle third."""
    for seed in SEEDS:
        for hints in (True, False):
            limit = Bucket(200, lambda accepted: 10.0 if 1_333 <= accepted < 2_667 else 20.0)
            yield drive(limit, 4_000, hints=hints, seed=seed, tuning=tuning)


def raised(tuning: PacingTuning) -> Iterator[Course]:
    """A limit that is raised tenfold after a fifth of the rows."""
    for seed in SEEDS:
        limit = Bucket(50, lambda accepted: 5.0 if accepted < 1_000 else 50.0)
        yield drive(limit, 5_000, seed=seed, tuning=tuning)


def fixed_windows(tuning: PacingTuning) -> Iterator[Course]:
    """A count of steps, and then none until the next window begins."""
    for seed in SEEDS:
        for size, seconds in [(5, 10.0), (200, 10.0)]:
            yield drive(Window(size, seconds), 3_000 if size > 5 else 600, seed=seed, tuning=tuning)


def sliding_windows(tuning: PacingTuning) -> Iterator[Course]:
    """A count of steps in any span of that length."""
    for seed in SEEDS:
        for size, seconds in [(600, 300.0), (300, 60.0), (5, 10.0)]:
            yield drive(Sliding(size, seconds), 2_000 if size > 5 else 600, seed=seed, tuning=tuning)


def at_random(tuning: PacingTuning) -> Iterator[Course]:
    """No limit but random throttling, from the beginning or later; used is the speed in parts of what holds allow."""
    for seed in SEEDS:
        for chance, fastest in [(0.01, 200.0), (0.05, 118.0), (0.15, 90.0)]:
            course = drive(Bucket(1e9, 1e9), 4_000, chance=chance, seed=seed, tuning=tuning)
            yield replace(course, use=4_000 / course.seconds / fastest, throttled=0.0)
        limit = Bucket(50, lambda accepted: 20.0 if accepted < 500 else 1e9)
        later = drive(limit, 4_000, chance=lambda accepted: 0.1 if accepted >= 500 else 0.0, seed=seed, tuning=tuning)
        yield replace(later, use=(500 / 20 + 3_500 / 99) / later.seconds, throttled=0.0)


def both(tuning: PacingTuning) -> Iterator[Course]:
    """A limit behind random throttling; the use is the middle one, and throttled is what the limit took."""
    for chance in (0.02, 0.1):
        courses = [drive(Bucket(200, 20.0), 3_000, chance=chance, seed=seed, tuning=tuning) for seed in (1, 2, 3)]
        middle = sorted(course.use for course in courses)[1]
        yield replace(courses[0], use=middle, throttled=sum(course.limited for course in courses) / 3)


KINDS = (
    Kind("steady", steady),
    Kind("header", told),
    Kind("moving", moving),
    Kind("raised", raised),
    Kind("fixed windows", fixed_windows),
    Kind("sliding windows", sliding_windows),
    Kind("random", at_random),
    Kind("random and limit", both),
)


def main() -> None:
    """Measure, print, and put the table into the report where one is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--report", type=Path)
    asked = parser.parse_args()
    start = replace(PacingTuning(), **dict(setting(text) for text in asked.set))
    before = [worst(kind, start) for kind in KINDS]
    lines = [f"| constant | value | {' | '.join(kind.name for kind in KINDS)} |", f"|---|---:|{'---:|' * len(KINDS)}"]
    lines.append(line("as they are", "", before, before))
    for field in fields(PacingTuning):
        if asked.only and field.name not in asked.only:
            continue
        value = getattr(start, field.name)
        for other in (value / 2, value * 2):
            changed = max(1, round(other)) if isinstance(value, int) else min(other, 0.9 if value < 1 else math.inf)
            found = [worst(kind, replace(start, **{field.name: changed})) for kind in KINDS]
            lines.append(line(f"`{field.name}`", f"{value:g} → {changed:g}", found, before))
    text = "\n".join(lines)
    if asked.report is None:
        print(text)
    else:
        from bench_issuing import put_between

        put_between(asked.report, BEGIN, END, text)


def setting(text: str) -> tuple[str, float]:
    """Return name and value of one NAME=VALUE."""
    name, _, value = text.partition("=")
    whole = isinstance(getattr(PacingTuning(), name), int)
    return name, int(value) if whole else float(value)


def worst(kind: Kind, tuning: PacingTuning) -> tuple[float, float]:
    """Return the worst use and the worst share throttled of one kind."""
    courses = list(kind.courses(tuning))
    used = min(1.0 if math.isnan(course.use) else course.use for course in courses)
    return used, max(course.throttled for course in courses)


def line(name: str, value: str, found: Figures, before: Figures) -> str:
    """Return one line of the table; what is clearly worse than before is bold."""
    cells = []
    for (used, throttled), (used_before, throttled_before) in zip(found, before, strict=True):
        text = f"{used:.1%}, {throttled:.1%}" if throttled else f"{used:.1%}"
        bad = used < used_before - _CLEARLY_LESS or throttled > throttled_before + _CLEARLY_MORE
        cells.append(f"**{text}**" if bad else text)
    return f"| {name} | {value} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
