"""What kind of file a roster is, by its content; the extension is only a hint for the message.

What cannot be a roster is refused here, each kind by its own name, before any parser sees it.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from itertools import pairwise
from typing import TYPE_CHECKING, NoReturn

from bulktap.model.errors import RosterError
from bulktap.roster.files.archives import open_archive, part_names
from bulktap.roster.files.compound_files import MARK, WORKBOOK_STREAMS, has_entry

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Sequence

_WORKBOOK_PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_TEXT_ENDINGS = (".csv", ".tsv", ".psv", ".txt", ".dat", "")
_SAVE_AS = "Open it in Excel, save it as an Excel workbook (.xlsx) and give that file."
_DOCTYPE = re.compile(
    b"|".join(
        word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be")
    )
)
_PROLOGUE = 1 << 16
_EXPORT = "In Access export the table or query with the people: External Data, Excel."
_TARGET = "Open it, download or copy the spreadsheet that it leads to, and give that."
_OTHER_KINDS = (
    (b"%PDF", "is a PDF document", "Give the spreadsheet that it was made from."),
    (b"\x1f\x8b", "is a compressed file (gzip)", "Unpack it and give the spreadsheet that lies in it."),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive", "Unpack it and give the spreadsheet that lies in it."),
    (b"Rar!", "is a RAR archive", "Unpack it and give the spreadsheet that lies in it."),
    (b"{\\rtf", "is a Rich Text document", "Give the spreadsheet that holds the people."),
    *((b"\x09" + version, "is a workbook of Excel 4 or older", _SAVE_AS) for version in (b"\0\4", b"\2\6", b"\4\6")),
    *((b"\0\1\0\0Standard " + kind, "is a database of Microsoft Access", _EXPORT) for kind in (b"ACE DB", b"Jet DB")),
    (b"SQLite format 3\0", "is a database (SQLite)", "Export the table with the people as CSV UTF-8."),
    (b"PAR1", "is a Parquet file", "Export it as CSV UTF-8."),
    (b"BZh", "is a compressed file (bzip2)", "Unpack it and give the spreadsheet that lies in it."),
    (b"\xfd7zXZ\0", "is a compressed file (xz)", "Unpack it and give the spreadsheet that lies in it."),
    (b"\x28\xb5\x2f\xfd", "is a compressed file (Zstandard)", "Unpack it and give the spreadsheet that lies in it."),
    (b"L\0\0\0\1\x14\2\0", "is a shortcut of Windows, and holds no people itself", _TARGET),
    (b"[InternetShortcut]", "is a shortcut to a web page, and holds no people itself", _TARGET),
    (b"BEGIN:VCARD", "is a list of contacts (vCard)", "Give a spreadsheet of the people, exported from the directory."),
    (b"BEGIN:VCALENDAR", "is a calendar", "Give a spreadsheet of the people."),
    (b"GIF8", "is a picture", "Give the spreadsheet that it shows."),
    (b"\x89PNG", "is a picture", "Give the spreadsheet that it shows."),
    (b"\xff\xd8\xff", "is a picture", "Give the spreadsheet that it shows."),
)  # fmt: skip
_CONTROLS_OF_TEXT = "\t\r\n\x0b\x0c\x1c\x1d\x1e\x1f"  # the last four separate values, and some exports wrap them so
_RULE = re.compile(r"[ \t|+]*-{2,}(?:[ \t|+]+-{2,})*[ \t|+]*\Z")
_RECORD_FILEPASS = 0x2F
_RECORDS_SEARCHED = 6
_BOF = frozenset({b"\x09\x08\x10\x00", b"\x09\x08\x08\x00"})  # of Excel 97 and of Excel 95
_GLOBALS = b"\x05\x00"
_SHORTCUTS = (".gsheet", ".gdoc", ".gslides")
_MAIL_HEADERS = re.compile(
    rb"^(?:received|return-path|delivered-to|from|to|cc|subject|date|message-id|reply-to|x-[a-z-]+): ", re.MULTILINE
)
_HEADERS_WITHIN = 1_000  # bytes
_SYLK = re.compile(r"[BCFNOPW];[A-Z]")
_DIF = re.compile(r"0,\d+\Z")
_YAML = re.compile(r"- +[\w-]+: +\S")
_DBASE = frozenset(b"\x03\x30\x31\x43\x83\x8b\xcb\xf5")
_PROPERTY_LINE = re.compile(r"\w[\w ]{0,60} *: \S")


class FileKind(Enum):
    """The kinds that can be read, in some cases once more has been opened."""

    TEXT = auto()
    WORKBOOK = auto()
    ARCHIVE = auto()
    PROTECTED = auto()


def recognise(data: bytes, name: str) -> FileKind:
    """Return what the bytes are.

    Raises:
        RosterError: they are something that cannot be a roster; the message names it.
    """
    if name.startswith("~$"):
        _refuse(name, "is the lock file that Excel keeps beside an open workbook", f"Choose {name[2:]} instead.")
    if name.startswith(".~lock."):
        _refuse(name, "is the lock file of an open document", f"Choose {name[7:].rstrip('#')} instead.")
    if not data.strip(b"\0\r\n\t "):
        _refuse(name, "is empty", "If it lies in OneDrive, open it once so that it is downloaded.")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _recognise_zip(data, name)
    if data.startswith(MARK):
        return _recognise_compound(data, name)
    for mark, what, hint in _OTHER_KINDS:
        if data.startswith(mark):
            _refuse(name, what, hint)
    if name.lower().endswith(".dbf") and data[0] in _DBASE:
        _refuse(name, "is a table of dBase", _SAVE_AS)
    _refuse_markup(data[:4096], name)
    return FileKind.TEXT


def extension_note(name: str, kind: FileKind) -> str | None:
    """Return a sentence when the name promises another kind of file."""
    ending = re.search(r"(\.[A-Za-z0-9]{1,5})?\Z", name)
    suffix = (ending.group(0) if ending else "").lower()
    if kind is FileKind.TEXT and suffix in {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}:
        return f"{name} has the name of a workbook but is text; it was read as text."
    if kind is FileKind.WORKBOOK and suffix in _TEXT_ENDINGS and suffix:
        return f"{name} is a workbook in spite of its name."
    return None


def refuse_other_text(text: str, name: str) -> None:
    """Refuse text that is no table: what a console printed, and what is not text at all.

    Raises:
        RosterError: it is; the message says what to give instead.
    """
    start = text[:4096]
    odd = sum(char < " " and char not in _CONTROLS_OF_TEXT for char in start)
    if odd > 8 and odd * 20 > len(start):
        _refuse(name, "is neither text nor a workbook", "Give a spreadsheet, or save it as CSV UTF-8.")
    lines = [line.rstrip() for line in start.splitlines()[:40] if line.strip()][:10]
    _refuse_exchange_formats(lines, name)
    for above, line in pairwise(lines):
        if _RULE.match(line) and not re.search(r"[,;\t]", above):
            hint = "In PowerShell pipe the users into: Export-Csv roster.csv -NoTypeInformation -Encoding UTF8."
            _refuse(name, "looks like console output, not like a table", hint)
    if len(lines) > 3 and sum(_PROPERTY_LINE.match(line) is not None for line in lines) > 0.8 * len(lines):
        hint = "Replace Format-List by Select-Object and pipe it into: Export-Csv roster.csv -NoTypeInformation."
        _refuse(name, "looks like a list that a console printed (property : value)", hint)


def _refuse_exchange_formats(lines: Sequence[str], name: str) -> None:
    """Refuse text in which other programs keep a table, a directory or settings."""
    first, second = [line.removeprefix("\ufeff") for line in [*lines[:2], "", ""][:2]]
    # Programs name themselves in capitals behind `ID;P`, while a row of headings may begin with `ID;Person`.
    if first.startswith("ID;P") and not first[4:5].islower() and _SYLK.match(second):
        _refuse(name, "is a spreadsheet in the old format SYLK (.slk)", _SAVE_AS)
    if first == "TABLE" and _DIF.match(second):
        _refuse(name, "is a spreadsheet in the old format DIF (.dif)", _SAVE_AS)
    if first.startswith(("version: ", "dn: ", "dn:: ", "# LDIF")) and any(line.startswith("dn:") for line in lines):
        hint = "Export the users as CSV: with Get-ADUser and Export-Csv, or with csvde."
        _refuse(name, "is an export of a directory in the format LDIF", hint)
    if first.startswith("---") or sum(_YAML.match(line) is not None for line in lines) > 1:
        listed = sum(_YAML.match(line) is not None or _PROPERTY_LINE.match(line.strip()) is not None for line in lines)
        if listed >= len(lines) - 1 > 0:
            _refuse(name, "is a YAML document, not a spreadsheet", "Export the people as CSV UTF-8.")


def _refuse(name: str, what: str, hint: str) -> NoReturn:
    raise RosterError(f"{name} {what}.", hint=hint)


def _refuse_markup(start: bytes, name: str) -> None:
    head = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        _refuse(name, "is an XML spreadsheet of Excel 2003", _SAVE_AS)
    if re.match(rb"<(?:!doctype html|html|head|body|table|meta|div|script|\?xml[^>]*>\s*<(?:!doctype )?html)", head):
        excel = b"<table" in head or b"urn:schemas-microsoft-com:office:excel" in head
        hint = _SAVE_AS if excel else "Download it again; the session may have ended at a sign-in page."
        _refuse(name, "is a web page, not a spreadsheet", hint)
    if b"<office:document" in head:
        hint = "Open it in LibreOffice, save it as .ods or .xlsx and give that file."
        _refuse(name, "is a flat OpenDocument file (.fods)", hint)
    if head.startswith((b"<?xml", b"<!--", b"<!doctype")):
        _refuse(name, "is an XML document, not a spreadsheet", _SAVE_AS)
    if name.lower().endswith(_SHORTCUTS) or (head.startswith(b"{") and b"docs.google.com" in head):
        hint = "Open it in Google Sheets, choose File, Download, Microsoft Excel (.xlsx), and give that file."
        _refuse(name, "is a shortcut to a document of Google Drive, and holds no people itself", hint)
    if re.match(rb"\[?\s*\{\s*\"", head):
        hint = "In PowerShell replace ConvertTo-Json by: Export-Csv roster.csv -NoTypeInformation -Encoding UTF8."
        _refuse(name, "is a JSON document, not a spreadsheet", hint)
    if len(_MAIL_HEADERS.findall(head[:_HEADERS_WITHIN])) > 1:
        _refuse(
            name,
            "is an e-mail message",
            "Save the spreadsheet that is attached to it, or that it links to, and give that.",
        )
    if re.match(rb"mime-version:|content-type: multipart", head):
        _refuse(name, "is a web archive, not a spreadsheet", _SAVE_AS)


def _recognise_compound(data: bytes, name: str) -> FileKind:
    """Return what a file in the format of old Office files is: also protected workbooks are kept in one."""
    if has_entry(data, "DRMEncryptedDataSpace") or has_entry(data, "DRMEncryptedTransform"):
        hint = "Save a copy without protection, or export it as CSV; no password opens it."
        _refuse(name, "is protected by a sensitivity label", hint)
    if has_entry(data, "EncryptedPackage"):
        if name.lower().endswith((".docx", ".docm", ".pptx", ".pptm")):
            hint = "Give the spreadsheet that holds the people."
            _refuse(name, "is a protected Office file, not a workbook", hint)
        return FileKind.PROTECTED
    if has_entry(data, "__nameid_version1.0"):
        hint = "Save the spreadsheet that is attached to it, and give that."
        _refuse(name, "is a message of Outlook", hint)
    if has_entry(data, "WordDocument"):
        _refuse(name, "is a Word document", "Give the spreadsheet that holds the people.")
    if any(has_entry(data, stream) for stream in WORKBOOK_STREAMS):
        if _is_protected_xls(data):
            hint = "Open it in Excel, save it as .xlsx (it may keep its password) and give that file."
            _refuse(name, "is a protected workbook of the old kind (.xls)", hint)
        return FileKind.WORKBOOK
    if not has_entry(data, "Root Entry"):
        _refuse(name, "is incomplete or damaged, and not a workbook that can be read", "Copy or download it again.")
    _refuse(name, "is an Office file, but not a workbook", _SAVE_AS)


def _is_protected_xls(data: bytes) -> bool:
    """Return true if the workbook stream has a FilePass record among its first ([MS-XLS] 2.4.117).

    The stream begins on a sector's border with a BOF record; its first records fit into one sector of 512 bytes.
    """
    for start in range(512, len(data) - 8, 64):
        if data[start : start + 4] not in _BOF or data[start + 6 : start + 8] != _GLOBALS:
            continue
        position = start
        for _ in range(_RECORDS_SEARCHED):
            kind = int.from_bytes(data[position : position + 2], "little")
            if kind == _RECORD_FILEPASS:
                return True
            position += 4 + int.from_bytes(data[position + 2 : position + 4], "little")
    return False


def _recognise_zip(data: bytes, name: str) -> FileKind:
    with open_archive(data, name) as archive:
        members = part_names(archive)
        if not any(part in members for part in _WORKBOOK_PARTS):
            return _recognise_archive(set(members), name)
        _refuse_entities(archive, name)
        manifest = members.get("meta-inf/manifest.xml")
        if manifest is not None and b"encryption-data" in archive.read(manifest):
            hint = "Save a copy without a password, or as .xlsx with one, and give that file."
            _refuse(name, "is an OpenDocument file that is protected with a password", hint)
        if (mimetype := members.get("mimetype")) and b"spreadsheet" not in archive.read(mimetype)[:200]:
            _refuse(name, "is an OpenDocument file, but not a spreadsheet", "Give the spreadsheet with the people.")
    return FileKind.WORKBOOK


def _recognise_archive(members: set[str], name: str) -> FileKind:
    if "word/document.xml" in members:
        _refuse(name, "is a Word document", "Give the spreadsheet that holds the people.")
    if "ppt/presentation.xml" in members:
        _refuse(name, "is a presentation", "Give the spreadsheet that holds the people.")
    if any(member.startswith("index/") and member.endswith(".iwa") for member in members):
        _refuse(name, "is a document of Apple Numbers", "In Numbers choose File, Export To, Excel.")
    if not members or name.lower().endswith((".xlsx", ".xlsm", ".xlsb", ".ods")):
        _refuse(name, "is not a complete workbook: its zip archive holds no sheets", "Copy or download it again.")
    return FileKind.ARCHIVE


def _refuse_entities(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse parts with a document type: entities are declared there, and workbooks never have one."""
    for info in archive.infolist():
        if info.filename.lower().endswith((".xml", ".rels")):
            with archive.open(info) as part:
                head = part.read(_PROLOGUE)
            if _DOCTYPE.search(head):
                _refuse(name, "contains XML entities, which workbooks never need", "Do not trust this file.")
