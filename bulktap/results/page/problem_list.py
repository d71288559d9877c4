"""The problems of a plan or a run by kind: who gets no pass and why, and what is to be known of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.row_errors import RowErrorCode, Severity
from bulktap.model.row_ranges import row_ranges
from bulktap.results.page.content import ProblemKind, ProblemSection
from bulktap.results.page.equal_problems import lines_of, rows_by_problem
from bulktap.results.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bulktap.model.plan import Plan, PlanRow
    from bulktap.model.plan_review import WarningKind
    from bulktap.model.row_errors import RowError

    Found = list[tuple[PlanRow, RowError]]

MAX_LINES = 1_000
"""Problems that stand on the page itself; beyond, each kind shows its share, and the table of rows has the others."""
_MOST_RANGES = 8


class ProblemList:
    """Makes the sections in which a page tells the problems of a plan's rows."""

    def __init__(
        self, plan: Plan, found: Iterable[tuple[PlanRow, RowError]], served: Callable[[PlanRow], bool]
    ) -> None:
        """Take the problems with their rows, and what says whether a row has a pass, or will have one."""
        self._plan = plan
        self._several = len({(row.source.file, row.source.sheet) for row in plan.rows}) > 1
        self._unserved = sum(not served(row) for row in plan.rows)
        self._parts: tuple[Found, Found] = ([], [])
        for row, problem in found:
            self._parts[served(row)].append((row, problem))
        self._total = max(MAX_LINES, sum(map(len, self._parts)))

    def of_unserved(self, heading: str) -> ProblemSection:
        """Return why rows get no pass, by kind."""
        told = f"{heading}: {counted(self._unserved, 'row')}" if self._unserved else heading
        none = "" if self._unserved else "Nobody: every row gets one."
        return ProblemSection(told, self._kinds(self._parts[0], "Skipped"), none)

    def of_served(self, heading: str) -> list[ProblemSection]:
        """Return what is to be said of rows that get one, by kind; no section if there is nothing."""
        kinds = self._kinds(self._parts[1], "Note")
        return [ProblemSection(heading, kinds, "")] if kinds else []

    def of_warnings(self, heading: str, warnings: Sequence[WarningKind]) -> list[ProblemSection]:
        """Return the warnings of rows that get one, in the words in which they were shown before the question."""
        kinds = [self._kind("", "", warning.text, self._warned(warning), Severity.WARNING) for warning in warnings]
        return [ProblemSection(heading, kinds, "")] if kinds else []

    def _warned(self, warning: WarningKind) -> Found:
        """Return what rows themselves say of a warning, which may be nothing, as of times that all rows share."""
        numbers = set(warning.numbers)
        found = [
            (row, problem) for row, problem in self._parts[1] if problem.code is warning.code and row.number in numbers
        ]
        # Notes are of one kind only where they say the same.
        return [one for one in found if warning.code is not RowErrorCode.NOTE or one[1].message in warning.text]

    def _kinds(self, found: Found, no_error: str) -> list[ProblemKind]:
        """Return the problems by kind, errors and what is frequent first, each in the roster's order."""
        kinds: dict[tuple[str, str], Found] = {}
        for row, problem in found:
            kinds.setdefault((problem.severity.value, problem.code.value), []).append((row, problem))
        ordered = sorted(kinds.items(), key=lambda kind: (kind[0][0], -len(kind[1]), kind[0][1]))
        firsts = [(listed, listed[0][1]) for _, listed in ordered]
        return [
            self._kind(
                "Error" if first.refuses else no_error, first.code.short_name, _which(listed), listed, first.severity
            )
            for listed, first in firsts
        ]

    def _kind(self, badge: str, title: str, summary: str, listed: Found, severity: Severity) -> ProblemKind:
        alike = rows_by_problem(listed)
        most = max(1, len(alike) * MAX_LINES // self._total)
        lines, left = lines_of(self._plan, alike, most, several=self._several)
        return ProblemKind(badge, title, summary, severity, lines, left)


def _which(listed: Found) -> str:
    sources = {row.number: row.source for row, _ in listed}
    ranges = row_ranges((source.key for source in sources.values()), _MOST_RANGES)
    return ranges if len(sources) == 1 else f"{len(sources):,} rows: {ranges.removeprefix('rows ')}"
