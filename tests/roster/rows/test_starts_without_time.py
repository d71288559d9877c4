"""A start that is a date without a time is said, row by row, whatever the cell was."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bulktap.model.pass_terms import PassTerms
from bulktap.model.plan import Field, RosterColumns, RosterRow
from bulktap.model.row_errors import RowErrorCode, Severity
from bulktap.roster.model import CheckOptions
from bulktap.roster.reading_options import ReadingOptions
from bulktap.roster.reading_words import DateOrder
from bulktap.roster.rows.pass_cells import PassTermsReader

if TYPE_CHECKING:
    from bulktap.model.plan import CellValue

NOW = datetime(2035, 9, 1, 8, 0, tzinfo=UTC)
COLUMNS = RosterColumns(("User", "Pass start"), {Field.USER: (0,), Field.START: (1,)})


def codes(cell: CellValue, zone: str = "Europe/Berlin") -> list[RowErrorCode]:
    """Return what is said about a row with this start; all of it warnings."""
    options = CheckOptions(ReadingOptions(), ZoneInfo(zone), NOW, PassTerms(None, 480, None))
    values = PassTermsReader(COLUMNS, options, DateOrder.DMY).read(RosterRow("r.csv", None, 2, ("a@contoso.com", cell)))
    assert {problem.severity for problem in values.problems} <= {Severity.WARNING}
    return [problem.code for problem in values.problems]


@pytest.mark.parametrize(
    "cell",
    [
        date(2035, 9, 15),
        datetime(2035, 9, 15, 0, 0),  # noqa: DTZ001 - as a workbook has a date
        "2035-09-15",
        "15.09.2035",
        "15 Sept 2035",
        "2035年9月15日",
        "15/09/2035",
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Auckland"])
def test_a_date_alone_is_warned_about(cell: CellValue, zone: str) -> None:
    """Midnight is rarely what was meant, and in a workbook a date is nothing else."""
    assert codes(cell, zone) == [RowErrorCode.START_WITHOUT_TIME]


@pytest.mark.parametrize(
    "cell", ["2035-09-15 08:00", "2035-09-15T00:00Z", "2035-09-15 00:00", None, "", "15.09.2035 0:00"]
)
def test_a_time_that_was_written_is_not(cell: CellValue) -> None:
    """Who writes 00:00 as text means it, and no start is no date."""
    assert codes(cell) == []


@pytest.mark.parametrize("cell", ["2035-09-01", date(2035, 9, 1), "2035-09-01 09:30", "2035-09-01T07:59Z"])
def test_a_start_that_has_passed_is_warned_about_as_such(cell: CellValue) -> None:
    """The pass begins to work when it is issued, which is not what the cell says."""
    assert codes(cell) == [RowErrorCode.START_PASSED]
