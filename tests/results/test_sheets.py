"""Workbooks as sheets writes them, read back by openpyxl and by calamine."""

# ruff: noqa: DTZ001 - the moments in cells have no zone
from __future__ import annotations

import io
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bulktap.model.secret import Secret
from bulktap.results.sheets import (
    Cell,
    Column,
    ColumnKind,
    FactSheet,
    Section,
    TableSheet,
    cell_text,
    sheet_name,
    workbook_bytes,
)

CREATED = datetime(2035, 8, 30, 14, 0, tzinfo=UTC)

LOOKS_LIKE_SOMETHING = [
    "+drkzqAD",
    "=1+1",
    "-5",
    "@SUM(A1)",
    "'quoted",
    '=HYPERLINK("http://fabrikam.com","click")',
    "00123",
    "1e5",
    "TRUE",
    "http://contoso.com/",
    "internal:Sheet1!A1",
    "a  b",
    " leading",
    "trailing ",
    'say "no"',
    "<script>alert(1)</script>",
    "<r><t>x</t></r>",
    "<r>",
    "&amp;",
    "😀 Zoë",
    "محمد علي",
    "山田 太郎",
    "two\nlines",
    "#N/A",
    "{=A1}",
]


def table(*values: Cell, kind: ColumnKind = ColumnKind.AS_TYPED) -> bytes:
    """Return a workbook with one column of these values."""
    return workbook_bytes(
        [TableSheet("S", [Column("H", kind)], [[value] for value in values])], title="T", created=CREATED
    )


def cells(data: bytes) -> list[object]:
    """Return the values under the heading."""
    sheet = openpyxl.load_workbook(io.BytesIO(data))["S"]
    return [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]


@pytest.mark.parametrize("kind", [ColumnKind.TEXT, ColumnKind.PASSCODE, ColumnKind.AS_TYPED])
@pytest.mark.parametrize("text", LOOKS_LIKE_SOMETHING)
def test_text_is_a_text_cell_whatever_it_looks_like(text: str, kind: ColumnKind) -> None:
    """Text comes back letter by letter from a text cell, by both readers."""
    data = table(text, kind=kind)

    cell = openpyxl.load_workbook(io.BytesIO(data))["S"]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("S").to_python()[1] == [text]


@pytest.mark.parametrize("text", ["+a", "=a", "-a", "@a"])
def test_text_that_would_be_a_formula_when_edited_is_quoted(text: str) -> None:
    """The quote prefix keeps Excel from reading the text again when somebody edits the cell."""
    book = openpyxl.load_workbook(io.BytesIO(table(text, "plain")))

    assert book["S"]["A2"].style.startswith("Normal")
    assert (book["S"]["A2"].quotePrefix, book["S"]["A3"].quotePrefix) == (True, False)


def test_a_passcode_stands_in_a_fixed_width_text_cell() -> None:
    """Its letters are told apart, and the cell stays text however it is edited; the secret itself is written."""
    cell = openpyxl.load_workbook(io.BytesIO(table(Secret("0O1lI"), kind=ColumnKind.PASSCODE)))["S"]["A2"]

    assert (cell.value, cell.font.name, cell.number_format) == ("0O1lI", "Consolas", "@")


def test_moments_are_real_dates() -> None:
    """A date-time, a date and a time are numbers with a format that no language reads differently."""
    moments = [datetime(2035, 9, 3, 8, 20, 7, 999_999), date(2035, 9, 3), time(8, 20), time(8, 20, 30)]
    data = table(*moments)

    sheet = openpyxl.load_workbook(io.BytesIO(data))["S"]
    assert [(sheet.cell(row, 1).value, sheet.cell(row, 1).number_format) for row in range(2, 6)] == [
        (datetime(2035, 9, 3, 8, 20, 7), "yyyy-mm-dd hh:mm"),
        (datetime(2035, 9, 3), "yyyy-mm-dd"),
        (time(8, 20), "hh:mm"),
        (time(8, 20, 30), "hh:mm:ss"),
    ]
    read = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("S").to_python()
    assert read[1:3] == [[datetime(2035, 9, 3, 8, 20, 7)], [date(2035, 9, 3)]]


@given(moment=st.datetimes(datetime(1900, 3, 1), datetime(2200, 1, 1)))
@settings(max_examples=60, deadline=None)
def test_no_second_is_lost_in_a_cell(moment: datetime) -> None:
    """Whatever the moment, the cell gives it back to the second."""
    assert cells(table(moment)) == [moment.replace(microsecond=0)]


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (42, 42),
        (0.5, 0.5),
        (True, True),
        (999_999_999_999_999, 999_999_999_999_999),
        (4_111_111_111_111_111, "4111111111111111"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (date(1899, 12, 31), "1899-12-31"),
        (datetime(1900, 1, 1, 8, 0), "1900-01-01 08:00:00"),
        (None, None),
    ],
)
def test_what_a_cell_would_change_is_written_as_text(value: Cell, stored: object) -> None:
    """Numbers stay numbers as far as a cell keeps their digits, dates as far as everybody counts days alike."""
    assert cells(table(value, "last"))[0] == stored


def test_yes_and_no_are_words() -> None:
    """True and false are words that no spreadsheet translates; what is not known stays empty."""
    assert cells(table(True, False, None, "last", kind=ColumnKind.YES_NO)) == ["Yes", "No", None, "last"]


def test_characters_that_xml_cannot_hold_are_replaced_visibly() -> None:
    """Control characters and halves of characters become U+FFFD; line ends become line feeds."""
    assert cell_text("a\x00b\x1bc\ud800d\uffffe\r\nf\rg\th") == "a\ufffdb\ufffdc\ufffdd\ufffde\nf\ng\th"


@given(st.text(st.characters(codec=None), max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_text_makes_a_sound_workbook(text: str) -> None:
    """Whatever stands in a heading and a cell, every part of the workbook is well-formed XML."""
    data = workbook_bytes([TableSheet("S", [Column(text)], [[text]])], title="T", created=CREATED)

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            ET.fromstring(parts.read(name))  # noqa: S314 - our own bytes


@pytest.mark.parametrize("letter", ["x", "😀"])
def test_text_too_long_for_a_cell_is_cut_with_a_mark(letter: str) -> None:
    """At most 32,767 UTF-16 units, no character halved, and the reader sees that something is missing."""
    fits, cut = cell_text(letter * 16_383), cell_text(letter * 40_000)

    assert fits == letter * 16_383
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767
    assert cut.rstrip("… (cut)") == letter * len(cut.rstrip("… (cut)"))
    assert cut.endswith("… (cut)")
    assert cells(table(cut)) == [cut]


def test_a_table_can_be_worked_with_at_once() -> None:
    """Its heading stays in sight, its columns can be filtered, and a fault can be seen."""
    sheet = TableSheet(
        "S", [Column("A"), Column("B", note="Hint")], [["1", "2"], ["3", None]], {1: [1]}, frozen_columns=1
    )

    seen = openpyxl.load_workbook(io.BytesIO(workbook_bytes([sheet], title="T", created=CREATED)))["S"]
    assert (seen.freeze_panes, seen.auto_filter.ref) == ("B2", "A1:B3")
    assert seen["B1"].comment.text == "Hint"
    assert [seen[name].fill.fill_type for name in ("A2", "B2", "A3", "B3")] == [None, None, None, "solid"]


def test_columns_are_as_wide_as_what_is_in_them_within_reason() -> None:
    """A long value does not push the others out of sight, and wide letters count twice."""
    columns = [Column("H"), Column("H"), Column("H"), Column("H", width=30)]
    sheet = TableSheet("S", columns, [["x" * 20, "x" * 900, "山" * 9, ""]])

    seen = openpyxl.load_workbook(io.BytesIO(workbook_bytes([sheet], title="T", created=CREATED)))["S"]
    widths = [round(seen.column_dimensions[letter].width) for letter in "ABCD"]
    assert widths == [23, 43, 21, 31]


def test_a_row_is_as_high_as_its_wrapped_text() -> None:
    """Two lines, or one that is twice as long as its column, take two lines' height."""
    columns = [Column("H", width=20, wrap=True)]
    sheet = TableSheet("S", columns, [["short"], ["two\nlines"], ["x" * 39]])

    seen = openpyxl.load_workbook(io.BytesIO(workbook_bytes([sheet], title="T", created=CREATED)))["S"]
    assert [seen.row_dimensions[row].height for row in (2, 3, 4)] == [None, 30, 30]


def test_more_rows_than_a_sheet_holds_go_on_in_the_next() -> None:
    """No row is dropped, each sheet has the heading, and faults keep to their rows."""
    sheet = TableSheet("S", [Column("H")], [[f"{number}"] for number in range(5)], {3: [0]})

    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes([sheet], title="T", created=CREATED, rows_per_sheet=3)))
    assert {name: [cell.value for cell in book[name]["A"]] for name in book.sheetnames} == {
        "S": ["H", "0", "1"],
        "S (2)": ["H", "2", "3"],
        "S (3)": ["H", "4"],
    }
    assert book["S (2)"]["A3"].fill.fill_type == "solid"


def test_more_columns_than_a_sheet_holds_are_refused() -> None:
    """Nothing is left out without a word."""
    wide = TableSheet("S", [Column("H")] * 16_385, [])

    with pytest.raises(ValueError, match="more columns"):
        workbook_bytes([wide], title="T", created=CREATED)


def test_two_sheets_of_one_name_are_refused() -> None:
    """The library's own exception does not travel."""
    with pytest.raises(ValueError, match="already in use"):
        workbook_bytes([TableSheet("S", [Column("H")], [])] * 2, title="T", created=CREATED)


def test_facts_stand_under_their_title_and_banner() -> None:
    """Title, loud line, sections, labels and values, from top to bottom."""
    sheet = FactSheet("S", "Title", [Section("One", [("Label", 5), ("", "=more")])], banner="SIMULATED")

    seen = openpyxl.load_workbook(io.BytesIO(workbook_bytes([sheet], title="T", created=CREATED)))["S"]
    said = [row for row in seen.iter_rows(values_only=True) if any(value is not None for value in row)]
    assert said == [("Title", None), ("SIMULATED", None), ("One", None), ("Label", 5), ("", "=more")]


def test_the_same_sheets_give_the_same_bytes() -> None:
    """Nothing of the clock or of chance is in a workbook."""
    assert table("a", 1, date(2035, 1, 1)) == table("a", 1, date(2035, 1, 1))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Class 5a", "Class 5a"),
        ("a[b]c:d*e?f/g\\h", "abcdefgh"),
        ("'quoted'", "quoted"),
        ("x" * 40, "x" * 31),
        ("😀" * 16, "😀" * 15),
        ("History", "Roster"),
        ("", "Roster"),
        (None, "Roster"),
        ("\x00\ud800", "Roster"),
    ],
)
def test_sheet_names_are_as_excel_allows_them(text: str | None, name: str) -> None:
    """What Excel would refuse is left out or cut, and the workbook can be written under that name."""
    assert sheet_name(text, "Roster") == name
    workbook_bytes([TableSheet(name, [Column("H")], [])], title="T", created=CREATED)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed; Windows has none")
def test_no_file_is_written_on_the_way(tmp_path: Path) -> None:
    """Making and encrypting a workbook opens no file for writing, temporary ones included."""
    script = tmp_path / "make.py"
    script.write_text(
        """
from datetime import UTC, datetime
from bulktap.storage.office_encryption import WorkbookKey
from bulktap.model.secret import Secret
from bulktap.results.sheets import Column, ColumnKind, TableSheet, workbook_bytes
rows = [[f"+secret{number}"] for number in range(3000)]
sheet = TableSheet("S", [Column("H", ColumnKind.PASSCODE, note="n")], rows)
data = workbook_bytes([sheet], title="T", created=datetime.now(UTC))
WorkbookKey(Secret("correct horse"), spin_count=1000).made_ahead().encrypt(data)
print("made")
""",
        encoding="utf-8",
    )
    trace = tmp_path / "trace"
    calls = "trace=open,openat,creat,rename,unlink,mkdir,memfd_create"
    command = ["strace", "-f", "-e", calls, "-o", str(trace), sys.executable, "-B", str(script)]
    environment = {"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if "ptrace" in done.stderr:
        pytest.skip("this machine does not allow tracing")

    assert done.stdout == "made\n"
    writing = ("O_WRONLY", "O_RDWR", "O_CREAT", "creat(", "rename(", "unlink(", "mkdir(", "memfd_create(")
    assert [line for line in trace.read_text().splitlines() if any(word in line for word in writing)] == []
