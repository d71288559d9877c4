"""Fixtures of the roster's tests: real files in a temporary folder, read and checked as the program does it."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from bulktap.cli.setting_options import with_options
from bulktap.model.errors import RosterError
from bulktap.model.pass_terms import PassTerms
from bulktap.roster.check import check_roster
from bulktap.roster.files.compound_files import plain_file
from bulktap.roster.model import CheckedRoster, CheckOptions, Roster
from bulktap.roster.read import read_roster
from bulktap.roster.reading_options import ReadingOptions, RosterPassword


@dataclass(frozen=True)
class Verdict:
    """What became of a roster."""

    people: list[str] = field(default_factory=list)
    """Users who get a pass, in the roster's order."""
    notes: list[str] = field(default_factory=list)
    """Of the roster and of its rows, without the sentence that names the columns."""
    rows: dict[int, str] = field(default_factory=dict)
    """Row → what refuses it: heading, message and hint."""
    refused: str = ""
    """Message and hint of the refusal of the whole file."""
    checked: CheckedRoster | None = None

    def meets(self, expected: dict[str, Any]) -> None:
        """Fail unless this is the expected outcome; what is not mentioned must not have happened."""
        if "refused" in expected:
            assert re.search(expected["refused"], self.refused), self.refused or self.people
            assert re.search(r"\. \| \S", self.refused), "no sentence, or no hint"
            assert expected.get("file", "roster").rpartition("/")[2] in self.refused, "the file is not named"
            return
        assert not self.refused, self.refused
        rows = expected.get("rows", {})
        assert set(self.rows) == set(rows), self.rows
        for number, pattern in rows.items():
            assert re.search(pattern, self.rows[number]), self.rows[number]
        if "people" in expected:
            assert self.people == expected["people"]
        note = expected.get("note")
        if note is None:
            assert not self.notes, self.notes
        else:
            assert any(re.search(note, text) for text in self.notes), self.notes


Save = Callable[..., Path]
Check = Callable[..., CheckedRoster]

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def check_options(**changes: object) -> CheckOptions:
    """Return options for Berlin in November 2026, with changes."""
    zone = ZoneInfo(str(changes.pop("zone", "Europe/Berlin")))
    others = {"now": NOW, "defaults": PassTerms()}
    others |= {name: changes.pop(name) for name in others.keys() & changes.keys()}  # type: ignore[misc]
    return CheckOptions(ReadingOptions(**changes), zone, **others)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def options() -> Callable[..., CheckOptions]:
    """Give the maker of options to tests that need their own."""
    return check_options


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Write text, bytes or rows to a file and return its path; rows become a workbook."""

    def write(content: str | bytes | Sequence[Sequence[object]], name: str = "roster.csv") -> Path:
        path = tmp_path / name
        if isinstance(content, str):
            content = content.encode()
        elif not isinstance(content, bytes):
            book = Workbook()
            for row in content:
                book.active.append(list(row))
            buffer = io.BytesIO()
            book.save(buffer)
            content = buffer.getvalue()
        path.write_bytes(content)
        return path

    return write


@pytest.fixture
def read(save: Save) -> Callable[..., Roster]:
    """Write a roster and read it."""

    def write_and_read(content: object, name: str = "roster.csv", **changes: object) -> Roster:
        return read_roster(save(content, name), ReadingOptions(**changes))  # type: ignore[arg-type]

    return write_and_read


@pytest.fixture
def check(read: Callable[..., Roster]) -> Check:
    """Write a roster, read it and check it."""

    def write_and_check(content: object, name: str = "roster.csv", **changes: object) -> CheckedRoster:
        return check_roster(read(content, name), check_options(**changes))

    return write_and_check


@pytest.fixture
def judge(save: Save) -> Callable[..., Verdict]:
    """Write a roster, read and check it, and say what became of it."""

    def write_and_judge(content: object, expected: dict[str, Any]) -> Verdict:
        path = save(content() if callable(content) else content, expected.get("name", "roster.csv"))
        return verdict_on(path, expected.get("read", {}), expected.get("check", {}))

    return write_and_judge


def verdict_on(path: Path, read: dict[str, Any], check: dict[str, Any]) -> Verdict:
    """Return what becomes of a file."""
    try:
        password = RosterPassword(read.get("password"), read.get("ask_password"))
        options = {name: value for name, value in read.items() if not name.endswith("password")}
        checked = check_roster(read_roster(path, ReadingOptions(**options), password), check_options(**check))
    except RosterError as error:
        return Verdict(refused=with_options(f"{error.message} | {error.hint}"))
    notes = [with_options(note) for note in checked.info.notes if not note.startswith(("Columns: ", "Never read: "))]
    rows: dict[int, str] = {}
    for row in checked.rows:
        for problem in row.problems:
            text = with_options(f"{problem.column}: {problem.message} | {problem.hint}")
            if problem.refuses:
                rows[row.source.number] = f"{rows.get(row.source.number, '')} {text}".strip()
            else:
                notes.append(f"row {row.source.number}: {text}")
    people = [row.request.user.text for row in checked.rows if row.request is not None]
    return Verdict(people, notes, rows, "", checked)


@pytest.fixture(scope="session")
def verdict() -> Callable[..., Verdict]:
    """Give the judge of files that lie somewhere already."""
    return verdict_on


@pytest.fixture
def real_files() -> Path:
    """Give the folder of real rosters from outside, which is not part of the project."""
    folder = Path(__file__).parents[3] / "shared" / "rosters"
    if not folder.is_dir():
        pytest.skip(f"the folder of real rosters is not there ({folder})")
    return folder


@pytest.fixture
def samples() -> Path:
    """Give the folder of the project's own samples."""
    return Path(__file__).parents[2] / "samples"


def old_record(kind: int, content: bytes = b"") -> bytes:
    """Return a record of an old workbook: its kind, its size, its content."""
    return struct.pack("<HH", kind, len(content)) + content


def old_text(text: str) -> bytes:
    """Return a shared text of an old workbook, with two bytes to a character."""
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def old_texts(*texts: str) -> bytes:
    """Return the table of shared texts of an old workbook."""
    return old_record(0x00FC, struct.pack("<II", len(texts), len(texts)) + b"".join(map(old_text, texts)))


def old_cell(row: int, column: int, index: int) -> bytes:
    """Return a cell of an old workbook that holds a shared text; rows and columns count from 0."""
    return old_record(0x00FD, struct.pack("<HHHI", row, column, 0, index))


def old_stream(
    sheets: dict[str, bytes], texts: bytes = b"", further: bytes = b"", places: list[int] | None = None
) -> bytes:
    """Return the stream of an old workbook: its own records, then those of each sheet; `places` count from there."""
    begin, end = old_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)), old_record(0x000A)
    head = begin + old_record(0x0042, struct.pack("<H", 1200)) + further
    size = len(head) + sum(12 + len(name) for name in sheets) + len(texts) + len(end)
    listed, bodies = b"", b""
    for number, (name, body) in enumerate(sheets.items()):
        place = size + (len(bodies) if places is None else places[number])
        listed += old_record(0x0085, struct.pack("<IBBBB", place, 0, 0, len(name), 0) + name.encode())
        bodies += old_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + body + end
    return head + listed + texts + end + bodies


@pytest.fixture(scope="session")
def old() -> SimpleNamespace:
    """Give the makers of old workbooks (.xls), honest and other."""
    return SimpleNamespace(
        record=old_record, text=old_text, texts=old_texts, cell=old_cell, stream=old_stream,
        book=lambda *of, **more: plain_file("Workbook", old_stream(*of, **more)),
    )  # fmt: skip
