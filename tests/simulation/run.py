"""Plays seeds and prints what held; replays one that did not.

    python tests/simulation/run.py --seeds 200000 --from 0 --processes 2
    python tests/simulation/run.py --replay 4711

Every seed is a tenant in virtual time with a few faults of many kinds, and one run or two in it that are killed,
stopped, copied and resumed. Exit code 0 when no rule was broken, 1 otherwise.
"""

# ruff: noqa: T201 - it finds its modules by itself, and prints what it has to say
from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))

from simulation.rules import Violation, table
from simulation.story import play

if TYPE_CHECKING:
    from collections.abc import Iterator

_PART = 250
"""Seeds that a process plays before it reports."""
_MOST_KEPT = 1000
_PROGRESS_SECONDS = 10.0


@dataclass(slots=True)
class Part:
    """What a stretch of seeds came to."""

    counts: Counter[str] = field(default_factory=Counter)
    violations: list[tuple[int, Violation]] = field(default_factory=list)
    cpu_seconds: float = 0.0

    def add(self, other: Part) -> None:
        """Take in another one."""
        self.counts += other.counts
        self.violations += other.violations
        self.cpu_seconds += other.cpu_seconds


def play_part(first: int, count: int) -> Part:
    """Play so many seeds."""
    part, began = Part(), time.process_time()
    for seed in range(first, first + count):
        played = play(seed)
        part.counts += played.counts
        part.violations += [(seed, one) for one in played.violations]
    part.cpu_seconds = time.process_time() - began
    return part


def play_all(first: int, count: int, processes: int, seconds: float | None = None) -> Iterator[Part]:
    """Play seeds in several processes, and yield the parts as they come; begin none after so many seconds."""
    ends = None if seconds is None else time.monotonic() + seconds
    parts = iter((at, min(_PART, first + count - at)) for at in range(first, first + count, _PART))
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        under_way: set[Future[Part]] = {pool.submit(play_part, *part) for part in _some(parts, processes * 2)}
        while under_way:
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            if ends is not None and time.monotonic() > ends:
                parts = iter(())
            under_way |= {pool.submit(play_part, *part) for part in _some(parts, len(done))}
            for future in done:
                yield future.result()


def _some(parts: Iterator[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    return [part for _, part in zip(range(most), parts, strict=False)]


def summary(total: Part, seconds: float) -> str:
    """Return what all seeds came to."""
    counts = total.counts
    names = ("runs", "kills", "stops", "resumes", "rows", "attempts", "issued", "issued again", "in doubt", "refused",
             "skipped", "not compared", "asked anew", "seeds without a verdict")  # fmt: skip
    seeds = {seed for seed, _ in total.violations}
    speed = counts["seeds"] / total.cpu_seconds if total.cpu_seconds else 0.0
    return "\n".join([
        f"{counts['seeds']} seeds in {seconds:.0f} s, {speed:.0f} a CPU-second",
        *(f"  {counts[name]:9d}  {name}" for name in names),
        f"violations, in {len(seeds)} seeds:",
        table(violation for _, violation in total.violations),
    ])  # fmt: skip


def main() -> int:
    """Run the command."""
    given = _arguments()
    if given.replay is not None:
        return _replay(given.replay)
    if given.in_order:
        return _first_violation(given.first, given.seeds, set(given.skip))
    total, began, said = Part(), time.monotonic(), time.monotonic()
    for part in play_all(given.first, given.seeds, given.processes, given.seconds):
        total.add(part)
        for seed, violation in part.violations[: max(0, _MOST_KEPT - len(total.violations))]:
            print(f"seed {seed}: {violation}", flush=True)
        if time.monotonic() - said > _PROGRESS_SECONDS:
            said = time.monotonic()
            words = f"{total.counts['seeds']} of {given.seeds} seeds, {len(total.violations)} violations"
            print(words, file=sys.stderr, flush=True)
        if given.stop_at_first and total.violations:
            break
    print(summary(total, time.monotonic() - began))
    return 1 if total.violations else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Play seeds of the simulation and check that every rule holds.")
    parser.add_argument("--seeds", type=int, default=10_000, help="how many")
    parser.add_argument("--from", dest="first", type=int, default=0, help="the first one")
    parser.add_argument("--processes", type=int, default=2, help="how many at a time")
    parser.add_argument("--seconds", type=float, help="stop after so long, however many seeds were played")
    parser.add_argument("--stop-at-first", action="store_true", help="stop when a rule is broken")
    parser.add_argument(
        "--in-order", action="store_true", help="one process, and stop at the first seed that breaks one"
    )
    parser.add_argument("--skip", type=int, nargs="*", default=[], help="seeds that are left out with --in-order")
    parser.add_argument("--replay", type=int, metavar="SEED", help="play this seed and print everything that happens")
    return parser.parse_args()


def _first_violation(first: int, count: int, skip: set[int]) -> int:
    for seed in range(first, first + count):
        if seed not in skip and (violations := play(seed).violations):
            print(f"seed {seed}: {violations[0]}")
            return 1
    return 0


def _replay(seed: int) -> int:
    played = play(seed, lambda seconds, words: print(f"{seconds:12.3f}  {words}"))
    for violation in played.violations:
        print(f"BROKEN  {violation}")
    print(f"seed {seed}: {dict(played.counts)}, {len(played.violations)} violations")
    return 1 if played.violations else 0


if __name__ == "__main__":
    sys.exit(main())
