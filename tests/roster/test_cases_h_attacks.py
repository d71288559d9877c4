# ruff: noqa: E501 - one case to a line
"""The case list, group H: hostile files, each refused within five seconds and 500 MB, all in one process."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import SimpleNamespace

pytestmark = pytest.mark.long

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
CHILD = """
import json, resource, sys, time
from pathlib import Path
from bulktap.model.errors import RosterError
from bulktap.roster.read import read_roster
from bulktap.roster.reading_options import ReadingOptions
from datetime import UTC, datetime
from zoneinfo import ZoneInfo
from bulktap.roster.check import check_roster
from bulktap.roster.model import CheckOptions
from bulktap.model.pass_terms import PassTerms
options = CheckOptions(ReadingOptions(), ZoneInfo("UTC"), datetime(2026, 11, 1, tzinfo=UTC), PassTerms())
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
folder = Path(sys.argv[1])
def peak():
    if sys.platform == "linux":  # where the other figure begins with the parent's
        return next(int(line.split()[1]) >> 10 for line in open("/proc/self/status") if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 20
touched = []
def watch(event, arguments):
    if event.startswith(("socket.connect", "subprocess", "os.system", "urllib")):
        touched.append(event)
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        touched.append(f"write {arguments[0]}")
sys.addaudithook(watch)
for path in sorted(folder.iterdir()):
    start = time.process_time()
    try:
        roster = check_roster(read_roster(path), options)
        said = f"accepted {len(roster.rows)}"
    except RosterError as error:
        said = f"{error.message} | {error.hint}"
    except BaseException as error:
        said = f"TRACEBACK {type(error).__name__} {str(error)[:200]}"
    megabytes = peak()
    print(json.dumps([path.name, time.process_time() - start, megabytes, said, touched]), flush=True)
"""


def book(sheet: str = "", strings: str = "", *, method: int = zipfile.ZIP_DEFLATED, **parts: str) -> bytes:
    """Return a workbook with this XML inside."""
    files = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="R" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet
        if sheet.startswith("<?")
        else f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
        "xl/sharedStrings.xml": strings
        or f'<sst xmlns="{MAIN}"><si><t>User name</t></si><si><t>anna@contoso.com</t></si></sst>',
    } | {name.replace("_in_", "/").replace("_dot_", "."): content for name, content in parts.items()}
    return archive(files, method)


def archive(files: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def data(*rows: str) -> str:
    """Return rows of a sheet."""
    return f"<sheetData>{''.join(rows)}</sheetData>"


def shared(column: str, row: int, index: int) -> str:
    """Return a cell with a shared text."""
    return f'<c r="{column}{row}" t="s"><v>{index}</v></c>'


def lines(count: int, index: int) -> str:
    """Return a sheet of this many rows with the same shared text."""
    return data(*(f'<row r="{row}">{shared("A", row, 0 if row == 1 else index)}</row>' for row in range(1, count + 1)))


def texts(*values: str) -> str:
    """Return shared texts."""
    return (
        f'<sst xmlns="{MAIN}"><si><t>User name</t></si>{"".join(f"<si><t>{value}</t></si>" for value in values)}</sst>'
    )


def laughs() -> str:
    """Return a document type whose last entity is ten to the ninth laughs."""
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "lol"}">' for i in range(10))
    return f"<!DOCTYPE x [{entities}]>"


def open_document(content: str) -> bytes:
    """Return an OpenDocument spreadsheet."""
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = f"<office:body><office:spreadsheet><table:table table:name='R'>{content}</table:table></office:spreadsheet></office:body>"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    files: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f'<?xml version="1.0"?><office:document-content {names}>{body}</office:document-content>',
        "META-INF/manifest.xml": manifest,
    }
    return archive(files)


def lying(content: bytes, part: bytes) -> bytes:
    """Return an archive whose directory says that a part is one byte long."""
    changed = bytearray(content)
    place = changed.rfind(part) - 46
    changed[place + 24 : place + 28] = (1).to_bytes(4, "little")
    return bytes(changed)


def corners() -> str:
    """Return cells in opposite corners."""
    return data(f'<row r="1">{shared("A", 1, 0)}</row>', f'<row r="1048576">{shared("XFD", 1048576, 1)}</row>')


def binary_corners() -> bytes:
    """Return a binary workbook with cells in opposite corners: records of a kind, a size and their content."""
    cells = [((0).to_bytes(4, "little"), 0), ((1_048_575).to_bytes(4, "little"), 16_383)]
    sheet = b"".join(b"\0\4" + row + b"\2\x0c" + column.to_bytes(4, "little") + b"\0" * 8 for row, column in cells)
    return archive({"xl/workbook.bin": b"\x83\x01\0", "xl/worksheets/sheet1.bin": sheet})


def binary_leftovers() -> bytes:
    """Return a binary workbook with a row that says nothing of its number, behind a cell far to the right."""
    cell = b"\2\x0c" + (1_000_000).to_bytes(4, "little") + b"\0" * 8
    sheet = b"\0\4" + bytes(4) + cell + b"\0\0" + b"\2\x0c" + bytes(12)
    return archive({"xl/workbook.bin": b"\x83\x01\0", "xl/worksheets/sheet1.bin": sheet})


PLAIN = data(f'<row r="1">{shared("A", 1, 0)}</row>', f'<row r="2">{shared("A", 2, 1)}</row>')
OPEN_CELL = '<table:table-cell office:value-type="string" {}><text:p>a@b.org</text:p></table:table-cell>'
ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "H11 laughs in shared texts.xlsx": (lambda: book(PLAIN, f'<?xml version="1.0"?>{laughs()}<sst><si><t>&l9;</t></si></sst>'), "XML entities"),
    "H11 laughs in the sheet.xlsx": (lambda: book(f'<?xml version="1.0"?>{laughs()}<worksheet>{PLAIN}&l9;</worksheet>'), "XML entities"),
    "H11 quadratic.xlsx": (lambda: book(PLAIN, f'<!DOCTYPE x [<!ENTITY a "{"a" * 100_000}">]><sst><si><t>{"&a;" * 100_000}</t></si></sst>'), "XML entities"),
    "H11 late document type.xlsx": (lambda: book(PLAIN, xl_in_workbook_dot_xml="<!--" + "x" * 70_000 + f"-->{laughs()}<workbook>&l9;</workbook>"), "cannot|can be read|no data"),
    "H11 document type in UTF-16.xlsx": (lambda: book(PLAIN, xl_in_styles_dot_xml="\ufeff" + laughs().encode("utf-16-le").decode("latin-1")), "XML entities"),
    "H11 laughs.ods": (lambda: archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": f'<?xml version="1.0"?>{laughs()}<x>&l9;</x>'}), "XML entities"),
    "H11 late document type.ods": (lambda: archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<!--" + "x" * 70_000 + f"-->{laughs()}<x>&l9;</x>"}), "XML entities"),
    "H11 nested a hundred thousand deep.xlsx": (lambda: book("<a>" * 100_000), "no data|can be read|no people"),
    "H12 text of a mebibyte in 12,000 cells.xlsx": (lambda: book(lines(12_000, 1), texts("x" * (1 << 20))), "1,048,576 characters"),
    "H12 longest text in 200,000 cells.xlsx": (lambda: book(lines(200_000, 1), texts("x" * 32_767)), "characters in all"),
    "H12 text of many runs.xlsx": (lambda: book(lines(200_000, 1), f'<sst xmlns="{MAIN}"><si><t>User name</t></si><si>{"<r><t>" + "x" * 240 + "</t></r>"}' + f"<r><t>{'x' * 240}</t></r>" * 130 + "</si></sst>"), "characters in all"),
    "H12 cells in opposite corners.xlsx": (lambda: book(corners()), "reach to XFD1048576"),
    "H12 cells in opposite corners.xlsb": (binary_corners, "reach to XFD1048576"),
    "H12 rows that leave their number to the record before.xlsb": (binary_leftovers, "damaged workbook"),
    "H12 one cell for all rows.ods": (lambda: open_document(f'<table:table-row table:number-rows-repeated="1048576">{OPEN_CELL.format("table:number-columns-repeated=" + chr(34) + "16384" + chr(34))}</table:table-row>'), "reach to XFD1048576|characters in all"),
    "H12 cells in opposite corners.ods": (lambda: open_document(f'<table:table-row>{OPEN_CELL.format("")}</table:table-row><table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row><table:table-row><table:table-cell table:number-columns-repeated="16383"/>{OPEN_CELL.format("")}</table:table-row>'), "reach to"),
    "H12 errors far to the right.ods": (lambda: open_document('<table:table-row><table:table-cell table:number-columns-repeated="16000000"/><table:table-cell><text:p>#N/A</text:p></table:table-cell></table:table-row>' * 20), "outside of any sheet"),
    "H12 blanks between cells.ods": (lambda: open_document(f'<table:table-row>{OPEN_CELL.format("")}</table:table-row>' + '<table:table-row><table:table-cell table:number-columns-repeated="16000"/><table:table-cell/><table:table-cell/></table:table-row>' * 20_000), "far from the others"),
    "H12 three hundred thousand sheets.ods": (lambda: open_document("</table:table><table:table>" * 300_000), "more than 10,000 sheets"),
    "H13 columns hidden again and again.xlsx": (lambda: book("<cols>" + '<col min="1" max="16383" hidden="1"/>' * 200_000 + "</cols>" + PLAIN), "."),
    "H13 columns hidden again and again.xlsb": (lambda: archive({"xl/workbook.bin": b"\x83\x01\0", "xl/worksheets/sheet1.bin": (b"\x3c\x12" + struct.pack("<4IH", 0, 16_382, 0, 0, 1)) * 200_000}), "."),
    "H13 numbers of five thousand digits.xlsx": (lambda: book(f'<cols><col min="1" max="{"1" * 5_000}" hidden="1"/></cols>' + PLAIN.replace('<row r="1"', f'<row r="{"1" * 5_000}" hidden="1"', 1)), "."),
    "H13 merged cells on top of each other.xlsx": (lambda: book(lines(20_000, 1) + "<mergeCells>" + '<mergeCell ref="A2:A19000"/>' * 50_000 + "</mergeCells>"), "lie on top of each other"),
    "H13 rows without an end.xlsx": (lambda: book(data("<row " * 300_000)), "cannot be read"),
    "H13 error cells without an end.xlsx": (lambda: book(data('<row r="1"><c t="e">' + '<c t="e" ' * 100_000)), "cannot be read"),
    "H13 formulas without an end.xlsx": (lambda: book(data('<row r="1"><c>' + "<f/></c>" * 200_000)), "."),
    "H15 truncated.xlsx": (lambda: book(PLAIN)[:-40], "not complete, or damaged"),
    "H15 half of it.xlsx": (lambda: book(PLAIN)[:700], "not complete, or damaged"),
    "H15 nothing inside.xlsx": (lambda: archive({}), "holds no sheets"),
    "H15 noise.xlsx": (lambda: bytes(range(1, 256)) * 400, "neither text|no people|no column"),
    "H15 noise after the mark.xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 400, "not a workbook"),
    "H16 a thousand to one.xlsx": (lambda: book(data(" " * (200 << 20))), "would unpack to 200 MiB"),
    "H16 directory that lies.xlsx": (lambda: lying(book(lines(300_000, 1)), b"xl/worksheets/sheet1.xml"), "not complete, or damaged"),
    "H16 outside itself.zip": (lambda: archive({"../../roster.csv": "User name\na@b.org\n"}), "outside of itself"),
    "H16 absolute.zip": (lambda: archive({"/etc/roster.csv": "User name\na@b.org\n"}), "outside of itself"),
    "H16 archive in an archive.zip": (lambda: archive({"inner.zip": archive({"roster.csv": "User name\na@b.org\n"})}), "holds another archive"),
    "H16 archive named csv.zip": (lambda: archive({"roster.csv": archive({"roster.csv": "User name\na@b.org\n"})}), "packed or protected twice"),
    "H16 a thousand to one.zip": (lambda: archive({"roster.csv": "User name\n" + " " * (200 << 20)}), "would unpack to 200 MiB"),
    "H16 thousands of files.zip": (lambda: archive({f"{i}.csv": "" for i in range(11_000)}), "11,000 files"),
    "A32 quote at the start of 20 MB.csv": (lambda: b'User name,Name\n"anna@contoso.com,A\n' + b"ben@contoso.com,B\n" * 1_000_000, "row 2 is never closed"),
    "B17 a million fields.csv": (lambda: b"User name,Name\nanna@contoso.com,A\n" + b"," * 1_000_000 + b"x\n", "1,000,001 fields"),
    "C04 endless heading.csv": (("User name" + " *" * 20_000 + "x,(" + "(" * 20_000 + "\n" + "anna@contoso.com,x\n").encode, "."),
    "D38 endless cell.csv": (lambda: b"User name,Start,Lifetime\n" + b"<" * 500_000 + b"," + b"1 " * 100_000 + b"," + b"1h " * 100_000 + b"\nanna@contoso.com,,\n", "accepted 2"),
}  # fmt: skip


def old_rows(old: SimpleNamespace, count: int, *, texts: bytes) -> bytes:
    """Return an old workbook of this many rows with the same shared text."""
    return old.book({"R": b"".join(old.cell(row, 0, min(row, 1)) for row in range(count))}, texts)


def old_long_text(old: SimpleNamespace, length: int) -> bytes:
    """Return a heading and one text of this many characters, in as few records as there can be."""
    content = struct.pack("<II", 2, 2) + old.text("User name") + struct.pack("<HB", length, 0)
    first = old.record(0x00FC, content + b"x" * (8_224 - len(content)))
    left = length - (8_224 - len(content))
    return first + b"".join(old.record(0x003C, b"\0" + b"x" * min(8_223, left - at)) for at in range(0, left, 8_223))


def old_claim(old: SimpleNamespace, kind: int, content: bytes) -> bytes:
    """Return an old workbook of one person, with one more record in its sheet."""
    return old.book(
        {"R": old.record(kind, content) + old.cell(0, 0, 0) + old.cell(1, 0, 1)},
        old.texts("User name", "anna@contoso.com"),
    )


def old_same_sheet(old: SimpleNamespace) -> bytes:
    """Return an old workbook whose thousand sheets are all in the same place."""
    cells = b"".join(old.cell(row, 0, 0) for row in range(60_000))
    sheets = {f"S{number}": b"" if number else cells for number in range(1_000)}
    return old.book(sheets, old.texts("User name"), places=[0] * 1_000)


def old_circle(old: SimpleNamespace) -> bytes:
    """Return an old workbook whose directory is a chain of sectors in a circle."""
    book = bytearray(old_rows(old, 2, texts=old.texts("User name", "anna@contoso.com")))
    struct.pack_into("<I", book, 4096 + 4, 1)  # the directory's sector is followed by itself
    return bytes(book)


OLD_ATTACKS: dict[str, tuple[Callable[[SimpleNamespace], bytes], str]] = {
    "H12 longest text in 60,000 cells.xls": (lambda old: old_rows(old, 60_000, texts=old_long_text(old, 32_767)), "characters in all"),
    "H12 text of 65,535 characters in 1,000 cells.xls": (lambda old: old_rows(old, 1_000, texts=old_long_text(old, 65_535)), "characters in all"),
    "H12 texts that claim to be long.xls": (lambda old: old.book({"R": b"".join(old.record(0x0204, struct.pack("<HHHHB", row, 0, 0, 65_535, 0) + b"x") for row in range(60_000))}), "characters in all"),
    "H12 cells in opposite corners.xls": (lambda old: old.book({"R": old.cell(0, 0, 0) + old.cell(65_535, 255, 1)}, old.texts("User name", "anna@contoso.com")), "reach to IV65536"),
    "H12 cells farther than any column.xls": (lambda old: old.book({"R": old.cell(0, 0, 0) + old.cell(65_535, 65_535, 1)}, old.texts("User name", "anna@contoso.com")), "reach to .*65536"),
    "H12 long way to each row.xls": (lambda old: old.book({"R": b"".join(old.cell(row, 65_000, min(row, 1)) for row in range(30_000))}, old.texts("User name", "anna@contoso.com")), "reach to"),
    "H12 corners in forty sheets.xls": (lambda old: old.book({f"S{n}": old.cell(0, 0, 0) + old.cell(9_999, 40, 1) for n in range(40)}, old.texts("User name", "anna@contoso.com")), "reach to"),
    "H12 dimensions of a trillion cells.xls": (lambda old: old_claim(old, 0x0200, struct.pack("<IIHHH", 0, 0xFFFFFFF0, 0, 0xFFF0, 0)), "accepted 1"),
    "H13 columns hidden again and again.xls": (lambda old: old.book({"R": old.record(0x007D, struct.pack("<5H", 0, 254, 0, 0, 1)) * 600_000 + old.cell(0, 0, 0) + old.cell(1, 0, 1)}, old.texts("User name", "anna@contoso.com")), "accepted 1"),
    "H12 same sheet a thousand times.xls": (old_same_sheet, "lie on top of each other"),
    "H12 formulas that grow.xls": (lambda old: old_claim(old, 0x0006, struct.pack("<HHH8s6xH", 5, 0, 0, bytes(6) + b"\xff\xff", 8_000) + b"\x12" * 8_000), "accepted 1|no people"),
    "H12 texts in a million pieces.xls": (lambda old: old_rows(old, 2, texts=old.texts("User name", "anna@contoso.com") + old.record(0x003C) * 1_000_000), "can be read"),
    "H12 texts without an end.xls": (lambda old: old_rows(old, 2, texts=old.record(0x00FC, struct.pack("<IIHBI", 1, 1, 5, 4, 0xFFFFFFFF) + b"hello")), "can be read"),
    "H15 directory in a circle.xls": (old_circle, "can be read|not a workbook"),
    "H15 cut off before its directory.xls": (lambda old: old_rows(old, 5_000, texts=old.texts("User name", "anna@contoso.com"))[:3_000], "incomplete or damaged"),
    "H15 cut in half.xls": (lambda old: old_rows(old, 5_000, texts=old.texts("User name", "anna@contoso.com"))[:60_000], "can be read"),
}  # fmt: skip


@pytest.fixture(scope="module")
def outcomes(
    tmp_path_factory: pytest.TempPathFactory, old: SimpleNamespace
) -> dict[str, tuple[float, int, str, list[str]]]:
    """Write all hostile files and have one process read them; seconds, megabytes so far, words, and what it touched."""
    folder: Path = tmp_path_factory.mktemp("attacks")
    for name, (make, _) in ATTACKS.items():
        (folder / name).write_bytes(make())
    for name, (make_old, _) in OLD_ATTACKS.items():
        (folder / name).write_bytes(make_old(old))
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder)], capture_output=True, text=True, timeout=600, check=False
    )
    rows = [json.loads(line) for line in child.stdout.splitlines()]
    assert len(rows) == len(ATTACKS) + len(OLD_ATTACKS), child.stderr[-2000:]
    return {name: (seconds, megabytes, said, touched) for name, seconds, megabytes, said, touched in rows}


ALL = [pytest.param(name, says, id=name) for name, (_, says) in (ATTACKS | OLD_ATTACKS).items()]  # type: ignore[operator]


@pytest.mark.skipif(sys.platform == "win32", reason="the module that limits and measures memory is not on Windows")
@pytest.mark.parametrize(("name", "says"), ALL)
def test_attack(outcomes: dict[str, tuple[float, int, str, list[str]]], name: str, says: str) -> None:
    """A hostile file is refused with one sentence, quickly, in little memory, and touches nothing else."""
    import re

    seconds, megabytes, said, touched = outcomes[name]
    assert re.search(says, said), said
    assert "TRACEBACK" not in said
    assert seconds < 5
    assert megabytes < 500
    assert touched == []
