"""A plan that was signed off is carried out exactly as it stands, once, or refused with exit code 8."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from shell_words import shell_words
from whole_run import PASSPHRASE, USERS, Program, environment_of, live_digests, sheet

from bulktap.model.pass_terms import PassTerms
from bulktap.model.run_events import Sent
from bulktap.model.secret import Secret
from bulktap.operations import saved_plan
from bulktap.operations.run_journal import open_journal
from bulktap.operations.run_settings import ReadingSettings
from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant
from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [["Login", "Class"], *([user, "7a"] for user in USERS[:4])]


@pytest.fixture
def planned(connected: Program) -> Path:
    """The folder of a plan for four students, with a mapping and a lifetime of its own."""
    roster = connected.roster(ROWS)
    done = connected("plan", roster, "--column", "user=Login", "--lifetime", "2h", "--limit", "3", "--json")
    return done.folder


def refused(program: Program, folder: Path) -> dict[str, str]:
    """Return the error of an apply that is refused with exit code 8."""
    error = program("apply", folder, "--yes", "--json", code=8).json["error"]
    assert isinstance(error, dict)
    return error


def test_a_saved_plan_is_carried_out_as_it_stands(
    connected: Program, service: EmbeddedSimulator, planned: Path
) -> None:
    """By its id, from anywhere, without the options that made it."""
    done = connected("apply", planned.name, "--yes", "--json").json

    assert done["run"] == planned.name
    assert (done["counts"]["issued"], done["counts"]["skipped"]) == (3, 1)
    assert set(live_digests(service)) == set(USERS[:3])
    assert {row["Lifetime (minutes)"] for row in sheet(planned)} == {120}


def test_a_plan_is_carried_out_only_once(connected: Program, planned: Path) -> None:
    """The second time leads to the results."""
    connected("apply", planned, "--yes")

    assert "bulktap results" in refused(connected, planned)["hint"]


def test_a_plan_that_was_edited_is_refused(connected: Program, planned: Path) -> None:
    """Nobody adds a lifetime after the signature."""
    path = planned / "plan.json"
    plan = json.loads(path.read_bytes())
    plan["rows"][0]["lifetime_minutes"] = 480
    path.write_text(json.dumps(plan), "utf-8")

    assert "edited" in refused(connected, planned)["message"]


def test_a_plan_whose_roster_has_changed_or_is_gone_is_refused(connected: Program, planned: Path) -> None:
    """What was signed off was for that file and no other."""
    roster = connected.roster([*ROWS, [USERS[7], "7b"]])
    assert "has changed" in refused(connected, planned)["message"]

    roster.unlink()
    assert "cannot be read any more" in refused(connected, planned)["message"]


def test_an_expired_plan_is_refused_and_can_still_be_shown(connected: Program) -> None:
    """`--plan-valid-for` says for how long a plan stands; looking at it is always allowed."""
    folder = connected("plan", connected.roster(ROWS), "--plan-valid-for", "1ms", "--json").folder

    assert "expired" in refused(connected, folder)["message"]
    assert "4 passes would be issued" in connected("apply", folder, "--dry-run").out


def test_an_offline_plan_is_refused(connected: Program) -> None:
    """Nobody asked the tenant whose passes it would replace."""
    folder = connected("plan", connected.roster(ROWS), "--offline", "--json").folder

    assert "offline" in refused(connected, folder)["message"]


def test_a_plan_for_another_tenant_is_refused(connected: Program, planned: Path) -> None:
    """The plan is bound to the tenant that it was made for."""
    elsewhere = seed_tenant([SeedUser(upn=user) for user in USERS], name="Fabrikam")
    with EmbeddedSimulator(elsewhere, SimulatorOptions()) as other:
        assert (
            "for tenant"
            in refused(Program(connected.cwd, {**connected.environment, **environment_of(other)}), planned)["message"]
        )


def test_a_pass_that_turned_up_since_the_plan_is_left_alone(
    connected: Program, service: EmbeddedSimulator, planned: Path
) -> None:
    """Passes are listed once more before they are issued; what the plan does not name is never replaced."""
    connected("apply", connected.roster([["User"], [USERS[0]]], "helpdesk.csv"), "--yes")
    before = live_digests(service)[USERS[0]]

    done = connected("apply", planned, "--yes", "--json")

    assert live_digests(service)[USERS[0]] == before
    assert (done.json["counts"]["issued"], done.json["counts"]["skipped"]) == (2, 2)
    assert "was left alone" in str(sheet(planned, "Not issued"))


@pytest.mark.parametrize(
    "wish",
    [
        ("--limit", "1"),
        ("--only", "2"),
        ("--existing", "replace"),
        ("--lifetime", "4h"),
        ("--start", "2035-09-01 08:00"),
        ("--one-time",),
        ("--multi-use",),
        ("--ticket", "CHG0012345"),
    ],
)
def test_an_option_that_the_plan_does_not_obey_is_refused(
    connected: Program, service: EmbeddedSimulator, planned: Path, wish: tuple[str, ...]
) -> None:
    """Whoever types it means it: rather exit 2 than passes that nobody asked for."""
    error = connected("apply", planned, *wish, "--yes", "--json", code=2).json["error"]

    assert wish[0] in error["message"]
    assert live_digests(service) == {}


def test_an_option_that_says_what_the_plan_says_anyhow_is_welcome(connected: Program, planned: Path) -> None:
    """The plan was made with `--lifetime 2h --limit 3`; saying so again contradicts nothing."""
    done = connected("apply", planned, "--lifetime", "120", "--limit", "3", "--yes", "--json")

    assert done.json["counts"]["issued"] == 3


@pytest.mark.parametrize("rehearse", [("--simulate",), ("--simulate-tenant", "tenant.json")])
def test_a_plan_for_a_real_tenant_is_not_rehearsed(
    connected: Program, service: EmbeddedSimulator, planned: Path, rehearse: tuple[str, ...]
) -> None:
    """Whoever says `--simulate` does not want passes in the tenant that the plan was made for."""
    error = connected("apply", planned, *rehearse, "--yes", "--json", code=8).json["error"]

    assert "no rehearsal" in error["message"]
    assert live_digests(service) == {}


def test_a_plan_that_is_named_by_its_folder_is_guarded_by_the_runs_beside_it(
    connected: Program, service: EmbeddedSimulator
) -> None:
    """An unfinished run in the plan's own reports folder stops it, wherever `reports` is."""
    roster, elsewhere = connected.roster(ROWS), connected.cwd / "else where"
    unfinished = connected("plan", roster, "--reports", elsewhere, "--json").folder
    _begin(unfinished)
    planned = connected("plan", roster, "--reports", elsewhere)
    command = next(line for line in planned.out.splitlines() if "To carry it out" in line)

    error = connected(*shell_words(command.partition(": bulktap ")[2]), "--yes", "--json", code=6).json["error"]

    assert error["code"] == "unfinished-run"
    assert unfinished.name in error["message"]
    assert live_digests(service) == {}


def test_a_plan_from_elsewhere_is_guarded_by_the_usual_runs_too(connected: Program, service: EmbeddedSimulator) -> None:
    """A plan that came in another folder still concerns the people of the unfinished run here."""
    roster = connected.roster(ROWS)
    planned = connected("plan", roster, "--reports", connected.cwd / "inbox", "--json").folder
    unfinished = connected("plan", roster, "--json").folder
    _begin(unfinished)

    error = connected("apply", planned, "--yes", "--json", code=6).json["error"]

    assert unfinished.name in error["message"]
    assert live_digests(service) == {}


def test_a_run_that_has_lost_its_plan_file_is_not_taken_for_a_roster(connected: Program, planned: Path) -> None:
    """What is left of it says that it was carried out, named by its id or by its folder."""
    connected("apply", planned, "--yes")
    (planned / "plan.json").unlink()

    for name in (planned.name, planned):
        error = connected("apply", name, "--yes", "--json", code=8).json["error"]
        assert f"bulktap results {planned.name}" in error["hint"]


def _begin(run: Path) -> None:
    """Let the run's first request leave, and its process vanish."""
    folder = RunFolder(run)
    plan = saved_plan.load_with_roster(folder, ReadingSettings()).plan
    now = datetime.now(UTC)
    with open_journal(plan, folder, Secret(PASSPHRASE), now) as journal:
        journal.record([Sent(1, now, PassTerms(), "4b0c")])
