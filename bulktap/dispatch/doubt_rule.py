"""The doubt rule: a user's passes were listed, and it is decided whose they are; pure.

A create whose reply proves nothing may have made a pass whose value nobody has. Issuing again is right when there is no
live pass, when the live one is what the plan means to replace anyway, or when it is provably the lost one: created
within the window of one of those attempts, with what that attempt asked for. Any other live pass is somebody else's and
is never replaced.

**Comparing goes by time, because lists lag.** A list speaks only of passes no later than what it shows. A pass of ours
that is listed is the live one. A pass that was created *later* than ours has taken its place. Nothing, or only an
*earlier* pass, says nothing: the list lags behind, or somebody deleted ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bulktap.dispatch.doubt_times import DoubtTimes
    from bulktap.model.passes import AccessPass
    from bulktap.model.run_events import Sent

CLOCK_TOLERANCE = timedelta(minutes=2)
"""The service's machines do not agree to the second, nor does its `Date` header with `createdDateTime`."""

SAME_MOMENT = timedelta(seconds=2)
"""Two moments of creation that are closer were perhaps told by two machines: which came first is not known."""


@dataclass(frozen=True, slots=True)
class Free:
    """No live pass stands in the way: issue."""


@dataclass(frozen=True, slots=True)
class OursAndLost:
    """The live pass is one of ours whose passcode nobody has: issue again, with a note."""

    access_pass: AccessPass


@dataclass(frozen=True, slots=True)
class OursAndHeld:
    """The live pass is the one whose passcode we hold."""


@dataclass(frozen=True, slots=True)
class SomebodyElses:
    """The live pass is somebody else's: leave it alone."""

    access_pass: AccessPass


Ownership = Free | OursAndLost | OursAndHeld | SomebodyElses


def whose_pass(
    listed: Sequence[AccessPass],
    *,
    held: AccessPass | None,
    replaceable: str | None,
    attempts: Collection[Sent],
    times: DoubtTimes,
    now: datetime,
    default_lifetime: int | None = None,
    replaces_held: bool = False,
) -> Ownership:
    """Decide whose pass is live.

    Args:
        listed: what the service listed for the user; it keeps one pass at most.
        held: the newest pass whose passcode we hold.
        replaceable: id of the pass that the plan means to replace.
        attempts: every create of this row that may have made a pass that nobody holds.
        times: how long an attempt may take.
        now: the service's time.
        default_lifetime: minutes that the tenant gives to who asks for none, where its policy may be read.
        replaces_held: whether the held pass is the one that a new one is to be issued in place of.
    """
    if not replaces_held and any(held is not None and is_same_pass(access_pass, held) for access_pass in listed):
        # Used or expired meanwhile, perhaps; it is ours all the same and nothing has replaced it.
        return OursAndHeld()
    for access_pass in listed:
        if not access_pass.is_live(now) or access_pass.pass_id == replaceable:
            continue
        if held is not None and (is_same_pass(access_pass, held) or _came_before(access_pass, held)):
            continue  # it is to be replaced, or ours has replaced it and the list lags
        if any(made_by(attempt, access_pass, times, default_lifetime) for attempt in attempts):
            return OursAndLost(access_pass)
        return SomebodyElses(access_pass)
    return Free()


@dataclass(frozen=True, slots=True)
class Unseen:
    """The list shows neither our pass nor a later one: it lags, or somebody deleted ours."""


@dataclass(frozen=True, slots=True)
class Superseded:
    """A pass that was created later has taken the place of ours."""

    by: AccessPass
    ours: bool
    """Whether an attempt of ours whose answer proves nothing has made it."""
    perhaps_ours: bool
    """Whether one that was answered 429 can have made it, which such an answer rules out by all that is documented."""
    close: bool
    """Whether they were created so close together that two machines' clocks may tell them the wrong way round."""


Comparison = OursAndHeld | Unseen | Superseded


def compare(
    listed: Sequence[AccessPass],
    *,
    held: AccessPass,
    attempts: Collection[Sent],
    throttled: Collection[Sent],
    times: DoubtTimes,
    default_lifetime: int | None = None,
) -> Comparison:
    """Compare the pass that we hold with what the service lists; by time, whether live or not.

    Args:
        listed: what the service listed for the user.
        held: the pass whose passcode we hold.
        attempts: creates of this row whose answer proves nothing.
        throttled: creates of this row that were answered 429.
        times: how long an attempt may take.
        default_lifetime: as for `whose_pass`.
    """
    if any(is_same_pass(access_pass, held) for access_pass in listed):
        return OursAndHeld()
    for access_pass in listed:
        if not _came_before(held, access_pass):
            continue
        ours, perhaps_ours = (
            any(made_by(attempt, access_pass, times, default_lifetime) for attempt in possible)
            for possible in (attempts, throttled)
        )
        return Superseded(access_pass, ours, perhaps_ours, close=_are_close(held, access_pass))
    return Unseen()


def is_same_pass(listed: AccessPass, held: AccessPass) -> bool:
    """Return True if the listed pass is the one we hold; by its moment of creation where the service named no id."""
    if held.pass_id:
        return listed.pass_id == held.pass_id
    return held.created_at is not None and listed.created_at == held.created_at


def _came_before(first: AccessPass, second: AccessPass) -> bool:
    """Return True if the first pass was created before the second, as far as the service says when."""
    return first.created_at is not None and second.created_at is not None and first.created_at < second.created_at


def _are_close(first: AccessPass, second: AccessPass) -> bool:
    if first.created_at is None or second.created_at is None:
        return True
    return abs(first.created_at - second.created_at) <= SAME_MOMENT


def made_by(attempt: Sent, access_pass: AccessPass, times: DoubtTimes, default_lifetime: int | None) -> bool:
    """Return True if this attempt may have made the pass: in its window, and as far as is known what it asked for."""
    if access_pass.created_at is None:
        return False
    earliest = attempt.sent_at - CLOCK_TOLERANCE
    latest = attempt.sent_at + times.attempt + CLOCK_TOLERANCE
    if not earliest <= access_pass.created_at <= latest or not _starts_as_asked(attempt, access_pass):
        return False
    asked_and_given = (
        (attempt.terms.lifetime_minutes or default_lifetime, access_pass.lifetime_minutes),
        (attempt.terms.usable_once, access_pass.usable_once),
    )
    return all(asked is None or asked == given for asked, given in asked_and_given)


def _starts_as_asked(attempt: Sent, access_pass: AccessPass) -> bool:
    """Return True if the pass starts when it was asked to, or at once where no start, or a start that is over, was."""
    starts_at, created_at = access_pass.starts_at, access_pass.created_at
    if starts_at is None:
        return attempt.terms.starts_at is None
    if attempt.terms.starts_at is not None and abs(starts_at - attempt.terms.starts_at) <= CLOCK_TOLERANCE:
        return True  # nobody promises that the service keeps it to the second
    at_once = created_at is None or starts_at - created_at <= CLOCK_TOLERANCE
    return at_once and (attempt.terms.starts_at is None or starts_at >= attempt.terms.starts_at)
