"""The parity report is what the generator makes of the data beside it."""

from __future__ import annotations

from contract.clients.by_any import CLIENTS
from contract.exchange import OPERATIONS
from contract.report import HEADINGS, REPORT, Parity


def test_the_report_is_generated() -> None:
    """By `python tests/contract/parity.py`, and nobody has edited it."""
    assert REPORT.read_text("utf-8") == Parity.committed().report()


def test_the_data_has_every_column_and_nothing_else() -> None:
    """Of operations that exist, by tools whose versions are known."""
    parity = Parity.committed()

    assert list(parity.columns) == list(HEADINGS)
    assert {operation for column in parity.columns.values() for operation in column} <= set(OPERATIONS)
    assert set(parity.versions) == {"prism", *(client.name for client in CLIENTS)}


def test_the_report_says_of_nothing_that_it_is_not_valid() -> None:
    """Neither of a request nor of a reply."""
    assert "not valid" not in REPORT.read_text("utf-8")
