"""What kind of file a roster is, by its content; the extension is only a hint for the message.

What cannot be a roster is refused here, each kind by its own name, before any parser sees it.
"""

from __future__ import annotations

import io
import re
import zipfile
from enum import Enum, auto
from typing import NoReturn

from bulktap.errors import RosterError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAX_UNPACKED = 2 << 30
_MAX_RATIO = 250
_RATIO_MATTERS_FROM = 100 << 20
_WORKBOOK_PARTS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_TEXT_ENDINGS = (".csv", ".tsv", ".psv", ".txt", ".dat", "")
_SAVE_AS = "Open it in Excel, save it as an Excel workbook (.xlsx) and give that file."


class Container(Enum):
    """The two kinds that can be read."""

    TEXT = auto()
    WORKBOOK = auto()


def recognise(data: bytes, name: str) -> Container:
    """Return what the bytes are.

    Raises:
        RosterError: they are something that cannot be a roster; the message names it.
    """
    if name.startswith("~$"):
        _refuse(name, "is the lock file that Excel keeps beside an open workbook", f"Choose {name[2:]} instead.")
    if not data.strip(b"\0\r\n\t "):
        _refuse(name, "is empty", "If it lies in OneDrive, open it once so that it is downloaded.")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _recognise_zip(data, name)
    if data.startswith(_OLE):
        return _recognise_ole(data, name)
    if data.startswith(b"%PDF"):
        _refuse(name, "is a PDF document", "Give the spreadsheet that it was made from.")
    _refuse_markup(data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower(), name)
    return Container.TEXT


def extension_note(name: str, container: Container) -> str | None:
    """Return a sentence when the name promises another kind of file."""
    ending = re.search(r"(\.[A-Za-z0-9]{1,5})?\Z", name)
    suffix = (ending.group(0) if ending else "").lower()
    if container is Container.TEXT and suffix in {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}:
        return f"{name} has the name of a workbook but is text; it was read as text."
    if container is Container.WORKBOOK and suffix in _TEXT_ENDINGS and suffix:
        return f"{name} is a workbook in spite of its name."
    return None


def _refuse(name: str, what: str, hint: str) -> NoReturn:
    raise RosterError(f"{name} {what}.", hint=hint)


def _refuse_markup(head: bytes, name: str) -> None:
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        _refuse(name, "is an XML spreadsheet of Excel 2003", _SAVE_AS)
    if re.match(rb"<(?:!doctype html|html|head|body|table|meta|div|\?xml[^>]*>\s*<(?:!doctype )?html)", head):
        hint = _SAVE_AS if b"<table" in head else "Download it again; the session may have ended at a sign-in page."
        _refuse(name, "is a web page, not a spreadsheet", hint)


def _recognise_ole(data: bytes, name: str) -> Container:
    def names(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if names("DRMEncryptedDataSpace") or names("DRMEncryptedTransform"):
        _refuse(name, "is protected by a sensitivity label", "Save a copy without protection, or export it as CSV.")
    if names("EncryptedPackage"):
        _refuse(name, "is protected with a password", "Save a copy without a password (File, Info, Protect Workbook).")
    if names("WordDocument"):
        _refuse(name, "is a Word document", "Give the spreadsheet that holds the people.")
    if names("Workbook") or names("Book"):
        return Container.WORKBOOK
    _refuse(name, "is an Office file, but not a workbook", _SAVE_AS)


def _recognise_zip(data: bytes, name: str) -> Container:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {info.filename.replace("\\", "/").lower(): info for info in archive.infolist()}
            _refuse_bomb(list(members.values()), len(data), name)
            if not any(part in members for part in _WORKBOOK_PARTS):
                _refuse_other_zip(set(members), name)
            _refuse_entities(archive, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise RosterError(f"{name} is not a complete workbook.", hint="Copy or download it again.") from error
    return Container.WORKBOOK


def _refuse_other_zip(members: set[str], name: str) -> NoReturn:
    if "word/document.xml" in members:
        _refuse(name, "is a Word document", "Give the spreadsheet that holds the people.")
    if any(member.endswith((".csv", ".tsv", ".txt", ".xlsx")) for member in members):
        _refuse(name, "is a zip archive", "Unpack it and give the spreadsheet that lies in it.")
    if any(member.startswith("index/") for member in members):
        _refuse(name, "is a document of Apple Numbers", "In Numbers choose File, Export To, Excel.")
    _refuse(name, "is a zip archive without a workbook in it", "Give the spreadsheet itself.")


def _refuse_bomb(members: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    unpacked = sum(info.file_size for info in members)
    if unpacked > _MAX_UNPACKED or (unpacked > _RATIO_MATTERS_FROM and unpacked > _MAX_RATIO * packed):
        _refuse(name, f"would unpack to {unpacked >> 20:,} MiB, which no roster needs", _SAVE_AS)


def _refuse_entities(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse parts with a document type: entities are declared there, and workbooks never have one."""
    for info in archive.infolist():
        if info.filename.lower().endswith((".xml", ".rels")):
            with archive.open(info) as part:
                head = part.read(4096)
            if b"<!DOCTYPE" in head or "<!DOCTYPE".encode("utf-16-le") in head:
                _refuse(name, "contains XML entities, which workbooks never need", "Do not trust this file.")
