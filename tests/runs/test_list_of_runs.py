"""The list of runs: newest first, ten of them, each with when, what, who, and what to do next."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from terminal_talk import talk
from whole_run import USERS, Program

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [["User"], *([user] for user in USERS[:2])]


def many_copies(folder: Path, count: int) -> None:
    """Make older runs of one that there is."""
    for number in range(count):
        shutil.copytree(folder, folder.with_name(f"2020-01-01T00{number:02}Z-old-{number:04x}"))


def test_the_last_ten_are_listed_and_all_on_request(program: Program) -> None:
    """Newest first; `--json` has every run, oldest first, as ever."""
    planned = program("plan", program.roster(ROWS), "--simulate", "--name", "autumn-5a", "--json").folder
    many_copies(planned, 12)

    usual, every, listed = program("runs"), program("runs", "--all"), program("runs", "--json").json["runs"]

    assert usual.out.count("Z-") == 10
    assert "13 runs" in usual.err
    assert usual.out.index(planned.name) < usual.out.index("2020-01-01T0011Z")
    assert every.out.count("Z-") == 13
    assert [one["run"] for one in listed][-1] == planned.name
    assert len(listed) == 13


def test_each_run_says_when_who_and_what_comes_next(program: Program) -> None:
    """A plan, and what it has become."""
    planned = program("plan", program.roster(ROWS), "--simulate", "--name", "autumn-5a", "--json").folder
    (before,) = program("runs", "--json").json["runs"]
    program("apply", "autumn-5a", "--yes")
    (after,) = program("runs", "--json").json["runs"]
    shown = program("runs").out

    assert (before["name"], before["next"]) == ("autumn-5a", "bulktap apply autumn-5a")
    assert "began" not in before
    assert (after["issued"], after["open"], after["next"]) == (2, 0, "bulktap handout autumn-5a")
    assert after["who"] == json.loads((planned / "run.json").read_bytes())["operator"]
    assert after["live_until"] > after["began"] >= after["planned"]
    assert "today" in shown or "yesterday" in shown  # at midnight


@pytest.mark.long
def test_what_was_revoked_is_told_of_the_passes_that_the_run_has_now(connected: Program) -> None:
    """A run whose passes were all taken back has none that is live; one that was issued anew has."""
    folder = connected("apply", connected.roster(ROWS), "--yes", "--json").folder
    seen = []
    for command in (
        ("revoke", folder, "--only", USERS[0], "--yes"),
        ("revoke", folder, "--yes"),
        ("reissue", folder, "--only", USERS[1], "--yes"),
        ("revoke", folder, "--only", USERS[1], "--yes"),
        ("reissue", folder, "--only", "*", "--yes"),
    ):
        connected(*command)
        (listed,) = connected("runs", "--json").json["runs"]
        seen.append((listed.get("revoked", 0), "live_until" in listed, listed["next"].split()[1]))

    assert seen == [
        (1, True, "handout"),
        (2, False, "forget"),
        (1, True, "handout"),
        (2, False, "forget"),
        (0, True, "handout"),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize("columns", [80, 300])
def test_a_terminal_shows_it_in_lines_or_in_a_table(program: Program, columns: int) -> None:
    """Whichever fits; no line is wider than the terminal, and none is cut."""
    program("apply", program.roster(ROWS), "--simulate", "--yes", "--name", "autumn-5a", "--lifetime", "8h")

    code, shown = talk(program, ["runs"], [], columns=columns)

    lines = shown.replace("\r", "").split("\n")
    assert code == 0
    assert max(map(len, lines)) <= columns
    if columns == 80:
        assert lines[0].endswith("  autumn-5a")
        assert lines[1].startswith(("  today ", "  yesterday "))
        assert "finished: 2 issued, 0 open, by " in lines[1]
        assert lines[3].startswith("  live until ")
        assert lines[4] == "  next: bulktap handout autumn-5a"
    else:
        assert lines[0].split()[:2] == ["When", "Run"]
