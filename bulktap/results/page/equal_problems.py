"""Rows with one and the same problem share a line of a page, however many they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.row_ranges import row_ranges
from bulktap.results.page.content import ProblemLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.row_errors import RowError


def rows_by_problem(found: Iterable[tuple[PlanRow, RowError]]) -> dict[RowError, list[PlanRow]]:
    """Return the rows that have each problem, in the order in which the problems were found."""
    alike: dict[RowError, list[PlanRow]] = {}
    for row, problem in found:
        alike.setdefault(problem, []).append(row)
    return alike


def lines_of(
    plan: Plan, alike: Mapping[RowError, Sequence[PlanRow]], most: int, *, several: bool
) -> tuple[list[ProblemLine], int]:
    """Return a line for each problem, and how many rows are on none of them.

    Args:
        plan: knows whom a row names.
        alike: the rows that have each problem.
        most: so many lines.
        several: True if the plan has rows of several sheets or files, which are named then.
    """
    shown = list(alike.items())[:most]
    lines = [
        ProblemLine(
            _place(rows, several=several), _users(plan, rows), problem.column or "", problem.message, problem.hint
        )
        for problem, rows in shown
    ]
    return lines, sum(map(len, alike.values())) - sum(len(rows) for _, rows in shown)


def _place(rows: Sequence[PlanRow], *, several: bool) -> str:
    source = rows[0].source
    if len(rows) == 1:
        return f"{source.sheet or source.file}, {source.number}" if several else str(source.number)
    return row_ranges((row.source.place if several else None, row.source.number) for row in rows)


def _users(plan: Plan, rows: Sequence[PlanRow]) -> str:
    first = plan.user_text(rows[0])
    return f"{first} and {len(rows) - 1:,} more" if len(rows) > 1 and first else first
