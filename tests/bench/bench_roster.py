"""How long a large roster takes, and how much memory: `python tests/bench/bench_roster.py`.

Each measurement runs in a process of its own, so that its peak of memory is its own. Seconds are processor time; a busy
machine makes them longer all the same, so each is measured several times and the best is shown. Garbage is looked for
as seldom as the program does it; beside the bare readers as Python does it. The marks to keep:
100,000 rows of 20 columns in at most 5 times what python-calamine takes for the workbook, or the csv module for the
text, both within 400 MB; a million rows of CSV within 2.5 GB.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

HEADINGS = ["Sign-in name", "Display name", "Class", "Room", "Pass start", "Lifetime", "One-time"]
COLUMNS = 20
ROWS = 100_000
RUNS = 3
FIRST = datetime(2035, 9, 1, 8, 0)  # noqa: DTZ001 - local time, as in every roster
MEASURE = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo
import csv, python_calamine
from bulktap.roster.read import read_roster
from bulktap.roster.reading_options import ReadingOptions
from bulktap.roster.check import check_roster
from bulktap.roster.model import CheckOptions
from bulktap.model.pass_terms import PassTerms
from bulktap.operations.garbage_collection import seldom_collected_to_the_end
path = Path(sys.argv[2])
start = time.process_time()
if sys.argv[1] == "bare":
    if path.suffix == ".csv":
        kept = list(csv.reader(path.open(encoding="utf-8", newline="")))
    else:
        kept = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    middle = time.process_time()
else:
    seldom_collected_to_the_end()
    roster = read_roster(path)
    middle = time.process_time()
    options = CheckOptions(ReadingOptions(), ZoneInfo("UTC"), datetime(2026, 11, 1, tzinfo=UTC), PassTerms())
    checked = check_roster(roster, options)
    assert all(row.request is not None for row in checked.rows)
end = time.process_time()
if sys.platform == "linux":  # where getrusage begins with the parent's peak
    peak = next(int(line.split()[1]) >> 10 for line in open("/proc/self/status") if line.startswith("VmHWM"))
elif sys.platform == "win32":
    import psutil
    peak = psutil.Process().memory_info().peak_wset >> 20
else:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 20
print(middle - start, end - middle, peak)
"""


def row(number: int) -> list[str | int | datetime]:
    """Return one person with 20 columns, as many kinds of values as a roster has."""
    lifetime: str | int = ("8h", 480, "1 d")[number % 3]
    start = FIRST + timedelta(days=number % 20, hours=number % 4)
    named = [f"user{number}@contoso.com", f"Anna {number} Berg", f"{number % 12 + 1}B", f"Room {number % 40}"]
    extra = [f"value {number * i % 5000}" if i % 2 else number * i for i in range(COLUMNS - len(HEADINGS))]
    return [*named, start, lifetime, ("yes", "no", "")[number % 3], *extra]


def headings() -> list[str]:
    """Return the headings of all columns."""
    return [*HEADINGS, *(f"Extra {i}" for i in range(COLUMNS - len(HEADINGS)))]


def write_workbook(path: Path, rows: int) -> None:
    """Write a workbook."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Roster")
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, headings())
        for number in range(rows):
            for column, cell in enumerate(row(number)):
                if isinstance(cell, datetime):
                    sheet.write_datetime(number + 1, column, cell, moment)
                else:
                    sheet.write(number + 1, column, cell)


def write_text(path: Path, rows: int) -> None:
    """Write delimited text."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings())
        for number in range(rows):
            writer.writerow([f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else cell for cell in row(number)])


def measure(what: str, path: Path, runs: int = RUNS) -> tuple[float, float, int]:
    """Return the seconds of reading and of checking in the best run, and the megabytes of the worst."""
    found = []
    for _ in range(runs):
        command = [sys.executable, "-c", MEASURE, what, str(path)]
        words = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        found.append((float(words[0]), float(words[1]), int(words[2])))
    reading, checking, _ = min(found, key=lambda times: times[0] + times[1])
    return reading, checking, max(megabytes for *_, megabytes in found)


def main() -> None:
    """Write the rosters, measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        book, text, long = Path(folder, "roster.xlsx"), Path(folder, "roster.csv"), Path(folder, "long.csv")
        write_workbook(book, ROWS)
        write_text(text, ROWS)
        write_text(long, 10 * ROWS)
        for name, path, runs in (("xlsx", book, RUNS), ("csv", text, RUNS), ("csv, ten times as long", long, 1)):
            bare, _, _ = measure("bare", path, runs)
            reading, checking, megabytes = measure("roster", path, runs)
            total = reading + checking
            alone = "python-calamine" if path is book else "the csv module"
            print(
                f"{name}: {reading:.2f} s reading + {checking:.2f} s checking = {total:.2f} s; {alone} alone "
                f"{bare:.2f} s, {total / bare:.1f} times; {megabytes} MB"
            )


if __name__ == "__main__":
    main()
