# ruff: noqa: E501 - one case to a line
"""Workbooks that claim more than they hold: each is read or refused with a sentence, in a process of its own."""

from __future__ import annotations

import io
import json
import posixpath
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.roster.formats.xlsx_references import BeyondSheetError, DamagedSheetError, Reach, plain_sheet, plain_texts

if TYPE_CHECKING:
    from collections.abc import Callable

CHILD = """
import json, resource, sys, time
from pathlib import Path
from datetime import UTC, datetime
from zoneinfo import ZoneInfo
from bulktap.model.errors import RosterError
from bulktap.roster.read import read_roster
from bulktap.roster.reading_options import ReadingOptions
from bulktap.roster.check import check_roster
from bulktap.roster.model import CheckOptions
from bulktap.model.pass_terms import PassTerms
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
options = CheckOptions(ReadingOptions(), ZoneInfo("UTC"), datetime(2026, 11, 1, tzinfo=UTC), PassTerms())
for path in map(Path, sys.argv[1:]):
    start = time.process_time()
    print(json.dumps([path.name]), flush=True)
    try:
        rows = check_roster(read_roster(path), options).rows
        passes = sum(row.request is not None for row in rows)
        said = f"{passes} passes, {len(rows) - passes} refused"
    except RosterError as error:
        said = f"{error.message} | {error.hint}"
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) >> 10 for line in status if line.startswith("VmHWM"))
    print(json.dumps([path.name, said, time.process_time() - start, peak]), flush=True)
"""

PEOPLE = '<row r="1"><c r="A1" t="inlineStr"><is><t>User name</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>anna@contoso.com</t></is></c></row>'
LATE = '<c {} t="inlineStr"><is><t>ben@contoso.com</t></is></c>'
OUTSIDE = "outside of any sheet"

CELLS = {
    "a row of nine digits": ('<row r="999999999">' + LATE.format('r="A999999999"') + "</row>", OUTSIDE),
    "more digits than 32 bits": ('<row r="3">' + LATE.format('r="A4294967296"') + "</row>", OUTSIDE),
    "small letters": ('<row r="3">' + LATE.format('r="a99999999"') + "</row>", OUTSIDE),
    "small letters in the sheet": ('<row r="3">' + LATE.format('r="a3"') + "</row>", "2 passes"),
    "dollars": ('<row r="3">' + LATE.format('r="$A$99999999"') + "</row>", OUTSIDE),
    "dollars in the sheet": ('<row r="3">' + LATE.format('r="$A$3"') + "</row>", "2 passes"),
    "blanks around the sign": ('<row r = "3">' + LATE.format('r = "A99999999"') + "</row>", OUTSIDE),
    "line breaks between attributes": ('<row\nr="3">' + LATE.format('\n\tr="A99999999"') + "</row>", OUTSIDE),
    "single quotes": ("<row r='3'>" + LATE.format("r='A99999999'") + "</row>", OUTSIDE),
    "digits as entities": ('<row r="3">' + LATE.format('r="A9&#57;999&#x39;99"') + "</row>", OUTSIDE),
    "blanks in the reference": ('<row r="3">' + LATE.format('r=" A99999999 "') + "</row>", OUTSIDE),
    "the row alone says it": ('<row r="4000000000">' + LATE.format("") + "</row>", "row 4000000000 lies outside"),
    "rows that are counted on beyond the last": ('<row r="1048576">' + LATE.format("") + "</row><row>" + LATE.format("") + "</row>", OUTSIDE),
    "a reference that comes last": ('<row r="3"><c t="inlineStr" s="0" r="A99999999"><is><t>x</t></is></c></row>', OUTSIDE),
    "a bracket in a value before it": ('<row r="3"><c foo=">" r="A99999999" t="inlineStr"><is><t>x</t></is></c></row>', OUTSIDE),
    "a second reference": ('<row r="3"><c r="A3" r="A99999999" t="inlineStr"><is><t>x</t></is></c></row>', "cannot be read"),
    "a cell behind a comment that looks like one": ('<!-- <c foo=" --><row r="4000000000">' + LATE.format("") + "</row>", "cannot be read|outside"),
    "another prefix": ('<q:row xmlns:q="u" r="3">' + '<q:c r="A99999999"><q:v>1</q:v></q:c></q:row>', OUTSIDE),
    "a name with a quote in it": ('<a">":row r="4000000000">' + LATE.format("") + "</row>", "cannot be read"),
    "a less-than sign in a value": ('<row r="3"><c foo="<" r="A99999999"><v>1</v></c></row>', "cannot be read"),
    "the column behind the last": ('<row r="3"><c r="XFE3"><v>1</v></c></row>', "cell XFE3 lies outside"),
    "the row behind the last": ('<row r="1048577"><c r="A1048577"><v>1</v></c></row>', "cell A1048577 lies outside"),
    "seven letters": ('<row r="3"><c r="AAAAAAA3"><v>1</v></c></row>', OUTSIDE),
    "row 0": ('<row r="0">' + LATE.format('r="A0"') + "</row>", "2 passes"),
    "no row": ('<row r="3">' + LATE.format('r="A"') + "</row>", "2 passes"),
    "no column": ('<row r="3">' + LATE.format('r="3"') + "</row>", "2 passes"),
    "an empty reference": ('<row r="">' + LATE.format('r=""') + "</row>", "2 passes"),
    "rows that seem to begin in texts": ("<row>" + ('<c t="inlineStr"><is><t><![CDATA[<row>]]></t></is></c>' * 9_000) + "</row>" + "<row><c><v>1</v></c></row>" * 9_000, "reach to"),
    "rows that seem to begin in comments": ("<row>" + ("<c><v>1</v></c>" * 100 + "<!-- <row> -->") * 90 + "</row>" + "<row><c><v>1</v></c></row>" * 9_000, "reach to"),
    "more cells in a row than columns": ("<row>" + "<c><v>1</v></c>" * 17_000 + "</row>", OUTSIDE),
    "zeros before the row": ('<row r="0003">' + LATE.format('r="A0003"') + "</row>", "2 passes"),
    "five thousand digits": (f'<row r="{"9" * 5_000}">' + LATE.format("") + "</row>", OUTSIDE),
}  # fmt: skip
"""What a third row says of its place, and what becomes of the roster."""

FRAMES = {
    "a dimension of the whole sheet": ('<dimension ref="A1:XFD1048576"/>', "", "1 passes"),
    "a dimension beyond every sheet": ('<dimension ref="A1:ZZZZZ4294967295"/>', "", "1 passes"),
    "a dimension the wrong way round": ('<dimension ref="C9:A1"/>', "", "1 passes"),
    "an empty dimension": ('<dimension ref=""/>', "", "1 passes"),
    "a dimension without an area": ("<dimension/>", "", "1 passes"),
    "a dimension from row 0": ('<dimension ref="A0:B9"></dimension>', "", "1 passes"),
    "a dimension of columns": ('<dimension ref="A:C"/>', "", "1 passes"),
    "merged beyond every sheet": ("", '<mergeCells><mergeCell ref="A1:ZZZ9999999"/></mergeCells>', "1 passes"),
    "merged without end": ("", '<mergeCells><mergeCell ref="A1:XFE99999999999"/></mergeCells>', "1 passes"),
    "merged the wrong way round": ("", '<mergeCells><mergeCell ref="B9:B2"/></mergeCells>', "1 passes"),
    "merged whole columns": ("", '<mergeCells><mergeCell ref="B:C"/></mergeCells>', "1 passes"),
    "merged nothing": ("", '<mergeCells count="4294967295"><mergeCell ref=""/><mergeCell/></mergeCells>', "1 passes"),
    "columns without end": ('<cols><col min="1" max="4294967295" width="9"/></cols>', "", "1 passes"),
    "a shared formula of a huge number": ("", "", "2 passes"),
}  # fmt: skip
"""What stands above and below the cells."""

TEXTS = {
    "more texts than memory": '<sst uniqueCount="4294967295" count="4294967295">{}</sst>',
    "more texts than numbers": '<sst uniqueCount="18446744073709551615">{}</sst>',
    "a count in single quotes": "<sst uniqueCount = '99999999999'>{}</sst>",
    "a count behind a bracket": '<sst foo=">" uniqueCount="99999999999">{}</sst>',
    "a count with a prefix": '<x:sst xmlns:x="u" uniqueCount="99999999999">{}</x:sst>',
    "a count behind a comment": '<?xml version="1.0"?>\n<!-- texts -->\n<sst uniqueCount="99999999999">{}</sst>',
    "a count within another element": '<a><sst uniqueCount="99999999999">{}</sst></a>',
}


def book(rows: str = "", above: str = "", below: str = "", texts: str = "") -> bytes:
    """Return a workbook of one sheet."""
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    package = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    parts = {
        "_rels/.rels": f'<Relationships {package}><Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{rel}"><sheets><sheet name="R" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {package}><Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{rel}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}>{above}<sheetData>{PEOPLE}{rows}</sheetData>{below}</worksheet>",
        "xl/sharedStrings.xml": texts or f"<sst {main}/>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return buffer.getvalue()


def open_book(rows: str) -> bytes:
    """Return an open document with these rows below the headings and Anna."""
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    people = "".join(
        f"<table:table-row>{open_cell(text)}</table:table-row>" for text in ("User name", "anna@contoso.com")
    )
    content = f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="R">{people}{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def open_cell(text: str, attributes: str = "") -> str:
    """Return a cell of an open document."""
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'


def repeated(what: str, times: str) -> str:
    """Return the attribute that repeats a row or a cell."""
    return f'table:number-{what}-repeated="{times}"'


OPEN_ROWS = {
    "a blank row for ever": (f'<table:table-row {repeated("rows", "4294967295")}><table:table-cell/></table:table-row>', "1 passes"),
    "a blank row for ever, then a person": (f'<table:table-row {repeated("rows", "4294967295")}><table:table-cell/></table:table-row><table:table-row>{open_cell("x")}</table:table-row>', OUTSIDE),
    "a count beyond any number": (f'<table:table-row {repeated("rows", "9" * 40)}>{open_cell("x")}</table:table-row>', f"{OUTSIDE}|characters in all"),
    "zeros before the count": (f'<table:table-row {repeated("rows", "000000000000001048570")}>{open_cell("x")}</table:table-row>', "row 3 is repeated 1,048,570 times"),
    "a plus before the count": (f'<table:table-row {repeated("rows", "+1048570")}>{open_cell("x")}</table:table-row>', "row 3 is repeated"),
    "the count under another prefix too": (f'<table:table-row xmlns:q="u" q:number-rows-repeated="1" {repeated("rows", "1048570")}>{open_cell("x")}</table:table-row>', "row 3 is repeated"),
    "a cell for ever": (f'<table:table-row>{open_cell("x", repeated("columns", "4294967295"))}</table:table-row>', f"{OUTSIDE}|characters in all"),
    "blanks for ever, then a cell": (f'<table:table-row><table:table-cell {repeated("columns", "99999999999")}/>{open_cell("x")}</table:table-row>', OUTSIDE),
    "four billion spaces": (f'<table:table-row>{open_cell(chr(60) + "text:s text:c=" + chr(34) + "4000000000" + chr(34) + "/>")}</table:table-row>', "characters in all"),
    "a long formula in every column": (f'<table:table-row><table:table-cell office:value-type="float" office:value="1" table:formula="{"A1+" * 20_000}" {repeated("columns", "16000")}/></table:table-row>', "characters in all"),
    "a long value in every column": (f'<table:table-row><table:table-cell office:value-type="string" office:string-value="{"x" * 60_000}" {repeated("columns", "16000")}/></table:table-row>', "characters in all"),
    "merged without end": (f'<table:table-row>{open_cell("ben@contoso.com", f"table:number-columns-spanned={chr(34)}4294967295{chr(34)} table:number-rows-spanned={chr(34)}4294967295{chr(34)}")}</table:table-row>', "2 passes"),
}  # fmt: skip
"""What stands below Anna in an open document."""


def tabs(count: int, **parts: str) -> bytes:
    """Return a workbook with so many tabs, which all name the same part."""
    sheets = "".join(f'<sheet name="R{number}" sheetId="{number}" r:id="r1"/>' for number in range(1, count + 1))
    one = '<sheet name="R" sheetId="1" r:id="r1"/>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as original, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in original.namelist():
            content = parts.get(posixpath.basename(name)) or original.read(name).decode()
            copy.writestr(name, content.replace(one, sheets))
        if styles := parts.get("styles"):
            copy.writestr("xl/styles.xml", styles)
    return buffer.getvalue()


def open_tables(count: int) -> bytes:
    """Return an open document with so many tables."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(open_book(""))) as original, zipfile.ZipFile(buffer, "w", 8) as copy:
        for name in original.namelist():
            head, mark, table = original.read(name).decode().partition("<table:table ")
            table, end, tail = table.partition("</table:table>")
            more = "".join(mark + table.replace('"R"', f'"R{number}"') + end for number in range(count))
            copy.writestr(name, head + (more or "") + tail)
    return buffer.getvalue()


STYLES = '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</styleSheet>'
WIDE_ROWS = "".join(
    f'<row r="{number}">' + '<c t="inlineStr"><is><t>x</t></is></c>' * 200 + "</row>" for number in range(3, 1_003)
)
MANY = {
    "100,000 tabs.xlsx": (tabs(100_000), "holds 100,000 sheets"),
    "1,001 tabs.xlsx": (tabs(1_001), "holds 1,001 sheets"),
    "500 tabs of one large part.xlsx": (
        tabs(500, **{"sheet1.xml": zipfile.ZipFile(io.BytesIO(book(WIDE_ROWS))).read("xl/worksheets/sheet1.xml").decode()}),
        "the sheets R1 and R2 are one part of the file",
    ),
    "two tabs of one part.xlsx": (tabs(2), "the sheets R1 and R2 are one part of the file"),
    "a million number formats.xlsx": (
        tabs(1, styles=STYLES.format('<numFmt numFmtId="200" formatCode="000"/>' * 1_000_001)), "1,000,003 tags"),
    "two million cell formats.xlsx": (tabs(1, styles=STYLES.format('<xf numFmtId="14"/>' * 2_000_000)), "tags"),
    "nested styles.xlsx": (tabs(1, styles=STYLES.format("<a>" * 600_000 + "</a>" * 600_000)), "tags"),
    "as many cell formats as Excel allows.xlsx": (
        tabs(1, styles=STYLES.format("<cellXfs>" + '<xf numFmtId="14"><a/></xf>' * 65_490 + "</cellXfs>")), "1 passes"),
    "1,500 tables.ods": (open_tables(1_500), "holds 1,500 sheets"),
}  # fmt: skip
"""Workbooks with many of something."""


def all_files() -> dict[str, tuple[bytes, str]]:
    """Return every file by its name, with what becomes of it."""
    files = {f"cells {name}.xlsx": (book(rows), expected) for name, (rows, expected) in CELLS.items()}
    for name, (above, below, expected) in FRAMES.items():
        rows = '<row r="3"><c r="A3" t="str"><f t="shared" si="4294967295" ref="A3:A9">A2</f><v>ben@contoso.com</v></c></row>'
        files[f"frame {name}.xlsx"] = book(rows if expected == "2 passes" else "", above, below), expected
    for name, table in TEXTS.items():
        rows = '<row r="3"><c r="A3" t="s"><v>0</v></c></row>'
        prefix = "x:" if "x:sst" in table else ""
        filled = table.format(f"<{prefix}si><{prefix}t>ben@contoso.com</{prefix}t></{prefix}si>")
        files[f"texts {name}.xlsx"] = book(rows, texts=filled), "cannot be read" if "<a>" in table else "2 passes"
    files |= MANY
    files |= {f"open {name}.ods": (open_book(rows), expected) for name, (rows, expected) in OPEN_ROWS.items()}
    return files


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[Any]]:
    """Read all files in one process after the other and return what was said of each."""
    if sys.platform != "linux":
        pytest.skip("the memory of a process is limited and measured as Linux does it")
    folder = tmp_path_factory.mktemp("sizes")
    files = {name: folder / name for name in all_files()}
    for name, (data, _) in all_files().items():
        files[name].write_bytes(data)
    return reader_of(list(files.values()))


def reader_of(paths: list[Path]) -> Callable[[str], list[Any]]:
    """Read files in a process of their own; one that ends before its time names the file at which it did."""
    run = subprocess.run(
        [sys.executable, "-c", CHILD, *map(str, paths)], capture_output=True, text=True, timeout=300, check=False
    )
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    told = {line[0]: line for line in lines}

    def outcome(name: str) -> list[Any]:
        assert name in told, f"the process ended with {run.returncode} at {lines[-1:]}: {run.stderr[-500:]}"
        line: list[Any] = told[name]
        assert len(line) == 4, f"the process ended with {run.returncode} in it: {run.stderr[-500:]}"
        return line

    return outcome


@pytest.mark.parametrize("name", all_files())
def test_a_claim(name: str, outcomes: Callable[[str], list[Any]]) -> None:
    """No claim costs more than the file is worth: ten seconds and 600 MB at the most, and a sentence at the end."""
    expected = all_files()[name][1]
    _, said, seconds, megabytes = outcomes(name)
    assert any(word in said for word in expected.split("|")), said
    assert "passes" in said or ". | " in said, "no sentence, or no hint"
    assert seconds < 10
    assert megabytes < 600


WILD = Path(__file__).parents[4] / "shared" / "wild-rosters"
EXPECTED = {
    "w08-dimension-a0.xlsx": "2 passes, 0 refused", "w09-stray-xfd.xlsx": "2 passes, 0 refused",
    "w09c-stray-corner.xlsx": "reach to XFD1048576", "w10-beyond-grid.xlsx": OUTSIDE, "w10b-row-beyond.xlsx": OUTSIDE,
    "w10c-col-beyond.xlsx": "XFE4", "w10d-col-far.xlsx": "ZZZZ4", "w10e-row-max32.xlsx": OUTSIDE,
    "w10f-row-overflow.xlsx": OUTSIDE, "w10g-dim-only.xlsx": "2 passes, 0 refused", "w10h-row-1048577.xlsx": OUTSIDE,
    "w10i-row-zero.xlsx": "2 passes, 1 refused", "w10k-dim-reversed.xlsx": "2 passes, 0 refused",
    "w10l-dim-empty.xlsx": "2 passes, 0 refused", "w10n-row-only-ref.xlsx": OUTSIDE, "w10p-lower.xlsx": OUTSIDE,
    "w10r-entity.xlsx": OUTSIDE, "w10s-dollar.xlsx": OUTSIDE, "w74a-merge-column.xlsx": "2 passes, 0 refused",
    "w74b-merge-all.xlsx": "2 passes, 0 refused", "w74c-merge-beyond.xlsx": "2 passes, 0 refused",
    "w74e-style-count.xlsx": "2 passes, 0 refused", "w74f-hyperlink-all.xlsx": "2 passes, 0 refused",
    "w74g-cols-hidden-far.xlsx": "2 passes, 0 refused", "w74h-shared-index-huge.xlsx": "not found in shared strings",
    "w75a-ods-rows-repeated.ods": OUTSIDE, "w75b-ods-cols-repeated.ods": OUTSIDE,
    "w75c-ods-filled-repeated.ods": "row 4 is repeated 1,048,573 times", "w75d-ods-tail-ok.ods": "2 passes, 0 refused",
    "w75e-ods-people-repeated.ods": "5 passes, 0 refused", "w75f-ods-huge-number.ods": OUTSIDE,
    "w75g-ods-row-grouped.ods": "2 passes, 0 refused",
}  # fmt: skip


@pytest.fixture(scope="module")
def wild_outcomes() -> Callable[[str], list[Any]]:
    """Read the files that lie outside of the project, where they are there."""
    if sys.platform != "linux" or not WILD.is_dir():
        pytest.skip(f"the folder of wild rosters is not there ({WILD})")
    return reader_of([WILD / name for name in EXPECTED])


@pytest.mark.parametrize("name", EXPECTED)
def test_a_wild_file(name: str, wild_outcomes: Callable[[str], list[Any]]) -> None:
    """The same for files as people were given them."""
    _, said, seconds, megabytes = wild_outcomes(name)
    assert EXPECTED[name] in said
    assert seconds < 10
    assert megabytes < 600


def sheet(cells: str) -> bytes:
    """Return a sheet of these rows."""
    return f"<worksheet><sheetData>{cells}</sheetData></worksheet>".encode()


def test_a_sheet_as_programs_write_it_is_left_as_it_is() -> None:
    """Nothing is rewritten where nothing is odd, so that large files cost no more."""
    plain = sheet('<row r="1" spans="1:2"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="2"/></row>')
    assert plain_sheet(plain) == (plain, Reach.NEAR)
    assert plain_sheet(plain).xml is plain
    far = sheet('<row r="300000"><c r="AB300000"><v>0</v></c></row>')
    assert plain_sheet(far) == (far, Reach.TOLD)


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        ("<c r='b2'>", b'<c r="B2">'),
        ('<c s="1"\tr = "$C$007" t="s">', b'<c r="C7" s="1" t="s">'),
        ('<x:c r="D&#49;">', b'<x:c r="D1">'),
        ('<c r="0">', b"<c>"),
        ('<c r="A0" s="1">', b'<c s="1">'),
        ('<c r="R1C1">', b"<c>"),
        ("<c>", b"<c>"),
    ],
)
def test_an_odd_reference_is_written_plainly(odd: str, plain: bytes) -> None:
    """In the form that every reader knows; one that names no cell is left out."""
    name = odd[1:].split(maxsplit=1)[0].rstrip(">")
    cells = f'<row r="1" xmlns:x="u">{odd}<v>1</v></{name}></row>'
    found = plain_sheet(sheet(cells))
    assert plain in found.xml
    assert found.reach is (Reach.COUNTED if "r=" in odd or "c>" in odd or "r =" in odd else Reach.TOLD)


def test_what_cannot_be_written_plainly_is_refused() -> None:
    """A reference beyond every sheet, a sheet that is no XML, and a table of texts that hides its claim."""
    with pytest.raises(BeyondSheetError, match="cell A99999999"):
        plain_sheet(sheet('<row r="1"><c r="A99999999"/></row>'))
    with pytest.raises(DamagedSheetError):
        plain_sheet(b'<!DOCTYPE w [<!ENTITY e "9">]>' + sheet("<row><c r='A1&e;'/></row>"))
    with pytest.raises(DamagedSheetError):
        plain_texts(b'<other><sst uniqueCount="9"/></other>')
    table = b'<sst xmlns="u" uniqueCount="2" count="3"><si><t>uniqueCount="9"</t></si></sst>'
    assert plain_texts(table) == b'<sst xmlns="u"><si><t>uniqueCount="9"</t></si></sst>'
