"""Which rows of the roster a plan covers: the settings `limit` and `only`; pure.

Every sheet has a row 2. So where several sheets are one roster, a row is named as Excel does it, `7A!2`, unless only
one of them has a row of that number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulktap.model.errors import RosterError
from bulktap.model.plan import Action, PlanRow
from bulktap.model.row_error_catalogue import about_passes
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bulktap.model.plan import CellValue, RosterColumns
    from bulktap.roster.model import CheckedRow


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows of the roster the plan covers: `limit` and `only`."""

    limit: int | None = None
    """At most so many passes."""
    only: tuple[str, ...] = ()
    """Row numbers, SHEET!ROW, users, or COLUMN=VALUE; a row that matches any of them is covered. Empty covers all."""

    def test(self, columns: RosterColumns) -> Callable[[CheckedRow], bool]:
        """Return what tells whether `only` lets a row through, in one step however many words there are."""
        if not self.only:
            return lambda _: True
        words = _Words(self.only, columns)
        return lambda row: next(words.of(row), None) is not None

    def require_clear(self, rows: Sequence[CheckedRow], columns: RosterColumns) -> None:
        """Make sure that each word of `only` means something, and each row number one row.

        Raises:
            RosterError: a word matches no row, or a number could be a row of several sheets; the message names them.
        """
        if not self.only:
            return
        words = _Words(self.only, columns)
        sheets: dict[str, dict[str | None, None]] = {}
        """By word, the sheets of the rows that it matches; a dictionary, because their order is that of the roster."""
        for row in rows:
            for word in words.of(row):
                sheets.setdefault(word, {})[row.source.sheet] = None
        for word in self.only:
            if word not in sheets:
                raise RosterError(
                    f"{Setting.ONLY.to(word)} matches no row of the roster.",
                    hint="Give a row number as the sheet shows it, a user as the roster writes them, or COLUMN=VALUE.",
                )
            if word.isdecimal() and len(sheets[word]) > 1:
                places = " or ".join(f"of sheet {sheet}" for sheet in sheets[word])
                # In double quotes, shells of macOS and Linux take what follows the mark for a command typed before.
                options = " or ".join(Setting.ONLY.to(f"'{sheet}!{word}'") for sheet in sheets[word])
                hint = f"Run bulktap again with the sheet too: {options}."
                raise RosterError(f"{Setting.ONLY.to(word)} could be a row {places}.", hint=hint)


class _Words:
    """The words of `only`, by what they name, so that a row is looked up instead of compared with each."""

    def __init__(self, only: Sequence[str], columns: RosterColumns) -> None:
        headings = [name.casefold() for name in columns.headings]
        self._numbers: dict[int, list[str]] = {}
        self._values: dict[int, dict[str, list[str]]] = {}
        """By column, then by the value as people see it."""
        self._places: dict[tuple[str, int], list[str]] = {}
        self._users: dict[str, list[str]] = {}
        for word in dict.fromkeys(only):
            heading, sign, value = word.partition("=")
            place = _place(word)
            if _is_row_number(word):
                self._numbers.setdefault(int(word), []).append(word)
            elif sign and heading.strip().casefold() in headings:
                values = self._values.setdefault(headings.index(heading.strip().casefold()), {})
                values.setdefault(value.strip().casefold(), []).append(word)
            elif place is not None:
                self._places.setdefault(place, []).append(word)
            else:
                self._users.setdefault(word.strip().casefold(), []).append(word)

    def of(self, row: CheckedRow) -> Iterator[str]:
        """Yield the words that name the row."""
        source = row.source
        yield from self._numbers.get(source.number, ())
        for column, values in self._values.items():
            yield from values.get(_as_shown(source.cells[column]).strip().casefold(), ())
        if self._places:
            yield from self._places.get(((source.sheet or "").strip().casefold(), source.number), ())
        if row.user is not None:
            yield from self._users.get(row.user.folded, ())


def _is_row_number(text: str) -> bool:
    """True if the text is a number that a row can have; Python refuses to read one of thousands of digits."""
    return text.isdecimal() and len(text) < 19


def _place(word: str) -> tuple[str, int] | None:
    """Return sheet and row of a word such as 7A!2, or '7A!2' in single quotes: the Windows prompt hands those on."""
    sheet, mark, number = word.strip().rpartition("!")
    number = number.removesuffix("'") if sheet.startswith("'") else number
    if not mark or not _is_row_number(number.strip()):
        return None
    return sheet.strip().removeprefix("'").removesuffix("'").casefold(), int(number)


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
        problem = about_passes.not_selected(f"{Setting.LIMIT.to(limit)} was reached before this row.")
        rows[index] = replace(row, action=Action.SKIP, problems=(*row.problems, problem))
