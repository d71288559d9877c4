"""Plants each fault of the kept list in a copy of the package, and tells how many seeds it takes to find it.

    python tests/simulation/mutants.py --processes 2
    python tests/simulation/mutants.py --only settling --seeds 500

Exit code 0 when every fault was found.
"""

# ruff: noqa: T201 - it finds its modules by itself, and prints what it has to say
from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from simulation.mutant_list import MUTANTS, Mutant
from simulation.story import play

REPOSITORY = Path(__file__).parents[2]
_MOST_SEEDS = 2000
_FOUND = re.compile(r"^seed (\d+): (\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Hunt:
    """What became of one fault."""

    mutant: Mutant
    seed: int | None
    """The first seed that finds it."""
    rule: str
    seconds: float
    trouble: str = ""
    """What was said instead, where the command broke down."""


def plant(mutant: Mutant, folder: Path) -> None:
    """Make a copy of the package with the fault in it.

    Raises:
        ValueError: the code does not say just once what the fault changes.
    """
    shutil.copytree(REPOSITORY / "bulktap", folder / "bulktap", ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "bulktap" / mutant.file
    text = path.read_text("utf-8")
    if text.count(mutant.old) != 1:
        raise ValueError(f"{mutant.name}: {text.count(mutant.old)} places say {mutant.old!r}")
    path.write_text(text.replace(mutant.old, mutant.new), "utf-8")


def unsound_seeds(seeds: int) -> list[int]:
    """Return the seeds that break a rule without any fault planted: those prove nothing about one."""
    return [seed for seed in range(seeds) if play(seed).violations]


def hunt(mutant: Mutant, seeds: int, skip: list[int]) -> Hunt:
    """Play seeds on a copy with the fault until one finds it."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        plant(mutant, Path(folder))
        command = [
            sys.executable, str(REPOSITORY / "tests" / "simulation" / "run.py"), "--seeds", str(seeds), "--in-order",
            "--skip", *map(str, skip),
        ]  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=folder)
    found = _FOUND.search(ended.stdout)
    seconds = time.monotonic() - began
    if found is None:
        return Hunt(mutant, None, "", seconds, "" if ended.returncode == 0 else ended.stderr[-300:])
    return Hunt(mutant, int(found[1]), found[2], seconds)


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Plant faults, and tell in how many seeds each is found.")
    parser.add_argument("--seeds", type=int, default=_MOST_SEEDS, help="seeds after which a fault counts as missed")
    parser.add_argument("--processes", type=int, default=1, help="faults at a time")
    parser.add_argument("--only", default="", help="only faults whose file or sentence holds these words")
    given = parser.parse_args()
    wanted = [mutant for mutant in MUTANTS if given.only in mutant.name]
    skip = unsound_seeds(given.seeds)
    if skip:
        print(f"left out, because they break a rule without a fault: {len(skip)} seeds")
    missed = 0
    with ThreadPoolExecutor(given.processes) as pool:
        for result in pool.map(lambda mutant: hunt(mutant, given.seeds, skip), wanted):
            missed += result.seed is None
            seeds = "MISSED" if result.seed is None else f"{result.seed + 1} seeds"
            print(f"{seeds:>11}  {result.rule:24} {result.mutant.name} {result.trouble}", flush=True)
    print(f"{len(wanted) - missed} of {len(wanted)} faults found, each within {given.seeds} seeds")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
