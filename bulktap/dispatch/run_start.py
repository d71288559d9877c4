"""Where a run begins: every row goes to the queue where the journal says it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.dispatch.row_queues import in_sending_order
from bulktap.model.run_events import Doubted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulktap.dispatch.dependencies import IssueTools
    from bulktap.dispatch.row_queues import RowQueues, RowWork
    from bulktap.model.run_events import Event

LEFT_BEHIND = "the process that sent it ended before an answer was recorded"


def doubts_left_behind(works: Iterable[RowWork]) -> list[Event]:
    """Return what is to be recorded of requests that were under way when an earlier process ended."""
    return [Doubted(work.row.number, LEFT_BEHIND) for work in works if work.state.awaiting is not None]


def queue_where_they_stand(works: Iterable[RowWork], queues: RowQueues, tools: IssueTools) -> None:
    """Queue what has no outcome for a create, and what an earlier process left in doubt for a listing."""
    now, monotonic = tools.service_clock.now(), tools.clock.monotonic()
    for work in in_sending_order(works):
        work.inherited = frozenset(attempt.request_id for attempt in work.state.open_attempts)
        work.inherited_by = monotonic + (tools.times.departure + tools.times.attempt).total_seconds()
        if work.state.phase.settled:
            continue
        if work.state.unconfirmed:
            # An attempt of a process that is gone may still land; only then does a listing mean anything. Our clock
            # is not the service's: the listing's reply will tell whether it came too early.
            wait = work.seconds_to_settle(tools.times, now, monotonic)
            queues.queue_list_at(work, monotonic + max(0.0, wait))
        else:
            queues.queue_creates([work])
