"""`Roster` → `CheckedRoster`: every row judged, all that is wrong with it said at once. Pure.

A row's own value beats the setting for all rows. What cannot be settled row by row (the column of users, day or
month first, an uncertain encoding of user names) stops the run with the setting that settles it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.errors import QuestionOpen, RosterError
from bulktap.model.plan import Field, RosterColumns, RosterInfo
from bulktap.roster.columns.aliases import Meaning
from bulktap.roster.columns.column_choice import choose_columns, understood
from bulktap.roster.columns.headings import meanings_of
from bulktap.roster.model import CheckedRoster
from bulktap.roster.rows.dates import UnsettledOrderError, order_question, settle_date_order
from bulktap.roster.rows.doubtful_values import doubtful_values, refuse_uncertain_users
from bulktap.roster.rows.left_out import inactive_people, rows_without_user
from bulktap.roster.rows.row_checker import RowChecker
from bulktap.roster.rows.starts import ParsedStart, parse_start_cell

if TYPE_CHECKING:
    from bulktap.roster.model import CheckOptions, Roster
    from bulktap.roster.reading_options import DateOrder


def check_roster(roster: Roster, options: CheckOptions) -> CheckedRoster:
    """Return the roster with every row judged.

    Raises:
        RosterError: something must be settled first; the message names the setting.
    """
    columns, choice = choose_columns(roster, options.reading.columns, options.reading.domain)
    columns, order, notes = _settle_starts(roster, columns, options)
    user = columns.fields[Field.USER][0]
    refuse_uncertain_users(roster, user, columns.headings[user])
    checker = RowChecker(roster, columns, options, order)
    userless = rows_without_user(roster, columns, devices=checker.device_list)
    inactive = inactive_people(roster, include=options.reading.include_inactive, devices=checker.device_list)
    left_out = userless.keys | inactive.keys
    rows = tuple([checker.check(row) for row in roster.rows if not left_out or row.key not in left_out])
    if not rows:
        hint = "Add a row for each person and run again."
        raise RosterError(f"{roster.place}: no row names a user in column {columns.headings[user]}.", hint=hint)
    notes = (
        *roster.notes, understood(columns), *choice, *userless.notes, *inactive.notes, *notes, *checker.notes(),
        *doubtful_values(roster, columns),
    )  # fmt: skip
    info = RosterInfo(
        roster.file,
        roster.sheet,
        roster.sha256,
        len(rows),
        notes,
        dropped=roster.dropped,
        left_out=(*roster.left_out, *userless.people, *inactive.people),
    )
    return CheckedRoster(info, columns, rows, checker.local_times)


def _settle_starts(
    roster: Roster, columns: RosterColumns, options: CheckOptions
) -> tuple[RosterColumns, DateOrder | None, tuple[str, ...]]:
    """Return the date order of the start column, or the columns without it when it holds history."""
    start = columns.index(Field.START)
    if start is None:
        return columns, options.reading.date_order, ()
    cells = [row.cells[start] for row in roster.rows]
    heading = columns.headings[start]
    order = options.reading.date_order
    try:
        order = order or settle_date_order(cells)
    except UnsettledOrderError as error:
        raise QuestionOpen([order_question(str(error), roster.place, heading, cells)]) from None
    if Field.START in options.reading.columns or Meaning.PERHAPS_START not in meanings_of(roster.headings[start]):
        return columns, order, ()
    moments = [parse_start_cell(cell, options.timezone, order) for cell in cells]
    found = [moment.moment for moment in moments if isinstance(moment, ParsedStart)]
    today = options.now.astimezone(options.timezone).date()
    if not found or any(moment.astimezone(options.timezone).date() >= today for moment in found):
        return columns, order, ()
    fields: dict[Field, tuple[int, ...]] = dict(columns.fields)
    del fields[Field.START]
    note = f"Column {heading} lies in the past in every row, so it was not taken for the start of the passes."
    return RosterColumns(columns.headings, fields), order, (note,)
