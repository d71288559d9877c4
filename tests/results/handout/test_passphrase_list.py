"""passphrases.xlsx, read again: as it was written, edited by somebody, or no workbook at all."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from bulktap.model.secret import Secret
from bulktap.results.handout.passphrase_list import SHEET, SealedFile, passphrase_list, read_passphrase_list

NOW = datetime(2035, 9, 1, 8, tzinfo=UTC)
FILES = [
    SealedFile("7A", "7a.pdf", "Anna Berg", 25, Secret("one-two-three-four-five"), NOW, "ab"),
    SealedFile("7B", "7b.pdf", "", 3, None, NOW, "cd"),
]


def written() -> bytes:
    """Return the list of both files."""
    return passphrase_list(FILES, ZoneInfo("Europe/Berlin"), "Hand-out", NOW)


def with_cell(column: str, value: object) -> bytes:
    """Return the list with another value in the first file's cell."""
    book = openpyxl.load_workbook(BytesIO(written()))
    place = [cell.value for cell in book[SHEET][1]].index(column) + 1
    book[SHEET].cell(2, place).value = value
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_it_reads_what_it_wrote() -> None:
    """Times are those of the roster's zone, without one, as a cell has them."""
    found = read_passphrase_list(written())

    assert [(one.name, one.people, one.opens_with, one.sha256) for one in found] == [
        (one.name, one.people, one.opens_with, one.sha256) for one in FILES
    ]
    assert {one.written_at for one in found} == {NOW.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None)}


@pytest.mark.parametrize(
    ("column", "value", "names"),
    [
        ("Written", "yesterday", ["7a.pdf", "7b.pdf"]),
        ("Written", None, ["7a.pdf", "7b.pdf"]),
        ("People", "many", ["7a.pdf", "7b.pdf"]),
        ("File", None, ["7b.pdf"]),
        ("Opens with", 12, ["7b.pdf"]),
    ],
)
def test_what_somebody_has_edited_costs_no_other_line(column: str, value: object, names: list[str]) -> None:
    """What is left can be written again: a moment that is none is left empty."""
    found = read_passphrase_list(with_cell(column, value))
    again = read_passphrase_list(passphrase_list(found, ZoneInfo("Europe/Berlin"), "Hand-out", NOW))

    assert [one.name for one in found] == [one.name for one in again] == names
    assert [one.written_at for one in again] == [one.written_at for one in found]
    assert found[0].written_at is None or column != "Written"


@pytest.mark.parametrize("data", [b"", b"PK", b"<xml/>", b"PK\x03\x04" + bytes(200), written()[:-300], written()[:500]])
def test_what_is_no_workbook_names_no_file(data: bytes) -> None:
    """It is put aside by the caller, and the new list is written."""
    assert read_passphrase_list(data) == []


def test_a_workbook_without_the_sheet_names_no_file() -> None:
    """Somebody may have renamed it."""
    book = openpyxl.load_workbook(BytesIO(written()))
    book[SHEET].title = "Old"
    target = BytesIO()
    book.save(target)
    assert read_passphrase_list(target.getvalue()) == []
