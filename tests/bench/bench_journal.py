"""What opening a journal costs: processor time and megabytes of a process that opens, verifies and adds up a journal.

python tests/bench/bench_journal.py [--passes N ...]

Each pass is four records: its row, its create, the pass, its comparison. The key is the cheapest, so that the records
are what is measured. Wanted: a million passes within 30 s.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bulktap.journal import CHEAPEST, Journal, JournalHeader, JournalRow
from bulktap.model.outcomes import Issued, IssuedPass
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import AccessPass
from bulktap.model.run_events import Confirmed, Sent, Settled
from bulktap.model.secret import Secret
from bulktap.operations.garbage_collection import seldom_collected_to_the_end

if sys.platform == "win32":
    import psutil
else:
    import resource

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
PASSPHRASE = Secret("correct horse battery")
RUNS = 3


def main() -> None:
    """Write a journal of each size, open it in processes of its own, and print the best."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passes", type=int, nargs="+", default=[10_000, 50_000])
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.open is not None:
        opened(asked.open)
        return
    for passes in asked.passes:
        with tempfile.TemporaryDirectory(prefix="bulktap-bench-") as folder:
            path = Path(folder, "journal.db")
            write(path, passes)
            command = [sys.executable, __file__, "--open", str(path)]
            found = [
                subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
                for _ in range(asked.runs)
            ]
            seconds = min(float(words[0]) for words in found)
            print(
                f"{passes:,} passes: {seconds:.2f} s, {seconds * 1e6 / 4 / passes:.2f} us a record, "
                f"{max(int(words[1]) for words in found)} MB, file {path.stat().st_size >> 20} MB",
                flush=True,
            )


def write(path: Path, passes: int) -> None:
    """Write the journal of a run that issued and compared so many, in batches of twenty."""
    run, tenant = "2035-09-01T0800Z-roster-3d84", "6c1e5f0a-0000-4000-8000-000000000000"
    header = JournalHeader(run, tenant, "0" * 64, NOW, "1.0", "roster.csv", simulated=False)
    rows = [
        JournalRow(number, f"user{number}@contoso.com", f"6c1e5f0a-0000-4000-8000-{number:012}")
        for number in range(1, passes + 1)
    ]
    terms = PassTerms(None, 480, True)
    with Journal.create(path, header, rows, b"{}", PASSPHRASE, cost=CHEAPEST) as journal:
        for first in range(1, passes + 1, 5_000):
            part = range(first, min(first + 5_000, passes + 1))
            at = NOW + timedelta(milliseconds=first)
            journal.record([Sent(number, at, terms, f"6c1e5f0a-1111-4000-8000-{number // 20:012}") for number in part])
            journal.record([Settled(number, Issued(issued(number, at))) for number in part])
            journal.record([Confirmed(number) for number in part])


def issued(number: int, at: datetime) -> IssuedPass:
    """Return the pass of one row."""
    at += timedelta(milliseconds=number)
    made = AccessPass(f"c5dbd20f-8b8f-4791-a23f-{number:012}", at, at, 480, True, True, "EnabledByPolicy")
    return IssuedPass(made, Secret(f"TAP{number:06}x"))


def opened(path: Path) -> None:
    """Open a journal, add it up, and print what that took."""
    seldom_collected_to_the_end()  # as the program does
    began = time.process_time()
    with Journal.open(path, PASSPHRASE) as journal:
        state = journal.state()
    assert all(row.confirmed for row in state.rows.values())
    seconds = time.process_time() - began
    if sys.platform == "win32":
        peak = psutil.Process().memory_info().peak_wset >> 20
    else:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(seconds, peak)


if __name__ == "__main__":
    main()
