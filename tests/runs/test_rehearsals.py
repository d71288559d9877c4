"""Rehearsals of one roster: what one issued is there in the next, and each run finds its tenant again."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from whole_run import SAMPLES, USERS, sheet

from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from whole_run import Finished, Program

pytestmark = pytest.mark.long  # whole runs, a process for each command

COUNT = 3


def roster(program: Program, count: int = COUNT, name: str = "roster.csv") -> Path:
    """Write a roster of so many people."""
    return program.roster([["User"], *([user] for user in USERS[:count])], name)


def rehearse(program: Program, path: Path, *options: str, code: int = 0) -> Finished:
    """Rehearse an apply."""
    words = options if any(word.startswith("--simulate-") for word in options) else ("--simulate", *options)
    return program("apply", path, *words, "--yes", "--json", code=code)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), {"skipped": COUNT, "issued": 0}),
        (("--existing", "skip"), {"skipped": COUNT, "issued": 0}),
        (("--existing", "replace"), {"replaced": COUNT, "issued": 0}),
        (("--simulate-fresh",), {"issued": COUNT, "skipped": 0}),
        (("--simulate", "--simulate-weather", "lag"), {"skipped": COUNT, "issued": 0}),
    ],
)
def test_a_second_run_is_rehearsed_after_the_first(
    program: Program, options: tuple[str, ...], expected: dict[str, int]
) -> None:
    """Whoever has a pass is left alone or gets another; a tenant that is begun anew knows of nothing."""
    path = roster(program)
    rehearse(program, path)

    counts = rehearse(program, path, *options).json["counts"]

    assert {name: counts[name] for name in expected} == expected


def test_whoever_is_new_in_the_roster_is_in_the_tenant_too(program: Program) -> None:
    """The others keep their passes."""
    rehearse(program, roster(program))

    counts = rehearse(program, roster(program, COUNT + 2)).json["counts"]

    assert (counts["issued"], counts["skipped"]) == (2, COUNT)


def test_each_roster_and_each_reports_folder_has_a_tenant_of_its_own(program: Program) -> None:
    """Also two rosters of one name in two folders."""
    path = roster(program)
    elsewhere = program.cwd / "other" / path.name
    elsewhere.parent.mkdir()
    shutil.copy(path, elsewhere)
    rehearse(program, path)

    for other, options in ((elsewhere, ()), (path, ("--reports", "others")), (roster(program, name="b.csv"), ())):
        assert rehearse(program, other, *options).json["counts"]["issued"] == COUNT


def test_plans_and_runs_find_their_tenant_again(program: Program) -> None:
    """Also after another one was begun anew for the same roster; its passes are those that the run issued."""
    path = roster(program)
    first = rehearse(program, path)
    planned = program("plan", path, "--simulate", "--existing", "replace", "--json")
    fresh = rehearse(program, path, "--simulate-fresh")

    carried_out = program("apply", planned.folder, "--yes", "--json")

    assert carried_out.json["counts"]["replaced"] == COUNT
    assert program("verify", first.folder, "--json", code=3).json["passes"]["replaced"] == COUNT
    for run in (carried_out, fresh):
        assert program("verify", run.folder, "--json").json["passes"]["live"] == COUNT
    assert program("resume", first.folder, "--json").json["counts"]["issued"] == COUNT


def test_a_rehearsal_of_an_earlier_version_is_found_in_its_own_folder(program: Program) -> None:
    """It kept its tenant there."""
    run = rehearse(program, roster(program)).folder
    RunFolder(run).simulated_tenant.rename(run / "simulated-tenant.jsonl")
    (run / "simulated-tenant").unlink()

    assert program("verify", run, "--json").json["passes"]["live"] == COUNT
    assert program("resume", run, "--json").json["counts"]["issued"] == COUNT


def test_two_rehearsals_of_one_roster_do_not_run_at_once(program: Program) -> None:
    """The second is told to wait, and leaves the tenant as it is; another roster's goes on."""
    path = roster(program)
    run = RunFolder(rehearse(program, path).folder)
    before = run.simulated_tenant.read_bytes()

    with run.hold_simulated_tenant():
        rehearse(program, path, code=11)
        program("plan", path, "--simulate", code=11)
        program("verify", run.path)
        rehearse(program, roster(program, name="b.csv"))

    assert run.simulated_tenant.read_bytes() == before


@pytest.mark.parametrize("name", ["../../elsewhere", "roster-000000000000", "", "x\ny", "." * 4000])
def test_a_name_that_was_planted_leads_nowhere(program: Program, name: str) -> None:
    """Nothing outside the place of pretend tenants is opened; the run is refused."""
    run = rehearse(program, roster(program)).folder
    (run / "simulated-tenant").write_text(name, "ascii")

    assert "pretend tenant" in program("resume", run, code=8).err


def test_a_pretend_tenant_is_private_and_holds_no_passcode(program: Program) -> None:
    """As a run's folder."""
    run = rehearse(program, roster(program)).folder
    kept = RunFolder(run).simulated_tenant

    modes = [path.stat().st_mode & 0o777 for path in (kept.parent, kept)]
    assert sys.platform == "win32" or modes == [0o700, 0o600]
    assert not any(row["Temporary Access Pass"] in kept.read_text("utf-8") for row in sheet(run))
    assert RunFolder(run).simulated_tenant.is_relative_to(program.cwd / "reports" / ".simulated")


def test_a_tenant_file_that_was_changed_is_another_tenant(program: Program) -> None:
    """What somebody writes into it counts, not what an earlier rehearsal made of it."""
    path, tenant = roster(program), program.cwd / "tenant.json"
    tenant.write_text(json.dumps({"users": [{"userPrincipalName": user} for user in USERS[:COUNT]]}), "utf-8")
    options = ("--simulate-tenant", str(tenant))

    assert rehearse(program, path, *options).json["counts"]["issued"] == COUNT
    assert rehearse(program, path, *options).json["counts"]["skipped"] == COUNT
    tenant.write_text(json.dumps({"users": [{"userPrincipalName": user} for user in USERS[:2]]}), "utf-8")
    assert rehearse(program, path, *options, code=3).json["counts"]["issued"] == 2


@pytest.mark.parametrize("sample", ["student-onboarding.xlsx", "device-refresh.csv"])
def test_the_tenant_of_the_samples_has_their_users(program: Program, sample: str) -> None:
    """What README's simulator serves is good for README's rosters."""
    shutil.copy(SAMPLES / sample, program.cwd)

    counts = program(
        "plan", program.cwd / sample, "--simulate-tenant", SAMPLES / "tenant.json", "--json", code=None
    ).json["counts"]

    assert counts["not_sent"] in {60, 22}  # the students, and the devices that have a user
