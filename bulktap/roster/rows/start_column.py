"""The column of starts as a whole: the order of its dates, whether they were swapped, whether it is history. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.errors import QuestionOpen
from bulktap.model.plan import Field, RosterColumns
from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.headings import meanings_of
from bulktap.roster.reading_options import DateOrder
from bulktap.roster.rows.dates import UnsettledOrderError, order_question, settle_date_order
from bulktap.roster.rows.starts import ParsedStart, parse_start_cell
from bulktap.roster.rows.swapped_dates import months_note, swap_question, swapped_back

if TYPE_CHECKING:
    from bulktap.roster.model import CheckOptions, Roster


class SettledStarts(NamedTuple):
    """What a roster says of when passes begin."""

    columns: RosterColumns
    """Without the start where the column holds history."""
    order: DateOrder | None
    """Of dates of three numbers that are texts."""
    notes: tuple[str, ...]


def settle_starts(roster: Roster, columns: RosterColumns, options: CheckOptions) -> SettledStarts:
    """Return how the column of starts is read.

    Raises:
        QuestionOpen: its dates can be read in two ways.
    """
    start, told = columns.index(Field.START), options.reading.date_order
    order = None if told is None else told.of_texts
    if start is None:
        return SettledStarts(columns, order, ())
    heading = columns.headings[start]
    cells = [row.cells[start] for row in roster.rows]
    try:
        order = order or settle_date_order(cells)
    except UnsettledOrderError as error:
        raise QuestionOpen([order_question(str(error), roster.place, heading, cells)]) from None
    if _is_history(roster, start, options, order):
        fields: dict[Field, tuple[int, ...]] = dict(columns.fields)
        del fields[Field.START]
        note = f"Column {heading} lies in the past in every row, so it was not taken for the start of the passes."
        return SettledStarts(RosterColumns(columns.headings, fields), order, (note,))
    return SettledStarts(columns, order, _swap_notes(roster, start, heading, told))


def _swap_notes(roster: Roster, start: int, heading: str, told: DateOrder | None) -> tuple[str, ...]:
    """Return what is said of dates that a program may have swapped.

    Raises:
        QuestionOpen: it may, and nobody said whether it has.
    """
    if told is DateOrder.AS_IS:
        return ()
    if told is DateOrder.SWAPPED:
        count = sum(swapped_back(cell) != cell for row in roster.rows if (cell := row.cells[start]) is not None)
        return (f"In {count} date(s) of column {heading} day and month were exchanged back.",)
    if (question := swap_question(roster.rows, start, roster.place, heading)) is not None:
        raise QuestionOpen([question])
    note = months_note(roster.rows, start, heading)
    return () if note is None else (note,)


def _is_history(roster: Roster, start: int, options: CheckOptions, order: DateOrder | None) -> bool:
    """Return true for a column that may mean something else and lies in the past in every row."""
    if Field.START in options.reading.columns or Meaning.PERHAPS_START not in meanings_of(roster.headings[start]):
        return False
    cells = [row.cells[start] for row in roster.rows]
    if options.reading.date_order is DateOrder.SWAPPED:
        cells = [swapped_back(cell) for cell in cells]
    moments = [parse_start_cell(cell, options.timezone, order) for cell in cells]
    found = [moment.moment for moment in moments if isinstance(moment, ParsedStart)]
    today = options.now.astimezone(options.timezone).date()
    return bool(found) and all(moment.astimezone(options.timezone).date() < today for moment in found)
