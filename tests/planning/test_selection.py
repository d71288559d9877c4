from __future__ import annotations

from typing import Any

import pytest

from bulktap.model.errors import RosterError
from bulktap.model.plan import Action
from bulktap.model.row_errors import RowErrorCode
from bulktap.planning.selection import Selection


@pytest.mark.parametrize(
    ("word", "covered"),
    [
        ("3", [2]),
        ("USER1@contoso.com ", [1]),
        ("Class=5a", [1, 3]),
        ("class = 5A", [1, 3]),
        ("Class=5", [2]),
        ("Other=5", []),
        ("nobody@contoso.com", []),
    ],
)
def test_only_names_rows_users_or_values(decide: Any, kit: Any, word: str, covered: list[int]) -> None:
    """A row number, a user, or a column with its value as people see it; the rest is skipped with its reason."""
    plan = decide(kit.checked(1), kit.checked(2, cell=5.0), kit.checked(3), only=(word,))
    assert [row.number for row in plan.creating()] == covered
    skipped = [row for row in plan.rows if row.number not in covered]
    assert all(row.action is Action.SKIP for row in skipped)
    assert all(row.problems[-1].code is RowErrorCode.NOT_SELECTED for row in skipped)


@pytest.mark.parametrize(("cell", "word"), [(0, "Class=0"), (False, "Class=False"), (None, "Class=")])
def test_values_that_count_as_nothing_are_values(decide: Any, kit: Any, cell: object, word: str) -> None:
    """Zero is not an empty cell."""
    assert [row.number for row in decide(kit.checked(1, cell=cell), kit.checked(2), only=(word,)).creating()] == [1]


def test_several_words_cover_what_any_of_them_names(decide: Any, kit: Any) -> None:
    """The words of `--only` add up."""
    plan = decide(*(kit.checked(n) for n in range(1, 5)), only=("2", "user4@contoso.com"))
    assert [row.number for row in plan.creating()] == [1, 4]


def test_the_limit_cuts_creates_only(decide: Any, kit: Any) -> None:
    """Skipped rows do not count, and what is cut says so; rows merged into a cut row are cut with it."""
    rows = [kit.checked(1), kit.checked(2), kit.checked(3, "zoe@contoso.com"), kit.checked(4, "zoe@contoso.com")]
    plan = decide(*rows, findings={"user1@contoso.com": kit.live()}, limit=1)
    assert [row.action for row in plan.rows] == [Action.SKIP, Action.ISSUE, Action.SKIP, Action.SKIP]
    assert plan.rows[3].problems[-1].code is RowErrorCode.NOT_SELECTED


@pytest.mark.parametrize(
    ("word", "covered"),
    [
        ("4", 1),
        ("Class=5a", 20),
        ("user7@contoso.com", 1),
        ("9" * 5000, 0),
        ("Staff!4", 1),
        ("Class=" + "x" * 9_000, 0),
    ],
)
def test_many_words_cost_no_more_than_one(kit: Any, word: str, covered: int) -> None:
    """Each cell is read once, whether there is one word or there are a thousand."""
    reads = 0

    class Counted(str):
        __slots__ = ()

        def __str__(self) -> str:
            nonlocal reads
            reads += 1
            return "".join(self)

    rows = [kit.checked(number, cell=Counted("5a")) for number in range(1, 21)]
    covers = Selection(only=(word, *(f"Class=z{number}" for number in range(1_000)))).test(kit.COLUMNS)

    assert sum(map(covers, rows)) == covered
    assert reads <= len(rows)


def test_a_number_that_no_row_can_have_is_named(kit: Any) -> None:
    """Thousands of digits are a word that matches nothing."""
    with pytest.raises(RosterError, match="matches no row"):
        Selection(only=("9" * 5000,)).require_clear([kit.checked(1)], kit.COLUMNS)
