"""`results --new-passphrase`: the run and its workbook open with another passphrase, and with the old one no more."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from terminal_talk import talk
from whole_run import PASSPHRASE, USERS, Program, sheet

from bulktap.journal import Journal
from bulktap.model.errors import WrongPassphrase
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long  # whole runs, a process for each command

NEW = "four words that are new"
ROWS = [["User"], *([user] for user in USERS[:3])]


@pytest.fixture
def finished(program: Program) -> Path:
    """The folder of a finished rehearsal."""
    return program("apply", program.roster(ROWS), "--simulate", "--yes", "--json").folder


def everything(folder: Path) -> dict[str, bytes]:
    """Return the content of every file of a run."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def opens(folder: Path, passphrase: str) -> bool:
    """Whether a passphrase opens a run's journal."""
    try:
        Journal.open(folder / "journal.db", Secret(passphrase)).close()
    except WrongPassphrase:
        return False
    return True


@pytest.mark.parametrize("source", ["file", "file as of Windows", "command", "variable"])
def test_run_and_workbook_open_with_the_new_one_only(program: Program, finished: Path, source: str) -> None:
    """Wherever it comes from; the passcodes are the same, and the old workbook is replaced."""
    before = sheet(finished)
    path = program.cwd / "new.txt"
    path.write_text(f"{NEW}\r\n", "utf-16" if "Windows" in source else "utf-8")
    words = {
        "file": ("--new-passphrase-file", path),
        "file as of Windows": ("--new-passphrase-file", path),
        "command": ("--new-passphrase-command", f'{sys.executable} -c "print({NEW!r})"'),
        "variable": (),
    }[source]
    more = {"BULKTAP_NEW_PASSPHRASE": NEW} if source == "variable" else {}

    done = program("results", finished.name, "--new-passphrase", *words, "--json", **more)

    assert done.json["new_passphrase"]
    assert sheet(finished, passphrase=NEW) == before
    assert (opens(finished, NEW), opens(finished, PASSPHRASE)) == (True, False)
    assert [path.name for path in finished.glob("results*")] == ["results.xlsx"]
    assert "passphrase" in program("results", finished.name, code=12).err
    assert NEW not in done.out + done.err
    assert program("results", finished.name, "--json", BULKTAP_PASSPHRASE=NEW).json["exit_code"] == 0


def test_one_that_is_made_up_is_shown_once(program: Program, finished: Path) -> None:
    """As for a new run, where somebody reads it."""
    if sys.platform == "win32":
        pytest.skip("no pseudo-terminals")
    code, shown = talk(program, ["results", finished.name, "--new-passphrase", "--generate-passphrase"], [])
    made_up = next(word for line in shown.splitlines() for word in line.split() if word.count("-") == 3)

    assert code == 0
    assert len(sheet(finished, passphrase=made_up)) == 3
    refused = program("results", finished.name, "--new-passphrase", "--generate-passphrase", code=2)
    assert "shown to nobody" in refused.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_at_a_prompt_it_is_typed_twice(program: Program, finished: Path) -> None:
    """After the present one; what was typed differently is asked for again."""
    answers = [
        ("Passphrase of the run", PASSPHRASE),
        ("Choose a passphrase", NEW),
        ("The same again", f"{NEW}!"),
        ("Choose a passphrase", NEW),
        ("The same again", NEW),
    ]

    code, _ = talk(program, ["results", finished.name, "--new-passphrase"], answers, BULKTAP_PASSPHRASE="")

    assert code == 0
    assert len(sheet(finished, passphrase=NEW)) == 3


@pytest.mark.parametrize(
    ("words", "more", "code"),
    [
        (("--new-passphrase",), {"BULKTAP_NEW_PASSPHRASE": "short"}, 2),
        (("--new-passphrase",), {"BULKTAP_NEW_PASSPHRASE": "x" * 256}, 2),
        (("--new-passphrase",), {"BULKTAP_NEW_PASSPHRASE": NEW, "BULKTAP_PASSPHRASE": "not that one"}, 12),
        (("--new-passphrase",), {}, 2),
        (("--new-passphrase", "--new-passphrase-file", "missing.txt"), {}, 2),
        (("--new-passphrase", "--new-passphrase-file", "roster.csv", "--generate-passphrase"), {}, 2),
        (("--new-passphrase-file", "roster.csv"), {}, 2),
        (("--generate-passphrase",), {}, 2),
    ],
    ids=str,
)
def test_what_will_not_do_changes_nothing(
    program: Program, finished: Path, words: tuple[str, ...], more: dict[str, str], code: int
) -> None:
    """Not a byte of the run; and no secret is told."""
    before = everything(finished)

    told = program("results", finished.name, *words, "--json", code=code, **more)

    assert everything(finished) == before
    assert "x" * 256 not in told.err
    assert NEW not in told.err


def test_a_damaged_journal_keeps_its_passphrase(program: Program, finished: Path) -> None:
    """What is intact of it is saved first."""
    with closing(sqlite3.connect(finished / "journal.db")) as database, database:
        database.execute("DELETE FROM record WHERE number = 3")
    before = everything(finished)

    told = program("results", finished.name, "--new-passphrase", "--json", code=12, BULKTAP_NEW_PASSPHRASE=NEW)

    assert everything(finished) == before
    assert f"bulktap results {finished.name}" in told.json["error"]["hint"]


def test_hand_outs_that_the_old_one_opens_are_named(program: Program, finished: Path) -> None:
    """The list, whatever its words open, and slips of one person; covers hold nothing."""
    program("handout", finished.name)
    program("show", finished.name, USERS[0], "--print")
    slips = [path.name for path in (finished / "handout").rglob("*.pdf") if path.name != "covers.pdf"]
    assert len(slips) == 2

    told = " ".join(program("results", finished.name, "--new-passphrase", BULKTAP_NEW_PASSPHRASE=NEW).err.split())

    assert all(name in told for name in ("passphrases.xlsx", *slips))
    assert "covers" not in told


def test_old_copies_still_open_with_the_old_one(program: Program, finished: Path) -> None:
    """Those beside the workbook are named; one made elsewhere is a run of its own."""
    copy = program.cwd / "copy" / finished.name
    shutil.copytree(finished, copy)
    shutil.copy(finished / "results.xlsx", finished / "results-2.xlsx")

    told = program("results", finished.name, "--new-passphrase", BULKTAP_NEW_PASSPHRASE=NEW)

    assert "results-2.xlsx" in told.err
    assert len(sheet(copy)) == 3
    assert opens(copy, PASSPHRASE)


def test_an_unfinished_run_goes_on_with_the_new_one(program: Program, finished: Path) -> None:
    """Killed before its results were handed back, and then given another passphrase."""
    for name in ("results.xlsx", "run.json"):
        (finished / name).unlink()

    program("results", finished.name, "--new-passphrase", BULKTAP_NEW_PASSPHRASE=NEW)
    assert program("resume", finished.name, "--json", BULKTAP_PASSPHRASE=NEW).json["counts"]["issued"] == 3
    program("resume", finished.name, code=12)


def test_after_a_kill_between_journal_and_workbook_results_are_written_with_the_new_one(
    program: Program, finished: Path
) -> None:
    """The workbook of before is kept aside: nobody can tell any more what is in it."""
    old = (finished / "results.xlsx").read_bytes()
    program("results", finished.name, "--new-passphrase", BULKTAP_NEW_PASSPHRASE=NEW)
    (finished / "results.xlsx").write_bytes(old)
    (finished / ".handed-back.json").unlink()

    program("results", finished.name, BULKTAP_PASSPHRASE=NEW)

    assert len(sheet(finished, passphrase=NEW)) == 3
    (kept,) = finished.glob("results-kept-*.xlsx")
    assert kept.read_bytes() == old
