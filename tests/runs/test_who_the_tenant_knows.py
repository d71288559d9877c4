"""The case list's D20, D22, D36, D39 and D40: what only the tenant can say of a user, through the whole program."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from whole_run import USERS, Program, environment_of

from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant
from bulktap.simulator.users import User

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.simulator.tenant import Tenant

GUEST = "anna_adatum.com#EXT#@contoso.onmicrosoft.com"
INTERNAL = "intern@contoso.com"
NOBODY = "9f1e2d3c-0b4a-4c6d-8e7f-9a0b1c2d3e4f"


@pytest.fixture
def tenant() -> Tenant:
    """A dozen students, a guest of another organisation, and a guest with an account of the tenant."""
    made = seed_tenant([SeedUser(upn=user) for user in USERS])
    made.add_user(User("00000000-0000-4000-8000-000000000001", GUEST, "Anna", user_type="Guest", external=True))
    made.add_user(User("00000000-0000-4000-8000-000000000002", INTERNAL, "Ina", user_type="Guest"))
    return made


@pytest.fixture
def connected(program: Program, tenant: Tenant) -> Iterator[Program]:
    """The program with sign-in settings for that tenant."""
    with EmbeddedSimulator(tenant, SimulatorOptions()) as service:
        yield Program(program.cwd, {**program.environment, **environment_of(service)})


def planned(program: Program, rows: list[list[str]], code: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the rows of the plan, and its notes."""
    done = program("plan", program.roster(rows), "--json", code=code)
    plan = json.loads((done.folder / "plan.json").read_bytes())
    return plan["rows"], plan.get("notes", [])


# cells of the user; what becomes of each, and the gist of the first sentence
CASES = {
    "D20 a guest of another organisation": ([GUEST], "refuse", "user-external-guest", "another organisation"),
    "D20 the same in capitals": ([GUEST.upper()], "refuse", "user-external-guest", "another organisation"),
    "D20 a guest with an account of the tenant": ([INTERNAL], "issue", "user-guest", "guest"),
    "D22 the id of a device, a group or an app": ([NOBODY], "refuse", "user-not-found", "object id"),
    "D22 the same in braces and capitals": (["{" + NOBODY.upper() + "}"], "refuse", "user-not-found", "object id"),
    "D39 an address of nobody": (["chris@contoso.com"], "refuse", "user-not-found", "no user"),
    "D39 a name of another tenant": (["chris@fabrikam.com"], "refuse", "user-not-found", "no user"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_the_look_up_says(connected: Program, name: str) -> None:
    """The row says it, and its neighbours get their passes."""
    cells, action, code, gist = CASES[name]
    others = [[user] for user in USERS[:6]]
    rows, _ = planned(connected, [["User"], *others, *([cell] for cell in cells)], 3 if action == "refuse" else 0)
    row = rows[-1]
    assert row["action"] == action
    assert code in {problem["code"] for problem in row["problems"]}
    said = " ".join(f"{problem['message']} {problem['hint']}" for problem in row["problems"])
    assert gist.casefold() in said.casefold(), said
    assert {one["action"] for one in rows[:-1]} == {"issue"}


NAMES = [f"{given} {family}" for given in ("Anna", "Ben", "Cara", "Dev") for family in ("Berg", "Holt", "Rao")]
OFFICE = USERS[11]
OTHERS = [[user, "", ""] for user in USERS[:6]]
# rows of the office's address; exit code; what is said
SHARED = {
    "a dozen without names": ([[OFFICE, "", "7A"] for _ in NAMES], 4, "that is one account, not 12"),
    "six without names": ([[OFFICE, "", "7A"] for _ in range(6)], 0, "6 rows share"),
    "a dozen with names": ([[OFFICE, name, "7A"] for name in NAMES], 3, "to different people"),
    "a dozen lines of one person": ([[OFFICE, "Anna Berg", f"Course {place}"] for place in range(12)], 0, ""),
    "four without names": ([[OFFICE, "", "7A"] for _ in range(4)], 0, ""),
}


@pytest.mark.parametrize("name", SHARED)
def test_an_account_that_fills_many_rows(connected: Program, name: str) -> None:
    """D36: it is one account; a few rows are told, a good part of the roster is asked about, names refuse."""
    rows, code, said = SHARED[name]
    roster = connected.roster([["User", "Full name", "Class"], *OTHERS, *rows])
    done = connected("plan", roster, "--names", "accept", code=code)
    told = " ".join(done.err.split())
    assert said in told
    assert ("that is one account" in told) == (code == 4 or "six" in name)
    if code == 4:
        assert "--accept shared-account" in told
        settled = connected("plan", roster, "--accept", "shared-account", "--json").json["plan"]
        assert (settled["issue"], settled["merge"]) == (7, 11)


def test_a_line_for_each_course_of_each_person_is_nothing_odd(connected: Program) -> None:
    """Where everybody is in many rows, nobody's account is a filler."""
    roster = connected.roster([["User", "Course"], *([user, f"C{place}"] for user in USERS[:3] for place in range(12))])
    done = connected("plan", roster)
    assert "that is one account" not in done.err


@pytest.mark.long
@pytest.mark.parametrize("by_id", [False, True])
def test_the_account_that_has_signed_in_gets_none(program: Program, tenant: Tenant, by_id: bool) -> None:
    """D40: it is known when the plan is made, before anything is sent, whichever way the row names it."""
    tenant.registration = replace(tenant.registration, operator=USERS[2])
    named = next(user.object_id for user in tenant.users.values() if user.upn == USERS[2]) if by_id else USERS[2]
    with EmbeddedSimulator(tenant, SimulatorOptions()) as service:
        settings = {name: value for name, value in environment_of(service).items() if name != "AZURE_CLIENT_SECRET"}
        person = Program(program.cwd, {**program.environment, **settings})
        done = person(
            "plan", person.roster([["User"], [USERS[0]], [named]]), "--sign-in", "device-code", "--json", code=3
        )
    rows = json.loads((done.folder / "plan.json").read_bytes())["rows"]
    assert [row["action"] for row in rows] == ["issue", "refuse"]
    assert rows[1]["problems"][0]["code"] == "user-self"
    assert "nobody can create a pass for themselves" in rows[1]["problems"][0]["message"]
