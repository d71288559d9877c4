"""Recorder: events into the journal, off the event loop, in order, and never given up while they hold a passcode.

A commit waits for the disk several times over, so that those who record at the same time share one: what an answer
brought, and the sending that it set going, which comes after it and therefore never leaves before it is on the disk.
What nothing waits for (that a pass was compared) waits a moment for company of its own kind.

A full disk must not lose what is in memory: a commit that fails is tried again until it succeeds, nothing more is sent
meanwhile, and the screen says what to free. Only after half an hour does the run end with exit 7.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

from bulktap.model.errors import DiskRefuses
from bulktap.model.log_events import JournalBlocked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from bulktap.dispatch.observer import Observer
    from bulktap.model.clock import Clock
    from bulktap.model.run_events import Event

_RETRY_SECONDS = 3.0
_PATIENCE_SECONDS = 1800.0
"""Somebody has to be found who frees room on the disk; meanwhile passcodes are in memory only."""
_COMPANY_SECONDS = 0.1
"""So long waits for company what nothing else waits for: with 24 lists in flight some ten batches come in meanwhile."""
_ROUNDS = 8
"""Rounds of the event loop that a commit waits for company: an answer sets the next batch going in less."""


class EventStore(Protocol):
    """Where events are kept; the journal is one."""

    def record(self, events: Sequence[Event]) -> None:
        """Commit the events in one transaction.

        Raises:
            DiskRefuses: nothing of it was committed; the same call may be repeated.
        """


@dataclass(slots=True)
class _Parcel:
    """What one caller wants recorded."""

    events: Sequence[Event]
    keep: bool
    committed: bool = False
    error: BaseException | None = None
    """Why it was not committed, once that is known."""


class Recorder:
    """Commits events one transaction after the other on a thread of its own."""

    def __init__(self, store: EventStore, clock: Clock, observer: Observer) -> None:
        self._store = store
        self._clock = clock
        self._observer = observer
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._turn = asyncio.Lock()
        self._parcels: list[_Parcel] = []
        self._blocked_since: float | None = None
        self._stopping = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown(wait=True)

    @property
    def blocked(self) -> bool:
        """Whether a commit is failing now, so that nothing more may be sent."""
        return self._blocked_since is not None

    def stop(self) -> None:
        """Give up, from now on, events of which nothing has left yet."""
        self._stopping = True

    async def record(self, events: Sequence[Event], *, keep: bool, hurry: bool = True) -> None:
        """Commit the events.

        Args:
            events: in order; none is a no-op.
            keep: whether they hold what exists nowhere else. If not (nothing has left yet), they are given up as soon
                as the run is being stopped.
            hurry: true if something waits for them to be on record; otherwise they wait a moment for others.

        Raises:
            DiskRefuses: the disk took nothing for half an hour, or the events were given up.
        """
        if not events:
            return
        parcel = _Parcel(events, keep)
        self._parcels.append(parcel)
        if not hurry and not self._stopping:
            await self._clock.sleep(_COMPANY_SECONDS)
        async with self._turn:
            if not parcel.committed and parcel.error is None:
                await self._commit_all()
        if parcel.error is not None:
            raise parcel.error

    async def _commit_all(self) -> None:
        """Commit, in order and together, what everybody wants recorded by now; each of them then finds how it went."""
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)
        parcels, self._parcels = self._parcels, []
        await self._commit_together(parcels)

    async def _commit_together(self, parcels: Sequence[_Parcel]) -> None:
        events = [event for parcel in parcels for event in parcel.events]
        try:
            await self._commit_with_patience(events, keep=any(parcel.keep for parcel in parcels))
        except BaseException as error:
            if isinstance(error, ValueError) and len(parcels) > 1:
                for parcel in parcels:  # one of them cannot be recorded, and must not take the others along
                    await self._commit_together([parcel])
                return
            for parcel in parcels:
                parcel.error = error
            if not isinstance(error, Exception):
                raise
        for parcel in parcels:
            parcel.committed = parcel.error is None

    async def _commit_with_patience(self, events: Sequence[Event], *, keep: bool) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                await loop.run_in_executor(self._executor, self._store.record, events)
            except DiskRefuses as refusal:
                now = self._clock.monotonic()
                if self._blocked_since is None:
                    self._blocked_since = now
                    self._observer.warn(f"{refusal.message} {refusal.hint} Nothing more is sent until then.")
                    self._observer.log(JournalBlocked(refusal.message))
                # The disk, not this commit, has had its half hour: whoever comes after it does not get another.
                if (self._stopping and not keep) or now - self._blocked_since >= _PATIENCE_SECONDS:
                    raise
                await self._clock.sleep(_RETRY_SECONDS)
            else:
                self._blocked_since = None
                return
