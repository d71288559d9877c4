"""`bulktap verify`: what the tenant says about the passes of a run."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from whole_run import USERS, Program, environment_of, live_digests

from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.pass_policy import PassPolicy
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant

if TYPE_CHECKING:
    from whole_run import Finished

    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.users import User

LATER = "2035-09-01 08:00"


def rows(count: int, **starts: str) -> list[list[str]]:
    """Return a roster of so many students; some start later."""
    return [["User", "Start"], *([user, starts.get(user.partition("@")[0], "")] for user in USERS[:count])]


@pytest.fixture
def issued(connected: Program) -> Finished:
    """A finished run for five students, the last of whom starts in a distant year."""
    roster = connected.roster(rows(5, student05=LATER))
    return connected("apply", roster, "--column", "start=Start", "--one-time", "--yes", "--json")


def user_of(tenant: Tenant, number: int) -> User:
    """Return a student."""
    found = tenant.find(USERS[number])
    assert found is not None
    return found


def test_a_run_whose_passes_are_all_there_is_as_recorded(
    connected: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """No passphrase is needed, nothing is created, and the run's files stay as they are."""
    unset = {k: v for k, v in connected.environment.items() if k != "BULKTAP_PASSPHRASE"}
    before = {path.name: path.read_bytes() for path in issued.folder.iterdir() if path.is_file()}
    attempts = len(service.truth()["attempts"])

    done = Program(connected.cwd, unset)("verify", issued.folder.name, "--json").json

    assert done["passes"] == {
        "live": 4,
        "not_yet_valid": 1,
        "used": 0,
        "expired": 0,
        "replaced": 0,
        "gone": 0,
        "disabled": 0,
        "revoked": 0,
        "unreadable": 0,
    }
    assert (done["so_far"], done["not_as_recorded"], done["run"]) == (False, [], issued.folder.name)
    assert len(service.truth()["attempts"]) == attempts
    assert {path.name: path.read_bytes() for path in issued.folder.iterdir() if path.is_file()} == before


def test_what_became_of_each_pass_is_told_and_named(
    tenant: Tenant, connected: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """Used, replaced by another administrator, deleted: exit 3, and those who lost theirs are named."""
    held = service.ask(lambda: tenant.current(user_of(tenant, 2)))
    assert held is not None
    service.ask(lambda: tenant.use_pass(user_of(tenant, 0)))
    service.ask(lambda: tenant.somebody_else_issues(user_of(tenant, 1)))
    service.ask(lambda: tenant.delete(user_of(tenant, 2), held.pass_id, "an administrator"))
    # The deleted pass is not one that a list may not show yet.
    service.ask(lambda: setattr(tenant, "clock", _shifted(tenant, minutes=20)))

    shown = connected("verify", issued.folder, code=3).out
    done = connected("verify", issued.folder, "--json", code=3).json

    assert {state: count for state, count in done["passes"].items() if count} == {
        "live": 1,
        "not_yet_valid": 1,
        "used": 1,
        "replaced": 1,
        "gone": 1,
    }
    assert {(one["user"], one["state"]) for one in done["not_as_recorded"]} == {
        (USERS[1], "replaced"),
        (USERS[2], "gone"),
    }
    assert f"{USERS[1]}: replaced by a later pass (another pass of " in shown
    assert f"{USERS[2]}: gone" in shown
    assert USERS[0] not in shown


def _shifted(tenant: Tenant, **by: int) -> object:
    clock = tenant.clock
    return lambda: clock() + timedelta(**by)


def test_passes_that_have_run_out_are_as_recorded(
    tenant: Tenant, connected: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """By the service's clock, whatever the machine's own says."""
    service.ask(lambda: setattr(tenant, "clock", _shifted(tenant, days=3)))

    done = connected("verify", issued.folder, "--json").json

    assert (done["passes"]["expired"], done["passes"]["not_yet_valid"]) == (4, 1)


def test_passes_that_the_policy_disables_are_told(
    tenant: Tenant, connected: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """Somebody switched the method off: none of them works, and the exit code says so."""
    service.ask(lambda: setattr(tenant, "policy", PassPolicy(enabled=False)))

    done = connected("verify", issued.folder, "--json", code=3).json

    assert done["passes"]["disabled"] == 5


def test_more_than_twenty_are_counted_and_not_all_named(program: Program) -> None:
    """The screen stays readable; the JSON object has them all."""
    users = [f"u{number:02d}@contoso.com" for number in range(30)]
    tenant = seed_tenant([SeedUser(upn=user) for user in users])
    with EmbeddedSimulator(tenant, SimulatorOptions()) as service:
        connected = Program(program.cwd, {**program.environment, **environment_of(service)})
        done = connected("apply", connected.roster([["User"], *([user] for user in users)]), "--yes", "--json")
        for user in users:
            service.ask(lambda user=user: tenant.somebody_else_issues(tenant.find(user)))  # type: ignore[misc]

        shown = connected("verify", done.folder, code=3).out
        told = connected("verify", done.folder, "--json", code=3).json

    assert shown.count("replaced by a later pass (") == 20
    assert "and 10 more" in shown
    assert len(told["not_as_recorded"]) == 30


def test_an_app_that_may_not_list_passes_is_exit_5(
    tenant: Tenant, connected: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """Nothing can be said, and the permission is named."""
    fewer = replace(tenant.registration, permissions=frozenset({"User.Read.All"}))
    service.ask(lambda: setattr(tenant, "registration", fewer))

    error = connected("verify", issued.folder, "--json", code=5).json["error"]

    assert "UserAuthMethod-TAP" in error["hint"]


def test_the_run_of_another_tenant_is_refused(connected: Program, issued: Finished) -> None:
    """Its users may exist there too, and everything would seem to be gone."""
    elsewhere = seed_tenant([SeedUser(upn=user) for user in USERS], name="Fabrikam")
    with EmbeddedSimulator(elsewhere, SimulatorOptions()) as other:
        there = Program(connected.cwd, {**connected.environment, **environment_of(other)})
        error = there("verify", issued.folder, "--json", code=8).json["error"]

    assert "belongs to tenant" in error["message"]


def test_a_run_that_was_planned_only_has_nothing_to_verify(connected: Program) -> None:
    """Exit 8, before anybody signs in."""
    planned = connected("plan", connected.roster(rows(2)), "--json")

    error = connected("verify", planned.folder, "--json", code=8, AZURE_CLIENT_SECRET="").json["error"]

    assert "planned only" in error["message"]


@pytest.mark.long
@pytest.mark.parametrize("left", [("results.xlsx", "run.json"), ("results.xlsx",), ("run.json",)])
@pytest.mark.parametrize("command", ["verify", "results", "resume"])
def test_a_run_whose_journal_is_gone_is_not_called_planned(
    connected: Program, issued: Finished, left: tuple[str, ...], command: str
) -> None:
    """Whatever of its results is left says that passes were issued; `runs` calls it damaged."""
    (issued.folder / "journal.db").unlink()
    for name in {"results.xlsx", "run.json"} - {*left}:
        (issued.folder / name).unlink()

    error = connected(command, issued.folder, "--json", code=12).json["error"]

    assert "is gone, although passes were issued" in error["message"]
    (listed,) = connected("runs", "--json").json["runs"]
    assert listed["state"] == "damaged"


def test_a_rehearsal_is_verified_against_its_own_tenant_and_beside_a_run_that_holds_it(program: Program) -> None:
    """The pretend tenant is looked at as it was kept, and not written to; a run that is locked is no obstacle."""
    from bulktap.storage.run_folder import RunFolder

    done = program("apply", program.roster(rows(3)), "--simulate", "--yes", "--json")
    kept = RunFolder(done.folder).simulated_tenant
    before = kept.read_bytes()

    with RunFolder(done.folder).lock():
        told = program("verify", done.folder, "--json").json

    assert told["passes"]["live"] == 3
    assert told["tenant"]["simulated"] is True
    assert kept.read_bytes() == before


def test_an_unfinished_run_is_verified_so_far(connected: Program, issued: Finished) -> None:
    """While it is compared, or after it was stopped: what has been issued is asked about."""
    from datetime import UTC, datetime

    from whole_run import PASSPHRASE

    from bulktap.journal import Journal
    from bulktap.model.run_events import Noted
    from bulktap.model.secret import Secret

    with Journal.open(issued.folder / "journal.db", Secret(PASSPHRASE)) as journal:
        journal.record([Noted(1, f"Something happened at {datetime.now(UTC)}.")])

    shown = connected("verify", issued.folder).out
    told = connected("verify", issued.folder, "--json").json

    assert "5 passes so far (the run is not finished)" in shown
    assert told["so_far"] is True
    assert json.loads((issued.folder / "run.json").read_bytes())["closed"] is True


def test_what_is_live_in_the_tenant_is_what_the_run_holds(
    connected: Program, issued: Finished, service: EmbeddedSimulator
) -> None:
    """Verifying replaced nothing."""
    before = live_digests(service)
    connected("verify", issued.folder)

    assert live_digests(service) == before
