"""The cells of a row that say what pass is asked for: lifetime, one-time, start. Pure.

These repeat each other from row to row (one start for a whole class, one lifetime for all), so each different set of
them is read once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from bulktap.model.pass_terms import PassTerms
from bulktap.model.plain_text import in_number
from bulktap.model.plan import Field
from bulktap.model.row_error_catalogue import about_cells
from bulktap.model.row_errors import RowError
from bulktap.roster.cell_values import as_text, parse_yes_no, quoted, word_set
from bulktap.roster.columns.headings import normalise
from bulktap.roster.reading_words import DateOrder
from bulktap.roster.rows.end_column import lifetime_until
from bulktap.roster.rows.lifetimes import parse_lifetime_cell
from bulktap.roster.rows.start_column import end_cell, start_cell
from bulktap.roster.rows.starts import ParsedStart, judge_start, parse_start_cell
from bulktap.roster.rows.swapped_dates import swapped_back

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.model.plan import CellValue, RosterColumns, RosterRow
    from bulktap.roster.model import CheckOptions

_Value = TypeVar("_Value")
_UNIT_WORDS = {
    60: word_set("hour hours hrs hr h std stunde stunden heure heures hora horas ora ore uren uur 時間"),
    1440: word_set("day days d tag tage jour jours día días dia dias giorno giorni dag dagen"),
}


class PassValues(NamedTuple):
    """What a row asks for, with the options in place of what it leaves open."""

    asked: PassTerms
    problems: tuple[RowError, ...]
    refused: bool
    """True if one of the problems refuses the row."""
    local_time: bool
    """True if the start was read in the roster's time zone."""


class PassTermsReader:
    """Reads the pass that each row asks for; keeps count of what is said once for the whole roster."""

    def __init__(self, columns: RosterColumns, options: CheckOptions, order: DateOrder | None) -> None:
        self._columns = columns
        self._options = options
        self._order = order
        self._unit = _minutes_per_unit(columns.heading(Field.LIFETIME))
        self._lifetime, self._once = (columns.index(field) for field in (Field.LIFETIME, Field.ONE_TIME))
        self._start, self._end = (columns.fields.get(field, ()) for field in (Field.START, Field.END))
        self._swapped = options.reading.date_order is DateOrder.SWAPPED
        self._known: dict[tuple[object, ...], PassValues] = {}
        self.local_times = 0
        """Starts that were read in the roster's time zone."""
        self._worded: dict[str, int] = {}

    def read(self, row: RosterRow) -> PassValues:
        """Return what a row asks for."""
        cells = row.cells
        lifetime = None if self._lifetime is None else cells[self._lifetime]
        once = None if self._once is None else cells[self._once]
        start, end = start_cell(cells, self._start), end_cell(cells, self._end, self._start)
        # Their classes, too, because to Python 1, 1.0 and True are the same.
        key = (lifetime, once, start, end, lifetime.__class__, once.__class__, start.__class__, end.__class__)
        values = self._known.get(key)
        if values is None:
            values = self._known[key] = self._judge(lifetime, once, start, end)
        self.local_times += values.local_time
        return values

    def notes(self) -> tuple[str, ...]:
        """Return what was understood of many rows, one sentence each."""
        notes = []
        if self.local_times:
            zone = self._options.timezone.key
            count = in_number(
                self.local_times, "start time without an offset was", "start times without an offset were"
            )
            notes.append(f"{count} read in the time zone {zone}.")
        if self._worded:
            read = ", ".join(f"{quoted(text)} as {minutes:,}" for text, minutes in list(self._worded.items())[:5])
            more = ", …" if len(self._worded) > 5 else ""
            notes.append(f"Lifetimes with a unit were read as minutes: {read}{more}.")
        return tuple(notes)

    def _judge(
        self, lifetime_cell: CellValue, once_cell: CellValue, start_cell: CellValue, end_cell: CellValue
    ) -> PassValues:
        problems: list[RowError] = []
        at_start: list[RowError] = []
        defaults = self._options.defaults
        found = self._accepted(self._moment(start_cell), Field.START, at_start)
        begins = defaults.starts_at if found is None else found.moment
        if at_start:
            end_cell = None  # nothing follows from an end where the start is at fault
        lifetime = self._accepted(parse_lifetime_cell(lifetime_cell, self._unit), Field.LIFETIME, problems)
        if lifetime is not None and any(char.isalpha() for char in as_text(lifetime_cell)):
            self._worded[as_text(lifetime_cell)] = lifetime
        elif lifetime is None and end_cell is not None and not as_text(lifetime_cell):
            until = lifetime_until(end_cell, self._moment(end_cell), begins and max(begins, self._options.now))
            lifetime = self._accepted(until, Field.END, problems)
        once = self._accepted(parse_yes_no(once_cell), Field.ONE_TIME, problems)
        unread = {problem.column for problem in problems if problem.refuses}
        if lifetime is None and unread.isdisjoint({self._columns.heading(one) for one in (Field.LIFETIME, Field.END)}):
            lifetime = defaults.lifetime_minutes
        if self._columns.heading(Field.ONE_TIME) not in unread and once is None:
            once = defaults.usable_once
        starts_at = begins if found is None else self._settled(found, lifetime, at_start)
        problems += at_start
        refused = any(problem.refuses for problem in problems)
        local_time = found is not None and not found.zoned
        return PassValues(PassTerms(starts_at, lifetime, once), tuple(problems), refused, local_time)

    def _moment(self, cell: CellValue) -> ParsedStart | RowError | None:
        return parse_start_cell(swapped_back(cell) if self._swapped else cell, self._options.timezone, self._order)

    def _settled(self, found: ParsedStart, lifetime: int | None, problems: list[RowError]) -> datetime | None:
        """Return the start as it is sent; add what is to be said about it."""
        judged = judge_start(found, lifetime, self._options.now, self._options.timezone)
        if isinstance(judged, RowError):
            problems.append(self._about_start(judged))
            return None if judged.refuses or found.date_only else found.moment
        if found.date_only:
            problems.append(self._about_start(about_cells.start_without_time(self._day(found.moment))))
        return found.moment

    def _about_start(self, problem: RowError) -> RowError:
        return replace(problem, column=self._columns.heading(Field.START))

    def _day(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._options.timezone):%Y-%m-%d}"

    def _accepted(self, found: _Value | RowError | None, field: Field, problems: list[RowError]) -> _Value | None:
        if isinstance(found, RowError):
            problems.append(replace(found, column=self._columns.heading(field)))
            return None
        return found


def _minutes_per_unit(heading: str | None) -> int:
    """Return what a bare number in the lifetime column counts; a heading may say hours or days."""
    words = set(normalise(heading or "").split())
    return next((minutes for minutes, units in _UNIT_WORDS.items() if not units.isdisjoint(words)), 1)
