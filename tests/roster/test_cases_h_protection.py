# ruff: noqa: E501 - one case to a line
"""The case list, group H: lists of devices, and workbooks that are protected."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from bulktap.model.secret import Secret
from bulktap.roster.read import read_roster
from bulktap.roster.reading_options import RosterPassword
from bulktap.storage.office_encryption import WorkbookKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

A, B = "anna@contoso.com", "ben@contoso.com"
GUID = "5f1e2d3c-0b4a-4c6d-8e7f-9a0b1c2d3e4f"
INTUNE = "Device ID,Device name,Enrollment date,Azure AD Device ID,Serial number,Model,UserId,Primary user UPN,Primary user email address,Primary user display name\n"
MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def device(number: int, user: str = "") -> str:
    """Return a line of Intune's list."""
    return f"{GUID},PC-{number},2034-01-01,{GUID},SN{number},T14,{GUID if user else ''},{user},{user},{user.title()}\n"


def protected(password: str) -> Callable[[], bytes]:
    """Return the maker of a workbook that is encrypted as Excel does it, but quickly."""

    def make() -> bytes:
        book, buffer = Workbook(), io.BytesIO()
        for row in (["User name"], [A], [B]):
            book.active.append(row)
        book.save(buffer)
        return WorkbookKey(Secret(password), spin_count=1_000).encrypt(buffer.getvalue())

    return make


def entries(*names: str, stream: bytes = b"") -> bytes:
    """Return a compound file with these names in its directory, and a stream."""
    raw = [name.encode("utf-16-le") + b"\0\0" for name in names]
    directory = b"".join(name.ljust(64, b"\0") + len(name).to_bytes(2, "little") + b"\0" * 62 for name in raw)
    return MARK + directory.ljust(512, b"\0") + stream


FILEPASS = b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\0" * 12 + b"\x2f\x00\x06\x00" + b"\0" * 600
XLSX = {"name": "roster.xlsx"}
CASES = [
    pytest.param(INTUNE + device(1, A) + device(2, A) + device(3, A), {"people": [A, A, A], "devices": ["PC-1 (SN1)", "PC-2 (SN2)", "PC-3 (SN3)"]}, id="H01 three devices of one person"),
    pytest.param(INTUNE + device(1, A) + device(2) + device(3), {"people": [A], "note": r"2 devices have no user and were skipped: rows 3, 4"}, id="H02 devices without a user"),
    pytest.param(protected("s3cret"), XLSX | {"refused": "is protected with a password.*--roster-password-file"}, id="H03 no password"),
    pytest.param(protected("s3cret"), XLSX | {"people": [A, B], "read": {"password": Secret("s3cret")}}, id="H04 right password"),
    pytest.param(protected("s3cret"), XLSX | {"people": [A, B], "read": {"ask_password": lambda _: Secret("s3cret")}}, id="H04 right password when asked"),
    pytest.param(protected("s3cret"), XLSX | {"refused": "the one given does not fit", "read": {"password": Secret("S3cret")}}, id="H05 wrong password"),
    pytest.param(protected("s3cret"), XLSX | {"refused": "does not fit", "read": {"ask_password": lambda _: Secret("no")}}, id="H05 wrong three times"),
    pytest.param(protected("s3cret"), XLSX | {"refused": "is protected with a password", "read": {"ask_password": lambda _: None}}, id="H05 no answer"),
    pytest.param(entries("EncryptedPackage", "EncryptionInfo"), {"name": "roster.docx", "refused": "protected Office file, not a workbook"}, id="H06 protected document"),
    pytest.param(protected("VelvetSweatshop"), XLSX | {"people": [A, B]}, id="H07 Excel's own password"),
    pytest.param(entries("Workbook", stream=FILEPASS), {"name": "roster.xls", "refused": r"protected workbook of the old kind \(.xls\).*save it as .xlsx"}, id="H07 protected .xls"),
    pytest.param("Device Serial Number,Windows Product ID,Hardware Hash\nSN1,,T0FB\n", {"refused": "list of devices without users.*Primary user UPN"}, id="H09 Autopilot list"),
    pytest.param(f"Device Serial Number,Windows Product ID,Hardware Hash,Group Tag,Assigned User\nSN1,,T0FB,x,{A}\n", {"people": [A]}, id="H09 with a user"),
    pytest.param("Serial number,Manufacturer,Model,Group tag,Profile status,Purchase order\nSN1,Lenovo,T14,x,Assigned,1\n", {"refused": "list of devices without users"}, id="H09 export of Autopilot"),
    pytest.param("Serial Number,MTM,Asset Tag,PO Number,Ship Date\nSN1,20X,A1,P1,2035-01-01\n", {"refused": "list of devices without users"}, id="H09 order list"),
    pytest.param(entries("EncryptedPackage", "DataSpaceInfo", "DRMEncryptedDataSpace"), XLSX | {"refused": "protected by a sensitivity label.*no password opens it"}, id="H10 sensitivity label"),
    pytest.param(entries("EncryptedPackage", "TransformInfo", "DRMEncryptedTransform"), XLSX | {"refused": "sensitivity label"}, id="H10 its other name"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), CASES)
def test_case(judge: Callable[..., Any], content: object, expected: dict[str, Any]) -> None:
    """Each is read, or refused by its own name."""
    verdict = judge(content, expected)
    verdict.meets(expected)
    assert "s3cret" not in repr(verdict).casefold()
    if "devices" in expected:
        assert [row.device for row in verdict.checked.rows] == expected["devices"]


def test_nobody_is_asked_for_the_password_of_an_open_file(save: Callable[..., Path]) -> None:
    """The question comes only where it is needed."""

    def refuse(name: str) -> Secret | None:
        raise AssertionError(name)

    assert read_roster(save(f"User name\n{A}\n"), password=RosterPassword(ask=refuse)).rows
