"""Several files as one run, from the command line: what is planned, named, carried and signed off."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whole_run import Program

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
