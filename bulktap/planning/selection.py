"""Which rows of the roster a plan covers: `--limit` and `--only`; pure.

Every sheet has a row 2. So where several sheets are one roster, a row is named as Excel does it, `7A!2`, unless only
one of them has a row of that number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulktap.errors import RosterError
from bulktap.plan import Action, PlanRow
from bulktap.row_errors import RowError, RowErrorCode, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulktap.plan import CellValue, RosterColumns
    from bulktap.roster.validation import CheckedRow


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows of the roster the plan covers: `--limit` and `--only`."""

    limit: int | None = None
    """At most so many passes."""
    only: tuple[str, ...] = ()
    """Row numbers, SHEET!ROW, users, or COLUMN=VALUE; a row that matches any of them is covered. Empty covers all."""

    def covers(self, row: CheckedRow, columns: RosterColumns) -> bool:
        """Whether `--only` lets the row through."""
        return not self.only or any(_matches(word, row, columns) for word in self.only)

    def require_clear(self, rows: Sequence[CheckedRow], columns: RosterColumns) -> None:
        """Make sure that each word of `--only` means something, and each row number one row.

        Raises:
            RosterError: a word matches no row, or a number could be a row of several sheets; the message names them.
        """
        for word in self.only:
            if not any(_matches(word, row, columns) for row in rows):
                raise RosterError(
                    f"--only {word} matches no row of the roster.",
                    hint="Give a row number as the sheet shows it, a user as the roster writes them, or COLUMN=VALUE.",
                )
            if not word.isdecimal():
                continue
            sheets = dict.fromkeys(row.source.sheet for row in rows if row.source.number == int(word))
            if len(sheets) > 1:
                places = " or ".join(f"of sheet {sheet}" for sheet in sheets)
                # In double quotes, shells of macOS and Linux take what follows the mark for a command typed before.
                options = " or ".join(f"--only '{sheet}!{word}'" for sheet in sheets)
                hint = f"Run bulktap again with the sheet too: {options}."
                raise RosterError(f"--only {word} could be a row {places}.", hint=hint)


def _matches(word: str, row: CheckedRow, columns: RosterColumns) -> bool:
    if word.isdecimal():
        return int(word) == row.source.number
    heading, sign, value = word.partition("=")
    if sign and heading.strip().casefold() in {name.casefold() for name in columns.headings}:
        column = [name.casefold() for name in columns.headings].index(heading.strip().casefold())
        return _as_shown(row.source.cells[column]).strip().casefold() == value.strip().casefold()
    # The Windows command prompt hands single quotes through.
    sheet, mark, number = word.strip().rpartition("!")
    number = number.removesuffix("'") if sheet.startswith("'") else number
    if mark and number.strip().isdecimal():
        named = sheet.strip().removeprefix("'").removesuffix("'").casefold()
        return int(number) == row.source.number and named == (row.source.sheet or "").strip().casefold()
    return row.user is not None and row.user.folded == word.strip().casefold()


def _as_shown(cell: CellValue) -> str:
    """Return a cell as people type it: whole numbers without a point."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


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
        problem = not_selected(f"--limit {limit} was reached before this row.")
        rows[index] = replace(row, action=Action.SKIP, problems=(*row.problems, problem))


def not_selected(message: str) -> RowError:
    """Return why a row was cut."""
    return RowError(
        RowErrorCode.NOT_SELECTED, message, "Run again without that option to cover it.", severity=Severity.WARNING
    )
