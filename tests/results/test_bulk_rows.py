"""The rows of tables against the same cells written one by one with XlsxWriter, as openpyxl and calamine read both."""

# ruff: noqa: DTZ001 - the moments in cells have no zone
from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bulktap.model.secret import Secret
from bulktap.results.sheets import Cell, Column, ColumnKind, FactSheet, Section, TableSheet, workbook_bytes
from bulktap.results.sheets.filling import KeptRows

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

CREATED = datetime(2035, 8, 30, 14, 0, tzinfo=UTC)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WORKSHEET_ORDER = (  # ECMA-376, part 1, 18.3.1.99, as far as our sheets have it
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter", "printOptions",
    "pageMargins", "pageSetup", "headerFooter", "ignoredErrors", "drawing", "legacyDrawing",
)  # fmt: skip

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12),
    st.sampled_from([
        "=1+1", "+x", "-5", "@A", "'x", "00123", "1e5", "TRUE", "<r><t>x</t></r>", "<b>", "a&b", "&amp;", "]]>",
        " a", "a ", "\u00a0a", "a\u3000", "two\nlines", "\tindent", "_x0041_", "a_b", "_x00g1_", "😀",
    ]),
)  # fmt: skip
CELLS = st.one_of(
    st.none(),
    TEXTS,
    st.booleans(),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.floats(-1e9, 1e9).map(lambda number: round(number, 3)),
    st.datetimes(datetime(1900, 3, 1), datetime(2200, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
    st.dates(date(1900, 3, 1), date(2200, 1, 1)),
    st.times().map(lambda moment: moment.replace(microsecond=0)),
)


def table(rows: Sequence[Sequence[Cell]], kinds: Sequence[ColumnKind]) -> bytes:
    """Return a workbook of these rows."""
    columns = [Column(f"H{number}", kind) for number, kind in enumerate(kinds)]
    return workbook_bytes([TableSheet("S", columns, rows)], title="T", created=CREATED)


def one_by_one(rows: Sequence[Sequence[Cell]], kinds: Sequence[ColumnKind]) -> bytes:
    """Return the same written cell by cell with XlsxWriter."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("S")
    for number in range(len(kinds)):
        sheet.write_string(0, number, f"H{number}")
    for row, cells in enumerate(rows, start=1):
        for column, (value, kind) in enumerate(zip(cells, kinds, strict=True)):
            look: dict[str, Any] = {"valign": "top"}
            if kind is ColumnKind.PASSCODE:
                look |= {"font_name": "Consolas", "font_family": 3, "num_format": "@"}
            if kind is ColumnKind.INTEGER:
                look |= {"num_format": "0", "align": "left"}
            write_one(book, sheet, row, column, value, look)
    book.close()
    return target.getvalue()


def write_one(book: Any, sheet: Any, row: int, column: int, value: Cell, look: dict[str, Any]) -> None:
    """Write one cell as its type asks for."""
    if isinstance(value, str):
        if value.startswith(("=", "+", "-", "@", "'")):
            look |= {"quote_prefix": True}
        style = book.add_format(look)
        pieces = (style, value[:1], style, value[1:2], style, value[2:], style)
        rich = value.startswith("<r>")
        done = sheet.write_rich_string(row, column, *pieces) if rich else sheet.write_string(row, column, value, style)
        assert done == 0
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, book.add_format(look))
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, book.add_format(look))
    elif value is not None:
        assert isinstance(value, datetime | date | time)
        shape = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd"
        if isinstance(value, time):
            shape = "hh:mm:ss" if value.second else "hh:mm"
        sheet.write_datetime(row, column, value, book.add_format(look | {"num_format": shape, "align": "left"}))


def seen(workbook: bytes) -> list[list[tuple[object, ...]]]:
    """Return what openpyxl sees of each cell, its looks included."""
    sheet = openpyxl.load_workbook(io.BytesIO(workbook))["S"]
    return [
        [
            (
                cell.value,
                cell.data_type,
                cell.number_format,
                cell.quotePrefix,
                cell.font.name,
                cell.alignment.horizontal,
                cell.alignment.vertical,
            )
            for cell in row
        ]
        for row in sheet.iter_rows(min_row=2)
    ]


@given(
    st.lists(st.sampled_from([ColumnKind.TEXT, ColumnKind.PASSCODE, ColumnKind.INTEGER]), min_size=1, max_size=4)
    .flatmap(lambda kinds: st.tuples(st.just(kinds), st.lists(st.tuples(*(CELLS for _ in kinds)), min_size=1)))
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_readers_see_what_they_see_of_cells_written_one_by_one(
    drawn: tuple[list[ColumnKind], list[tuple[Cell, ...]]],
) -> None:
    """Values, types, number formats and looks are those of XlsxWriter's own cells, in any table."""
    kinds, rows = drawn
    rows = [*rows, ("the last row",) * len(kinds)]
    ours, theirs = table(rows, kinds), one_by_one(rows, kinds)

    assert seen(ours) == seen(theirs)
    read, expected = (
        CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("S").to_python() for data in (ours, theirs)
    )
    assert read[1:] == expected[1:]


@pytest.mark.parametrize("text", ["_x0041_", "_x005F_", "_x005F_x0041_", "__x0041_x0042_", "_xd800_", "_x000D_\n"])
def test_what_looks_like_an_escape_is_read_as_it_was_written(text: str) -> None:
    """A reader that undoes escapes, as Excel does, comes back to the very letters."""
    read = CalamineWorkbook.from_filelike(io.BytesIO(table([[text]], [ColumnKind.TEXT]))).get_sheet_by_name("S")

    assert read.to_python()[1:] == [[text]]


@pytest.mark.parametrize("number", [10_000_000_000_000.125, 0.1 + 0.2, 5e-324, -1.5e-7, 999_999_999_999_999, -0.5])
def test_no_digit_of_a_number_is_lost(number: float) -> None:
    """A number that a cell takes comes back bit by bit."""
    sheet = openpyxl.load_workbook(io.BytesIO(table([[number]], [ColumnKind.AS_TYPED])))["S"]

    assert sheet["A2"].value == number


def test_a_table_is_in_the_order_that_the_standard_asks_for() -> None:
    """Elements of a sheet stand as ECMA-376 lists them, rows and cells ascend, the sheet says how far it reaches."""
    columns = [Column("A", note="Hint"), Column("B", wrap=True, width=9)]
    data = workbook_bytes(
        [TableSheet("S", columns, [["x", "long text that wraps"], [None, 5]], {1: [0]}, frozen_columns=1)],
        title="T",
        created=CREATED,
    )

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheet = ET.fromstring(parts.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own bytes
    names = [element.tag.removeprefix(MAIN) for element in sheet]
    assert names == sorted(names, key=WORKSHEET_ORDER.index)
    rows = sheet.findall(f"{MAIN}sheetData/{MAIN}row")
    assert [row.get("r") for row in rows] == ["1", "2", "3"]
    assert [[cell.get("r") for cell in row] for row in rows] == [["A1", "B1"], ["A2", "B2"], ["A3", "B3"]]
    assert sheet.find(f"{MAIN}dimension").attrib == {"ref": "A1:B3"}  # type: ignore[union-attr]


@pytest.mark.parametrize("rows", [0, 1, 499, 500, 501, 1_001])
def test_no_row_is_lost_where_rows_are_written_many_at_a_time(rows: int) -> None:
    """Every row is there once, in order, whatever the number."""
    data = table([[f"row {number}"] for number in range(rows)], [ColumnKind.TEXT])

    read = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("S").to_python()
    assert [row[0] for row in read] == ["H0", *(f"row {number}" for number in range(rows))]


def test_every_part_is_well_formed_and_every_text_is_referred_to() -> None:
    """Two tables share one table of strings, and each number in a cell leads to the text that was meant."""
    sheets = [
        TableSheet(name, [Column("H")], [[text] for text in (*texts, "both", "=both", texts[0])])
        for name, texts in (("One", ["a", "=a"]), ("Two", ["b", " b"]))
    ]
    data = workbook_bytes(sheets, title="T", created=CREATED)

    book = openpyxl.load_workbook(io.BytesIO(data))
    assert {name: [cell.value for cell in book[name]["A"]] for name in book.sheetnames} == {
        "One": ["H", "a", "=a", "both", "=both", "a"],
        "Two": ["H", "b", " b", "both", "=both", "b"],
    }


FACTS: Sequence[Sequence[tuple[str, Cell]]] = [
    [("State", "Comparing")],
    [("State", "Comparing"), ("Passes", 2), ("Written", "at noon")],
    [("H0", "the heading's own text"), ("a", "the text of a cell")],
    [("_x0041_", "<si>&</si>"), ("True", True)],
    [],
]


@pytest.mark.parametrize("facts", FACTS)
def test_rows_are_not_made_again_beside_other_facts(facts: Sequence[tuple[str, Cell]]) -> None:
    """The workbook is the one that is made from the start, and readers see these facts in it."""
    looked_up: list[int] = []

    class Faults(dict[int, "Collection[int]"]):
        def get(self, row: int, default: Any = None) -> Any:
            looked_up.append(row)
            return super().get(row, default)

    second = [Column("H0"), Column("H1", ColumnKind.DATE_TIME)]
    tables = [
        TableSheet("One", [Column("H0")], [["a"], ["=a"], ["at noon"]], Faults()),
        TableSheet("Two", second, [["b", CREATED]], Faults()),
    ]
    kept = KeptRows()

    def book(facts: Sequence[tuple[str, Cell]], kept: KeptRows | None) -> bytes:
        sheet = FactSheet("Facts", "T", (Section("S", facts),))
        return workbook_bytes([*tables, sheet], title="T", created=CREATED, kept=kept)

    book([("State", "Comparing"), ("Before", "gone")], kept)
    looked_up.clear()
    again = book(facts, kept)
    assert looked_up == []
    assert again == book(facts, None)
    assert looked_up == [0, 1, 2, 0]
    read = openpyxl.load_workbook(io.BytesIO(again))
    assert [cell.value for cell in read["One"]["A"]] == ["H0", "a", "=a", "at noon"]
    shown = [tuple(cell.value for cell in row) for row in read["Facts"].iter_rows(min_row=4)]
    assert shown == list(facts)


@pytest.mark.parametrize(
    ("zone", "clock"),
    [
        ("UTC", datetime(2035, 9, 3, 8, 0)),
        ("Europe/Berlin", datetime(2035, 9, 3, 10, 0)),
        ("America/St_Johns", datetime(2035, 9, 3, 5, 30)),
        ("Asia/Kathmandu", datetime(2035, 9, 3, 13, 45)),
        ("Pacific/Kiritimati", datetime(2035, 9, 3, 22, 0)),
    ],
)
def test_one_moment_in_two_zones_shows_two_clocks(zone: str, clock: datetime) -> None:
    """Moments that are equal are not written alike where their clocks differ."""
    moment = datetime(2035, 9, 3, 8, 0, tzinfo=UTC)
    data = table([[moment, moment.astimezone(ZoneInfo(zone))]] * 2, [ColumnKind.DATE_TIME] * 2)

    read = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("S").to_python()
    assert read[1:] == [[datetime(2035, 9, 3, 8, 0), clock]] * 2


def test_a_passcode_is_revealed_in_its_cell_alone() -> None:
    """What is secret is written as its text, in the looks of a passcode, next to equal text that is none."""
    data = table([["same", Secret("same")]], [ColumnKind.TEXT, ColumnKind.PASSCODE])

    sheet = openpyxl.load_workbook(io.BytesIO(data))["S"]
    assert [(cell.value, cell.font.name) for cell in sheet[2]] == [("same", "Calibri"), ("same", "Consolas")]


def test_a_cell_of_a_row_takes_little_memory_beyond_its_text() -> None:
    """Fifty thousand cells of repeated words need no object each: well below 100 bytes a cell at the peak."""
    begin = datetime(2035, 9, 3, 8, 0)
    rows = [["word", number % 7, begin + timedelta(days=number % 5), "Yes", "No"] for number in range(10_000)]
    table(rows[:1], [ColumnKind.AS_TYPED] * 5)
    tracemalloc.start()
    try:
        table(rows, [ColumnKind.AS_TYPED] * 5)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 50_000 * 100
