"""What programs read: one object a command, however it ends; `whole_run` holds each against its schema."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from whole_run import SAMPLES, USERS, Program, environment_of

from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [["User", "Class"], *([user, "7A"] for user in USERS[:4])]
COUNTS = {"issue", "replace", "skip", "refuse", "merge", "left_out"}


def plan_of(program: Program, *words: str | Path, code: int = 0) -> dict[str, Any]:
    """Return the member `plan` of what `bulktap plan` prints."""
    found: dict[str, Any] = program("plan", *words, "--json", code=code).json["plan"]
    return found


def test_a_plan_is_told_in_counts(connected: Program) -> None:
    """Disjoint counts of rows, times, fingerprint, and no question."""
    rows = [*ROWS, [USERS[0], "7A"], ["nobody@contoso.com", "7A"], ["not a name", "7A"]]
    start = ("--start", "2035-09-03 08:00", "--lifetime", "8h")
    plan = plan_of(connected, connected.roster(rows), *start, "--limit", "3", code=3)

    assert {name: plan[name] for name in COUNTS} == {
        "issue": 3, "replace": 0, "skip": 1, "refuse": 2, "merge": 1, "left_out": 0,
    }  # fmt: skip
    assert plan["starts"] == {"earliest": "2035-09-03T06:00:00Z", "latest": "2035-09-03T06:00:00Z", "at_once": 0}
    assert plan["ends"] == {"earliest": "2035-09-03T14:00:00Z", "latest": "2035-09-03T14:00:00Z"}
    assert re.fullmatch(r"([0-9A-Z]{4}-)+[0-9A-Z]{1,4}", plan["fingerprint"])
    assert plan["questions"] == []


def test_what_exists_is_known_only_if_the_tenant_was_asked(connected: Program) -> None:
    """Offline, no zero stands for passes that nobody looked for."""
    offline = plan_of(connected, connected.roster(ROWS), "--offline")

    assert offline["issue"] == 4
    assert COUNTS - offline.keys() == {"replace", "skip"}
    assert "names" not in offline
    assert connected("plan", connected.roster(ROWS), "--offline", "--json").json["tenant"] is None


@pytest.mark.parametrize(("rule", "counted"), [("skip", "skip"), ("replace", "replace"), ("fail", "refuse")])
def test_existing_passes_are_counted_by_what_becomes_of_them(connected: Program, rule: str, counted: str) -> None:
    """Left alone, replaced, or refused."""
    connected("apply", connected.roster(ROWS[:3]), "--yes")
    plan = plan_of(connected, connected.roster(ROWS), "--existing", rule, code=3 if rule == "fail" else 0)

    assert plan[counted] == 2
    assert plan["issue"] == 2


def test_rows_left_out_while_reading_are_counted(connected: Program) -> None:
    """They are among the skipped rows, and what they are is counted by itself."""
    rows = [["User", "Status"], [USERS[0], "active"], [USERS[1], "inactive"], [USERS[2], "left"]]
    plan = plan_of(connected, connected.roster(rows))

    assert (plan["issue"], plan["skip"], plan["left_out"]) == (1, 2, 2)
    page = next((connected.cwd / "reports").glob("*/plan.html")).read_text("utf-8")
    assert "2 inactive or blocked (Status): rows 3 and 4" in page


def test_names_are_told_where_they_were_compared(program: Program) -> None:
    """The tally adds up, and a difference is a warning with its row."""
    people = dict(zip(USERS, ("Anna Arendt", "Ben Bauer", "Cem Celik"), strict=False))
    rows = [["User", "Name"], [USERS[0], "Arendt Anna"], [USERS[1], "Dora Dietrich"], [USERS[2], "Cem Celik"]]
    seeded = seed_tenant([SeedUser(upn=user, display_name=name) for user, name in people.items()])
    with EmbeddedSimulator(seeded, SimulatorOptions()) as service:
        there = Program(program.cwd, {**program.environment, **environment_of(service)})
        plan = plan_of(there, there.roster(rows))

    names = plan["names"]
    assert names["compared"] == names["agree"] + names["differ"] + names["unknown"] == 3
    assert names["differ"] == 1
    (warning,) = [one for one in plan["warnings"] if one["code"] == "name-differs"]
    assert (warning["count"], warning["first_row"]) == (1, 3)
    assert USERS[1] in warning["text"]


FAILURES = (
    (("plan", "nowhere.csv"), 4),
    (("plan", "roster.csv", "--column", "nonsense"), 2),
    (("plan", "roster.csv", "--no-such-option"), 2),
    (("apply", "roster.csv"), 2),  # nobody can be asked
    (("apply", "2035-08-20T0715Z-students-3fa9", "--yes"), None),
    (("resume",), None),
    (("resume", "2035-08-20T0715Z-students-3fa9"), None),
    (("results", "2035-08-20T0715Z-students-3fa9"), None),
    (("verify", "2035-08-20T0715Z-students-3fa9"), None),
    (("runs", "--reports", "roster.csv"), None),
    (("runs", "--nonsense"), 2),
    (("nonsense",), 2),
    (("plan",), 2),
)


@pytest.mark.parametrize(("words", "code"), FAILURES, ids=[" ".join(words) for words, _ in FAILURES])
def test_each_failure_is_one_object(connected: Program, words: tuple[str, ...], code: int | None) -> None:
    """With its error and exit code; what is not known is not counted."""
    connected.roster(ROWS)
    ended = connected(*words, "--json", code=code)

    if ended.code:
        assert ended.json["error"]["message"]
    assert ended.json["exit_code"] == ended.code
    assert ended.json["counts"] == {}


def test_each_command_keeps_to_its_schema(connected: Program, service: EmbeddedSimulator) -> None:
    """A run from plan to verify, each step one object; `runs` knows what it says."""
    planned = connected("plan", connected.roster(ROWS), "--json")
    (listed,) = connected("runs", "--json").json["runs"]
    assert (listed["state"], listed["rows"], listed["issued"], listed["open"]) == ("planned", 4, 0, 4)

    done = connected("apply", planned.folder, "--yes", "--json").json
    assert done["plan"]["issue"] == done["counts"]["issued"] == 4
    again = connected("resume", planned.folder, "--json", code=None)
    assert again.json["exit_code"] == again.code
    assert connected("results", planned.folder, "--json").json["counts"] == done["counts"]
    checked = connected("verify", planned.folder, "--json").json
    assert checked["passes"]["live"] == 4
    assert checked["counts"] == {}
    (listed,) = connected("runs", "--json").json["runs"]
    assert (listed["state"], listed["rows"], listed["issued"], listed["open"]) == ("finished", 4, 4, 0)
    assert service.tenant_id == done["tenant"]["id"]


@pytest.mark.parametrize(
    ("name", "damage"),
    [("plan.json", b"{}"), ("plan.json", b"\xff\xfe"), ("journal.db", b"no journal"), ("journal.db", b"")],
)
def test_of_a_run_that_cannot_be_read_nothing_is_counted(connected: Program, name: str, damage: bytes) -> None:
    """Its state and why, and no zeros."""
    folder = connected("plan", connected.roster(ROWS), "--json").folder
    (folder / name).write_bytes(damage)
    (listed,) = connected("runs", "--json").json["runs"]

    assert listed["why"]
    assert not {"rows", "issued", "open"} & listed.keys()


def test_a_rehearsal_is_on_the_page_for_the_board(connected: Program, program: Program) -> None:
    """The latest run of the same roster in a pretend tenant, with its counts; one of another roster is not it."""
    sample, other = SAMPLES / "device-refresh.csv", connected.roster(ROWS)
    board = ("--offline", "--board", "--json")
    before = connected("plan", sample, *board).folder
    program("apply", other, "--simulate", "--yes", "--reports", "reports")
    rehearsed = program("apply", sample, "--simulate", "--yes", "--json").json
    after = connected("plan", sample, *board).folder

    assert "None in this reports folder" in (before / "plan.html").read_text("utf-8")
    page = (after / "plan.html").read_text("utf-8")
    assert rehearsed["run"] in page
    assert f"{rehearsed['counts']['rows']}: {rehearsed['counts']['issued']} issued" in page
    (after.parent / rehearsed["run"] / "run.json").write_text('{"roster": [], "tenant": {"simulated": true}}')
    assert "None in this reports folder" in (connected("plan", sample, *board).folder / "plan.html").read_text("utf-8")


@pytest.mark.parametrize("option", ["--board", "--print-rows"])
def test_the_page_of_a_saved_plan_stays_as_it_was_signed(connected: Program, option: str) -> None:
    """What it says beside the plan is settled when it is made; asking for more later is refused by name."""
    folder = connected("plan", connected.roster(ROWS), "--json").folder
    page = (folder / "plan.html").read_bytes()
    for command in ("plan", "apply"):
        error = connected(command, folder, option, "--yes" if command == "apply" else "--quiet", "--json", code=2).json
        assert option in error["error"]["message"]

    assert (folder / "plan.html").read_bytes() == page


def test_the_page_says_who_asked(connected: Program, service: EmbeddedSimulator) -> None:
    """The account, and the app that signed in; offline there is none."""
    page = (connected("plan", connected.roster(ROWS), "--print-rows", "--json").folder / "plan.html").read_text("utf-8")
    offline = connected("plan", connected.roster(ROWS), "--offline", "--json").folder / "plan.html"

    assert f"signed in as app {service.client_id}" in page
    assert 'class="plan print-rows"' in page
    assert "signed in as app" not in offline.read_text("utf-8")
    assert 'class="plan"' in offline.read_text("utf-8")
    assert json.loads((offline.parent / "plan.json").read_bytes())["settings"]["offline"] is True
