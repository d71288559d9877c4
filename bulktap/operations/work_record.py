"""WorkRecord: the journal is told that a process begins to work on its run, and how that ended."""

from __future__ import annotations

import platform
from contextlib import suppress
from typing import TYPE_CHECKING

from bulktap import __version__
from bulktap.model.errors import BulktapError, DiskRefuses
from bulktap.model.run_state import Began, Ended, ProcessEnd
from bulktap.operations.hand_back import operator_name

if TYPE_CHECKING:
    from bulktap.dispatch.issuing import IssueReport
    from bulktap.journal import Journal
    from bulktap.model.clock import Clock
    from bulktap.model.run_state import RunState
    from bulktap.storage.run_folder import RunFolder

STOPPED = "gave up"
"""How a process ended that something stopped; the code of what it was follows."""


def record_beginning(folder: RunFolder, journal: Journal, clock: Clock, *, resumed: bool) -> None:
    """Record that this process begins to work on the run.

    Raises:
        DiskRefuses: the journal takes nothing; nothing was asked yet.
    """
    command = "resume" if resumed else "apply"
    where = platform.node() or "this computer"
    try:
        journal.record([Began(clock.now(), f"{command} by {operator_name()} on {where}, bulktap {__version__}")])
    except DiskRefuses as refusal:
        hint = f"{refusal.hint} Then: bulktap resume {folder.to_type}"
        raise DiskRefuses(refusal.message, hint=hint) from refusal


def state_at_the_end(journal: Journal, clock: Clock, report: IssueReport) -> RunState:
    """Record how this process ended, and return what the journal says then.

    A journal that does not take it any more is no reason to withhold results: then only they say how it ended.
    """
    ended = Ended(clock.now(), _how(report), report.throttled_steps)
    with suppress(BulktapError):
        journal.record([ended])
        return journal.state()
    state = journal.state()
    state.fold(ended)
    return state


def _how(report: IssueReport) -> str:
    if report.failure is not None:
        return f"{STOPPED}: {report.failure.code}"
    if report.interrupted:
        return ProcessEnd.INTERRUPTED
    return ProcessEnd.FINISHED if report.complete else STOPPED
