"""Rows among people that are none: what export programs and people put between, above and below them. Pure.

Each rule is about a row as a whole and holds in every language of the dictionary; what could be part of a person is
left to the rows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bulktap.roster.cell_values import as_text
from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.header_row import Header, is_example, is_user, repeats_header, text_of
from bulktap.roster.columns.headings import meanings_of, names_user

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.plan import CellValue
    from bulktap.roster.model import GridRow

EXAMPLE, HEADINGS = "Microsoft's example", "the headings once more"
TEST_STUDENT = "the test student of the learning platform"
OTHER_TABLE, LABELS, TITLE = (
    "part of another table",
    "labels of the program that wrote the file",
    "a title between people",
)
IN_A_NOTE = {
    EXAMPLE: "is Microsoft's example", HEADINGS: "repeats the headings", OTHER_TABLE: "is part of another table",
    LABELS: "holds labels of the program that wrote the file", TITLE: "is a title between people",
    TEST_STUDENT: "is the learning platform's test student",
}  # fmt: skip
"""What is said of such a row behind its number."""
_EXAMPLES_WITHIN = 20  # Microsoft's examples stand right below the headings
_LABELS_WITHIN = 4  # rows below the headings
_LABEL = re.compile(r"\{\s*\"ImportId\"")  # Qualtrics writes three rows of headings
_POINTS = re.compile(
    r"\s*(?:points possible|punkte möglich|points possibles|puntos posibles|punti possibili)\s*\Z", re.IGNORECASE
)
"""The row in which Canvas keeps the best possible result; whatever stands above it is of the same kind."""
_CANVAS_LOGIN = "sis login id"
_TEST_NAME = re.compile(r"\btest(?:schüler(?:in)?|student)?\b", re.IGNORECASE)
_TEST_LOGIN = re.compile(r"[0-9a-f]{8,64}\Z")
"""Canvas gives each course a student of its own for tests, who signs in with a number that nobody knows."""
_NUMBERED = re.compile(r"\d{1,2}[.)]\s+\S")
_KEEPS = frozenset({Meaning.GROUP, Meaning.DEPARTMENT, Meaning.GRADE})


def divided(rows: Sequence[GridRow], header: Header) -> tuple[list[GridRow], list[tuple[GridRow, str]]]:
    """Return the rows of people, and the others, each with the reason why it is none."""
    people: list[GridRow] = []
    others: list[tuple[GridRow, str]] = []
    below_labels = _labels(rows)
    near_headings, elsewhere = _EXAMPLES_WITHIN, False
    known = {heading.casefold() for heading in header.headings if heading}
    users = [column for column, heading in enumerate(header.headings) if names_user(heading)]
    first = next((column for column, heading in enumerate(header.headings) if heading), 0)
    word = header.headings[first].casefold() if header.headings else ""
    login = next((at for at, heading in enumerate(header.headings) if heading.casefold() == _CANVAS_LOGIN), None)
    marked = "@" in word
    for place, row in enumerate(rows):
        near_headings -= 1
        cells = row[1]
        cell = cells[first] if first < len(cells) else None
        if place < below_labels:
            others.append((row, LABELS))
        elif near_headings >= 0 and is_example(cells):
            others.append((row, EXAMPLE))
        elif (
            isinstance(cell, str)
            and ("@" in cell) is marked  # which settles it for most users, at little cost
            and _plain(cell).casefold() == word
            and repeats_header(header, cells)
        ):
            others.append((row, HEADINGS))
            near_headings, elsewhere = _EXAMPLES_WITHIN, False
        elif elsewhere or (users and _no_address(cells, users) and _heads_another_table(cells, known)):
            elsewhere = True
            others.append((row, OTHER_TABLE))
        elif len(cells) - cells.count(None) == 1 and header.number and _is_title(cells):
            others.append((row, TITLE))
        elif login is not None and _is_test_student(cells, cell, login):
            others.append((row, TEST_STUDENT))
        else:
            people.append(row)
    return people, others


def _is_test_student(cells: Sequence[CellValue], name: CellValue, login: int) -> bool:
    number = cells[login] if login < len(cells) else None
    told = isinstance(name, str) and _TEST_NAME.search(name) is not None
    return told and isinstance(number, str) and _TEST_LOGIN.match(number) is not None


def _plain(cell: str) -> str:
    return text_of(cell) if "\ufeff" in cell else cell.strip()


def _no_address(cells: Sequence[CellValue], columns: Sequence[int]) -> bool:
    """Return true if a row has no address in these columns, as by far the most have."""
    for column in columns:
        if column < len(cells) and isinstance(cell := cells[column], str) and "@" in cell:
            return False
    return True


def _labels(rows: Sequence[GridRow]) -> int:
    """Return how many rows at the top are labels: down to one that only a program can have written, none a person."""
    for place, (_, cells) in enumerate(rows[:_LABELS_WITHIN]):
        filled = [cell for cell in cells if cell is not None]
        if any(isinstance(cell, str) and is_user(cell) for cell in filled):
            return 0
        labels = [cell for cell in filled if isinstance(cell, str) and _LABEL.match(cell)]
        if filled and (labels == filled or _POINTS.match(str(filled[0]))):
            return place + 1
    return 0


def _heads_another_table(cells: Sequence[CellValue], known: set[str]) -> bool:
    """Return true for headings of a table with other columns: two of them are this table's, one of them the user's."""
    texts = [text for cell in cells if isinstance(cell, str) and (text := " ".join(cell.split()))]
    shared = [text for text in texts if text.casefold() in known]
    return len(shared) > 1 and any(map(names_user, shared)) and not any(map(is_user, texts))


def _is_title(cells: Sequence[CellValue]) -> bool:
    """Return true for a row of one cell that names a class, or numbers a section: `Class 7A`, `3. Activities`."""
    filled = [cell for cell in cells if cell is not None and as_text(cell)]
    if len(filled) != 1 or not isinstance(filled[0], str):
        return False
    text = as_text(filled[0])
    if _NUMBERED.match(text):
        return True
    word, _, rest = text.partition(" ")
    return bool(rest.strip()) and not meanings_of(word.rstrip(":")).isdisjoint(_KEEPS) and not is_user(text)
