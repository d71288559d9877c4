# ruff: noqa: T201, S311 - a program of its own, whose accidents must be repeatable
"""Feed thousands of damaged exports of schools to the reader: `python tests/roster/fuzz_bundles.py --inputs 5000`.

Files, columns and rows are missing or doubled, ids are doubled, huge or empty, organisations are each other's parents,
encodings and delimiters are mixed; as a folder or as a zip. Every input must end as a roster or as a refusal with a
sentence, within `--seconds`; and nobody may be lost: each line of the people's file is a row, with a pass, a fault or
a reason to be left out. Anything else is kept in `--keep` and makes the program end with 1.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import re
import sys
import tempfile
import time
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bulktap.model.errors import RosterError
from bulktap.model.pass_terms import PassTerms
from bulktap.roster.check import check_roster
from bulktap.roster.files.input_bytes import RosterInput
from bulktap.roster.model import CheckOptions
from bulktap.roster.read import read_roster
from bulktap.roster.reading_options import ReadingOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckedRoster

Bundle = dict[str, bytes]
Table = list[list[str]]
REAL = Path(__file__).resolve().parents[2].parent / "shared" / "rosters" / "formats"
CLASS_FILES = {
    f"{name}.csv": f"User name,Name\na{name}@x.org,Anna {name}\nb{name}@x.org,Ben\n" for name in ("7A", "7B", "8A")
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-32", "cp437", "shift_jis")
CELLS = (
    "", " ", "9" * 400, "1e400", "-1", "o1", "c1", "1", "é", "ß" * 60, "a" * 40_000, '"', "\x00", "\u202e", "=1+1",
    "true", "delta", "tobedeleted", "parent", "student", "homeroom", "31.12.1999", "anna@x.org", "\ufeffsourcedId",
)  # fmt: skip


def seeds() -> list[Bundle]:
    """Return the exports that are to be damaged."""
    from test_pairs import ACCOUNTS, CLASSES
    from test_school_exports import CASES

    exports = [files for files, _, _ in CASES.values()]
    pair = {"Lernplattform.dat": ACCOUNTS, "Schueler.dat": CLASSES}
    real = [
        {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}
        for folder in sorted(REAL.glob("sds-*"))
        if folder.is_dir()
    ]
    own = [{name: text.encode() for name, text in seed.items()} for seed in (*exports, CLASS_FILES, pair)]
    return own * 3 + [bundle for bundle in real if bundle]


def damaged(bundle: Bundle, random_: random.Random) -> Bundle:
    """Return an export with a few accidents."""
    files = dict(bundle)
    for _ in range(random_.choice((1, 1, 2, 3, 6))):
        if not files:
            return {"users.csv": b""}
        name = random_.choice(list(files))
        accident = random_.randrange(10)
        if accident == 0:
            del files[name]
        elif accident == 1:
            files[random_.choice((name.upper(), f"sub/{name}", f"a/b/{name}", f"._{name}"))] = files.pop(name)
        elif accident == 2:
            text = files[name].decode("utf-8", "replace")
            files[name] = text.encode(random_.choice(ENCODINGS), "replace")
        elif accident == 3:
            place = random_.randrange(len(files[name]) + 1)
            files[name] = files[name][:place] + random_.randbytes(random_.choice((0, 1, 8))) + files[name][place + 1 :]
        elif accident == 4:
            files[name] = random_.choice((b"", b"\n\n", b"\xef\xbb\xbf", files[name][: len(files[name]) // 2]))
        else:
            files[name] = changed(files[name], random_)
    return files


def changed(data: bytes, random_: random.Random) -> bytes:
    """Return a table with other rows, columns or cells."""
    text = data.decode("utf-8", "replace")
    mark = "|" if "|" in text.partition("\n")[0] else ","
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=mark))
    except csv.Error:
        return data
    if not table or not table[0]:
        return data
    random_.choice(CHANGES)(table, random_)
    out = io.StringIO()
    csv.writer(out, delimiter=random_.choice((mark, mark, mark, ";", "\t")), lineterminator="\n").writerows(table)
    return out.getvalue().encode("utf-8", "replace")


def _drop_column(table: Table, random_: random.Random) -> None:
    column = random_.randrange(len(table[0]))
    for row in table:
        del row[column : column + 1]


def _double_column(table: Table, random_: random.Random) -> None:
    column = random_.randrange(len(table[0]))
    for row in table:
        row.extend(row[column : column + 1])


def _drop_rows(table: Table, random_: random.Random) -> None:
    del table[random_.randrange(len(table)) :: random_.choice((1, 2, 3))]
    if not table:
        table.append(["sourcedId"])


def _double_rows(table: Table, random_: random.Random) -> None:
    rows = table[random_.randrange(len(table)) :] * random_.choice((1, 2, 40))
    table += [list(row) for row in rows]


def _one_cell(table: Table, random_: random.Random) -> None:
    row = random_.choice(table)
    if row:
        row[random_.randrange(len(row))] = random_.choice(CELLS)


def _one_column(table: Table, random_: random.Random) -> None:
    column, cell = random_.randrange(len(table[0])), random_.choice(CELLS)
    for row in table[1:]:
        if column < len(row):
            row[column] = cell


def _cycle(table: Table, random_: random.Random) -> None:
    """Make organisations, classes or people each other's parents."""
    ids = [row[0] for row in table[1:] if row]
    table[0].append(random_.choice(("parentSourcedId", "agentSourcedIds", "orgSourcedIds")))
    for row, above in zip(table[1:], [*ids[1:], *ids[:1]], strict=False):
        row.append(above)


def _shuffle_columns(table: Table, random_: random.Random) -> None:
    order = list(range(len(table[0])))
    random_.shuffle(order)
    table[:] = [[row[column] if column < len(row) else "" for column in order] for row in table]


def _shift(table: Table, random_: random.Random) -> None:
    row = random_.choice(table)
    row.insert(random_.randrange(len(row) + 1), random_.choice(CELLS))


CHANGES: tuple[Callable[[Table, random.Random], None], ...] = (
    _drop_column, _double_column, _drop_rows, _double_rows, _one_cell, _one_column, _cycle, _shuffle_columns, _shift,
)  # fmt: skip


def laid(files: Bundle, folder: Path, random_: random.Random) -> Path:
    """Write an export down, as a folder or as an archive."""
    if random_.random() < 0.5:
        for name, data in files.items():
            path = folder / "export" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        (folder / "export").mkdir(exist_ok=True)
        return folder / "export"
    with zipfile.ZipFile(folder / "export.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return folder / "export.zip"


def lines_of_people(files: Bundle) -> int | None:
    """Return how many people the file of an export lists; None where it is no plain table, or there are several."""
    found = [name for name in files if name.rpartition("/")[2].lower() in {"student.csv", "users.csv", "students.csv"}]
    if len(found) != 1:
        return None
    try:
        text = files[found[0]].decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    if "\0" in text or re.search(r'(?<=[^,\n])"(?=[^,\n"])', text) or len({len(row) for row in rows}) != 1:
        return None
    return sum(any(cell.strip() for cell in row) for row in rows) - 1


def outcome_of(path: Path, files: Bundle, options: CheckOptions) -> str:
    """Return what becomes of an export, in a word; anything but `roster` and `refused` is a finding."""
    try:
        roster = check_roster(read_roster(RosterInput((path,)), options.reading), options)
    except RosterError as error:
        return "refused" if error.hint and error.message.endswith((".", "?")) else f"no sentence: {error.message}"
    except BaseException as error:  # noqa: BLE001 - what this program looks for
        return f"traceback: {type(error).__name__}: {str(error)[:160]}"
    return lost_people(roster, files) or "roster"


def lost_people(roster: CheckedRoster, files: Bundle) -> str:
    """Return what is wrong where not every line of the people's file is a row; nothing if all are."""
    known = any(note.startswith(("School Data Sync", "OneRoster", "Clever", "Apple")) for note in roster.info.notes)
    expected = lines_of_people(files) if known else None
    if expected is None or expected == len(roster.rows):
        return ""
    return f"lost: {expected} people in the file, {len(roster.rows)} rows"


def main() -> int:
    """Feed the inputs one by one, and count what becomes of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    given = parser.parse_args()
    reading = ReadingOptions(domain="contoso.com")
    options = CheckOptions(reading, ZoneInfo("Europe/Berlin"), datetime(2026, 11, 1, tzinfo=UTC), PassTerms())
    outcomes: Counter[str] = Counter()
    slowest, bundles, start = 0.0, seeds(), time.monotonic()
    for number in range(given.inputs):
        random_ = random.Random(given.seed * 1_000_003 + number)
        files = damaged(random_.choice(bundles), random_)
        with tempfile.TemporaryDirectory() as folder:
            path = laid(files, Path(folder), random_)
            begun = time.process_time()
            outcome = outcome_of(path, files, options)
            spent = time.process_time() - begun
        slowest = max(slowest, spent)
        outcome = f"slow: {spent:.0f} s" if spent > given.seconds else outcome
        outcomes[outcome.partition(":")[0]] += 1
        if outcome not in {"roster", "refused"}:
            given.keep.mkdir(exist_ok=True)
            with zipfile.ZipFile(given.keep / f"{given.seed}-{number}.zip", "w") as archive:
                for name, data in files.items():
                    archive.writestr(name, data)
            print(f"{number}: {outcome}", flush=True)
    print(f"{given.inputs:,} inputs in {time.monotonic() - start:.0f} s: {dict(outcomes)}; the slowest {slowest:.2f} s")
    return 0 if set(outcomes) <= {"roster", "refused"} else 1


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent / "bundles")]
    sys.exit(main())
