"""`bulktap forget`: the passcodes are gone, who was given which pass is not."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from terminal_talk import talk
from whole_run import PASSPHRASE, USERS, Program, digest, live_digests, report, sheet

from bulktap.journal import Journal, glance
from bulktap.model.errors import RunForgotten
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.simulator.embedded import EmbeddedSimulator

pytestmark = pytest.mark.long  # whole runs, a process for each command

ROWS = [["User", "Lifetime"], *([user, "8h"] for user in USERS[:3]), ["no name", "8h"]]


@pytest.fixture
def finished(connected: Program) -> Path:
    """The folder of a finished run, with a second workbook, one that was kept aside, and hand-outs."""
    folder = connected("apply", connected.roster(ROWS), "--yes", "--name", "autumn-5a", "--json", code=3).folder
    shutil.copy(folder / "results.xlsx", folder / "results-2.xlsx")
    shutil.copy(folder / "results.xlsx", folder / "results-kept-20350901T080000Z.xlsx")
    (folder / "results-mine.xlsx").write_bytes(b"of my own")
    (folder / "handout" / "below").mkdir(parents=True)
    for name in ("5a.pdf", "passphrases.xlsx", "below/5b.pdf"):
        (folder / "handout" / name).write_bytes(b"sealed")
    return folder


def wrapped_key(folder: Path) -> bytes:
    """Return the wrapped data key of a run's journal."""
    with closing(sqlite3.connect(folder / "journal.db")) as database:
        return bytes(database.execute("SELECT wrapped FROM header").fetchone()[0])


def everything(folder: Path) -> bytes:
    """Return every byte of every file in a folder."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_key_workbooks_and_hand_outs_are_gone(connected: Program, finished: Path) -> None:
    """The old key is in no byte of the folder, and no passphrase opens anything."""
    key, kept = wrapped_key(finished), report(finished)
    counts = json.loads((finished / "run.json").read_bytes())["counts"]

    done = connected("forget", "autumn-5a", "--yes", "--json", BULKTAP_PASSPHRASE="").json["forgotten"]

    assert [(one["run"], one["name"], one["passes"], one["files"]) for one in done] == [
        (finished.name, "autumn-5a", 3, 6)
    ]
    assert key[:20] not in everything(finished)
    assert sorted(path.name for path in finished.glob("results*")) == ["results-mine.xlsx"]
    assert not (finished / "handout").exists()
    with pytest.raises(RunForgotten):
        Journal.open(finished / "journal.db", Secret(PASSPHRASE))
    assert report(finished) == kept
    summary = json.loads((finished / "run.json").read_bytes())
    assert summary["counts"] == counts
    assert summary["forgotten"].startswith(done[0]["at"][:16])


def test_a_second_time_no_file_is_left(connected: Program, finished: Path) -> None:
    """It is said, and not counted as none; the moment of the first time stands."""
    first = connected("forget", finished, "--yes").out
    again = connected("forget", finished, "--yes").out

    assert "UTC, and 6 files now." in first
    assert "UTC, and no file was left to destroy." in again
    assert first.partition(" UTC")[0] == again.partition(" UTC")[0]


def test_verify_and_revoke_work_as_before(connected: Program, service: EmbeddedSimulator, finished: Path) -> None:
    """Without a passphrase, as they always do."""
    connected("forget", "latest", "--yes")

    checked = connected("verify", "autumn-5a", "--json", BULKTAP_PASSPHRASE="").json
    assert checked["passes"]["live"] == 3
    connected("revoke", finished.name, "--yes", BULKTAP_PASSPHRASE="")
    assert live_digests(service) == {}


@pytest.mark.parametrize("command", ["results", "resume", "handout", "reissue"])
def test_what_needs_a_passcode_says_that_the_run_was_forgotten(
    connected: Program, finished: Path, command: str
) -> None:
    """And when; nobody is asked for a passphrase first."""
    connected("forget", "autumn-5a", "--yes")

    more = ("--only", USERS[0], "--yes") if command == "reissue" else ()

    failed = connected(command, finished.name, *more, "--json", code=12, BULKTAP_PASSPHRASE="").json["error"]

    assert failed["code"] == "forgotten"
    assert "was forgotten on " in failed["message"]
    assert f"bulktap verify {finished.name}" in failed["hint"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_on_a_terminal_it_is_asked_and_then_shown_to_nobody(connected: Program, finished: Path) -> None:
    """A no destroys nothing; after a yes `show` says that the run was forgotten, and asks for nothing."""
    code, shown = talk(connected, ["forget", "autumn-5a"], [("[yes/no]", "no")])
    assert code == 6
    assert "Nothing was destroyed" in shown
    assert (finished / "results.xlsx").exists()

    code, _ = talk(connected, ["forget", "autumn-5a"], [("[yes/no]", "yes")])
    assert code == 0
    code, shown = talk(connected, ["show", "autumn-5a", USERS[0]], [], BULKTAP_PASSPHRASE="")
    assert code == 12
    assert "was forgotten on" in shown


def test_a_forgotten_plan_is_not_said_to_have_passcodes(connected: Program, finished: Path) -> None:
    """The command that would write them again is refused, so it is no hint."""
    connected("forget", finished, "--yes")
    done = connected("apply", finished, "--yes", code=8)

    assert "bulktap results" not in done.err
    assert "its passcodes were destroyed" in " ".join(done.err.split())


def test_a_forgotten_plan_is_not_carried_out_again(connected: Program, finished: Path) -> None:
    """It was carried out already, and that is what is said."""
    connected("forget", "autumn-5a", "--yes")

    assert "already been carried out" in connected("apply", finished.name, "--yes", code=8).err


def test_the_preview_says_what_is_destroyed_and_what_still_works(connected: Program, finished: Path) -> None:
    """Without a terminal nothing is destroyed unless `--yes` was given."""
    before = everything(finished)
    assert "--yes" in connected("forget", "autumn-5a", code=2).err
    assert everything(finished) == before

    shown = connected("forget", "autumn-5a", "--yes").err
    for words in ("the key of 3 passcodes", "results-2.xlsx", "handout (3 files)", "3 passes still work", "backups"):
        assert words in shown
    listed = connected("runs", "--json").json["runs"][0]
    assert (listed["state"], "next" in listed) == ("forgotten", False)
    assert listed["forgotten"]
    assert connected("forget", "autumn-5a", "--yes", "--json").json["forgotten"][0]["files"] == 0


@pytest.mark.parametrize(
    ("chosen", "told"), [([], False), (["--only", USERS[0]], True), (["--except", USERS[0]], True)]
)
def test_what_was_revoked_is_not_said_to_work(
    connected: Program, finished: Path, chosen: list[str], told: bool
) -> None:
    """Those count that neither ended nor were taken back."""
    connected("revoke", finished.name, *chosen, "--yes")
    shown = connected("forget", finished.name, "--yes").err
    assert ("still work" in shown) is told
    assert "3 passes still work" not in shown


@pytest.mark.parametrize(
    ("source", "name", "told"),
    [
        ("results.xlsx", "results - Kopie.xlsx", True),
        ("results.xlsx", "Copy of results.xlsx", True),
        ("results.xlsx", "for Ann.dat", True),
        ("journal.db", "journal.db.bak", True),
        ("journal.db", "old/journal.db", True),
        ("plan.xlsx", "plan-2.xlsx", False),
        ("log.jsonl", "log of Monday.txt", False),
    ],
)
def test_copies_that_somebody_else_made_in_the_folder_are_named(
    connected: Program, finished: Path, source: str, name: str, told: bool
) -> None:
    """They are left as they are, since they are not the program's, and may still open: before and after it says so."""
    (finished / name).parent.mkdir(exist_ok=True)
    shutil.copy(finished / source, finished / name)

    done = connected("forget", "autumn-5a", "--yes")

    shown, where = " ".join(done.err.split()), name.replace("/", os.sep)
    assert (f"Leaves {where}: " in shown) is told
    assert (f"Left in its folder: {where}" in " ".join(done.out.split())) is told
    assert (finished / name).exists()


def unfinished(program: Program) -> Path:
    """Return the folder of a run whose results were never handed back."""
    folder = program("apply", program.roster(ROWS), "--yes", "--json", code=3).folder
    for name in ("results.xlsx", "run.json"):
        (folder / name).unlink()
    return folder


def test_a_run_that_is_not_finished_is_not_forgotten_by_mistake(connected: Program, service: EmbeddedSimulator) -> None:
    """Finishing it is offered; giving it up has to be said, and then it stands in nobody's way."""
    folder = unfinished(connected)

    refused = connected("forget", folder.name, "--yes", "--json", code=6).json["error"]
    assert f"bulktap resume {folder.name}" in refused["hint"]
    assert "--unfinished" in refused["hint"]
    connected("forget", folder.name, "--yes", "--unfinished")
    assert "no unfinished run" in connected("resume", code=2).err
    again = connected("apply", connected.roster(ROWS), "--yes", "--existing", "replace", "--json", code=3)
    assert set(live_digests(service).values()) == {digest(row["Temporary Access Pass"]) for row in sheet(again.folder)}


@pytest.mark.parametrize("stopped", ["before the files", "among the files", "before run.json"])
def test_stopped_in_the_middle_it_is_finished_by_running_it_again(
    connected: Program, finished: Path, stopped: str
) -> None:
    """The key goes first, so that nothing can be written anew; what is left is seen in the list."""
    kept = {path: path.read_bytes() for path in finished.rglob("*") if path.is_file() and path.name != "journal.db"}
    connected("forget", "autumn-5a", "--yes")
    moment = glance(finished / "journal.db").header.forgotten_at
    for path, content in kept.items():
        if stopped == "before the files" or (stopped == "among the files" and "handout" in path.parts):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    (finished / "run.json").write_bytes(kept[finished / "run.json"])
    before = (finished / "journal.db").stat().st_mtime_ns - 1
    os.utime(finished / "run.json", ns=(before, before))
    listed = connected("runs", "--json").json["runs"][0]
    assert listed["state"] == "forgotten"
    if stopped != "before run.json":
        assert listed["next"] == "bulktap forget autumn-5a"

    connected("forget", "--due", "--yes")
    connected("forget", "autumn-5a", "--yes")

    assert not list(finished.glob("results*[!e].xlsx"))
    assert not (finished / "handout").exists()
    assert glance(finished / "journal.db").header.forgotten_at == moment
    assert json.loads((finished / "run.json").read_bytes())["forgotten"]


@pytest.mark.parametrize("mark", ["~$results.xlsx", ".~lock.results-2.xlsx#"])
def test_a_workbook_that_is_open_keeps_everything_from_being_destroyed(
    connected: Program, finished: Path, mark: str
) -> None:
    """The program that has it open could save it again."""
    (finished / mark).write_bytes(b"")
    before = everything(finished)

    assert "open in another program" in connected("forget", "autumn-5a", "--yes", code=7).err
    assert everything(finished) == before


def test_a_plan_has_nothing_to_forget(connected: Program) -> None:
    """Exit 8, as for verify; and one run is named, or `--due` given."""
    folder = connected("plan", connected.roster(ROWS), "--json", code=3).folder

    connected("forget", folder.name, "--yes", code=8)
    connected("forget", "--yes", code=2)
    connected("forget", folder.name, "--due", "--yes", code=2)


def apply_with(program: Program, wish: str, **more: str) -> dict[str, Any]:
    """Issue to one user with that wish, and return what `runs` says of the run."""
    words = ("apply", program.roster([["User"], [USERS[5]]]), "--yes", "--existing", "replace", "--forget-after", wish)
    run = program(*words, "--json", **more).json["run"]
    return next(one for one in program("runs", "--json").json["runs"] if one["run"] == run)


def test_the_wish_to_forget_is_kept_reminded_of_and_fulfilled(connected: Program, finished: Path) -> None:
    """Only the run whose time has come; the others are left alone."""
    later, due = apply_with(connected, "7d"), apply_with(connected, "1m")
    assert later["forget_at"] > due["forget_at"]
    run = finished.parent / due["run"]
    summary = json.loads((run / "run.json").read_bytes())
    (run / "run.json").write_text(json.dumps(summary | {"forget_at": "2020-01-01T00:00:00Z"}))

    told = connected("runs")
    assert "1 run is due to be forgotten: `bulktap forget --due`" in told.err
    done = connected("forget", "--due", "--yes", "--json").json["forgotten"]
    assert [one["run"] for one in done] == [due["run"]]
    assert "No run is due" in connected("forget", "--due", "--yes").out
    assert (finished / "results.xlsx").exists()


@pytest.mark.parametrize("wish", ["7", "0d", "soon", "-1d", "9999999d", "", "7s", "nan"])
def test_a_wish_that_could_be_meant_in_two_ways_is_refused(connected: Program, wish: str) -> None:
    """A bare 7 may be days or seconds; nothing is planned."""
    assert "--forget-after" in connected("plan", connected.roster(ROWS), "--forget-after", wish, code=2).err
    assert not (connected.cwd / "reports").exists()


def test_a_signed_plan_keeps_the_wish(connected: Program) -> None:
    """It stands in plan.json and is carried out with the plan; another one is refused."""
    folder = connected("plan", connected.roster(ROWS), "--forget-after", "12h", "--json", code=3).folder

    assert json.loads((folder / "plan.json").read_bytes())["settings"]["forget_after_minutes"] == 720
    assert "--forget-after" in connected("apply", folder.name, "--yes", "--forget-after", "7d", code=2).err
    connected("apply", folder.name, "--yes", "--forget-after", "12h", code=3)
    assert json.loads((folder / "run.json").read_bytes())["forget_at"]
