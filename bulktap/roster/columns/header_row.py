"""Where the table begins: the row of headings, and the rows that are no people.

Pure. Titles, notes and blank rows above the headings are normal; so are Microsoft's example rows below them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.model.errors import QuestionOpen
from bulktap.model.questions import Choice, Question
from bulktap.model.setting_names import Setting
from bulktap.roster.cell_values import is_object_id
from bulktap.roster.columns.headings import is_dropped, meanings_of, names_user
from bulktap.roster.samples import sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.model.plan import CellValue
    from bulktap.roster.model import Area, GridRow

_ROWS_SEARCHED = 30
_MOST_OFFERED = 6
"""Rows that a question offers for the headings."""
_ADDRESS = re.compile(r"\s*[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+\s*\Z")
_EXAMPLE_NAMES = frozenset(
    {"chris@contoso.com", "ben@contoso.com", "david@contoso.com", "cynthia@contoso.com", "melissa@contoso.com"}
)
_EXAMPLE_ID = "9832aad8-e4fe-496b-a604-95c6ef01ae75"
_EXAMPLE_WORD = re.compile(r"(?:example|beispiel|exemple|ejemplo|esempio|exemplo|voorbeeld|例|пример)\s*[:：]\s*")
_EXAMPLE_PEOPLE = frozenset({"chris green", "ben andrews", "david longmuir", "cynthia carey", "melissa macbeth"})


@dataclass(frozen=True, slots=True)
class Header:
    """The row of headings."""

    number: int
    """As the sheet numbers it; 0 when the table has none."""
    index: int
    """Where the first row below it stands among the rows that hold something."""
    headings: tuple[str, ...]
    """As written, stripped; empty where the cell is."""


def text_of(cell: CellValue) -> str:
    """Return a cell as text, stripped, also of the mark with which files that were appended to others begin."""
    return "" if cell is None else str(cell).strip().strip("\ufeff").strip()


def is_address(text: str) -> bool:
    """Return true if a text looks like an address, and nothing else."""
    return _ADDRESS.match(text) is not None


def is_user(text: str) -> bool:
    """Return true if a text looks like an address or an object id, and nothing else."""
    return is_address(text) or is_object_id(text)


def find_header(rows: Sequence[GridRow], wanted: int | None, place: str) -> Header:
    """Return the row of headings.

    The first row with a heading that names the user wins; then the first with two known headings; then, when a
    user stands in the first row already, there is none; then the row above the first user; then the first row.

    Raises:
        RosterError: the row that was asked for is empty.
    """
    if wanted is not None:
        for index, (number, _) in enumerate(rows):
            if number == wanted:
                return _header_at(rows, index)
        likely = _likely_headers(rows)
        raise QuestionOpen([_which_row(f"{place}: row {wanted} is empty.", rows, likely)])
    searched = [[text_of(cell) for cell in cells] for _, cells in rows[:_ROWS_SEARCHED]]
    naming = [i for i, texts in enumerate(searched) if any(names_user(text) for text in texts if text)]
    if naming:
        # A title such as "Account" above the table has one cell; the headings below it have more.
        broad = [i for i in naming if sum(map(bool, searched[i])) > 1]
        return _header_at(rows, (broad or naming)[0])
    for i, texts in enumerate(searched):
        if sum(bool(meanings_of(text)) for text in texts if text) > 1:
            return _header_at(rows, i)
    return _header_by_values(rows, searched)


def spanned(rows: Sequence[GridRow], header: Header, areas: Sequence[Area], place: str) -> Header:
    """Return the header with the rows below it that its merged cells reach into; the lowest word of a column counts.

    Raises:
        RosterError: the headings seem to span several rows, and none of them names the user.
    """
    reaching = [area for area in areas if area.top <= header.number <= area.bottom and area.bottom > area.top]
    if not header.number or not reaching:
        return header
    top, bottom = min(area.top for area in reaching), max(area.bottom for area in reaching)
    if not any(names_user(heading) for heading in header.headings):
        within = [row for row in rows if top <= row[0] <= bottom]
        text = f"{place}: the headings seem to span rows {top} to {bottom}."
        raise QuestionOpen([_which_row(text, rows, within[::-1])])
    headings = list(header.headings)
    index = header.index
    while index < len(rows) and rows[index][0] <= bottom:
        lower = _header_at(rows, index).headings
        headings += [""] * (len(lower) - len(headings))
        headings[: len(lower)] = [below or above for below, above in zip(lower, headings, strict=False)]
        index += 1
    return Header(bottom, index, tuple(headings))


def rows_sample(rows: Sequence[GridRow], wanted: Sequence[GridRow]) -> tuple[str, ...]:
    """Return a line for each of some rows of a sheet whose headings are not settled yet.

    Every cell that is no address is left out where nothing says what columns hold.
    """
    headed = find_header(rows, None, "").number > 0
    lines = []
    for number, cells in without_secrets(rows, wanted):
        users = [cell for cell in cells if isinstance(cell, str) and is_user(cell)]
        lines.append(f"row {number}: {sample(users or (cells if headed else ()))}".removesuffix(": "))
    return tuple(lines)


def without_secrets(rows: Sequence[GridRow], wanted: Sequence[GridRow]) -> list[GridRow]:
    """Return some of the rows of a sheet whose headings are not settled yet, as far as they may be shown.

    A column in whose first rows any cell could be the heading of passwords and the like is left out.
    """
    secret = {
        column
        for _, cells in rows[:_ROWS_SEARCHED]
        for column, cell in enumerate(cells)
        if isinstance(cell, str) and is_dropped(cell)
    }
    return [
        (number, tuple(cell for column, cell in enumerate(cells) if column not in secret)) for number, cells in wanted
    ]


def _which_row(text: str, rows: Sequence[GridRow], offered: Sequence[GridRow]) -> Question:
    offered = offered[:_MOST_OFFERED]
    labels = rows_sample(rows, offered)
    choices = tuple([Choice(str(row[0]), label) for row, label in zip(offered, labels, strict=True)])
    return Question(Setting.HEADER_ROW, "header-row", text, choices=choices)


def _likely_headers(rows: Sequence[GridRow]) -> list[GridRow]:
    """Return the row that would be found, and the first others."""
    found = find_header(rows, None, "").number
    return sorted(rows[:_ROWS_SEARCHED], key=lambda row: row[0] != found)


def _header_by_values(rows: Sequence[GridRow], searched: list[list[str]]) -> Header:
    for i, texts in enumerate(searched):
        if any(map(is_user, texts)):
            if i == 0:
                return Header(0, 0, ("",) * max(len(cells) for _, cells in rows))
            return _header_at(rows, i - 1)
    widest = max(sum(map(bool, texts)) for texts in searched)
    return _header_at(rows, next(i for i, texts in enumerate(searched) if sum(map(bool, texts)) == widest))


def _header_at(rows: Sequence[GridRow], index: int) -> Header:
    number, cells = rows[index]
    return Header(number, index + 1, tuple(" ".join(text_of(cell).split()) for cell in cells))


def is_example(cells: Sequence[CellValue]) -> bool:
    """Return true if a row is one of Microsoft's own examples, whole or overwritten half-way.

    The bulk templates of Entra carry `Example: Chris Green`, in the language of the template, the newer ones the same
    person without the word, and the sample files of the Microsoft 365 admin centre five people of contoso.com.
    """
    plain = [text_of(cell).casefold() for cell in cells if cell is not None]
    told = [text[word.end() :] for text in plain if (word := _EXAMPLE_WORD.match(text)) is not None]
    if any(text in _EXAMPLE_NAMES | _EXAMPLE_PEOPLE | {_EXAMPLE_ID} for text in told) or plain == [_EXAMPLE_ID]:
        return True
    return not _EXAMPLE_NAMES.isdisjoint(plain) and not _EXAMPLE_PEOPLE.isdisjoint(plain)


def repeats_header(header: Header, cells: Sequence[CellValue]) -> bool:
    """Return true if a row is the heading row again, as in files that were appended to each other."""
    filled = [(heading, cell) for heading, cell in zip(header.headings, cells, strict=False) if heading]
    if not filled or text_of(filled[0][1]).casefold() != filled[0][0].casefold():
        return False
    return all(text_of(cell).casefold() == heading.casefold() for heading, cell in filled)
