"""Comparison: which passes are still to be compared with the tenant, and until when earlier requests matter; pure.

Results are handed back as soon as every row has its outcome. Until a pass has been compared, an earlier request for the
same person that is carried out late may replace it, so whoever reads the results is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bulktap.model.repeated_hours import which_of_two
from bulktap.model.row_phases import RowPhase
from bulktap.model.zone_words import zone_in_words
from bulktap.results.wording import counted

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bulktap.model.run_state import RowState, RunState


@dataclass(frozen=True, slots=True)
class AsOf:
    """The moment for which results are written."""

    now: datetime
    """Aware, in UTC."""
    window: timedelta = timedelta()
    """How long after it was sent a request may still take effect."""
    comparing: bool = False
    """True if this process goes on to compare the passes."""


def to_compare(state: RunState) -> list[RowState]:
    """Return the rows whose pass has not been compared since it was issued."""
    rows = [row for row in state.rows.values() if row.phase is RowPhase.ISSUED and not row.confirmed]
    return rows if state.closed else [row for row in rows if not row.spared]


def comparison_line(state: RunState, as_of: AsOf, zone: ZoneInfo) -> str | None:
    """Return how many passes are still to be compared, and until when requests may take effect by a zone's clocks.

    None if all are.
    """
    waiting = to_compare(state)
    if not waiting:
        return None
    passes = counted(len(waiting), "pass", "passes")
    if state.closed:
        return f"{passes}, because that would have taken too long: `bulktap verify {state.to_type}` compares them"
    ends = [end for row in waiting if (end := _effect_end(row, as_of)) is not None and end > as_of.now]
    until = f"; earlier requests may take effect until {_minute_after(max(ends), zone)}" if ends else ""
    return f"{passes}{until}"


def waiting_note(row: RowState, state: RunState, as_of: AsOf, zone: ZoneInfo) -> str | None:
    """Return what to know about an issued pass while an earlier request for the same person may replace it."""
    if row.phase is not RowPhase.ISSUED or row.confirmed or (end := _effect_end(row, as_of)) is None:
        return None
    command = f"`bulktap {'verify' if state.closed else 'resume'} {state.to_type}`"
    if end > as_of.now:
        then = "this pass is compared afterwards." if as_of.comparing else f"{command} compares this pass afterwards."
        return f"An earlier request for this person may still take effect until {_minute_after(end, zone)}; {then}"
    then = "this pass is being compared." if as_of.comparing else f"{command} compares this pass."
    return f"An earlier request for this person may have taken effect; {then}"


def what_row_says(row: RowState, state: RunState, as_of: AsOf, zone: ZoneInfo) -> object:
    """Return what tells two reports apart as far as this row is concerned."""
    return (
        row.phase,
        row.issued and row.issued.access_pass,
        row.handed_out is None,
        row.error,
        tuple(row.notes),
        bool(row.attempts),
        waiting_note(row, state, as_of, zone),
    )


def _effect_end(row: RowState, as_of: AsOf) -> datetime | None:
    if not row.unproven and row.awaiting is None:
        return None
    return max(attempt.sent_at for attempt in row.open_attempts) + as_of.window


def _minute_after(moment: datetime, zone: ZoneInfo) -> str:
    """Return the moment as a clock shows it, rounded up so that it is not promised too early."""
    whole = moment.replace(second=0, microsecond=0)
    shown = whole if whole == moment else whole + timedelta(minutes=1)
    return f"{shown.astimezone(zone):%H:%M}{which_of_two(shown, zone)} {zone_in_words(zone)}"
