"""The functions of `bulktap.api` for `asyncio`: the event loop goes on, and a task that is cancelled stops tidily.

    >>> import asyncio
    >>> from bulktap import aio
    >>> checked = asyncio.run(aio.read_roster("students.csv", timezone="UTC"))
    >>> len(checked.rows)
    3

A cancelled `apply` or `resume` sends nothing more, awaits what is under way, hands back what was issued, and only then
is cancelled; `resume` finishes the run. Progress is told on the event loop.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bulktap import api
from bulktap.api_values import StopToken
from bulktap.settings.declarations import USUAL_REPORTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import Unpack

    from bulktap.api_values import (
        HandoutKeywords,
        PlanKeywords,
        Progress,
        ReadingKeywords,
        ReissueKeywords,
        ReissueResult,
        ResumeKeywords,
        RevokeKeywords,
        RunResult,
        SignIn,
        VerifyKeywords,
    )
    from bulktap.model.plan import Plan
    from bulktap.model.secret import Secret
    from bulktap.operations.forget_run import Forgotten, ToForget
    from bulktap.operations.hand_out import HandedOut
    from bulktap.operations.list_runs import ListedRun
    from bulktap.operations.planned_run import PlannedRun
    from bulktap.operations.revocation import Revocation, RevokePreview
    from bulktap.operations.verification import Verification
    from bulktap.roster.model import CheckedRoster

_Answer = TypeVar("_Answer")


async def read_roster(roster: str | Path | Sequence[str | Path], **reading: Unpack[ReadingKeywords]) -> CheckedRoster:
    """See `api.read_roster`."""
    return await _apart(lambda: api.read_roster(roster, **reading), StopToken())


async def plan(
    roster: str | Path | Sequence[str | Path] | None = None,
    sign_in: SignIn | None = None,
    *,
    reports: str | Path = USUAL_REPORTS,
    progress: Callable[[Progress], None] | None = None,
    stop: StopToken | None = None,
    **wishes: Unpack[PlanKeywords],
) -> PlannedRun:
    """See `api.plan`."""
    token, told = stop or StopToken(), _on_this_loop(progress)
    work = partial(api.plan, roster, sign_in, reports=reports, progress=told, stop=token, **wishes)
    return await _apart(work, token)


async def apply(
    what: str | Path | Sequence[str | Path] | PlannedRun | None,
    sign_in: SignIn,
    passphrase: str | Secret,
    *,
    reports: str | Path = USUAL_REPORTS,
    confirm: Callable[[Plan], bool] | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: StopToken | None = None,
    **wishes: Unpack[PlanKeywords],
) -> RunResult:
    """See `api.apply`; `confirm` is called on another thread."""
    token, told = stop or StopToken(), _on_this_loop(progress)
    work = partial(
        api.apply, what, sign_in, passphrase, reports=reports, confirm=confirm, progress=told, stop=token, **wishes
    )
    return await _apart(work, token)


async def resume(
    run: str | Path | None,
    sign_in: SignIn,
    passphrase: str | Secret,
    *,
    reports: str | Path = USUAL_REPORTS,
    workbook_passphrase: str | Secret | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: StopToken | None = None,
    **sending: Unpack[ResumeKeywords],
) -> RunResult:
    """See `api.resume`."""
    token, told = stop or StopToken(), _on_this_loop(progress)
    work = partial(
        api.resume,
        run,
        sign_in,
        passphrase,
        reports=reports,
        workbook_passphrase=workbook_passphrase,
        progress=told,
        stop=token,
        **sending,
    )
    return await _apart(work, token)


async def reissue(
    run: str | Path,
    sign_in: SignIn,
    passphrase: str | Secret,
    *,
    reports: str | Path = USUAL_REPORTS,
    workbook_passphrase: str | Secret | None = None,
    confirm: Callable[[Plan], bool] | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: StopToken | None = None,
    **wishes: Unpack[ReissueKeywords],
) -> ReissueResult:
    """See `api.reissue`; `confirm` is called on another thread."""
    token, told = stop or StopToken(), _on_this_loop(progress)
    work = partial(
        api.reissue,
        run,
        sign_in,
        passphrase,
        reports=reports,
        workbook_passphrase=workbook_passphrase,
        confirm=confirm,
        progress=told,
        stop=token,
        **wishes,
    )
    return await _apart(work, token)


async def results(
    run: str | Path,
    passphrase: str | Secret,
    *,
    reports: str | Path = USUAL_REPORTS,
    workbook_passphrase: str | Secret | None = None,
    new_passphrase: str | Secret | None = None,
) -> RunResult:
    """See `api.results`."""
    others = {"workbook_passphrase": workbook_passphrase, "new_passphrase": new_passphrase}
    work = partial(api.results, run, passphrase, reports=reports, **others)
    return await _apart(work, StopToken())


async def handout(
    run: str | Path,
    passphrase: str | Secret,
    *,
    reports: str | Path = USUAL_REPORTS,
    workbook_passphrase: str | Secret | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: StopToken | None = None,
    **wishes: Unpack[HandoutKeywords],
) -> HandedOut:
    """See `api.handout`."""
    token, told = stop or StopToken(), _on_this_loop(progress)
    work = partial(
        api.handout,
        run,
        passphrase,
        reports=reports,
        workbook_passphrase=workbook_passphrase,
        progress=told,
        stop=token,
        **wishes,
    )
    return await _apart(work, token)


async def verify(
    run: str | Path,
    sign_in: SignIn,
    *,
    reports: str | Path = USUAL_REPORTS,
    progress: Callable[[Progress], None] | None = None,
    stop: StopToken | None = None,
    **asking: Unpack[VerifyKeywords],
) -> Verification:
    """See `api.verify`."""
    token, told = stop or StopToken(), _on_this_loop(progress)
    work = partial(api.verify, run, sign_in, reports=reports, progress=told, stop=token, **asking)
    return await _apart(work, token)


async def revoke(
    run: str | Path,
    sign_in: SignIn,
    *,
    reports: str | Path = USUAL_REPORTS,
    confirm: Callable[[RevokePreview], bool] | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: StopToken | None = None,
    **wishes: Unpack[RevokeKeywords],
) -> Revocation:
    """See `api.revoke`; `confirm` is called on another thread."""
    token, told = stop or StopToken(), _on_this_loop(progress)
    work = partial(api.revoke, run, sign_in, reports=reports, confirm=confirm, progress=told, stop=token, **wishes)
    return await _apart(work, token)


async def forget(
    run: str | Path,
    *,
    reports: str | Path = USUAL_REPORTS,
    confirm: Callable[[ToForget], bool] | None = None,
    unfinished: bool = False,
) -> Forgotten:
    """See `api.forget`; `confirm` is called on another thread."""
    return await _apart(lambda: api.forget(run, reports=reports, confirm=confirm, unfinished=unfinished), StopToken())


async def runs(reports: str | Path = USUAL_REPORTS) -> tuple[ListedRun, ...]:
    """See `api.runs`."""
    return await _apart(lambda: api.runs(reports), StopToken())


def _on_this_loop(progress: Callable[[Progress], None] | None) -> Callable[[Progress], None] | None:
    """Return what tells progress on the event loop that is running now; what is raised there is the loop's affair."""
    if progress is None:
        return None
    loop = asyncio.get_running_loop()

    def tell(told: Progress) -> None:
        loop.call_soon_threadsafe(progress, told)

    return tell


async def _apart(work: Callable[[], _Answer], stop: StopToken) -> _Answer:
    """Await work that is done on another thread; a cancellation stops it tidily, and is awaited too."""
    done = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        stop.stop()
        while not done.done():
            try:
                await asyncio.wait({done})
            except asyncio.CancelledError:
                continue  # asked again: the end is under way
        done.exception()  # what stopped it is known; nobody is left to hear it
        raise
