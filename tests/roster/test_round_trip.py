"""Whatever well-formed roster is written, the same people are read back."""

from __future__ import annotations

import codecs
import csv
import io
import string
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bulktap.roster.reader import ReadOptions, read_roster
from bulktap.roster.validation import CheckOptions, check_roster

if TYPE_CHECKING:
    from collections.abc import Callable

HEADINGS = [
    "userPrincipalName",
    "User name",
    "Benutzername",
    "Nom d'utilisateur [userPrincipalName] Obligatoire",
    "UPN",
]
ENCODINGS = {"utf-8": b"", "utf-8-sig": b"", "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}

local_parts = st.text(string.ascii_letters + string.digits + "'-_!#^~", min_size=1, max_size=30)
names = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp"), exclude_characters="\\\u2400"
    ),
    max_size=20,
).filter(lambda text: text.strip() == text and not text.startswith(("#", "=")))
people = st.lists(
    st.tuples(local_parts, names, st.sampled_from(["7a", "8; b", 'say "hi"', "two\nlines", ""])),
    min_size=1,
    max_size=12,
)


def as_text(rows: list[list[str]], delimiter: str, line_end: str, encoding: str) -> bytes:
    """Return the rows as a program would write them."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    return ENCODINGS[encoding] + buffer.getvalue().encode(encoding)


def as_workbook(rows: list[list[str]]) -> bytes:
    """Return the rows as a workbook of text cells."""
    book, buffer = Workbook(), io.BytesIO()
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            if text:
                book.active.cell(number, column).value = text
                book.active.cell(number, column).data_type = "s"
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def folder() -> Path:
    """Give one folder for all examples."""
    return Path(tempfile.mkdtemp())


@settings(max_examples=150, deadline=None)
@given(
    people=people,
    heading=st.sampled_from(HEADINGS),
    delimiter=st.sampled_from([",", ";", "\t", "|", None]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(list(ENCODINGS)),
)
def test_same_people(
    folder: Path, options: Callable[..., CheckOptions], people: list[tuple[str, str, str]], heading: str,
    delimiter: str | None, line_end: str, encoding: str,
) -> None:  # fmt: skip
    """Container, delimiter, line ends, encoding and heading change nothing about who is read."""
    rows = [["Name", heading, "Class"], *([name, f"{local}@contoso.com", group] for local, name, group in people)]
    path = folder / "roster"
    path.write_bytes(as_workbook(rows) if delimiter is None else as_text(rows, delimiter, line_end, encoding))
    checked = check_roster(read_roster(path, ReadOptions()), options())
    assert [row.user and row.user.text for row in checked.rows] == [f"{local}@contoso.com" for local, *_ in people]
    assert [str(row.source.cells[0] or "") for row in checked.rows] == [name for _, name, _ in people]
    assert all(row.request is not None for row in checked.rows)
