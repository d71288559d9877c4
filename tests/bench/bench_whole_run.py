"""The whole job, from a roster's file to a sealed workbook, by bulktap and by other programs.

python tests/bench/bench_whole_run.py [--rows N ...] [--latency SECONDS] [--contenders NAME ...] [--repeats N]
    [--report FILE]

Each program runs against a pretend tenant of its own, which has a process of its own; no limit. Wanted, for 10,000
rows and 150 ms on a quiet computer of two cores: bulktap 20 s until the workbook is there, 2.5 times faster than the
SDK, 6 s of processor time in all; 600 rows in 3 s, the first create answered 1.5 s after `yes`.

*workbook* is when it is there; *all* is the end of the program, which for bulktap includes comparing each pass with the
tenant once more and writing the reports again; *first* is from the plan, to which `--yes` agrees, to the first answered
create. The best run of several counts, since other work makes all of them slower.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bench_issuing import machine, put_between
from measuring import PASSPHRASE, children_cpu, phases_of, watched
from pretend_tenant import serving, users_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pretend_tenant import PretendTenant

CONTENDERS = {
    "sdk": "`msgraph-sdk`, 8 batch collections by `gather`",
    "strong": "aiohttp, 24 batches of 20 in flight, no journal",
    "bulktap": "**`bulktap apply`**",
}
HEADINGS = ("contender", "rows", "workbook: s", "all: s", "first: s", "CPU s", "CPU s per 10,000", "peak MB")
BEGIN, END = "<!-- bench_whole_run -->", "<!-- end of bench_whole_run -->"


@dataclass(frozen=True)
class Run:
    """What one program took."""

    contender: str
    rows: int
    workbook: float
    """Seconds from the start of the process until the workbook is there."""
    total: float
    """Seconds until it ends."""
    first: float | None
    """Seconds from the plan to the first answered create; None where nothing tells."""
    cpu: float
    peak_mb: float


def main() -> None:
    """Measure, print, and put the table into the report where one is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[600, 10_000])
    parser.add_argument("--latency", type=float, default=0.15)
    parser.add_argument("--contenders", nargs="+", choices=list(CONTENDERS), default=list(CONTENDERS))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--report", type=Path)
    asked = parser.parse_args()
    runs = []
    for rows in asked.rows:
        for contender in asked.contenders:
            found = [measured(contender, rows, asked.latency) for _ in range(asked.repeats)]
            runs.append(best(found))
            print(runs[-1], file=sys.stderr, flush=True)
    text = f"{machine()}\n\n{table(runs)}"
    if asked.report is None:
        print(text)
    else:
        put_between(asked.report, BEGIN, END, text)


def best(runs: Sequence[Run]) -> Run:
    """Return the best of each figure."""
    firsts = [run.first for run in runs if run.first is not None]
    return Run(
        runs[0].contender,
        runs[0].rows,
        min(run.workbook for run in runs),
        min(run.total for run in runs),
        min(firsts, default=None),
        min(run.cpu for run in runs),
        max(run.peak_mb for run in runs),
    )


def measured(contender: str, rows: int, latency: float) -> Run:
    """Run one program against a fresh tenant."""
    users = users_of(rows)
    options = ("--limits", "none", "--latency", str(latency), "--call-latency", "0.08")
    with tempfile.TemporaryDirectory(prefix="bulktap-bench-") as name:
        folder = Path(name)
        roster = folder / "roster.csv"
        lines = (f"{user},{number % 12 + 1}B,LT-{number:06}" for number, user in enumerate(users))
        roster.write_text("\n".join(["User,Class,Device", *lines]) + "\n", "utf-8")
        with serving(users, folder, *options) as tenant:
            return (_bulktap if contender == "bulktap" else _other)(contender, rows, roster, tenant)


def _bulktap(contender: str, rows: int, roster: Path, tenant: PretendTenant) -> Run:
    command = [sys.executable, "-m", "bulktap", "apply", roster, "--yes", "--quiet", "--no-progress"]
    began, cpu = time.time(), children_cpu()
    code, peak = watched(command, tenant.environment | {"BULKTAP_PASSPHRASE": PASSPHRASE}, roster.parent)
    total, cpu = time.time() - began, children_cpu() - cpu
    (run,) = (journal.parent for journal in (roster.parent / "reports").glob("*/journal.db"))
    if code != 0:
        raise RuntimeError(f"bulktap ended with {code}")
    events = [json.loads(line) for line in (run / "log.jsonl").read_text("utf-8").splitlines()]
    phases = phases_of(run)
    replies = [_seconds(one["time"]) for one in events if one["event"] == "batch" and one["creates"]]
    asked = [_seconds(one["time"]) for one in events if one["event"] == "batch" and not one["creates"]]
    planned = max(at for at in asked if at < replies[0])
    return Run(contender, rows, phases["comparing"][0] - began, total, replies[0] - planned, cpu, peak)


def _other(contender: str, rows: int, roster: Path, tenant: PretendTenant) -> Run:
    result = roster.with_name("result.json")
    script = Path(__file__).with_name("whole_programs.py")
    command = [sys.executable, script, contender, roster, roster.with_name("passes.xlsx"), result]
    began, cpu = time.time(), children_cpu()
    code, peak = watched(command, tenant.environment, roster.parent)
    total, cpu = time.time() - began, children_cpu() - cpu
    if code != 0:
        raise RuntimeError((roster.parent / "output.txt").read_text("utf-8")[-2000:])
    found = json.loads(result.read_text("utf-8"))
    if found["held"] != rows:
        raise RuntimeError(f"{contender} holds {found['held']} passcodes of {rows}")
    return Run(contender, rows, total, total, None, cpu, peak)


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def table(runs: Iterable[Run]) -> str:
    """Return the runs as a table."""
    lines = [f"| {' | '.join(HEADINGS)} |", f"|---{'|---:' * (len(HEADINGS) - 1)}|"]
    for run in runs:
        first = "" if run.first is None else f"{run.first:.1f}"
        cells = (
            CONTENDERS[run.contender], f"{run.rows:,}", f"{run.workbook:.1f}", f"{run.total:.1f}", first,
            f"{run.cpu:.2f}", f"{run.cpu * 10_000 / run.rows:.2f}", f"{run.peak_mb:,.0f}",
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
