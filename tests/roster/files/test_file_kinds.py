"""What a file is, by its content."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from bulktap.model.errors import RosterError
from bulktap.roster.files.file_kinds import FileKind, recognise
from bulktap.roster.read import read_roster

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulktap.roster.model import Roster

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def office_file(*entries: str) -> bytes:
    """Return a compound file whose directory has these entries."""
    names = [name.encode("utf-16-le") + b"\0\0" for name in entries]
    return OLE + b"".join(name.ljust(64, b"\0") + len(name).to_bytes(2, "little") + b"\0" * 62 for name in names)


def zipped(**members: str) -> bytes:
    """Return a zip archive of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            # A member that says no time has 1980, so that the same archive has the same bytes whenever it is made.
            archive.writestr(zipfile.ZipInfo(name.replace("__", "/")), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "r.csv", "is empty"),
        (b"\r\n\r\n", "r.csv", "is empty"),
        (b"anything", "~$r.xlsx", "lock file"),
        (b"%PDF-1.7", "r.csv", "PDF"),
        (b"<!DOCTYPE html><html><body>Sign in", "r.csv", "web page"),
        (b"\xef\xbb\xbf <html><table><tr><td>x", "r.xls", "web page"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "r.xls",
            "Excel 2003",
        ),
        (office_file("EncryptedPackage"), "r.docx", "protected Office file, not a workbook"),
        (office_file("EncryptedPackage", "DRMEncryptedDataSpace"), "r.xlsx", "sensitivity label"),
        (office_file("WordDocument"), "r.doc", "Word document"),
        (OLE, "r.xls", "not a workbook"),
        (b"\x09\x02\x06\x00\x00\x00\x10\x00", "r.xls", "workbook of Excel 4 or older"),
        (zipped(word__document_xml="x").replace(b"_xml", b".xml"), "r.xlsx", "Word document"),
        (zipped(**{"a.bin": "x"}), "r.xlsx", "holds no sheets"),
        (zipped(**{"xl/workbook.xml": "x"})[:60], "r.xlsx", "not complete, or damaged"),
        (zipped(**{"xl/workbook.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}), "r.xlsx", "XML entities"),
        (zipped(**{"xl/workbook.xml": "0" * (120 << 20)}), "r.xlsx", "would unpack to"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_cannot_be_a_roster_is_named(data: bytes, name: str, says: str) -> None:
    """Every kind of file that cannot be a roster is refused by its own name and with a hint."""
    with pytest.raises(RosterError, match=says) as refusal:
        recognise(data, name)
    assert refusal.value.hint
    assert refusal.value.exit_code == 4


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('ID;PWXL;N;E\nC;Y1;X1;K"UPN"\nC;Y2;X1;K"anna@fabrikam.org"\nE\n', "SYLK"),
        ("ID;PCALCOOO32\nB;Y2;X1\nC;Y1;X1\n", "SYLK"),
        ('TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,1\r\n""\r\n', "DIF"),
        ("dn: CN=Anna,OU=x\nchangetype: add\nuserPrincipalName: anna@fabrikam.org\n", "LDIF"),
        ("version: 1\n\ndn: uid=anna,dc=x\nmail: anna@fabrikam.org\n", "LDIF"),
        ("- upn: anna@fabrikam.org\n  class: 7A\n- upn: ben@fabrikam.org\n  class: 7A\n", "YAML"),
        ("---\nupn: anna@fabrikam.org\nclass: 7A\n", "YAML"),
        ('<?xml version="1.0"?><office:document xmlns:office="urn:oasis:x"></office:document>', r"\.fods"),
        ("Name : Anna\nMail : anna@fabrikam.org\n\nName : Ben\nMail : ben@fabrikam.org\n", "a console printed"),
    ],
)
def test_text_of_other_programs_is_named(save: Callable[..., Path], text: str, says: str) -> None:
    """Formats in which programs exchange tables and directories are refused by name, whatever the file is called."""
    for name in ("r.txt", "r.csv"):
        with pytest.raises(RosterError, match=says) as refusal:
            read_roster(save(text, name))
        assert refusal.value.hint


def test_a_table_of_dbase_is_named() -> None:
    """Old school programs keep theirs so; the name has to say it, for its first byte alone does not."""
    with pytest.raises(RosterError, match="dBase"):
        recognise(b"\x03\x7d\x01\x01" + b"\1" * 60, "pupils.DBF")


@pytest.mark.parametrize("first", ["1", "B;A", "C;Y", "F;x", "N;Olga", "W;P"])
@pytest.mark.parametrize("second", ["Person", "Personalnummer", "Pupil"])
def test_headings_that_begin_like_another_format_are_headings(
    save: Callable[..., Path], second: str, first: str
) -> None:
    """A file whose first heading is ID and whose second begins with P is text, whatever Excel says of it."""
    number, _, name = first.partition(";")
    text = f"ID;{second};UPN\n{number};{name or 'Anna'};anna@fabrikam.org\n"
    assert read_roster(save(text)).headings == ("ID", second, "UPN")


def test_content_decides_not_the_extension(save: Callable[..., Path]) -> None:
    """Text named .xlsx and a workbook named .csv are read, with a note."""
    text = read_roster(save("User name,Name\nanna@contoso.com,Anna\n", "r.xlsx"))
    book = read_roster(save([["User name"], ["anna@contoso.com"]], "r.csv"))
    assert [row.cells[0] for row in (*text.rows, *book.rows)] == ["anna@contoso.com"] * 2
    assert "was read as text" in text.notes[0]
    assert "is a workbook" in book.notes[0]


def test_text_is_text() -> None:
    """Whatever is none of these is text."""
    assert recognise(b"User name\n", "roster") is FileKind.TEXT


def test_missing_file_and_folder(tmp_path: Path) -> None:
    """A file that is not there, or is a folder, is refused with a sentence."""
    for path, says in ((tmp_path / "no.csv", "no file"), (tmp_path, "folder")):
        with pytest.raises(RosterError, match=says):
            read_roster(path)


def test_fingerprint(read: Callable[..., Roster]) -> None:
    """The digest is that of the file's bytes."""
    text = "User name\nanna@contoso.com\n"
    assert read(text).sha256 == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_that_cannot_be_unpacked_is_damage_whatever_packed_it(tmp_path: Path, method: int) -> None:
    """Each way of packing has an error of its own, wherever a byte is wrong; people read one sentence."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("roster.csv", "User\n" + "".join(f"user{number}@contoso.com\n" for number in range(200)))
    sound, path = buffer.getvalue(), tmp_path / "roster.zip"
    header = 30 + len("roster.csv")

    for place in range(header + 20, header + 120, 10):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 0xFF]) + sound[place + 1 :])
        with pytest.raises(RosterError, match="not complete, or damaged"):
            read_roster(path)
