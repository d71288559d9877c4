"""Journals that are old, damaged or opened wrongly, and runs whose plan or tenant is another one."""

from __future__ import annotations

import json
import signal
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest
from harness.handed_out import read_plan, read_workbook
from harness.invariants import find_violations
from harness.operators import PASSPHRASE
from harness.processes import wait_until
from harness.scene import APPLY, IN_FLIGHT, QUICK, RESUME, SLOWLY, Scene, scene

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = 12
OTHER_TENANT = "99999999-9999-4999-8999-999999999999"


@contextmanager
def stopped_run(root: Path) -> Iterator[Scene]:
    """Open a scene whose run was stopped after its first passes, with a workbook."""
    with scene(root, ROWS, "--latency", "0.05") as stage:
        running = stage.begin(*QUICK, *SLOWLY)
        wait_until(lambda: stage.operator.creates_answered() >= 2, 300, "two creates")
        running.send(signal.SIGINT)
        assert running.ends().exit_code == 130
        stopped = stage.workbook()
        assert stopped.passes
        assert "Not sent" in {one.reason for one in stopped.left_out}
        yield stage


def test_an_older_copy_of_the_journal_is_refused_and_kills_nothing(tmp_path: Path) -> None:
    """run.json and the workbook give it away; without both, `resume` lists first and leaves what it does not know."""
    with stopped_run(tmp_path) as stage:
        folder, journal = stage.folder, stage.folder / "journal.db"
        old = journal.read_bytes()
        assert stage.resume(*QUICK).exit_code == 0
        newest, truth = stage.workbook(), stage.tenant.truth()

        journal.write_bytes(old)
        refused = stage.resume(folder.name, *QUICK)
        assert refused.exit_code == 12
        assert "older copy" in refused.err
        assert stage.tenant.truth().users == truth.users

        (folder / "run.json").unlink()
        assert stage.resume(folder.name, *QUICK).exit_code == 12
        assert stage.workbook() == newest

        (folder / "results.xlsx").unlink()
        resumed = stage.resume(folder.name, *QUICK)
        assert resumed.exit_code == 3, resumed.err
        assert stage.tenant.truth().users == truth.users, "passes were issued that a workbook holds already"
        assert find_violations(
            stage.tenant.truth(), read_plan(folder / "plan.json"), newest, in_flight=IN_FLIGHT
        ) == []  # fmt: skip
        assert stage.violations(doubts_may_be_ours=True) == []


def damage(journal: Path, pass_id: str) -> None:
    """Flip one bit in the sealed passcode of a pass, in the middle of the file."""
    with closing(sqlite3.connect(journal)) as database:
        query = "SELECT sealed FROM record WHERE kind = 'issued' AND public LIKE ?"
        (sealed,) = database.execute(query, (f"%{pass_id}%",)).fetchone()
    data = bytearray(journal.read_bytes())
    data[data.index(sealed) + len(sealed) // 2] ^= 1
    journal.write_bytes(data)


def test_a_damaged_journal_gives_back_every_passcode_that_is_intact(tmp_path: Path) -> None:
    """`resume` refuses, `results` saves what can be saved, and the workbook that was there is kept."""
    with stopped_run(tmp_path) as stage:
        folder, before = stage.folder, stage.workbook()
        damage(folder / "journal.db", before.passes[0].pass_id)

        refused = stage.resume(folder.name, *QUICK)
        assert refused.exit_code == 12
        assert "bulktap results" in refused.err
        assert stage.workbook() == before

        rescued = stage.operator.run("results", folder.name)
        assert rescued.exit_code == 12
        assert {one.passcode for one in stage.workbook().passes} == {one.passcode for one in before.passes[1:]}
        (kept,) = (path for path in folder.glob("results*.xlsx") if path.name != "results.xlsx")
        assert read_workbook(kept, PASSPHRASE) == before
        assert stage.leaks() == []


def test_passcodes_are_saved_although_the_plan_in_the_journal_is_damaged(tmp_path: Path) -> None:
    """plan.json says whose they are, with the roster's own columns where the roster is still there."""
    with stopped_run(tmp_path) as stage:
        folder, before = stage.folder, stage.workbook()
        with closing(sqlite3.connect(folder / "journal.db")) as database:
            (archive,) = database.execute("SELECT sealed FROM record WHERE number = 1").fetchone()
        data = bytearray((folder / "journal.db").read_bytes())
        data[data.index(archive[:64]) + 32] ^= 1
        (folder / "journal.db").write_bytes(data)
        (folder / "results.xlsx").unlink()

        for roster_is_there in (True, False):
            if not roster_is_there:
                (folder.parent.parent / "roster.csv").unlink()
            rescued = stage.operator.run("results", folder.name)
            assert rescued.exit_code == 12
            assert "archive" in rescued.err
            assert "A backup of the journal may hold the rest." in rescued.err
            assert stage.workbook() == before

        (folder / "plan.json").rename(folder / "put-aside.json")
        refused = stage.operator.run("results", folder.name)
        assert refused.exit_code == 12
        assert "plan.json" in refused.err


def test_an_unfinished_run_whose_journal_is_damaged_holds_up_a_new_one(tmp_path: Path) -> None:
    """What it held cannot be known, so that nobody's pass is replaced before somebody has looked into it."""
    with stopped_run(tmp_path) as stage:
        folder, attempts = stage.folder, stage.tenant.truth().attempts
        journal = folder / "journal.db"
        journal.write_bytes(journal.read_bytes()[: journal.stat().st_size // 2])

        stopped = stage.operator.run(*APPLY, "--existing", "replace")
        assert stopped.exit_code == 6, stopped.err
        assert f"bulktap results {folder.name}" in stopped.err
        assert stage.tenant.truth().attempts == attempts
        assert "damaged" in stage.operator.run("runs").out
        assert stage.resume(*QUICK).exit_code == 12


def test_a_run_whose_journal_is_gone_is_not_taken_for_one_that_was_never_carried_out(tmp_path: Path) -> None:
    """Its workbook tells that passes were issued, and is not written over."""
    with stopped_run(tmp_path) as stage:
        folder, attempts, before = stage.folder, stage.tenant.truth().attempts, stage.workbook()
        (folder / "journal.db").unlink()

        for command, code in ((("resume", folder.name), 12), (("results", folder.name), 12)):
            refused = stage.operator.run(*command)
            assert refused.exit_code == code, refused.err
            assert "backup" in refused.err
        assert stage.operator.run("apply", folder.name, "--yes").exit_code == 8
        assert stage.tenant.truth().attempts == attempts
        assert stage.operator.run_folders() == [folder]
        assert read_workbook(folder / "results.xlsx", PASSPHRASE) == before


def test_a_run_is_opened_by_its_passphrase_for_its_tenant_with_its_plan_only(tmp_path: Path) -> None:
    """Each refusal has the contract's code, and none of them sends or changes anything."""
    with stopped_run(tmp_path) as stage:
        folder, attempts = stage.folder, stage.tenant.truth().attempts
        before = {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "log.jsonl"}
        wrong = "not the passphrase"
        operator, resume = stage.operator, (*RESUME, folder.name)

        assert operator.run(*resume, BULKTAP_PASSPHRASE=wrong).exit_code == 12
        assert operator.run("results", folder.name, BULKTAP_PASSPHRASE=wrong).exit_code == 12
        assert operator.run(*resume, AZURE_TENANT_ID=OTHER_TENANT).exit_code == 8
        plan = json.loads(before["plan.json"])
        plan["rows"][0]["lifetime_minutes"] = 480
        (folder / "plan.json").write_text(json.dumps(plan), "utf-8")
        refused = operator.run(*resume)
        assert refused.exit_code == 8
        assert "or delete the file: the journal holds the plan" in refused.err
        (folder / "plan.json").write_bytes(before["plan.json"])

        assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "log.jsonl"} == before
        assert stage.tenant.truth().attempts == attempts
        assert stage.resume(*QUICK).exit_code == 0
        assert stage.violations() == []


pytestmark = pytest.mark.long
