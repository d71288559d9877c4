"""Starting: every row goes to the lane where the journal says it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulktap.dispatch.doubts import settled_at
from bulktap.dispatch.work import in_sending_order
from bulktap.run_state import RowPhase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bulktap.dispatch.tools import IssueTools
    from bulktap.dispatch.work import Lanes, Work
    from bulktap.run_state import RowState


def queue_where_they_stand(works: Iterable[Work], lanes: Lanes, tools: IssueTools) -> None:
    """Queue what has no outcome for a create, and what an earlier process left in doubt for a listing."""
    now, monotonic = tools.service_clock.now(), tools.clock.monotonic()
    for work in in_sending_order(works):
        if _may_have_another_pass(work.state):
            # An attempt of a process that is gone may still land; only then does a listing mean anything. Our clock
            # is not the service's: the listing's reply will tell whether it came too early.
            work.settles_at = settled_at(work.state.attempts, tools.times)
            work.settles_by = monotonic + tools.times.attempt.total_seconds()
            lanes.queue_list_at(work, monotonic + max(0.0, work.seconds_to_settle(now, monotonic)))
        elif not work.state.phase.settled:
            lanes.queue_creates([work])


def _may_have_another_pass(state: RowState) -> bool:
    """Whether an attempt on record may have made a pass that the journal does not know."""
    return state.phase is RowPhase.SENT or (state.phase in {RowPhase.RELEASED, RowPhase.ISSUED} and state.unconfirmed)
