"""What small commands cost in processor time, in parts of what `import click` costs.

python tests/bench/bench_small_commands.py

User and system time, with compiled modules on the disk as an installation has them. All commands take turns, so that
what else the computer does meets them alike; the median and the best of many turns are told. Wanted: help 2 times, a
plan of five rows 6 times, the list of 200 runs 4 times.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Hashable
from pathlib import Path
from typing import TypeVar

if sys.platform == "win32":
    import psutil
else:
    import resource

Name = TypeVar("Name", bound=Hashable)

TURNS = 15
LISTED = 200
USERS = ("anna", "bo", "cia", "dan", "eva")
BULKTAP = ("-m", "bulktap")
PLANS = "made"
"""Where plans are made that are taken away again, so that the list of runs stays as long as it is."""
MEASURED = (
    ["--help"],
    ["plan", "roster.csv", "--offline", "--reports", PLANS],
    ["plan", "roster.csv", "--simulate", "--reports", PLANS],
    ["runs"],
)


def main() -> None:
    """Measure, and print a line each."""
    with tempfile.TemporaryDirectory(prefix="bulktap-bench-") as name:
        folder = Path(name)
        environment = prepared(folder)
        many_runs(folder, environment)
        commands = {" ".join(words): [*BULKTAP, *words] for words in MEASURED}
        found = turns({"import click": ["-c", "import click"], **commands}, folder, environment)
        click = found["import click"]
        for command, seconds in found.items():
            median = statistics.median(seconds)
            times = f"{median / statistics.median(click):.1f} times; best {min(seconds) / min(click):.1f} times"
            print(f"{command}: {median:.3f} s, {times}")


def prepared(folder: Path) -> dict[str, str]:
    """Write the roster of five rows, and return the environment: compiled modules are kept in the folder."""
    (folder / "roster.csv").write_text("\n".join(["User", *[f"{user}@contoso.com" for user in USERS]]) + "\n", "utf-8")
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return inherited | {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        "BULKTAP_PASSPHRASE": "correct horse battery",
        "BULKTAP_TIMEZONE": "UTC",
    }


def many_runs(folder: Path, environment: dict[str, str]) -> None:
    """Carry out one rehearsal, and copy its folder until there are many."""
    command = [sys.executable, *BULKTAP, "apply", "roster.csv", "--simulate", "--yes", "--quiet"]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    first = next((folder / "reports").iterdir())
    for number in range(1, LISTED):
        shutil.copytree(
            first, folder / "reports" / f"2020-01-{1 + number // 24:02}T{number % 24:02}00Z-roster-{number:04x}"
        )


def turns(
    commands: dict[Name, list[str]], folder: Path, environment: dict[str, str], number: int = TURNS
) -> dict[Name, list[float]]:
    """Return the processor seconds of each command in every turn but the first, which compiles modules."""
    found: dict[Name, list[float]] = {name: [] for name in commands}
    for turn in range(number + 1):
        for name, arguments in commands.items():
            seconds = once([sys.executable, *arguments], folder, environment)
            shutil.rmtree(folder / PLANS, ignore_errors=True)
            if turn:
                found[name].append(seconds)
    return found


if sys.platform == "win32":

    def once(command: list[str], folder: Path, environment: dict[str, str]) -> float:
        """Run a command; its processor seconds are looked at until it ends."""
        seconds = 0.0
        with subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            watched = psutil.Process(process.pid)
            while process.poll() is None:
                times = watched.cpu_times()
                seconds = times.user + times.system
                time.sleep(0.005)
        return seconds

else:

    def once(command: list[str], folder: Path, environment: dict[str, str]) -> float:
        """Run a command; return its processor seconds."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
