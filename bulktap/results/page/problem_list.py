"""The problems of a report, gathered by kind: those that keep rows from a pass first, the most frequent first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.results.page.content import ProblemKind
from bulktap.results.page.equal_problems import lines_of, rows_by_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.row_errors import RowError

MAX_LINES = 60
"""Lines that stand on the page itself, two sheets of paper; beyond, each kind shows its share, and the table of rows
has the others."""


def problem_kinds(plan: Plan, found: Iterable[tuple[PlanRow, RowError]]) -> list[ProblemKind]:
    """Return the problems by kind, each in the roster's order."""
    kinds: dict[tuple[str, str], list[tuple[PlanRow, RowError]]] = {}
    for row, problem in found:
        kinds.setdefault((problem.severity.value, problem.code.value), []).append((row, problem))
    alike = {kind: rows_by_problem(listed) for kind, listed in kinds.items()}
    total = sum(map(len, alike.values()))
    ordered = sorted(kinds.items(), key=lambda kind: (kind[0][0], -len(kind[1]), kind[0][1]))
    several = len({(row.source.file, row.source.sheet) for row in plan.rows}) > 1
    return [
        _kind(plan, listed, alike[kind], max(1, len(alike[kind]) * MAX_LINES // max(total, MAX_LINES)), several=several)
        for kind, listed in ordered
    ]


def _kind(
    plan: Plan,
    listed: list[tuple[PlanRow, RowError]],
    alike: Mapping[RowError, Sequence[PlanRow]],
    most: int,
    *,
    several: bool,
) -> ProblemKind:
    first = listed[0][1]
    lines, left = lines_of(plan, alike, most, several=several)
    return ProblemKind(first.code.short_name, first.code.value, first.severity, len(listed), lines, left)
