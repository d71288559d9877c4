"""One issuing command per tenant and reports folder, one writer per run, and no lock that outlives its process."""

from __future__ import annotations

import signal
import sqlite3
import sys
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from harness.operators import PASSPHRASE
from harness.processes import wait_until
from harness.scene import APPLY, QUICK, RESUME, scene

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot stop a process in the middle"),
]


def test_others_are_kept_out_while_a_run_is_alive_and_let_in_when_it_was_killed(tmp_path: Path) -> None:
    """Issuing and writing are refused with 11, looking is not; after kill -9 `resume` finds no lock in its way."""
    with scene(tmp_path, 12, "--latency", "0.3") as stage:
        running = stage.begin(*QUICK)
        wait_until(lambda: stage.operator.creates_answered() > 0, 300, "the first create")
        running.send(signal.SIGSTOP)  # it stays in the middle of its work for as long as the others take
        folder = stage.folder

        looked = stage.operator.run("runs", "--json")
        with closing(sqlite3.connect(folder / "journal.db", timeout=1, isolation_level=None)) as committing:
            with suppress(sqlite3.OperationalError):  # the stopped process may be in the middle of a commit itself
                committing.execute("BEGIN EXCLUSIVE")
            looked_while_busy = stage.operator.run("runs", "--json")
        refused = {
            name: stage.operator.run(*arguments)
            for name, arguments in {
                "apply": APPLY,
                "resume": (*RESUME, folder.name),
                "results": ("results", folder.name),
            }.items()
        }
        running.kill()

        assert {name: ended.exit_code for name, ended in refused.items()} == dict.fromkeys(refused, 11)
        assert [looked.exit_code, looked_while_busy.exit_code] == [0, 0]
        assert [one["state"] for one in looked_while_busy.json["runs"]] == ["running"]
        assert [(one["run"], one["state"]) for one in looked.json["runs"]] == [(folder.name, "running")]
        assert stage.operator.run("runs", "--json").json["runs"][0]["state"] == "unfinished"

        again = stage.operator.run(*APPLY)
        assert again.exit_code == 6, "an unfinished run with the same users stands in the way"
        assert f"bulktap resume {folder.name}" in again.err

        resumed = stage.resume(*QUICK)
        assert resumed.exit_code == 0, resumed.err
        assert f"Resuming {folder.name}." in resumed.err
        assert stage.violations() == []
        assert stage.operator.run("runs", "--json").json["runs"][0]["state"] == "finished"
        assert PASSPHRASE not in "".join(ended.err for ended in refused.values())
