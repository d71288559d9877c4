"""One row → `CheckedRow`: everything that is wrong with it, said at once. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.passes import PassRequest
from bulktap.plan import Field
from bulktap.roster.aliases import word_set
from bulktap.roster.checked import CheckedRow
from bulktap.roster.columns import name_parts
from bulktap.roster.headings import normalise
from bulktap.roster.row_notes import judge_start
from bulktap.roster.start_values import parse_start_cell
from bulktap.roster.user_column import device_user_column
from bulktap.roster.user_values import FoundUser, parse_user
from bulktap.roster.values import as_text, parse_lifetime_cell, parse_yes_no
from bulktap.row_errors import RowError, RowErrorCode, Severity

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.passes import UserRef
    from bulktap.plan import CellValue, RosterColumns, RosterRow
    from bulktap.roster.checked import CheckOptions
    from bulktap.roster.dates import DateOrder
    from bulktap.roster.reader import Roster

_UNIT_WORDS = {
    60: word_set("hour hours hrs std stunden heures horas ore uren uur 時間"),
    1440: word_set("day days tage jours días dias giorni dagen"),
}


class RowChecker:
    """Judges one row after another; keeps count of what is said once for the whole roster."""

    def __init__(self, roster: Roster, columns: RosterColumns, options: CheckOptions, order: DateOrder | None) -> None:
        self._roster = roster
        self._columns = columns
        self._options = options
        self._order = order
        self._user = columns.fields[Field.USER][0]
        self._unit = _minutes_per_unit(columns.heading(Field.LIFETIME))
        self._name_parts = () if columns.index(Field.DISPLAY_NAME) is not None else name_parts(roster)
        self._local_times = self._midnights = 0
        self.device_list = device_user_column(roster, self._user) or columns.index(Field.DEVICE) is not None

    def check(self, row: RosterRow) -> CheckedRow:
        """Return the row with everything that is wrong with it."""
        problems: list[RowError] = []
        name, group = self._name(row), self._text(row, Field.GROUP)
        if (fault := self._roster.faults.get(row.number)) is not None:
            # Its cells may have moved: nothing in it can be trusted, so nothing more is said about it.
            return CheckedRow(row, None, None, name, group, None, (fault,))
        user = self._read_user(row, name, group, problems)
        lifetime = self._read_lifetime(row, problems)
        once = self._read_once(row, problems)
        starts_at = self._read_start(row, lifetime, problems)
        request = None
        if user is not None and not any(problem.refuses for problem in problems):
            request = PassRequest(user, starts_at, lifetime, once)
        return CheckedRow(row, user, request, name, group, self._device(row), tuple(problems))

    def notes(self) -> tuple[str, ...]:
        """Return what was understood of many rows, one sentence each."""
        notes = []
        if self._local_times:
            zone = self._options.timezone_name
            notes.append(f"{self._local_times} start time(s) without an offset were read in the time zone {zone}.")
        if self._midnights:
            notes.append(f"{self._midnights} start(s) without a time of day mean 00:00.")
        return tuple(notes)

    def _cell(self, row: RosterRow, field: Field) -> CellValue:
        column = self._columns.index(field)
        return None if column is None else row.cells[column]

    def _text(self, row: RosterRow, field: Field) -> str | None:
        return as_text(self._cell(row, field)) or None

    def _add(self, problems: list[RowError], field: Field, problem: RowError) -> None:
        problems.append(replace(problem, column=self._columns.heading(field)))

    def _read_user(
        self, row: RosterRow, name: str | None, group: str | None, problems: list[RowError]
    ) -> UserRef | None:
        found = parse_user(row.cells[self._user], self._options.domain)
        if isinstance(found, FoundUser):
            for note in found.notes:
                warning = RowError(RowErrorCode.NOTE, note, "Nothing needs to be done.", severity=Severity.WARNING)
                self._add(problems, Field.USER, warning)
            return found.user
        if found is None:
            who = ", ".join(part for part in (name, group) if part)
            message = f"The row has no user ({who})." if who else "The row has no user."
            hint = "Write the person's sign-in name or object id, or delete the row."
            found = RowError(RowErrorCode.USER_MISSING, message, hint)
        self._add(problems, Field.USER, found)
        return None

    def _read_lifetime(self, row: RosterRow, problems: list[RowError]) -> int | None:
        found = parse_lifetime_cell(self._cell(row, Field.LIFETIME), self._unit)
        if isinstance(found, RowError):
            self._add(problems, Field.LIFETIME, found)
            return None
        return self._options.defaults.lifetime_minutes if found is None else found

    def _read_once(self, row: RosterRow, problems: list[RowError]) -> bool | None:
        found = parse_yes_no(self._cell(row, Field.ONE_TIME))
        if isinstance(found, RowError):
            self._add(problems, Field.ONE_TIME, found)
            return None
        return self._options.defaults.usable_once if found is None else found

    def _read_start(self, row: RosterRow, lifetime: int | None, problems: list[RowError]) -> datetime | None:
        found = parse_start_cell(self._cell(row, Field.START), self._options.timezone, self._order)
        if isinstance(found, RowError):
            self._add(problems, Field.START, found)
            return None
        if found is None:
            return self._options.defaults.starts_at
        self._midnights += found.date_only
        self._local_times += not found.zoned
        judged = judge_start(found, lifetime, self._options.now, self._options.timezone)
        if isinstance(judged, RowError):
            self._add(problems, Field.START, judged)
            return None if judged.refuses or found.date_only else found.moment
        return judged

    def _name(self, row: RosterRow) -> str | None:
        parts = (as_text(row.cells[column]) for column in self._name_parts)
        return self._text(row, Field.DISPLAY_NAME) or " ".join(part for part in parts if part) or None

    def _device(self, row: RosterRow) -> str | None:
        texts = [as_text(row.cells[column]) for column in self._columns.fields.get(Field.DEVICE, ())]
        first, *others = [text for text in texts if text] or [""]
        return (f"{first} ({', '.join(others)})" if others else first) or None


def _minutes_per_unit(heading: str | None) -> int:
    """Return what a bare number in the lifetime column counts; a heading may say hours or days."""
    words = set(normalise(heading or "").split())
    return next((minutes for minutes, units in _UNIT_WORDS.items() if not units.isdisjoint(words)), 1)
