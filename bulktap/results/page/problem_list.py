"""The problems of a report, gathered by kind: those that keep rows from a pass first, the most frequent first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.results.page.content import ProblemKind, ProblemLine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.row_errors import RowError

MAX_LINES = 1_000
"""Problems that stand on the page itself; beyond, each kind shows its share, and the table of rows has the others."""


def problem_kinds(plan: Plan, found: Iterable[tuple[PlanRow, RowError]]) -> list[ProblemKind]:
    """Return the problems by kind, each in the roster's order."""
    kinds: dict[tuple[str, str], list[tuple[PlanRow, RowError]]] = {}
    for row, problem in found:
        kinds.setdefault((problem.severity.value, problem.code.value), []).append((row, problem))
    total = sum(len(listed) for listed in kinds.values())
    ordered = sorted(kinds.items(), key=lambda kind: (kind[0][0], -len(kind[1]), kind[0][1]))
    several = len({(row.source.file, row.source.sheet) for row in plan.rows}) > 1
    return [
        _kind(plan, listed, max(1, len(listed) * MAX_LINES // max(total, MAX_LINES)), several=several)
        for _, listed in ordered
    ]


def _kind(plan: Plan, listed: list[tuple[PlanRow, RowError]], shown: int, *, several: bool) -> ProblemKind:
    first = listed[0][1]
    lines = [
        ProblemLine(
            f"{row.source.sheet or row.source.file}, {row.source.number}" if several else str(row.source.number),
            plan.user_text(row),
            problem.column or "",
            problem.message,
            problem.hint,
        )
        for row, problem in listed[:shown]
    ]
    return ProblemKind(first.code.short_name, first.code.value, first.severity, len(listed), lines)
