"""Several files as one run, from the command line: what is planned, named, carried and signed off."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from whole_run import Program

pytestmark = pytest.mark.long  # whole runs, a process for each command

PEOPLE = {"7A.csv": "anna@contoso.com,Anna Arendt", "7B.csv": "ben@contoso.com,Ben Bauer\nANNA@contoso.com,Anna Arendt"}


def _lists(program: Program) -> None:
    (program.cwd / "lists").mkdir()
    for name, rows in PEOPLE.items():
        (program.cwd / "lists" / name).write_text(f"User name,Name\n{rows}\nno user here,X\n", "utf-8")


def test_a_folder_is_one_run(program: Program) -> None:
    """Rows carry their file, one person in two files gets one pass, and the signed plan is what is carried out."""
    _lists(program)
    planned = program("plan", "lists", "--simulate", "--timezone", "UTC", "--json", code=3).json
    rows = json.loads((program.cwd / planned["folder"] / "plan.json").read_text("utf-8"))["rows"]
    assert [(row["file"], row["sheet"], row["row"], row["group"], row["action"]) for row in rows] == [
        ("7A.csv", None, 2, "7A", "issue"),
        ("7A.csv", None, 3, "7A", "refuse"),
        ("7B.csv", None, 2, "7B", "issue"),
        ("7B.csv", None, 3, "7B", "merge"),
        ("7B.csv", None, 4, "7B", "refuse"),
    ]
    shown = program("plan", "lists", "--simulate", "--timezone", "UTC", code=3).err
    assert "7A.csv row 3; 7B.csv row 4" in shown
    done = program("apply", planned["run"], "--yes", "--json", code=3).json
    assert (done["counts"]["issued"], done["counts"]["merged"], done["counts"]["invalid"]) == (2, 1, 2)


def test_a_changed_folder_is_not_what_was_signed(program: Program) -> None:
    """One more list in it: exit 8, nothing issued."""
    _lists(program)
    run = program("plan", "lists", "--simulate", "--timezone", "UTC", "--json", code=3).json["run"]
    (program.cwd / "lists" / "7C.csv").write_text("User name\nc@contoso.com\n", "utf-8")
    assert "has changed" in program("apply", run, "--yes", code=8).err


def test_rows_are_chosen_by_their_file(program: Program) -> None:
    """`7A.csv!2` is a row of that file; a bare number that two files have is asked about by name."""
    _lists(program)
    told = program("plan", "lists", "--simulate", "--timezone", "UTC", "--only", "2", code=4).err
    assert "7A.csv!2" in told
    assert "7B.csv!2" in told
    one = program("plan", "lists", "--simulate", "--timezone", "UTC", "--only", "7A.csv!2", "--json").json
    assert one["plan"]["issue"] == 1


def test_a_list_that_cannot_be_read_stops(program: Program) -> None:
    """Without a terminal it names file and option; with the option the others are planned."""
    _lists(program)
    (program.cwd / "lists" / "rooms.csv").write_text("Room,Floor\n1,2\n", "utf-8")
    told = program("plan", "lists", "--simulate", "--timezone", "UTC", code=4).err
    assert "rooms.csv" in told
    assert "--skip-unreadable" in told
    found = program("plan", "lists", "--simulate", "--timezone", "UTC", "--skip-unreadable", "--json", code=3).json
    assert found["plan"]["issue"] == 2


def test_a_run_is_not_named_beside_a_roster(program: Program) -> None:
    """Folders with a plan are runs; together with a list they are refused."""
    _lists(program)
    folder = program("plan", "lists", "--simulate", "--timezone", "UTC", "--json", code=3).json["folder"]
    assert "Give it alone" in program("plan", folder, "lists", "--simulate", code=2).err


START = datetime(2035, 9, 3, 8, 30)  # noqa: DTZ001 - cells know no time zone


def _mixed(folder: Path) -> None:
    """Lay three files with a mistake in each: one of typed cells, one with zeros, one with a class column."""
    folder.mkdir()
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["User name", "Name", "Pass start", "One-time", "Locker", "Laptop"],
        ["anna@contoso.com", "Anna Arendt", START, True, "0012", True],
        ["bea@@contoso.com", "Bea Arendt", START, False, "0013", False],
    ):
        sheet.append(row)
    book.save(folder / "7A.xlsx")
    (folder / "7B.csv").write_text(
        "Login;Name;Locker\ncem@contoso;Cem Can;0099\ndana@contoso.com;Dana Dorn;0100\n", "utf-8"
    )
    (folder / "late.csv").write_text(
        "UPN,Class,Name\nemil @contoso.com,8C,Emil Ernst\nfinn@contoso.com,8C,Finn Fink\n", "utf-8"
    )


def _report(program: Program, done: dict[str, Any]) -> Path:
    return program.cwd / done["folder"] / "errors.xlsx"


def test_the_rows_to_mend_of_several_files_go_back_in(program: Program) -> None:
    """Class, dates, zeros and yes-or-no stay as they were, whichever file they came from; the file is named beside."""
    _mixed(program.cwd / "lists")
    options = ("--simulate", "--timezone", "UTC", "--json")
    report = _report(program, program("plan", "lists", *options, code=3).json)
    book = load_workbook(report)
    sheet = book.worksheets[0]
    heading = [cell.value for cell in sheet[1]]
    place = {str(text): at for at, text in enumerate(heading, 1)}
    rows = [{text: sheet.cell(row, at).value for text, at in place.items()} for row in range(2, sheet.max_row + 1)]
    assert [(row["File"], row["Sheet row"], row["Class"]) for row in rows] == [
        ("7A.xlsx", 3, "7A"),
        ("7B.csv", 2, "7B"),
        ("late.csv", 2, "8C"),
    ]
    assert (rows[0]["Pass start"], rows[0]["Locker"], rows[0]["Laptop"]) == (START, "0013", False)
    assert rows[1]["Locker"] == "0099"

    for row, user in enumerate(("bea@contoso.com", "cem@contoso.com", "emil@contoso.com"), 2):
        sheet.cell(row, place["User name"], user)
    book.save(program.cwd / "mended.xlsx")
    done = program("plan", "mended.xlsx", *options).json
    planned = json.loads((program.cwd / done["folder"] / "plan.json").read_text("utf-8"))["rows"]
    assert [(row["user"], row["group"], row["action"]) for row in planned] == [
        ("bea@contoso.com", "7A", "issue"),
        ("cem@contoso.com", "7B", "issue"),
        ("emil@contoso.com", "8C", "issue"),
    ]
    assert (planned[0]["start"], planned[0]["one_time"]) == ("2035-09-03T08:30:00Z", False)


def test_a_report_of_mistakes_is_the_same_after_another_round(program: Program) -> None:
    """Handed back unmended, and beside a further list, nothing of it is lost or doubled."""
    _mixed(program.cwd / "lists")
    options = ("--simulate", "--timezone", "UTC", "--json")
    first = _report(program, program("plan", "lists", *options, code=3).json)
    (program.cwd / "first.xlsx").write_bytes(first.read_bytes())
    again = _report(program, program("plan", "first.xlsx", "--accept", "user-malformed", *options, code=3).json)
    own = [[cell.value for cell in row[:-1]] for row in load_workbook(first).worksheets[0].iter_rows()]
    assert [[cell.value for cell in row[:-1]] for row in load_workbook(again).worksheets[0].iter_rows()] == own
    (program.cwd / "9D.csv").write_text("User name\ngina@contoso.com\n", "utf-8")
    both = program("plan", "first.xlsx", "9D.csv", *options, code=3).json
    planned = json.loads((program.cwd / both["folder"] / "plan.json").read_text("utf-8"))["rows"]
    assert [(row["group"], row["action"]) for row in planned] == [
        ("7A", "refuse"),
        ("7B", "refuse"),
        ("8C", "refuse"),
        ("9D", "issue"),
    ]


def test_a_schools_export_goes_back_in_with_its_groups(program: Program) -> None:
    """The grade, by which people of many classes are grouped, is kept by the report; so are zeros of ids."""
    folder = program.cwd / "sds"
    folder.mkdir()
    for name, text in {
        "Student.csv": "SIS ID,School SIS ID,First Name,Last Name,Username,Grade\n"
        "0011,1,Anna,Arendt,anna@contoso.com,9\n0012,1,Ben,Bauer,ben b@contoso.com,10\n",
        "Section.csv": "SIS ID,School SIS ID,Section Name\ns1,1,Maths\ns2,1,Art\n",
        "StudentEnrollment.csv": "Section SIS ID,SIS ID\ns1,0011\ns2,0011\ns1,0012\ns2,0012\n",
    }.items():
        (folder / name).write_text(text, "utf-8")
    options = ("--simulate", "--timezone", "UTC", "--json")
    report = _report(program, program("plan", "sds", *options, code=3).json)
    (program.cwd / "back.xlsx").write_bytes(report.read_bytes())
    done = program("plan", "back.xlsx", *options, code=3).json
    (row,) = json.loads((program.cwd / done["folder"] / "plan.json").read_text("utf-8"))["rows"]
    assert row["group"] == "10"
    (_, cells) = load_workbook(report).worksheets[0].iter_rows(values_only=True)
    assert cells[0] == "0012"
    assert "Maths; Art" in cells
