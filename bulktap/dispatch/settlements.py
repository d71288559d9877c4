"""What a listing of a user's passes means for the row, by how far the row has come; pure.

A row that has not been sent is free, or is left alone when a live pass turned up that the plan does not name. A row in
doubt follows the doubt rule. A row that was issued is compared: the live pass must be the one we hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING, assert_never

from bulktap.dispatch.doubt_rule import (
    CLOCK_TOLERANCE,
    Comparison,
    Free,
    OursAndHeld,
    OursAndLost,
    Ownership,
    SomebodyElses,
    Superseded,
    Unseen,
    compare,
    is_same_pass,
    made_by,
    whose_pass,
)
from bulktap.dispatch.reissuing import kept, may_replace_own
from bulktap.model.outcomes import InDoubt, Issued, Skipped
from bulktap.model.row_error_catalogue import about_passes
from bulktap.model.row_phases import RowPhase
from bulktap.model.run_events import Confirmed, Event, Noted, Settled
from bulktap.model.usability import not_usable_note

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bulktap.dispatch.doubt_times import DoubtTimes
    from bulktap.dispatch.row_queues import RowWork
    from bulktap.model.passes import AccessPass
    from bulktap.model.run_events import Sent
    from bulktap.model.run_state import RowState

MAX_LOST = 8
"""Times a row is issued again because replies keep getting lost."""
MAX_MISMATCHED = 2
"""Times a row is issued again because the live pass is not ours."""
_COMPARE_AGAIN = (1 / 6, 1 / 2, 3 / 2)
"""Waits before a comparison that did not find our pass is judged, as parts of the settle wait: 5, 15 and 45 of 30 s."""
RECENT = timedelta(minutes=15)
"""A pass that another run of ours issued counts as live for so long, whatever the list says.

How long lists lag behind creates is not documented; other objects of the directory were seen to take minutes.
"""

NOTHING_FOUND_NOTE = "Issued again: the reply to an earlier request was lost; no pass that it made was found."
LOST_REPLY_NOTE = "Issued again: the reply to an earlier request was lost, and so was the passcode it carried."
MISMATCH_NOTE = "Issued again: the pass that had been issued before was not the live one."
NOT_COMPARED_NOTE = (
    "This pass could not be compared: the tenant's list shows neither it nor a later one, perhaps because it lags."
)
SAME_MOMENT_NOTE = (
    "Another pass was created for this user in the same moment, and the tenant's list shows now one and now the other: "
    "this passcode may not work."
)


class Next(Enum):
    """What happens to the row after its listing."""

    CREATE = auto()
    LOOK_AGAIN = auto()
    DONE = auto()


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the journal records, and what is next."""

    events: tuple[Event, ...]
    next: Next
    wait: float = 0.0
    """Seconds until the next list."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides about a listing besides the row and the list itself."""

    times: DoubtTimes
    """How long an attempt may take."""
    now: datetime
    """The service's time."""
    ahead: tuple[timedelta, ...] = ()
    """How far the service's clock may be ahead of ours, by what is known now."""
    monotonic: float = 0.0
    """The same moment by the monotonic clock."""
    resumed_from: datetime | None = None
    """When a resumed run began: its journal may be an old copy, and a pass created since one of ours."""
    default_lifetime: int | None = None
    """As for `whose_pass`."""
    recent: AccessPass | None = None
    """The pass that another run of ours issued to this user lately, if there is one."""
    others_at_work: bool = False
    """Whether somebody else was seen to replace passes of this run."""
    losses_count: bool = True
    """Whether a lost reply is the row's own; not so while the service fails at everything."""


def settle(work: RowWork, listed: Sequence[AccessPass], seen: Circumstances) -> Settlement:
    """Decide what a listing means; the row's counters of lost and mismatched issues are advanced."""
    state = work.state
    match state.phase:
        case RowPhase.ISSUED:
            return _compared(work, listed, seen)
        case RowPhase.SENT:
            return _doubt_settled(work, listed, seen)
        case RowPhase.RELEASED if state.unconfirmed:
            return _doubt_settled(work, listed, seen)
        case RowPhase.NOT_SENT | RowPhase.RELEASED:
            return _before_the_first(work, _owner(work, _with_recent(listed, seen), seen), seen)
        case RowPhase.REFUSED | RowPhase.SKIPPED | RowPhase.IN_DOUBT:
            return Settlement((), Next.DONE)
        case _:
            assert_never(state.phase)


def _owner(work: RowWork, listed: Sequence[AccessPass], seen: Circumstances) -> Ownership:
    issued = work.state.issued
    owner = whose_pass(
        listed,
        held=issued.access_pass if issued is not None else None,
        replaceable=work.row.existing_pass_id,
        attempts=_told_rightly(work, work.state.open_attempts, seen),
        times=seen.times,
        now=seen.now,
        default_lifetime=seen.default_lifetime,
        replaces_held=may_replace_own(work.state),
    )
    if isinstance(owner, SomebodyElses) and _is_our_late_one(work, owner.access_pass, seen):
        return OursAndLost(owner.access_pass)
    return owner


def _told_rightly(work: RowWork, attempts: Sequence[Sent], seen: Circumstances) -> Sequence[Sent]:
    """Return attempts, those as well whose time was told by a clock of the service's that proved to be wrong."""
    moved = [(one, ahead - work.ahead_at.get(one.request_id, ahead)) for one in attempts for ahead in seen.ahead]
    return [*attempts, *(replace(one, sent_at=one.sent_at + by) for one, by in moved if abs(by) > CLOCK_TOLERANCE)]


def _with_recent(listed: Sequence[AccessPass], seen: Circumstances) -> Sequence[AccessPass]:
    """Return the list as it will be when it no longer lags behind another run of ours."""
    recent = seen.recent
    if recent is None or recent.created_at is None or seen.now - recent.created_at > RECENT:
        return listed
    created = [access_pass.created_at for access_pass in listed if access_pass.created_at is not None]
    newer = any(moment > recent.created_at for moment in created)
    return listed if newer or any(is_same_pass(one, recent) for one in listed) else [recent]


def _before_the_first(work: RowWork, owner: Ownership, seen: Circumstances) -> Settlement:
    number = work.row.number
    match owner:
        case Free():
            return Settlement((), Next.CREATE)
        case OursAndLost() | SomebodyElses():
            found, began = owner.access_pass, seen.resumed_from
            if _is_our_late_one(work, found, seen):
                return Settlement((Noted(number, LOST_REPLY_NOTE),), Next.CREATE)
            if work.state.reissue is not None:
                return _left_alone(work, found, seen)
            known = seen.recent is not None and is_same_pass(found, seen.recent)
            if not known and began is not None and (found.created_at is None or found.created_at >= began):
                error = about_passes.unknown_to_journal(found, work.zone)
                return Settlement((Settled(number, InDoubt(error)),), Next.DONE)
            return Settlement((Settled(number, Skipped(about_passes.left_alone(found, work.zone))),), Next.DONE)
        case OursAndHeld():
            return Settlement((), Next.DONE)
        case _:
            assert_never(owner)


def _is_our_late_one(work: RowWork, found: AccessPass, seen: Circumstances) -> bool:
    """Return True for a row that is issued again and whose request, answered 429, was carried out all the same."""
    if work.state.issued is None or seen.others_at_work:
        return False
    return any(made_by(attempt, found, seen.times, seen.default_lifetime) for attempt in work.state.throttled)


def _doubt_settled(work: RowWork, listed: Sequence[AccessPass], seen: Circumstances) -> Settlement:
    number, state, owner = work.row.number, work.state, _owner(work, listed, seen)
    match owner:
        case Free() | OursAndLost():
            nothing_lost = isinstance(owner, Free) and state.phase is not RowPhase.SENT
            if nothing_lost or not work.has_new_attempt():
                return Settlement((), Next.CREATE)
            work.lost += seen.losses_count
            if work.lost > MAX_LOST:
                return Settlement((_never_settled(state, listed, work.lost),), Next.DONE)
            # Listings may lag and requests land late: even where no pass is found, there may be one for a while.
            note = LOST_REPLY_NOTE if isinstance(owner, OursAndLost) else NOTHING_FOUND_NOTE
            return Settlement((Noted(number, note),), Next.CREATE)
        case OursAndHeld():
            if state.issued is None:
                return Settlement((), Next.CREATE)
            # Not confirmed by this: the attempt in doubt may still land, and is compared when it no longer can.
            return Settlement((Settled(number, Issued(state.issued)),), Next.DONE)
        case SomebodyElses():
            return _left_alone(work, owner.access_pass, seen)
        case _:
            assert_never(owner)


def _never_settled(state: RowState, listed: Sequence[AccessPass], lost: int) -> Settled:
    """Return the outcome of a row whose replies keep getting lost; a pass that is still there was not replaced."""
    error, held = about_passes.never_settled(lost), state.issued
    if held is not None and may_replace_own(state) and any(is_same_pass(one, held.access_pass) for one in listed):
        return kept(state, held, error)
    return Settled(state.number, InDoubt(error))


def _left_alone(work: RowWork, found: AccessPass, seen: Circumstances) -> Settlement:
    """Leave somebody else's pass alone, as soon as a list shows that nothing of ours has taken its place."""
    if (wait := work.seconds_until_shown(seen.times, seen.now, seen.monotonic)) > 0:
        return Settlement((), Next.LOOK_AGAIN, wait)
    error = about_passes.replaced_by_somebody(found, work.zone, had_ours=work.state.issued is not None)
    return Settlement((Settled(work.row.number, InDoubt(error)),), Next.DONE)


def _compared(work: RowWork, listed: Sequence[AccessPass], seen: Circumstances) -> Settlement:
    number, issued = work.row.number, work.state.issued
    if issued is None:  # an issued row has its pass
        return Settlement((), Next.DONE)
    found = _comparison(work, listed, issued.access_pass, seen)
    if isinstance(found, Superseded):
        work.later = found.by
    elif work.later is not None:
        # Replicas lag differently: an older view does not take back what a newer one has shown.
        before = _comparison(work, [work.later], issued.access_pass, seen)
        if isinstance(before, Superseded) and not before.close:
            found = before
        elif isinstance(before, Superseded):
            return _look_again(work, seen, len(_COMPARE_AGAIN)) or _kept(work, SAME_MOMENT_NOTE)
    match found:
        case OursAndHeld():
            work.comparisons = 0
            return Settlement((*_usability(number, listed, issued.access_pass), Confirmed(number)), Next.DONE)
        case Unseen():
            return _look_again(work, seen, len(_COMPARE_AGAIN)) or _kept(work, NOT_COMPARED_NOTE)
        case Superseded():
            # A list that lags may show a pass that ours has replaced, told by a clock that is a little ahead.
            looks = len(_COMPARE_AGAIN) if found.close or (found.perhaps_ours and not found.ours) else 1
            return _look_again(work, seen, looks) or _superseded(work, found, seen)
        case _:
            assert_never(found)


def _comparison(work: RowWork, listed: Sequence[AccessPass], held: AccessPass, seen: Circumstances) -> Comparison:
    return compare(
        listed,
        held=held,
        attempts=_told_rightly(work, work.state.open_attempts, seen),
        throttled=_told_rightly(work, work.state.throttled, seen),
        times=seen.times,
        default_lifetime=seen.default_lifetime,
    )


def _look_again(work: RowWork, seen: Circumstances, most: int) -> Settlement | None:
    if work.comparisons >= most:
        work.comparisons = 0
        return None
    wait = _COMPARE_AGAIN[work.comparisons] * seen.times.settle_wait
    work.comparisons += 1
    return Settlement((), Next.LOOK_AGAIN, wait)


def _kept(work: RowWork, note: str) -> Settlement:
    """Keep a passcode against which nothing is proved: one that works is never withheld for lack of evidence."""
    number = work.row.number
    return Settlement((Noted(number, note), Confirmed(number, shown=False)), Next.DONE)


def _superseded(work: RowWork, found: Superseded, seen: Circumstances) -> Settlement:
    number = work.row.number
    # Where nobody else is seen at work, a throttled request of ours that was carried out late is the likelier author.
    if not found.ours and not (found.perhaps_ours and not seen.others_at_work):
        error = about_passes.replaced_by_somebody(found.by, work.zone, had_ours=True)
        return Settlement((Settled(number, InDoubt(error)),), Next.DONE)
    if not work.has_new_attempt():
        return Settlement((), Next.CREATE)
    work.mismatched += 1
    if work.mismatched > MAX_MISMATCHED:
        return Settlement((Settled(number, InDoubt(about_passes.never_settled(work.mismatched))),), Next.DONE)
    return Settlement((Noted(number, MISMATCH_NOTE),), Next.CREATE)


def _usability(number: int, listed: Sequence[AccessPass], held: AccessPass) -> tuple[Event, ...]:
    """Say so when a pass exists and its user may not use it."""
    shown = [one for one in listed if is_same_pass(one, held) and one.usability not in {"OneTimeUsed", "Expired"}]
    return tuple(Noted(number, note) for note in map(not_usable_note, shown) if note is not None)
