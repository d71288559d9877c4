"""Rosters in every container: the same rows as delimited text, and as workbooks of three generations."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook

from bulktap.roster.files.compound_files import plain_file

if TYPE_CHECKING:
    from collections.abc import Sequence

CONTAINERS = ("csv", "xlsx", "xls", "ods")
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook knows no time zone
_FORMATS = {date: 14, datetime: 22, time: 20}
"""Number formats that every Excel has: a date, a date with its time, a time of day."""


def contained(rows: Sequence[Sequence[object]], container: str) -> tuple[bytes, str]:
    """Return a roster in a container, and the name of its file."""
    make = {"csv": _csv, "xlsx": _xlsx, "xls": _xls, "ods": _ods}[container]
    return make(rows), f"roster.{container}"


def _csv(rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([["" if cell is None else str(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    book, buffer = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(buffer)
    return buffer.getvalue()


def _record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _serial(value: date | time) -> float:
    if isinstance(value, time):
        return (value.hour * 60 + value.minute) / 1440
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    return (moment - _DAY_ZERO) / timedelta(days=1)


def _xls_cell(row: int, column: int, value: object) -> bytes:
    if value is None:
        return b""
    if isinstance(value, bool):
        return _record(0x0205, struct.pack("<HHHBB", row, column, 0, value, 0))
    if isinstance(value, (date, time)):
        style = 1 + list(_FORMATS).index(type(value))
        return _record(0x0203, struct.pack("<HHHd", row, column, style, _serial(value)))
    if isinstance(value, (int, float)):
        return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))
    text = str(value)
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def _xls(rows: Sequence[Sequence[object]]) -> bytes:
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    styles = b"".join(
        _record(0x00E0, struct.pack("<HHHBBBBIIH", 0, code, 0, 0, 0, 0, 0, 0, 0, 0)) for code in (0, *_FORMATS.values())
    )
    head, end = begin + _record(0x0042, struct.pack("<H", 1200)) + styles, _record(0x000A)
    name = b"Sheet1"
    place = len(head) + 12 + len(name) + len(end)
    listed = _record(0x0085, struct.pack("<IBBBB", place, 0, 0, len(name), 0) + name)
    cells = b"".join(
        _xls_cell(number, column, value) for number, row in enumerate(rows) for column, value in enumerate(row)
    )
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + end
    return plain_file("Workbook", head + listed + end + sheet)


def _ods_cell(value: object) -> str:
    match value:
        case None:
            return "<table:table-cell/>"
        case bool():
            kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
        case datetime() | date():
            kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        case time():
            kind = f'office:value-type="time" office:time-value="PT{value.hour:02}H{value.minute:02}M00S"'
        case int() | float():
            kind = f'office:value-type="float" office:value={quoteattr(str(value))}'
        case _:
            kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"


def _ods(rows: Sequence[Sequence[object]]) -> bytes:
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    names = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="Sheet1">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", content)
        manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        file.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()
