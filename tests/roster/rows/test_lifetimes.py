"""Lifetimes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.roster.rows.lifetimes import parse_lifetime, parse_lifetime_cell

if TYPE_CHECKING:
    from bulktap.model.plan import CellValue


def code_of(found: object) -> RowErrorCode | None:
    """Return the code of a fault, or None for a value."""
    return found.code if isinstance(found, RowError) else None


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        (60, 60), (60.0, 60), ("60", 60), ("60.0", 60), ("60,0", 60), (" 480 ", 480), ("8h", 480), ("8 h", 480),
        ("90m", 90), ("1d", 1440), ("1.5 h", 90), ("1,5 Stunden", 90), ("1 h 30 min", 90), ("1h30m", 90),
        ("2 days", 2880), ("PT8H", 480), ("PT1H30M", 90), ("P1D", 1440), ("P1DT12H", 2160), ("30 days", 43200),
        ("10", 10), ("8 hours", 480), ("1 Tag", 1440), ("8時間", 480), ("1 day, 2 hours", 1560), ("1 week", 10080),
    ],
)  # fmt: skip
def test_lifetimes(cell: CellValue, minutes: int) -> None:
    """A bare number is minutes; everything else has a unit."""
    assert parse_lifetime_cell(cell) == minutes


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (9, RowErrorCode.LIFETIME_OUT_OF_RANGE),
        (43201, RowErrorCode.LIFETIME_OUT_OF_RANGE),
        (-5, RowErrorCode.LIFETIME_OUT_OF_RANGE),
        ("31 days", RowErrorCode.LIFETIME_OUT_OF_RANGE),
        ("sixty", RowErrorCode.LIFETIME_MALFORMED),
        ("8:00", RowErrorCode.LIFETIME_MALFORMED),
        ("8 h 2 h", RowErrorCode.LIFETIME_MALFORMED),
        ("60.5", RowErrorCode.LIFETIME_MALFORMED),
        ("P", RowErrorCode.LIFETIME_MALFORMED),
        ("PT", RowErrorCode.LIFETIME_MALFORMED),
        (True, RowErrorCode.LIFETIME_MALFORMED),
        ("#REF!", RowErrorCode.CELL_ERROR),
        ("=B2*60", RowErrorCode.CELL_ERROR),
    ],
)
def test_lifetimes_that_are_none(cell: CellValue, code: RowErrorCode) -> None:
    """What is no duration, or none that any tenant allows, is a fault with its own code."""
    assert code_of(parse_lifetime_cell(cell)) is code


def test_empty_lifetime_says_nothing() -> None:
    """An empty cell leaves the lifetime to the option."""
    assert parse_lifetime_cell(None) is None
    assert parse_lifetime_cell(" \u200b") is None


def test_unit_of_the_heading() -> None:
    """A column in hours counts bare numbers as hours, and a written unit beats it."""
    assert (parse_lifetime_cell(8, 60), parse_lifetime_cell("90 min", 60)) == (480, 90)


@pytest.mark.parametrize("text", ["", "soon", "9", "8:00", "31d"])
def test_lifetime_option_refuses_with_a_sentence(text: str) -> None:
    """The option's value is refused with one clear sentence."""
    with pytest.raises(ValueError, match=r"^'.*\.$"):
        parse_lifetime(text)


def test_lifetime_option() -> None:
    """The option takes the same forms as a cell."""
    assert [parse_lifetime(text) for text in ("8h", "90m", "480", "PT8H", "1d")] == [480, 90, 480, 480, 1440]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("5 minutes", "'5 minutes' is too short: no tenant allows less than 10 minutes."),
        (5, "'5' is too short: no tenant allows less than 10 minutes."),
        ("45 days", "'45 days' (64,800 minutes) is too long: no tenant allows more than 43,200 minutes (30 days)."),
        ("43201 min", "'43201 min' is too long: no tenant allows more than 43,200 minutes (30 days)."),
        ("8:00", "'8:00' could be a time of day or a duration of 8 h."),
        ("1:30", "'1:30' could be a time of day or a duration of 90 minutes."),
        ("30,000", "'30,000' could be 30000 or a fraction."),
        ("1.440", "'1.440' could be 1440 or a fraction."),
    ],
)
def test_lifetimes_are_refused_in_words(cell: CellValue, message: str) -> None:
    """The minutes are added only where the cell does not say them, with commas in large numbers."""
    found = parse_lifetime_cell(cell)
    assert isinstance(found, RowError)
    assert found.message == message


def test_a_number_with_three_decimals_is_no_text() -> None:
    """What a cell holds as a number has no commas of thousands."""
    assert parse_lifetime_cell(0.125, 1440) == 180
    assert parse_lifetime_cell(1.125, 1440) == 1620


HUGE = [
    "9" * 309, "9" * 400, "9" * 5_000, "9" * 309 + "h", "1" + "0" * 90 + " weeks", "P" + "9" * 400 + "D",
    "PT1" + "0" * 320 + "S", "-" + "9" * 400, 10**309, -(10**400), "9" * 400 + ",5",
]  # fmt: skip
"""Lifetimes that no number can hold."""


@pytest.mark.parametrize("minutes_per_unit", [1, 1440])
@pytest.mark.parametrize("cell", HUGE, ids=lambda cell: str(cell)[:12])
def test_a_lifetime_beyond_any_number(cell: CellValue, minutes_per_unit: int) -> None:
    """It is a fault of its row, shown shortened, and never of the whole roster."""
    found = parse_lifetime_cell(cell, minutes_per_unit)
    assert isinstance(found, RowError)
    assert found.code in {RowErrorCode.LIFETIME_OUT_OF_RANGE, RowErrorCode.LIFETIME_MALFORMED}
    assert len(found.message) < 200
    if isinstance(cell, str):
        with pytest.raises(ValueError, match=r"is too (?:long|short): no tenant|is not a duration") as refused:
            parse_lifetime(cell)
        assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    "cell", ["1e400", "inf", "-Infinity", "nan", "1e5", float("inf"), float("nan"), 1e308, 1e-320, True]
)
def test_a_lifetime_that_is_no_count(cell: CellValue) -> None:
    """Exponents and what is no number are faults of their rows, too."""
    assert code_of(parse_lifetime_cell(cell)) is RowErrorCode.LIFETIME_MALFORMED


def test_zeros_before_a_lifetime() -> None:
    """However many there are, they change nothing."""
    assert parse_lifetime_cell("0" * 5_000 + "60") == 60
    assert parse_lifetime("0" * 5_000 + "60") == 60
    assert code_of(parse_lifetime_cell("0" * 5_000 + "5")) is RowErrorCode.LIFETIME_OUT_OF_RANGE
