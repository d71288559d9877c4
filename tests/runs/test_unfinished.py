"""An earlier run that is not finished stands in the way of a new one for the same people."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from whole_run import PASSPHRASE, USERS, Program, environment_of, live_digests, sheet

from bulktap.model.pass_terms import PassTerms
from bulktap.model.run_events import Sent
from bulktap.model.secret import Secret
from bulktap.operations import saved_plan
from bulktap.operations.run_journal import open_journal
from bulktap.operations.run_settings import ReadingSettings
from bulktap.results.plan_file.plan_json import plan_to_json
from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant
from bulktap.storage.run_folder import RunFolder

pytestmark = pytest.mark.long

FIRST = [["User"], *([user] for user in USERS[:3])]


@pytest.fixture
def unfinished(connected: Program) -> RunFolder:
    """A run for three students whose first request left, and whose process then vanished."""
    folder = RunFolder(connected("plan", connected.roster(FIRST, "first.csv"), "--json").folder)
    plan = saved_plan.load_with_roster(folder, ReadingSettings()).plan
    now = datetime.now(UTC)
    with open_journal(plan, folder, Secret(PASSPHRASE), now) as journal:
        journal.record([Sent(1, now, PassTerms(), "4b0c")])
    return folder


@pytest.mark.parametrize("rule", ["skip", "replace", "fail"])
def test_whoever_may_hold_a_pass_of_it_stops_a_new_run(
    connected: Program, service: EmbeddedSimulator, unfinished: RunFolder, rule: str
) -> None:
    """Exit 6 with the command that finishes it: never skipped, never replaced."""
    roster = connected.roster([["User"], [USERS[0].upper()], [USERS[7]]])

    error = connected("apply", roster, "--yes", "--existing", rule, "--json", code=6).json["error"]

    assert error["code"] == "unfinished-run"
    assert f"bulktap resume {unfinished.run}" in error["hint"]
    assert live_digests(service) == {}


def test_other_people_are_not_held_up(connected: Program, unfinished: RunFolder) -> None:
    """Those of whom the unfinished run has sent nothing, and those it does not know."""
    roster = connected.roster([["User"], [USERS[2]], [USERS[7]]])

    assert connected("apply", roster, "--yes", "--json").json["counts"]["issued"] == 2
    assert unfinished.journal.exists()


def test_another_tenant_is_not_held_up(connected: Program, unfinished: RunFolder) -> None:
    """Not even by a journal that is damaged, and although people of pretend tenants have the same ids."""
    elsewhere = seed_tenant([SeedUser(upn=user) for user in USERS], name="Fabrikam")
    with EmbeddedSimulator(elsewhere, SimulatorOptions()) as other:
        there = Program(connected.cwd, {**connected.environment, **environment_of(other)})
        roster = there.roster([["User"], [USERS[0]]])
        assert there("apply", roster, "--yes", "--json").json["counts"]["issued"] == 1

        with closing(sqlite3.connect(unfinished.journal)) as database, database:
            database.execute("DELETE FROM record WHERE number = 2")
        assert there("apply", roster, "--yes", "--existing", "replace", "--json").json["counts"]["replaced"] == 1


def test_a_run_that_was_bound_to_a_domain_is_resumed(connected: Program, service: EmbeddedSimulator) -> None:
    """Earlier versions took the tenant's name as it was given; the same name leads to it still."""
    folder = RunFolder(connected("plan", connected.roster(FIRST, "first.csv"), "--json").folder)
    plan = saved_plan.load_with_roster(folder, ReadingSettings()).plan
    plan = replace(plan, tenant=replace(plan.tenant, tenant_id="contoso.com"))
    folder.plan.write_bytes(plan_to_json(plan))
    with open_journal(plan, folder, Secret(PASSPHRASE), datetime.now(UTC)):
        pass

    connected("resume", folder.run, code=8)
    done = connected("resume", folder.run, "--json", AZURE_TENANT_ID="contoso.com")

    assert done.json["counts"]["issued"] == len(live_digests(service)) == 3


def test_it_is_listed_as_unfinished_and_resume_finds_it_by_itself(
    connected: Program, service: EmbeddedSimulator, unfinished: RunFolder
) -> None:
    """The request that left was never carried out: after the wait all three get their passes."""
    assert connected("runs", "--json").json["runs"][0]["state"] == "unfinished"

    done = connected("resume", "--reply-timeout", "500ms", "--settle-wait", "500ms", "--json")

    assert f"Resuming {unfinished.run}" in done.err
    assert done.json["counts"]["issued"] == 3
    assert set(live_digests(service)) == set(USERS[:3])


def test_after_it_was_resumed_nothing_is_in_the_way(connected: Program, unfinished: RunFolder) -> None:
    """A finished run only counts as passes that exist."""
    connected("resume", unfinished.run, "--reply-timeout", "500ms", "--settle-wait", "500ms")

    again = connected("apply", connected.roster(FIRST), "--yes", "--json")

    assert again.json["counts"]["skipped"] == 3


def test_a_run_that_was_cut_off_before_its_workbook_was_written_is_unfinished(connected: Program) -> None:
    """Every row has its pass, but nobody has the passcodes yet: `resume` writes them."""
    done = connected("apply", connected.roster(FIRST), "--yes", "--json")
    (done.folder / "results.xlsx").unlink()
    (done.folder / "run.json").unlink()

    assert connected("runs", "--json").json["runs"][0]["state"] == "unfinished"
    connected("resume")

    assert len(sheet(done.folder)) == 3
    assert connected("runs", "--json").json["runs"][0]["state"] == "finished"


def test_a_workbook_that_knows_more_than_the_journal_is_never_overwritten(
    connected: Program, service: EmbeddedSimulator, unfinished: RunFolder
) -> None:
    """An older copy of the journal, put back, is refused even without run.json, and the workbook is kept."""
    older = unfinished.journal.read_bytes()
    quick = ("--reply-timeout", "500ms", "--settle-wait", "500ms")
    connected("resume", *quick)
    before, alive = unfinished.workbook.read_bytes(), live_digests(service)
    unfinished.journal.write_bytes(older)
    unfinished.summary.unlink()

    connected("resume", unfinished.run, *quick, code=12)
    assert unfinished.workbook.read_bytes() == before

    connected("results", unfinished.run, code=12)
    (kept,) = unfinished.path.glob("results-kept-*.xlsx")
    assert kept.read_bytes() == before
    assert live_digests(service) == alive
