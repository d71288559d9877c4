# ruff: noqa: E501 - one case to a line
"""The case list, group F: what a workbook shows, and what it hides."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.table import Table, TableColumn

from bulktap.model.plan import Field
from bulktap.roster.reading_words import HiddenRows

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl.worksheet.worksheet import Worksheet

A, B, C = "anna@contoso.com", "ben@contoso.com", "cem@contoso.com"
HEADINGS = ["User name", "Name", "Class"]
PEOPLE = [[A, "Anna", "7b"], [B, "Ben", "7b"], [C, "Cem", "7c"]]


def made(change: Callable[[Workbook, Worksheet], None], *, people: list[list[str]] = PEOPLE) -> Callable[[], bytes]:
    """Return the maker of a workbook of three people, changed."""

    def make() -> bytes:
        book, buffer = Workbook(), io.BytesIO()
        for row in (HEADINGS, *people):
            book.active.append(row)
        change(book, book.active)
        book.save(buffer)
        return buffer.getvalue()

    return make


def packed(sheet: str, **parts: str) -> Callable[[], bytes]:
    """Return the maker of a workbook whose one sheet has this XML; `sep` is the slash in the names of its parts."""

    def make() -> bytes:
        main = parts.get("main", "http://schemas.openxmlformats.org/spreadsheetml/2006/main")
        rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        files = {
            "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="R" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": sheet.replace("MAIN", main),
        }
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, content in files.items():
                archive.writestr(name.replace("/", parts.get("sep", "/")), content)
        return buffer.getvalue()

    return make


def text(value: str, reference: str = "") -> str:
    """Return a cell with a text in it."""
    place = f' r="{reference}"' if reference else ""
    return f'<c{place} t="inlineStr"><is><t>{value}</t></is></c>'


def sheet_of(*rows: str, prefix: str = "", dimension: str = "") -> str:
    """Return a sheet's XML."""
    body = f"<sheetData>{''.join(rows)}</sheetData>"
    xml = f'<worksheet xmlns{":x" if prefix else ""}="MAIN">{dimension}{body}</worksheet>'
    if prefix:
        xml = xml.replace("</", "\0").replace("<", f"<{prefix}").replace("\0", f"</{prefix}")
    return xml


PLAIN = (
    '<row r="1">' + text("User name", "A1") + text("Name", "B1") + "</row>",
    '<row r="2">' + text(A, "A2") + text("Anna", "B2") + "</row>",
)
BARE = (
    "<row>" + text("User name") + text("Name") + "</row>",
    "<row>" + text(A) + text("Anna") + "</row>",
    '<row><c t="e"><v>#N/A</v></c>' + text("Ben") + "</row>",
)


def filtered(_: Workbook, sheet: Worksheet) -> None:
    """Hide a row as a filter does."""
    sheet.auto_filter.ref = "A1:C4"
    sheet.row_dimensions[3].hidden = True


def hidden_by_hand(_: Workbook, sheet: Worksheet) -> None:
    """Hide a row."""
    sheet.row_dimensions[3].hidden = True


def hidden_column(_: Workbook, sheet: Worksheet) -> None:
    """Hide the column of users."""
    sheet.column_dimensions["A"].hidden = True


def first_sheet_hidden(book: Workbook, sheet: Worksheet) -> None:
    """Put a hidden sheet in front."""
    old = book.create_sheet("Old", 0)
    old.append(["User name"])
    old.append(["old@contoso.com"])
    old.sheet_state = "hidden"
    book.active = book.index(sheet)


def more_sheets(book: Workbook, _: Worksheet) -> None:
    """Add sheets that are not shown, and a chart."""
    book.create_sheet("H").sheet_state = "hidden"
    book.create_sheet("V").sheet_state = "veryHidden"
    book.create_chartsheet("Chart").add_chart(BarChart())


def cover(book: Workbook, _: Worksheet) -> None:
    """Put a cover in front and a legend behind."""
    first = book.create_sheet("Cover", 0)
    first.append(["Welcome to class 7"])
    first.append(["Questions: help@contoso.com"])
    book.create_sheet("Legend").append(["Colour", "Meaning"])


def classes(heading: str = "User name") -> Callable[[Workbook, Worksheet], None]:
    """Return a change that makes a sheet for each of two classes, without a column of classes."""

    def change(book: Workbook, sheet: Worksheet) -> None:
        sheet.title = "7b"
        sheet.delete_cols(3)
        other = book.create_sheet("7c")
        for row in (["Name", heading, "Room"], ["Dora", "dora@contoso.com", "R1"], [None, "bad one", None]):
            other.append(row)

    return change


def with_table(sheet: Worksheet, name: str, ref: str, *, totals: bool = False) -> None:
    """Put an Excel table on a sheet."""
    table = Table(displayName=name, ref=ref, totalsRowCount=1 if totals else None)
    cells = sheet[ref][0]
    table.tableColumns = [TableColumn(id=i, name=str(cell.value)) for i, cell in enumerate(cells, 1)]
    sheet.add_table(table)


def two_tables(_: Workbook, sheet: Worksheet) -> None:
    """Put a second table of people beside the first."""
    for row, cells in enumerate((["User name", "Room"], ["x@contoso.com", "R1"], ["y@contoso.com", "R2"]), 1):
        for column, value in enumerate(cells, 5):
            sheet.cell(row, column, value)
    with_table(sheet, "Pupils", "A1:C4")
    with_table(sheet, "Guests", "E1:F3")


def table_and_devices(_: Workbook, sheet: Worksheet) -> None:
    """Put a table of devices beside the people, and totals below them."""
    sheet.append(["Total", None, "3"])
    for row, cells in enumerate((["Model", "Count"], ["T14", 3]), 1):
        for column, value in enumerate(cells, 5):
            sheet.cell(row, column, value)
    with_table(sheet, "Pupils", "A1:C5", totals=True)
    with_table(sheet, "Models", "E1:F2")


def block_and_table(_: Workbook, sheet: Worksheet) -> None:
    """Put a block with the same headings beside the table."""
    sheet.insert_cols(1, 4)
    for row, cells in enumerate((HEADINGS, ["draft@contoso.com", "Draft", "9z"]), 1):
        for column, value in enumerate(cells, 1):
            sheet.cell(row, column, value)
    with_table(sheet, "Pupils", "E1:G4")


def merged_class(_: Workbook, sheet: Worksheet) -> None:
    """Merge the class of the first two people."""
    sheet["C3"] = None
    sheet.merge_cells("C2:C3")


def merged_user(_: Workbook, sheet: Worksheet) -> None:
    """Merge the user of the first two people."""
    sheet["A3"] = None
    sheet.merge_cells("A2:A3")


def merged_headings(_: Workbook, sheet: Worksheet) -> None:
    """Put a second row of headings under the first, merged where there is nothing to say."""
    sheet.insert_rows(2)
    sheet["C1"], sheet["C2"] = "School", "Class"
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:B2")


def merged_unknown(_: Workbook, sheet: Worksheet) -> None:
    """Have a heading of two rows that says nothing known."""
    merged_headings(_, sheet)
    sheet["A1"], sheet["B1"] = "Wer", "Wie"


def links(_: Workbook, sheet: Worksheet) -> None:
    """Link the users: one by name, one to the same address, one to another."""
    sheet["A2"].value, sheet["A2"].hyperlink = "Write to Anna", f"mailto:{A}?subject=Hi"
    sheet["A3"].hyperlink = f"mailto:{B.upper()}"
    sheet["A4"].hyperlink = "mailto:former@contoso.com"


def formulas(_: Workbook, sheet: Worksheet) -> None:
    """Make two users of formulas that nobody has calculated."""
    sheet["A2"] = '=B2&"@contoso.com"'
    sheet["A3"] = '=LOWER(B3)&"@contoso.com"'


def colours(_: Workbook, sheet: Worksheet) -> None:
    """Strike a row through and paint it red."""
    for cell in sheet[3]:
        cell.font, cell.fill = Font(strike=True), PatternFill("solid", fgColor="FF0000")


def comments(_: Workbook, sheet: Worksheet) -> None:
    """Write a note on a cell."""
    sheet["A2"].comment = Comment("ignore this person", "Office")


def escapes(_: Workbook, sheet: Worksheet) -> None:
    """Write a carriage return as some programs do."""
    sheet["A2"], sheet["B2"] = f"{A}_x000D_", "Anna_x000D_\nBerg"


def protected_sheet(_: Workbook, sheet: Worksheet) -> None:
    """Protect the sheet, which hides nothing."""
    sheet.protection.set_password("secret")


ALL = [A, B, C]
CASES = [
    pytest.param(made(filtered), {"refused": r"sheet Sheet: 1 row is hidden by a filter, the first is row 3.*--hidden-rows"}, id="F01 filter"),
    pytest.param(made(filtered), {"people": [A, C], "read": {"hidden_rows": HiddenRows.SKIP}, "note": "1 hidden row was skipped"}, id="F01 skipped"),
    pytest.param(made(filtered), {"people": ALL, "read": {"hidden_rows": HiddenRows.INCLUDE}, "note": "1 hidden row was included"}, id="F01 included"),
    pytest.param(made(hidden_by_hand), {"refused": "hidden by hand, the first is row 3"}, id="F02 row hidden by hand"),
    pytest.param(packed(sheet_of(*PLAIN, '<row r="3" ht="0" customHeight="1">' + text(B, "A3") + "</row>")), {"refused": "hidden by hand, the first is row 3"}, id="F02 row without height"),
    pytest.param(made(hidden_column), {"people": ALL, "note": "User name, which names the user, is hidden"}, id="F02 hidden column"),
    pytest.param(made(first_sheet_hidden), {"people": ALL, "note": "The sheet Sheet was used. 1 hidden sheet"}, id="F03 hidden sheet in front"),
    pytest.param(made(more_sheets), {"people": ALL, "note": "2 hidden sheets were not read"}, id="F04 hidden sheets and a chart"),
    pytest.param(made(cover), {"people": ALL, "note": "The sheet Sheet was used"}, id="F05 cover and legend"),
    pytest.param(made(classes()), {"refused": r"several sheets look like a roster: 7b \(3 rows\), 7c \(2 rows\).*--sheet \"7b\" --sheet \"7c\""}, id="F06 sheet for each class"),
    pytest.param(made(classes()), {"people": ALL, "read": {"sheets": ("7B",)}}, id="F06 one of them"),
    pytest.param(made(classes()), {"people": [*ALL, "dora@contoso.com"], "rows": {3: "blank|'@'"}, "read": {"sheets": ("7b", "7c")}, "note": "sheets 7b, 7c were read as one", "groups": ["7b", "7b", "7b", "7c", "7c"]}, id="F06 both of them"),
    pytest.param(made(classes("Login")), {"refused": "7b and 7c have different headings for the user .User name; Login.", "read": {"sheets": ("7b", "7c")}}, id="F06 different headings"),
    pytest.param(made(classes()), {"refused": "named twice", "read": {"sheets": ("7b", "7B")}}, id="F06 named twice"),
    pytest.param(made(two_tables), {"refused": r"several tables could hold the people: Pupils \(A1:C4\), Guests \(E1:F3\).*--sheet \"Pupils\""}, id="F07 two tables"),
    pytest.param(made(two_tables), {"people": ["x@contoso.com", "y@contoso.com"], "read": {"sheets": ("guests",)}, "note": "table Guests"}, id="F07 one of them"),
    pytest.param(made(table_and_devices), {"people": ALL, "note": r"table Pupils \(A1:C5\) was used"}, id="F07 only one of people"),
    pytest.param(made(block_and_table), {"people": ALL, "note": r"table Pupils \(E1:G4\) was used; what stands beside it"}, id="F08 block beside a table"),
    pytest.param(made(merged_class), {"people": ALL, "groups": ["7b", "7b", "7c"]}, id="F09 merged class"),
    pytest.param(made(merged_user), {"people": [A, C], "rows": {3: "User name: The user anna@contoso.com of a row above is part of a merged cell"}}, id="F10 merged user"),
    pytest.param(made(merged_headings), {"people": ALL, "groups": ["7b", "7b", "7c"], "note": "found in row 2"}, id="B12 headings of two rows"),
    pytest.param(made(merged_unknown), {"refused": "headings seem to span rows 1 to 2.*--header-row 2"}, id="B12 unknown headings of two rows"),
    pytest.param(made(merged_unknown), {"people": ALL, "read": {"header_row": 2}, "check": {"columns": {Field.USER: "A"}}, "note": "found in row 2"}, id="B12 settled"),
    pytest.param(made(formulas), {"people": [C], "rows": {2: "formula without a result.*Open the original workbook in Excel, save it", 3: "formula without"}}, id="F12 formulas without a result"),
    pytest.param(made(links), {"people": ALL, "note": "row 2: User name: 'Write to Anna' is no sign-in name; its link goes to anna@"}, id="F13 link behind a name"),
    pytest.param(made(links), {"people": ALL, "note": "row 4: User name: The link of the cell goes to former@contoso.com; the text cem@contoso.com was used"}, id="F13 link to somebody else"),
    pytest.param(made(escapes), {"people": ALL}, id="F15 escaped characters"),
    pytest.param(packed(sheet_of(*PLAIN, dimension='<dimension ref="A1:A1"/>')), {"people": [A]}, id="F16 wrong dimension"),
    pytest.param(packed(sheet_of(*PLAIN, dimension='<dimension ref="A1:XFD1048576"/>')), {"people": [A]}, id="F16 endless dimension"),
    pytest.param(packed(sheet_of(*BARE)), {"people": [A], "rows": {3: "Excel error #N/A"}}, id="F16 cells without references"),
    pytest.param(packed(sheet_of(*PLAIN, '<row r="3"><c r="A3" t="e"><v>#REF!</v></c>' + text("Ben", "B3") + "</row>", prefix="x:")), {"people": [A], "rows": {3: "Excel error #REF!"}}, id="F16 prefixed names"),
    pytest.param(packed(sheet_of(*PLAIN), main="http://purl.oclc.org/ooxml/spreadsheetml/main"), {"people": [A]}, id="F16 strict namespaces"),
    pytest.param(packed(sheet_of(*PLAIN), sep="\\"), {"people": [A]}, id="F16 backslashes in names"),
    pytest.param(packed(sheet_of()), {"refused": "has no data"}, id="F17 empty sheet"),
    pytest.param(made(colours), {"people": ALL}, id="F18 struck through"),
    pytest.param(made(comments), {"people": ALL}, id="F19 comments"),
    pytest.param(made(lambda *_: None, people=[]), {"refused": "has a row of headings but no people"}, id="F20 headings alone"),
    pytest.param(made(protected_sheet), {"people": ALL}, id="F21 protected sheet"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), CASES)
def test_case(judge: Callable[..., Any], content: object, expected: dict[str, Any]) -> None:
    """What is shown is read, what is hidden is a question, and nothing is counted wrong."""
    expected = {"name": "roster.xlsx"} | expected
    verdict = judge(content, expected)
    verdict.meets(expected)
    if "groups" in expected:
        assert [row.group for row in verdict.checked.rows] == expected["groups"]
