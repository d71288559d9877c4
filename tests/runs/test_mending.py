"""Faulty rosters, from the error report to a run without errors."""

from __future__ import annotations

import json
from typing import Any

import openpyxl
from whole_run import SAMPLES, USERS, Program, report

MENDED: dict[str, dict[str, str]] = {
    "Bo Larsen": {"Sign-in name": "bo.larsen@fabrikam.com"},
    "Cem Aydın": {"Sign-in name": "cem.aydin@fabrikam.com"},
    "Dora Kiss": {"Sign-in name": "dora.kiss@fabrikam.com"},
    "Emil Braun": {"Sign-in name": "emil.braun@fabrikam.com"},
    "Gil Peretz": {"Sign-in name": "gil.peretz@fabrikam.com"},
    "Hedda Moe": {"Sign-in name": "hedda.moe@fabrikam.com"},
    "Ivo Rossi": {"Sign-in name": "ivo.rossi@fabrikam.com"},
    "Kai Mori": {"Sign-in name": "kai.mori@fabrikam.com"},
    "Mona Sy": {"Sign-in name": "mona.sy@fabrikam.com"},
    "Nils Aas": {"Sign-in name": "nils.aas@fabrikam.com", "Lifetime": "8h"},
    "Olga Weiss": {"Sign-in name": "olga.weiss@fabrikam.com", "Lifetime": "480"},
    "Pia Holm": {"Sign-in name": "pia.holm@fabrikam.com", "Lifetime": "8h"},
    "Quin Ames": {"Pass start": "2035-09-03 08:00", "Lifetime": "8h"},
    "Rui Matos": {"Pass start": "2035-03-02 08:00", "Lifetime": "8h"},
    "Siri Dahl": {"Pass start": "2035-09-02 08:00"},
    "Teo Blanc": {"Lifetime": "8h"},
    "Uma Rao": {"Lifetime": "60"},
    "Vera Duda": {"Lifetime": "480"},
    "Wim Bakker": {"One-time": "yes"},
    "Xia Wu": {"Sign-in name": "xia.wu@fabrikam.com", "Lifetime": "8h", "One-time": "no"},
}
"""What somebody changes who does what the report says, and nothing else."""


def test_one_round_of_mending_is_enough(program: Program) -> None:
    """The report names every cell that is at fault, those that only the tenant's policy refuses included."""
    done = program("plan", SAMPLES / "roster-with-errors.xlsx", "--simulate", "--json", code=3)
    named = {row["Employee"]: set(row["Error column"].split("\n")) for row in report(done.folder)}
    assert named == {name: set(changes) for name, changes in MENDED.items()}

    book = openpyxl.load_workbook(done.folder / "errors.xlsx")
    headings = [cell.value for cell in book.worksheets[0][1]]
    for row in book.worksheets[0].iter_rows(min_row=2):
        for heading, text in MENDED[str(row[0].value)].items():
            row[headings.index(heading)].value = text
    book.save(program.cwd / "mended.xlsx")
    again = program("plan", program.cwd / "mended.xlsx", "--simulate", "--json")

    assert again.json["counts"]["not_sent"] == len(MENDED)
    assert not (again.folder / "errors.xlsx").exists()


def test_the_tenant_is_asked_about_refused_rows_too(connected: Program) -> None:
    """An unknown user and a lifetime that cannot be read stand in the report together, with the tenant's range."""
    rows = [["User", "Lifetime"], [USERS[0], "480"], ["nobody@contoso.com", "a while"], [USERS[1], "a while"]]

    done = connected("plan", connected.roster(rows), "--json", code=3)

    first, second = report(done.folder)
    assert first["Error code"] == "lifetime-malformed\nuser-not-found"
    assert second["Error code"] == "lifetime-malformed"
    assert (
        second["How to fix"]
        == "Lifetime: Choose 60 to 480 minutes (this tenant's policy), such as 60 (1 hour) or 480 (8 hours)."
    )


def test_a_rehearsal_knows_the_users_of_refused_rows(program: Program) -> None:
    """The pretend tenant has everybody whom the roster names, so that only real faults are reported."""
    rows = [["User", "Lifetime"], [USERS[0], "480"], [USERS[1], "a while"]]

    done = program("plan", program.roster(rows), "--simulate", "--json", code=3)

    assert [row["Error code"] for row in report(done.folder)] == ["lifetime-malformed"]


def test_a_row_number_of_several_sheets_is_asked_about(program: Program) -> None:
    """Exit 4 with what to write instead, and nothing is left behind; then it is that row."""
    book = openpyxl.Workbook()
    for number, name in enumerate(("7A", "7B")):
        sheet = book.worksheets[0] if number == 0 else book.create_sheet()
        sheet.title = name
        sheet.append(["User"])
        sheet.append([USERS[number]])
    path = program.cwd / "school.xlsx"
    book.save(path)
    both = ("plan", path, "--offline", "--sheet", "7A", "--sheet", "7B")

    said = program(*both, "--only", "2", code=4).err
    assert "--only 2 could be a row of sheet 7A or of sheet 7B." in said
    assert "--only '7B!2'" in said
    done = program(*both, "--only", "7B!2", "--json")
    plan: dict[str, Any] = json.loads((done.folder / "plan.json").read_bytes())
    assert [(row["user"], row["action"]) for row in plan["rows"]] == [(USERS[0], "skip"), (USERS[1], "issue")]
