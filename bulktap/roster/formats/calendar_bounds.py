"""Numbers that are shown as dates and lie outside of any calendar, made plain numbers again.

calamine turns a number into a date because of its cell's style alone, and gives the whole workbook up where there is
no such day. Without the style the number is read as one, and only the row that holds it is wrong. That is seldom
needed, so .xlsx and .xlsb files are only looked through once calamine has failed.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from typing import TYPE_CHECKING

from bulktap.roster.formats.sheet_marks import unpacked_number
from bulktap.roster.formats.xlsb import records_of

if TYPE_CHECKING:
    from bulktap.roster.formats.workbook_copy import WorkbookCopy

_DAYS = (-693_000.0, 2_958_465.99)  # year 2 to 31 December 9999, from 30 December 1899 on
_NAME = rb"[^\s<>/\"'=]"
_STYLED_CELL = re.compile(
    rb"(<(?:" + _NAME + rb"+:)?c(?=\s)[^<>]*?)\s+s\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*')"
    rb"([^<>]*(?<!/)>(?:\s*<(?:" + _NAME + rb"+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:" + _NAME + rb"+:)?f\s*>))?"
    rb"\s*<(?:" + _NAME + rb"+:)?v(?:\s[^<>]*)?>)([^<]*)"
)
_PACKED, _REAL, _FORMULA_NUMBER = 2, 5, 9  # cells of an .xlsb file


def in_calendar(days: float) -> bool:
    """Return whether a number can be a day."""
    return _DAYS[0] < days < _DAYS[1]  # not a number is none either


def with_plain_numbers(copy: WorkbookCopy) -> io.BytesIO:
    """Return a copy of a workbook in which numbers that can be no day have no style."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(copy.file) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename.lower() in copy.reaches:
                content = _STYLED_CELL.sub(_without_style, content)
            elif info.filename.lower().startswith("xl/worksheets/") and info.filename.endswith(".bin"):
                content = _plain_records(content)
            new.writestr(info.filename, content)
    return buffer


def _without_style(cell: re.Match[bytes]) -> bytes:
    try:
        number = float(cell[3])
    except ValueError:
        return cell[0]
    return cell[0] if in_calendar(number) else cell[1] + cell[2] + cell[3]


def _plain_records(data: bytes) -> bytes:
    plain = bytearray(data)
    for kind, content, end in records_of(data):
        if kind == _PACKED and len(content) >= 12:
            number = unpacked_number(int.from_bytes(content[8:12], "little"))
        elif kind in {_REAL, _FORMULA_NUMBER} and len(content) >= 16:
            number = struct.unpack_from("<d", content, 8)[0]
        else:
            continue
        if not in_calendar(number):
            start = end - len(content) + 4
            plain[start : start + 3] = bytes(3)
    return bytes(plain)
