"""The rows of a page, packed for its script; pure.

Most values repeat themselves, so a column of words holds each word once, in the order in which it sorts, and its cells
hold positions. The script then sorts and filters by numbers, which keeps 10,000 rows without lag.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulktap.model.row_errors import RowError
    from bulktap.results.figures import Mark

MAX_ROWS = 10_000
"""Rows that a page shows one by one; beyond, it shows those with a problem and a sample."""
_SAMPLE = 1_000

AnyRow = TypeVar("AnyRow")


class ColumnKind(StrEnum):
    """How the script shows, sorts and filters a column."""

    NUMBER = "number"
    TEXT = "text"
    WORD = "word"
    PROBLEMS = "problems"


class Word(NamedTuple):
    """A value that many rows share."""

    text: str
    order: Any = None
    """What it sorts by among the words of its column; None sorts by its text."""
    mark: Mark | None = None
    """The colour of its badge; None shows plain text."""


Value = int | str | Word | None
"""One cell of the table, but for the problems."""


class TableColumn(NamedTuple):
    """One column of the table."""

    label: str
    kind: ColumnKind
    filtered: bool = False
    """Whether the rows can be filtered by its words."""


class TableRow(NamedTuple):
    """One row of the table: its cells, and what is wrong with it."""

    cells: Sequence[Value]
    """One for each column but the last, which holds the problems."""
    problems: Sequence[RowError]


@dataclass(frozen=True)
class RowTable:
    """The rows that a page shows, with their columns."""

    columns: Sequence[TableColumn]
    rows: Sequence[TableRow]

    @cached_property
    def json_text(self) -> str:
        """The table for the script: its columns with their words, its different problems, its rows."""
        words = [self._words(position) for position in range(len(self.columns) - 1)]
        positions = [{word.text: number for number, word in enumerate(column)} for column in words]
        problems: dict[RowError, int] = {}
        rows = [
            [
                *[
                    known[value.text] if isinstance(value, Word) else value
                    for known, value in zip(positions, row.cells, strict=True)
                ],
                [problems.setdefault(problem, len(problems)) for problem in row.problems],
            ]
            for row in self.rows
        ]
        members = {
            "columns": [
                _column(column, listed) for column, listed in zip(self.columns, [*words, []], strict=True)
            ],
            "problems": [
                [
                    problem.severity.value,
                    problem.code.value,
                    problem.code.short_name,
                    problem.column,
                    problem.message,
                    problem.hint,
                ]
                for problem in problems
            ],
            "rows": rows,
        }  # fmt: skip
        return json.dumps(members, ensure_ascii=False, separators=(",", ":"))

    def _words(self, position: int) -> list[Word]:
        if self.columns[position].kind is not ColumnKind.WORD:
            return []
        found = {value.text: value for row in self.rows if isinstance(value := row.cells[position], Word)}
        return sorted(found.values(), key=lambda word: word.text.casefold() if word.order is None else word.order)


def shown_rows(
    rows: Sequence[AnyRow], is_faulty: Callable[[AnyRow], bool], elsewhere: str
) -> tuple[Sequence[AnyRow], str]:
    """Return the rows that a page shows, and what it leaves out, in words; empty if nothing.

    Args:
        rows: all of them, of whatever kind: cells need only be made for those that are shown.
        is_faulty: whether something is wrong with a row.
        elsewhere: the sentence that says where all of them are.
    """
    if len(rows) <= MAX_ROWS:
        return rows, ""
    faulty = [number for number, row in enumerate(rows) if is_faulty(row)]
    sound = sorted(set(range(len(rows))).difference(faulty))
    kept = faulty[: MAX_ROWS - _SAMPLE]
    every = max(1, len(sound) // _SAMPLE)
    sample = sound[::every][:_SAMPLE]
    which = "every row with a problem" if len(kept) == len(faulty) else f"the first {len(kept):,} rows with a problem"
    note = (
        f"There are {len(rows):,} rows, too many for a page. The table shows {which} ({len(kept):,}) "
        f"and a sample of the others ({len(sample):,}, one in {every:,}). {elsewhere}"
    )
    return [rows[number] for number in sorted([*kept, *sample])], note


def _column(column: TableColumn, words: Sequence[Word]) -> dict[str, Any]:
    members: dict[str, Any] = {"label": column.label, "kind": column.kind.value, "filtered": column.filtered}
    if column.kind is ColumnKind.WORD:
        members["words"] = [word.text for word in words]
        members["marks"] = [word.mark.value if word.mark else "" for word in words]
    return members
