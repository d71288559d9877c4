# ruff: noqa: DTZ001 - cells of a spreadsheet know no time zone
"""Workbooks and tables: sheets, headings, rows, and what is never read."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from bulktap.cli.setting_options import with_options
from bulktap.model.errors import RosterError
from bulktap.roster.model import Roster
from bulktap.roster.read import read_roster
from bulktap.roster.reading_options import ReadingOptions
from bulktap.roster.reading_words import HiddenRows

if TYPE_CHECKING:
    from pathlib import Path

Read = Callable[..., Roster]


def saved(book: Workbook) -> bytes:
    """Return the bytes of a workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_cells_arrive_as_typed(read: Read) -> None:
    """Text, whole numbers, fractions, dates, times and truth values keep their kind; dates are naive."""
    cells = ["anna@contoso.com", "00123", 7, 1.5, datetime(2035, 9, 1, 7, 30), date(2035, 9, 1), time(8, 0), True]
    roster = read([["User name", *"BCDEFGH"], cells], "r.xlsx")
    assert roster.rows[0].cells == tuple(cells)
    assert roster.rows[0].sheet == "Sheet"


def test_fractions_of_a_day_become_whole_minutes(read: Read) -> None:
    """A third of a day is eight o'clock, not a few milliseconds before it."""
    starts = [datetime(2035, 9, 1) + timedelta(minutes=minute) for minute in range(0, 1440, 7)]
    roster = read([["User name", "Pass start"], *(["anna@contoso.com", start] for start in starts)], "r.xlsx")
    read_back = [datetime(*cell.timetuple()[:6]) for row in roster.rows if isinstance(cell := row.cells[1], date)]
    assert read_back == starts
    moments = [cell for row in roster.rows for cell in row.cells if isinstance(cell, datetime)]
    assert not any(moment.microsecond for moment in moments)


def test_rows_are_numbered_as_the_sheet_shows_them(read: Read) -> None:
    """Titles above, blank rows between and styled ghost rows below change no number."""
    book = Workbook()
    book.active["A1"] = "New students 2035"
    for row, values in {
        3: ["User name", "Name"],
        5: ["anna@contoso.com", "Anna"],
        9: ["ben@contoso.com", "Ben"],
    }.items():
        for column, value in enumerate(values, 1):
            book.active.cell(row, column, value)
    book.active["A500"].number_format = "00000"
    roster = read(saved(book), "r.xlsx")
    assert (roster.header_row, [row.number for row in roster.rows]) == (3, [5, 9])
    assert "The headings were found in row 3." in roster.notes


def test_table_that_does_not_begin_in_the_corner(read: Read) -> None:
    """A table that begins in C4 has the same rows and no empty columns."""
    rows = [[], [], [], [None, None, "User name", "Name"], [None, None, "anna@contoso.com", "Anna"]]
    roster = read(rows, "r.xlsx")
    assert roster.headings == ("User name", "Name")
    assert (roster.rows[0].number, roster.rows[0].cells) == (5, ("anna@contoso.com", "Anna"))


def test_the_visible_sheet_with_users_is_found(read: Read) -> None:
    """Hidden sheets are not read, and a cover sheet is passed over."""
    book = Workbook()
    book.active.append(["User name"])
    book.active.append(["old@contoso.com"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Cover").append(["Welcome"])
    roster_sheet = book.create_sheet("New people")
    for value in ("User name", "anna@contoso.com"):
        roster_sheet.append([value])
    roster = read(saved(book), "r.xlsx")
    assert (roster.sheet, roster.rows[0].cells) == ("New people", ("anna@contoso.com",))
    assert any("1 hidden sheet" in note for note in roster.notes)


def test_a_sheet_of_ids_beside_the_people_is_no_roster(read: Read) -> None:
    """Ids of licences or groups make no second roster; alone, ids without a heading do."""
    book = Workbook()
    book.active.title = "People"
    ids = book.create_sheet("Licences")
    for number, user in enumerate(("User name", "anna@contoso.com", "ben@contoso.com")):
        book.active.append([user])
        ids.append([f"5f1e2d3c-0b4a-4c6d-8e7f-9a0b1c2d3e4{number}"])
    assert read(saved(book), "r.xlsx").sheet == "People"
    del book["People"]
    book.create_sheet("Cover").append(["Welcome"])
    assert read(saved(book), "r.xlsx").sheet == "Licences"


def two_classes() -> bytes:
    """Return a workbook with a sheet for each of two classes."""
    book = Workbook()
    book.active.title = "7A"
    for sheet, user in ((book.active, "anna@contoso.com"), (book.create_sheet("7B"), "ben@contoso.com")):
        sheet.append(["User name"])
        sheet.append([user])
    return saved(book)


def test_two_sheets_that_could_be_meant_are_a_question(read: Read) -> None:
    """Where two sheets look like a roster, both are named and --sheet settles it."""
    with pytest.raises(RosterError, match=r"7A \(1 row\), 7B \(1 row\)") as question:
        read(two_classes(), "r.xlsx")
    assert "--sheet" in with_options(question.value.hint)
    assert read(two_classes(), "r.xlsx", sheets=("7b",)).rows[0].cells == ("ben@contoso.com",)


def test_sheet_that_does_not_exist(read: Read) -> None:
    """A wrong --sheet lists the sheets that exist."""
    with pytest.raises(RosterError, match="no sheet 9Z") as refusal:
        read(two_classes(), "r.xlsx", sheets=("9Z",))
    assert "7A, 7B" in refusal.value.message


def hidden_row() -> bytes:
    """Return a workbook whose third row is hidden."""
    book = Workbook()
    for value in ("User name", "anna@contoso.com", "ben@contoso.com", "cem@contoso.com"):
        book.active.append([value])
    book.active.row_dimensions[3].hidden = True
    return saved(book)


@pytest.mark.parametrize(("wanted", "numbers"), [(HiddenRows.INCLUDE, [2, 3, 4]), (HiddenRows.SKIP, [2, 4])])
def test_hidden_rows_are_a_question(read: Read, wanted: HiddenRows, numbers: list[int]) -> None:
    """Hidden rows stop the run until somebody says what to do about them."""
    with pytest.raises(RosterError, match=r"1 row.* hidden by hand, the first is row 3"):
        read(hidden_row(), "r.xlsx")
    roster = read(hidden_row(), "r.xlsx", hidden_rows=wanted)
    assert [row.number for row in roster.rows] == numbers
    assert "1 hidden row" in roster.notes[0]


def test_error_cells_and_formulas_without_a_result_are_shown(read: Read) -> None:
    """Calamine reads both as empty; the roster says what the sheet shows."""
    book = Workbook()
    for row in (["User name", "Name"], ["#N/A", "Anna"], ['=A1&"@contoso.com"', "Ben"], ["cem@contoso.com", "Cem"]):
        book.active.append(row)
    roster = read(saved(book), "r.xlsx")
    assert [row.cells[0] for row in roster.rows] == ["#N/A", '=A1&"@contoso.com"', "cem@contoso.com"]


def test_remarks_beside_a_table_are_no_fault(read: Read) -> None:
    """A remark to the right of a workbook's table belongs to no column."""
    rows = [["User name"], ["anna@contoso.com"], ["ben@contoso.com", None, "call first"], ["cem@contoso.com"]]
    roster = read(rows, "r.xlsx")
    assert (roster.headings, roster.faults) == (("User name",), {})


@pytest.mark.parametrize(
    ("text", "numbers", "header"),
    [
        ("Title\n\nUser name,Name\nanna@contoso.com,Anna\n", [4], 3),
        ("Account\nAccount,Name\nanna@contoso.com,Anna\n", [3], 2),
        ("anna@contoso.com\nben@contoso.com\n", [1, 2], 0),
        ("Имя пользоват,Отд\nanna@contoso.com,7b\n", [2], 1),
        ("User name,Name\nanna@contoso.com,Anna\nUser name,Name\nben@contoso.com,Ben\n", [2, 4], 1),
        (
            "version:v1.0\nUser name [userPrincipalName] Required\nExample: chris@contoso.com\nanna@contoso.com\n",
            [4],
            2,
        ),
        ("Name,User name\nChris Green,chris@contoso.com\nAnna,anna@contoso.com\n", [3], 1),
        (
            " Example: Chris Green, chris@contoso.com\nName,User name\n Chris Green, chris@contoso.com\nB,b@x.org\n",
            [4],
            2,
        ),
        ("Member [memberObjectIdOrUpn]\n9832aad8-e4fe-496b-a604-95c6eF01ae75\nanna@contoso.com\n", [3], 1),
    ],
)
def test_headings_and_people_are_told_apart(read: Read, text: str, numbers: list[int], header: int) -> None:
    """Titles, repeated headings and Microsoft's examples are no people; without headings row 1 is one."""
    roster = read(text)
    assert ([row.number for row in roster.rows], roster.header_row) == (numbers, header)


def test_a_person_with_the_word_example_in_a_remark_stays(read: Read) -> None:
    """Only Microsoft's own example people are skipped."""
    assert (
        len(read("User name,Remark\nchris.green@contoso.com,Example: late\nchris@contoso.com,Chris Blue\n").rows) == 2
    )


def test_header_row_can_be_told(read: Read) -> None:
    """--header-row beats what would be found; an empty row is refused."""
    text = "User name,Name\nSign-in,Person\nanna@contoso.com,Anna\n"
    assert read(text, header_row=2).headings == ("Sign-in", "Person")
    with pytest.raises(RosterError, match="row 9 is empty"):
        read(text, header_row=9)


@pytest.mark.parametrize("name", ["r.csv", "r.xlsx"])
def test_secret_columns_leave_no_trace(save: Callable[..., Path], name: str) -> None:
    """Values under password headings are nowhere in the roster; the headings are named in a note."""
    rows = [["User name", "Initial password", "DOB", "Name"], ["anna@contoso.com", "hunter2", "2001-02-03", "Anna"]]
    path = save(rows if name == "r.xlsx" else "\n".join(",".join(row) for row in rows), name)
    roster = read_roster(path)
    assert "hunter2" not in repr(roster)
    assert "2001" not in repr(roster)
    assert roster.headings == ("User name", "Name")
    assert "Never read: Initial password, DOB." in roster.notes


def test_without_headings_only_users_are_read(read: Read) -> None:
    """Without headings a password could not be told from a name, so nothing but the users is read."""
    roster = read("Anna,anna@contoso.com,hunter2\nBen,ben@contoso.com,secret1\n")
    assert [row.cells for row in roster.rows] == [("anna@contoso.com",), ("ben@contoso.com",)]


def test_counter_columns_and_empty_ones_are_left_out(read: Read) -> None:
    """A row counter without a heading and trailing delimiters make no column; other values do."""
    roster = read(",User name,,Name,,\n0,anna@contoso.com,7b,Anna,,\n1,ben@contoso.com,7b,Ben,,\n")
    assert roster.headings == ("User name", "", "Name")


@pytest.mark.parametrize("text", ["User name,Name\n", "User name\n\n,,\n"])
def test_headings_without_people_are_refused(read: Read, text: str) -> None:
    """A roster without people is not a run of zero passes."""
    with pytest.raises(RosterError, match="no people"):
        read(text)


def test_empty_workbook_is_refused(read: Read) -> None:
    """A workbook without a value has no data."""
    with pytest.raises(RosterError, match="has no data"):
        read([], "r.xlsx")


COVERS = (
    [["Please fill in"], ["Contact", "it@contoso.com"]],
    [["Anleitung"], ["Ansprechpartner", "it@contoso.com"], ["Stand", "1.9.2035"]],
    [["it@contoso.com"]],
    [["Owner", "a@contoso.com"], ["Version", "2"], ["Backup", "b@contoso.com"], ["Room", "3"], ["Phone", "4"]],
)


@pytest.mark.parametrize("cover", COVERS)
def test_a_cover_sheet_with_an_address_is_no_roster(tmp_path: Path, cover: list[list[object]]) -> None:
    """Beside a sheet with headings for users it is not asked about, and `all of them` does not stumble over it."""
    book = Workbook()
    book.active.title = "Cover"
    sheets = {"Cover": cover, "7A": [["User name"], ["anna@contoso.com"]], "7B": [["User name"], ["ben@contoso.com"]]}
    for name, rows in sheets.items():
        sheet = book.active if name == "Cover" else book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path := tmp_path / "roster.xlsx")
    together = read_roster(path, ReadingOptions(all_sheets=True))
    assert [row.cells[0] for row in together.rows] == ["anna@contoso.com", "ben@contoso.com"]
    assert any("have no people and were not read: Cover" in note for note in together.notes)
    del book["7B"]
    book.save(path)
    assert [row.cells[0] for row in read_roster(path).rows] == ["anna@contoso.com"]
