"""Option, variable, profile, default: which of them wins, seen at what a run does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from whole_run import USERS, Program

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long  # whole runs, a process for each command

ROWS = [["User"], [USERS[0]]]


@pytest.fixture
def own(program: Program) -> Path:
    """The user's configuration folder."""
    from pathlib import Path

    folder = Path(program.environment["XDG_CONFIG_HOME"]) / "bulktap"
    folder.mkdir(parents=True)
    return folder


CASES = [
    # flag, variable, beside the roster, the user's own, what counts
    ("1h", "2h", "3h", "4h", 60),
    (None, "2h", "3h", "4h", 120),
    (None, None, "3h", "4h", 180),
    (None, None, None, "4h", 240),
    ("1h", None, None, "4h", 60),
    (None, "2h", None, "4h", 120),
]


@pytest.mark.parametrize(("flag", "variable", "beside", "users", "minutes"), CASES)
def test_who_says_it_nearest_to_the_command_wins(
    program: Program, own: Path, flag: str | None, variable: str | None, beside: str | None, users: str, minutes: int
) -> None:
    """One setting through all the places in which it can stand."""
    (own / "bulktap.toml").write_text(f'[profiles.default]\nlifetime = "{users}"\n')
    if beside:
        (program.cwd / "bulktap.toml").write_text(f'[profiles.default]\nlifetime = "{beside}"\n')
    options = ("--lifetime", flag) if flag else ()
    variables = {"BULKTAP_LIFETIME": variable} if variable else {}

    done = program("plan", program.roster(ROWS), "--simulate", "--json", *options, **variables)

    plan = json.loads((done.folder / "plan.json").read_text("utf-8"))
    assert plan["rows"][0]["lifetime_minutes"] == minutes


def test_a_named_profile_is_taken_and_the_usual_one_is_not(program: Program, own: Path) -> None:
    """By option and by variable; a run says nothing of profiles where there are none."""
    (own / "bulktap.toml").write_text('[profiles.default]\nlifetime = "4h"\n[profiles.b]\nlifetime = "5h"\n')
    for options, variables in ((("--profile", "b"), {}), ((), {"BULKTAP_PROFILE": "b"})):
        done = program("plan", program.roster(ROWS), "--simulate", "--json", *options, **variables)
        plan = json.loads((done.folder / "plan.json").read_text("utf-8"))
        assert plan["rows"][0]["lifetime_minutes"] == 300


def test_guards_of_the_users_file_hold_for_every_run(program: Program, own: Path) -> None:
    """An option adds to them, and takes none away."""
    (own / "bulktap.toml").write_text("[guards]\nmax-rows = 1\n")

    done = program("plan", program.roster([["User"], *([user] for user in USERS)]), "--simulate", code=6)

    assert "1" in done.err


def test_a_profile_that_cannot_be_read_is_exit_2(program: Program, own: Path) -> None:
    """As a sentence, and as one JSON object."""
    (own / "bulktap.toml").write_text('[profiles.default]\nclient-secret = "abc"\n')

    done = program("plan", program.roster(ROWS), "--simulate", "--json", code=2)

    assert "no secrets" in done.json["error"]["message"]
