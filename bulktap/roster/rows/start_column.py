"""When passes begin: the column of starts, or two of days and times, as a whole. Pure.

Which columns they are; the order of their dates; whether a program has exchanged day and month; whether they are the
past of the people.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from bulktap.model.errors import QuestionOpen
from bulktap.model.plain_text import in_number
from bulktap.model.plan import Field, RosterColumns
from bulktap.model.questions import Choice, Question
from bulktap.model.setting_names import Setting
from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.column_choice import NO_COLUMN
from bulktap.roster.columns.column_questions import which_column
from bulktap.roster.columns.headings import meanings_of, normalise
from bulktap.roster.reading_words import DateOrder
from bulktap.roster.rows.dates import UnsettledOrderError, order_question, settle_date_order
from bulktap.roster.rows.day_and_time import (
    Clock,
    columns_of,
    day_of,
    is_day,
    is_span,
    is_time,
    joined,
    kind_of,
    may_hold_days,
    speaks_of_a_time,
    speaks_of_an_end_time,
)
from bulktap.roster.rows.leaving import speaks_of_leaving
from bulktap.roster.rows.starts import ParsedStart, parse_start_cell
from bulktap.roster.rows.swapped_dates import months_note, swap_question, swapped_back
from bulktap.roster.samples import sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bulktap.model.plan import CellValue
    from bulktap.roster.model import CheckOptions, Roster

_ENDS = frozenset({Meaning.END, Meaning.PERHAPS_END})
_STARTS = frozenset({Meaning.START, Meaning.PERHAPS_START})


class _Apart(NamedTuple):
    """How the headings of a moment speak whose day and time of day stand in two columns."""

    means: frozenset[Meaning]
    of_time: Callable[[str], bool]
    of_day: Callable[[str], bool]


_APART = {
    Field.START: _Apart(_STARTS, speaks_of_a_time, is_day),
    Field.END: _Apart(_ENDS, speaks_of_an_end_time, lambda _: False),
}


class SettledStarts(NamedTuple):
    """What a roster says of when passes begin."""

    columns: RosterColumns
    """Without the start where the column holds history."""
    order: DateOrder | None
    """Of dates of three numbers that are texts."""
    notes: tuple[str, ...] = ()


def settle_starts(roster: Roster, columns: RosterColumns, options: CheckOptions) -> SettledStarts:
    """Return how the start of each pass is read.

    Raises:
        QuestionOpen: several columns could give it, or its dates can be read in two ways.
    """
    told = options.reading.date_order
    order = None if told is None else told.of_texts
    chosen = _chosen(roster, columns, options)
    if not chosen:
        return SettledStarts(with_field(columns, Field.START, ()), order, _unused_notes(roster, columns, options))
    heading = " and ".join(columns.headings[column] for column in chosen)
    days = chosen[0]
    cells = [row.cells[days] for row in roster.rows]
    try:
        order = order or settle_date_order(cells)
    except UnsettledOrderError as error:
        raise QuestionOpen([order_question(str(error), roster.place, columns.headings[days], cells)]) from None
    if _is_history(roster, chosen, options, order):
        note = f"Column {heading} lies in the past in every row, so it was not taken for the start of the passes."
        return SettledStarts(with_field(columns, Field.START, ()), order, (note,))
    notes = _swap_notes(roster, days, columns.headings[days], told)
    notes = (*notes, *_span_notes(roster, columns, chosen))
    return SettledStarts(with_field(columns, Field.START, chosen), order, notes)


def _span_notes(roster: Roster, columns: RosterColumns, chosen: tuple[int, ...]) -> Iterator[str]:
    """Yield what is said of spans of time in the place of times of day."""
    if len(chosen) == 2 and (spans := sum(is_span(row.cells[chosen[1]]) for row in roster.rows)):
        what = in_number(spans, "span of time; its pass begins", "spans of time; their passes begin")
        yield f"Column {columns.headings[chosen[1]]} holds {what} with the span."


def with_field(columns: RosterColumns, field: Field, chosen: tuple[int, ...]) -> RosterColumns:
    """Return which columns mean what, with others for one field; none of them if there are none."""
    fields: Mapping[Field, tuple[int, ...]] = {**columns.fields, field: chosen}
    return RosterColumns(columns.headings, {one: fields[one] for one in Field if fields.get(one)})


def _chosen(roster: Roster, columns: RosterColumns, options: CheckOptions) -> tuple[int, ...]:
    """Return the column of starts, or those of days and of times of day.

    Raises:
        QuestionOpen: several could be meant.
    """
    hits = columns.fields.get(Field.START, ())
    taken = [column for field, found in columns.fields.items() if field is not Field.START for column in found]
    if not hits:
        if options.reading.columns.get(Field.START) != NO_COLUMN:
            _ask_about_pair(roster, columns, taken, options)
        return ()
    kinds = {column: kind_of(roster, column) for column in hits}
    filled = [column for column in hits if any(row.cells[column] is not None for row in roster.rows)]
    if len(filled) == 2 and {kinds[column] for column in filled} == {Clock.DAY, Clock.TIME}:
        return tuple(sorted(filled, key=lambda column: kinds[column] is Clock.TIME))
    if len(filled) > 1:
        named = " and ".join(columns.headings[column] for column in filled)
        told = f"{roster.place}: {_number(len(filled))} columns could give the start: {named}."
        raise QuestionOpen([which_column(roster, columns.headings, Field.START, told, filled)])
    one = (filled or list(hits))[0]
    return completed(roster, columns, Field.START, one, taken)


def _number(count: int) -> str:
    return {2: "two", 3: "three"}.get(count, str(count))


def completed(roster: Roster, columns: RosterColumns, field: Field, one: int, taken: Sequence[int]) -> tuple[int, ...]:
    """Return a column of days with that of their times, and one of times with that of their days.

    Raises:
        QuestionOpen: several columns could be the other one.
    """
    kind, apart = kind_of(roster, one), _APART[field]
    says = {Clock.DAY: apart.of_time, Clock.TIME: apart.of_day}.get(kind)
    if says is None:
        return (one,)
    other = Clock.TIME if kind is Clock.DAY else Clock.DAY
    meant = {column for column, text in enumerate(roster.headings) if meanings_of(text) & apart.means}
    beside = columns_of(roster, [*taken, one], other, lambda text: bool(meanings_of(text) & apart.means) or says(text))
    sure = [column for column in beside if column in meant] or beside
    if len(sure) > 1:
        named = " and ".join(columns.headings[column] for column in sure)
        what = "time of day" if kind is Clock.DAY else "day"
        told = f"{roster.place}: several columns could give the {what} of {columns.headings[one]}: {named}."
        remedy = "Delete the others from a copy of the file, or write day and time into one column."
        question = which_column(roster, columns.headings, field, told, [one, *sure])
        raise QuestionOpen([Question(question.setting, question.code, told, choices=question.choices, remedy=remedy)])
    if not sure:
        return (one,)
    return (one, sure[0]) if kind is Clock.DAY else (sure[0], one)


def _ask_about_pair(roster: Roster, columns: RosterColumns, taken: list[int], options: CheckOptions) -> None:
    """Ask about a day and a time of day to come that nothing but `Date` and `Time` is written over.

    Passes would begin at once without them.
    """
    days, clocks = (
        columns_of(roster, taken, kind, says) for kind, says in ((Clock.DAY, is_day), (Clock.TIME, is_time))
    )
    if len(days) != 1 or len(clocks) != 1:
        return
    pair = days[0], clocks[0]
    today = options.now.astimezone(options.timezone).date()
    if not any(
        moment.moment.astimezone(options.timezone).date() >= today for moment in _moments(roster, pair, options)
    ):
        return
    day, clock = (columns.headings[column] for column in pair)
    first = sample((joined(row.cells[pair[0]], row.cells[pair[1]]) for row in roster.rows), 2)
    told = f"{roster.place}: columns {day} and {clock} ({first}) could say when the passes begin to work."
    choices = (
        Choice(f"start={day}", f"{day}, with the time from {clock}"),
        Choice(f"start={NO_COLUMN}", "no column: the passes begin as they do without one", "no column"),
    )
    raise QuestionOpen([Question(Setting.COLUMN, "start-column", told, choices=choices)])


def _unused_notes(roster: Roster, columns: RosterColumns, options: CheckOptions) -> tuple[str, ...]:
    """Return what is said of days to come under headings that nobody knows, where nothing else says when passes begin.

    In any language they may be the days of a hand-out.
    """
    if options.defaults.starts_at is not None or options.reading.columns.get(Field.START) == NO_COLUMN:
        return ()
    taken = {column for found in columns.fields.values() for column in found}
    today = options.now.astimezone(options.timezone).date()
    unused = []
    for column, heading in enumerate(roster.headings):
        if column in taken or column in roster.added or not heading or _means_another_day(roster, heading):
            continue
        if may_hold_days(roster, column) and kind_of(roster, column) in {Clock.DAY, Clock.BOTH}:
            moments = _moments(roster, (column,), options)
            days = (one.moment.astimezone(options.timezone).date() for one in moments)
            if (first := next(days, None)) is not None and all(today <= day for day in chain([first], days)):
                unused.append(columns.headings[column])
    if not unused:
        return ()
    which, were = "Column", "holds days to come and was"
    if len(unused) > 1:
        which, were = "Columns", "hold days to come and were"
    more = f" and {len(unused) - 3} more" if len(unused) > 3 else ""
    told = f"{which} {', '.join(unused[:3])}{more} {were} not used: the passes begin without that"
    named = Setting.COLUMN.to(f"{Field.START.value}={unused[0]}")
    return (f"{told}; if they are to begin then, run bulktap again with {named}.",)


def _means_another_day(roster: Roster, heading: str) -> bool:
    """Return true if a heading says that its days are something else's, such as those of birth or of an end.

    Where the time of day stands in a column of its own, as in `Session date` and `Session time`, it may be a hand-out.
    """
    if meanings_of(heading) or speaks_of_leaving(heading):
        return True
    words = normalise(heading).split()
    # `Exam date`, `Date of purchase`: the dictionary has the English headings of the days of hand-outs.
    of_something = len(words) > 1 and "date" in words and not _has_its_time(roster, words)
    return of_something or any(meanings_of(word) & _ENDS for word in words)


def _has_its_time(roster: Roster, words: Sequence[str]) -> bool:
    """Return true if beside a column of dates there is one of times of day that is headed alike."""
    alike = [word for word in words if word != "date"]
    return any(
        [word for word in normalise(other).split() if word != "time"] == alike
        and speaks_of_a_time(other)
        and kind_of(roster, column) is Clock.TIME
        for column, other in enumerate(roster.headings)
    )


def _moments(
    roster: Roster, chosen: tuple[int, ...], options: CheckOptions, order: DateOrder | None = None
) -> Iterator[ParsedStart]:
    """Yield the starts that can be read; a date that has two readings is read in one of them."""
    swapped = options.reading.date_order is DateOrder.SWAPPED
    cells = {start_cell(row.cells, chosen) for row in roster.rows}
    for cell in cells:
        found = parse_start_cell(swapped_back(cell) if swapped else cell, options.timezone, order or DateOrder.DMY)
        if isinstance(found, ParsedStart):
            yield found


def start_cell(cells: tuple[CellValue, ...], columns: tuple[int, ...]) -> CellValue:
    """Return what a row says of a moment, in one column or in two."""
    if len(columns) == 1:
        return cells[columns[0]]
    return joined(cells[columns[0]], cells[columns[1]]) if columns else None


def end_cell(cells: tuple[CellValue, ...], columns: tuple[int, ...], start: tuple[int, ...]) -> CellValue:
    """Return what a row says of the end: where times alone are told, those are of the days of the starts."""
    if len(columns) != 2:
        return start_cell(cells, columns)
    day, clock = cells[columns[0]], cells[columns[1]]
    if columns[0] not in start:
        return joined(day, clock, last=True)
    return joined(day_of(day), clock, last=True) if clock is not None else None


def _swap_notes(roster: Roster, start: int, heading: str, told: DateOrder | None) -> tuple[str, ...]:
    """Return what is said of dates that a program may have swapped.

    Raises:
        QuestionOpen: it may, and nobody said whether it has.
    """
    if told is DateOrder.AS_IS:
        return ()
    if told is DateOrder.SWAPPED:
        count = sum(swapped_back(cell) != cell for row in roster.rows if (cell := row.cells[start]) is not None)
        return (f"In {in_number(count, 'date', 'dates')} of column {heading} day and month were exchanged back.",)
    if (question := swap_question(roster.rows, start, roster.place, heading)) is not None:
        raise QuestionOpen([question])
    note = months_note(roster.rows, start, heading)
    return () if note is None else (note,)


def _is_history(roster: Roster, chosen: tuple[int, ...], options: CheckOptions, order: DateOrder | None) -> bool:
    """Return true for columns that may mean something else and lie in the past in every row."""
    headings = [roster.headings[column] for column in chosen]
    if Field.START in options.reading.columns or any(Meaning.START in meanings_of(heading) for heading in headings):
        return False
    found = [moment.moment for moment in _moments(roster, chosen, options, order)]
    today = options.now.astimezone(options.timezone).date()
    return bool(found) and all(moment.astimezone(options.timezone).date() < today for moment in found)
