"""`Roster` → `CheckedRoster`: every row judged, all that is wrong with it said at once. Pure.

A row's own value beats the setting for all rows. What cannot be settled row by row (the column of users, day or
month first, an uncertain encoding of user names) stops the run with the setting that settles it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.model.plan import Field, RosterInfo
from bulktap.model.row_error_catalogue import about_cells
from bulktap.roster.columns.column_choice import choose_columns, understood
from bulktap.roster.model import CheckedRoster
from bulktap.roster.rows.doubtful_values import doubtful_values, refuse_uncertain_users
from bulktap.roster.rows.end_column import settle_ends
from bulktap.roster.rows.guardians import without_guardians
from bulktap.roster.rows.left_out import inactive_people, nobody_is_left, refuse_empty_column, rows_without_user
from bulktap.roster.rows.row_checker import RowChecker
from bulktap.roster.rows.start_column import settle_starts

if TYPE_CHECKING:
    from bulktap.roster.model import CheckedRow, CheckOptions, Roster


def check_roster(roster: Roster, options: CheckOptions) -> CheckedRoster:
    """Return the roster with every row judged.

    Raises:
        RosterError: something must be settled first; the message names the setting.
    """
    roster = without_guardians(roster)
    columns, choice = choose_columns(roster, options.reading.mapped, options.reading.domain)
    columns, order, notes = settle_ends(roster, settle_starts(roster, columns, options), options)
    user = columns.fields[Field.USER][0]
    refuse_uncertain_users(roster, user, columns.headings[user])
    checker = RowChecker(roster, columns, options, order)
    userless = rows_without_user(roster, columns, devices=checker.device_list)
    inactive = inactive_people(roster, columns, options, devices=checker.device_list)
    left_out = {**inactive.rows, **userless.rows}
    rows = [
        checker.check(row)
        if not left_out or (reason := left_out.get(row.key)) is None
        else checker.left_out(row, reason)
        for row in roster.rows
    ]
    refuse_empty_column(roster, columns, [row.source for row in rows if not row.left_out])
    if all(row.left_out for row in rows):
        raise nobody_is_left(roster, rows, columns.headings[user])
    notes = (
        *roster.notes, understood(columns), *choice, *userless.notes, *inactive.notes, *notes, *checker.notes(),
        *doubtful_values(roster, columns),
    )  # fmt: skip
    rows = _with_others(rows, roster, checker)
    info = RosterInfo(roster.file, roster.sheet, roster.sha256, len(rows), notes, dropped=roster.dropped)
    return CheckedRoster(info, columns, tuple(rows), checker.local_times)


def _with_others(rows: list[CheckedRow], roster: Roster, checker: RowChecker) -> list[CheckedRow]:
    """Return the rows with those that were left out as the file was read, where the sheets have them."""
    if not roster.left_out:
        return rows
    others = [checker.left_out(one.row, about_cells.left_out(one.reason, one.hint)) for one in roster.left_out]
    order = {place: at for at, place in enumerate(dict.fromkeys(row.source.place for row in [*rows, *others]))}
    return sorted([*rows, *others], key=lambda row: (order[row.source.place], row.source.number))
