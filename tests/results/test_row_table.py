"""The rows of a page as its script gets them."""

from __future__ import annotations

import json

from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.results.figures import Mark
from bulktap.results.page.row_table import (
    MAX_ROWS,
    ColumnKind,
    RowTable,
    TableColumn,
    TableRow,
    Word,
    shown_rows,
)

FAULT = RowError(RowErrorCode.USER_NOT_FOUND, "No such user.", "Mend it.", "Sign-in")


def is_faulty(row: TableRow) -> bool:
    """Say whether a row has a problem."""
    return bool(row.problems)


def test_words_stand_once_in_the_order_they_sort() -> None:
    """A cell holds the position of its word; words sort by what they mean, else by their text."""
    columns = [
        TableColumn("Row", ColumnKind.NUMBER),
        TableColumn("Lifetime", ColumnKind.WORD, filtered=True),
        TableColumn("Problems", ColumnKind.PROBLEMS),
    ]
    day, hour = Word("1 d", 1_440, Mark.PASS), Word("1 h", 60)
    rows = [
        TableRow([2, day], ()),
        TableRow([3, hour], (FAULT,)),
        TableRow([4, day], (FAULT,)),
        TableRow([5, None], ()),
    ]
    packed = json.loads(RowTable(columns, rows).json_text)

    assert packed["columns"][1]["words"] == ["1 h", "1 d"]
    assert packed["columns"][1]["marks"] == ["", "pass"]
    assert packed["rows"] == [[2, 1, []], [3, 0, [0]], [4, 1, [0]], [5, None, []]]
    assert packed["problems"] == [["error", "user-not-found", "User not found", "Sign-in", "No such user.", "Mend it."]]


def test_up_to_ten_thousand_rows_are_all_shown() -> None:
    """Nothing is left out, and nothing is said."""
    rows = [TableRow([number], ()) for number in range(MAX_ROWS)]

    assert shown_rows(rows, is_faulty, "Elsewhere.") == (rows, "")


def test_beyond_problems_and_a_sample_are_shown() -> None:
    """Every row with a problem, a sample of the others in the roster's order, and the page says so."""
    rows = [TableRow([number], (FAULT,) if number % 100 == 0 else ()) for number in range(50_000)]
    shown, note = shown_rows(rows, is_faulty, "Elsewhere.")

    assert sum(bool(row.problems) for row in shown) == 500
    assert len(shown) == 1_500
    numbers = [row.cells[0] for row in shown]
    assert numbers == sorted(numbers)  # type: ignore[type-var]
    assert "50,000 rows" in note
    assert "every row with a problem (500)" in note
    assert note.endswith("Elsewhere.")


def test_too_many_problems_are_cut_and_said() -> None:
    """A roster in which everything is wrong does not make a page that cannot be opened."""
    shown, note = shown_rows([TableRow([number], (FAULT,)) for number in range(50_000)], is_faulty, "Elsewhere.")

    assert len(shown) == 9_000
    assert "the first 9,000 rows with a problem" in note
