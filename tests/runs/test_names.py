"""A roster that names other people than the tenant does is asked about, answered once, and held against it again."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from terminal_talk import talk
from whole_run import USERS, Program, environment_of, live_digests, report

from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bulktap.simulator.tenant import Tenant

pytestmark = pytest.mark.long

PEOPLE = ("Anna Schmidt", "Bob Miller", "Chen Wei", "Dilara Kaya", "Emma Petit", "Finn de Jong")
ACCOUNTS = USERS[: len(PEOPLE)]


@pytest.fixture
def tenant() -> Tenant:
    """A tenant with half a dozen people, whose names it has in parts too."""
    seeds = []
    for user, person in zip(ACCOUNTS, PEOPLE, strict=True):
        given, _, surname = person.partition(" ")
        seeds.append(SeedUser(user, display_name=f"{surname}, {given}", given_name=given, surname=surname))
    return seed_tenant(seeds)


@pytest.fixture
def service(tenant: Tenant) -> Iterator[EmbeddedSimulator]:
    """That tenant, served over HTTPS."""
    with EmbeddedSimulator(tenant, SimulatorOptions()) as running:
        yield running


@pytest.fixture
def connected(program: Program, service: EmbeddedSimulator) -> Program:
    """The program with sign-in settings for that tenant."""
    return Program(program.cwd, {**program.environment, **environment_of(service)})


def rows(*people: str) -> list[list[str]]:
    """Return a roster in which these people have the accounts in their order."""
    return [["User principal name", "First name", "Last name"]] + [
        [account, *person.split(" ", 1)] for account, person in zip(ACCOUNTS, people, strict=False)
    ]


MOVED = rows(*PEOPLE[1:], PEOPLE[0])


def checks(folder: Path) -> list[str | None]:
    """Return how the names of each row compare, from the plan's file."""
    return [row.get("name_check") for row in json.loads((folder / "plan.json").read_bytes())["rows"]]


def test_a_roster_that_names_the_right_people_goes_through(connected: Program, service: EmbeddedSimulator) -> None:
    """Whatever the directory's way of writing names is."""
    done = connected("apply", connected.roster(rows(*PEOPLE)), "--yes", "--json")

    assert checks(done.folder) == ["agrees"] * 6
    assert len(live_digests(service)) == 6


@pytest.mark.parametrize("command", [["plan"], ["apply", "--yes"]])
def test_a_moved_column_stops_with_exit_code_4(
    connected: Program, service: EmbeddedSimulator, command: list[str]
) -> None:
    """Nothing is issued; what is asked is on standard output for programs, and the plan shows the rows."""
    done = connected(*command, connected.roster(MOVED), "--json", code=4)

    error = done.json["error"]
    assert error["message"].startswith("6 of 6 rows name somebody else than the tenant does; was the list sorted?")
    assert "Row 2: roster Bob Miller, tenant Schmidt, Anna" in error["message"]
    assert "Compare the list with its source" in error["hint"]
    assert str(done.folder / "plan.html") in error["hint"]
    assert "--names accept" in error["hint"]
    [question] = error["questions"]
    assert (question["code"], question["option"]) == ("names-differ", "--names")
    assert len(question["details"]) == 3
    assert checks(done.folder) == ["differs"] * 6
    assert (done.folder / "plan.html").exists()
    assert live_digests(service) == {}


def test_who_says_that_the_names_are_right_gets_the_passes(connected: Program, service: EmbeddedSimulator) -> None:
    """By an option or its variable."""
    connected("apply", connected.roster(MOVED), "--yes", BULKTAP_NAMES="accept")

    assert len(live_digests(service)) == 6


def test_who_refuses_gets_nothing(connected: Program, service: EmbeddedSimulator) -> None:
    """Exit code 6, with the rows in the plan."""
    done = connected("apply", connected.roster(MOVED), "--yes", "--names", "refuse", "--json", code=6)

    assert "6 of 6 rows" in done.json["error"]["message"]
    assert live_digests(service) == {}


def test_a_single_name_that_differs_is_only_a_warning(connected: Program, service: EmbeddedSimulator) -> None:
    """It is told with both names before anybody agrees."""
    done = connected("plan", connected.roster(rows(*PEOPLE[:5], "Quentin Xavier")))

    assert "Quentin Xavier" in done.err
    assert "de Jong, Finn" in done.err
    assert live_digests(service) == {}


def test_the_answer_is_kept_in_the_plan(connected: Program, service: EmbeddedSimulator) -> None:
    """Whoever carries it out is not asked again; a plan that leaves it open is not carried out."""
    roster = connected.roster(MOVED)
    opened = connected("plan", roster, "--json", code=4).folder
    settled = connected("plan", roster, "--names", "accept", "--json").folder

    assert "leaves" not in connected("apply", opened, "--yes", "--json", code=8).json["error"]["hint"]
    assert live_digests(service) == {}
    connected("apply", settled, "--yes")
    assert len(live_digests(service)) == 6


@pytest.mark.parametrize("member", ["display_name", "surname"])
def test_a_plan_is_refused_where_the_directory_names_somebody_else_since(
    connected: Program, service: EmbeddedSimulator, tenant: Tenant, member: str
) -> None:
    """An account that was given to somebody else after the signature."""
    folder = connected("plan", connected.roster(rows(*PEOPLE)), "--json").folder

    def change() -> None:
        user = tenant.find(ACCOUNTS[0])
        assert user is not None
        names: dict[str, Any] = {"display_name": "Young, Zoe", "given_name": "Zoe", "surname": "Young"}
        tenant.remove_user(user)
        tenant.add_user(replace(user, **(names if member == "display_name" else names | {"display_name": ""})))

    service.ask(change)

    message = connected("apply", folder, "--yes", "--json", code=8).json["error"]["message"]
    assert "Row 2 " in message
    assert live_digests(service) == {}


def test_one_user_for_two_people_is_an_error_in_both_rows(connected: Program, service: EmbeddedSimulator) -> None:
    """The error report names both people; the others get their passes."""
    roster = [*rows(*PEOPLE[:4]), [ACCOUNTS[3], "Emma", "Petit"]]
    done = connected("apply", connected.roster(roster), "--yes", "--json", code=3)

    told = report(done.folder)
    assert [row["Error code"] for row in told] == ["different-people"] * 2
    assert all("Dilara Kaya in row 5, Emma Petit in row 6" in row["Error"] for row in told)
    assert len(live_digests(service)) == 3


def test_names_that_steer_terminals_are_harmless(connected: Program) -> None:
    """What a roster calls people is outside text."""
    done = connected("plan", connected.roster(rows("\x1b[31mMallory \x1b]0;owned\x07", *PEOPLE[2:], PEOPLE[0])), code=4)

    assert "\x1b" not in done.err
    assert "\x07" not in done.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(("answer", "code", "issued"), [("1", 6, 0), ("2", 0, 6)])
def test_on_a_terminal_it_is_asked(
    connected: Program, service: EmbeddedSimulator, answer: str, code: int, issued: int
) -> None:
    """To stop is the first choice; to go on needs the plan's own yes besides."""
    roster = connected.roster(MOVED)
    ended, shown = talk(connected, ["apply", roster], [("[1-2]", answer), ("[yes/no]", "yes")])

    assert ended == code, shown
    assert "6 of 6 rows name somebody else" in shown
    assert len(live_digests(service)) == issued


def test_a_rehearsal_has_the_roster_s_own_people(program: Program) -> None:
    """So that no question stands in the way of trying."""
    done = program("apply", program.roster(MOVED), "--simulate", "--yes", "--json")

    assert checks(done.folder) == ["agrees"] * 6
