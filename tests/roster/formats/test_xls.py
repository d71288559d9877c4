"""Old workbooks (.xls): read as they are, in a copy without what nobody needs."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from bulktap.model.errors import RosterError
from bulktap.roster.files.compound_files import DamagedFileError, plain_file, read_stream
from bulktap.roster.formats.xls import MAX_AREA, copy_xls
from bulktap.roster.model import Roster

if TYPE_CHECKING:
    from types import SimpleNamespace

Read = Callable[..., Roster]


def people(old: SimpleNamespace) -> tuple[bytes, bytes]:
    """Return the cells of a roster of two people, and its texts."""
    texts = ["User name", "Name", "anna@contoso.com", "Änna", "ben@contoso.com", "Ben"]
    cells = b"".join(old.cell(row, column, 2 * row + column) for row in range(3) for column in range(2))
    return cells, old.texts(*texts)


def test_people_are_read(read: Read, old: SimpleNamespace) -> None:
    """Headings, names and row numbers as the sheet has them."""
    cells, texts = people(old)
    roster = read(old.book({"Staff": cells}, texts), "roster.xls")
    assert roster.headings == ("User name", "Name")
    assert [(row.number, row.cells) for row in roster.rows] == [
        (2, ("anna@contoso.com", "Änna")), (3, ("ben@contoso.com", "Ben")),
    ]  # fmt: skip


@pytest.mark.parametrize("stream", ["Book", "WORKBOOK", "BOOK"])
def test_other_names_of_the_stream(read: Read, old: SimpleNamespace, stream: str) -> None:
    """Excel 95 calls the stream otherwise, and some programs write it in capitals."""
    cells, texts = people(old)
    book = plain_file(stream, old.stream({"Staff": cells}, texts))
    assert read(book, "roster.xls").rows[0].cells[0] == "anna@contoso.com"


def test_results_of_formulas_are_read(read: Read, old: SimpleNamespace) -> None:
    """A number, a text, and yes or no; the formulas themselves do not reach the library that reads the cells."""
    cells, texts = people(old)
    formula = struct.pack("<H", 3) + b"\x1e\x05\x00"
    head = struct.pack("<HHH", 1, 2, 0)
    rest = bytes(6) + formula
    number = old.record(0x0006, head + struct.pack("<d", 480.0) + rest)
    text = old.record(0x0006, struct.pack("<HHH", 2, 2, 0) + bytes([0, 0, 0, 0, 0, 0, 255, 255]) + rest)
    result = old.record(0x0207, old.text("8h"))
    heading = old.record(0x0204, struct.pack("<HHH", 0, 2, 0) + old.text("Lifetime"))
    book = old.book({"Staff": cells + heading + number + text + result}, texts)
    assert [row.cells[2] for row in read(book, "roster.xls").rows] == [480, "8h"]
    assert formula not in copy_xls(book, "roster.xls")[0]


def test_texts_that_go_on_in_the_next_record_are_measured(read: Read, old: SimpleNamespace) -> None:
    """A text is cut where a record is full, its formatting and phonetic parts are passed over."""
    rich = struct.pack("<HBHI", 16, 0x0D, 1, 6) + "anna@con".encode("utf-16-le")
    following = b"\x00toso.com" + bytes(4) + b"\xff" * 2  # eight characters of one byte, then the run and a part
    last = b"\xff" * 4 + old.text("Name") + old.text("Anna")
    pieces = [struct.pack("<II", 4, 4) + old.text("User name") + rich, following, last]
    texts = b"".join(old.record(0x003C if number else 0x00FC, piece) for number, piece in enumerate(pieces))
    cells = old.cell(0, 0, 0) + old.cell(0, 1, 2) + old.cell(1, 0, 1) + old.cell(1, 1, 3)
    assert read(old.book({"Staff": cells}, texts), "roster.xls").rows[0].cells == ("anna@contoso.com", "Anna")


def test_a_table_far_from_the_corner_is_no_attack(read: Read, old: SimpleNamespace) -> None:
    """What counts are the rows that hold something, not the way to them."""
    _, texts = people(old)
    moved = b"".join(old.cell(60_000 + row, 200 + column, 2 * row + column) for row in range(3) for column in range(2))
    assert MAX_AREA < 60_000 * 200
    assert [row.number for row in read(old.book({"Staff": moved}, texts), "roster.xls").rows] == [60_002, 60_003]


def test_a_workbook_without_its_stream_is_refused(read: Read) -> None:
    """An Office file whose directory leads nowhere is no roster, and no traceback."""
    book = bytearray(plain_file("Workbook", b"\x09\x08\x10\x00" + bytes(5000)))
    struct.pack_into("<I", book, 48, 77_777)
    with pytest.raises(RosterError, match=r"roster\.xls is not a workbook that can be read"):
        read(bytes(book), "roster.xls")


@pytest.mark.parametrize("size", [0, 1, 4096, 4097, 5_000_000])
def test_a_stream_comes_back_from_a_plain_file(size: int) -> None:
    """Whatever its size, with nothing but zeros behind it."""
    stream = bytes(range(1, 256)) * (size // 255 + 1)
    found = read_stream(plain_file("Workbook", stream[:size]), ["Book", "Workbook"])
    assert found is not None
    assert found[:size] == stream[:size]
    assert not any(found[size:])
    assert read_stream(plain_file("Workbook", b"x"), ["Book"]) is None


def small_file(stream: bytes, mini_table: list[int]) -> bytes:
    """Return a file of sectors of 512 bytes that keeps a short stream among the mini sectors of its root."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    table = struct.pack("<128I", 0xFFFFFFFD, end, end, end, *[free] * 124)

    def entry(name: str, kind: int, start: int, length: int) -> bytes:
        text = (name + "\0").encode("utf-16-le")
        return text.ljust(64, b"\0") + struct.pack("<HB49xIQ", len(text), kind, start, length)

    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<10I", 0, 1, 1, 0, 4096, 2, 1, end, 0, 0) + struct.pack("<108I", *[free] * 108)
    directory = entry("Root Entry", 5, 3, 512) + entry("Workbook", 2, 0, len(stream))
    minis = struct.pack(f"<{len(mini_table)}I", *mini_table).ljust(512, b"\xff")
    return header + table + directory.ljust(512, b"\0") + minis + stream.ljust(512, b"\0")


def test_short_streams_are_found_among_the_mini_sectors() -> None:
    """They follow a table of their own."""
    stream = bytes(range(200))
    assert read_stream(small_file(stream, [1, 2, 3, 0xFFFFFFFE]), ["Workbook"]) == stream


@pytest.mark.parametrize("mini_table", [[1, 0], [1, 2, 3, 77]])
def test_chains_that_lead_nowhere_are_damage(mini_table: list[int]) -> None:
    """A circle, or a sector that is not there."""
    with pytest.raises(DamagedFileError):
        read_stream(small_file(bytes(range(200)), mini_table), ["Workbook"])
