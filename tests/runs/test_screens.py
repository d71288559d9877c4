"""What stands on the terminal when the question is asked: all of it, on lines that fit."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest
from terminal_talk import talk

from bulktap.cli.wrapping import width_of

if TYPE_CHECKING:
    from whole_run import Program

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals"),
]

ROWS = [
    ["Benutzer", "Name", "Klasse", "Pass start", "Lifetime"],
    ["juergen.mueller-luedenscheidt@contoso.com", "Jürgen Müller-Lüdenscheidt", "5a", "2035-09-03 08:00", "8h"],
    ["omar@contoso.com", "عمر بن عبد العزيز الحسيني", "5a", "2035-09-03 22:00", "2h"],
    ["xiaolong@contoso.com", "歐陽小龍", "五年級A班", "2035-09-04", "8h"],
    ["taro@contoso.com", "山田 太郎", "5b", "2035-09-02 09:00", "4h"],
    ["not a user", "Nobody", "5b", "2035-09-03 08:00", "half a day"],
    ["thuy@contoso.com", "Đặng Thị Thu Thủy", "5b", "2035-09-03 08:00", "8h"],
]
STEERING = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|\x1b\[\?[0-9]+[a-z]")


def lines_of(shown: str) -> list[str]:
    """Return what the terminal showed, without colours; of a line that was drawn over, the last."""
    return [line.rpartition("\r")[2] for line in STEERING.sub("", shown).replace("\r\n", "\n").split("\n")]


def block(shown: str) -> list[str]:
    """Return the lines from the heading of the plan to the question."""
    lines = lines_of(shown)
    return lines[lines.index("Plan:") : next(place for place, line in enumerate(lines) if "Issue these" in line)]


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_every_line_up_to_the_question_fits(program: Program, columns: int) -> None:
    """Names in four scripts, notes, faults, warnings: the terminal breaks nothing by itself, and no word is broken."""
    roster = program.roster(ROWS)
    _, shown = talk(program, ["apply", roster, "--simulate"], [("[yes/no]", "no")], columns=columns)
    unbroken = program("plan", roster, "--simulate", code=3).err

    assert {width_of(line) <= columns for line in lines_of(shown)} == {True}
    words = " ".join(block(shown)).split()
    plan = unbroken[unbroken.index("Plan:") :]
    assert [word for word in words if "(" not in word] == [word for word in plan.split() if "(" not in word]


def test_the_block_stands_directly_above_the_question(program: Program) -> None:
    """When passes work, in words, and what is odd about it."""
    _, shown = talk(program, ["apply", program.roster(ROWS), "--simulate"], [("[yes/no]", "no")], columns=200)

    labels = [line[2:13].strip() for line in block(shown)[1:]]
    assert labels == ["Tenant", "Roster", "Issue", "Refuse", "Usable", "Names", "Duration", "Warn", "Warn"]
    text = " ".join(" ".join(block(shown)).split())
    assert "starts Sun 2035-09-02 09:00 to Tue 2035-09-04 00:00 (4 different), ends Sun 2035-09-02 13:00" in text
    assert "Berlin, 2 h to 8 h" in text
    assert "2 passes work only at night or on a weekend: rows 3 and 5, first omar@contoso.com" in text
    assert "1 start is a date without a time, so its pass begins to work at 00:00: row 4" in text


def test_quiet_leaves_out_nothing_that_a_yes_agrees_to(program: Program) -> None:
    """Notes, rows without a pass, plan and warnings are there with `--quiet` as without."""
    roster = program.roster(ROWS)

    def above_the_question(*options: str) -> list[str]:
        _, shown = talk(program, ["apply", roster, "--simulate", *options], [("[yes/no]", "no")], columns=200)
        lines = lines_of(shown)
        first = next(place for place, line in enumerate(lines) if line.startswith("Note:"))
        return [re.sub(r"\([0-9a-f-]{36}\)", "", line) for line in lines[first : lines.index("Plan:")]] + [
            line for line in block(shown) if "Tenant" not in line
        ]

    loud, quiet = above_the_question(), above_the_question("--quiet")

    assert quiet == loud
    assert any(line.startswith("Rows that get no pass") for line in quiet)


def test_the_block_stands_above_the_question_of_a_saved_plan_too(program: Program) -> None:
    """What was signed off is shown once more, with the same warnings."""
    planned = program("plan", program.roster(ROWS), "--simulate", "--json", code=3).json
    _, shown = talk(program, ["apply", planned["run"]], [("[yes/no]", "no")], columns=200)

    assert [line[2:13].strip() for line in block(shown)[1:]] == [
        "Tenant", "Roster", "Issue", "Refuse", "Usable", "Names", "Duration", "Warn", "Warn",
    ]  # fmt: skip


def test_whoever_types_the_tenants_name_was_shown_the_plan(program: Program) -> None:
    """With `--yes` and `--quiet` together too, where a name must be typed all the same."""
    options = ("--simulate", "--quiet", "--yes", "--confirm", "type")
    _, shown = talk(
        program, ["apply", program.roster(ROWS), *options], [("type the tenant's domain (", "")], columns=200
    )

    assert [line[2:13].strip() for line in block(shown)[1:4]] == ["Tenant", "Roster", "Issue"]
    assert shown.count("Plan:") == 1
