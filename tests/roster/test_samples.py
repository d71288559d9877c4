"""The project's samples, read as the program reads them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from bulktap.model.plan import Field
from bulktap.model.row_errors import RowErrorCode
from bulktap.roster.check import check_roster
from bulktap.roster.read import read_roster

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulktap.roster.model import CheckedRoster, CheckOptions


def checked(path: Path, options: Callable[..., CheckOptions]) -> CheckedRoster:
    """Return a sample, checked."""
    return check_roster(read_roster(path), options())


def test_student_onboarding(samples: Path, options: Callable[..., CheckOptions]) -> None:
    """Sixty students of four classes get a pass each in 2035; two rows have a fault."""
    roster = checked(samples / "student-onboarding.xlsx", options)
    good = [row for row in roster.rows if row.request is not None]
    assert (len(roster.rows), len(good)) == (62, 60)
    assert Counter(row.group for row in good) == {"7A": 15, "7B": 15, "8A": 15, "8B": 15}
    assert len({row.user.folded for row in good if row.user}) == 60
    starts = {row.request.terms.starts_at for row in good if row.request}
    assert starts == {
        datetime(2035, 8, 27, 5, 30, tzinfo=UTC), datetime(2035, 8, 27, 8, 0, tzinfo=UTC),
        datetime(2035, 9, 3, 11, 0, tzinfo=UTC), datetime(2035, 9, 3, 14, 0, tzinfo=UTC),
    }  # fmt: skip
    assert {row.request.terms.lifetime_minutes for row in good if row.request} == {480, 240, 360}
    assert sum(row.request.terms.usable_once is True for row in good if row.request) == 12
    faults = {row.source.number: [e.code for e in row.problems] for row in roster.rows if row.problems}
    assert faults == {24: [RowErrorCode.USER_MALFORMED], 52: [RowErrorCode.LIFETIME_MALFORMED]}


def test_device_refresh(samples: Path, options: Callable[..., CheckOptions]) -> None:
    """Twenty-two devices have seventeen users, two are shared and left out."""
    roster = checked(samples / "device-refresh.csv", options)
    users = Counter(row.user.folded for row in roster.rows if row.user)
    people = [row for row in roster.rows if not row.left_out]
    assert (len(roster.rows), len(people), len(users), max(users.values())) == (24, 22, 17, 3)
    assert roster.columns.heading(Field.USER) == "Primary user UPN"
    assert all(row.request is not None and row.device and "(" in row.device for row in people)
    assert any("2 devices have no user" in note for note in roster.info.notes)


def test_roster_with_errors(samples: Path, options: Callable[..., CheckOptions]) -> None:
    """The sample shows nearly every fault that a row can have before the tenant is asked."""
    roster = checked(samples / "roster-with-errors.xlsx", options)
    found = {e.code for row in roster.rows for e in row.problems}
    assert found == {
        RowErrorCode.USER_MISSING, RowErrorCode.USER_MALFORMED, RowErrorCode.USER_MIXED_SCRIPT,
        RowErrorCode.USER_DAMAGED, RowErrorCode.CELL_ERROR, RowErrorCode.START_MALFORMED,
        RowErrorCode.START_AMBIGUOUS, RowErrorCode.START_IN_PAST, RowErrorCode.LIFETIME_MALFORMED,
        RowErrorCode.LIFETIME_OUT_OF_RANGE, RowErrorCode.ONE_TIME_MALFORMED,
    }  # fmt: skip
    assert all(e.column and e.hint for row in roster.rows for e in row.problems)
    assert sum(row.request is not None for row in roster.rows) == 5


def test_samples_look_like_a_persons_work(samples: Path) -> None:
    """The workbooks have a bold heading that stays in view, real dates and readable widths."""
    for name in ("student-onboarding.xlsx", "roster-with-errors.xlsx"):
        sheet = load_workbook(samples / name).active
        assert sheet.freeze_panes == "A2"
        assert all(cell.font.bold for cell in sheet[1])
        assert isinstance(sheet.cell(2, [cell.value for cell in sheet[1]].index("Pass start") + 1).value, datetime)
