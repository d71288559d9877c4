"""What a run is, is sealed: a pretend tenant put into its folder, or taken out of it, does not change that."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from whole_run import PASSPHRASE, USERS, Program, live_digests, sheet

from bulktap.model.pass_terms import PassTerms
from bulktap.model.run_events import Sent
from bulktap.model.secret import Secret
from bulktap.operations import saved_plan
from bulktap.operations.run_journal import open_journal
from bulktap.operations.run_settings import ReadingSettings
from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from bulktap.simulator.embedded import EmbeddedSimulator

ROWS = [["User"], *([user] for user in USERS[:3])]
PRETENDED = "simulated-tenant.jsonl"


def begin(run: Path) -> Path:
    """Let the run's first request leave, and its process vanish."""
    folder = RunFolder(run)
    plan = saved_plan.load_with_roster(folder, ReadingSettings()).plan
    now = datetime.now(UTC)
    with open_journal(plan, folder, Secret(PASSPHRASE), now) as journal:
        journal.record([Sent(1, now, PassTerms(None, 60, False), "4b0c")])
    return run


@pytest.fixture
def pretended(program: Program, service: EmbeddedSimulator) -> bytes:
    """The file of a pretend tenant that calls itself by the id of the one that is served here."""
    folder = program("plan", program.roster(ROWS, "other.csv"), "--simulate", "--json").folder
    first, *rest = RunFolder(folder).simulated_tenant.read_text("utf-8").splitlines()
    tenant = json.loads(first)
    tenant["tenant"]["id"] = service.tenant_id
    return ("\n".join([json.dumps(tenant), *rest]) + "\n").encode()


@pytest.mark.parametrize("command", ["apply", "resume", "results"])
def test_a_pretend_tenant_that_was_put_in_is_refused(
    connected: Program, service: EmbeddedSimulator, pretended: bytes, command: str
) -> None:
    """No invented passcode is handed out for real people."""
    folder = connected("plan", connected.roster(ROWS), "--json").folder
    if command != "apply":
        begin(folder)
    (folder / PRETENDED).write_bytes(pretended)
    words = ("--yes",) if command == "apply" else ()

    error = connected(command, folder, *words, "--json", code=8).json["error"]

    assert "no rehearsal" in error["message"]
    assert PRETENDED in error["hint"]
    assert live_digests(service) == {}
    assert (folder / PRETENDED).read_bytes() == pretended
    assert not (folder / "results.xlsx").exists()


@pytest.mark.parametrize("command", ["apply", "resume", "results"])
def test_a_rehearsal_whose_tenant_was_taken_out_is_refused(
    connected: Program, service: EmbeddedSimulator, command: str
) -> None:
    """It never signs in to the tenant that the environment names."""
    folder = connected("plan", connected.roster(ROWS), "--simulate", "--json").folder
    if command != "apply":
        begin(folder)
    RunFolder(folder).simulated_tenant.unlink()
    words = ("--yes",) if command == "apply" else ()

    error = connected(command, folder, *words, "--json", code=8).json["error"]

    assert "is a rehearsal" in error["message"]
    assert live_digests(service) == {}
    assert service.statistics()["token_requests"] == 0


def test_the_tenant_of_another_rehearsal_is_refused(program: Program) -> None:
    """Its passes are other people's inventions."""
    mine = program("plan", program.roster(ROWS), "--simulate", "--json").folder
    other = program("plan", program.roster(ROWS, "other.csv"), "--simulate", "--json").folder
    RunFolder(mine).simulated_tenant.write_bytes(RunFolder(other).simulated_tenant.read_bytes())

    assert "is for tenant" in program("apply", mine, "--yes", "--json", code=8).json["error"]["message"]


def test_a_plan_of_a_pretend_tenant_is_not_carried_out_in_a_real_one(connected: Program) -> None:
    """An address that leads somewhere else than the plan's own is refused before anybody signs in."""
    folder = connected("plan", connected.roster(ROWS), "--json").folder
    elsewhere = {"BULKTAP_GRAPH_URL": "https://graph.microsoft.com", "BULKTAP_AUTHORITY_URL": ""}

    error = connected("apply", folder, "--yes", "--json", code=8, **elsewhere).json["error"]

    assert "for a pretend one on this machine" in error["message"]


def test_a_rehearsal_that_nobody_touched_goes_on(program: Program) -> None:
    """Planned, carried out, and its results written again."""
    folder = program("plan", program.roster(ROWS), "--simulate", "--json").folder
    program("apply", folder, "--yes")
    (folder / "results.xlsx").unlink()
    program("results", folder)

    assert len(sheet(folder)) == 3
