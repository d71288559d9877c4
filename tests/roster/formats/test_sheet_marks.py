"""What .xls, .xlsb and .ods say beside the values of cells: errors, hidden rows and columns, zeros, merged cells."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.model.errors import RosterError
from bulktap.roster.formats.ods import measure_ods
from bulktap.roster.formats.sheet_marks import padded, shown_zeros, unpacked_number
from bulktap.roster.reading_words import HiddenRows

if TYPE_CHECKING:
    from types import SimpleNamespace

    from bulktap.roster.formats.sheet_marks import SheetMarks

TEXTS = ["User name", "Name", "Student ID", "anna@contoso.com", "Anna", "Ben", "cem@contoso.com", "Cem"]
HEADINGS, ANNA, BEN, CEM = [0, 1, 2], [3, 4, 45], ["#DIV/0!", 5, 123], [6, 7, 6]
SHEET = (HEADINGS, ANNA, BEN, CEM)
"""Cells: the number of a text in the first two columns, a number in the third, an error by its name."""
DIVISION = 0x07

Make = Callable[..., bytes]


def old_book(old: SimpleNamespace, *, hidden: bool = False, filtered: bool = False) -> bytes:
    """Return the sheet as an .xls file; the third column has the format 00000, Ben's error is a formula's."""
    body = b""
    if filtered:
        body += old.record(0x009D, struct.pack("<H", 3))
    if hidden:
        body += old.record(0x0208, struct.pack("<HHHHHHI", 2, 0, 3, 255, 0, 0, 0x0120))
        body += old.record(0x007D, struct.pack("<HHHHHH", 0, 0, 2340, 0, 1, 0))
    for row, cells in enumerate(SHEET):
        for column, cell in enumerate(cells):
            head = struct.pack("<HHH", row, column, 1 if column == 2 else 0)
            if isinstance(cell, str):
                body += old.record(0x0006, head + bytes([2, 0, DIVISION, 0, 0, 0, 0xFF, 0xFF]) + bytes(8))
            elif column == 2 and row:
                body += old.record(0x0203, head + struct.pack("<d", cell))
            else:
                body += old.cell(row, column, cell)
    formats = old.record(0x041E, struct.pack("<HHB", 164, 5, 0) + b"00000")
    formats += old.record(0x00E0, struct.pack("<HH", 0, 0) + bytes(16))
    formats += old.record(0x00E0, struct.pack("<HH", 0, 164) + bytes(16))
    return old.book({"Staff": body}, old.texts(*TEXTS), further=formats)


def wide(text: str) -> bytes:
    """Return a text of a binary workbook."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary_record(kind: int, content: bytes = b"") -> bytes:
    """Return a record of a binary workbook: its kind in one or two bytes, its size, its content."""
    marked = bytes([kind]) if kind < 0x80 else bytes([0x80 | kind & 0x7F, kind >> 7])
    return marked + bytes([len(content)]) + content


def binary_book(_: SimpleNamespace, *, hidden: bool = False, filtered: bool = False) -> bytes:
    """Return the sheet as an .xlsb file."""
    record = binary_record
    body = record(129) + record(148, struct.pack("<4I", 0, 3, 0, 2))
    if hidden:
        body += record(390) + record(60, struct.pack("<IIIIH", 0, 0, 2340, 0, 1)) + record(391)
    body += record(145)
    for row, cells in enumerate(SHEET):
        flags = 0x10 if hidden and row == 2 else 0
        body += record(0, struct.pack("<IIHBBB", row, 0, 300, 0, flags, 0) + bytes(4))
        for column, cell in enumerate(cells):
            head = struct.pack("<II", column, 1 if column == 2 else 0)
            if isinstance(cell, str):
                body += record(3, head + bytes([DIVISION]))
            elif column == 2 and row:
                body += record(5, head + struct.pack("<d", cell))
            else:
                body += record(7, head + struct.pack("<I", cell))
    body += record(146) + (record(161, bytes(16)) if filtered else b"") + record(130)
    styles = record(278) + record(615, struct.pack("<I", 1)) + record(44, struct.pack("<H", 164) + wide("00000"))
    styles += record(616) + record(617, struct.pack("<I", 2))
    styles += b"".join(record(47, struct.pack("<HH", 0, used) + bytes(12)) for used in (0, 164)) + record(618)
    strings = record(159, struct.pack("<II", len(TEXTS), len(TEXTS)))
    strings += b"".join(record(19, b"\0" + wide(text)) for text in TEXTS) + record(160)
    book = record(131) + record(153, struct.pack("<III", 0, 0, 0)) + record(143)
    book += record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Staff")) + record(144) + record(132)
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    target = f'<Relationship Id="rId1" Type="{kind}" Target="worksheets/sheet1.bin"/>'
    return packed(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{links}">{target}</Relationships>',
            "xl/worksheets/sheet1.bin": body,
            "xl/sharedStrings.bin": strings,
            "xl/styles.bin": styles,
        }
    )


def packed(files: dict[str, Any]) -> bytes:
    """Return a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def open_text(text: str, more: str = "") -> str:
    """Return a cell of an open document with a text in it."""
    return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'


def open_number(number: float, shown: str) -> str:
    """Return a cell of an open document with a number in it."""
    value = f'office:value-type="float" office:value="{number}"'
    return f"<table:table-cell {value}><text:p>{shown}</text:p></table:table-cell>"


def open_book(_: SimpleNamespace, *, hidden: bool = False, filtered: bool = False) -> bytes:
    """Return the sheet as an .ods file, with the error as LibreOffice writes it."""
    error = ' office:string-value="" calcext:value-type="error"'
    why = "filter" if filtered else "collapse"
    rows = []
    for place, cells in enumerate(SHEET):
        written = ""
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                written += open_text(cell, error)
            elif column == 2 and place:
                written += open_number(cell, str(cell).zfill(5))
            else:
                written += open_text(TEXTS[int(cell)])
        seen = f' table:visibility="{why}"' if hidden and place == 2 else ""
        rows.append(f"<table:table-row{seen}>{written}</table:table-row>")
    seen = ' table:visibility="collapse"' if hidden else ""
    return open_document(f"<table:table-column{seen}/><table:table-column/>" + "".join(rows))


def open_document(content: str) -> bytes:
    """Return an .ods file with one sheet."""
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    spaces += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    sheet = f'<table:table table:name="Staff">{content}</table:table>'
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    listed = f'<manifest:file-entry xmlns:manifest="{manifest}" manifest:full-path="/" manifest:media-type="{kind}"/>'
    return packed(
        {
            "mimetype": kind,
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>{sheet}"
            "</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{manifest}">{listed}</manifest:manifest>',
        }
    )


KINDS = [
    pytest.param("roster.xls", old_book, id="xls"),
    pytest.param("roster.xlsb", binary_book, id="xlsb"),
    pytest.param("roster.ods", open_book, id="ods"),
]


@pytest.mark.parametrize(("name", "make"), KINDS)
def test_error_cells_are_named(judge: Callable[..., Any], old: SimpleNamespace, name: str, make: Make) -> None:
    """A row whose user is an error of Excel says which one, and not that there is no user."""
    verdict = judge(make(old), {"name": name})
    verdict.meets(
        {
            "people": ["anna@contoso.com", "cem@contoso.com"],
            "rows": {3: "User name: The cell holds the Excel error #DIV/0!"},
        }
    )


@pytest.mark.parametrize(("name", "make"), KINDS)
def test_zeros_of_the_number_format_are_kept(
    judge: Callable[..., Any], old: SimpleNamespace, name: str, make: Make
) -> None:
    """A number is read as its format of zeros shows it."""
    verdict = judge(make(old), {"name": name})
    assert [row.source.cells[2] for row in verdict.checked.rows] == ["00045", "00123", "00006"]


@pytest.mark.parametrize(("name", "make"), KINDS)
@pytest.mark.parametrize(("filtered", "why"), [(True, "a filter"), (False, "hand")])
def test_hidden_rows_are_asked_about(
    judge: Callable[..., Any], old: SimpleNamespace, name: str, make: Make, filtered: bool, why: str
) -> None:
    """A row that is not shown stops the reading until somebody says what is to be done about it."""
    book = make(old, hidden=True, filtered=filtered)
    refused = rf"sheet Staff: 1 row is hidden by {why}, the first is row 3.*--hidden-rows include"
    judge(book, {"name": name}).meets({"refused": refused})
    skipped = judge(book, {"name": name, "read": {"hidden_rows": HiddenRows.SKIP}})
    skipped.meets({"people": ["anna@contoso.com", "cem@contoso.com"], "note": r"1 hidden row was skipped"})


@pytest.mark.parametrize(("name", "make"), KINDS)
def test_a_hidden_column_of_users_is_noted(
    judge: Callable[..., Any], old: SimpleNamespace, name: str, make: Make
) -> None:
    """It names the user as any other, and somebody should know."""
    verdict = judge(make(old, hidden=True), {"name": name, "read": {"hidden_rows": HiddenRows.SKIP}})
    verdict.meets({"note": "Column User name, which names the user, is hidden in the sheet"})


def test_merged_cells_of_open_documents_are_repeated(judge: Callable[..., Any]) -> None:
    """One class beside two pupils is the class of both; one user over two rows is the first one's."""
    over_two = ' table:number-rows-spanned="2"'
    covered = "<table:covered-table-cell/>"
    rows = (
        open_text("User name") + open_text("Class"),
        open_text("anna@contoso.com") + open_text("7b", over_two),
        open_text("ben@contoso.com", over_two) + covered,
        covered + open_text("7c"),
    )
    book = open_document("".join(f"<table:table-row>{row}</table:table-row>" for row in rows))
    verdict = judge(book, {"name": "roster.ods"})
    verdict.meets({"people": ["anna@contoso.com", "ben@contoso.com"], "rows": {4: "part of a merged cell"}})
    assert [row.group for row in verdict.checked.rows] == ["7b", "7b", "7c"]


def test_remarks_and_repeated_rows_of_open_documents(judge: Callable[..., Any]) -> None:
    """A comment is no part of what a cell shows; an error that stands for several rows is named in each of them."""
    remark = "<office:annotation><text:p>#REF!</text:p></office:annotation>"
    error = open_text("#N/A", ' office:string-value="" calcext:value-type="error"')
    rows = (
        f"<table:table-row>{open_text('User name')}{open_text('Name')}</table:table-row>",
        f"<table:table-row>{open_text('anna@contoso.com')}{open_text('Anna')}</table:table-row>".replace(
            "<text:p>anna", remark + "<text:p>anna"
        ),
        f'<table:table-row table:number-rows-repeated="2">{error}{open_text("Ben")}</table:table-row>',
    )
    verdict = judge(open_document("".join(rows)), {"name": "roster.ods"})
    verdict.meets({"people": ["anna@contoso.com"], "rows": {3: "#N/A", 4: "#N/A"}})


def test_numbers_of_open_documents_that_are_shown_as_they_are(judge: Callable[..., Any]) -> None:
    """A nought is the number that it is, and a text of thousands of digits does no harm."""
    rows = (
        open_text("User name") + open_text("Number"),
        open_text("anna@contoso.com") + open_number(0, "0"),
        open_text("ben@contoso.com") + open_text("0" * 5_000),
    )
    book = open_document("".join(f"<table:table-row>{row}</table:table-row>" for row in rows))
    checked = judge(book, {"name": "roster.ods"}).checked
    assert [row.source.cells[1] for row in checked.rows] == [0, "0" * 5_000]


def test_a_hidden_row_that_stands_for_many() -> None:
    """It is hidden as often as it stands there; beyond the last row of a sheet it is refused."""
    row = '<table:table-row table:visibility="collapse" table:number-rows-repeated="{}">{}</table:table-row>'

    def marks(times: int) -> list[SheetMarks]:
        with zipfile.ZipFile(io.BytesIO(open_document(row.format(times, open_text("x"))))) as archive:
            return measure_ods(archive.read("content.xml"), "roster.ods")

    assert len(marks(60_000)[0].hidden_rows) == 60_000
    with pytest.raises(RosterError, match="row 6,000,000 lies outside of any sheet"):
        marks(6_000_000)


def test_an_open_document_without_its_type(judge: Callable[..., Any], old: SimpleNamespace) -> None:
    """Some programs leave out the part that says what the file is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(open_book(old))) as whole, zipfile.ZipFile(buffer, "w") as part:
        for name in ("content.xml", "META-INF/manifest.xml"):
            part.writestr(name, whole.read(name))
    assert judge(buffer.getvalue(), {"name": "roster.ods"}).people == ["anna@contoso.com", "cem@contoso.com"]


def test_an_open_document_with_line_breaks_between_its_cells(judge: Callable[..., Any]) -> None:
    """Layout of the XML means nothing, and a row keeps its number and its blanks."""
    rows = (
        open_text("User name") + "\n   " + open_text("Name"),
        open_text("anna@contoso.com") + "\r\n\t" + open_text("Anna  <text:span>B</text:span> <text:span>C</text:span>"),
    )
    laid_out = "".join(f"\n  <table:table-row>\n    {row}\n  </table:table-row>" for row in rows) + "\n"
    verdict = judge(open_document(laid_out.replace("<text:p>", "\n      <text:p>")), {"name": "roster.ods"})
    verdict.meets({"people": ["anna@contoso.com"]})
    assert verdict.checked.rows[0].source.number == 2
    assert verdict.checked.rows[0].display_name == "Anna  B C"


@pytest.mark.parametrize(
    ("number", "value"),
    [(0x3FF00000, 1.0), (0x3FF00001, 0.01), (123 << 2 | 2, 123.0), (12345 << 2 | 3, 123.45), (0xFFFFFFFE, -1.0)],
)
def test_packed_numbers(number: int, value: float) -> None:
    """A float or an integer of 30 bits, perhaps in hundredths."""
    assert unpacked_number(number) == value


@pytest.mark.parametrize(
    ("number_format", "shown"), [("00000", "00042"), ("000;-000", "042"), ("0", None), ("0.00", None), ("@", None)]
)
def test_formats_of_zeros(number_format: str, shown: str | None) -> None:
    """Only a format of nothing but zeros shows a number with zeros before it."""
    digits = shown_zeros(number_format)
    assert (padded(42, digits) if digits else None) == shown
    assert padded(4.5, 5) is padded(-4, 5) is None


TRUTHS = {
    "as LibreOffice writes it": ('office:value-type="boolean" office:boolean-value="true"', "TRUE", True),
    "no, as LibreOffice writes it": ('office:value-type="boolean" office:boolean-value="false"', "FALSCH", False),
    "capitals": ('office:value-type="boolean" office:boolean-value="TRUE"', "TRUE", True),
    "one capital": ('office:value-type="boolean" office:boolean-value="True"', "True", True),
    "a digit": ('office:value-type="boolean" office:boolean-value="1"', "1", True),
    "a number beside it": ('office:value-type="boolean" office:value="1" office:boolean-value="true"', "TRUE", True),
    "a number instead": ('office:value-type="boolean" office:value="0"', "FALSE", False),
    "only what is shown": ('office:value-type="boolean"', "WAHR", True),
    "a number that is shown so": ('office:value-type="float" office:value="1"', "VRAI", True),
    "no, a number that is shown so": ('office:value-type="float" office:value="0"', "Onwaar", False),
    "a number": ('office:value-type="float" office:value="1"', "1", 1),
    "a text": ('office:value-type="string"', "TRUE", "TRUE"),
}


@pytest.mark.parametrize("name", TRUTHS)
def test_truths_of_open_documents(judge: Callable[..., Any], name: str) -> None:
    """A yes or no stays one, however the program wrote it, and so does a number that is none."""
    attributes, text, expected = TRUTHS[name]
    cell = (
        f"<table:table-cell {attributes} table:number-columns-repeated='2'><text:p>{text}</text:p></table:table-cell>"
    )
    headings = open_text("User name") + open_text("One-time") + open_text("Laptop")
    rows = (headings, open_text("anna@contoso.com") + cell)
    book = open_document("".join(f"<table:table-row>{row}</table:table-row>" for row in rows))
    row = judge(book, {"name": "roster.ods"}).checked.rows[0]
    assert row.source.cells[1:] == (expected, expected)
    assert {type(value) for value in row.source.cells[1:]} == {type(expected)}
    assert row.request.terms.usable_once is bool(expected)
