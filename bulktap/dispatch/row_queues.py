"""RowWork: the rows of a run on their way through creating, listing and waiting.

What a row needs next follows from what the journal says about it (its phase) and from how old the last listing of its
user's passes is. `RowQueues` keeps the rows in the order in which that is due; it decides nothing about passes.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from bulktap.dispatch.doubt_rule import SAME_MOMENT
from bulktap.model.plan import sending_order
from bulktap.model.row_error_catalogue import about_users
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.row_phases import RowPhase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bulktap.dispatch.doubt_times import DoubtTimes
    from bulktap.model.passes import AccessPass
    from bulktap.model.plan import PlanRow
    from bulktap.model.row_errors import RowError
    from bulktap.model.run_events import Sent
    from bulktap.model.run_state import RowState

FINDING_AGE = timedelta(minutes=10)
"""A finding older than this is listed again before the create."""
UNKNOWN_USER_TRIES = 10
"""Times that a user whom the directory shows, and the authentication service does not know yet, is tried again.

Others repeat as often: sometimes it takes two, sometimes eight or more attempts (CIPP-API, issue 1225).
"""
SEEN_FOR = 120.0
"""Seconds for which a later list of an earlier time does not undo what a list has shown; lists were seen to lag that
long, and whoever deletes a pass meanwhile leaves one row to be looked at."""
MAX_REJECTIONS = 3
"""Rejected batches, all but the first with this row alone in it, that may still have been a gateway's whim."""


_UTC: Final = ZoneInfo("UTC")


@dataclass(slots=True)
class RowWork:
    """One row that the plan creates a pass for, while it is being worked on."""

    row: PlanRow
    state: RowState
    """What the journal says; the same object as in the run's state."""
    listed_at: datetime | None
    """When the user's passes were last listed, by the service's clock."""
    zone: ZoneInfo = _UTC
    """By whose clocks people are told of moments: the run's."""
    inherited: frozenset[str] = frozenset()
    """Request ids of attempts that an earlier process made and left without proof."""
    inherited_by: float = 0.0
    """By this moment of the monotonic clock those have taken effect or never will, whatever the clocks say."""
    alone: bool = False
    """Whether it travels in a batch of its own, because a batch with it was turned down."""
    rejections: int = 0
    """Times that a batch with it was rejected for its form."""
    turned_down: bool = False
    """Whether the last answer to its step was a 401."""
    judged_attempts: int = 0
    """Attempts on record when it was last decided to issue it again."""
    departed: dict[str, float] = field(default_factory=dict)
    """When an attempt of this process left, by the monotonic clock and request id."""
    ahead_at: dict[str, timedelta] = field(default_factory=dict)
    """How far the service's clock seemed ahead of ours when this process sent an attempt, by request id."""
    lost: int = 0
    """Times it was issued again because a reply was lost."""
    mismatched: int = 0
    """Times it was issued again because the live pass was not the one we hold."""
    later: AccessPass | None = None
    """A pass that a list showed, created later than the one we hold."""
    seen: AccessPass | None = None
    """The newest pass that any list has shown, also one that came too early to be judged by."""
    seen_at: float = 0.0
    """When that was, by the monotonic clock."""
    comparisons: int = 0
    """Comparisons in a row that did not find our pass."""
    failed_lists: int = 0
    """Listings in a row that the service could not carry out."""
    asked_about: bool = False
    """Whether its user was asked about for the sake of other rows since: what that showed was not looked at."""
    unvouched_rounds: int = 0
    """Times ten lists failed while nobody else could be listed either."""
    vouched: int = 0
    """Failures right after which others could be listed."""
    list_failure: str = ""
    """What the last listing was answered, in words."""
    unknown: int = 0
    """Times that the authentication service did not know the user, whom the directory shows."""

    @property
    def target(self) -> str:
        """How the user is named on the wire: by object id where it is known."""
        return self.row.object_id or self.user

    @property
    def user(self) -> str:
        """The user as the roster names them."""
        return self.row.request.user.text if self.row.request else self.state.user

    @property
    def shown_by_directory(self) -> bool:
        """Whether the directory has shown the user: a look-up alone gives both names."""
        return self.row.object_id is not None and self.row.upn is not None

    def is_awaited(self, error: RowError) -> bool:
        """Return True if the error says that the user is not known, and that may change soon; count how often.

        A user just created is known to the directory first, and to the authentication service some time later.
        """
        unknown = error.code is RowErrorCode.USER_NOT_FOUND and self.shown_by_directory
        if not unknown and error.code is not RowErrorCode.USER_NOT_READY:
            return False
        self.unknown += 1
        return self.unknown <= UNKNOWN_USER_TRIES

    def told_of_unknown(self, error: RowError) -> RowError:
        """Return what the row says in the end: not that the tenant has no user whom the directory has shown."""
        unknown = error.code is RowErrorCode.USER_NOT_FOUND and self.shown_by_directory
        return about_users.not_ready(self.user) if unknown else error

    def is_malformed(self) -> bool:
        """Count one more rejected batch; return whether so many were that it is this row's request."""
        self.alone, self.rejections = True, self.rejections + 1
        return self.rejections > MAX_REJECTIONS

    def with_seen(self, listed: tuple[AccessPass, ...], monotonic: float) -> tuple[AccessPass, ...]:
        """Return a list as it is for whoever remembers the earlier ones, and remember the newest pass.

        Several replicas answer, each with a lag of its own, so that a later list may be of an earlier time: what it
        shows is then not what the user has. A user keeps one pass, and an old one never comes back (graph.md).

        Args:
            listed: the passes that were listed now.
            monotonic: the monotonic clock.
        """
        seen, held = self.seen, self.state.issued
        newest = max(listed, key=_created, default=None)
        forgotten = seen is None or monotonic - self.seen_at > SEEN_FOR
        # Of two that two machines made at one moment it cannot be told which was later.
        if seen is None or forgotten or (newest is not None and _created(newest) >= _created(seen) - SAME_MOMENT):
            if newest is not None:
                self.seen, self.seen_at = newest, monotonic
            return listed
        if held is not None and held.access_pass.pass_id == seen.pass_id:
            return listed  # that it is not listed any more is for the comparison to judge
        return (seen,)

    def has_new_attempt(self) -> bool:
        """Whether an attempt was made since it was last asked; waiting for the next one uses up no tries."""
        attempts, before = len(self.state.attempts), self.judged_attempts
        self.judged_attempts = attempts
        return attempts != before

    def seconds_to_settle(self, times: DoubtTimes, service_now: datetime, monotonic: float) -> float:
        """Return for how long a list says nothing about this row yet; not positive when it does.

        Before a row in doubt is judged, what an earlier process has sent must have landed; before a pass is compared,
        everything that may replace it must be shown: on the strength of a list that lags, a passcode would be called
        good that our own late request has just killed.
        """
        comparing = self.state.phase is RowPhase.ISSUED
        lag = times.lag if comparing else timedelta(0)
        waits = []
        for attempt in self.state.open_attempts:
            wait = self._left_for(attempt, times, times.attempt + lag, service_now, monotonic)
            if attempt.request_id in self.inherited:
                waits.append(min(wait, self.inherited_by + lag.total_seconds() - monotonic))
            elif comparing:
                waits.append(wait)
        if comparing:
            waits += [
                self._left_for(attempt, times, times.throttled + lag, service_now, monotonic)
                for attempt in self.state.throttled
            ]
        # A clock that was set back must not keep a row waiting for hours.
        return min(max(waits, default=0.0), (times.departure + times.attempt + lag).total_seconds())

    def seconds_until_shown(self, times: DoubtTimes, service_now: datetime, monotonic: float) -> float:
        """Return for how long lists may not show what an attempt without an answer did; not positive when they do.

        Lists lag: what landed at the last moment is shown later than that.
        """
        waits = [
            self._left_for(attempt, times, times.shown, service_now, monotonic) for attempt in self.state.open_attempts
        ]
        return min(max(waits, default=0.0), (times.departure + times.shown).total_seconds())

    def _left_for(
        self, attempt: Sent, times: DoubtTimes, window: timedelta, service_now: datetime, monotonic: float
    ) -> float:
        """Return for how many seconds more an attempt may take effect that may do so for this window after it left.

        The process that sent it knows exactly, whatever clocks say; others know when it was recorded.
        """
        departed = self.departed.get(attempt.request_id)
        if departed is not None:
            return departed + window.total_seconds() - monotonic
        return (attempt.sent_at + times.departure + window - service_now).total_seconds()

    def listing_is_fresh(self, now: datetime) -> bool:
        """Whether the last listing is young enough to create on its strength."""
        return self.listed_at is not None and not self.asked_about and now - self.listed_at <= FINDING_AGE


def in_sending_order(works: Iterable[RowWork]) -> list[RowWork]:
    """Return rows with a start first, the soonest in front; then the rest as in the roster."""
    return sorted(works, key=lambda work: sending_order(work.row))


def _created(one: AccessPass) -> datetime:
    return one.created_at or datetime(1970, 1, 1, tzinfo=UTC)


class RowQueues:
    """Rows that wait for a create, for a listing, or for their time."""

    def __init__(self) -> None:
        self._creates: deque[RowWork] = deque()
        self._lists: deque[RowWork] = deque()
        self._later: list[tuple[float, int, RowWork]] = []

    def __len__(self) -> int:
        return len(self._creates) + len(self._lists) + len(self._later)

    def queue_creates(self, works: Iterable[RowWork], *, first: bool = False) -> None:
        """Queue rows for a create; `first` puts them in front, in their order."""
        if first:
            self._creates.extendleft(reversed(list(works)))
        else:
            self._creates.extend(works)

    def queue_list(self, work: RowWork) -> None:
        """Queue a row for a listing."""
        self._lists.append(work)

    def queue_list_at(self, work: RowWork, due: float) -> None:
        """Queue a row for a listing at a moment of the monotonic clock."""
        heapq.heappush(self._later, (due, work.row.number, work))

    def next_due(self) -> float | None:
        """Return when the first waiting row is due."""
        return self._later[0][0] if self._later else None

    def wake(self, now: float) -> None:
        """Move rows whose time has come to the listings."""
        while self._later and self._later[0][0] <= now:
            self._lists.append(heapq.heappop(self._later)[2])

    def take_lists(self, most: int) -> list[RowWork]:
        """Take rows to list, oldest first; one that travels alone is taken alone."""
        taken: list[RowWork] = []
        while self._lists and len(taken) < most:
            if self._lists[0].alone:
                return taken or [self._lists.popleft()]
            taken.append(self._lists.popleft())
        return taken

    def only_later(self) -> bool:
        """Whether nothing can be done before the next waiting row is due."""
        return not self._lists and not self._creates

    def lists_waiting(self) -> int:
        """Count the rows that wait to be listed now."""
        return len(self._lists)

    def create_is_ready(self, now: datetime) -> bool:
        """Whether the first row that waits to be created may be, on the strength of its listing."""
        return bool(self._creates) and self._creates[0].listing_is_fresh(now)

    def send_stale_to_lists(self, now: datetime, most: int) -> None:
        """Move rows at the head of the creates whose finding is too old to the listings, so many at most."""
        while self._creates and most > 0 and not self._creates[0].listing_is_fresh(now):
            self._lists.append(self._creates.popleft())
            most -= 1

    def take_creates(self, most: int, now: datetime) -> list[RowWork]:
        """Take rows to create, in order; one that travels alone is taken alone."""
        taken: list[RowWork] = []
        while self._creates and len(taken) < most and self._creates[0].listing_is_fresh(now):
            if self._creates[0].alone:
                return taken or [self._creates.popleft()]
            taken.append(self._creates.popleft())
        return taken

    def take_spread(self, most: int, now: datetime) -> list[RowWork]:
        """Take rows to create from all over those that wait, evenly, whose listing is fresh."""
        ready = [index for index, work in enumerate(self._creates) if work.listing_is_fresh(now) and not work.alone]
        count = min(most, len(ready))
        chosen = {ready[number * len(ready) // count] for number in range(count)}
        taken = [work for index, work in enumerate(self._creates) if index in chosen]
        self._creates = deque(work for index, work in enumerate(self._creates) if index not in chosen)
        return taken

    def send_sample_to_lists(self, most: int) -> None:
        """Put rows from all over those that wait to be created in front of the listings, so many at most."""
        waiting = len(self._creates)
        chosen = {number * waiting // most for number in range(most)} if waiting >= most else set(range(waiting))
        self._lists.extendleft(work for index, work in enumerate(self._creates) if index in chosen)
        self._creates = deque(work for index, work in enumerate(self._creates) if index not in chosen)

    def give_up_lists(self, spare: Callable[[RowWork], bool]) -> int:
        """Take the rows for which `spare` says so off the listings; say how many."""
        before = len(self._lists)
        self._lists = deque(work for work in self._lists if not spare(work))
        return before - len(self._lists)

    def waits_for_service(self) -> bool:
        """Whether a row waits because its listing failed: that is no wait of our own choice."""
        return any(work.failed_lists for _, _, work in self._later)

    def in_doubt(self) -> int:
        """Count the rows that wait to be settled after a lost reply."""
        return sum(work.state.phase is RowPhase.SENT for _, _, work in self._later)
