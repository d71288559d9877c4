"""What asking about a run's passes and taking them back cost: seconds, and steps that were sent.

python tests/bench/bench_afterwards.py [--rows 10000] [--latency 0.15] [--report FILE]

One run is issued in a pretend tenant of its own process, without limits; then `bulktap verify`, `bulktap revoke`, and
`bulktap verify` once more, each in a process of its own. A pass that is asked about takes one step, and one
that is revoked two, of which the first looks; sixty more find out that this app may not read who registered a method.
It is an error if a pass still works in the end.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench_issuing import machine, put_between
from measuring import PASSPHRASE, children_cpu
from pretend_tenant import serving, users_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pretend_tenant import PretendTenant

COMMANDS = (("verify", ()), ("revoke", ("--yes",)), ("verify", ()))
HEADINGS = ("command", "passes", "seconds", "CPU s", "steps", "batches", "steps a pass", "outcome")
BEGIN, END = "<!-- bench_afterwards -->", "<!-- end of bench_afterwards -->"


@dataclass(frozen=True)
class Figures:
    """What one command took."""

    command: str
    passes: int
    seconds: float
    cpu: float
    steps: int
    batches: int
    outcome: str


def main() -> None:
    """Measure, print, and put the table into the report where one is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--latency", type=float, default=0.15)
    parser.add_argument("--report", type=Path)
    asked = parser.parse_args()
    text = f"{machine()}\n\n{table(measured(asked.rows, asked.latency))}"
    if asked.report is None:
        print(text)
    else:
        put_between(asked.report, BEGIN, END, text)


def measured(rows: int, latency: float) -> list[Figures]:
    """Issue a run, and measure what comes after it."""
    users = users_of(rows)
    with tempfile.TemporaryDirectory(prefix="bulktap-bench-") as name:
        folder = Path(name)
        roster = folder / "roster.csv"
        lines = (f"{user},{number // 25}" for number, user in enumerate(users))
        roster.write_text("\n".join(["User,Class", *lines]) + "\n", "utf-8")
        with serving(users, folder, "--latency", str(latency), "--call-latency", "0.08") as tenant:
            _told(["apply", roster, "--yes", "--lifetime", "8h"], tenant, folder)
            found = [_figures(command, [*more], tenant, folder) for command, more in COMMANDS]
            live = sum(user["digest"] is not None for user in tenant.truth()["users"].values())
    if live:
        raise RuntimeError(f"{live} passes still work")
    return found


def _figures(command: str, more: Sequence[str], tenant: PretendTenant, folder: Path) -> Figures:
    before, cpu, began = tenant.statistics(), children_cpu(), time.monotonic()
    told = _told([command, "latest", *more], tenant, folder)
    seconds, cpu, after = time.monotonic() - began, children_cpu() - cpu, tenant.statistics()
    counts = {name: count for name, count in told["passes"].items() if count}
    steps, batches = (after[name] - before[name] for name in ("steps_received", "batches"))
    outcome = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items())
    return Figures(command, sum(counts.values()), seconds, cpu, steps, batches, outcome)


def _told(words: Sequence[str | Path], tenant: PretendTenant, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bulktap", *map(str, words), "--json", "--quiet", "--no-progress"]
    environment = tenant.environment | {"BULKTAP_PASSPHRASE": PASSPHRASE, "BULKTAP_TIMEZONE": "UTC"}
    ended = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise RuntimeError(f"bulktap {words[0]} ended with {ended.returncode}: {ended.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(ended.stdout)
    return told


def table(found: Iterable[Figures]) -> str:
    """Return the figures as a table."""
    lines = [f"| {' | '.join(HEADINGS)} |", f"|---{'|---:' * (len(HEADINGS) - 2)}|---|"]
    for one in found:
        cells = (
            f"`bulktap {one.command}`", f"{one.passes:,}", f"{one.seconds:.1f}", f"{one.cpu:.2f}",
            f"{one.steps:,}", f"{one.batches:,}", f"{one.steps / max(1, one.passes):.2f}", one.outcome,
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
