"""Row numbers in words."""

from __future__ import annotations

import pytest

from bulktap.model.row_ranges import row_ranges


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([7], "row 7"),
        ([7, 7], "row 7"),
        ([4, 5], "rows 4 and 5"),
        ([4, 5, 6], "rows 4-6"),
        ([20, 23, *range(4, 18)], "rows 4-17, 20 and 23"),
        ([2, 3, 9], "rows 2, 3 and 9"),
        (list(range(2, 4_002)), "rows 2-4001"),
        (list(range(2, 22, 2)), "rows 2, 4, 6, 8, 10, 12 and 4 more"),
        (list(range(1, 2_001, 2)), "rows 1, 3, 5, 7, 9, 11 and 994 more"),
    ],
)
def test_rows_that_follow_one_another_are_a_range(numbers: list[int], words: str) -> None:
    """Neighbours become a range from three on, and what would fill the screen becomes a count."""
    assert row_ranges([(None, number) for number in numbers]) == words
    assert row_ranges([("Staff", number) for number in reversed(numbers)]) == words


def test_rows_of_several_sheets_name_their_sheets() -> None:
    """The same number in two sheets is two rows."""
    places = [("7A", 2), ("7A", 3), ("7A", 4), ("7B", 2), (None, 9)]

    assert row_ranges(places) == "7A rows 2-4; 7B row 2; row 9"


def test_many_sheets_end_with_a_count_of_rows() -> None:
    """A workbook with a sheet for each class does not fill the screen."""
    places = [(f"{number}A", row) for number in range(1, 11) for row in (2, 3, 4)]

    assert row_ranges(places, most=2) == "1A rows 2-4; 2A rows 2-4; 24 more"
