"""bulktap against the alternatives: the same rows, the same limits, a simulator in a process of its own.

python tests/bench/bench_issuing.py [--rows N] [--limits NAME ...] [--contenders NAME ...] [--report FILE]

Needs the extra `bench`. A line is printed as it is measured. `none` needs the processors and runs by itself; the other
limits mostly wait, so they run side by side, unless `--one-at-a-time`. `--full-size` takes the limits as they are
documented, half and twice that, with as many rows as it takes to see them: 70 minutes for bulktap.
"""

from __future__ import annotations

import argparse
import platform
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from measuring import measured
from scenarios import AT_FULL_SIZE, SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from measuring import Figures
    from scenarios import Scenario

CONTENDERS = {
    "loop": "loop with `requests`, 3 retries",
    "threads": "16 threads of the same",
    "sdk": "`msgraph-sdk`, batch collection",
    "sdk-gather": "the same, 8 batches by `gather`",
    "bulktap": "**`bulktap apply`**",
}
HEADINGS = (
    "contender", "seconds", "in hand", "lost", "sent", "accepted", "throttled", "of the limit", "CPU s", "peak MB",
)  # fmt: skip
BEGIN, END = "<!-- bench_issuing -->", "<!-- end of bench_issuing -->"


def main() -> None:
    """Measure, print, and put the tables into the report where one is named."""
    asked = _arguments()
    offered = AT_FULL_SIZE if asked.full_size else SCENARIOS
    named = [one for one in (*SCENARIOS, *AT_FULL_SIZE) if one.name in (asked.limits or ())]
    chosen = [replace(one, rows=asked.rows) if asked.rows else one for one in named or offered]
    alone = [one for one in chosen if one.limits == "none" or asked.one_at_a_time]
    tables = {one.name: _table(one, asked.contenders) for one in alone}
    beside = [one for one in chosen if one not in alone]
    with ThreadPoolExecutor(max(1, len(beside))) as pool:
        found = pool.map(lambda one: _table(one, asked.contenders), beside)
        tables |= dict(zip((one.name for one in beside), found, strict=True))
    text = "\n".join(_section(one, tables[one.name]) for one in chosen)
    if asked.report is not None:
        put_between(asked.report, BEGIN, END, f"{machine()}\n\n{text}")
    else:
        print(text)


def _arguments() -> argparse.Namespace:
    names = [one.name for one in (*SCENARIOS, *AT_FULL_SIZE)]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, help="in place of each scenario's own number")
    parser.add_argument("--limits", nargs="+", choices=names, help="some of them; all if not given")
    parser.add_argument("--full-size", action="store_true")
    parser.add_argument("--contenders", nargs="+", choices=list(CONTENDERS), default=list(CONTENDERS))
    parser.add_argument("--one-at-a-time", action="store_true")
    parser.add_argument("--report", type=Path, help="put the tables between its two marks")
    return parser.parse_args()


def _table(scenario: Scenario, contenders: Sequence[str]) -> list[Figures]:
    lines = []
    for contender in contenders:
        found = measured(contender, scenario)
        print(scenario.name, found, file=sys.stderr, flush=True)
        lines.append(found)
    return lines


def _section(scenario: Scenario, lines: Iterable[Figures]) -> str:
    head = [
        f"### `{scenario.name}`: {scenario.rows:,} rows",
        "",
        f"{scenario.told[:1].upper()}{scenario.told[1:]}. Simulator: `--limits {scenario.limits}`"
        + (f", `--weather {scenario.weather}`." if scenario.weather != "fair" else "."),
        "",
        f"| {' | '.join(HEADINGS)} |",
        f"|---{'|---:' * (len(HEADINGS) - 1)}|",
    ]
    return "\n".join([*head, *(_line(scenario, one) for one in lines), ""])


def _line(scenario: Scenario, one: Figures) -> str:
    times = scenario.rows / one.rows
    mark = "" if one.met else "†"
    cells = (
        CONTENDERS[one.contender],
        f"{one.seconds * times:,.1f}",
        f"{one.in_hand * times:,.0f}",
        f"{(one.rows - one.in_hand) * times:,.0f}" + (f" ({one.astray} live)" if one.astray else ""),
        f"{one.sent * times:,.0f}",
        f"{one.accepted * times:,.0f}",
        f"{one.throttled * times:,.0f} ({one.throttled / max(1, one.sent):.1%})",
        "" if one.share is None else f"{one.share:.1%}{mark}",
        f"{one.cpu_seconds * times:.2f}",
        f"{one.peak_mb:,.0f}",
    )
    return f"| {' | '.join(cells)} |"


def machine() -> str:
    """Return processor, cores, operating system, date and the command, in a line."""
    import os

    model = platform.processor()
    about = Path("/proc/cpuinfo")
    if about.exists():
        names = [line.partition(":")[2].strip() for line in about.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    return (
        f"{model}, {os.cpu_count()} cores; {platform.platform()}; Python {platform.python_version()}; "
        f"{datetime.now(UTC):%Y-%m-%d}; `python {' '.join(sys.argv)}`"
    )


def put_between(report: Path, begin: str, end: str, text: str) -> None:
    """Replace what stands between two marks of a report; add them where there are none."""
    before = report.read_text("utf-8") if report.exists() else "# Benchmarks\n"
    if begin not in before:
        before = f"{before.rstrip()}\n\n{begin}\n{end}\n"
    head, _begin, rest = before.partition(begin)
    tail = rest.partition(end)[2]
    report.write_text(f"{head}{begin}\n{text}\n{end}{tail}", "utf-8")


if __name__ == "__main__":
    main()
