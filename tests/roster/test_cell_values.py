"""Cells as text, yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulktap.model.row_errors import RowError, RowErrorCode
from bulktap.roster.cell_values import as_text, parse_yes_no, quoted

if TYPE_CHECKING:
    from bulktap.model.plan import CellValue


@pytest.mark.parametrize(
    "cell", ["Yes", "JA", "oui", "sì", "はい", "$True", "TRUE", "1", 1, 1.0, True, " x ", "one-time"]
)
def test_yes(cell: CellValue) -> None:
    """Yes is understood in eight languages and in the ways of programs."""
    assert parse_yes_no(cell) is True


@pytest.mark.parametrize("cell", ["No", "nein", "FALSCH", "いいえ", "$False", "0", 0, False, "multi-use"])
def test_no(cell: CellValue) -> None:
    """No is understood in the same ways."""
    assert parse_yes_no(cell) is False


def test_neither_yes_nor_no() -> None:
    """An empty cell says nothing; another word is a fault that lists accepted ones."""
    assert parse_yes_no("  ") is None
    found = parse_yes_no("vielleicht")
    assert isinstance(found, RowError)
    assert (found.code, "'vielleicht'" in found.message, "ja" in found.hint) == (
        RowErrorCode.ONE_TIME_MALFORMED, True, True,
    )  # fmt: skip


def test_values_in_messages_show_what_cannot_be_seen() -> None:
    """Invisible characters are spelled out and long values shortened."""
    assert quoted("an\u200bna\t") == "'an[U+200B]na[U+0009]'"
    assert len(quoted("x" * 10_000)) < 70


@pytest.mark.parametrize(
    ("cell", "text"),
    [(None, ""), (" \u00a0A\u200bnna\u3000", "Anna"), ("Mu\u0308ller", "Müller"), (12.0, "12"), (0.5, "0.5")],
)
def test_cells_as_text(cell: CellValue, text: str) -> None:
    """Cells are read as a person reads them."""
    assert as_text(cell) == text
