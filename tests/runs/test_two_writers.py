"""One command of a user issues for a tenant at a time, whichever reports folders are named, and copies are noticed."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from whole_run import PASSPHRASE, USERS, Program, live_digests

from bulktap.model.pass_terms import PassTerms
from bulktap.model.run_events import Sent
from bulktap.model.secret import Secret
from bulktap.operations import saved_plan
from bulktap.operations.run_journal import open_journal
from bulktap.operations.run_settings import ReadingSettings
from bulktap.operations.user_place import UserPlace
from bulktap.storage.run_folder import RunFolder, tenant_lock

if TYPE_CHECKING:
    from bulktap.simulator.embedded import EmbeddedSimulator

ROWS = [["User"], *([user] for user in USERS[:3])]
QUICK = ("--reply-timeout", "500ms", "--settle-wait", "500ms")


def begin(run: Path) -> Path:
    """Let the run's first request leave, and its process vanish."""
    folder = RunFolder(run)
    plan = saved_plan.load_with_roster(folder, ReadingSettings()).plan
    now = datetime.now(UTC)
    with open_journal(plan, folder, Secret(PASSPHRASE), now) as journal:
        journal.record([Sent(1, now, PassTerms(None, 60, False), "4b0c")])
    return run


def shared(program: Program) -> Path:
    """Return where the program keeps what its user's commands share."""
    return Path(program.environment["XDG_STATE_HOME"]) / "bulktap"


@pytest.mark.long
@pytest.mark.parametrize("command", ["apply", "apply RUN", "resume"])
@pytest.mark.parametrize("held", ["user", "reports", "own"])
def test_every_issuing_command_guards_the_same_places(
    connected: Program, service: EmbeddedSimulator, command: str, held: str
) -> None:
    """The user's own on this machine, the folder named by --reports, and the one in which the run is."""
    elsewhere, reports = connected.cwd / "elsewhere", connected.cwd / "reports-2"
    reports.mkdir()
    roster = connected.roster(ROWS)
    folder = connected("plan", roster, "--reports", reports if command == "apply" else elsewhere, "--json").folder
    if command == "resume":
        begin(folder)
    places = {"reports": reports, "own": folder.parent}
    place = UserPlace(shared(connected))
    lock = place.lock(service.tenant_id) if held == "user" else tenant_lock(places[held], service.tenant_id)
    words = {"apply": ("apply", roster, "--yes"), "apply RUN": ("apply", folder, "--yes"), "resume": ("resume", folder)}

    with lock:
        connected(*words[command], "--reports", reports, "--json", code=11)

    assert live_digests(service) == {}


def test_rehearsals_hold_nobody_up(program: Program, service: EmbeddedSimulator) -> None:
    """Each has its own pretend tenant, also one that calls itself like a tenant that is in use."""
    tenant = program.cwd / "tenant.json"
    tenant.write_text(f'{{"tenant": {{"id": "{service.tenant_id}"}}, "users": []}}', "utf-8")

    with UserPlace(shared(program)).lock(service.tenant_id):
        program("apply", program.roster(ROWS), "--simulate", "--yes")
        program(
            "apply", program.roster(ROWS), "--simulate-tenant", tenant, "--yes", "--accept", "users-unknown", code=3
        )

    assert not list((shared(program) / "runs").glob("*"))


def test_where_the_users_place_cannot_be_written_the_run_goes_on_and_says_so(
    connected: Program, service: EmbeddedSimulator
) -> None:
    """The lock of the reports folder is there still."""
    shared(connected).parent.mkdir(parents=True)
    shared(connected).write_text("a file where the folder should be", "ascii")

    done = connected("apply", connected.roster(ROWS), "--yes")

    assert "cannot be written" in done.err
    assert len(live_digests(service)) == 3


def test_an_unfinished_run_in_another_reports_folder_is_noticed(connected: Program, service: EmbeddedSimulator) -> None:
    """Once a run issued there, its neighbours count, whatever --reports says now."""
    roster = connected.roster(ROWS)
    connected("apply", connected.roster([["User"], [USERS[9]]], "one.csv"), "--reports", "first", "--yes")
    unfinished = begin(connected("plan", roster, "--reports", "first", "--json").folder)

    error = connected("apply", roster, "--reports", "second", "--yes", "--json", code=6).json["error"]

    assert unfinished.name in error["message"]
    assert "first" in error["hint"]
    assert set(live_digests(service)) == {USERS[9]}


def test_a_copied_run_goes_on_in_one_of_its_folders_only(connected: Program, service: EmbeddedSimulator) -> None:
    """The one that lags behind would take the other's passes for lost ones, and kill them."""
    original = begin(connected("plan", connected.roster(ROWS), "--json").folder)
    copy = connected.cwd / "copy" / original.name
    shutil.copytree(original, copy)
    connected("resume", original, *QUICK)
    alive = live_digests(service)

    error = connected("resume", copy, "--reports", "copy", *QUICK, "--json", code=6).json["error"]

    assert str(original) in error["message"]
    assert f"resume {original.name}" in error["hint"]
    assert live_digests(service) == alive

    connected("resume", original, *QUICK)  # the copy lacks what is known here, and is in nobody's way


def test_the_last_fifty_runs_are_remembered(tmp_path: Path) -> None:
    """The latest first; one that is gone is left out, and a note that makes no sense too."""
    place = UserPlace(tmp_path / "state")
    runs = [RunFolder(tmp_path / f"{number:03}") for number in range(60)]
    for run in runs:
        run.path.mkdir()
        place.remember(run)
    place.remember(runs[55])
    runs[59].path.rmdir()
    (tmp_path / "state" / "runs" / "nonsense").write_bytes(b"\0\xff" * 9)

    found = place.remembered()

    assert found[0] == runs[55]
    assert set(found) <= set(runs[10:59])
    assert len(found) >= 47
    assert len(list((tmp_path / "state" / "runs").iterdir())) <= 51


def test_nothing_is_remembered_where_nothing_can_be_written(tmp_path: Path) -> None:
    """That is no reason to stop."""
    (tmp_path / "state").write_text("a file", "ascii")
    place = UserPlace(tmp_path / "state")
    place.remember(RunFolder(tmp_path))

    assert place.remembered() == []
