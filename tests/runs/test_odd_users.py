"""One odd user never holds up the others: whole runs against a pretend tenant with users of every odd kind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from whole_run import USERS, Program, environment_of, report, sheet

from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant
from bulktap.simulator.users import User

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bulktap.simulator.tenant import Tenant

    Served = Callable[[Tenant], Program]


@pytest.fixture
def served(program: Program) -> Iterator[Served]:
    """Return a way to serve a tenant and get the program with sign-in settings for it."""
    running: list[EmbeddedSimulator] = []

    def serve(tenant: Tenant) -> Program:
        service = EmbeddedSimulator(tenant, SimulatorOptions())
        running.append(service)
        service.__enter__()
        return Program(program.cwd, {**program.environment, **environment_of(service)})

    yield serve
    for service in running:
        service.__exit__(None, None, None)


def person(number: int, **members: Any) -> User:
    """Return one more user of the tenant."""
    return User(f"00000000-0000-4000-8000-{number:012d}", f"odd{number:02d}@contoso.com", f"Odd {number}", **members)


def test_administrators_at_the_head_of_the_roster_are_their_own_rows_errors(served: Served) -> None:
    """Their passes may not be listed; the students behind them get theirs, and nobody is told to grant anything."""
    tenant = seed_tenant([SeedUser(upn=user) for user in USERS])
    admins = [person(number, protected=True) for number in range(1, 26)]
    for admin in admins:
        tenant.add_user(admin)
    connected = served(tenant)
    roster = connected.roster([["User"], *([user.upn] for user in admins), *([user] for user in USERS)])

    done = connected("apply", roster, "--yes", "--json", code=3)

    assert done.json["counts"]["issued"] == len(USERS)
    errors = report(done.folder)
    assert len(errors) == len(admins)
    assert {row["Error code"] for row in errors} == {"refused-not-permitted"}
    assert all("administrator" in row["Error"] for row in errors)
    assert not any(row["How to fix"].startswith("Grant") for row in errors)


@pytest.mark.long
@pytest.mark.parametrize("unknown", [1, 2])
def test_a_user_who_was_just_created_gets_a_pass(served: Served, unknown: int) -> None:
    """The authentication service does not know them for the first seconds: they are asked about again."""
    tenant = seed_tenant([SeedUser(upn=user) for user in USERS])
    new = person(1, unknown_attempts=unknown)
    tenant.add_user(new)
    connected = served(tenant)

    done = connected("apply", connected.roster([["User"], [new.upn], [USERS[0]]]), "--yes", "--json")

    assert {row["User"] for row in sheet(done.folder)} == {new.upn, USERS[0]}


def test_the_log_has_what_microsofts_support_asks_for(served: Served) -> None:
    """Both request ids, status and time of each batch; status, code and row of each step that failed."""
    tenant = seed_tenant([SeedUser(upn=user) for user in USERS])
    connected = served(tenant)
    roster = connected.roster([["User"], [USERS[0]], ["nobody@contoso.com"], [USERS[1]]])

    done = connected("plan", roster, "--json", code=3)

    lines = (done.folder / "log.jsonl").read_text("utf-8").splitlines()
    batches = [event for event in map(json.loads, lines) if event["event"] == "batch"]
    assert all(batch["status"] == 200 and batch["seconds"] >= 0 for batch in batches)
    assert all(len(batch["request_id"]) == len(batch["client_request_id"]) == 36 for batch in batches)
    assert [(step["row"], step["status"], step["code"]) for batch in batches for step in batch["failed"]] == [
        (3, 404, "Request_ResourceNotFound")
    ]
    assert "contoso.com" not in "".join(lines)
