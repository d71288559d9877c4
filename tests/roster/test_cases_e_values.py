# ruff: noqa: E501, DTZ001 - one case to a line; cells know no time zone
"""The case list, group E: dates, numbers, yes and no."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from bulktap.model.row_errors import RowErrorCode
from bulktap.roster.reading_words import DateOrder

if TYPE_CHECKING:
    from collections.abc import Callable

A, B = "anna@contoso.com", "ben@contoso.com"
SUMMER = datetime(2035, 9, 15, 6, 30, tzinfo=UTC)
LOCAL = "read in the time zone Europe/Berlin"


def starts(*cells: str) -> str:
    """Return a roster of people with these starts."""
    return "User name;Pass start\n" + "".join(f"p{i}@contoso.com;{cell}\n" for i, cell in enumerate(cells))


def workbook(*rows: list[object], epoch_1904: str | None = None, **formats: str) -> Callable[[], bytes]:
    """Return the maker of a workbook; `formats` gives a cell its number format."""

    def make() -> bytes:
        book, buffer = Workbook(), io.BytesIO()
        for row in rows:
            book.active.append(row)
        for cell, code in formats.items():
            book.active[cell].number_format = code
        book.save(buffer)
        return edited(buffer.getvalue(), epoch_1904) if epoch_1904 is not None else buffer.getvalue()

    return make


def edited(data: bytes, epoch_1904: str) -> bytes:
    """Return the workbook with another date system."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name == "xl/workbook.xml":
                content = re.sub(r"<workbookPr[^>]*/>", f'<workbookPr date1904="{epoch_1904}"/>', content)
            new.writestr(name, content)
    return buffer.getvalue()


XLSX = {"name": "roster.xlsx"}
SERIAL = ["User name", "Pass start"], [A, 49202.3541666667]
CASES = [
    pytest.param(workbook(["User name", "Pass start"], [A, datetime(2035, 9, 15, 8, 30)]), XLSX | {"start": SUMMER, "note": LOCAL}, id="E01 date of 1900"),
    pytest.param(workbook(*SERIAL, epoch_1904="1", B2="yyyy-mm-dd hh:mm"), XLSX | {"start": datetime(2038, 9, 16, 6, 30, tzinfo=UTC), "note": LOCAL}, id="E02 date of 1904"),
    pytest.param(workbook(*SERIAL, epoch_1904="true", B2="yyyy-mm-dd hh:mm"), XLSX | {"start": datetime(2038, 9, 16, 6, 30, tzinfo=UTC), "note": LOCAL}, id="E02 said as true"),
    pytest.param(workbook(*SERIAL, epoch_1904="false", B2="yyyy-mm-dd hh:mm"), XLSX | {"start": datetime(2034, 9, 15, 6, 30, tzinfo=UTC), "note": LOCAL}, id="E03 not of 1904"),
    pytest.param(starts("2035-09-15T06:30Z"), {"start": SUMMER}, id="E05 with Z"),
    pytest.param(starts("2035-09-15T09:30+03:00"), {"start": SUMMER}, id="E05 with an offset"),
    pytest.param(starts("2035-09-15 08:30"), {"start": SUMMER, "note": f"1 start time.* {LOCAL}"}, id="E06 without a zone"),
    pytest.param(starts("2035-09-15"), {"start": datetime(2035, 9, 14, 22, tzinfo=UTC), "note": "no time of day, so the pass begins to work at 00:00"}, id="E07 date alone"),
    pytest.param(starts("2026-11-01"), {"start": None, "note": "today, without a time of day; the pass starts now"}, id="E08 today"),
    pytest.param(starts("2026-10-30 08:00", "2035-09-15 08:30"), {"rows": {2: "Pass start: The start .* lies in the past"}, "note": LOCAL}, id="E09 over"),
    pytest.param(starts("02/01/2035 08:00", "31/12/2035 08:00"), {"start": datetime(2035, 1, 2, 7, tzinfo=UTC), "note": LOCAL}, id="E10 settled by the column"),
    pytest.param(starts("02/01/2035", "03/02/2035"), {"refused": "02/01/2035 in column Pass start could begin with the day or with the month.*--date-order"}, id="E11 day or month"),
    pytest.param(starts("02/01/2035 08:00"), {"start": datetime(2035, 1, 2, 7, tzinfo=UTC), "check": {"date_order": DateOrder.DMY}, "note": LOCAL}, id="E11 settled"),
    *(pytest.param(starts(cell), {"start": SUMMER, "note": LOCAL}, id=f"E12 {cell}") for cell in ("15.09.2035 08:30", "15.09.35 08:30", "2035年9月15日 8:30", "15 sept. 2035 08:30", "9/15/2035 8:30 AM")),
    pytest.param(workbook(["User name", "Pass start"], [A, datetime(2035, 9, 15, 8, 30)], [B, "15.09.2035 08:30"]), XLSX | {"start": SUMMER, "note": LOCAL}, id="E13 text among dates"),
    pytest.param(workbook(["User name", "Pass start"], [A, datetime(2035, 9, 15, 8, 30)], [B, "02/03/2035 08:30"]), XLSX | {"rows": {3: "day or month first"}, "note": LOCAL}, id="E13 doubtful text among dates"),
    pytest.param(starts("49202", "2035-09-15 08:30"), {"rows": {2: "serial number of a date in Excel"}, "note": LOCAL}, id="E14 serial number"),
    pytest.param(starts("2035-03-25 02:30", "2035-09-15 08:30"), {"rows": {2: "02:30 does not exist on 2035-03-25 in Europe/Berlin"}, "note": LOCAL}, id="E15 skipped hour"),
    pytest.param(starts("2035-10-28 02:30", "2035-09-15 08:30"), {"rows": {2: "02:30 occurs twice on 2035-10-28"}, "note": LOCAL}, id="E15 repeated hour"),
    *(pytest.param(starts(cell, "2035-09-15 08:30"), {"rows": {2: "not a date"}, "note": LOCAL}, id=f"E16 {cell}") for cell in ("00.00.0000", "1900-01-00", "2035-02-30 08:00")),
    pytest.param(starts("0/0/0"), {"start": None}, id="E16 empty date of PowerSchool"),
    pytest.param(workbook(["User name", "Pass start"], [A, 60], [B, datetime(2035, 9, 15, 8, 30)], B2="yyyy-mm-dd"), XLSX | {"rows": {2: "not a date|in the past"}, "note": LOCAL}, id="E16 serial 60"),
    *(pytest.param(f"User name;Lifetime\n{A};{cell}\n", {"lifetime": 60}, id=f"E17 {cell}") for cell in ("60", "60.0", "60,0")),
    *(pytest.param(f"User name;Lifetime\n{A};{cell}\n", {"lifetime": 60, "note": f"'{cell}' as 60"}, id=f"E17 {cell}") for cell in ("60 min", "1 h", "PT1H")),
    pytest.param(f"User name;Lifetime\n{A};8:00\n", {"rows": {2: "time of day or a duration"}}, id="E17 8:00"),
    *(pytest.param(f"User name;Lifetime\n{A};{cell}\n", {"rows": {2: "too (short|long): no tenant allows.*Choose 10 to 43,200 minutes"}}, id=f"E18 {cell}") for cell in ("9", "43201", "-5")),
    pytest.param(f"User name;Lifetime\n{A};sixty\n", {"rows": {2: "not a duration"}}, id="E18 sixty"),
    *(pytest.param(f"User name;One-time\n{A};{cell}\n", {"once": True}, id=f"E19 {cell}") for cell in ("Yes", "Ja", "Oui", "はい", "$True", "TRUE", "1", "x", "WAHR")),
    *(pytest.param(f"User name;One-time\n{A};{cell}\n", {"once": False}, id=f"E19 {cell}") for cell in ("No", "Nein", "いいえ", "$False", "0")),
    pytest.param(f"User name;One-time\n{A};vielleicht\n", {"rows": {2: "'vielleicht' is neither yes nor no.*ja"}}, id="E20 perhaps"),
    pytest.param(workbook(["User name", "Student ID"], [A, "00123"]), XLSX | {"cell": "00123"}, id="E21 zeros in a text"),
    pytest.param(workbook(["User name", "Student ID"], [A, 123], B2="00000"), XLSX | {"cell": "00123"}, id="E21 zeros by format"),
    pytest.param(f"User name,Student ID\n{A},00123\n", {"cell": "00123"}, id="E21 zeros in delimited text"),
    pytest.param(workbook(["User name", "Student ID"], [A, "001"], [B, 1]), XLSX | {"note": "Column Student ID, row 3: 1 is a number among texts"}, id="E22 number among texts"),
    pytest.param(f"User name,Student ID\n{A},12345.0\n", {"note": "row 2: 12345.0 stands for 12345"}, id="E23 fraction"),
    pytest.param(workbook(["User name", "Student ID"], [A, 12345678901234567]), XLSX | {"note": "more than 15 digits"}, id="E24 seventeen digits"),
    pytest.param(f"User name;Fee;Grade\n{A};229.932,50;25,5\n{B};1.000,00;24,0\n", {"people": [A, B]}, id="E25 decimal commas"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), CASES)
def test_case(judge: Callable[..., Any], content: object, expected: dict[str, Any]) -> None:
    """Each cell is read exactly, settled by its column, or refused with the reason."""
    verdict = judge(content, expected)
    verdict.meets(expected)
    if verdict.checked is None:
        return
    first = verdict.checked.rows[0]
    for key, attribute in (("start", "starts_at"), ("lifetime", "lifetime_minutes"), ("once", "usable_once")):
        if key in expected:
            assert getattr(first.request.terms, attribute) == expected[key]
    if "cell" in expected:
        assert first.source.cells[1] == expected["cell"]


def test_dates_without_time_keep_their_day(judge: Callable[..., Any]) -> None:
    """A date cell without a time is midnight of that day in the roster's zone."""
    verdict = judge(workbook(["User name", "Pass start"], [A, date(2035, 9, 15)]), XLSX)
    row = verdict.checked.rows[0]
    assert row.request.terms.starts_at == datetime(2035, 9, 14, 22, tzinfo=UTC)
    assert [problem.code for problem in row.problems] == [RowErrorCode.START_WITHOUT_TIME]
