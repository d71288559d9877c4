"""Whatever well-formed roster is written, the same people are read back."""

from __future__ import annotations

import codecs
import csv
import io
import string
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bulktap.roster.check import check_roster
from bulktap.roster.read import read_roster

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulktap.roster.model import CheckOptions

HEADINGS = [
    "userPrincipalName",
    "USER NAME",
    "Benutzername",
    "Nom d'utilisateur [userPrincipalName] Obligatoire",
    "UPN",
    " User\u00a0principal name * ",
    "ユーザー名",
    "STU.SEM",
]
ABOVE = [[], [["Class list 2035"]], [["version:v1.0", "", ""]], [["School", "", ""], ["", "", ""]]]
ENCODINGS = {
    "utf-8": b"",
    "utf-8-sig": b"",
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
    "cp1252": b"",
}
SIGNS = "#=\"'`´‘’‚‛“”„‟«»‹›"
"""What wraps a value where a whole column begins with it."""

local_parts = st.text(string.ascii_letters + string.digits + "'-_!#^~", min_size=1, max_size=30).filter(
    lambda text: text[0] not in SIGNS
)
names = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp"), exclude_characters="\\\u2400"
    ),
    max_size=20,
).filter(lambda text: text.strip() == text and text[:1] not in [*SIGNS])
people = st.lists(
    st.tuples(local_parts, names, st.sampled_from(["7a", "8; b", 'say "hi"', "two\nlines", ""])),
    min_size=1,
    max_size=12,
)


def as_text(rows: list[list[str]], delimiter: str, line_end: str, encoding: str) -> bytes:
    """Return the rows as a program would write them; a letter that the encoding lacks becomes a question mark."""
    buffer = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if line_end == "\r" else csv.QUOTE_MINIMAL  # which knows no other line end than its own
    csv.writer(buffer, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)
    return ENCODINGS[encoding] + buffer.getvalue().encode(encoding, "replace")


def zipped(name: str, data: bytes) -> bytes:
    """Return an archive with one file in it, as consoles hand out their exports."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"export/{name}", data)
    return buffer.getvalue()


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


@settings(max_examples=120, deadline=None)
@given(
    people=people,
    heading=st.sampled_from(HEADINGS),
    above=st.sampled_from(ABOVE),
    container=st.sampled_from(["text", "workbook", "zipped text", "zipped workbook"]),
    layout=st.tuples(
        st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(list(ENCODINGS))
    ),
)
def test_same_people(
    folder: Path, options: Callable[..., CheckOptions], people: list[tuple[str, str, str]], heading: str,
    above: list[list[str]], container: str, layout: tuple[str, str, str],
) -> None:  # fmt: skip
    """FileKind, delimiter, line ends, encoding, headings and titles change nothing about who is read."""
    _, line_end, encoding = layout
    rows = [["Name", heading, "Class"], *([name, f"{local}@contoso.com", group] for local, name, group in people)]
    if "text" in container:
        data, name = as_text([*above, *rows], *layout), "roster.csv"
    else:
        data, name = as_workbook([*above, *rows]), "roster.xlsx"
    path = folder / "roster"
    path.write_bytes(zipped(name, data) if "zipped" in container else data)
    checked = check_roster(read_roster(path), options())
    assert [row.user and row.user.text for row in checked.rows] == [f"{local}@contoso.com" for local, *_ in people]
    assert all(row.request is not None for row in checked.rows)
    if "text" not in container or encoding != "cp1252":
        breaks = str.maketrans("\r", "\n") if line_end == "\r" else {}
        names = [str(row.source.cells[0] or "").translate(breaks) for row in checked.rows]
        assert names == [name for _, name, _ in people]
