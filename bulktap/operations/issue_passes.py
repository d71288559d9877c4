"""Issue: a plan and its journal, carried out against the tenant; what `apply` and `resume` share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from bulktap.dispatch.doubts import DoubtTimes
from bulktap.dispatch.issuing import IssueReport, Issuing
from bulktap.dispatch.recording import Recorder
from bulktap.dispatch.tools import IssueTools
from bulktap.model.errors import DiskRefuses
from bulktap.operations.tenant_access import jitter, make_sender, pacing_limits
from bulktap.storage import require_space

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bulktap.dispatch.observer import Observer
    from bulktap.journal import Journal
    from bulktap.model.clock import Clock
    from bulktap.model.passes import AccessPass
    from bulktap.model.plan import Plan
    from bulktap.operations.run_settings import SendingSettings
    from bulktap.operations.tenant_access import Access
    from bulktap.storage.run_folder import RunFolder

_BYTES_PER_ROW = 6_000
"""Journal, workbook in the making and its encrypted copy, generously."""
_BYTES_AT_LEAST = 8_000_000
_BYTES_TO_GO_ON = 1_000_000


def require_room(folder: RunFolder, rows: int, *, resumed: bool = False) -> None:
    """Check, before the first request, that the disk has room for a run of so many rows, or for what is left of it.

    Raises:
        DiskRefuses: it has not.
    """
    if not resumed:
        require_space(folder.path, _BYTES_AT_LEAST + rows * _BYTES_PER_ROW)
        return
    try:
        require_space(folder.path, _BYTES_TO_GO_ON + rows * _BYTES_PER_ROW)
    except DiskRefuses as refusal:
        raise DiskRefuses(refusal.message, hint=f"Free space on it, then: bulktap resume {folder.to_type}") from refusal


@dataclass(frozen=True, slots=True)
class Means:
    """With what a plan is carried out."""

    access: Access
    """The way into the tenant."""
    sending: SendingSettings
    """Timeouts and ceilings."""
    clock: Clock
    observer: Observer
    """Hears how it goes."""
    stoppable: Callable[[Callable[[], object]], None]
    """Is handed a function, safe to call from a signal handler, that makes the run stop tidily."""
    recent: Mapping[str, AccessPass] = field(default_factory=dict)
    """Passes that other runs of ours issued lately, by folded object id and folded user."""


def issue(
    plan: Plan, journal: Journal, means: Means, *, resumed: bool, when_settled: Callable[[], None] | None = None
) -> IssueReport:
    """Carry out the plan until every row has an outcome and is compared, or something stops it.

    Args:
        plan: what to do, and no more.
        journal: what has been done; it is written as the run goes.
        means: with what.
        resumed: whether an earlier process has worked on this run.
        when_settled: called once, on another thread, when every row has its outcome and before the passes are compared
            with the tenant; until it returns nothing else uses the journal.
    """
    try:
        return asyncio.run(_issue(plan, journal, means, resumed=resumed, when_settled=when_settled))
    finally:
        # From here on there is nothing to stop: a Ctrl-C while results are written lets them be written.
        means.stoppable(_nothing_to_stop)


def _nothing_to_stop() -> None:
    """Stand in for stopping a run that has ended."""


async def _issue(
    plan: Plan, journal: Journal, means: Means, *, resumed: bool, when_settled: Callable[[], None] | None
) -> IssueReport:
    async def hand_back_first() -> None:
        if when_settled is not None:
            await asyncio.to_thread(when_settled)

    clock, observer, sending = means.clock, means.observer, means.sending
    service_clock = means.access.service_clock
    async with means.access.client(sending) as client, Recorder(journal, clock, observer) as recorder:
        tools = IssueTools(
            sender=make_sender(means.access, client, service_clock, observer),
            recorder=recorder,
            clock=clock,
            service_clock=service_clock,
            observer=observer,
            times=DoubtTimes(sending.reply_timeout, sending.settle_wait),
            limits=pacing_limits(sending),
            random=jitter,
        )
        issuing = Issuing(
            plan, journal.state(), tools, resumed=resumed, recent=means.recent, when_settled=hand_back_first
        )
        loop = asyncio.get_running_loop()
        means.stoppable(partial(loop.call_soon_threadsafe, issuing.request_stop))
        return await issuing.run()
