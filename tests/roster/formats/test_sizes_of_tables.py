"""Tables of absurd width, length and cells, in text and in workbooks: each is refused by what is too much of it."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from bulktap.roster.files.size_limits import ADDED_COLUMNS, MAX_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

USER, ANNA = "User name", "anna@contoso.com"
MOST = MAX_COLUMNS - ADDED_COLUMNS


def text_of(width: int, rows: int = 1, delimiter: str = ",") -> str:
    """Return a text with so many columns, the user's the first."""
    headings = delimiter.join([USER, *(f"c{number}" for number in range(1, width))])
    return "\n".join([headings, *[delimiter.join([ANNA, *["x"] * (width - 1)])] * rows, ""])


def book_of(width: int, numbers: bool = False) -> bytes:
    """Return an .xlsx workbook with so many columns."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Staff")
        sheet.write_row(0, 0, [USER, *(f"c{number}" for number in range(1, width))])
        sheet.write_row(1, 0, [ANNA, *([1.5] * (width - 1) if numbers else ["x"] * (width - 1))])
    return buffer.getvalue()


WIDE = [
    pytest.param(lambda: text_of(MOST), "roster.csv", None, id="the widest text"),
    pytest.param(lambda: book_of(MOST), "roster.xlsx", None, id="the widest workbook"),
    pytest.param(lambda: text_of(MOST + 1), "roster.csv", r"roster.csv has 16,321 columns; 16,320 are", id="text"),
    pytest.param(lambda: text_of(16_380, 9, ";"), "roster.csv", "16,380 columns", id="as wide as a sheet, almost"),
    pytest.param(lambda: text_of(MAX_COLUMNS, 1, "\t"), "roster.txt", "16,384 columns", id="as wide as a sheet"),
    pytest.param(lambda: book_of(MOST + 1), "roster.xlsx", "sheet Staff has 16,321 columns", id="workbook"),
    pytest.param(lambda: book_of(MAX_COLUMNS, True), "roster.xlsx", "16,384 columns", id="numbers in a whole sheet"),
    pytest.param(lambda: text_of(20_000), "roster.csv", "row 1 has 20,000 fields; a sheet has", id="beyond a sheet"),
    pytest.param(lambda: text_of(1_000_000), "roster.csv", "row 1: the line has more than", id="a million columns"),
    pytest.param(lambda: f"{USER}{',' * 999_999}\n{ANNA}{',' * 999_999}\n", "roster.csv", "1,000,000 fields",
                 id="a million empty columns"),
    pytest.param(lambda: f"{USER},Name\n{ANNA},A\n{ANNA}{';' * 5_000_000}\n", "roster.csv", "row 3: the line has more",
                 id="semicolons without end"),
    pytest.param(lambda: f"{USER}\n{ANNA}\n" + "\r\n" * 2_000_000, "roster.csv", "has 2,000,002 rows",
                 id="blank lines"),
    pytest.param(lambda: f"{USER}\r" + f"{ANNA}\r" * 1_100_000, "roster.csv", "has 1,100,001 rows", id="people"),
    pytest.param(lambda: f"{USER}{',' * 99}\n{ANNA}\n" + f"{',' * 99}\n" * 70_000, "roster.csv", "almost all empty",
                 id="rows and columns of nothing"),
    pytest.param(lambda: f"{USER},Name\n{ANNA},{'x' * 3_000_000}\n", "roster.csv", "row 2: the line has more",
                 id="a cell without end"),
    pytest.param(lambda: "x" * 3_000_000, "roster.csv", "row 1: the line has more", id="no line break at all"),
    pytest.param(lambda: "\r\n".join([USER, ANNA, '"' * 3_000_000]), "roster.csv", "row 3: the line", id="quotes"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "name", "refused"), WIDE)
def test_how_wide_and_long_a_roster_may_be(
    judge: Callable[..., Any], make: Callable[[], Any], name: str, refused: str | None
) -> None:
    """What the results could not be written beside is refused before anything is asked or sent."""
    verdict = judge(make(), {"name": name})
    if refused is None:
        assert verdict.people == [ANNA]
    else:
        verdict.meets({"refused": refused, "file": name})


def test_empty_columns_beside_the_table_do_no_harm(judge: Callable[..., Any]) -> None:
    """Excel writes a comma for each column that once held something."""
    lines = [f"{USER},Name{',' * 5_000}", *[f"a{number}@contoso.com,A{',' * 5_000}" for number in range(30)]]
    assert len(judge("\n".join(lines), {}).people) == 30


def test_line_breaks_in_cells_are_no_rows(judge: Callable[..., Any]) -> None:
    """A remark of many lines is one cell of one row."""
    remark = '"' + "a line\n" * 20_000 + '"'
    assert judge(f"{USER},Remark\n{ANNA},{remark}\n", {}).people == [ANNA]


def date_book(number: str, style: int) -> bytes:
    """Return an .xlsx workbook whose only start is this number in this style; 1 is a date, 2 a duration."""
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    package = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    cells = {"A1": USER, "B1": "Start", "A2": ANNA, "A3": "ben@contoso.com", "B3": "2035-09-01"}
    texts = {place: f'<c r="{place}" t="str"><v>{text}</v></c>' for place, text in cells.items()}
    odd = f'<c r="B2" s="{style}"><v>{number}</v></c>'
    rows = f'<row r="1">{texts["A1"]}{texts["B1"]}</row><row r="2">{texts["A2"]}{odd}</row>'
    rows += f'<row r="3">{texts["A3"]}{texts["B3"]}</row>'
    links = f'<Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/>'
    parts = {
        "_rels/.rels": f'<Relationships {package}><Relationship Id="r1" Type="{rel}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{rel}"><sheets><sheet name="R" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships {package}>{links}</Relationships>",
        "xl/styles.xml": f'<styleSheet {main}><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="46"/>'
        "</cellXfs></styleSheet>",
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return buffer.getvalue()


DAYS = ["2958466", "2958465.9999999", "1e10", "1e300", "-1e300", "1e400", "nan", "-1e10", "9" * 400, "-5", "60", "0"]


@pytest.mark.parametrize("style", [1, 2], ids=["date", "duration"])
@pytest.mark.parametrize("number", DAYS, ids=lambda number: number[:20])
def test_a_day_that_no_calendar_has(judge: Callable[..., Any], number: str, style: int) -> None:
    """The row that holds it is refused, and the others are read."""
    verdict = judge(date_book(number, style), {"name": "roster.xlsx"})
    assert not verdict.refused
    assert verdict.people == ["ben@contoso.com"]
    assert list(verdict.rows) == [2]


@pytest.mark.parametrize("number", [1e300, -1e300, 1e10, float("inf"), float("nan"), 2_958_465.9999999])
@pytest.mark.parametrize("packed", [False, True])
def test_a_day_that_no_calendar_has_in_an_old_workbook(
    judge: Callable[..., Any], old: SimpleNamespace, number: float, packed: bool
) -> None:
    """The same in an .xls file, whether the number has eight bytes there or four."""
    formats = old.record(0x00E0, struct.pack("<HH", 0, 0) + bytes(16))
    formats += old.record(0x00E0, struct.pack("<HH", 0, 22) + bytes(16))
    upper = struct.unpack("<Q", struct.pack("<d", number))[0] >> 32 & 0xFFFFFFFC
    odd = (
        old.record(0x027E, struct.pack("<HHHI", 1, 1, 1, upper))
        if packed
        else old.record(0x0203, struct.pack("<HHHd", 1, 1, 1, number))
    )
    body = old.cell(0, 0, 0) + old.cell(0, 1, 1) + old.cell(1, 0, 2) + odd + old.cell(2, 0, 3) + old.cell(2, 1, 4)
    texts = old.texts(USER, "Start", ANNA, "ben@contoso.com", "2035-09-01")
    verdict = judge(old.book({"Staff": body}, texts, further=formats), {"name": "roster.xls"})
    assert verdict.people == ["ben@contoso.com"]
    assert list(verdict.rows) == [2]


def test_numbers_without_end_can_be_written_again(judge: Callable[..., Any]) -> None:
    """What neither JSON nor a cell of a report can hold is kept as a text."""
    rows = judge(date_book("1e400", 0), {"name": "roster.xlsx"}).checked.rows
    assert rows[0].source.cells[1] == "inf"
