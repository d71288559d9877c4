"""How a run stands is told by its summary as long as its journal was not written to since."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from whole_run import USERS, Program

from bulktap.model.setting_names import Command
from bulktap.operations.list_runs import latest_unfinished, list_runs, newest_listed
from bulktap.operations.listed_run import Stand
from bulktap.operations.run_glimpse import glimpse
from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.now(UTC)


@pytest.fixture
def finished(program: Program) -> RunFolder:
    """A finished rehearsal."""
    roster = program.roster([["User"], *([user] for user in USERS[:3])])
    words = ("apply", roster, "--simulate", "--yes", "--name", "autumn-5a", "--lifetime", "8h", "--json")
    return RunFolder(program(*words).folder)


def touch_journal(run: RunFolder) -> None:
    """Let the journal be the newer of the two, as a writer leaves it."""
    newer = run.summary.stat().st_mtime_ns + 1_000_000
    os.utime(run.journal, ns=(newer, newer))


def test_summary_and_journal_say_the_same(finished: RunFolder) -> None:
    """Whichever was read: counts, who, when, until when."""
    quick = glimpse(finished)
    finished.journal.rename(finished.path / "kept")
    finished.journal.write_bytes(b"no journal at all")
    older = finished.summary.stat().st_mtime_ns - 1
    os.utime(finished.journal, ns=(older, older))
    assert glimpse(finished) == quick  # nothing else was read
    (finished.path / "kept").replace(finished.journal)
    touch_journal(finished)

    assert glimpse(finished) == quick
    assert (quick.state, quick.rows, quick.issued, quick.open_rows) == (Stand.FINISHED, 3, 3, 0)
    assert quick.name == "autumn-5a"
    assert quick.who
    assert quick.live_until is not None
    assert quick.next_step(NOW) is Command.HAND_OUT


@pytest.mark.long
@pytest.mark.parametrize(
    "changed",
    [
        {"closed": False},
        {"schema": 2},
        {"versions": {"bulktap": "99.0"}},
        {"versions": {}},
        {"passes": None},
        {"passes": {"rows": 3, "issued": True, "open": 0}},
        {"tenant": {"id": 7}},
        {"roster": {}},
    ],
    ids=str,
)
def test_a_summary_that_leaves_something_open_is_not_believed(finished: RunFolder, changed: dict[str, Any]) -> None:
    """The journal is asked; here it says that it is none."""
    members = json.loads(finished.summary.read_bytes()) | changed
    finished.journal.write_bytes(b"no journal at all, but for its name")
    finished.summary.write_text(json.dumps(members), "utf-8")

    assert glimpse(finished).state is Stand.DAMAGED


@pytest.mark.parametrize("damage", ["newer", "empty", "rollback"])
def test_a_journal_that_was_written_to_since_is_asked(finished: RunFolder, damage: str) -> None:
    """Also an empty one, and one whose last commit was cut short."""
    finished.journal.write_bytes(b"" if damage == "empty" else b"no journal at all")
    older = finished.summary.stat().st_mtime_ns - 1
    if damage == "rollback":
        (finished.path / "journal.db-journal").write_bytes(b"x")
    if damage != "newer":
        os.utime(finished.journal, ns=(older, older))
    else:
        touch_journal(finished)

    assert glimpse(finished).state is Stand.DAMAGED


def copies(finished: RunFolder, count: int) -> list[Path]:
    """Make runs of which nothing can be read but the names of their files, a minute apart, the oldest first."""
    reports = finished.path.parent
    made = [reports / f"2020-01-01T{number // 60:02}{number % 60:02}Z-old-{number:04x}" for number in range(count)]
    for folder in made:
        folder.mkdir()
        (folder / "plan.json").write_bytes(b"{}")
    return made


def test_only_as_many_runs_are_read_as_are_asked_for(finished: RunFolder) -> None:
    """The newest first; the others are counted by their names. All of them, oldest first, on request."""
    old = copies(finished, 12)

    newest, count = newest_listed(finished.path.parent, 3)

    assert [run.folder.run for run in newest] == [finished.run, old[-1].name, old[-2].name]
    assert count == 13
    assert [run.folder.run for run in list_runs(finished.path.parent)] == [*(path.name for path in old), finished.run]


def test_the_latest_unfinished_run_is_looked_for_from_the_end(finished: RunFolder) -> None:
    """A run without its summary and workbook was not handed back; one that cannot be opened comes after it."""
    assert latest_unfinished(finished.path.parent) is None
    for path in (finished.summary, finished.workbook):
        path.unlink()
    broken = finished.path.parent / "2099-01-01T0000Z-broken-0001"
    broken.mkdir()
    (broken / "journal.db").write_bytes(b"no journal")

    assert latest_unfinished(finished.path.parent) == finished
    finished.journal.unlink()
    assert latest_unfinished(finished.path.parent) == RunFolder(broken.resolve())


def test_the_next_step_follows_from_how_a_run_stands(finished: RunFolder) -> None:
    """Of a plan only as long as it may be carried out."""
    run = replace(glimpse(finished), expires_at=None)
    later = NOW.replace(year=NOW.year + 1)

    assert replace(run, state=Stand.UNFINISHED).next_step(NOW) is Command.RESUME
    assert replace(run, state=Stand.DAMAGED).next_step(NOW) is Command.RESULTS
    assert replace(run, state=Stand.PLANNED, expires_at=later).next_step(NOW) is Command.APPLY
    assert replace(run, state=Stand.PLANNED, expires_at=NOW).next_step(NOW) is None
    assert replace(run, state=Stand.PLANNED, rows=0, expires_at=later).next_step(NOW) is None
    ended = replace(run, live_until=NOW)
    assert ended.next_step(NOW) is Command.FORGET
    assert (
        replace(ended, state=Stand.FORGOTTEN, forgotten_at=NOW).next_step(NOW) is Command.FORGET
    )  # its workbook is left
    assert replace(run, forget_at=NOW).next_step(NOW) is Command.FORGET
    run.folder.handouts.mkdir()
    assert run.next_step(NOW) is Command.VERIFY
    for state in (Stand.RUNNING, Stand.NEWER, Stand.UNREADABLE):
        assert replace(run, state=state).next_step(NOW) is None
