# ruff: noqa: S608 - the statements that plant something are made of constants
"""Run folders that somebody prepared: nothing of the user's own is harmed, nothing hangs, and other runs are listed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from in_process import command, place
from whole_run import PASSPHRASE

from bulktap.journal.records import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no links, pipes and modes like those of POSIX"
)
ROSTER = "User,Name\nann@contoso.com,Ann\nbob@contoso.com,Bob\n"
SECRET = ("--passphrase-file", "secret.txt")
PRECIOUS = b"the user's own file\n" * 500
WRITING = ("results", "resume")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished run and one that was planned only."""
    work = tmp_path_factory.mktemp("planted")
    (work / "roster.csv").write_text(ROSTER, "utf-8")
    (work / "secret.txt").write_text(PASSPHRASE, "utf-8")
    (work / "wrong.txt").write_text("not this passphrase", "utf-8")
    with place(work):
        assert command("apply", "roster.csv", "--simulate", "--yes", *SECRET).code == 0
        assert command("plan", "roster.csv", "--offline").code == 0
    return work


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Iterator[Path]:
    """The folder of a copy of the finished run, in the working folder; beside them a file of the user's own."""
    work = tmp_path / "work"
    shutil.copytree(finished, work)
    (work / "precious").write_bytes(PRECIOUS)
    with place(work):
        (folder,) = (path for path in (work / "reports").iterdir() if (path / "journal.db").exists())
        yield folder


def states(*, runs: int = 2) -> list[str]:
    """Return how `runs` says that the runs stand; it always ends well, and soon."""
    ended = command("runs", "--json")
    assert ended.code == 0, ended.err
    assert ended.seconds < 10
    found = json.loads(ended.out)["runs"]
    assert len(found) == runs
    return sorted(one["state"] for one in found)


@pytest.mark.parametrize("name", [".lock", "journal.db", "journal.db-journal", "log.jsonl", "simulated-tenant.jsonl"])
@pytest.mark.parametrize("kind", ["symbolic", "hard"])
@pytest.mark.parametrize("secret", ["secret.txt", "wrong.txt"])
def test_a_link_among_the_files_of_a_run_harms_nothing_behind_it(run: Path, name: str, kind: str, secret: str) -> None:
    """The user's own file neither shrinks nor grows, whatever is opened, with the right passphrase or a wrong one."""
    precious = run.parent.parent / "precious"
    (run / name).unlink(missing_ok=True)
    if kind == "symbolic":
        (run / name).symlink_to(precious)
    else:
        (run / name).hardlink_to(precious)

    codes = [command(word, run, "--passphrase-file", secret).code for word in WRITING]
    states()
    assert precious.read_bytes() == PRECIOUS
    assert set(codes) <= ({0, 12} if name in {"log.jsonl", "simulated-tenant.jsonl"} else {12})


@pytest.mark.parametrize("name", ["results.xlsx", "errors.xlsx", "run.json", "run.html", ".handed-back.json"])
def test_an_output_that_is_a_link_is_replaced_not_followed(run: Path, name: str) -> None:
    """What the link led to stays as it was."""
    (run / name).unlink(missing_ok=True)
    (run / name).symlink_to(run.parent.parent / "precious")

    assert command("results", run, *SECRET).code == 0
    assert (run.parent.parent / "precious").read_bytes() == PRECIOUS
    assert not (run / name).is_symlink()


def endless_file(path: Path) -> None:
    """Two gigabytes of nothing."""
    with path.open("wb") as file:
        file.truncate(2 << 30)


def brackets(path: Path) -> None:
    """A hundred thousand brackets."""
    path.write_bytes(b"[" * 100_000)


def numbers(path: Path) -> None:
    """A number of a million digits."""
    path.write_bytes(b'{"closed": ' + b"9" * 1_000_000 + b"}")


def pipe(path: Path) -> None:
    """A pipe that nobody writes to."""
    os.mkfifo(path)


def device(path: Path) -> None:
    """A link to a device that never ends."""
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    """A folder."""
    path.mkdir()


@pytest.mark.parametrize("name", ["run.json", "plan.json", "journal.db", ".lock", ".handed-back.json"])
@pytest.mark.parametrize("plant", [endless_file, brackets, numbers, pipe, device, folder])
def test_runs_are_listed_whatever_a_file_of_one_is(run: Path, name: str, plant: Callable[[Path], None]) -> None:
    """The other run is there, and of this one as much as can be told."""
    (run / name).unlink(missing_ok=True)
    plant(run / name)

    assert "planned" in states()
    assert command("plan", "roster.csv", "--offline").code == 0


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


def tampered(path: Path, *statements: str) -> None:
    """Change the tables of a journal."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA writable_schema=ON")
        for statement in statements:
            database.execute(statement)


def endless_records(path: Path) -> None:
    """A view in place of the records that never ends."""
    columns = "i AS number, 1 AS row, 'row' AS kind, '{}' AS public, x'00' AS previous, x'00' AS sealed"
    tampered(path, "DROP TABLE record", f"CREATE VIEW record AS {ENDLESS} SELECT {columns} FROM n")


def endless_header(path: Path) -> None:
    """A view in place of the header."""
    tampered(path, "DROP TABLE header", f"CREATE VIEW header AS {ENDLESS} SELECT i AS version FROM n WHERE i < 0")


def endless_default(path: Path) -> None:
    """A column that is computed as it is read."""
    costly = "CREATE TABLE spare (id INTEGER, version INTEGER AS (length(hex(zeroblob(300000000)))))"
    tampered(path, "DROP TABLE spare", costly, "INSERT INTO spare VALUES (1)")


def trigger(path: Path) -> None:
    """A trigger on the records."""
    tampered(path, "CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM record; END")


def virtual_table(path: Path) -> None:
    """A virtual table beside the others."""
    tampered(path, "CREATE VIRTUAL TABLE extra USING fts5(x)")


def stray_table(path: Path) -> None:
    """A table that is nobody's."""
    tampered(path, "CREATE TABLE extra (x)")


def page_size(path: Path) -> None:
    """Pages of another size."""
    tampered(path, "PRAGMA page_size=512", "VACUUM")


def write_ahead(path: Path) -> None:
    """A write-ahead log, from which SQLite would take pages unasked."""
    path.with_name("journal.db-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(28))


def huge_values(path: Path) -> None:
    """A value of a hundred megabytes in a record."""
    tampered(path, "UPDATE record SET public = zeroblob(100000000) WHERE number = 2")


@pytest.mark.parametrize(
    "plant",
    [endless_records, endless_header, endless_default, trigger, virtual_table, stray_table, page_size, write_ahead,
     huge_values],
)  # fmt: skip
def test_a_journal_with_other_tables_is_damaged_and_at_once(run: Path, plant: Callable[[Path], None]) -> None:
    """For `runs`, for what opens it, and for what saves the rest."""
    plant(run / "journal.db")

    assert "planned" in states()
    for word in WRITING:
        ended = command(word, run, *SECRET)
        assert ended.code == 12, ended.err
        assert ended.seconds < 10


def test_a_rollback_file_that_names_another_file_is_refused(run: Path) -> None:
    """SQLite would delete what it names, once it had undone the commit."""
    precious = run.parent.parent / "precious"
    name = str(precious).encode()
    end = bytes(4) + name + len(name).to_bytes(4, "big") + (sum(name) & 0xFFFFFFFF).to_bytes(4, "big")
    magic = bytes.fromhex("d9d505f920a163d7")
    start = magic + bytes(4) + bytes(4) + (9).to_bytes(4, "big") + (512).to_bytes(4, "big") + (4096).to_bytes(4, "big")
    (run / "journal.db-journal").write_bytes(start.ljust(512, b"\0") + end + magic)

    states()
    for word in WRITING:
        assert command(word, run, *SECRET).code == 12
    assert precious.read_bytes() == PRECIOUS


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o2775, 0o702, 0o1777])
def test_a_run_folder_that_others_may_write_to_is_refused_by_name(run: Path, mode: int) -> None:
    """By every command that opens its journal; `runs` lists it."""
    run.chmod(mode)

    for word in (*WRITING, "apply"):
        ended = command(word, run, *SECRET, *(["--yes"] if word == "apply" else []))
        assert ended.code == 12, ended.err
        assert "Other users may write" in ended.err
    assert states() == ["finished", "planned"]


@pytest.mark.parametrize("where", ["journal.db", "run folder", "reports folder", ".lock", "everything"])
def test_runs_are_listed_on_a_medium_that_cannot_be_written(run: Path, where: str) -> None:
    """A read-only copy says as much as the original."""
    places = {"journal.db": [run / "journal.db"], "run folder": [run], "reports folder": [run.parent]}
    chosen = places.get(where) or [run / ".lock"]
    if where == "everything":
        chosen = [*run.iterdir(), run, run.parent]
    for path in chosen:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        assert states() == ["finished", "planned"]
    finally:
        run.parent.chmod(0o700)
        run.chmod(0o700)


def newer(path: Path, *, change: str) -> None:
    """Make of the journal one that a later bulktap might have written."""
    statements = [f"UPDATE {table} SET version = {SCHEMA_VERSION + 1}" for table in ("header", "spare")]
    tampered(path, *statements, *([change] if change else []))


@pytest.mark.parametrize(
    "change",
    ["", "CREATE TABLE handout (id INTEGER)", "DROP TABLE head", "UPDATE record SET kind = 'handed-out'",
     "ALTER TABLE header ADD COLUMN algorithm TEXT"],
)  # fmt: skip
def test_a_journal_of_a_newer_bulktap_is_called_newer(run: Path, change: str) -> None:
    """Not damaged: nothing is wrong with it, and the version that wrote it opens it."""
    newer(run / "journal.db", change=change)

    assert states() == ["newer", "planned"]
    for word in (*WRITING, "resume-without-name"):
        ended = command("resume", *SECRET) if word == "resume-without-name" else command(word, run, *SECRET)
        assert ended.code == 12
        assert "newer bulktap" in ended.err
        assert "damaged" not in ended.err
    begun = command("apply", "roster.csv", "--simulate", "--yes", *SECRET)
    assert begun.code == 6
    assert "newer bulktap" in begun.err


@pytest.mark.parametrize("table", ["header", "spare"])
def test_one_flipped_version_is_damage(run: Path, table: str) -> None:
    """Only when both copies of the header agree is the journal newer."""
    tampered(run / "journal.db", f"UPDATE {table} SET version = 129")

    ended = command("results", run, *SECRET)
    assert ended.code == 12
    assert "newer" not in ended.err
    assert json.loads(command("results", run, *SECRET, "--json").out)["counts"]["issued"] == 2
