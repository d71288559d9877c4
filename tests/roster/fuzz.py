# ruff: noqa: T201, S311 - a program of its own, whose accidents must be repeatable
"""Feed thousands of damaged rosters to the reader: `python tests/roster/fuzz.py --inputs 20000`.

The seeds are the project's samples and, where it is there, the folder of real files beside the project. Every input
must end as a roster or as a refusal, within `--seconds` of processor time and with no more than `--megabytes`, in a
process that may not use more than 3 GiB. Anything else is kept in `--keep` and makes the program end with 1. The same
`--seed` makes the same inputs; every other one has its references and counts changed, the rest has accidents anywhere.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import random
import re
import sys
import time
import zipfile
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

HERE = Path(__file__).resolve().parents[2]
SEED_FOLDERS = (HERE / "samples", HERE.parent / "shared" / "rosters")
ENDINGS = {".csv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".zip", ".docx"}
WORDS = (
    b'"', b",", b";", b"\t", b"\r", b"\n", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=", b"<!DOCTYPE", b"@", b"=1+1",
    b"User name", b"<row", b'r="', b't="e"', b"</c>", b"<f>", b"1048576", b"XFD", b"PK\x03\x04", b'hidden="1"',
)  # fmt: skip
LARGEST_SEED = 200_000
OPEN_NAMES = ("office", "table", "text")
CLAIM = re.compile(
    rb"(?<=[\s:])(r|ref|uniqueCount|count|spans|min|max|si|s|c|ht|(?:\w+-)?value|number-\w+-(?:repeated|spanned))"
    rb"(\s*=\s*)(\"[^\"<>]*\"|'[^'<>]*')"
)
"""What says in XML where something stands, and how often."""
PLACES = (
    b"A99999999", b"a99999999", b"$A$9999999", b"XFE1", b"XFD1048576", b"XFD1048577", b"ZZZZZZZ1", b"A4294967296",
    b"A0", b"A", b"7", b"", b" B3 ", b"B&#51;", b"A9&#57;99999999", b"A1:XFD1048576", b"C9:A1", b"A:C", b"1:1",
    b"A1:XFE99999999", b"R1C1", b"-1", b"1e9", b"A" + b"9" * 400, b"\xd0\x901",
)  # fmt: skip
COUNTS = (
    b"0", b"-1", b"65536", b"1048576", b"1048577", b"16777216", b"2147483648", b"4294967295", b"4294967296",
    b"+1048576", b"0001048576", b"18446744073709551615", b"9" * 40, b"", b"x",
)  # fmt: skip
NUMBERS = (0xFFFF, 0x10000, 0xFFFFF, 0x100000, 0x100001, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x4000, 0x3FFF)
VALUES = (
    b"9" * 309, b"9" * 5_000, b"1e400", b"-1e300", b"nan", b"2958466", b"2035-09-01T08:00+99:00", b"99999-01-01",
    b"P" + b"9" * 400 + b"D", b"PT1E400S", b"2958465.9999999", b"0" * 5_000,
)  # fmt: skip
_BUSY = 12
"""So many times as long as it may take is waited for an answer: the computer may have other things to do."""
NUMBER = re.compile(rb"(?<=[>,;\"\t])-?\d[\d.]*(?=[<,;\"\t\r\n])")


def seeds() -> list[tuple[str, bytes]]:
    """Return the files that are to be damaged."""
    paths = [path for folder in SEED_FOLDERS for path in sorted(folder.rglob("*")) if path.suffix in ENDINGS]
    found = [(path.name, path.read_bytes()) for path in paths if path.stat().st_size <= LARGEST_SEED]
    return found + own_seeds() * max(len(found) // 6, 1)


def own_seeds() -> list[tuple[str, bytes]]:
    """Return a roster with every kind of value in each container, as many of the others have no people in them."""
    import xlsxwriter

    rows: list[list[Any]] = [["User name", "Name", "Start", "Lifetime", "One-time", "Number"]]
    days = [datetime(2035, 9, 1 + place, 8) for place in range(9)]  # noqa: DTZ001 - as cells have them
    rows += [
        [f"user{place}@contoso.com", "Anna", day, 480 + place, place % 2 == 0, 7.5] for place, day in enumerate(days)
    ]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        dated, sheet = book.add_format({"num_format": "yyyy-mm-dd hh:mm"}), book.add_worksheet("Staff")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value, dated if isinstance(value, datetime) else None)
    lines = "".join(f"<table:table-row>{''.join(map(open_cell, row))}</table:table-row>" for row in rows)
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in OPEN_NAMES)
    content = f"<office:document-content {names}><office:body><office:spreadsheet><table:table table:name='S'>{lines}"
    opened = io.BytesIO()
    with zipfile.ZipFile(opened, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        ends = "</table:table></office:spreadsheet></office:body></office:document-content>"
        archive.writestr("content.xml", content + ends)
    text = "\r\n".join(",".join(map(str, row)) for row in rows)
    return [("own.xlsx", buffer.getvalue()), ("own.ods", opened.getvalue()), ("own.csv", text.encode())]


def open_cell(value: Any) -> str:
    """Return a cell of an open document."""
    match value:
        case bool():
            kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
        case int() | float():
            kind = f'office:value-type="float" office:value="{value}" table:number-columns-repeated="1"'
        case datetime():
            kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        case _:
            kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"


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


def claiming(data: bytes, random_: random.Random) -> bytes:
    """Return the bytes with a few places, counts and numbers that no honest file has."""
    content = data
    for _ in range(random_.choice((1, 1, 2, 4))):
        if content.lstrip()[:1] == b"<" or b"<" in content[:200]:
            claims = list(islice(CLAIM.finditer(content), 20_000))
            values = list(islice(NUMBER.finditer(content), 20_000))
        else:
            claims, values = [], list(islice(NUMBER.finditer(content), 20_000))
        if claims and random_.random() < 0.8:
            claim = random_.choice(claims)
            place = claim[1] in {b"r", b"ref", b"spans"} and random_.random() < 0.9
            values_too = (*COUNTS, *VALUES) if claim[1].endswith(b"value") else COUNTS
            sign = random_.choice((b"=", b"=", b" = ", b"\n="))
            quote = random_.choice((b'"', b'"', b"'"))
            said = claim[1] + sign + quote + random_.choice(PLACES if place else values_too) + quote
            content = content[: claim.start()] + said + content[claim.end() :]
        elif values:
            value = random_.choice(values)
            content = content[: value.start()] + random_.choice(VALUES) + content[value.end() :]
        else:
            changed, place = bytearray(content or b"x"), random_.randrange(len(content) + 1)
            changed[place : place + 4] = random_.choice(NUMBERS).to_bytes(4, "little")
            content = bytes(changed)
    return content


def mutated(data: bytes, random_: random.Random, damage: Callable[[bytes, random.Random], bytes]) -> bytes:
    """Return a damaged file; of a zip archive as often a part inside as the archive itself."""
    if not data.startswith(b"PK\x03\x04") or (damage is damaged and random_.random() < 0.3):
        return damage(data, random_)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        names = [info.filename for info in old.infolist()]
        victims = set(random_.sample(names, min(len(names), random_.choice((1, 1, 2)))))
        sheets = [part for part in names if "sheet" in part.lower() or "content.xml" in part]
        victims |= {random_.choice(sheets)} if sheets and (damage is claiming or random_.random() < 0.5) else set()
        for part in names:
            new.writestr(part, damage(old.read(part), random_) if part in victims else old.read(part))
    return buffer.getvalue()


def inputs(count: int, seed: int) -> Iterator[tuple[int, str, bytes]]:
    """Return the damaged files."""
    files = seeds()
    for number in range(count):
        random_ = random.Random(seed * 1_000_003 + number)
        name, data = random_.choice(files)
        try:
            yield number, name, mutated(data, random_, claiming if number % 2 else damaged)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
            yield number, name, damaged(data, random_)


def serve(connection: Connection, folder: str) -> None:
    """Read what is sent, and say what became of it, until nothing more comes."""
    from bulktap.model.errors import RosterError
    from bulktap.model.pass_terms import PassTerms
    from bulktap.roster.check import check_roster
    from bulktap.roster.model import CheckOptions
    from bulktap.roster.read import read_roster
    from bulktap.roster.reading_options import ReadingOptions
    from bulktap.roster.reading_words import HiddenRows

    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
    now = datetime(2026, 11, 1, tzinfo=UTC)
    options = CheckOptions(ReadingOptions(domain="contoso.com"), ZoneInfo("Europe/Berlin"), now, PassTerms())
    while (given := connection.recv()) is not None:
        name, data = given
        path = Path(folder, name)
        path.write_bytes(data)
        forget_peak()
        begun = time.process_time()
        try:
            check_roster(read_roster(path, ReadingOptions(hidden_rows=HiddenRows.INCLUDE)), options)
            said = "roster"
        except RosterError as error:
            said = "refused" if error.hint and error.message.endswith(".") else f"no sentence: {error.message}"
        except BaseException as error:  # noqa: BLE001 - what this program looks for
            said = f"traceback: {type(error).__name__}: {str(error)[:120]}"
        connection.send((said, peak(), time.process_time() - begun))


def forget_peak() -> None:
    """Begin to measure the memory anew."""
    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak() -> int:
    """Return the most megabytes that this process has had since; 0 where that is not to be had."""
    if sys.platform != "linux":
        return 0
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) >> 10 for line in status.splitlines() if line.startswith("VmHWM"))


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
    parser.add_argument("--megabytes", type=int, default=600)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    given = parser.parse_args()
    outcomes: Counter[str] = Counter()
    slowest, largest, start = (0.0, ""), (0, ""), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        process, connection = worker(folder)
        for number, name, data in inputs(given.inputs, given.seed):
            connection.send((name, data))
            try:
                answer = connection.recv() if connection.poll(given.seconds * _BUSY) else ("hang", 0, 0.0)
            except (EOFError, ConnectionError):
                answer = "crash", 0, 0.0
            outcome, megabytes, spent = answer
            if spent > given.seconds:
                outcome = f"slow: {spent:.0f} s"
            slowest = max(slowest, (spent, f"{number} ({name})"))
            largest = max(largest, (megabytes, f"{number} ({name})"))
            if megabytes > given.megabytes:
                outcome = f"memory: {megabytes} MB"
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
    print(f"the slowest took {slowest[0]:.2f} s: {slowest[1]}; the largest {largest[0]} MB: {largest[1]}")
    return 0 if set(outcomes) <= {"roster", "refused"} else 1


if __name__ == "__main__":
    sys.exit(main())
