"""What a listing of a user's passes means for the row, by how far the row has come; pure.

A row that has not been sent is free, or is left alone when a live pass turned up that the plan does not name. A row in
doubt follows the doubt rule. A row that was issued after a doubt is compared: the live pass must be the one we hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, assert_never

from bulktap.dispatch.doubts import (
    DoubtTimes,
    Free,
    OursAndHeld,
    OursAndLost,
    Ownership,
    SomebodyElses,
    exhausted_error,
    left_alone,
    somebody_elses_error,
    unknown_to_journal,
    whose_pass,
)
from bulktap.passes import InDoubt, Issued, Skipped
from bulktap.run_state import Confirmed, Event, Noted, RowPhase, Settled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bulktap.dispatch.work import Work
    from bulktap.passes import AccessPass

MAX_LOST = 8
"""Times a row is issued again because replies keep getting lost."""
MAX_MISMATCHED = 2
"""Times a row is issued again because the live pass is not ours."""
_COMPARE_AGAIN = (1 / 6, 1 / 2, 3 / 2)
"""Waits before a mismatch is judged, as parts of the settle wait: listings may lag behind creates."""

NOTHING_FOUND_NOTE = "Issued again: the reply to an earlier request was lost; no pass that it made was found."
LOST_REPLY_NOTE = "Issued again: the reply to an earlier request was lost, and so was the passcode it carried."
MISMATCH_NOTE = "Issued again: the pass that had been issued before was not the live one."


class Next(Enum):
    """What happens to the row after its listing."""

    CREATE = auto()
    COMPARE_LATER = auto()
    DONE = auto()


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the journal records, and what is next."""

    events: tuple[Event, ...]
    next: Next
    wait: float = 0.0
    """Seconds until the next comparison."""


def settle(
    work: Work,
    listed: Sequence[AccessPass],
    times: DoubtTimes,
    now: datetime,
    resumed_from: datetime | None,
    default_lifetime: int | None,
) -> Settlement:
    """Decide what a listing means.

    Args:
        work: the row; its counters of lost and mismatched issues are advanced.
        listed: the user's passes.
        times: how long an attempt may take.
        now: the service's time.
        resumed_from: when a resumed run began: its journal may be an old copy, and a pass created since one of ours.
        default_lifetime: as for `whose_pass`.
    """
    state, owner = work.state, _owner(work, listed, times, now, default_lifetime)
    match state.phase:
        case RowPhase.ISSUED:
            return _compared(work, owner, times)
        case RowPhase.SENT:
            return _doubt_settled(work, owner)
        case RowPhase.RELEASED if state.unconfirmed:
            return _doubt_settled(work, owner)
        case RowPhase.NOT_SENT | RowPhase.RELEASED:
            return _before_the_first(work, owner, resumed_from)
        case RowPhase.REFUSED | RowPhase.SKIPPED | RowPhase.IN_DOUBT:
            return Settlement((), Next.DONE)
        case _:
            assert_never(state.phase)


def _owner(
    work: Work, listed: Sequence[AccessPass], times: DoubtTimes, now: datetime, default_lifetime: int | None
) -> Ownership:
    issued = work.state.issued
    return whose_pass(
        listed,
        held=issued.access_pass.pass_id if issued is not None else None,
        replaceable=work.row.existing_pass_id,
        attempts=work.state.attempts,
        times=times,
        now=now,
        default_lifetime=default_lifetime,
    )


def _before_the_first(work: Work, owner: Ownership, resumed_from: datetime | None) -> Settlement:
    number = work.row.number
    match owner:
        case Free():
            return Settlement((), Next.CREATE)
        case OursAndLost() | SomebodyElses():
            found = owner.access_pass
            if resumed_from is not None and (found.created_at is None or found.created_at >= resumed_from):
                return Settlement((Settled(number, InDoubt(unknown_to_journal(found))),), Next.DONE)
            return Settlement((Settled(number, Skipped(left_alone(found))),), Next.DONE)
        case OursAndHeld():
            return Settlement((), Next.DONE)
        case _:
            assert_never(owner)


def _doubt_settled(work: Work, owner: Ownership) -> Settlement:
    number, state = work.row.number, work.state
    match owner:
        case Free() | OursAndLost():
            nothing_lost = isinstance(owner, Free) and state.phase is not RowPhase.SENT
            if nothing_lost or not work.has_new_attempt():
                return Settlement((), Next.CREATE)
            work.lost += 1
            if work.lost > MAX_LOST:
                return Settlement((Settled(number, InDoubt(exhausted_error(work.lost))),), Next.DONE)
            # Listings may lag and requests land late: even where no pass is found, there may be one for a while.
            note = LOST_REPLY_NOTE if isinstance(owner, OursAndLost) else NOTHING_FOUND_NOTE
            return Settlement((Noted(number, note),), Next.CREATE)
        case OursAndHeld():
            if state.issued is None:
                return Settlement((), Next.CREATE)
            return Settlement((Settled(number, Issued(state.issued)), Confirmed(number)), Next.DONE)
        case SomebodyElses():
            error = somebody_elses_error(owner.access_pass, had_ours=state.issued is not None)
            return Settlement((Settled(number, InDoubt(error)),), Next.DONE)
        case _:
            assert_never(owner)


def _compared(work: Work, owner: Ownership, times: DoubtTimes) -> Settlement:
    number = work.row.number
    if isinstance(owner, OursAndHeld):
        work.comparisons = 0
        return Settlement((Confirmed(number),), Next.DONE)
    if work.comparisons < len(_COMPARE_AGAIN):
        wait = _COMPARE_AGAIN[work.comparisons] * times.settle_wait
        work.comparisons += 1
        return Settlement((), Next.COMPARE_LATER, wait)
    work.comparisons = 0
    if isinstance(owner, SomebodyElses):
        error = somebody_elses_error(owner.access_pass, had_ours=True)
        return Settlement((Settled(number, InDoubt(error)),), Next.DONE)
    if not work.has_new_attempt():
        return Settlement((), Next.CREATE)
    work.mismatched += 1
    if work.mismatched > MAX_MISMATCHED:
        return Settlement((Settled(number, InDoubt(exhausted_error(work.mismatched))),), Next.DONE)
    return Settlement((Noted(number, MISMATCH_NOTE),), Next.CREATE)
