"""Each output is written by itself; what somebody has open or has edited is never written over."""

from __future__ import annotations

import json
import shutil
import subprocess
from io import BytesIO
from typing import TYPE_CHECKING

import openpyxl
import pytest
from in_process import Ended, command, place
from whole_run import PASSPHRASE, sheet

from bulktap.model.secret import Secret
from bulktap.storage.office_encryption import WorkbookKey, decrypt_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ROSTER = "User,Name,Lifetime\nann@contoso.com,Ann,60\nbob@contoso.com,Bob,60\ncid@contoso.com,Cid,nonsense\n"
SECRET = ("--passphrase-file", "secret.txt")
OUTPUTS = ("results.xlsx", "errors.xlsx", "run.html", "run.json")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished run of three rows, one of them invalid."""
    work = tmp_path_factory.mktemp("outputs")
    (work / "roster.csv").write_text(ROSTER, "utf-8")
    (work / "secret.txt").write_text(PASSPHRASE, "utf-8")
    with place(work):
        assert command("apply", "roster.csv", "--simulate", "--yes", *SECRET).code == 3
    return work


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Iterator[Path]:
    """The folder of a copy of that run, in the working folder."""
    work = tmp_path / "work"
    shutil.copytree(finished, work)
    with place(work):
        (folder,) = (path for path in (work / "reports").iterdir() if not path.name.startswith("."))
        yield folder


def again(folder: Path, *more: str) -> Ended:
    """Write the results again."""
    return command("results", folder, *SECRET, *more)


def in_the_way(path: Path) -> None:
    """Put a folder where a file belongs."""
    path.unlink(missing_ok=True)
    path.mkdir()
    (path / "inside").write_text("x")


@pytest.mark.parametrize("name", ["errors.xlsx", "run.html", "run.json", ".handed-back.json"])
def test_one_output_that_fails_keeps_no_other_back(run: Path, name: str) -> None:
    """It is named, the rest is written, the exit code is that of the rows, and the run is finished."""
    for other in OUTPUTS:
        (run / other).unlink()
    in_the_way(run / name)

    ended = again(run)
    assert ended.code == 3
    assert name.startswith(".") or str(run / name) in "".join(ended.err.split("\n")) or name in ended.err
    assert all((run / other).is_file() for other in OUTPUTS if other != name)
    assert json.loads(command("runs", "--json").out)["runs"][0]["state"] == "finished"

    shutil.rmtree(run / name)
    assert again(run).code == 3
    assert (run / name).is_file()


def test_a_workbook_that_fails_is_exit_7_and_made_later(run: Path) -> None:
    """The others are written, the run is not called unfinished, and the command that makes it again is named."""
    in_the_way(run / "results.xlsx")
    (run / "run.html").unlink()

    ended = again(run, "--json")
    assert ended.code == 7
    assert "results.xlsx" in json.loads(ended.out)["error"]["message"]
    assert (run / "run.html").is_file()
    assert json.loads(command("runs", "--json").out)["runs"][0]["state"] == "finished"

    shutil.rmtree(run / "results.xlsx")
    assert again(run).code == 3
    assert len(sheet(run)) == 2


def test_an_apply_whose_outputs_fail_has_issued_and_says_so(finished: Path, tmp_path: Path) -> None:
    """A folder named like the error report, before the passes are issued: exit 3 by the rows, no traceback."""
    work = tmp_path / "work"
    shutil.copytree(finished, work, ignore=shutil.ignore_patterns("reports"))
    with place(work):
        folder = work / json.loads(command("plan", "roster.csv", "--simulate", "--json").out)["folder"]
        in_the_way(folder / "errors.xlsx")
        in_the_way(folder / "run.html")
        ended = command("apply", folder, "--yes", *SECRET)

        assert ended.code == 3
        assert "errors.xlsx" in ended.err
        assert "run.html" in ended.err
        assert len(sheet(folder)) == 2
        assert command("resume").code == 2  # there is nothing to finish


def edited_by_openpyxl(path: Path) -> None:
    """Annotate the workbook and save it under its passphrase."""
    content = path.read_bytes()
    sealed = path.name == "results.xlsx"
    book = openpyxl.load_workbook(BytesIO(decrypt_workbook(content, Secret(PASSPHRASE)) if sealed else content))
    book.worksheets[0]["A1"] = "handed out"
    plain = BytesIO()
    book.save(plain)
    path.write_bytes(WorkbookKey(Secret(PASSPHRASE)).encrypt(plain.getvalue()) if sealed else plain.getvalue())


def sealed_anew(path: Path) -> None:
    """Save the workbook under another password."""
    path.write_bytes(WorkbookKey(Secret("another one entirely")).encrypt(b"PK" * 9_000))


def grown(path: Path) -> None:
    """Append a byte."""
    path.write_bytes(path.read_bytes() + b"\0")


def emptied(path: Path) -> None:
    """Leave nothing of it."""
    path.write_bytes(b"")


def open_in_excel(path: Path) -> None:
    """Leave the mark with which Excel says that it has the workbook open."""
    path.with_name(f"~${path.name}").write_bytes(b"owner")


def open_in_libreoffice(path: Path) -> None:
    """Leave the mark of LibreOffice."""
    path.with_name(f".~lock.{path.name}#").write_bytes(b"owner")


def protected(path: Path) -> None:
    """Make the file one that cannot be replaced, as one is on Windows that is open."""
    chattr = shutil.which("chattr")
    if chattr is None or subprocess.run([chattr, "+i", path], check=False, capture_output=True).returncode:
        pytest.skip("this file system has no files that cannot be replaced")


@pytest.mark.parametrize("name", ["results.xlsx", "errors.xlsx"])
@pytest.mark.parametrize(
    "touch", [edited_by_openpyxl, sealed_anew, grown, emptied, open_in_excel, open_in_libreoffice, protected]
)
def test_what_is_open_or_edited_is_never_written_over(run: Path, name: str, touch: Callable[[Path], None]) -> None:
    """The new one has the next name, which the screen tells; the next time it is that one which is replaced."""
    touch(run / name)
    before = (run / name).read_bytes()
    other = run / name.replace(".xlsx", "-2.xlsx")
    try:
        for _ in range(2 if touch is grown else 1):
            ended = again(run)
            assert ended.code == 3, ended.err
            assert other.name in ended.err
            assert (run / name).read_bytes() == before
            assert not other.with_name(name.replace(".xlsx", "-3.xlsx")).exists()
        assert other.is_file()
        if name == "results.xlsx":
            assert str(other) in ended.out
            shutil.copy(other, run.parent / "results.xlsx")
            assert len(sheet(run.parent)) == 2
    finally:
        if touch is protected:
            subprocess.run(["chattr", "-i", run / name], check=True)


@pytest.mark.parametrize(
    ("edited", "there", "current", "older"),
    [
        (False, ["-2"], "results.xlsx", "results-2.xlsx is older"),
        (False, ["-2", "-3"], "results.xlsx", "results-2.xlsx, results-3.xlsx are older"),
        (False, ["-7"], "results.xlsx", "results-7.xlsx is older"),
        (True, ["-3"], "results-2.xlsx", "results-3.xlsx is older"),
        (False, [], "results.xlsx", ""),
        (True, [], "results-2.xlsx", ""),
    ],
)
def test_which_of_several_is_the_current_one_is_said(
    run: Path, edited: bool, there: list[str], current: str, older: str
) -> None:
    """Files of earlier commands stay where they are, and are named."""
    for number in there:
        shutil.copy(run / "results.xlsx", run / f"results{number}.xlsx")
    if edited:
        grown(run / "results.xlsx")

    ended = again(run)

    assert str(run / current) in ended.out
    assert (f"The current file is {current}; {older}." in " ".join(ended.err.split())) is bool(older)
    assert all((run / f"results{number}.xlsx").is_file() for number in there)


def test_two_that_are_kept_in_one_second_have_two_names(tmp_path: Path) -> None:
    """The first one keeps its name and its content."""
    from datetime import UTC, datetime

    from bulktap.storage.output_files import OutputFiles

    now = datetime(2035, 9, 1, 8, tzinfo=UTC)
    for content in (b"1", b"2", b"3"):
        OutputFiles(tmp_path).write("results.xlsx", content, set_aside=lambda _: True, now=now)

    kept = {path.name: path.read_bytes() for path in tmp_path.glob("results*")}
    assert kept == {
        "results.xlsx": b"3",
        "results-kept-20350901T080000Z.xlsx": b"1",
        "results-kept-20350901T080000Z-2.xlsx": b"2",
    }


@pytest.mark.parametrize("record", [b"", b"[" * 100_000, b'{"files": 5}', b'{"files": {"results.xlsx": "x"}}', b"null"])
def test_a_record_that_was_damaged_costs_nothing(run: Path, record: bytes) -> None:
    """What was written cannot be told any more, and results are written as before."""
    (run / ".handed-back.json").write_bytes(record)

    assert again(run).code == 3
    assert len(sheet(run)) == 2


@pytest.mark.parametrize("victim", ["row", "first row of many"])
def test_a_user_whose_row_record_is_damaged_is_named_by_the_plan(run: Path, victim: str) -> None:
    """The passcode is intact and the plan too, so nobody has to guess whose it is."""
    import sqlite3
    from contextlib import closing

    journal = run / "journal.db"
    with closing(sqlite3.connect(journal)) as database:
        order = "" if victim == "row" else " DESC"
        query = f"SELECT sealed FROM record WHERE kind = 'row' ORDER BY number{order}"  # noqa: S608
        sealed = database.execute(query).fetchone()[0]
    content = bytearray(journal.read_bytes())
    content[content.index(sealed)] ^= 1
    journal.write_bytes(content)

    assert again(run).code == 12
    assert {row["User"] for row in sheet(run)} == {"ann@contoso.com", "bob@contoso.com"}
