"""What bulktap itself costs: processor time and memory for 1,000, 10,000 and 100,000 passes, phase by phase.

python tests/bench/bench_scale.py [--rows N ...] [--latency SECONDS] [--report FILE]

No limits. Needs the extra `bench`. Wanted: at most 2 s of processor time for 10,000 passes from the first create to the
last settled one, linear to 100,000, and for these at most 300 MB more than for 1,000, the workbook apart.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench_issuing import machine, put_between
from measuring import PASSPHRASE, phases_of, watched
from pretend_tenant import serving, users_of

HEADINGS = (
    "rows", "look-ups, plan, key: s", "CPU s", "issuing: s", "CPU s", "CPU s per 10,000", "after: s",
    "MB at most: planning", "issuing", "after",
)  # fmt: skip
BEGIN, END = "<!-- bench_scale -->", "<!-- end of bench_scale -->"


@dataclass(frozen=True)
class Cost:
    """What one run took."""

    rows: int
    look_up_seconds: float
    """From the first look-up to the first create, plan and key derivation included."""
    look_up_cpu: float
    seconds: float
    """From the first create to the last settled one."""
    cpu: float
    after_seconds: float
    """Workbook, reports, end."""
    planning_mb: float
    """At most, until the first create."""
    issuing_mb: float
    """At most, until the last settled one."""
    after_mb: float
    """At most, while results were written."""


def main() -> None:
    """Measure, print, and put the table into the report where one is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--latency", type=float, default=0.15)
    parser.add_argument("--report", type=Path)
    asked = parser.parse_args()
    lines = [f"| {' | '.join(HEADINGS)} |", f"{'|---:' * len(HEADINGS)}|"]
    for rows in asked.rows:
        cost = measured(rows, asked.latency)
        print(cost, file=sys.stderr, flush=True)
        lines.append(
            f"| {rows:,} | {cost.look_up_seconds:.1f} | {cost.look_up_cpu:.1f} | {cost.seconds:.1f} | {cost.cpu:.2f} "
            f"| {cost.cpu * 10_000 / rows:.2f} | {cost.after_seconds:.1f} | {cost.planning_mb:,.0f} "
            f"| {cost.issuing_mb:,.0f} | {cost.after_mb:,.0f} |"
        )
    text = "\n".join(lines)
    if asked.report is not None:
        put_between(asked.report, BEGIN, END, f"{machine()}\n\n{text}")
    else:
        print(text)


def measured(rows: int, latency: float) -> Cost:
    """Issue that many passes without limits."""
    users = users_of(rows)
    with tempfile.TemporaryDirectory(prefix="bulktap-bench-") as name:
        folder = Path(name)
        (folder / "roster.csv").write_text("\n".join(["User", *users]) + "\n", "utf-8")
        seen: list[tuple[float, float]] = []
        with serving(users, folder, "--latency", str(latency)) as tenant:
            command = [sys.executable, "-m", "bulktap", "apply", "roster.csv", "--yes", "--quiet", "--no-progress"]
            code, _peak = watched(command, tenant.environment | {"BULKTAP_PASSPHRASE": PASSPHRASE}, folder, seen)
            ended = time.time()
        if code != 0:
            raise RuntimeError((folder / "output.txt").read_text("utf-8"))
        phases = phases_of(next((folder / "reports").glob("*/journal.db")).parent)
    looked, issuing, after = (phases[name] for name in ("reading the tenant", "issuing", "writing results"))
    return Cost(
        rows=rows,
        look_up_seconds=issuing[0] - looked[0],
        look_up_cpu=issuing[1] - looked[1],
        seconds=after[0] - issuing[0],
        cpu=after[1] - issuing[1],
        after_seconds=ended - after[0],
        planning_mb=max(size for moment, size in seen if moment < issuing[0]),
        issuing_mb=max(size for moment, size in seen if issuing[0] <= moment < after[0]),
        after_mb=max(size for moment, size in seen if moment >= after[0]),
    )


if __name__ == "__main__":
    main()
