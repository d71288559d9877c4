"""Kills many runs at random instants, resumes them, and prints what held: the long form of `test_kills.py`.

    python tests/crash/many_kills.py --kills 300 --processes 4

Every run has a simulator of its own in a storm and is checked when it is finished. A run that is not sound keeps its
folder, and its seed repeats it: `--first-seed SEED --kills 1`. Exit code 0 when everything held.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path

from harness.full_disk import FullDiskRun, Relief, full_disk_run
from harness.invariants import table
from harness.kills import KilledRun, Moment, killed_run
from harness.reissues import killed_reissue

_PAGE = 4096


def main() -> int:
    """Run the command."""
    given = _arguments()
    began = time.monotonic()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="many-kills-"))
    with ProcessPoolExecutor(given.processes) as pool:
        runs = _killed_runs(pool, given, folder)
        disks = _full_disk_runs(pool, given.full_disks, folder)
    _print(runs, disks, given, time.monotonic() - began)
    return 0 if all(run.sound for run in runs) and all(disk.sound for disk in disks) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Kill runs at random instants and check that nothing is lost.")
    parser.add_argument("--kills", type=int, default=300, help="kills that strike a living process")
    parser.add_argument("--rows", type=int, default=400, help="rows of each run's roster")
    parser.add_argument("--reissue", action="store_true", help="kill while passes of a finished run are reissued")
    parser.add_argument("--weather", default="storm", help="of the simulator")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2, help="runs at a time")
    parser.add_argument("--full-disks", type=int, default=0, help="runs whose disk fills up, too; needs root")
    parser.add_argument("--keep", type=Path, help="keep the folders of runs that are not sound here")
    return parser.parse_args()


def _killed_runs(pool: ProcessPoolExecutor, given: argparse.Namespace, folder: Path) -> list[KilledRun]:
    """Start runs until enough kills have struck; all that were started are counted."""
    runs: list[KilledRun] = []
    seed = given.first_seed
    under_way: dict[Future[KilledRun], Path] = {}
    while under_way or _kills(runs) < given.kills:
        while len(under_way) < given.processes and _kills(runs) + len(under_way) < given.kills:
            root = folder / f"seed-{seed}"
            under_way[
                pool.submit(killed_reissue if given.reissue else killed_run, root, seed, given.rows, given.weather)
            ] = root
            seed += 1
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            run, root = future.result(), under_way.pop(future)
            runs.append(run)
            if run.sound:
                shutil.rmtree(root)
            _print_run(run, given.kills, _kills(runs))
    return runs


def _kills(runs: list[KilledRun]) -> int:
    return sum(sum(run.kills.values()) for run in runs)


def _full_disk_runs(pool: ProcessPoolExecutor, count: int, folder: Path) -> list[FullDiskRun]:
    futures = [
        pool.submit(
            full_disk_run,
            folder / f"disk-{number}",
            40,
            left=number * _PAGE,
            relief=tuple(Relief)[number % len(Relief)],
            weather=f"showers,seed={number}",
        )
        for number in range(count)
    ]
    return [future.result() for future in futures]


def _print_run(run: KilledRun, wanted: int, struck: int) -> None:
    word = "sound" if run.sound else "BROKEN"
    print(  # noqa: T201 - what a command is for
        f"seed {run.seed}: {word}, {sum(run.kills.values())} kills, {run.resumes} resumes, {run.issued} issued, "
        f"{run.left_out['In doubt']} in doubt, {run.noted} with a note, {run.seconds:.0f} s   [{struck} of {wanted}]",
        flush=True,
    )
    for problem in (*run.violations, *run.leaks, *filter(None, [run.trouble])):
        print(f"  {problem}", flush=True)  # noqa: T201 - what a command is for


def _print(runs: list[KilledRun], disks: list[FullDiskRun], given: argparse.Namespace, seconds: float) -> None:
    total: Counter[str] = Counter()
    moments: Counter[Moment] = Counter()
    faults: Counter[str] = Counter()
    codes: Counter[int] = Counter()
    for run in runs:
        total.update(issued=run.issued, noted=run.noted, resumes=run.resumes, missed=run.missed)
        total.update({"in doubt": run.left_out["In doubt"], "leaks": len(run.leaks), "trouble": bool(run.trouble)})
        moments += run.kills
        faults += run.faults
        codes.update(run.exit_codes)
    lines = [
        f"{_kills(runs)} kills in {len(runs)} runs of {given.rows} rows, weather {given.weather}, {seconds:.0f} s",
        *(f"  {moments[moment]:5d}  {moment}" for moment in Moment),
        f"  {total['missed']:5d}  came after the process had ended",
        f"{total['resumes']} resumes; ended with "
        + ", ".join(f"{code}: {codes[code]} times" for code in sorted(codes)),
        f"{total['issued']} passes handed out, {total['noted']} of them with a note; {total['in doubt']} rows in doubt",
        "weather: " + ", ".join(f"{name} {count}" for name, count in sorted(faults.items())),
        "violations:",
        table(violation for run in runs for violation in run.violations),
        f"  {total['leaks']:5d}  a passcode on disk or screen in the clear",
        f"  {total['trouble']:5d}  a command that did not end as it should",
    ]
    if disks:
        broken = sum(not disk.sound for disk in disks)
        waited = sum(disk.waited for disk in disks)
        lines += [
            f"{len(disks)} runs on a disk that filled up ({waited} stood still for it), {broken} broken",
            *(f"  {disk}" for disk in disks if not disk.sound),
        ]
    print("\n".join(lines))  # noqa: T201 - what a command is for


if __name__ == "__main__":
    sys.exit(main())
