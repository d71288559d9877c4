"""What people are told: commands that work as they stand, and sentences that are true."""

from __future__ import annotations

import html
import json
import os
import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from shell_words import shell_words
from whole_run import SAMPLES, USERS, Program, environment_of, live_digests

from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.server import SimulatorOptions
from bulktap.simulator.tenant_file import SeedUser, seed_tenant

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [["Login", "Class"], *([user, "7a"] for user in USERS[:3])]
MAPPED = ("--column", "user=Login")
PLACES = ("reports", "shared runs", "deep/er", "it's here", "ünïcode", "$HOME dollars")


def shown_command(page: Path, command: str) -> list[str]:
    """Return the words of a command that a page shows."""
    text = html.unescape(page.read_text("utf-8"))
    found = re.search(rf"bulktap {command} ([^<\n]+)", text)
    assert found is not None
    return shell_words(found[1])


@pytest.mark.parametrize("place", PLACES)
def test_the_command_on_the_planning_page_works_as_it_stands(connected: Program, place: str) -> None:
    """Wherever the run's folder is: typed in the folder in which the plan was made, it is carried out."""
    planned = connected("plan", connected.roster(ROWS), *MAPPED, "--reports", place, "--json").folder

    done = connected("apply", *shown_command(planned / "plan.html", "apply"), "--yes", "--json")

    assert done.json["counts"]["issued"] == 3
    assert done.folder == planned


@pytest.mark.parametrize("place", PLACES[:3])
def test_a_finished_run_is_called_finished(connected: Program, place: str) -> None:
    """The hint of a plan that was carried out leads to its results, and the command in it works; no `resume`."""
    folder = connected("apply", connected.roster(ROWS), *MAPPED, "--yes", "--reports", place, "--json").folder

    for named in (folder, folder.name):
        error = connected("apply", named, "--reports", place, "--yes", "--json", code=8).json["error"]
        assert "already been carried out." in error["message"]
        assert "resume" not in error["hint"]
        words = shell_words(error["hint"].partition("`bulktap ")[2].partition("`")[0])
        assert connected(*words, "--json").json["run"] == folder.name


def test_the_time_zone_is_part_of_what_is_worth_keeping(program: Program) -> None:
    """The suggested `bulktap.toml` reads the roster again in the very same way."""
    plain = Program(program.cwd, {k: v for k, v in program.environment.items() if k != "BULKTAP_TIMEZONE"})
    rows = [["Login", "Begin"], [USERS[0], "2035-09-01 08:00"]]
    named = ("--column", "start=Begin", "--timezone", "Asia/Tokyo")

    told = plain("plan", plain.roster(rows), *MAPPED, *named, "--offline", "--json")
    lines = told.err.partition("beside the roster:\n")[2].partition("Writing")[0].splitlines()
    suggested = "\n".join(line.strip() for line in lines)
    assert tomllib.loads(suggested)["roster"]["timezone"] == "Asia/Tokyo"
    (plain.cwd / "bulktap.toml").write_text(suggested)
    again = plain("plan", plain.roster(rows), "--offline", "--json")

    assert starts(again.folder) == starts(told.folder) == ["2035-08-31T23:00:00Z"]


def starts(folder: Path) -> list[Any]:
    """Return when the passes of a plan begin."""
    return [row["start"] for row in json.loads((folder / "plan.json").read_bytes())["rows"]]


@pytest.mark.parametrize("word", ["now", "NOW", " now "])
def test_passes_may_begin_now(connected: Program, word: str) -> None:
    """`--start now` is no start: it begins when the pass is issued, whenever that is."""
    done = connected("plan", connected.roster(ROWS), *MAPPED, "--start", word, "--json")
    assert starts(done.folder) == [None, None, None]

    assert connected("apply", done.folder, "--start", word, "--yes", "--json").json["counts"]["issued"] == 3


def test_rows_without_a_pass_are_not_passed_over_in_the_headline(program: Program) -> None:
    """It counts people, and says what is to be done about the others."""
    roster = SAMPLES / "student-onboarding.xlsx"
    folder = program("apply", roster, "--simulate", "--yes", "--json", code=3).folder

    assert "60 of 62 people have a pass; 2 rows need fixing" in (folder / "run.html").read_text("utf-8")


def test_signing_in_to_another_tenant_than_the_plans_is_refused(connected: Program, service: EmbeddedSimulator) -> None:
    """The plan is bound to its tenant: exit 8, and nothing was sent."""
    other = seed_tenant([SeedUser(upn=USERS[0])], tenant_id="99999999-8888-7777-6666-555555555555")
    with EmbeddedSimulator(other, SimulatorOptions()) as elsewhere:
        mixed = environment_of(elsewhere)
        assert mixed["AZURE_TENANT_ID"] != service.tenant_id
        planned = connected("plan", connected.roster(ROWS), *MAPPED, "--json")
        refused = connected("apply", planned.folder, "--yes", code=8, **mixed)

    assert "tenant" in refused.err
    assert live_digests(service) == {}


@pytest.mark.parametrize(
    "command", [("plan", "{}", "--offline"), ("apply", "{}", "--yes"), ("results", "{}"), ("resume", "{}"), ("{}",)]
)
@pytest.mark.parametrize("name", ["\x1b]0;owned\x07.csv", "a\nError: forged.csv", "\udc9bx.csv", "b\u202ecsv"])
def test_names_that_are_typed_or_found_do_not_steer_the_terminal(
    program: Program, command: tuple[str, ...], name: str
) -> None:
    """RUN and ROSTER arguments, and click's own complaints about words that it does not know."""
    words = [os.fsdecode(word.format(name).encode("utf-8", "surrogateescape")) for word in command]

    done = program(*words, code=None, BULKTAP_SIMULATE="1")

    assert done.code in {2, 4}
    assert all(line.isprintable() for line in (done.err + done.out).splitlines())
    assert not any(line.startswith("Error: forged") for line in done.err.splitlines())
