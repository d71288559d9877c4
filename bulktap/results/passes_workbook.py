"""The results workbook: the passes, the rows without one, and a summary.

Made from the plan and the journal's state alone, so that a resumed run and an unbroken one write the same. What is
returned is not encrypted: the caller encrypts it in memory before it meets the disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bulktap.model.plan import Field
from bulktap.model.repeated_hours import which_of_two
from bulktap.model.row_errors import Severity
from bulktap.model.row_phases import RowPhase
from bulktap.model.zone_words import zoned_moment
from bulktap.results.comparison import waiting_note
from bulktap.results.output import Output
from bulktap.results.reading_order import table_for_reading
from bulktap.results.roster_columns import carried_columns, carried_values, roster_rows
from bulktap.results.row_results import RowResult, is_replaced, is_unusable, serving_number, was_left_out
from bulktap.results.sheets import Column, ColumnKind, LateRows, workbook_bytes
from bulktap.results.summary_sheet import summary_sheet, workbook_head
from bulktap.results.wording import RESULT_WORDS
from bulktap.storage.run_folder import PASSES_NAME

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bulktap.model.outcomes import IssuedPass
    from bulktap.model.plan import CellValue, Plan, PlanRow
    from bulktap.model.run_state import RowState
    from bulktap.results.run_view import RunView
    from bulktap.results.sheets import Cell, TableSheet

_WORKS = "Works"
"""From when until when, in words."""
_PASS_COLUMNS = (
    Column("Sheet row", ColumnKind.INTEGER, technical=True,
           note="The roster's row. Several rows of one person share a pass: 4, 9."),
    Column("User", technical=True, note="As the roster names the person."),
    Column("Sign-in name", technical=True),
    Column("Display name", wrap=True),
    Column("Temporary Access Pass", ColumnKind.PASSCODE, width=26, note="Upper and lower case count."),
    Column("Starts", ColumnKind.DATE_TIME, technical=True, note="By the clocks of the time zone named in this row."),
    Column("Expires", ColumnKind.DATE_TIME, technical=True, note="By the clocks of the time zone named in this row."),
    Column("Time zone", technical=True),
    Column("Start (UTC)", ColumnKind.DATE_TIME, technical=True),
    Column("Lifetime (minutes)", ColumnKind.INTEGER, width=12, technical=True),
    Column("One-time", ColumnKind.YES_NO, technical=True,
           note="Yes: works for one sign-in. No: works until it expires."),
    Column("Usable", ColumnKind.YES_NO, technical=True,
           note="What the service answered when the pass was issued: No also for one whose start is to come."),
    Column("Usability reason", technical=True, note="In the service's own word."),
    Column("Pass ID", technical=True),
    Column("Object ID", technical=True),
    Column("Issued (UTC)", ColumnKind.DATE_TIME, technical=True),
    Column("Note", wrap=True),
    Column(_WORKS, wrap=True, width=36, note="By the clocks of the roster's time zone."),
)  # fmt: skip

_NOT_ISSUED_COLUMNS = (
    Column("Sheet row", ColumnKind.INTEGER),
    Column("User", wrap=True),
    Column("Sign-in name", technical=True),
    Column("Display name", wrap=True),
    Column("Reason", wrap=True, width=22),
    Column("Code", technical=True),
    Column("Explanation", wrap=True, width=48),
    Column("What to do", wrap=True, width=48),
    Column("Object ID", technical=True),
)


_REVOKED = "Does not work: revoked"
_ASKED_ANEW = "A new pass was asked for in its place, and has not been issued yet."


def results_workbook(view: RunView) -> bytes:
    """Return the results workbook, not yet encrypted.

    A row whose passcode the state does not hold (a journal read without its passphrase, or damaged there) is never
    written as a pass: it stands in `Not issued` and says so.
    """
    return workbook_bytes(
        (*view.of_rows(_tables), summary_sheet(view)),
        title=f"Temporary Access Passes, {view.plan.run}",
        created=view.facts.as_of.now,
        kept=None if view.kept is None else view.kept.workbook_rows,
    )


def _tables(view: RunView) -> tuple[TableSheet, TableSheet]:
    served = [row for row in view.plan.rows if listable(view.state.rows.get(row.number)) is not None]
    look = Look().with_rows(view, served)
    return passes_sheet(view, served, look), not_issued_sheet(view, {row.number for row in served})


def listable(sent: RowState | None) -> IssuedPass | None:
    """Return the pass that may be handed out.

    A row that was issued and is in doubt again holds the passcode of a pass that is not known to be live: handed
    out, it would send its owner to a sign-in that fails.
    """
    issued = sent.handed_out if sent is not None else None
    return issued if issued is not None and issued.value else None


@dataclass(frozen=True, slots=True)
class Look:
    """What the rows of passes decide together: which columns people read first."""

    by_sign_in_name: bool = True
    """Whether people are named by it; else, because somebody has none, by what the roster says."""
    noted: bool = False
    """Whether there is a note."""

    def with_rows(self, view: RunView, rows: Sequence[PlanRow]) -> Look:
        """Return what it is with these rows as well."""
        named = self.by_sign_in_name and all(row.upn for row in rows)
        return Look(named, self.noted or any(_row_note(view, row) for row in rows))


def passes_sheet(view: RunView, rows: Sequence[PlanRow], look: Look) -> TableSheet:
    """Return the sheet of these rows, each of which has a pass that may be handed out."""
    plan = view.plan
    columns = (*_PASS_COLUMNS, *carried_columns(plan, _PASS_COLUMNS))
    place = {column.heading: at for at, column in enumerate(_PASS_COLUMNS)}
    # One of the two, or a list whose every line says the same twice.
    user = "Sign-in name" if look.by_sign_in_name else "User"
    noted = ["Note"] if look.noted else []
    after = [place[heading] for heading in (user, _WORKS, *noted)]
    printed = [place["Display name"], place["Temporary Access Pass"], *_group_place(plan, len(_PASS_COLUMNS)), *after]
    return table_for_reading("Passes", columns, LateRows(rows, partial(_line, view)), printed)


def _line(view: RunView, row: PlanRow) -> list[Cell]:
    sent, people = view.state.rows[row.number], _sharing(view, row)
    issued = listable(sent)
    if issued is None:
        raise ValueError(f"row {row.number} has no pass that may be handed out")
    dead = bool(view.revoked) and issued.access_pass.pass_id in view.revoked
    return [
        *_pass_cells(row, people, sent, issued, view.zone, dead=dead),
        _row_note(view, row),
        _REVOKED if dead else _works(sent, issued, view.zone),
        *carried_values(view.plan.columns.carried, [one.source for one in people]),
    ]


def _sharing(view: RunView, row: PlanRow) -> tuple[PlanRow, ...]:
    return (row, *(view.rows[number] for number in row.merged_rows))


def _row_note(view: RunView, row: PlanRow) -> str | None:
    sent = view.state.rows[row.number]
    issued = listable(sent) if view.revoked else None
    revoked_at = None if issued is None else view.revoked.get(issued.access_pass.pass_id)
    waiting = waiting_note(sent, view.state, view.facts.as_of, view.zone)
    return _note(_sharing(view, row), sent, waiting, _revoked_note(revoked_at, view))


def _group_place(plan: Plan, ours: int) -> list[int]:
    """Return the position of the roster's column with the group behind so many columns of ours; empty without one."""
    column = plan.columns.index(Field.GROUP)
    return [] if column is None else [ours + plan.columns.carried.index(column)]


def _pass_cells(
    row: PlanRow, sharing: tuple[PlanRow, ...], sent: RowState, issued: IssuedPass, zone: ZoneInfo, *, dead: bool
) -> list[Cell]:
    access_pass = issued.access_pass
    starts, expires = access_pass.starts_at, access_pass.expires_at
    return [
        roster_rows(sharing),
        sent.user,
        row.upn,
        row.display_name,
        issued.value,
        starts.astimezone(zone) if starts else None,
        expires.astimezone(zone) if expires else None,
        zone.key,
        starts,
        access_pass.lifetime_minutes,
        access_pass.usable_once,
        False if dead or is_replaced(sent) else access_pass.is_usable,  # what programs go by
        access_pass.usability,
        access_pass.pass_id,
        sent.object_id or row.object_id,
        access_pass.created_at,
    ]


def _works(sent: RowState, issued: IssuedPass, zone: ZoneInfo) -> str | None:
    """Return from when until when a pass works, in words that stay true."""
    starts, ends = issued.access_pass.starts_at, issued.access_pass.expires_at
    if is_unusable(sent):
        return "Does not work: see the note"
    if starts is None or ends is None:
        return None
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    end = f"{last:%H:%M}" if last.date() == first.date() else f"{last:%a %Y-%m-%d %H:%M}"
    begin, end = f"{first:%a %Y-%m-%d %H:%M}{which_of_two(first, zone)}", f"{end}{which_of_two(last, zone)}"
    return f"from {begin} to {end}" + (", once" if issued.access_pass.usable_once else "")


def _revoked_note(at: datetime | None, view: RunView) -> str | None:
    if at is None:
        return None
    return f"Revoked on {at.astimezone(view.zone):%Y-%m-%d %H:%M}; this passcode does not work any more."


def _note(sharing: tuple[PlanRow, ...], sent: RowState, waiting: str | None, revoked: str | None) -> str | None:
    if not (sent.notes or waiting or revoked or sent.keeps_pass or any(row.problems for row in sharing)):
        return None  # as of nearly all
    warnings = [problem.message for row in sharing for problem in row.problems if problem.severity is Severity.WARNING]
    asked = [_ASKED_ANEW] if sent.keeps_pass else []
    notes = [*warnings, *sent.notes, *asked, *(one for one in (waiting, revoked) if one)]
    return "\n".join(dict.fromkeys(notes)) or None


def not_issued_sheet(view: RunView, served: Collection[int]) -> TableSheet:
    """Return the rows without a pass; those that were not asked for come last, without the roster's other columns."""
    plan = view.plan
    lines: list[list[Cell]] = []
    carried = plan.columns.carried
    nothing: list[Cell] = [None] * len(carried)
    for row in sorted(plan.rows, key=was_left_out):
        if serving_number(row) in served:
            continue
        sent, result = view.state.rows.get(serving_number(row)), view.results[row.number]
        faults = view.faults(row) or (list(row.problems) if result is RowResult.SKIPPED else [])
        messages = [fault.message for fault in faults] or _unsaid(result, sent)
        lines.append([
            row.source.number,
            row.request.user.text if row.request else _user_cell(plan, row),
            row.upn,
            row.display_name,
            "Passcode not readable" if result.has_pass else RESULT_WORDS[result].label,
            "\n".join(dict.fromkeys(fault.code.value for fault in faults)) or None,
            "\n".join([*messages, *_older_pass(sent, view.zone)]) or None,
            "\n".join(dict.fromkeys(fault.hint for fault in faults)) or _next_step(result, plan.to_type),
            row.object_id or (sent.object_id if sent else None),
            *(nothing if was_left_out(row) else carried_values(carried, [row.source])),
        ])  # fmt: skip
    columns = (*_NOT_ISSUED_COLUMNS, *carried_columns(plan, _NOT_ISSUED_COLUMNS))
    place = {column.heading: at for at, column in enumerate(_NOT_ISSUED_COLUMNS)}
    who = [place[heading] for heading in ("Sheet row", "User", "Display name")]
    why = [place[heading] for heading in ("Reason", "Explanation", "What to do")]
    return table_for_reading("Not issued", columns, lines, [*who, *_group_place(plan, len(place)), *why])


def _user_cell(plan: Plan, row: PlanRow) -> CellValue:
    column = plan.columns.index(Field.USER)
    return None if column is None else row.source.cells[column]


def _unsaid(result: RowResult, sent: RowState | None) -> list[str]:
    if result is RowResult.NOT_SENT:
        waiting = sent is not None and sent.phase is RowPhase.RELEASED
        return ["The service asked to wait, and the request has not been repeated yet." if waiting else "Not sent yet."]
    return ["A pass was issued, but its passcode cannot be read from the journal."] if result.has_pass else []


def _next_step(result: RowResult, run: str) -> str | None:
    if result is RowResult.NOT_SENT:
        return f"Run `bulktap resume {run}`."
    if result.has_pass:
        return f"Run `bulktap results {run}` with the run's passphrase; if that does not help, issue a new pass."
    return None


def _older_pass(sent: RowState | None, zone: ZoneInfo) -> list[str]:
    if sent is None or sent.issued is None or sent.handed_out is not None:
        return []
    access_pass = sent.issued.access_pass
    created = f" on {zoned_moment(access_pass.created_at, zone)}" if access_pass.created_at else ""
    issued = f"The pass that this run issued{created} (ID {access_pass.pass_id})"
    return [f"{issued} is not known to be live, so it is not listed."]


PASSES_WORKBOOK: Output[RunView] = Output(PASSES_NAME, results_workbook, secret=True, record_count=workbook_head)
"""results.xlsx: the passcodes."""
