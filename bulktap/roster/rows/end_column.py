"""When passes end: a column of ends, which with the start of each pass makes its lifetime. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.errors import QuestionOpen
from bulktap.model.passes import MAX_LIFETIME_MINUTES, MIN_LIFETIME_MINUTES
from bulktap.model.plain_text import in_number
from bulktap.model.plan import Field
from bulktap.model.row_error_catalogue import about_cells
from bulktap.model.row_errors import RowError
from bulktap.model.setting_names import Setting
from bulktap.roster.cell_values import as_text, quoted
from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.column_questions import which_column
from bulktap.roster.columns.headings import meanings_of
from bulktap.roster.rows.day_and_time import Clock, kind_of
from bulktap.roster.rows.leaving import past_days
from bulktap.roster.rows.start_column import SettledStarts, completed, end_cell, start_cell, with_field
from bulktap.roster.rows.starts import ParsedStart, parse_start_cell
from bulktap.roster.rows.swapped_dates import swap_question

if TYPE_CHECKING:
    from datetime import datetime

    from bulktap.model.plan import CellValue, RosterColumns
    from bulktap.roster.model import CheckOptions, Roster


def settle_ends(roster: Roster, starts: SettledStarts, options: CheckOptions) -> SettledStarts:
    """Return the same with the column of ends, as far as it can make lifetimes; a note says where it cannot.

    Raises:
        QuestionOpen: several columns could give it, or its dates can be read in two ways.
    """
    columns = starts.columns
    hits = [
        column
        for column in columns.fields.get(Field.END, ())
        if any(row.cells[column] is not None for row in roster.rows)
    ]
    without = with_field(columns, Field.END, ())
    if not _certain(roster, hits, options):
        hits = [column for column in hits if kind_of(roster, column) is not Clock.NEITHER]  # `Fine` is money, too
    if not hits:
        return starts._replace(columns=without)
    chosen = _chosen(roster, columns, hits)
    heading = " and ".join(columns.headings[column] for column in chosen or hits)
    why = _why_not(roster, columns, chosen, options)
    if not why and not _certain(roster, hits, options) and not _are_lifetimes(roster, columns, chosen, starts, options):
        why = f"from the start it is not {MIN_LIFETIME_MINUTES} to {MAX_LIFETIME_MINUTES:,} minutes in every row"
    if why:
        note = f"Column {heading}, which may say when the passes end, was not used: {why}."
        if not _certain(roster, hits, options) and (over := past_days(roster, chosen[:1], options)):
            days = in_number(over, "of its days is", "of its days are")
            note = f"{note} {days} past: if such people have left, leave them out with {Setting.EXCEPT}."
        return starts._replace(columns=without, notes=(*starts.notes, note))
    if options.reading.date_order is None and (
        question := swap_question(roster.rows, chosen[0], roster.place, columns.headings[chosen[0]])
    ):
        raise QuestionOpen([question])
    note = f"Each pass lasts from its start to the end in column {heading}."
    return starts._replace(columns=with_field(columns, Field.END, chosen), notes=(*starts.notes, note))


def _certain(roster: Roster, hits: list[int], options: CheckOptions) -> bool:
    named = Field.END in options.reading.columns
    return named or any(Meaning.END in meanings_of(roster.headings[column]) for column in hits)


def _chosen(roster: Roster, columns: RosterColumns, hits: list[int]) -> tuple[int, ...]:
    """Return the column of ends, or those of days and of times of day; times alone are those of the days of starts."""
    kinds = {column: kind_of(roster, column) for column in hits}
    if len(hits) == 2 and set(kinds.values()) == {Clock.DAY, Clock.TIME}:
        return tuple(sorted(hits, key=lambda column: kinds[column] is Clock.TIME))
    if len(hits) > 1:
        named = " and ".join(columns.headings[column] for column in hits)
        told = f"{roster.place}: {len(hits)} columns could give the end: {named}."
        raise QuestionOpen([which_column(roster, columns.headings, Field.END, told, hits)])
    taken = [column for field, found in columns.fields.items() if field is not Field.END for column in found]
    whole = completed(roster, columns, Field.END, hits[0], taken)
    if len(whole) == 1 and kinds[hits[0]] is Clock.TIME and (start := columns.fields.get(Field.START)):
        return (start[0], hits[0])
    return whole


def _why_not(roster: Roster, columns: RosterColumns, chosen: tuple[int, ...], options: CheckOptions) -> str:
    """Return why ends make no lifetimes at all; nothing if they may."""
    kinds = [kind_of(roster, column) for column in chosen]
    if len(chosen) == 1 and kinds[0] is not Clock.BOTH:
        return "it names no times of day" if kinds[0] is Clock.DAY else "its cells are no dates with a time"
    if columns.index(Field.START) is None and options.defaults.starts_at is None:
        return "a lifetime counts from the start, and no column gives one"
    return ""


def _are_lifetimes(
    roster: Roster, columns: RosterColumns, chosen: tuple[int, ...], starts: SettledStarts, options: CheckOptions
) -> bool:
    """Return true if every end that can be read lies so far behind its start as a pass may last."""
    start = columns.fields.get(Field.START, ())
    pairs = {(start_cell(row.cells, start), end_cell(row.cells, chosen, start)) for row in roster.rows}
    for first, last in pairs:
        begins, ends = (parse_start_cell(cell, options.timezone, starts.order) for cell in (first, last))
        if isinstance(begins, ParsedStart) and isinstance(ends, ParsedStart):
            minutes = (ends.moment - begins.moment).total_seconds() / 60
            if not MIN_LIFETIME_MINUTES <= minutes <= MAX_LIFETIME_MINUTES:
                return False
    return True


def lifetime_until(
    end: CellValue, found: ParsedStart | RowError | None, begins: datetime | None
) -> int | RowError | None:
    """Return the minutes from the start to an end, as read; None where there is no end, or the start is at fault."""
    if found is None or isinstance(found, RowError):
        return found
    text = quoted(as_text(end))
    if begins is None:
        return about_cells.end_without_start(text)
    if found.date_only:
        return about_cells.end_without_time(text)
    minutes = round((found.moment - begins).total_seconds() / 60)
    if minutes <= 0:
        return about_cells.end_before_start(text)
    if not MIN_LIFETIME_MINUTES <= minutes <= MAX_LIFETIME_MINUTES:
        given = f"From the start to the end {text}, {minutes:,} minutes,"
        sentence = about_cells.outside_every_range(given, minutes, MIN_LIFETIME_MINUTES, MAX_LIFETIME_MINUTES)
        return about_cells.lifetime_out_of_range(sentence, MIN_LIFETIME_MINUTES, MAX_LIFETIME_MINUTES)
    return minutes
