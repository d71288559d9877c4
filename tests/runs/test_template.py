"""`bulktap template`: a new workbook, never over one that is there; filled in, it becomes a plan without options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import load_workbook

if TYPE_CHECKING:
    from whole_run import Program


def test_a_template_becomes_a_plan(program: Program) -> None:
    """Written, filled in, planned."""
    done = program("template", "--language", "de", "--json").json
    assert (done["file"], done["exit_code"]) == ("roster.xlsx", 0)
    book = load_workbook(program.cwd / "roster.xlsx")
    sheet = book.worksheets[0]
    sheet["A2"], sheet["C2"] = "anna@contoso.com", "7-1"
    book.save(program.cwd / "roster.xlsx")
    assert program("plan", "roster.xlsx", "--simulate", "--timezone", "UTC", "--json").json["plan"]["issue"] == 1


def test_an_empty_one_is_no_roster(program: Program) -> None:
    """It says that nobody is in it."""
    program("template", "empty.xlsx", "--like", "entra")
    assert "no people" in program("plan", "empty.xlsx", "--simulate", code=4).err


def test_nothing_is_overwritten(program: Program) -> None:
    """A file of that name stays, and another kind of name is refused."""
    (program.cwd / "roster.xlsx").write_bytes(b"mine")
    assert "is there already" in program("template", code=2).err
    assert (program.cwd / "roster.xlsx").read_bytes() == b"mine"
    assert "ends in .xlsx" in program("template", "roster.csv", code=2).err
