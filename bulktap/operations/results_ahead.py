"""ResultsAhead: the journal is read back, and rows of the workbook are made, while the next batches are awaited.

All of it is in memory, and the passcodes in it are, as ever, those that the journal has on the disk: each record is
read and verified as it would be at the end. Whatever goes wrong here, the end does what it does without it.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bulktap.operations.hand_back import view_of
from bulktap.results.passes_ahead import PassesAhead

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import Self

    from bulktap.journal import Journal
    from bulktap.model.plan import Plan
    from bulktap.model.run_events import Event
    from bulktap.model.run_state import RunState
    from bulktap.operations.hand_back import Ending
    from bulktap.results.comparison import AsOf
    from bulktap.results.sheets.filling import KeptRows
    from bulktap.storage.run_folder import RunFolder

_AT_ONCE: Final = 200
"""Events that are read back together: a commit that comes meanwhile waits for some milliseconds."""


class ResultsAhead:
    """A store in front of a journal, which follows it on a thread of its own.

    Until it is left, or `finish` has been called, nothing else may use the journal.
    """

    def __init__(self, folder: RunFolder, plan: Plan, journal: Journal, ending: Callable[[], Ending]) -> None:
        """Take what is followed.

        Args:
            folder: the run's.
            plan: the run's.
            journal: of a run that this very process began.
            ending: returns how the run would end now.
        """
        self._journal = journal
        self._ending = ending
        self._view = view_of(folder, plan, journal.state(), ending())
        self._passes = PassesAhead(plan)
        self._turn = threading.Lock()
        self._more = threading.Event()
        self._to_read = 0
        self._stopping = False
        self._following: Future[None] | None = None

    def record(self, events: Sequence[Event]) -> None:
        """See `dispatch.recorder.EventStore`."""
        with self._turn:
            self._journal.record(events)
        self._to_read += len(events)
        if self._to_read >= _AT_ONCE:
            self._more.set()

    def __enter__(self) -> Self:
        pool = ThreadPoolExecutor(1, thread_name_prefix="results")
        self._following = pool.submit(self._follow)
        pool.shutdown(wait=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _follow(self) -> None:
        while True:
            self._more.wait()
            self._more.clear()
            if self._stopping:
                return
            self._to_read = 0
            with self._turn:
                self._journal.catch_up(self._view.state)
            self._view.facts = replace(self._view.facts, as_of=self._ending().as_of)
            self._passes.take_in(self._view)

    def _stop(self) -> bool:
        """Follow no longer; say whether all went well."""
        self._stopping = True
        self._more.set()
        return self._following is None or self._following.exception() is None

    def finish(self) -> RunState:
        """Follow no longer, and return what the journal adds up to.

        Raises:
            JournalDamaged, NewerJournal, DiskRefuses: as for `Journal.state`.
        """
        return self._journal.catch_up(self._view.state) if self._stop() else self._journal.state()

    @property
    def so_far(self) -> RunState | None:
        """What was read of the journal until it was left, for those who read on; None if something went wrong."""
        return self._view.state if self._stop() else None

    def rows_for(self, state: RunState, as_of: AsOf) -> KeptRows | None:
        """Return rows of the workbook that say what they would say if they were made now; None if there are none.

        Args:
            state: what `finish` has returned.
            as_of: the moment for which results are written.
        """
        return self._passes.rows_for(state, as_of) if self._stop() else None
