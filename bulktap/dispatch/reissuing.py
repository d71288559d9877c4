"""Reissuing: what is different for a row that gets a new pass in the place of one that this run issued; pure.

The wish stands in the journal, with the one pass that may be replaced and the terms of the new one. Until it has an
outcome, a list that shows this very pass is no reason to leave the user alone. Whatever else is live there is somebody
else's, or one of ours whose reply was lost, and the usual rules decide about it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bulktap.model.outcomes import Issued, Refused
from bulktap.model.run_events import Settled
from bulktap.model.zone_words import zoned_moment

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bulktap.model.outcomes import IssuedPass
    from bulktap.model.plan import PlanRow
    from bulktap.model.row_errors import RowError
    from bulktap.model.run_state import RowState

_NOT_REISSUED = "A new pass was asked for in its place, and was not issued: "


def as_asked(row: PlanRow, state: RowState) -> PlanRow:
    """Return the plan's row with the terms of the new pass, where one was asked for."""
    if state.reissue is None or row.request is None:
        return row
    return replace(row, request=replace(row.request, terms=state.reissue.terms))


def may_replace_own(state: RowState) -> bool:
    """Return True if the pass that we hold is the one that is to be replaced."""
    asked, held = state.reissue, state.issued
    return asked is not None and held is not None and held.access_pass.pass_id == asked.pass_id


def is_doubted(state: RowState) -> bool:
    """Return True if a pass of the row may exist that its refusal would leave behind, but for one that is kept."""
    return bool(state.unproven) or (state.issued is not None and not may_replace_own(state))


def issued_anew(state: RowState, issued: IssuedPass, zone: ZoneInfo) -> Issued:
    """Return the outcome of a row whose pass was created; that of a new one says which slip is dead."""
    old = state.issued
    if state.reissue is None or old is None:
        return Issued(issued)
    created = old.access_pass.created_at
    of_when = f" of {zoned_moment(created, zone)}" if created else ""
    return Issued(issued, f"A new pass was asked for: the earlier one{of_when} and its slip are dead.")


def refusal(state: RowState, error: RowError) -> Settled:
    """Return the outcome of a row whose create was refused.

    A pass that was to be replaced is kept: its passcode may still be good. Whether an earlier request has replaced it
    all the same, the comparison finds out, as of any pass with such a request behind it.
    """
    if not may_replace_own(state) or state.issued is None:
        return Settled(state.number, Refused(error))
    return kept(state, state.issued, error)


def kept(state: RowState, issued: IssuedPass, error: RowError) -> Settled:
    """Return the outcome of a row whose new pass was not issued."""
    return Settled(state.number, Issued(issued, f"{_NOT_REISSUED}{error.message}"))


def is_not_reissued(outcome: object) -> bool:
    """Return True if an outcome says that a new pass was asked for and not issued."""
    return isinstance(outcome, Issued) and outcome.note.startswith(_NOT_REISSUED)
