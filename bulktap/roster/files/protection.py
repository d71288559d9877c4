"""Files in Microsoft's compound format: old workbooks, protected ones, and what only looks like them.

The directory of such a file has entries of 128 bytes on 128-byte borders, each beginning with a name in UTF-16 and its
length at byte 64 ([MS-CFB] 2.6.1). Names are looked for there, so that text in a cell is never taken for one.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from bulktap.model.errors import Locked, RosterError, UsageError, WrongPassphrase
from bulktap.model.secret import Secret

if TYPE_CHECKING:
    from bulktap.roster.model import ReadOptions

WORKBOOK_STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")
"""What the stream of an old workbook is called: by Excel 97, by Excel 95, and by programs that write capitals."""
_EXCEL_OWN_PASSWORD = "VelvetSweatshop"
_ATTEMPTS = 3
_RECORD_FILEPASS = 0x2F
_RECORDS_SEARCHED = 6
_BOF = frozenset({b"\x09\x08\x10\x00", b"\x09\x08\x08\x00"})  # of Excel 97 and of Excel 95
_GLOBALS = b"\x05\x00"
_SAVE_AS = "Open it in Excel, save it as an Excel workbook (.xlsx) and give that file."


class OfficeKind(Enum):
    """What a compound file is."""

    WORKBOOK = auto()
    ENCRYPTED = auto()


def recognise_office(data: bytes, name: str) -> OfficeKind:
    """Return what a compound file is.

    Raises:
        RosterError: it cannot be a roster; the message names it.
    """
    if _has_entry(data, "DRMEncryptedDataSpace") or _has_entry(data, "DRMEncryptedTransform"):
        hint = "Save a copy without protection, or export it as CSV; no password opens it."
        raise RosterError(f"{name} is protected by a sensitivity label.", hint=hint)
    if _has_entry(data, "EncryptedPackage"):
        if name.lower().endswith((".docx", ".docm", ".pptx", ".pptm")):
            hint = "Give the spreadsheet that holds the people."
            raise RosterError(f"{name} is a protected Office file, not a workbook.", hint=hint)
        return OfficeKind.ENCRYPTED
    if _has_entry(data, "WordDocument"):
        raise RosterError(f"{name} is a Word document.", hint="Give the spreadsheet that holds the people.")
    if any(_has_entry(data, stream) for stream in WORKBOOK_STREAMS):
        if _is_protected_xls(data):
            hint = "Open it in Excel, save it as .xlsx (it may keep its password) and give that file."
            raise RosterError(f"{name} is a protected workbook of the old kind (.xls).", hint=hint)
        return OfficeKind.WORKBOOK
    if not _has_entry(data, "Root Entry"):
        message = f"{name} is incomplete or damaged, and not a workbook that can be read."
        raise RosterError(message, hint="Copy or download it again.")
    raise RosterError(f"{name} is an Office file, but not a workbook.", hint=_SAVE_AS)


def unprotect(data: bytes, name: str, options: ReadOptions) -> bytes:
    """Return the workbook inside a protected one, in memory only.

    Raises:
        RosterError: there is no password, or it does not fit.
    """
    plain = _decrypted(data, name, Secret(_EXCEL_OWN_PASSWORD))
    if plain is None and options.password is not None:
        plain = _decrypted(data, name, options.password)
    elif plain is None and options.ask_password is not None:
        for _ in range(_ATTEMPTS):
            if (password := options.ask_password(name)) is None:
                raise _needs_password(name)
            if (plain := _decrypted(data, name, password)) is not None:
                break
    elif plain is None:
        raise _needs_password(name)
    if plain is None:
        hint = "Check the password by opening the file in Excel. Large and small letters differ."
        raise RosterError(f"{name} is protected with a password, and the one given does not fit.", hint=hint)
    return plain


def _needs_password(name: str) -> RosterError:
    hint = (
        "Write the password into a file and run bulktap again with --roster-password-file FILE, "
        "or save a copy without a password."
    )
    return RosterError(f"{name} is protected with a password.", hint=hint)


def _decrypted(data: bytes, name: str, password: Secret) -> bytes | None:
    from bulktap.storage.office_encryption import decrypt_workbook

    try:
        return decrypt_workbook(data, password)
    except (WrongPassphrase, UsageError):
        return None
    except Locked:
        hint = "Copy or download it again; if Excel opens it, save it there as .xlsx."
        raise RosterError(f"{name} is a protected Office file that is damaged.", hint=hint) from None


def _has_entry(data: bytes, name: str) -> bool:
    wanted = name.encode("utf-16-le") + b"\0\0"
    position = data.find(wanted, 512)
    while position >= 0:
        length = int.from_bytes(data[position + 64 : position + 66], "little")
        if position % 128 == 0 and length == len(wanted):
            return True
        position = data.find(wanted, position + 2)
    return False


def _is_protected_xls(data: bytes) -> bool:
    """Whether the workbook stream has a FilePass record among its first ([MS-XLS] 2.4.117).

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
