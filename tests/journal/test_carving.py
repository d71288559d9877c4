from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulktap.journal.carving import carve

if TYPE_CHECKING:
    from pathlib import Path

values = st.one_of(
    st.none(),
    st.sampled_from([0, 1, -1, 127, 128, -129, 2**15, -(2**23) - 1, 2**31, 2**47, -(2**62)]),
    st.integers(-(2**63), 2**63 - 1),
    st.binary(max_size=50),
    st.integers(3990, 4200).map(bytes),
    st.integers(8000, 20000).map(lambda size: b"\x2a" * size),
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(values, values, values), max_size=30))
def test_carving_a_sound_file_gives_what_sqlite_gives(rows: list[tuple[object, ...]], tmp_path: Path) -> None:
    """Integers of every width, nothing, and blobs that run over many pages."""
    path = tmp_path / "some.db"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA page_size=4096")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a BLOB, b BLOB, c BLOB)")
    connection.executemany("INSERT INTO t (a, b, c) VALUES (?, ?, ?)", rows)
    connection.commit()
    expected = {number: tuple(rest) for number, *rest in connection.execute("SELECT * FROM t")}
    connection.close()

    carved = {row[0]: row[2:] for row in carve(path.read_bytes()) if len(row) == 5 and row[1] is None}

    assert carved == expected


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300), st.integers(0, 4096))
def test_carving_nonsense_neither_fails_nor_hangs(noise: bytes, offset: int) -> None:
    """Bytes that look like a leaf page and are none."""
    content = b"\x0d" + bytes(offset) + noise * 20

    assert all(isinstance(row, tuple) for row in carve(content))


def test_an_overflow_chain_that_bites_its_tail_ends() -> None:
    """A row cannot be longer than the file, so a loop is left soon."""
    payload = bytes([0x81, 0x80, 0x00, 0x01])  # 16,384 bytes, row 1
    cell_at = 4000
    page = bytearray(4096)
    page[0], page[4], page[8:10] = 0x0D, 1, cell_at.to_bytes(2, "big")
    page[cell_at : cell_at + 4] = payload
    overflow = (2).to_bytes(4, "big") + bytes(4092)

    assert list(carve(bytes(page) + overflow)) == []
