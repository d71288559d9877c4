"""The options of reading, from the command line to the plan."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import openpyxl
from whole_run import USERS, Program

from bulktap.model.secret import Secret
from bulktap.storage.office_encryption import WorkbookKey

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [["User", "Class"], *([user, "7a"] for user in USERS[:4])]


def plan_of(folder: Path) -> dict[str, Any]:
    """Return a run's plan."""
    plan = json.loads((folder / "plan.json").read_bytes())
    assert isinstance(plan, dict)
    return plan


def workbook(hidden: int = 0) -> bytes:
    """Return the roster as a workbook with so many of its last rows hidden."""
    book = openpyxl.Workbook()
    for row in ROWS:
        book.worksheets[0].append(row)
    for number in range(len(ROWS) - hidden + 1, len(ROWS) + 1):
        book.worksheets[0].row_dimensions[number].hidden = True
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_a_roster_comes_through_a_pipe(connected: Program) -> None:
    """`-` is standard input, as CSV; what was read from there cannot be carried out later."""
    text = "".join(",".join(row) + "\n" for row in ROWS).encode()

    assert connected("apply", "-", "--yes", "--json", "--limit", "1", piped=text).json["counts"]["issued"] == 1
    planned = connected("plan", "-", "--json", piped=text)
    assert "standard input" in connected("apply", planned.folder, "--yes", code=8).err


def test_hidden_rows_stop_the_run_until_it_is_said_what_they_mean(program: Program) -> None:
    """Exit 4 with the option; then they are left out, or read."""
    path = program.cwd / "filtered.xlsx"
    path.write_bytes(workbook(hidden=1))

    assert "--hidden-rows" in program("plan", path, "--offline", code=4).err
    assert program("plan", path, "--offline", "--hidden-rows", "skip", "--json").json["counts"]["rows"] == 4
    assert program("plan", path, "--offline", "--hidden-rows", "include", "--json").json["counts"]["rows"] == 4


def test_a_protected_roster_opens_with_its_password_also_when_its_plan_is_carried_out(connected: Program) -> None:
    """The password comes from a file, is asked for anew, and stands nowhere in the run's folder."""
    path, secret = connected.cwd / "protected.xlsx", connected.cwd / "password.txt"
    path.write_bytes(WorkbookKey(Secret("of the office"), spin_count=1000).encrypt(workbook()))
    secret.write_text("of the office\n", "utf-8")

    assert "--roster-password-file" in connected("plan", path, code=4).err
    planned = connected("plan", path, "--roster-password-file", secret, "--json")
    assert b"of the office" not in b"".join(one.read_bytes() for one in planned.folder.iterdir() if one.is_file())
    done = connected("apply", planned.folder, "--yes", "--json", "--roster-password-file", secret)
    assert done.json["counts"]["issued"] == 4


def test_columns_that_were_named_are_offered_for_next_time(program: Program) -> None:
    """The lines on the screen are a bulktap.toml that does the same."""
    roster = program.roster([["Kennung", "Login"], ["id1", USERS[0]]])

    shown = program("plan", roster, "--offline", "--column", "user=Login").err

    offered = shown.partition("bulktap.toml beside the roster:\n")[2]
    lines = [line[2:] for line in offered.splitlines() if line.startswith("  ") or not line]
    toml = "\n".join(lines[: lines.index('user = "Login"') + 1])
    (program.cwd / "bulktap.toml").write_text(toml, "utf-8")
    assert "bulktap.toml beside the roster was used" in program("plan", roster, "--offline").err


def test_a_saved_mapping_beside_the_roster_is_used_and_an_option_wins(program: Program) -> None:
    """Next semester nobody has to remember the options; the notes say that they came from a file."""
    roster = program.roster([["Kennung", "Login"], *([f"id{n}", user] for n, user in enumerate(USERS[:3]))])
    (program.cwd / "bulktap.toml").write_text(
        '[roster]\ntimezone = "America/New_York"\n\n[columns]\nuser = "Login"\n', "utf-8"
    )

    saved = program("plan", roster, "--offline", "--json", BULKTAP_TIMEZONE="")
    other = program("plan", roster, "--offline", "--json", "--timezone", "Asia/Tokyo")

    assert [row["user"] for row in plan_of(saved.folder)["rows"]] == list(USERS[:3])
    assert plan_of(saved.folder)["settings"]["timezone"] == "America/New_York"
    assert plan_of(other.folder)["settings"]["timezone"] == "Asia/Tokyo"
    assert "bulktap.toml" in saved.err
