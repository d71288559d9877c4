"""Which rows of the roster a plan covers: the settings `limit`, `only` and `except`; pure.

Every sheet has a row 2. So where several sheets are one roster, a row is named as Excel does it, `7A!2`, unless only
one of them has a row of that number. A word that names nothing is a typo, and is told with what it may have meant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulktap.model.plan import Action, PlanRow
from bulktap.model.row_error_catalogue import about_passes
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bulktap.model.plan import RosterColumns
    from bulktap.roster.model import CheckedRow

_SPARE = 15


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows of the roster the plan covers: `limit`, `only` and `except`."""

    limit: int | None = None
    """At most so many passes."""
    only: tuple[str, ...] = ()
    """Words, see `selection`; a row that matches any of them is covered. Empty covers all."""
    exclude: tuple[str, ...] = ()
    """Words likewise; a row that matches any of them is not covered, whatever else names it."""

    @property
    def first_portion(self) -> int | None:
        """How many users are looked up at first where only some passes are asked for; None where all may be needed.

        Some more than passes, for a few who cannot get one or hold one already.
        """
        return None if self.limit is None else self.limit + max(_SPARE, self.limit // 4)

    def leaves_out(self, columns: RosterColumns) -> Callable[[CheckedRow], Setting | None]:
        """Return what tells which setting leaves a row out, if one does, in one step however many words there are."""
        if not self.only and not self.exclude:
            return lambda _: None
        from bulktap.planning.selection import RowWords

        only, exclude = RowWords(self.only, columns), RowWords(self.exclude, columns)

        def left_out_by(row: CheckedRow) -> Setting | None:
            if self.exclude and next(exclude.of(row), None) is not None:
                return Setting.EXCEPT
            return Setting.ONLY if self.only and next(only.of(row), None) is None else None

        return left_out_by

    def test(self, columns: RosterColumns) -> Callable[[CheckedRow], bool]:
        """Return what tells whether a row is covered."""
        left_out_by = self.leaves_out(columns)
        return lambda row: left_out_by(row) is None

    def require_clear(self, rows: Sequence[CheckedRow], columns: RosterColumns) -> None:
        """Make sure that each word means something, and each row number one row.

        Raises:
            RosterError: a word matches no row, or a number could be a row of several sheets; the message says what is
                there instead.
        """
        for setting, words in ((Setting.ONLY, self.only), (Setting.EXCEPT, self.exclude)):
            if words:
                from bulktap.planning.named_rows import require_clear

                require_clear(setting, words, rows, columns)


def cut_to_limit(rows: list[PlanRow], limit: int | None) -> None:
    """Skip, in place, what would be created beyond the limit."""
    if limit is None:
        return
    left = limit
    for index, row in enumerate(rows):
        if not row.action.creates:
            continue
        if left > 0:
            left -= 1
            continue
        problem = about_passes.not_selected(f"{Setting.LIMIT.to(limit)} was reached before this row.")
        rows[index] = replace(row, action=Action.SKIP, problems=(*row.problems, problem))
