"""The results stand beside the roster's own columns: the widest roster that is read leaves them their place."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from bulktap.model.plan import RosterRow
from bulktap.results.comparison import AsOf
from bulktap.results.error_report import error_report
from bulktap.results.passes_workbook import results_workbook
from bulktap.results.plan_report.plan_workbook import plan_workbook
from bulktap.results.plan_view import PlanView
from bulktap.roster.files.size_limits import ADDED_COLUMNS, MAX_COLUMNS

if TYPE_CHECKING:
    from types import ModuleType

MOST = MAX_COLUMNS - ADDED_COLUMNS


def widest(book: bytes) -> int:
    """Return how many columns the widest sheet of a workbook has."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    return max(int(last) for sheet in sheets for last in re.findall(r'<col min="\d+" max="(\d+)"', sheet))


@pytest.mark.long
@pytest.mark.parametrize("output", ["the results", "the error report", "the plan"])
def test_the_widest_roster(build: ModuleType, output: str) -> None:
    """Each output with the roster's columns in it can be written, with room for more columns of ours."""
    headings = tuple(f"c{number}" for number in range(MOST))
    cells = ("ann@contoso.com", *["x"] * (MOST - 1))
    rows = [
        build.plan_row(1, "ann", source=RosterRow("wide.csv", None, 2, cells)),
        build.plan_row(2, "bob", build.Action.REFUSE, request=None, problems=(build.fault(),),
                       source=RosterRow("wide.csv", None, 3, cells)),
    ]  # fmt: skip
    plan = build.make_plan(*rows, headings=headings)
    state = build.make_state(plan)
    match output:
        case "the results":
            as_of = AsOf(build.LATER)
            book: bytes | None = results_workbook(build.run_view(plan, state, as_of))
        case "the error report":
            book = error_report(PlanView(plan, state))
        case _:
            book = plan_workbook(PlanView(plan))
    assert book is not None
    assert widest(book) <= MAX_COLUMNS - ADDED_COLUMNS // 2
