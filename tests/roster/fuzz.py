# ruff: noqa: T201, S311 - a program of its own, whose accidents must be repeatable
"""Feed thousands of damaged rosters to the reader: `python tests/roster/fuzz.py --inputs 20000`.

The seeds are the project's samples and, where it is there, the folder of real files beside the project. Every input
must end as a roster or as a refusal, within `--seconds`, in a process that may not use more than 3 GiB. Anything else
is kept in `--keep` and makes the program end with 1. The same `--seed` makes the same inputs.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import random
import sys
import time
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

HERE = Path(__file__).resolve().parents[2]
SEED_FOLDERS = (HERE / "samples", HERE.parent / "shared" / "rosters")
ENDINGS = {".csv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".zip", ".docx"}
WORDS = (
    b'"', b",", b";", b"\t", b"\r", b"\n", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=", b"<!DOCTYPE", b"@", b"=1+1",
    b"User name", b"<row", b'r="', b't="e"', b"</c>", b"<f>", b"1048576", b"XFD", b"PK\x03\x04", b'hidden="1"',
)  # fmt: skip
LARGEST_SEED = 200_000


def seeds() -> list[tuple[str, bytes]]:
    """Return the files that are to be damaged."""
    paths = [path for folder in SEED_FOLDERS for path in sorted(folder.rglob("*")) if path.suffix in ENDINGS]
    return [(path.name, path.read_bytes()) for path in paths if path.stat().st_size <= LARGEST_SEED]


def damaged(data: bytes, random_: random.Random) -> bytes:
    """Return the bytes with a few accidents."""
    content = bytearray(data or b"x")
    for _ in range(random_.choice((1, 1, 2, 4, 16))):
        place = random_.randrange(len(content) + 1)
        length = random_.choice((1, 2, 8, 64, 512))
        match random_.randrange(7):
            case 0:
                content[place : place + 1] = bytes([random_.randrange(256)])
            case 1:
                del content[place : place + length]
            case 2:
                content[place:place] = random_.choice(WORDS)
            case 3:
                content[place:place] = content[place : place + length] * random_.choice((2, 50))
            case 4:
                del content[place:]
            case 5:
                content[place : place + length] = random_.randbytes(length)
            case _:
                other = random_.randrange(len(content) + 1)
                content[place:place] = content[other : other + length]
        content = content or bytearray(b"x")
    return bytes(content)


def mutated(data: bytes, random_: random.Random) -> bytes:
    """Return a damaged file; of a zip archive as often a part inside as the archive itself."""
    if not data.startswith(b"PK\x03\x04") or random_.random() < 0.3:
        return damaged(data, random_)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        names = [info.filename for info in old.infolist()]
        victims = set(random_.sample(names, min(len(names), random_.choice((1, 1, 2)))))
        sheets = [part for part in names if "sheet" in part.lower() or "content.xml" in part]
        victims |= {random_.choice(sheets)} if sheets and random_.random() < 0.5 else set()
        for part in names:
            new.writestr(part, damaged(old.read(part), random_) if part in victims else old.read(part))
    return buffer.getvalue()


def inputs(count: int, seed: int) -> Iterator[tuple[int, str, bytes]]:
    """Return the damaged files."""
    files = seeds()
    for number in range(count):
        random_ = random.Random(seed * 1_000_003 + number)
        name, data = random_.choice(files)
        try:
            yield number, name, mutated(data, random_)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
            yield number, name, damaged(data, random_)


def serve(connection: Connection, folder: str) -> None:
    """Read what is sent, and say what became of it, until nothing more comes."""
    from bulktap.errors import RosterError
    from bulktap.roster.reader import HiddenRows, ReadOptions, read_roster
    from bulktap.roster.validation import CheckOptions, PassDefaults, check_roster

    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
    now = datetime(2026, 11, 1, tzinfo=UTC)
    options = CheckOptions(ZoneInfo("Europe/Berlin"), "Europe/Berlin", now, PassDefaults(), {}, "contoso.com", None)
    while (given := connection.recv()) is not None:
        name, data = given
        path = Path(folder, name)
        path.write_bytes(data)
        try:
            check_roster(read_roster(path, ReadOptions(hidden_rows=HiddenRows.INCLUDE)), options)
            connection.send("roster")
        except RosterError as error:
            connection.send(
                "refused" if error.hint and error.message.endswith(".") else f"no sentence: {error.message}"
            )
        except BaseException as error:  # noqa: BLE001 - what this program looks for
            connection.send(f"traceback: {type(error).__name__}: {str(error)[:120]}")


def worker(folder: str) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    """Start a process that reads."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there, folder), daemon=True)
    process.start()
    there.close()
    return process, here


def main() -> int:
    """Feed the inputs one by one, and count what becomes of them."""
    import tempfile

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    given = parser.parse_args()
    outcomes: Counter[str] = Counter()
    slowest, start = (0.0, ""), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        process, connection = worker(folder)
        for number, name, data in inputs(given.inputs, given.seed):
            begun = time.monotonic()
            connection.send((name, data))
            patience = given.seconds + (20 if number == 0 else 0)  # the first one waits for the imports
            try:
                outcome = str(connection.recv()) if connection.poll(patience) else "hang"
            except (EOFError, ConnectionError):
                outcome = "crash"
            if number:
                slowest = max(slowest, (time.monotonic() - begun, f"{number} ({name})"))
            outcomes[outcome.partition(":")[0]] += 1
            if outcome not in {"roster", "refused"}:
                given.keep.mkdir(exist_ok=True)
                (given.keep / f"{given.seed}-{number}-{name}").write_bytes(data)
                print(f"{number} {name}: {outcome}", flush=True)
            if outcome in {"hang", "crash"}:
                process.kill()
                process, connection = worker(folder)
        connection.send(None)
        process.join(10)
    seconds = time.monotonic() - start
    print(f"{given.inputs:,} inputs in {seconds:.0f} s: {dict(outcomes)}")
    print(f"the slowest took {slowest[0]:.2f} s: {slowest[1]}")
    return 0 if set(outcomes) <= {"roster", "refused"} else 1


if __name__ == "__main__":
    sys.exit(main())
